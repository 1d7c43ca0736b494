"""Employees are reached where HR says: by hiring, a correction, an answer to what the employee asked for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import employee_told
from rencai.kernel import ids
from rencai.kernel.errors import Conflict, DomainError, NotFound
from rencai.people.contact_desk import QuestionFile
from rencai.people.rules.contact import ContactField, SourceKind
from rencai.people.rules.identity import Contact
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.questions import QuestionStatus
from rencai.store.corrections import record
from tests.people.answers import refusal
from tests.people.tenant import FIRST, OTHER_PASSPORT, PASSPORT, ZHOU, Tenant, without
from tests.people.test_contact_facts import OTHER_EMAIL, OTHER_PHONE, WHOLE, asked, counts, told_of

HIRED = ids.employee_id(FIRST)
BROUGHT = "emp_BROUGHT"


def employee(one: Tenant, employee_id: str = HIRED) -> Employee:
    found = one.wired.employees.employees.get(employee_id)
    assert found is not None
    return found


def hired(one: Tenant) -> None:
    """Zhou, with an offer, and an employee by now."""
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    person = one.people.get(FIRST)
    one.wired.employees.employees.hire(
        Employee(
            HIRED,
            person.name,
            "sales",
            "上海",
            date(2026, 3, 9),
            one.now,
            candidate_id=FIRST,
            email=person.email,
            phone=person.phone,
            locale="zh-CN",
        )
    )


def brought(one: Tenant) -> None:
    """Somebody whom another system knew."""
    one.wired.employees.employees.hire(
        Employee(BROUGHT, "李雷", "sales", "上海", date(2020, 3, 9), one.now, email="li@example.com")
    )


def said_by_a_file(one: Tenant, email: str) -> None:
    """A file of people has something else of Zhou."""
    record(one.table, employee_told(replace(employee(one), email=email)), "hr-1", one.now)


def corrects(one: Tenant, subject: str, key: str = "key-1", reason: str = "打字错误", **contact: str) -> Any:
    return one.wired.people.contact_desk.correct(
        subject, Contact(**contact), reason=reason, request_key=key, actor="hr-1", now=one.now
    )


def test_what_an_interview_says_later_does_not_reach_an_employee(one: Tenant) -> None:
    hired(one)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    assert employee(one).email == ZHOU["email"]
    assert len(asked(one)) == 1


def test_hr_accepts_and_the_employee_is_reached_there(one: Tenant) -> None:
    hired(one)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    (question,) = asked(one)
    one.wired.people.contact_desk.decide(
        question.question_id, "accept", reason="-", actor="hr-1", now=one.now
    )
    assert (employee(one).email, counts(one)["email"]) == (OTHER_EMAIL, OTHER_EMAIL)
    (before,) = one.wired.people.contact_desk.contact(HIRED).before
    assert before.contact.email == ZHOU["email"]


@pytest.mark.parametrize("subject", [HIRED, BROUGHT])
def test_hr_corrects_an_employee(one: Tenant, subject: str) -> None:
    hired(one)
    brought(one)
    old = employee(one, subject)
    one.passes(hours=1)
    file = corrects(one, subject, email=OTHER_EMAIL, phone=OTHER_PHONE)
    now = employee(one, subject)
    assert (now.email, now.phone, now.name, now.role) == (OTHER_EMAIL, OTHER_PHONE, old.name, old.role)
    assert now.changed_at == one.now, "a survey's figures go by it"
    (before,) = file.before
    assert (before.contact.email, before.replaced.actor, before.replaced.at) == (old.email, "hr-1", one.now)
    assert file.held.facts[ContactField.EMAIL].kind is SourceKind.HR
    (told,) = told_of(one, "identity.corrected")
    assert told == {"fields": ["email", "phone"], "source": "hr"}
    # Why is on record, sealed.
    (correction,) = asked(one)
    look = one.wired.people.contact_desk.look(correction.question_id)
    assert (look.question.status, look.history[0].reason) == (QuestionStatus.ACCEPTED, "打字错误")


def test_a_correction_counts_for_the_candidate_they_were_as_well(one: Tenant) -> None:
    hired(one)
    corrects(one, HIRED, email=OTHER_EMAIL)
    assert counts(one) == {**WHOLE, "email": OTHER_EMAIL, "national_id": PASSPORT}
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    assert [question.status for question in asked(one)] == [QuestionStatus.ACCEPTED], "nothing is asked"


def test_hr_corrects_a_candidate_before_any_offer_and_interviews_only_ask_then(one: Tenant) -> None:
    one.hand_in(WHOLE)
    corrects(one, FIRST, email=OTHER_EMAIL)
    one.passes(hours=1)
    one.hand_in(WHOLE, interview_id="itv-2")
    assert counts(one)["email"] == OTHER_EMAIL
    assert {question.status for question in asked(one)} == {QuestionStatus.OPEN, QuestionStatus.ACCEPTED}
    one.sends_offer(FIRST)
    assert counts(one)["email"] == OTHER_EMAIL


def test_a_candidates_name_is_corrected_in_lists_too(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    corrects(one, FIRST, name="周小")
    assert one.journeys.get(FIRST).card.name == "周小"


def test_the_same_request_again_does_nothing_more(one: Tenant) -> None:
    hired(one)
    first = corrects(one, HIRED, email=OTHER_EMAIL)
    corrects(one, HIRED, key="key-2", email="third@example.com")
    again = corrects(one, HIRED, email=OTHER_EMAIL)
    assert again.contact.email == "third@example.com", "what came later stays"
    assert len(first.before) == 1
    with pytest.raises(Conflict):
        corrects(one, HIRED, email="fourth@example.com")


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ({}, PeopleRefusal.NOTHING_CORRECTED),
        ({"phone": "8888"}, PeopleRefusal.CONTACT_NOT_USABLE),
        ({"national_id": "110105194912310020"}, PeopleRefusal.CONTACT_NOT_USABLE),
        ({"name": "  "}, PeopleRefusal.CONTACT_NOT_USABLE),
    ],
)
def test_what_cannot_be_used_is_refused(one: Tenant, contact: dict[str, str], code: PeopleRefusal) -> None:
    one.hand_in(WHOLE)
    assert refusal(lambda: corrects(one, FIRST, **contact)) is code
    assert counts(one) == WHOLE


@pytest.mark.parametrize("subject", [FIRST, HIRED, "emp_nobody"])
def test_nobody_is_corrected_who_is_not_there(one: Tenant, subject: str) -> None:
    with pytest.raises(NotFound):
        corrects(one, subject, email=OTHER_EMAIL)


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_what_an_employee_asks_for_counts_once_hr_says_so(one: Tenant, decision: Any) -> None:
    brought(one)
    desk = one.wired.people.contact_desk

    def asks() -> QuestionFile:
        return desk.ask(BROUGHT, Contact(email=OTHER_EMAIL), reason="换了邮箱", actor="hr-1", now=one.now)

    file = asks()
    assert asks() == file
    assert (file.old.email, file.new.email) == ("li@example.com", OTHER_EMAIL)
    assert file.question.source.kind is SourceKind.EMPLOYEE
    assert employee(one, BROUGHT).email == "li@example.com"
    (told,) = told_of(one, "identity.questioned")
    assert told["source"] == "employee"
    desk.decide(file.question.question_id, decision, reason="核实过", actor="hr-2", now=one.now)
    assert employee(one, BROUGHT).email == (OTHER_EMAIL if decision == "accept" else "li@example.com")
    other: Any = "refuse" if decision == "accept" else "accept"
    with pytest.raises(Conflict):
        desk.decide(file.question.question_id, other, reason="-", actor="hr-2", now=one.now)


def test_what_is_so_already_is_nothing_to_ask_for(one: Tenant) -> None:
    brought(one)
    with pytest.raises(DomainError):
        one.wired.people.contact_desk.ask(
            BROUGHT, Contact(email="LI@example.com"), reason="-", actor="hr-1", now=one.now
        )


def test_an_answer_at_the_moment_of_hiring_reaches_the_employee(one: Tenant) -> None:
    """Hired with what was read a moment before HR's answer: whoever comes last finds the other."""
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    (question,) = asked(one)
    read = one.people.get(FIRST)
    one.wired.people.contact_desk.decide(
        question.question_id, "accept", reason="-", actor="hr-1", now=one.now
    )
    one.wired.employees.employees.hire(
        Employee(
            HIRED, read.name, "sales", "上海", date(2026, 3, 9), one.now, candidate_id=FIRST, email=read.email
        )
    )
    following = one.wired.people.employee_contacts.following
    assert following(HIRED, one.people.held(FIRST), one.now)[ContactField.EMAIL] == OTHER_EMAIL
    assert employee(one).email == OTHER_EMAIL
    # What HR says of the employee from then on is not taken back by it.
    corrects(one, HIRED, email="third@example.com")
    said_by_a_file(one, email="fourth@example.com")
    assert following(HIRED, one.people.held(FIRST), one.now)[ContactField.EMAIL] == "fourth@example.com"


