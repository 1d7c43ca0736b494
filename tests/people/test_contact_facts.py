"""Contact data are facts with a source and a time: what replaces what, what HR is asked, and what counts (A6)."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from functions.people.identity_questions import ask_about
from rencai.kernel.errors import Conflict
from rencai.kernel.events import EventName
from rencai.people.contact_desk import QuestionFile
from rencai.people.rules.contact import ContactField, SourceKind
from rencai.people.rules.identity import Contact
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.questions import QuestionStatus
from tests.journey.faults import Faults
from tests.people.tenant import (
    APP,
    FIRST,
    LI,
    NATIONAL_ID,
    OTHER_PASSPORT,
    PASSPORT,
    START,
    ZHOU,
    Between,
    Tenant,
    without,
)
from tests.people.test_application_ways import envelope

OTHER_EMAIL = "somebody.else@example.com"
OTHER_PHONE = "+8613900000009"
WHOLE = {**ZHOU, "national_id": PASSPORT}


def asked(one: Tenant) -> list[Any]:
    questions, _ = one.wired.people.questions.page(None, 100, None)
    return questions


def the_question(one: Tenant) -> Any:
    (question,) = asked(one)
    return question


def counts(one: Tenant, candidate_id: str = FIRST) -> dict[str, str | None]:
    """What a letter, an envelope and a check go by."""
    contact = one.people.contact(candidate_id)
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "national_id": contact.national_id,
    }


def told_of(one: Tenant, name: str) -> list[dict[str, Any]]:
    return [data for _, told, data in one.told() if told == name]


def listened(one: Tenant) -> None:
    """What was told is heard, as the queue behind the rule does; twice, for it may."""
    for _ in range(2):
        for subject, name, data in one.told():
            if name in ("application.received", "candidate.merged", "identity.decided"):
                ask_about(
                    envelope(EventName(name), subject, **data),
                    contacts=one.wired.people.contacts,
                    recognition=one.recognition,
                    now=one.now,
                )


# --- before an offer is drafted


def test_a_newer_interview_says_otherwise_and_what_it_replaced_stays_on_record(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.passes(hours=1)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}, interview_id="itv-2")
    assert counts(one) == {**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}
    assert asked(one) == []
    (told,) = told_of(one, "identity.updated")
    assert told == {"fields": ["email", "national_id"], "source": "interview"}
    file = one.wired.people.contact_desk.contact(FIRST)
    (before,) = file.before
    assert (before.contact.email, before.contact.national_id) == (ZHOU["email"], PASSPORT)
    assert before.replaced.facts[ContactField.EMAIL].id == "aiview/itv-1"
    assert (before.replaced.by.id, before.replaced.at) == ("aiview/itv-2", one.now)
    assert file.held.facts[ContactField.EMAIL].id == "aiview/itv-2"
    assert file.held.facts[ContactField.PHONE].id == "aiview/itv-1"


def test_what_was_replaced_is_sealed_where_it_was_sealed(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.hand_in({**WHOLE, "national_id": OTHER_PASSPORT}, interview_id="itv-2")
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "national_id": NATIONAL_ID, "email": OTHER_EMAIL}, interview_id="itv-3")
    stored = repr(one.items())
    for secret in (PASSPORT, OTHER_PASSPORT, NATIONAL_ID, OTHER_EMAIL):
        assert secret not in stored
    told = repr(one.told())
    for personal in (*WHOLE.values(), OTHER_EMAIL, OTHER_PASSPORT, NATIONAL_ID):
        assert personal not in told


@pytest.mark.parametrize(
    ("field", "written"),
    [("phone", "+86 138-0000-0001"), ("email", "Zhou.Xiao@Example.com"), ("name", "周 晓")],
)
def test_the_same_in_other_letters_replaces_nothing(one: Tenant, field: str, written: str) -> None:
    one.hand_in(WHOLE)
    again = {**WHOLE, field: written.replace(" ", "").replace("-", "") if field == "phone" else written}
    one.hand_in(again, interview_id="itv-2")
    assert counts(one) == WHOLE
    assert told_of(one, "identity.updated") == []


def test_an_older_interview_that_comes_late_replaces_nothing(one: Tenant) -> None:
    one.passes(hours=3)
    one.hand_in(WHOLE, ended=timedelta(hours=2))
    one.passes(days=1)
    one.hand_in({**LI, "name": ZHOU["name"]}, interview_id="itv-0", ended=timedelta(hours=1))
    assert counts(one) == WHOLE


def test_an_interview_that_ends_in_the_future_counts_as_of_now(one: Tenant) -> None:
    """Else it could never be corrected."""
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, ended=timedelta(days=4000))
    one.passes(hours=1)
    one.hand_in(WHOLE, interview_id="itv-2", ended=timedelta(minutes=50))
    assert counts(one)["email"] == ZHOU["email"]


# --- once an offer is drafted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", OTHER_EMAIL),
        ("phone", OTHER_PHONE),
        ("name", "李雷"),
        ("national_id", OTHER_PASSPORT),
    ],
)
def test_other_contact_data_are_a_question_and_change_nothing(one: Tenant, field: str, value: str) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, field: value}, interview_id="itv-2")
    assert counts(one) == WHOLE
    question = the_question(one)
    assert (question.subject, question.fields) == (FIRST, (field,))
    (told,) = told_of(one, "identity.questioned")
    assert told == {"question_id": question.question_id, "fields": [field], "source": "interview"}
    file = one.wired.people.contact_desk.look(question.question_id)
    assert getattr(file.old, field) == WHOLE[field]
    assert getattr(file.new, field) == value
    assert (question.source.kind, question.source.id) == (SourceKind.INTERVIEW, "aiview/itv-2")


def test_what_was_not_known_is_a_question_too(one: Tenant) -> None:
    """Where no address was, there was nobody to write to; that must not be somebody else now."""
    one.hand_in(without(ZHOU, "email"))
    one.sends_offer(FIRST)
    one.hand_in({**ZHOU, "national_id": PASSPORT}, interview_id="itv-2")
    assert counts(one) == {**without(ZHOU, "email"), "email": None, "national_id": None}
    assert list(the_question(one).fields) == ["email", "national_id"]


def test_the_same_again_is_asked_once(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    for number in range(2, 5):
        one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id=f"itv-{number}")
    assert len(asked(one)) == len(told_of(one, "identity.questioned")) == 1
    one.hand_in({**WHOLE, "email": "third@example.com"}, interview_id="itv-5")
    assert len(asked(one)) == 2


def test_nothing_is_asked_where_all_is_as_it_was(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in(WHOLE, interview_id="itv-2")
    one.applied(WHOLE)
    listened(one)
    assert asked(one) == []


def test_what_is_in_question_tells_nobody_from_others(one: Tenant) -> None:
    """Somebody else's phone, said once, must not bring that somebody's interviews onto this record."""
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "phone": LI["phone"], "email": LI["email"]}, interview_id="itv-2")
    one.hand_in(WHOLE, interview_id="itv-3")
    assert one.hand_in(LI, vendor="other") != FIRST
    assert one.all_merges() == []


def test_accepted_it_counts_from_then_on(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}, interview_id="itv-2")
    one.passes(hours=1)
    desk, question = one.wired.people.contact_desk, the_question(one)

    def accepted() -> QuestionFile:
        return desk.decide(question.question_id, "accept", reason="打电话核实过", actor="hr-1", now=one.now)

    file = accepted()
    assert accepted() == file
    assert counts(one) == {**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}
    assert [line.reason for line in file.history] == [None, "打电话核实过"]
    (told,) = told_of(one, "identity.decided")
    assert told == {
        "question_id": question.question_id,
        "fields": ["email", "national_id"],
        "decision": "accepted",
    }
    (before,) = desk.contact(FIRST).before
    assert (before.contact.email, before.contact.national_id) == (ZHOU["email"], PASSPORT)
    assert (before.replaced.actor, before.replaced.by.id) == ("hr-1", "aiview/itv-2")
    # And what counted once is a question now.
    one.hand_in(WHOLE, interview_id="itv-3")
    assert counts(one)["email"] == OTHER_EMAIL
    assert [question.status for question in asked(one)] == [QuestionStatus.OPEN, QuestionStatus.ACCEPTED]


def test_once_accepted_it_tells_the_person_from_others(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    new = {**WHOLE, "phone": OTHER_PHONE, "email": OTHER_EMAIL}
    one.hand_in(new, interview_id="itv-2")
    one.wired.people.contact_desk.decide(
        the_question(one).question_id, "accept", reason="-", actor="hr-1", now=one.now
    )
    listened(one)
    assert one.hand_in(without(new, "national_id"), vendor="other") == FIRST


def test_refused_all_stays_and_it_is_not_asked_again(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    one.wired.people.contact_desk.decide(
        the_question(one).question_id, "refuse", reason="不是本人", actor="hr-1", now=one.now
    )
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-3")
    assert counts(one) == WHOLE
    assert the_question(one).status is QuestionStatus.REFUSED


def test_a_list_of_questions_opens_nothing(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}, interview_id="itv-2")
    faults = Faults()
    (listed,) = asked(one.seen_by(faults))
    assert (listed.subject, listed.fields) == (FIRST, ("email", "national_id"))
    assert [call for call in faults.calls if call.startswith("kms")] == []


def test_what_was_refused_is_asked_again_once_something_else_counts(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    desk = one.wired.people.contact_desk
    for number, (email, decision) in enumerate(
        [(OTHER_EMAIL, "refuse"), ("third@example.com", "accept"), (OTHER_EMAIL, None)], 2
    ):
        one.hand_in({**WHOLE, "email": email}, interview_id=f"itv-{number}")
        (question,) = [question for question in asked(one) if question.status is QuestionStatus.OPEN]
        if decision:
            desk.decide(question.question_id, decision, reason="-", actor="hr-1", now=one.now)  # type: ignore[arg-type]  # one of two
    assert len(asked(one)) == 3


def test_the_draft_and_an_interview_at_one_moment_are_two_versions(one: Tenant) -> None:
    one.hand_in(WHOLE)
    again = one.again()
    for at in range(1, 20):
        world = again()
        between = Between(
            at,
            lambda world=world: world.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2"),  # type: ignore[misc]  # of this turn
        )
        world.seen_by(between).sends_offer(FIRST)
        if not between.acted:
            break
        updated = told_of(world, "identity.updated")
        assert (len(updated), len(asked(world))) in ((1, 0), (0, 1))
        assert counts(world)["email"] == (OTHER_EMAIL if updated else ZHOU["email"])
        assert world.people.held(FIRST).version == 2 + len(updated)


# --- several questions at once


def answers(one: Tenant, question_id: str, decision: Any) -> QuestionFile:
    return one.wired.people.contact_desk.decide(question_id, decision, reason="-", actor="hr-1", now=one.now)


def asks_for(one: Tenant, number: int, **other: str) -> str:
    """Another interview says something else; the id of the question that comes of it."""
    before = {str(question.question_id) for question in asked(one)}
    one.hand_in({**WHOLE, **other}, interview_id=f"itv-{number}")
    (question_id,) = {str(question.question_id) for question in asked(one)} - before
    return question_id


def test_a_question_that_shows_as_old_what_no_longer_counts_is_not_accepted(one: Tenant) -> None:
    """HR would put back, without seeing it, what they have just taken away."""
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    first = asks_for(one, 2, email=OTHER_EMAIL, phone=OTHER_PHONE)
    second = asks_for(one, 3, email="third@example.com")
    answers(one, second, "accept")
    with pytest.raises(Conflict) as refused:
        answers(one, first, "accept")
    assert refused.value.code is PeopleRefusal.QUESTION_OUTDATED
    assert counts(one) == {**WHOLE, "email": "third@example.com"}
    assert answers(one, first, "refuse").question.status is QuestionStatus.REFUSED


def test_two_questions_about_other_fields_are_accepted_in_any_order(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    first = asks_for(one, 2, email=OTHER_EMAIL)
    second = asks_for(one, 3, phone=OTHER_PHONE)
    answers(one, second, "accept")
    answers(one, first, "accept")
    assert counts(one) == {**WHOLE, "email": OTHER_EMAIL, "phone": OTHER_PHONE}


def test_what_counts_by_now_can_be_accepted(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    first = asks_for(one, 2, email=OTHER_EMAIL, phone=OTHER_PHONE)
    second = asks_for(one, 3, email=OTHER_EMAIL)
    answers(one, second, "accept")
    answers(one, first, "accept")
    assert counts(one) == {**WHOLE, "email": OTHER_EMAIL, "phone": OTHER_PHONE}


@pytest.mark.parametrize(
    ("field", "known", "written"),
    [
        ("national_id", "11010519491231002X", "１１０１０５19491231002x"),
        ("national_id", "P31415926", " p 3141-5926 "),
        # Nobody is found by these; they are still the same.
        ("national_id", "A123456789", "a-12345-6789"),
        ("national_id", "123456", "１２３ ４５６"),
        ("phone", "+8613800000001", "0086 (138) 0000-0001"),
        ("name", "Zhou Xiao", "ＺＨＯＵ　xiao"),
    ],
)
def test_the_same_in_other_letters_is_no_question(one: Tenant, field: str, known: str, written: str) -> None:
    one.hand_in({**WHOLE, field: known})
    one.sends_offer(FIRST)
    if field != "phone":
        # An interview's has one way to be written.
        one.hand_in({**WHOLE, field: written}, interview_id="itv-2")
    one.applied({**WHOLE, field: written})
    listened(one)
    assert asked(one) == []
    assert counts(one)[field] == known


# --- what an application says


def test_an_application_that_says_otherwise_is_a_question(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.applied(WHOLE)
    one.sends_offer(FIRST)
    one.passes(hours=1)
    one.applied({**WHOLE, "national_id": OTHER_PASSPORT, "email": OTHER_EMAIL})
    listened(one)
    assert counts(one) == WHOLE
    question = the_question(one)
    assert (question.source.kind, question.source.id) == (SourceKind.APPLICATION, APP)
    assert list(question.fields) == ["email", "national_id"]


def test_an_application_found_after_the_offer_is_a_question_where_it_says_more(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.sends_offer(FIRST)
    one.applied({**ZHOU, "national_id": OTHER_PASSPORT})
    listened(one)
    assert one.applications.of(FIRST) is not None
    assert counts(one)["national_id"] is None
    assert list(the_question(one).fields) == ["national_id"]


def test_what_an_application_said_before_the_offer_is_pinned_where_nothing_else_was_said(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.applied({**ZHOU, "national_id": PASSPORT})
    one.sends_offer(FIRST)
    assert counts(one) == {**ZHOU, "national_id": PASSPORT}
    one.passes(hours=1)
    one.applied({**ZHOU, "national_id": OTHER_PASSPORT})
    listened(one)
    assert counts(one)["national_id"] == PASSPORT


@pytest.mark.parametrize("written", ["none", "n/a", "12345"])
def test_free_text_of_an_ats_is_no_contact_data(one: Tenant, written: str) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.applied({**without(ZHOU, "email"), "email": written.replace("/", "")})
    one.applied({**without(ZHOU, "email"), "national_id": written})
    one.sends_offer(FIRST)
    listened(one)
    assert (counts(one)["email"], counts(one)["national_id"]) == (None, None)
    assert asked(one) == []


# --- merges are no way around it


def test_a_newcomer_who_is_recognised_brings_no_address(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.sends_offer(FIRST)
    assert one.hand_in({**ZHOU, "email": OTHER_EMAIL}, vendor="other") == FIRST
    listened(one)
    assert counts(one)["email"] is None
    question = the_question(one)
    assert (question.subject, question.fields) == (FIRST, ("email",))


def test_whom_hr_says_are_one_brings_no_address_for_that(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    other = one.hand_in(
        {"name": "周小", "phone": ZHOU["phone"], "email": OTHER_EMAIL, "national_id": PASSPORT},
        vendor="other",
        passes=False,
    )
    one.sends_offer(FIRST)
    one.merging.same(one.the_merge().merge_id, FIRST, "同一人", "hr-1", one.now)
    listened(one)
    assert counts(one) == {**without(ZHOU, "email"), "email": None, "national_id": None}
    question = the_question(one)
    assert (question.subject, question.source.kind) == (FIRST, SourceKind.MERGE)
    assert list(question.fields) == ["email", "name", "national_id"]
    assert other != FIRST


def test_what_the_other_of_an_undone_merge_gave_is_theirs_alone(one: Tenant) -> None:
    """They are two people: no letter goes to the other, and no check is about them."""
    one.hand_in(without(ZHOU, "email"))
    one.hand_in(WHOLE, vendor="other")
    one.sends_offer(FIRST)
    assert counts(one) == WHOLE
    merge_id = one.the_merge().merge_id
    for _ in range(2):
        one.merging.undo(merge_id, "两个人", "hr-1", one.now)
    assert counts(one) == {**ZHOU, "email": None, "national_id": None}
    (before,) = one.wired.people.contact_desk.contact(FIRST).before
    assert (before.contact.email, before.contact.national_id) == (ZHOU["email"], PASSPORT)
    assert before.replaced.actor == "hr-1"
    assert told_of(one, "identity.corrected") == [{"fields": ["email", "national_id"], "source": "merge"}]
    # Said again, it is a question like anything else.
    one.hand_in(WHOLE, interview_id="itv-3")
    assert list(the_question(one).fields) == ["email", "national_id"]


def test_what_hr_said_of_it_since_stays_when_a_merge_is_undone(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.hand_in(WHOLE, vendor="other")
    one.sends_offer(FIRST)
    one.wired.people.contact_desk.correct(
        FIRST, Contact(email=OTHER_EMAIL), reason="-", request_key="k", actor="hr-1", now=one.now
    )
    one.merging.undo(one.the_merge().merge_id, "两个人", "hr-1", one.now)
    assert counts(one) == {**ZHOU, "email": OTHER_EMAIL, "national_id": None}


def test_of_an_undoing_and_the_draft_at_one_moment_nothing_of_the_other_is_left(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.hand_in(WHOLE, vendor="other")
    merge_id = one.the_merge().merge_id
    again = one.again()
    for at in range(1, 60):
        world = again()
        between = Between(at, lambda world=world: world.sends_offer(FIRST))  # type: ignore[misc]  # of this turn
        world.seen_by(between).merging.undo(merge_id, "两个人", "hr-1", world.now)
        assert (counts(world)["email"], counts(world)["national_id"]) == (None, None), at
        if not between.acted:
            break


def test_later_interviews_of_a_source_that_was_merged_are_compared_with_whom_they_are_about(
    one: Tenant,
) -> None:
    one.hand_in(ZHOU)
    assert one.hand_in(ZHOU, vendor="other") == FIRST
    one.sends_offer(FIRST)
    assert one.hand_in({**ZHOU, "email": OTHER_EMAIL}, vendor="other", interview_id="itv-2") == FIRST
    assert counts(one)["email"] == ZHOU["email"]
    assert the_question(one).subject == FIRST


# --- at one moment, and half-way


def test_an_interview_and_the_offer_at_one_moment_either_update_or_ask(one: Tenant) -> None:
    """Whatever comes between any two calls of the interview: never is another address pinned without a word."""
    one.hand_in(WHOLE)
    again = one.again()
    seen = set()
    for at in range(1, 40):
        world = again()
        between = Between(at, lambda world=world: world.sends_offer(FIRST))  # type: ignore[misc]  # of this turn
        racing = world.seen_by(between)
        racing.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
        if not between.acted:
            break
        updated, questions = told_of(world, "identity.updated"), asked(world)
        assert (len(updated), len(questions)) in ((1, 0), (0, 1))
        assert counts(world)["email"] == (OTHER_EMAIL if updated else ZHOU["email"])
        names = [name for _, name, _ in world.told()]
        assert not updated or names.index("identity.updated") < names.index("offer.drafted")
        seen.add(bool(updated))
    assert seen == {True, False}


@pytest.mark.parametrize("pinned", [False, True])
def test_a_crash_at_any_call_is_healed_by_the_same_interview(one: Tenant, pinned: bool) -> None:
    one.hand_in(WHOLE)
    if pinned:
        one.sends_offer(FIRST)
    again = one.again()
    at = 0
    while True:
        at += 1
        world = again()
        faults = Faults(at)
        crashing = world.seen_by(faults)
        other = {**WHOLE, "email": OTHER_EMAIL, "national_id": OTHER_PASSPORT}
        crashed = _crashes(lambda: crashing.hand_in(other, interview_id="itv-2"))  # noqa: B023 - called at once
        world.hand_in(other, interview_id="itv-2")
        assert counts(world)["email"] == (ZHOU["email"] if pinned else OTHER_EMAIL)
        assert len(asked(world)) == len(told_of(world, "identity.questioned")) == pinned
        assert len(told_of(world, "identity.updated")) == (not pinned)
        assert len(world.people.replaced(FIRST)) == (not pinned)
        if not crashed:
            return


def _crashes(call: Any) -> bool:
    from tests.journey.faults import Crash

    try:
        call()
    except Crash:
        return True
    return False


def test_of_two_answers_at_one_moment_one_counts(one: Tenant) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    question_id = the_question(one).question_id
    again = one.again()
    for at in range(1, 30):
        world = again()
        between = Between(
            at,
            lambda world=world: world.wired.people.contact_desk.decide(  # type: ignore[misc]  # of this turn
                question_id, "refuse", reason="-", actor="hr-2", now=world.now
            ),
        )
        racing = world.seen_by(between)
        with suppress(Conflict):  # who was overtaken is told, and nothing else
            racing.wired.people.contact_desk.decide(
                question_id, "accept", reason="-", actor="hr-1", now=START
            )
        if not between.acted:
            break
        status = the_question(world).status
        assert counts(world)["email"] == (OTHER_EMAIL if status is QuestionStatus.ACCEPTED else ZHOU["email"])
    else:
        raise AssertionError("never without the other")
