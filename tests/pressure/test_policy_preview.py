"""What another risk policy would flag, shown before it is stored (F4)."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from infra.admin import __main__ as admin
from infra.admin.configuration import as_yaml
from infra.admin.risk_policy import Previewed, said
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.rules.policy import RISK_POLICY, PerformanceRule, RiskLevel, RiskPolicy, SurveyRule
from rencai.pressure.rules.preview import Change, PolicyPreview
from rencai.pressure.rules.scan import measured
from rencai.pressure.store.cards import SHARDS
from rencai.store.configurations import Configurations
from tests.moto_table import TABLE
from tests.pressure.night import Night, night
from tests.shipped import SHIPPED

TODAY = date(2026, 11, 23)
SHIPPED_POLICY = SHIPPED[RISK_POLICY, "default"]
QUESTIONS = ("satisfaction", "stay", "stress", "support", "workload")
ANY_QUESTION = RiskPolicy(
    survey=SurveyRule(questions=()), performance=PerformanceRule(smallest_fall=Decimal(0))
)
ONES_THAT_COUNT = RiskPolicy(survey=SurveyRule(questions=("stress", "workload")))


def scored(*scores: str) -> list[MonthlyPerformance]:
    """Scores of 10, the last one this month's."""
    months = ("2026-09", "2026-10", "2026-11")[-len(scores) :]
    return [
        MonthlyPerformance(name, Decimal(score), Decimal(10))
        for name, score in zip(months, scores, strict=True)
    ]


def answered(**scores: int) -> Survey:
    return Survey("2026-11", tuple(sorted(scores.items())))


def card(survey: Survey | None = None, months: list[MonthlyPerformance] | None = None) -> bytes:
    return make_card((), (), months or [], survey, NO_WORDS, None, TODAY)


@pytest.mark.parametrize(
    ("scores", "flagged"),
    [
        # How scores are given, and nobody who is falling.
        (("8.3", "8.2", "8.1"), False),
        (("8", "7.5", "7.01"), False),
        (("8", "7.5", "7"), True),
        (("9", "8", "7"), True),
        # A quarter of next to nothing.
        (("2", "1.4"), False),
        (("4", "3"), True),
        (("9", "6"), True),
    ],
)
def test_a_fall_counts_from_the_smallest_that_is_said_to(scores: tuple[str, ...], flagged: bool) -> None:
    found = measured(RiskPolicy(), card(months=scored(*scores)), TODAY)
    assert (found is not None) == flagged
    by_any = RiskPolicy(performance=PerformanceRule(smallest_fall=Decimal(0)))
    assert measured(by_any, card(months=scored(*scores)), TODAY)


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ({"satisfaction": 1, "stay": 1, "support": 2, "stress": 3, "workload": 3}, None),
        ({"satisfaction": 5, "stress": 2}, RiskLevel.YELLOW),
        ({"satisfaction": 5, "workload": 1}, RiskLevel.YELLOW),
    ],
)
def test_the_shipped_policy_names_the_questions_that_count(
    scores: dict[str, int], level: RiskLevel | None
) -> None:
    assert isinstance(SHIPPED_POLICY, RiskPolicy)
    found = measured(SHIPPED_POLICY, card(answered(**scores)), TODAY)
    assert (found.level if found else None) is level


policies = st.builds(
    lambda over, smallest, questions, at_most: RiskPolicy.model_validate(
        {
            "hours": {"over": over},
            "performance": {"smallest_fall": smallest},
            "survey": {"questions": questions, "at_most": at_most},
        }
    ),
    st.integers(30, 60),
    st.sampled_from(("0", "0.5", "1", "3")),
    st.lists(st.sampled_from(QUESTIONS), unique=True, max_size=3),
    st.integers(0, 3),
)


@st.composite
def cards(draw: Any) -> bytes:
    monday = date.fromisocalendar(2026, 47, 1)
    hours = draw(st.lists(st.integers(20, 70), max_size=4))
    weeks = [
        AttendanceWeek(iso_week(monday - timedelta(weeks=back)), Decimal(told), None)
        for back, told in enumerate(hours)
    ]
    ago = draw(st.lists(st.integers(0, 40), unique=True, max_size=5))
    days = [TODAY - timedelta(days=one) for one in ago]
    taken = [Leave(f"l-{day}", LeaveKind.SICK, day, day, Decimal(1)) for day in days]
    scores = draw(st.lists(st.integers(10, 100), max_size=3))
    given_ = draw(st.none() | st.dictionaries(st.sampled_from(QUESTIONS), st.none() | st.integers(1, 5)))
    survey = None if given_ is None else Survey("2026-11", tuple(sorted(given_.items())))
    left_on = draw(st.none() | st.sampled_from((TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9))))
    months = scored(*(str(Decimal(score) / 10) for score in scores)) if scores else []
    return make_card(weeks, taken, months, survey, NO_WORDS, left_on, TODAY)