def test_a_correction_before_the_draft_keeps_what_the_draft_would_have_pinned(one: Tenant) -> None:
    """Else there was no address for the envelope: the interview had none, and the draft found all pinned."""
    one.hand_in(without(WHOLE, "email", "national_id"))
    one.applied({**WHOLE, "national_id": OTHER_PASSPORT})
    corrects(one, FIRST, phone=OTHER_PHONE)
    one.sends_offer(FIRST)
    expected = {**WHOLE, "phone": OTHER_PHONE, "national_id": OTHER_PASSPORT}
    assert counts(one) == expected
    (before,) = one.wired.people.contact_desk.contact(FIRST).before
    assert (before.contact.email, before.contact.phone) == (None, WHOLE["phone"])
    one.hand_in(expected, interview_id="itv-2")
    assert asked(one) == the_corrections(one)


def test_a_national_id_that_came_with_a_merge_is_no_question_after_a_correction(one: Tenant) -> None:
    one.hand_in(without(WHOLE, "national_id"))
    one.hand_in(WHOLE, vendor="other")
    corrects(one, FIRST, phone=OTHER_PHONE)
    one.hand_in({**WHOLE, "phone": OTHER_PHONE}, interview_id="itv-2")
    assert counts(one)["national_id"] == PASSPORT
    assert asked(one) == the_corrections(one)


