"""HR marks how a mentor's review was read; nothing of the rating moves."""

import json
from typing import Any

import pytest

from functions.api import employees, transcripts
from functions.reading import candidate_marks, employee_marks
from rencai.reading.rules.marks import MarkKind
from tests.training.training_answers import ACTOR
from tests.training.training_office import EMPLOYEE, Caller, Office

PATH = f"/employees/{EMPLOYEE}/reading-marks"
UNSURE = "谈判嘛,还行吧,总体。"
READER = {"lexicon": 3, "classifier": 2, "words": 1, "model": None}

SERVED = employees.api, transcripts.api
"""Whose routes are borrowed."""


@pytest.fixture
def call() -> Caller:
    return Caller(employee_marks.router, candidate_marks.router)


def reviewed(one: Office, words: str = UNSURE) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, words)


def test_a_mark_has_what_the_reader_had_said_and_rates_nothing(one: Office, call: Caller) -> None:
    reviewed(one)
    before = one.enrolments.find(EMPLOYEE, "negotiation")
    status, mark = call("POST", PATH, {"item_id": "negotiation", "level": 4, "note": "比一般好"})
    assert status == 201, mark
    assert mark["shown"] == {"certainty": 0.41, "sure": False, "level": 3, "reader": READER}
    assert (mark["kind"], mark["employee_id"], mark["item_id"], mark["level"], mark["actor"]) == (
        "mentor",
        EMPLOYEE,
        "negotiation",
        4,
        ACTOR,
    )
    assert (mark["candidate_id"], mark["claim"], mark["right"]) == (None, None, None)
    assert one.enrolments.find(EMPLOYEE, "negotiation") == before
    assert call("GET", "/reading-marks", kind="mentor")[1] == {"items": [mark], "next": None}
    assert UNSURE not in json.dumps(mark, ensure_ascii=False)
    ((found, judged),) = one.wired.reading.marks.judging(MarkKind.MENTOR)
    assert (found.mark_id, judged.words, judged.note) == (mark["mark_id"], UNSURE, "比一般好")
    assert found.agrees is None, "the reader was unsure, and had said neither"
    one.relays()
    marked = [(event.name, event.data) for _, event in one.published if event.name == "reading.marked"]
    assert marked == [("reading.marked", {"mark_id": mark["mark_id"], "kind": "mentor"})]


def test_a_review_that_rates_nothing_is_marked_so_and_replaces_the_mark_before(
    one: Office, call: Caller
) -> None:
    reviewed(one, "进步神速")
    first = call("POST", PATH, {"item_id": "negotiation", "level": 5})[1]
    one.passes(minutes=1)
    # Another request: API Gateway's id of this fixture's calls is always the same.
    second = call("POST", PATH, {"item_id": "negotiation", "level": None}, key="another")[1]
    assert (second["level"], second["replaces"]) == (None, first["mark_id"])
    assert call("GET", "/reading-marks", kind="mentor")[1]["items"] == [second]
    assert call("GET", PATH)[1] == {"items": [second, first]}
    marks = one.wired.reading.marks.of(MarkKind.MENTOR, EMPLOYEE)
    assert [(mark.mark_id, mark.agrees) for mark in marks] == [
        (second["mark_id"], False),
        (first["mark_id"], True),
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (PATH, {"item_id": "product", "level": 3}, 404),
        (PATH, {"item_id": "nothing", "level": 3}, 404),
        ("/employees/emp_none/reading-marks", {"item_id": "negotiation", "level": 3}, 404),
        (PATH, {"item_id": "negotiation", "level": 6}, 400),
        (PATH, {"item_id": "negotiation"}, 400),
    ],
)
def test_what_is_not_there_is_not_marked(
    one: Office, call: Caller, path: str, body: dict[str, Any], status: int
) -> None:
    reviewed(one)
    answered, problem = call("POST", path, body)
    assert answered == status, problem
    assert one.wired.reading.marks.of(MarkKind.MENTOR, EMPLOYEE) == []