@given(policies, policies, st.lists(cards(), max_size=12))
def test_the_preview_says_of_everybody_what_the_scan_would(
    now: RiskPolicy, proposed: RiskPolicy, told: list[bytes]
) -> None:
    preview = PolicyPreview(now, proposed, TODAY)
    people = [(f"emp_{number}", one) for number, one in enumerate(told)]
    preview.add(people[:5])
    preview.add(people[5:])
    levels = {
        id_: tuple(
            found.level if (found := measured(policy, one, TODAY)) else None for policy in (now, proposed)
        )
        for id_, one in people
    }
    assert preview.before == Counter(before for before, _ in levels.values() if before)
    assert preview.after == Counter(after for _, after in levels.values() if after)
    assert preview.changes == [
        Change(id_, before, after) for id_, (before, after) in levels.items() if before is not after
    ]


@pytest.mark.parametrize(
    ("told", "asks_for", "never"),
    [
        ([card(answered(stress=3))], ("stress", "workload"), ("workload",)),
        ([card(answered(stress=3)), card(answered(workload=5))], ("stress", "workload"), ()),
        ([card(answered(stress=3))], ("stres",), ("stres",)),
        ([card(answered(stress=3))], (), ()),
        # Where nobody has answered anything there is nothing to hold it against.
        ([card(), card(months=scored("5"))], ("stres",), ()),
    ],
)
def test_a_question_that_nobody_was_asked_is_named(
    told: list[bytes], asks_for: tuple[str, ...], never: tuple[str, ...]
) -> None:
    preview = PolicyPreview(RiskPolicy(), RiskPolicy(survey=SurveyRule(questions=asks_for)), TODAY)
    preview.add([(f"emp_{number}", one) for number, one in enumerate(told)])
    assert preview.never_answered == never
    said_of_it = [line for line in said(Previewed(preview, None)) if "survey.questions" in line]
    assert len(said_of_it) == bool(never)


@pytest.mark.parametrize(("people", "too_many"), [(9, True), (10, False), (11, False)])
def test_one_in_ten_is_not_too_many_and_more_is(people: int, too_many: bool) -> None:
    preview = PolicyPreview(ONES_THAT_COUNT, ONES_THAT_COUNT, TODAY)
    others = [card(answered(stress=5)) for _ in range(people - 1)]
    preview.add([(f"emp_{number}", one) for number, one in enumerate([card(answered(stress=1)), *others])])
    assert (preview.after.total(), preview.flags_too_many) == (1, too_many)


# --- as the administrator has it ---------------------------------------------------------------------------------


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    with night() as made, time_machine.travel(made.now, tick=False):
        made.shards = SHARDS
        yield made.seen_by(made.calls)


def unhappy_company(tenant: Night, people: int = 20) -> None:
    """All are dissatisfied, one of them cannot cope."""
    for number in range(people):
        employee_id = f"emp_{number:02}"
        scores = answered(satisfaction=1, stress=1 if number == 0 else 5)
        tenant.cards.replace(None, employee_id, make_card((), (), (), scores, NO_WORDS, None, TODAY))


def put(tmp_path: Path, policy: RiskPolicy, *options: str) -> Result:
    file = tmp_path / "risk_policy" / "default.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(as_yaml(policy), encoding="utf-8")
    return CliRunner().invoke(admin.app, ["configuration", "put", str(file), "--table", TABLE, *options])


def stored_version(tenant: Night) -> int:
    return Configurations(tenant.table, lambda: tenant.now).latest(RISK_POLICY).version


def test_what_a_policy_would_flag_is_shown_before_it_is_stored(tenant: Night, tmp_path: Path) -> None:
    assert put(tmp_path, ANY_QUESTION).exit_code == 0
    unhappy_company(tenant)
    tenant.begins()
    tenant.scans_parts()
    changes = tmp_path / "changes.csv"
    done = put(tmp_path, ONES_THAT_COUNT, "--preview", "--changes", str(changes))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "the cards of 20 people as of 2026-11-23 (scan scn_20261123):"
    assert [line.split() for line in lines[1:6]] == [
        ["as", "it", "is", "by", "this", "file"],
        ["red", "0", "(0.0", "%)", "0", "(0.0", "%)"],
        ["orange", "0", "(0.0", "%)", "0", "(0.0", "%)"],
        ["yellow", "20", "(100.0", "%)", "1", "(5.0", "%)"],
        ["nobody", "0", "(0.0", "%)", "19", "(95.0", "%)"],
    ]
    assert lines[6] == "19 people change: 0 newly flagged, 19 no longer, 0 to another level"
    assert sum(line.endswith("yellow -> not flagged") for line in lines) == 19
    assert lines[-1] == "not stored: this was a preview"
    assert stored_version(tenant) == 2
    with changes.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["employee_id", "before", "after"]
    assert sorted(rows[1:]) == [[f"emp_{number:02}", "yellow", ""] for number in range(1, 20)]
    # Without the option it is shown as well, and stored.
    again = put(tmp_path, ONES_THAT_COUNT)
    assert (again.exit_code, again.output.splitlines()[:7]) == (0, lines[:7])
    assert stored_version(tenant) == 3