def the_corrections(one: Tenant) -> list[Any]:
    return [question for question in asked(one) if question.source.kind is SourceKind.HR]


def test_a_question_about_the_candidate_does_not_undo_what_a_file_said_of_the_employee(one: Tenant) -> None:
    hired(one)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    (question,) = asked(one)
    said_by_a_file(one, "third@example.com")
    with pytest.raises(Conflict) as refused:
        one.wired.people.contact_desk.decide(
            question.question_id, "accept", reason="-", actor="hr-1", now=one.now
        )
    assert refused.value.code is PeopleRefusal.QUESTION_OUTDATED
    assert (employee(one).email, counts(one)["email"]) == ("third@example.com", ZHOU["email"])


def test_an_earlier_request_of_an_employee_does_not_undo_a_later_one(one: Tenant) -> None:
    hired(one)
    desk = one.wired.people.contact_desk
    first, second = (
        desk.ask(HIRED, Contact(email=email), reason="-", actor="hr-1", now=one.now).question.question_id
        for email in (OTHER_EMAIL, "third@example.com")
    )
    desk.decide(second, "accept", reason="-", actor="hr-1", now=one.now)
    with pytest.raises(Conflict):
        desk.decide(first, "accept", reason="-", actor="hr-1", now=one.now)
    assert (employee(one).email, counts(one)["email"]) == ("third@example.com", "third@example.com")
