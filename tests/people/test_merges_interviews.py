"""People from two sources, on moto's table (A6): an interview comes in, and is linked or asked about."""

from typing import Any

import pytest

from rencai.hiring.rules.stages import Stage
from rencai.people.store.merges import MergeStatus
from tests.journey.faults import Faults
from tests.people.tenant import (
    EMAIL,
    FIRST,
    LI,
    NATIONAL_ID,
    OTHER_PASSPORT,
    PASSPORT,
    PHONE,
    SECOND,
    ZHOU,
    Tenant,
    without,
)


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
    """As before, and an entry and a query for each identifier; for a known one, what counted before."""
    whole = {**ZHOU, "national_id": NATIONAL_ID}
    assert calls_of(one, whole) == [
        "query",  # whether there is a journey
        "put_item",  # the result
        *["put_item"] * 3,  # an entry for each identifier
        *["query"] * 3,
        "update_item",  # the person
        "put_item",  # the journey
        "query",  # whether anybody has decided meanwhile who this is
    ]
    assert calls_of(one, whole, interview_id="itv-2") == ["query", "put_item", "get_item", "put_item"]
    assert calls_of(one, whole, interview_id="itv-2") == ["query", "put_item", "get_item", "query"]
