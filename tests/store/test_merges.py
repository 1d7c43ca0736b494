"""People from two sources, on moto's table (A6): recognised, linked, asked about; races and crashes included."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any, Final

import pytest

from rencai.domain import ids
from rencai.domain.application import Application
from rencai.domain.identity import Contact, IdentifierKind
from rencai.domain.journey import Stage
from rencai.store.applications import Link
from rencai.store.identities import CROWD, Fingerprints
from rencai.store.merges import MergeStatus
from tests.journey.faults import Crash, Faults
from tests.store.tenant import LI, START, ZHOU, Between, Paused, Tenant, tenant

FIRST = ids.candidate_id("aiview", "1")
SECOND = ids.candidate_id("other", "1")
APP = ids.application_id("ats", "app-1")
PHONE, EMAIL = IdentifierKind.PHONE, IdentifierKind.EMAIL
NATIONAL_ID = "11010519491231002X"
PASSPORT, OTHER_PASSPORT = "P31415926", "P27182818"


@pytest.fixture
def one() -> Iterator[Tenant]:
    with tenant() as fresh:
        yield fresh


def without(person: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in person.items() if name not in fields}


# --- fingerprints and identities


def test_fingerprints_differ_by_kind_and_key_and_fit_a_number() -> None:
    one, other = Fingerprints(lambda: b"one"), Fingerprints(lambda: b"other")
    marks = {one.of("phone", "1"), one.of("email", "1"), other.of("phone", "1")}
    assert len(marks) == 3
    assert one.of("phone", "1") in marks
    assert all(len(str(mark)) <= 38 for mark in marks)


def test_the_secret_is_asked_for_once_and_only_when_needed() -> None:
    asked = []

    def key() -> bytes:
        asked.append(1)
        return b"key"

    fingerprints = Fingerprints(key)
    assert asked == []
    fingerprints.of("phone", "1")
    fingerprints.of("phone", "2")
    assert asked == [1]


def test_no_identifier_can_be_read_from_the_table(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    one.applied({**LI, "national_id": NATIONAL_ID})
    entries = [item for item in one.items() if item["pk"].startswith("IDENTITY#")]
    assert len(entries) == 6
    for secret in (*ZHOU.values(), *LI.values(), NATIONAL_ID, "13800000001", "zhou"):
        assert secret not in str(entries)


def test_what_a_crowd_shares_tells_nobody_apart(one: Tenant) -> None:
    """An agency's mailbox on every line of an import must not ask a question a line."""
    for number in range(CROWD + 4):
        person = {"name": f"候选{number}", "email": "agency@example.com", "phone": f"+861390000{number:04d}"}
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    asked = {merge.other for merge in one.all_merges()}
    last = [ids.candidate_id("aiview", str(number)) for number in range(CROWD + 1, CROWD + 4)]
    assert not asked & set(last)
    # The phone still tells: somebody who shares the mailbox as well is not taken for the same because of both.
    same_phone = {"name": "别人", "email": "agency@example.com", "phone": "+8613900000013"}
    other = one.hand_in(same_phone, vendor="other")
    assert other == SECOND
    (question,) = [merge for merge in one.all_merges() if merge.other == SECOND]
    assert question.matched == {PHONE}


@pytest.mark.parametrize("written", ["N/A", "无", "none", "-", "000000", "123456", "123456789", "A123456789"])
def test_a6_a_placeholder_for_a_national_id_makes_nobody_one(one: Tenant, written: str) -> None:
    people = [
        {"name": f"候选{number}", "phone": f"+861390000{number:04d}", "national_id": written}
        for number in range(15)
    ]
    for number, person in enumerate(people):
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    assert one.candidates() == {ids.candidate_id("aiview", str(number)) for number in range(15)}
    assert one.all_merges() == []


def test_a6_a_national_id_that_a_crowd_has_given_tells_nobody_apart(one: Tenant) -> None:
    """A placeholder that passes for a genuine one: the first few are questions, and it ends there."""
    count = CROWD + 5
    for number in range(count):
        person = {
            "name": f"候选{number}",
            "phone": f"+861390000{number:04d}",
            "national_id": NATIONAL_ID,
        }
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    assert one.candidates() == {ids.candidate_id("aiview", str(number)) for number in range(count)}
    merges = one.all_merges()
    assert {merge.status for merge in merges} == {MergeStatus.QUESTION}
    last = {ids.candidate_id("aiview", str(number)) for number in range(CROWD + 1, count)}
    assert not {party for merge in merges for party in merge.parties} & last


