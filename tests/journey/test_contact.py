"""Whom an envelope, a check and a letter go to, on a whole tenant: what was pinned with the offer, until HR says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rencai.employees.store.employees import employee_told
from rencai.hiring.rules.stages import Stage
from rencai.kernel.events import EventName
from rencai.people.store.questions import QuestionStatus
from rencai.platform.consumer import Retry
from rencai.store.corrections import record
from tests.journey.deliveries import NATIONAL_ID, OFFER, REFERENCE, check, envelope, qualifying
from tests.journey.edge import EMPLOYEE, applied, stage
from tests.journey.world import World, world

EMAIL = qualifying()["candidate"]["email"]
OTHER_EMAIL = "somebody.else@example.com"
OTHER_ID = "P27182818"


def another(**person: Any) -> dict[str, Any]:
    """A second result of the same vendor for the same person, who is said to be somebody else."""
    interview = qualifying()
    interview["interview_id"] += "-2"
    interview["candidate"] |= {
        "email": OTHER_EMAIL,
        "national_id": OTHER_ID,
        "phone": "+8613900000009",
    } | person
    return interview


def held_back(one: World, *queues: str) -> list[Any]:
    """Everything but these queues is worked off; their messages wait."""
    one._relay()
    waiting: list[Any] = []
    while True:
        late = [message for message in one.queue if message.consumer in queues]
        waiting += late
        one.queue = [message for message in one.queue if message not in late]
        if not one.queue:
            return waiting
        message = one.queue.pop(0)
        one._consumed(message)
        one._relay()


def letters(one: World) -> list[str]:
    return [to for to, _, _ in one.mail.sent]


def decided(one: World, decision: Any) -> None:
    questions, _ = one.wired.people.questions.page(QuestionStatus.OPEN, 10, None)
    for question in questions:
        one.wired.people.contact_desk.decide(
            question.question_id, decision, reason="核实过", actor="hr-1", now=one.now
        )


def comes_to_an_end(one: World) -> None:
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.webhook("background", "msg-2", check())
    one.settle()
    assert stage(one) is Stage.ONBOARDED


@pytest.mark.parametrize("at", ["drafted", "sent", "signed"])
def test_a_second_interview_sends_nothing_elsewhere(at: str) -> None:
    with world() as one:
        one.hand_in(qualifying())
        waiting = held_back(one, "SignatureQueue") if at == "drafted" else []
        if at != "drafted":
            one.settle()
        if at == "signed":
            one.webhook("esign", "msg-1", envelope())
            waiting = held_back(one, "CheckQueue")
        one.hand_in(another())
        one.queue += waiting
        comes_to_an_end(one)
        (sent,) = one.esign.ledger.made.values()
        assert sent[2].email == EMAIL  # type: ignore[index]  # a tuple
        (ordered,) = one.background.ledger.made.values()
        assert ordered[1] == NATIONAL_ID  # type: ignore[index]  # as above
        assert letters(one) == [EMAIL]
        employee = one.wired.employees.employees.get(EMPLOYEE)
        assert employee is not None
        assert employee.email == EMAIL
        assert [told.name for told in one.published].count(EventName.IDENTITY_QUESTIONED) == 1
        for personal in (OTHER_EMAIL, OTHER_ID, EMAIL, NATIONAL_ID):
            assert personal not in repr([told.model_dump() for told in one.published])


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_what_hr_decides_counts_for_the_calls_that_are_not_made(decision: str) -> None:
    with world() as one:
        one.hand_in(qualifying())
        waiting = held_back(one, "SignatureQueue")
        one.hand_in(another())
        decided(one, decision)
        one.queue += waiting
        comes_to_an_end(one)
        email, national_id = (OTHER_EMAIL, OTHER_ID) if decision == "accept" else (EMAIL, NATIONAL_ID)
        (sent,) = one.esign.ledger.made.values()
        assert sent[2].email == email  # type: ignore[index]  # a tuple
        (ordered,) = one.background.ledger.made.values()
        assert ordered[1] == national_id  # type: ignore[index]  # as above
        assert letters(one) == [email]


def test_an_envelope_that_is_out_stays_where_it_is_and_what_follows_goes_where_hr_says() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.hand_in(another())
        decided(one, "accept")
        comes_to_an_end(one)
        (sent,) = one.esign.ledger.made.values()
        assert sent[2].email == EMAIL  # type: ignore[index]  # a tuple
        assert letters(one) == [OTHER_EMAIL]


@pytest.mark.parametrize("decision", ["accept", "refuse", "none yet"])
def test_an_offer_that_is_sent_again_goes_where_hr_says_by_then(decision: str) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.hand_in(another())
        one.webhook("esign", "msg-1", envelope("voided"))
        one.settle()
        if decision != "none yet":
            decided(one, decision)
        one.wired.hiring.offer_desk.resend(OFFER, "再发一次", actor="hr-1", request_key="1", now=one.now)
        one.settle()
        first, second = (sent[2].email for sent in one.esign.ledger.made.values())  # type: ignore[index]  # tuples
        assert (first, second) == (EMAIL, OTHER_EMAIL if decision == "accept" else EMAIL)
        # What is answered once it is out leaves it where it is.
        decided(one, "accept")
        one.settle()
        assert len(one.esign.ledger.made) == 2


def test_the_onboarding_letter_goes_where_a_file_said_before_it_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mail service was down when the employee was put on file."""

    def refuses(*_: Any, **__: Any) -> str:
        raise Retry("SES answered ServiceUnavailable")

    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        with monkeypatch.context() as down:
            down.setattr(one.mail, "send", refuses)
            one.settle()
        employee = one.wired.employees.employees.get(EMPLOYEE)
        assert employee is not None
        record(one.wired.table, employee_told(replace(employee, email=OTHER_EMAIL)), "hr-1", one.now)
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        assert letters(one) == [OTHER_EMAIL]


def test_an_application_does_not_change_whom_the_check_is_about() -> None:
    with world() as one:
        one.webhook("ats", "msg-0", applied())
        one.hand_in(qualifying())
        one.settle()
        other = {**qualifying()["candidate"], "national_id": OTHER_ID, "email": OTHER_EMAIL}
        one.now += timedelta(hours=1)
        one.webhook("ats", "msg-00", applied(candidate=other))
        comes_to_an_end(one)
        (ordered,) = one.background.ledger.made.values()
        assert ordered[1] == NATIONAL_ID  # type: ignore[index]  # a tuple
        assert letters(one) == [EMAIL]
        questions, _ = one.wired.people.questions.page(None, 10, None)
        assert [(question.subject, question.fields) for question in questions] == [
            (REFERENCE, ("email", "national_id"))
        ]


def test_an_application_found_after_the_offer_is_a_question_where_it_says_otherwise() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        person = {name: qualifying()["candidate"][name] for name in ("name", "phone")}
        one.webhook("ats", "msg-0", applied(candidate={**person, "email": OTHER_EMAIL}))
        comes_to_an_end(one)
        questions, _ = one.wired.people.questions.page(None, 10, None)
        assert [(question.subject, question.fields) for question in questions] == [(REFERENCE, ("email",))]
        assert letters(one) == [EMAIL]