def test_a_policy_that_flags_more_than_one_in_ten_is_warned_of(tenant: Night, tmp_path: Path) -> None:
    unhappy_company(tenant)
    done = put(tmp_path, ANY_QUESTION)
    assert "no scan has run yet" in done.output
    assert (
        "WARNING: this policy flags 100.0 % of the people; above 10 % an alert tells HR little" in done.output
    )
    assert "WARNING" not in put(tmp_path, ONES_THAT_COUNT).output


@pytest.mark.parametrize(("answer", "version"), [("y", 2), ("n", 1)])
def test_whoever_can_be_asked_is_asked_before_such_a_policy_is_stored(
    tenant: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, version: int
) -> None:
    unhappy_company(tenant)
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return answer == "y"

    monkeypatch.setattr(admin, "_asked", lambda: ask)
    done = put(tmp_path, ANY_QUESTION)
    assert asked == ["Store it all the same?"]
    assert (done.exit_code, stored_version(tenant)) == (0 if answer == "y" else 1, version)
    # One that flags few is nothing to ask about.
    assert put(tmp_path, ONES_THAT_COUNT).exit_code == 0
    assert len(asked) == 1


def test_words_that_are_new_are_said_to_be_left_out(tenant: Night, tmp_path: Path) -> None:
    unhappy_company(tenant)
    words = yaml.safe_load("[{id: tired, name: {zh-CN: 累, en: tired}, present: ['累']}]")
    policy = RiskPolicy.model_validate({"survey": {"questions": ["stress"], "words": words}})
    assert "words rules tired are new or changed" in put(tmp_path, policy).output
    assert "new or changed" not in put(tmp_path, policy).output


def put_document(kind: str, name: str, content: Any, tmp_path: Path, *options: str) -> Result:
    file = tmp_path / kind / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(admin.app, ["configuration", "put", str(file), "--table", TABLE, *options])


def claims(*names: str) -> dict[str, Any]:
    """A lexicon."""
    name = {"zh-CN": "判断", "en": "claim"}
    return {"claims": {one: {"name": name, "present": [one]} for one in names}}


def says(*names: str) -> RiskPolicy:
    """A policy whose one words rule says these claims."""
    rule = {"id": "spent", "name": {"zh-CN": "累", "en": "spent"}, "says": names}
    return RiskPolicy.model_validate({"survey": {"words": [rule]}})


def test_a_rule_that_names_a_claim_there_is_not_is_refused_with_those_there_are(
    tenant: Night, tmp_path: Path
) -> None:
    for options in ((), ("--preview",)):
        done = put(tmp_path, says("tired"), *options)
        assert done.exit_code == 1
        assert (
            "words rule 'spent': there is no claim 'tired'; no lexicon/survey is stored, and has to be first"
            in done.output
        )
    assert put_document("lexicon", "survey", claims("tired", "pressed"), tmp_path).exit_code == 0
    done = put(tmp_path, says("tired", "tird"))
    assert (done.exit_code, stored_version(tenant)) == (1, 1)
    assert (
        "words rule 'spent': there is no claim 'tird'; lexicon/survey version 1 has tired, pressed"
        in done.output
    )
    assert put(tmp_path, says("tired")).exit_code == 0
    # The other way about: a claim that a rule names is not taken away from under it.
    done = put_document("lexicon", "survey", claims("pressed"), tmp_path)
    assert done.exit_code == 1
    assert "claim 'tired' is gone, and words rule 'spent' of risk_policy/default version 2" in done.output
    # Lexicons of other words are none of its business.
    assert put_document("lexicon", "mentor", claims("level_1"), tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "name", "content", "is_said"),
    [
        ("lexicon", "survey", claims("tired"), True),
        ("lexicon", "mentor", claims("tired"), False),
        ("scope_words", "default", {"denies": ["不"]}, True),
        ("classifier", "survey", {"claims": {}, "coefficients": {}}, True),
        ("classifier", "competency", {"claims": {}, "coefficients": {}}, False),
    ],
)
def test_what_another_reader_would_say_of_sealed_words_is_said_not_to_be_shown(
    tenant: Night, tmp_path: Path, kind: str, name: str, content: dict[str, Any], is_said: bool
) -> None:
    done = put_document(kind, name, content, tmp_path, "--preview")
    assert done.exit_code == 0, done.output
    assert ("what it would say of surveys, for their words are sealed" in done.output) == is_said
    assert done.output.splitlines()[-1] == "not stored: this was a preview"


def test_before_anybody_is_on_file_there_is_nothing_to_show(tenant: Night, tmp_path: Path) -> None:
    done = put(tmp_path, ANY_QUESTION)
    assert done.exit_code == 0
    assert "nobody is on file as of 2026-11-22 (no scan has run yet)" in done.output
    assert stored_version(tenant) == 2
