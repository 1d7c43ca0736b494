"""What a changed model or reader would have said over stored interviews, and on the marks that HR made of readings."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner, Result

from functions.api.transcripts import handler
from infra.admin import DEFAULTS, configuration
from infra.admin import __main__ as admin
from infra.admin import tenant as tenants
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.reading.rules.classifier import CLASSIFIER
from tests.aws import client, key_id
from tests.journey.deliveries import REFERENCE, failing, qualifying
from tests.journey.hr import asking
from tests.journey.test_transcripts import views
from tests.journey.world import BUCKET, TABLE, World, world

INTERVIEW = qualifying()["interview_id"]
ABOUT = {
    "vendor": "aiview",
    "interview_id": INTERVIEW,
    "question_id": qualifying()["answers"][1]["question_id"],
    "claim": "team_management",
}
SAID = qualifying()["answers"][1]["transcript"]
Admin = Callable[..., Result]


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    with world() as made, time_machine.travel(made.now, tick=False):
        made.hand_in(qualifying())
        stranger = failing()
        stranger["interview_id"] = "itv-2"
        stranger["candidate"] |= {
            "external_id": "ats-2",
            "email": "li@example.com",
            "phone": "+8613900000022",
        }
        stranger["candidate"].pop("national_id")
        made.hand_in(stranger)
        names = {
            "TableName": TABLE,
            "BucketName": BUCKET,
            "KeyArn": key_id(),
            "TenantId": made.wired.settings.tenant_id,
        }
        for module in (admin, tenants):
            monkeypatch.setattr(module, "names_of", lambda *_: names)
        yield made


def run(*command: str) -> Result:
    return CliRunner().invoke(admin.app, [*command, "--stack", "rencai-test"])


def offered(tmp_path: Path, kind: str, name: str, change: Callable[[Any], None]) -> str:
    """The shipped document, changed."""
    shipped = next((DEFAULTS / kind).glob(f"{name}.*"))
    content = configuration.read(shipped).content
    change(content)
    file = tmp_path / kind / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content, default=str), encoding="utf-8")
    return str(file)


def knows_nothing(classifier: Any) -> None:
    """Whatever the lexicon has is unsure then."""
    classifier["claims"] = {}
    classifier["coefficients"] = {}


def stricter(model: Any) -> None:
    model["pass_score"] = 99


def test_a_changed_model_shows_who_would_no_longer_qualify_and_stores_nothing_yet(
    one: World, tmp_path: Path
) -> None:
    file = offered(tmp_path, "competency_model", "sales", stricter)
    rows = tmp_path / "changes.csv"
    done = run("configuration", "put", file, "--preview", "--changes", str(rows))
    assert done.exit_code == 0, done.output
    assert "over the 2 newest stored interviews" in done.output
    assert "0 would newly qualify, 1 would no longer" in done.output
    assert f"{REFERENCE}: 80.00 -> 80.00, would no longer qualify" in done.output
    assert "not stored: this was a preview" in done.output
    assert SAID not in done.output
    (row,) = csv.DictReader(rows.read_text(encoding="utf-8").splitlines())
    assert (row["candidate_id"], row["interview_id"], row["qualifies"], row["would_qualify"]) == (
        REFERENCE,
        INTERVIEW,
        "1",
        "0",
    )
    assert one.wired.configurations.latest(COMPETENCY_MODEL, "sales").version == 1


def test_a_model_that_scores_as_before_changes_nothing(one: World, tmp_path: Path) -> None:
    file = offered(tmp_path, "competency_model", "sales", lambda _: None)
    assert "  0 change" in run("configuration", "put", file, "--preview").output


def test_only_interviews_for_the_role_and_the_newest_are_looked_at(one: World, tmp_path: Path) -> None:
    other = offered(tmp_path, "competency_model", "marketing", stricter)
    said = run("configuration", "put", other, "--preview").output
    assert "no stored interview could be looked at" in said
    file = offered(tmp_path, "competency_model", "sales", stricter)
    assert "over the 1 newest" in run("configuration", "put", file, "--preview", "--interviews", "1").output


def test_a_changed_reader_shows_which_rules_become_unsure_and_how_the_marks_come_out(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = asking(one, monkeypatch, handler)
    assert ask("POST", f"/candidates/{REFERENCE}/reading-marks", {**ABOUT, "right": "said"})[0] == 201
    file = offered(tmp_path, "classifier", "competency", knows_nothing)
    done = run("configuration", "put", file, "--preview")
    assert done.exit_code == 0, done.output
    assert "becomes unsure in 1" in done.output
    assert "marks (competency): 1, right / unsure / wrong as it is, by this file:" in done.output
    assert "team_management  1 / 0 / 0   0 / 1 / 0" in done.output
    assert "1 that come out right as it is would not by this file" in done.output
    assert SAID not in done.output


def test_the_tenants_own_judging_sentences_are_judged_and_their_words_shown_where_asked_for(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "marks (competency): there are none" in run("reading", "judge").output
    ask = asking(one, monkeypatch, handler)
    ask("POST", f"/candidates/{REFERENCE}/reading-marks", {**ABOUT, "right": "not_said", "note": "别人带的"})
    plain = run("reading", "judge")
    assert plain.exit_code == 0, plain.output
    assert "team_management  0 / 0 / 1" in plain.output
    assert SAID not in plain.output
    assert views(one) == []
    shown = run("reading", "judge", "--show").output
    assert f"{REFERENCE} aiview/{INTERVIEW}/" in shown
    assert f"{SAID}  (别人带的)" in shown
    ((told, data, actor),) = views(one)
    assert (told, data) == ("transcript.viewed", {"interview_id": INTERVIEW, "vendor": "aiview"})
    assert actor.startswith("admin")
    file = offered(tmp_path, "classifier", "competency", knows_nothing)
    both = run("reading", "judge", "--classifier", file).output
    assert "team_management  0 / 0 / 1   0 / 1 / 0" in both
    assert "marks (mentor): there are none" in run("reading", "judge", "--kind", "mentor").output


def test_a_result_whose_bytes_are_gone_is_counted_and_named(one: World, tmp_path: Path) -> None:
    stored = one.wired.interviews.interviews.get("aiview", "itv-2")
    client("s3").delete_object(Bucket=BUCKET, Key=stored.raw)
    kept = one.wired.interviews.interviews.get("aiview", INTERVIEW)
    client("s3").put_object(Bucket=BUCKET, Key=kept.raw, Body=b"no json")
    said = run(
        "configuration", "put", offered(tmp_path, "competency_model", "sales", stricter), "--preview"
    ).output
    assert "2 stored interviews cannot be read: " in said
    assert "aiview/itv-2" in said
    assert "no stored interview could be looked at" in said


@pytest.mark.parametrize(("answer", "version"), [(True, 2), (False, 1)])
def test_whoever_sits_at_a_terminal_is_asked_where_something_changes(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, version: int
) -> None:
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return answer

    monkeypatch.setattr(admin, "_asked", lambda: ask)
    done = run("configuration", "put", offered(tmp_path, "competency_model", "sales", stricter))
    assert (asked, done.exit_code) == (["Store it?"], 0 if answer else 1)
    one.wired.configurations = configurations = type(one.wired.configurations)(one.wired.table, one.clock)
    assert configurations.latest(COMPETENCY_MODEL, "sales").version == version


def test_without_the_stack_it_is_said_that_nothing_can_be_shown_and_it_is_stored(
    one: World, tmp_path: Path
) -> None:
    file = offered(tmp_path, "classifier", "competency", knows_nothing)
    done = CliRunner().invoke(admin.app, ["configuration", "put", file, "--table", TABLE])
    assert done.exit_code == 0, done.output
    assert "cannot be shown over what is on record: BucketName is not known" in done.output
    assert one.wired.configurations.names(CLASSIFIER)
    assert f"stored: {CLASSIFIER}/competency version 2" in done.output


def test_a_reading_of_hrs_own_examples_is_marked_and_judged_too(
    one: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = configuration.read(DEFAULTS / "competency_model" / "sales.yaml").content
    topic = qualifying()["answers"][1]["topic"]
    id_, listens = next(
        (i, c) for i, c in content["competencies"].items() if topic in c.get("topics", [topic])
    )
    examples = [SAID, "今天下了一整天的雨", "门口的树又长高了"]
    listens["rules"].append({"id": "as_they_say", "when": {"examples": examples}, "points": 1})
    one.wired.configurations.put(COMPETENCY_MODEL, "sales", content, actor="test", now=one.now)
    one.now += timedelta(minutes=5)
    one.hand_in(qualifying() | {"interview_id": "itv-3"})
    claim = f"sales:{id_}:as_they_say"
    profile = one.wired.interviews.interviews.get("aiview", "itv-3").profile
    assert profile.model_version == 2
    ask = asking(one, monkeypatch, handler)
    about = {**ABOUT, "interview_id": "itv-3", "claim": claim, "right": "said"}
    status, mark = ask("POST", f"/candidates/{REFERENCE}/reading-marks", about)
    assert status == 201, mark
    assert mark["shown"]["sure"]
    # Missed in another answer, by a rule that there is; and one that there is not.
    other = {**about, "question_id": qualifying()["answers"][0]["question_id"]}
    assert ask("POST", f"/candidates/{REFERENCE}/reading-marks", other)[1]["shown"] is None
    unknown = {**other, "claim": f"sales:{id_}:nothing"}
    assert ask("POST", f"/candidates/{REFERENCE}/reading-marks", unknown)[0] == 422
    assert f"{claim}  1 / 0 / 1" in run("reading", "judge").output
