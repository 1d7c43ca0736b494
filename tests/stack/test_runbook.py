"""Whoever is woken finds what the alarm means and what to do: docs/operations.md has a paragraph for every alarm."""

import re
from collections import Counter
from typing import Final

import pytest

from tests.template import ROOT, resources

OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text()
ALARMS: Final = resources("AWS::CloudWatch::Alarm")
_ALARM: Final = re.compile(r"`(\w+Alarm)`")


def _section(title: str) -> str:
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## )", OPERATIONS, re.MULTILINE | re.DOTALL)
    return str(found)


def _paragraphs() -> dict[tuple[str, ...], str]:
    """The alarms that a paragraph begins with, and all of it up to the next."""
    parts = re.split(r"^(?=\*\*`)", _section("Alarms"), flags=re.MULTILINE)[1:]
    heads = [part.partition("**:")[0].removeprefix("**") for part in parts]
    return {tuple(_ALARM.findall(head)): part for head, part in zip(heads, parts, strict=True)}


PARAGRAPHS: Final = _paragraphs()


def test_every_alarm_has_one_paragraph_and_every_paragraph_its_alarms() -> None:
    named = Counter(name for names in PARAGRAPHS for name in names)
    assert set(named) == set(ALARMS)
    assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize("names", PARAGRAPHS, ids=lambda names: names[0])
def test_a_paragraph_says_what_it_means_and_gives_a_command(names: tuple[str, ...]) -> None:
    text = PARAGRAPHS[names]
    said, _, _ = text.partition("```")
    assert len(said.partition("**:")[2]) > 80
    assert re.search(r"```sh\n(?:aws|admin|which_of)|`(?:aws|admin) ", text)


def test_other_alarms_and_resources_that_the_runbook_names_are_there() -> None:
    assert set(_ALARM.findall(OPERATIONS)) - {"ErrorsAlarm", "ThrottlesAlarm"} <= set(ALARMS)
    asked = set(re.findall(r"\$\(physical (\w+)\)", OPERATIONS))
    known = {
        *ALARMS,
        *resources("AWS::Serverless::Function"),
        *resources("AWS::SQS::Queue"),
        *resources("AWS::SNS::Topic"),
        "Table",
    }
    assert asked - known == set()


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_says_where_its_paragraph_is(name: str) -> None:
    described = ALARMS[name]["AlarmDescription"]
    place = re.search(r"; see docs/operations\.md, ([\w ]+)$", described)
    assert place, described
    headings = re.findall(r"^##+ (.*)$", OPERATIONS, re.MULTILINE)
    assert _anchor(place[1]) in {_anchor(heading) for heading in headings}


def test_links_within_the_runbook_lead_somewhere() -> None:
    anchors = {_anchor(heading) for heading in re.findall(r"^#+ (.*)$", OPERATIONS, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", OPERATIONS)) - anchors == set()
