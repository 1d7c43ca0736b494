"""HR marks how words were read: kept sealed with whom it is about, listed, and nothing of anybody's score moves."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.api.hr import handler as hr_handler
from functions.api.transcripts import handler
from rencai.interviews.store.interviews import StoredInterview
from tests.journey.deliveries import REFERENCE, qualifying
from tests.journey.hr import Ask, asking
from tests.journey.world import World, world
from tests.logs import logged

PATH = f"/candidates/{REFERENCE}/reading-marks"
ANSWER = qualifying()["answers"][0]
CLAIM = "team_management"
"""Made by another answer than the one that is marked: nothing is shown of it there."""
ABOUT = {
    "vendor": "aiview",
    "interview_id": qualifying()["interview_id"],
    "question_id": ANSWER["question_id"],
    "claim": CLAIM,
}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Any:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        yield one, asking(one, monkeypatch, handler)


def marks(one: World) -> list[dict[str, Any]]:
    return [item for item in one.items() if item["sk"].startswith("MARK#")]


def stored(one: World) -> StoredInterview:
    return one.wired.interviews.interviews.get("aiview", ABOUT["interview_id"])


def test_a_mark_says_what_was_shown_and_who_marked_and_changes_no_score(known: tuple[World, Ask]) -> None:
    one, ask = known
    profile = stored(one).profile
    with logged() as log:
        status, mark = ask("POST", PATH, {**ABOUT, "right": "said", "note": "他带过团队"})
    assert status == 201, mark
    assert mark == {
        "mark_id": mark["mark_id"],
        "kind": "competency",
        "reading_id": f"aiview/{ABOUT['interview_id']}/{ABOUT['question_id']}/{CLAIM}",
        "candidate_id": REFERENCE,
        **ABOUT,
        "right": "said",
        "employee_id": None,
        "item_id": None,
        "level": None,
        "shown": None,
        "actor": mark["actor"],
        "at": "2026-03-02T01:00:00Z",
        "replaces": None,
    }
    assert mark["actor"]
    assert stored(one).profile == profile
    one.settle()
    assert ask("GET", "/reading-marks?kind=competency")[1] == {"items": [mark], "next": None}
    assert ask("GET", "/reading-marks?kind=mentor")[1]["items"] == []
    (event,) = [event for event in one.published if event.name == "reading.marked"]
    assert event.detail.data == {"mark_id": mark["mark_id"], "kind": "competency"}
    for words in (ANSWER["transcript"], "他带过团队"):
        assert words not in log.text
        assert words not in str([item for item in one.items() if item["pk"] == f"CANDIDATE#{REFERENCE}"])


def test_the_answer_and_the_note_are_sealed_for_the_person(known: tuple[World, Ask]) -> None:
    one, ask = known
    ask("POST", PATH, {**ABOUT, "right": "not_said", "note": "别人带的"})
    (item,) = marks(one)
    assert item["pk"] == f"CANDIDATE#{REFERENCE}"
    opened = one.wired.vault.open(item["judged"], owner=REFERENCE, field="reading_mark")
    assert json.loads(opened) == [ANSWER["transcript"], "别人带的"]


def test_a_later_mark_replaces_an_earlier_one_and_both_stay(known: tuple[World, Ask]) -> None:
    one, ask = known
    first = ask("POST", PATH, {**ABOUT, "right": "said"})[1]
    one.now += timedelta(seconds=1)
    second = ask("POST", PATH, {**ABOUT, "right": "not_said"})[1]
    assert second["replaces"] == first["mark_id"]
    assert ask("GET", "/reading-marks")[1]["items"] == [second]
    assert ask("GET", PATH)[1] == {"items": [second, first]}
    assert ask("GET", "/candidates/cand_nobody/reading-marks") == (200, {"items": []})
    assert {item["sk"] for item in marks(one)} == {f"MARK#{mark['mark_id']}" for mark in (first, second)}


def test_marks_are_listed_newest_first_page_by_page(known: tuple[World, Ask]) -> None:
    one, ask = known
    made = []
    for claim in (CLAIM, "empathy", "gives_up"):
        made.append(ask("POST", PATH, {**ABOUT, "claim": claim, "right": "said"})[1])
        one.now += timedelta(minutes=1)
    page = ask("GET", "/reading-marks?limit=2")[1]
    assert page["items"] == made[:0:-1]
    assert ask("GET", f"/reading-marks?limit=2&cursor={page['next']}")[1] == {"items": made[:1], "next": None}


def test_the_same_request_again_marks_once_and_another_one_is_found_out(known: tuple[World, Ask]) -> None:
    one, ask = known
    one.now += timedelta(microseconds=994)
    once = ask("POST", PATH, {**ABOUT, "right": "said"}, key="k")
    ask("POST", PATH, {**ABOUT, "right": "not_said"}, key="l")
    assert ask("POST", PATH, {**ABOUT, "right": "said"}, key="k") == once
    assert len(marks(one)) == 2
    status, refused = ask("POST", PATH, {**ABOUT, "right": "not_said"}, key="k")
    assert (status, refused["type"]) == (409, "urn:rencai:problem:key_reused")


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        ("/candidates/cand_nobody/reading-marks", {}, 404),
        (PATH, {"interview_id": "theirs"}, 404),
        (PATH, {"interview_id": "nothing"}, 404),
        (PATH, {"vendor": "another"}, 404),
        (PATH, {"question_id": "nothing"}, 404),
        (PATH, {"claim": "nothing"}, 422),
        (PATH, {"right": "perhaps"}, 400),
    ],
)
def test_what_is_not_theirs_or_not_there_is_not_marked(
    known: tuple[World, Ask], path: str, change: dict[str, str], status: int
) -> None:
    one, ask = known
    stranger = qualifying()
    stranger["interview_id"] = "theirs"
    stranger["candidate"] |= {
        "external_id": "ats-2",
        "email": "li@example.com",
        "phone": "+8613900000022",
    }
    stranger["candidate"].pop("national_id")
    one.hand_in(stranger)
    answered, problem = ask("POST", path, {**ABOUT, "right": "said", **change})
    assert answered == status, problem
    assert marks(one) == []


def test_a_claim_that_is_unknown_is_refused_with_those_there_are(known: tuple[World, Ask]) -> None:
    _, ask = known
    for language, said in (("zh-CN", "没有主张“nothing”"), ("en", "There is no claim 'nothing'")):
        status, refused = ask("POST", PATH, {**ABOUT, "right": "said", "claim": "nothing"}, language=language)
        assert (status, refused["type"]) == (422, "urn:rencai:problem:unknown_claim")
        assert refused["detail"].startswith(said)
        assert CLAIM in refused["detail"]


def test_a_mark_of_what_is_shown_keeps_how_sure_the_reader_was_and_which_it_was(
    known: tuple[World, Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, ask = known
    shown = asking(one, monkeypatch, hr_handler)("GET", f"/candidates/{REFERENCE}/profile")[1]
    evidence = [e for c in shown["competencies"] for e in c["evidence"] if e["reading_id"]]
    assert evidence, "the worked example has claims"
    found = evidence[0]
    about = {
        "vendor": shown["vendor"],
        "interview_id": shown["interview_id"],
        "question_id": found["detail"]["question_id"],
        "claim": found["detail"]["claim"],
    }
    assert found["reading_id"] == "/".join(about.values())
    assert found["detail"]["quote"] in found["detail"]["context"]
    ask = asking(one, monkeypatch, handler)
    mark = ask("POST", PATH, {**about, "right": "not_said"})[1]
    assert mark["reading_id"] == found["reading_id"]
    assert mark["shown"] == {
        "certainty": found["detail"]["certainty"],
        "sure": not found["unsure"],
        "level": None,
        "reader": shown["reader"],
    }
