"""The soak's own checks: right books agree, and each wrong one is named. No stack."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rencai.hiring.rules.journey import Journey
from rencai.hiring.rules.stages import Stage, StageEntry
from rencai.hiring.store.journeys import CandidateCard, CandidateRecord
from rencai.kernel import ids
from tests.keyed import IDS
from tests.soak.checks import NEVER, Books, disagreements
from tests.soak.people import ENDS_AT, FIRST_ENVELOPE, UNKNOWN, Candidate, Door, Plan, invented
from tests.soak.queues import DeadLetter
from tests.soak.record import Course, Delivery, Letter, Record, TimelineEntry

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LINE = (Stage.INTERVIEWED, Stage.QUALIFIED, Stage.OFFER_SENT, Stage.SIGNED, Stage.CHECKING, Stage.ONBOARDED)


def _hired(external_id: str) -> Candidate:
    person = {"external_id": external_id, "email": f"{external_id}@example.com"}
    return Candidate({"vendor": "aiview", "candidate": person}, Plan.SIGNS, Door.FILE, IDS)


def _journey(one: Candidate, number: int) -> CandidateRecord:
    entries = tuple(StageEntry(stage, NOW + timedelta(hours=at), None) for at, stage in enumerate(LINE))
    about = {"envelope": f"env_{number}", "check": f"chk_{number}"}
    applied = (f"offer_sent:env_{number}", f"check_requested:chk_{number}")
    card = CandidateCard("", "sales", "上海", "REQ-1", "aiview", one.external_id, ("itv-1",), "itv-1")
    return CandidateRecord(Journey(one.candidate_id, entries, about, applied), card)


def right() -> Books:
    """Two hired candidates, of whom the ATS does not know the second."""
    people = [_hired("one"), _hired(f"{UNKNOWN}two")]
    record = Record()
    ledgers: dict[str, list[dict[str, Any]]] = {"esign": [], "background": [], "psychometric": [], "lms": []}
    for number, one in enumerate(people):
        who, employee = one.candidate_id, ids.employee_id(one.candidate_id)
        record.journeys[who] = _journey(one, number)
        record.offers[who] = f"env_{number}"
        record.assessments[who] = (f"asm_{number}", True)
        record.employees.add(employee)
        record.cards.append(employee)
        record.plans[employee] = ("company-orientation",)
        record.courses.append(
            Course(employee, "company-orientation", f"enr_{number}", Decimal(100), Decimal(85), True)
        )
        record.letters.append(Letter(who, "onboarding", f"mail_{number}"))
        record.timeline.append(TimelineEntry(who, f"evt_{number}", "offer.signed", NOW, {}))
        ledgers["esign"].append({"reference": ids.offer_id(who), "id": f"env_{number}"})
        ledgers["background"].append({"reference": who, "id": f"chk_{number}"})
        ledgers["psychometric"].append({"reference": who, "id": f"asm_{number}"})
        ledgers["lms"].append({"reference": f"{employee}/company-orientation", "id": f"enr_{number}"})
    refused = {"detail-type": "offer.signed", "detail": {"event_id": "evt_1"}}
    # Somebody who was here before, and has answered the survey.
    record.employees.add("emp_before")
    record.cards.append("emp_before")
    record.answered.append("emp_before")
    record.letters.append(Letter("emp_before", "survey_invitation", "mail_before"))
    invitation = {"To": ["colleague@example.com"], "MessageId": "mail_before"}
    return Books(
        people=people,
        record=record,
        ledgers={**ledgers, "ats": [{"idempotency_key": "evt_0.5f0c", "reference": "one"}]},
        deliveries={"esign": dict.fromkeys(NEVER, 0)},
        mail=[
            *({"To": [one.email], "MessageId": f"mail_{number}"} for number, one in enumerate(people)),
            invitation,
        ],
        dead_letters=[DeadLetter("DeadLetters", "AtsQueue", "ats: 404", refused)],
        logs=['{"message": "done", "subject": "cand_1"}'],
        colleagues=["emp_before"],
        night={"parts": 64, "parts_done": 64, "company": {"employees": 3}},
    )


def test_right_books_agree() -> None:
    assert disagreements(right()) == []


def _with_ledger(vendor: str, change: Callable[[list[Any]], list[Any]]) -> Callable[[Books], Books]:
    return lambda books: replace(books, ledgers={**books.ledgers, vendor: change([*books.ledgers[vendor]])})


def _twice(rows: list[Any]) -> list[Any]:
    return [*rows, {**rows[0], "id": "another"}]


def _late(books: Books) -> Books:
    books.record.deliveries.append(Delivery("dlv_1", "esign", "waiting", "accepted", "link env_1"))
    return books


def _stuck(books: Books) -> Books:
    who = books.people[0].candidate_id
    found = books.record.journeys[who]
    journey = replace(found.journey, stages=found.journey.stages[:-1])
    books.record.journeys[who] = replace(found, journey=journey)
    return books


def _unmerged(books: Books) -> Books:
    who = books.people[0].candidate_id
    books.record.assessments[who] = ("asm_0", False)
    return books


def _half_learnt(books: Books) -> Books:
    books.record.courses[0] = replace(books.record.courses[0], completion=Decimal(45))
    return books


def _questioned(books: Books) -> Books:
    books.record.merges["mrg_1"] = "question"
    return books


def _linked(books: Books) -> Books:
    """The first of them has an application, and the ATS heard of the last decision by another name only."""
    who = books.people[0].candidate_id
    books.record.linked[who] = "application-one"
    return books


def _unanswered(books: Books) -> Books:
    books.record.answered.clear()
    return books


def _asked_twice(books: Books) -> Books:
    books.record.letters.append(Letter("emp_before", "survey_invitation", None))
    return books


def _unseen(books: Books) -> Books:
    books.record.cards.pop()
    return books


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_with_ledger("esign", _twice), "2 envelopes, not 1"),
        (_with_ledger("background", _twice), "check"),
        (_with_ledger("psychometric", _twice), "assessment"),
        (_with_ledger("lms", _twice), "enrolment"),
        (_with_ledger("lms", lambda rows: rows[1:]), "1 more in our table"),
        (_with_ledger("ats", lambda _: []), "decision at the ATS evt_0"),
        (_with_ledger("ats", lambda rows: rows * 2), "address of a decision"),
        (
            _with_ledger("ats", lambda rows: [{**rows[0], "reference": "two"}]),
            "was told of two, which is not",
        ),
        (_linked, "was not told of application-one"),
        (_unanswered, "emp_before has not answered"),
        (_asked_twice, "emp_before has 2 invitations"),
        (_unseen, "card emp_before: 1 more there"),
        (lambda books: replace(books, colleagues=[]), "employee emp_before: 1 more in our table"),
        (
            lambda books: replace(books, night={"parts": 64, "parts_done": 63, "company": {"employees": 2}}),
            "the night saw 2 employees, and there are 3",
        ),
        (_late, "dlv_1 from esign is waiting"),
        (_stuck, "is at checking, not onboarded"),
        (_unmerged, "no assessment result"),
        (_half_learnt, "45 %"),
        (_questioned, "mrg_1 is a question"),
        (lambda books: replace(books, mail=[*books.mail, books.mail[0]]), "was sent 2 letters"),
        (lambda books: replace(books, dead_letters=[]), "dead letter evt_1"),
        (
            lambda books: replace(books, dead_letters=[DeadLetter("RelayDeadLetters", "", None, None)]),
            "RelayDeadLetters holds no event",
        ),
        (
            lambda books: replace(books, deliveries={"esign": {**dict.fromkeys(NEVER, 0), NEVER[0]: 1}}),
            "1 deliveries were forged_accepted",
        ),
        (lambda books: replace(books, logs=["to zhou.xiao.12.run1@example.com"]), "personal data: to ***"),
    ],
)
def test_what_is_wrong_is_named(spoil: Callable[[Books], Books], named: str) -> None:
    assert any(named in one for one in disagreements(spoil(right())))


@pytest.mark.parametrize("count", [20, 60])
def test_every_plan_and_every_door_is_taken(count: int) -> None:
    people = invented(count, "test", IDS)
    assert {one.plan for one in people} == set(ENDS_AT)
    assert {one.door for one in people} == set(Door)
    assert any(one.is_unknown_to_the_ats for one in people)
    assert any(one.applies and one.early for one in people)
    assert set(FIRST_ENVELOPE) < {one.plan for one in people}
    assert len({one.candidate_id for one in people}) == count