def test_a6_a_national_id_alone_is_a_question(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    assert one.hand_in({**LI, "national_id": NATIONAL_ID}, vendor="other") == SECOND
    merge = one.the_merge()
    assert (merge.status, merge.matched) == (
        MergeStatus.QUESTION,
        frozenset({IdentifierKind.NATIONAL_ID}),
    )


@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_a6_a_national_id_and_anything_else_are_one(one: Tenant, field: str) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    person = {**LI, field: ZHOU[field], "national_id": "110105 19491231 002x"}
    assert one.hand_in(person, vendor="other") == FIRST


# --- interviews


def test_a6_the_same_person_from_two_vendors_is_one_candidate(one: Tenant) -> None:
    assert one.hand_in(ZHOU) == FIRST
    one.passes(days=1)
    assert one.hand_in(ZHOU, vendor="other", interview_id="theirs") == FIRST
    record = one.journeys.get(FIRST)
    assert one.candidates() == {FIRST}
    assert record.card.interview_ids == ("itv-1", "theirs")
    assert one.interviews.get("other", "theirs").candidate_id == FIRST
    merge = one.the_merge()
    assert (merge.status, merge.into, merge.absorbed, merge.other) == (
        MergeStatus.MERGED,
        FIRST,
        SECOND,
        SECOND,
    )
    assert merge.matched == {PHONE, EMAIL}
    assert [(e.status, e.actor, e.reason) for e in merge.history] == [(MergeStatus.MERGED, "rencai", None)]
    data = {"merge_id": merge.merge_id, "other": SECOND}
    assert (FIRST, "candidate.merged", data) in one.told()


def test_a6_a_later_interview_of_a_merged_source_goes_the_same_way_whatever_it_says(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs")
    assert one.hand_in(LI, vendor="other", interview_id="theirs-2") == FIRST
    assert one.candidates() == {FIRST}
    assert one.journeys.get(FIRST).card.interview_ids == ("itv-1", "theirs", "theirs-2")


def test_a6_a_talent_returns_by_another_vendor(one: Tenant) -> None:
    one.hand_in(ZHOU, passes=False)
    assert one.stage(FIRST) is Stage.TALENT_POOL
    one.hand_in(ZHOU, vendor="other", interview_id="theirs")
    record = one.journeys.get(FIRST)
    assert (record.journey.stage, record.card.vendor, record.card.profile_of) == (
        Stage.QUALIFIED,
        "other",
        "theirs",
    )


@pytest.mark.parametrize("order", [(ZHOU, without(ZHOU, "email")), (without(ZHOU, "phone"), ZHOU)])
def test_a6_one_identifier_and_the_name_are_enough(one: Tenant, order: tuple[dict[str, Any], ...]) -> None:
    for number, person in enumerate(order):
        assert one.hand_in(person, vendor=("aiview", "other")[number], interview_id=str(number)) == FIRST


def test_a6_a_phone_alone_is_a_question_and_everybody_goes_on_meanwhile(one: Tenant) -> None:
    one.hand_in(ZHOU)
    child = {"name": "周小", "phone": ZHOU["phone"]}
    assert one.hand_in(child, vendor="other") == SECOND
    assert one.candidates() == {FIRST, SECOND}
    merge = one.the_merge()
    assert (merge.status, merge.other, merge.candidates, merge.matched) == (
        MergeStatus.QUESTION,
        SECOND,
        (FIRST,),
        frozenset({PHONE}),
    )
    questioned = {"merge_id": merge.merge_id, "candidates": [FIRST]}
    assert (SECOND, "merge.questioned", questioned) in one.told()


def test_a6_two_national_ids_are_a_question_whatever_else_agrees(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": PASSPORT})
    assert one.hand_in({**ZHOU, "national_id": OTHER_PASSPORT}, vendor="other") == SECOND
    assert one.the_merge().status is MergeStatus.QUESTION


def test_a6_several_are_asked_about_together(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(LI, vendor="other")
    third = one.hand_in({**ZHOU, "email": LI["email"]}, vendor="third")
    merge = one.the_merge()
    assert (merge.status, merge.other, set(merge.candidates)) == (
        MergeStatus.QUESTION,
        third,
        {FIRST, SECOND},
    )


def test_a6_a_source_known_by_an_alias_counts_with_its_person(one: Tenant) -> None:
    """The newcomer shares a phone with one source and an e-mail with another, and both are one person."""
    one.hand_in({**ZHOU, "national_id": PASSPORT})
    one.hand_in({**LI, "name": ZHOU["name"], "national_id": PASSPORT}, vendor="other")
    assert one.hand_in({"name": "?", "phone": ZHOU["phone"], "email": LI["email"]}, vendor="third") == FIRST
    assert one.candidates() == {FIRST}


def test_a6_a_new_identifier_of_a_known_candidate_may_raise_a_question(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(LI, vendor="other")
    one.hand_in({**LI, "email": ZHOU["email"]}, vendor="other", interview_id="itv-2")
    merge = one.the_merge()
    assert (merge.status, merge.other, merge.candidates) == (MergeStatus.QUESTION, SECOND, (FIRST,))
    assert one.candidates() == {FIRST, SECOND}


def test_a6_what_a_source_said_once_still_identifies_it(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in({**ZHOU, "phone": "+8613900000000"}, interview_id="itv-2")
    one.hand_in({**ZHOU, "phone": "+8613900000000", "national_id": PASSPORT}, interview_id="itv-3")
    # The old number's entry knows the national id that came with a later one.
    assert one.hand_in({**ZHOU, "national_id": OTHER_PASSPORT}, vendor="other") == SECOND
    assert one.the_merge().status is MergeStatus.QUESTION


def test_contact_data_of_a_merged_source_fill_gaps_and_no_more(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID, "phone": "+8613800000001"}, vendor="other")
    person = one.people.get(FIRST)
    assert (person.email, person.phone) == (ZHOU["email"], ZHOU["phone"])
    assert one.people.national_id(person) == NATIONAL_ID
    one.hand_in({**ZHOU, "email": "new@example.com"}, interview_id="itv-2")
    assert one.people.get(FIRST).email == "new@example.com"


def calls_of(one: Tenant, person: dict[str, Any], **more: Any) -> list[str]:
    counting = Faults()
    one.seen_by(counting).hand_in(person, **more)
    return [call.partition(".")[2] for call in counting.calls if call.startswith("dynamodb")]


def test_what_recognising_costs(one: Tenant) -> None:
    """As before, and one query an identifier and one batch; nothing more for a known one."""
    whole = {**ZHOU, "national_id": NATIONAL_ID}
    assert calls_of(one, whole) == [
        "query",  # whether there is a journey
        "put_item",  # the result
        "batch_write_item",  # three entries
        *["query"] * 3,
        "update_item",  # the person
        "put_item",  # the journey
    ]
    assert calls_of(one, whole, interview_id="itv-2") == ["query", "put_item", "update_item", "put_item"]
    assert calls_of(one, whole, interview_id="itv-2") == ["query", "put_item", "get_item"]


# --- races and crashes: all that is kept is in the table, so a crash after one call is a crash before the next

RACES = {
    "the same": ZHOU,
    "one identifier": {"name": "周小", "phone": ZHOU["phone"]},
}


@pytest.mark.parametrize("person", RACES.values(), ids=RACES)
def test_a6_two_who_come_at_once_end_as_one_or_as_a_question(person: dict[str, Any]) -> None:
    """The second comes in whole right before each call of the first."""
    at, ended = 1, set()
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(person, vendor="other", interview_id="theirs"))
            own = one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            theirs = one.hand_in(person, vendor="other", interview_id="theirs")
            merge = one.the_merge()
            ended.add(merge.status)
            if merge.status is MergeStatus.MERGED:
                assert own == theirs == merge.into
                assert one.candidates() == {own}
            else:
                assert merge.status is MergeStatus.QUESTION
                assert set(merge.parties) == one.candidates() == {own, theirs}
        at += 1
    assert at > 7
    assert MergeStatus.QUESTION in ended
    assert (MergeStatus.MERGED in ended) == (person == ZHOU)


@pytest.mark.parametrize("first_at", range(1, 8))
def test_a6_two_who_overlap_end_as_one_or_as_a_question(first_at: int) -> None:
    """The second begins before a call of the first, comes to one of its own, and ends after the first has ended."""
    for second_at in range(1, 8):
        with tenant() as one:
            paused = Paused(second_at)
            second = Thread(target=one.seen_by(paused).hand_in, args=(ZHOU, "other", "theirs"), daemon=True)

            def begins(second: Thread = second, paused: Paused = paused) -> None:
                second.start()
                paused.wait_for(second)

            own = one.seen_by(Between(first_at, begins)).hand_in(ZHOU)
            paused.go_on()
            second.join()
            theirs = one.hand_in(ZHOU, vendor="other", interview_id="theirs")
            merge = one.the_merge()
            if merge.status is MergeStatus.MERGED:
                assert one.hand_in(ZHOU) == theirs == merge.into
                assert one.candidates() == {theirs}
            else:
                assert merge.status is MergeStatus.QUESTION
                assert set(merge.parties) == one.candidates() == {own, theirs}


def test_a6_two_interviews_of_one_source_at_once_are_one_candidate() -> None:
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(ZHOU, interview_id="itv-2"))
            one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            assert one.candidates() == {FIRST}
            assert one.all_merges() == []
            assert sorted(one.journeys.get(FIRST).card.interview_ids) == ["itv-1", "itv-2"]
        at += 1


def _comparable(one: Tenant) -> Any:
    """All that is on record but sealed values, which are never the same twice."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(member) for name, member in value.items()}
        if isinstance(value, list):
            return [plain(member) for member in value]
        return "" if isinstance(value, bytes) else value

    kept = [{**plain(item), "events": None} for item in one.items()]
    return sorted(kept, key=lambda item: (item["pk"], item["sk"])), sorted(one.told(), key=str)


def _known_by_phone(one: Tenant) -> None:
    one.hand_in(ZHOU)


def _applied_twice(one: Tenant) -> None:
    one.applied(ZHOU)
    one.applied(ZHOU, "app-2")


def _merged_before(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs-0")


@pytest.mark.parametrize(
    ("before", "person"),
    [
        (_known_by_phone, {**ZHOU, "national_id": NATIONAL_ID}),
        (_known_by_phone, {"name": "周小", "phone": ZHOU["phone"]}),
        (_applied_twice, ZHOU),
        (_merged_before, LI),
    ],
)
def test_a_crash_at_any_call_is_healed_by_the_same_delivery(before: Any, person: dict[str, Any]) -> None:
    def whole(faults: Faults) -> Any:
        with tenant() as one:
            before(one)
            crashing = one.seen_by(faults)
            try:
                crashing.hand_in(person, vendor="other", interview_id="theirs")
            except Crash:
                crashing.hand_in(person, vendor="other", interview_id="theirs")
            return _comparable(one)

    undisturbed = Faults()
    expected = whole(undisturbed)
    for at in range(1, len(undisturbed.calls) + 1):
        faults = Faults(at=at)
        assert whole(faults) == expected, faults.crashed_at


@pytest.mark.parametrize("person", [ZHOU, {"name": "周小", "phone": ZHOU["phone"]}, LI])
def test_a_crash_while_an_application_comes_in_is_healed(person: dict[str, Any]) -> None:
    def whole(faults: Faults) -> Any:
        with tenant() as one:
            one.hand_in(ZHOU)
            crashing = one.seen_by(faults)
            try:
                crashing.applied(person)
            except Crash:
                crashing.applied(person)
            return _comparable(one)

    undisturbed = Faults()
    expected = whole(undisturbed)
    for at in range(1, len(undisturbed.calls) + 1):
        faults = Faults(at=at)
        assert whole(faults) == expected, faults.crashed_at


def _half_made(one: Tenant) -> list[str]:
    """The merges on record that have not come true."""
    return [
        merge.merge_id
        for merge in one.all_merges()
        if merge.status is MergeStatus.MERGED
        and merge.absorbed
        and merge.into
        != (
            one.merges.resolve(merge.absorbed)[0]
            if ids.is_candidate(merge.absorbed)
            else one.applications.candidate_of(merge.absorbed)
        )
    ]


BEGUN: dict[str, tuple[Callable[[Tenant], None], Callable[[Tenant], object]]] = {
    "an interview": (_known_by_phone, lambda one: one.hand_in(ZHOU, "other", "theirs")),
    "an application": (_known_by_phone, lambda one: one.applied(ZHOU)),
    "an interview after applications": (_applied_twice, lambda one: one.hand_in(ZHOU, "other", "theirs")),
}


def _somebody_else(one: Tenant) -> None:
    one.hand_in({"name": "周小", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")


def _a_crowd(one: Tenant) -> None:
    for number in range(CROWD + 1):
        person = {"name": f"候选{number}", "phone": ZHOU["phone"], "email": ZHOU["email"]}
        one.hand_in(person, vendor="third", interview_id=f"3rd-{number}", external_id=str(number))


@pytest.mark.parametrize("comes", [_somebody_else, _a_crowd])
@pytest.mark.parametrize(("before", "arrives"), BEGUN.values(), ids=BEGUN)
def test_a6_a_merge_that_was_begun_is_finished_whoever_comes_before_the_retry(
    before: Callable[[Tenant], None], arrives: Callable[[Tenant], object], comes: Callable[[Tenant], None]
) -> None:
    at, half_made, died = 0, 0, True
    while died:
        at, died = at + 1, False
        with tenant() as one:
            before(one)
            faults = Faults(at=at)
            try:
                arrives(one.seen_by(faults))
            except Crash:
                died = True
                if half := _half_made(one):
                    half_made += 1
                    comes(one)
                    assert _half_made(one) == half
                arrives(one)
            assert _half_made(one) == [], faults.crashed_at
    assert half_made > 1


# --- told once

SAID: Final = {"name": "助理", "email": ZHOU["email"]}


def questions(one: Tenant) -> list[tuple[str, dict[str, Any]]]:
    """Every image that told of a question, by the event's id; the same event may be among them twice."""
    return [(event.id, dict(event.data)) for _, event in one.told_again() if event.name == "merge.questioned"]


def test_a6_a_question_is_told_once_however_often_the_ats_updates(one: Tenant) -> None:
    one.hand_in(ZHOU)
    for status in ("new", "phone screen", "interview", "offer"):
        one.passes(hours=1)
        one.applied(SAID, status=status)
    merge = one.the_merge()
    assert (merge.status, len(merge.history)) == (MergeStatus.QUESTION, 1)
    assert [data for _, data in questions(one)] == [{"merge_id": merge.merge_id, "candidates": [APP]}]


def test_a6_a_question_with_more_to_it_is_told_again_and_stays_the_same_question(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": PASSPORT})
    one.applied({**SAID, "national_id": OTHER_PASSPORT})
    one.passes(hours=1)
    for _ in range(3):
        one.applied({**SAID, "phone": ZHOU["phone"], "national_id": OTHER_PASSPORT})
    merge = one.the_merge()
    assert merge.matched == {PHONE, EMAIL}
    assert merge.round == 1
    assert [entry.status for entry in merge.history] == [MergeStatus.QUESTION] * 2
    assert len(questions(one)) == len({event_id for event_id, _ in questions(one)}) == 2


def test_a6_a_question_about_others_is_told_anew(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied(SAID)
    one.hand_in(LI, vendor="other")
    for _ in range(2):
        one.applied({**SAID, "phone": LI["phone"]})
    assert sorted(len(data["candidates"]) for _, data in questions(one)) == [1, 2]


def test_a6_a_question_is_told_once_through_a_crash_at_any_call() -> None:
    at, died = 0, True
    while died:
        at, died = at + 1, False
        with tenant() as one:
            one.hand_in(ZHOU)
            try:
                one.seen_by(Faults(at=at, when="after")).applied(SAID)
            except Crash:
                died = True
                one.applied(SAID)
            assert len(questions(one)) == 1
    assert at > 5


# --- applications

RESUME = {
    "work_history": [{"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}],
}


def test_a6_an_application_finds_its_candidate(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied(ZHOU, resume=RESUME, evaluation={"score": 85, "comment": "踏实", "by": "王", "at": None})
    stored = one.applications.get(APP)
    assert stored.candidate_id == FIRST
    assert [job.employer for job in stored.told.work_history] == ["甲公司"]
    assert one.applications.of(FIRST) == Link(APP, "app-1")
    merge = one.the_merge()
    assert (merge.status, merge.into, merge.absorbed) == (MergeStatus.MERGED, FIRST, APP)
    told = one.told()
    assert (FIRST, "candidate.merged", {"merge_id": merge.merge_id, "other": APP}) in told
    assert (APP, "application.received", {"application_id": APP}) in told


def test_a6_an_application_waits_for_its_candidate(one: Tenant) -> None:
    one.applied(ZHOU)
    assert one.applications.get(APP).candidate_id is None
    assert one.hand_in(ZHOU) == FIRST
    assert one.applications.of(FIRST) == Link(APP, "app-1")


def test_a6_who_applied_twice_is_one_person(one: Tenant) -> None:
    _applied_twice(one)
    one.hand_in(ZHOU)
    second = ids.application_id("ats", "app-2")
    assert {one.applications.get(APP).candidate_id, one.applications.get(second).candidate_id} == {FIRST}
    assert one.applications.of(FIRST) is not None
    # And a third, once the candidate is known: the first stays the one that is told.
    before = one.applications.of(FIRST)
    one.applied(ZHOU, "app-3")
    assert one.applications.of(FIRST) == before


def test_a6_an_application_with_a_linked_candidate_is_that_candidate(one: Tenant) -> None:
    one.hand_in(without(ZHOU, "email"))
    one.applied(ZHOU)
    # Known by the e-mail only through the application.
    assert one.hand_in(without(ZHOU, "phone"), vendor="other") == FIRST


def test_a6_an_ats_id_is_no_identity(one: Tenant) -> None:
    one.hand_in(ZHOU, external_id="app-1")
    one.applied({})
    assert one.applications.get(APP).candidate_id is None
    assert one.all_merges() == []


def test_a6_a_shared_mailbox_is_a_question_about_the_application_whoever_came_first() -> None:
    assistant = {"name": "助理", "email": ZHOU["email"]}
    for application_first in (True, False):
        with tenant() as one:
            if application_first:
                one.applied(assistant)
            one.hand_in(ZHOU)
            one.applied(assistant)
            merge = one.the_merge()
            assert (merge.status, merge.other, merge.candidates) == (MergeStatus.QUESTION, APP, (FIRST,))
            assert one.applications.of(FIRST) is None


def test_a6_an_application_and_its_interview_at_once_find_each_other() -> None:
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.applied(ZHOU))
            one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            assert one.applications.get(APP).candidate_id == FIRST
            assert one.applications.of(FIRST) == Link(APP, "app-1")
            assert one.the_merge().status is MergeStatus.MERGED
        at += 1
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(ZHOU))
            one.seen_by(between).applied(ZHOU)
            if not between.acted:
                break
            assert one.applications.of(FIRST) == Link(APP, "app-1")
        at += 1


def test_of_each_field_the_latest_counts_in_whatever_order_they_come() -> None:
    def told(day: int, **fields: Any) -> Application:
        at = (START + timedelta(days=day)).isoformat()
        return Application.model_validate({"external_id": "app-1", "updated_at": at, **fields})

    said = [
        told(1, phone="1", email="a@b.cn", status="new"),
        told(2, phone="2", status="phone screen"),
        told(3, status="interview"),
    ]
    for order in (said, said[::-1], [said[1], said[0], said[2]], [said[2], said[0], said[1], said[0]]):
        with tenant() as other:
            for application in order:
                other.applications.record(application, START, "ats", START)
            found = other.applications.get(APP).told
            assert (found.phone, found.email, found.status) == ("2", "a@b.cn", "interview")


def test_an_application_tells_of_itself_when_a_value_has_changed(one: Tenant) -> None:
    for status, day in (("new", 1), ("new", 1), ("new", 2), ("interview", 0), ("interview", 3)):
        at = (START + timedelta(days=day)).isoformat()
        one.applied({}, status=status, updated_at=at)
    assert [name for _, name, _ in one.told()] == ["application.received"] * 2
    assert one.applications.get(APP).told.status == "interview"


def test_personal_data_of_an_application_are_sealed(one: Tenant) -> None:
    one.applied(
        {**ZHOU, "national_id": NATIONAL_ID},
        resume=RESUME,
        evaluation={"score": 85, "comment": "踏实"},
        status="interview",
    )
    (item,) = [item for item in one.items() if item["sk"] == "APPLICATION"]
    assert (item["external_id"], item["status"]) == ("app-1", "interview")
    for secret in (*ZHOU.values(), NATIONAL_ID, "甲公司", "踏实"):
        assert secret not in str(item)
        assert secret not in json.dumps(one.told())


def test_a_cursor_stays_until_it_is_put_back(one: Tenant) -> None:
    assert one.cursors.get("ats") is None
    one.cursors.put("ats", "page-2", START)
    assert (one.cursors.get("ats"), one.cursors.get("lms")) == ("page-2", None)
    one.cursors.put("ats", None, START)
    assert one.cursors.get("ats") is None


def test_identities_of_contacts_that_say_nothing_are_not_written(one: Tenant) -> None:
    one.identities.record(one.identities.identity(APP, Contact(name="周晓")), START)
    assert not [item for item in one.items() if item["pk"].startswith("IDENTITY#")]
