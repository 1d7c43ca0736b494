"""The hiring journey ends the same whatever the order, the duplicates or the delay of its facts (B9)."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rencai.hiring.rules.journey import Fact, advance
from rencai.hiring.rules.stages import Review, Stage
from rencai.kernel.events import Event
from tests.builders import (
    CHECK,
    EMPLOYEE,
    ENVELOPE,
    NOW,
    OFFER,
    drafted,
    hired,
    onboarded,
    profiled,
    sent,
    signed,
)
from tests.hiring.ways import APPROVED, FLAGGED, LEFT_OUT, LET_IN, NEW, REJECTED, THIN, S, walked

End = tuple[Any, ...]


def end_of(facts: Sequence[Fact]) -> End:
    """Where a delivery of these facts ends: times and the order of arrival left out."""
    journey, told = NEW, list[Event]()
    for fact in facts:
        advanced = advance(journey, fact, NOW)
        journey = advanced.journey
        told += advanced.events
    assert len({event.id for event in told}) == len(told)
    return (
        [entry.stage for entry in journey.stages],
        dict(journey.about),
        set(journey.applied),
        len(journey.applied),
        journey.pending,
        Counter(event.name for event in told),
    )


HIRED_END: End = (
    list(Stage)[:8],
    {"offer": OFFER, "envelope": ENVELOPE, "check": CHECK, "employee": EMPLOYEE},
    {fact.key for fact in hired()},
    7,
    (),
    Counter(
        [
            "interview.received",
            "candidate.profiled",
            "offer.drafted",
            "offer.sent",
            "offer.signed",
            "check.requested",
            "check.cleared",
            "employee.onboarded",
        ]
    ),
)


def test_b9_every_order_of_a_hired_journeys_facts_ends_the_same() -> None:
    count = 0
    for order in permutations(hired()):
        count += 1
        assert end_of(order) == HIRED_END
    assert count == 5040


@given(st.permutations(hired() * 2 + hired()[2:5]))
def test_b9_duplicates_in_every_order_change_nothing(facts: list[Fact]) -> None:
    assert end_of(facts) == HIRED_END


@given(st.permutations([*hired()[:5], FLAGGED, onboarded()]), st.booleans())
def test_b9_every_order_up_to_the_review_ends_the_same(facts: list[Fact], approve: bool) -> None:
    """The employee before the review is kept, and comes to be only if a person agrees."""
    before = walked(facts)
    assert (before.stage, before.pending) == (S.IN_REVIEW, (onboarded(),))
    after = advance(before, APPROVED if approve else REJECTED, NOW)
    assert after.journey.stage is (S.ONBOARDED if approve else S.REJECTED)
    assert after.journey.pending == ()
    assert [event.name for event in after.events] == [
        "review.decided",
        "employee.onboarded" if approve else "transition.refused",
    ]


@given(st.permutations([THIN, *hired()[1:]]), st.booleans())
def test_b9_every_order_up_to_the_review_of_an_interview_ends_the_same(
    facts: list[Fact], approve: bool
) -> None:
    """Whatever is told meanwhile is kept, and comes to be only if a person agrees."""
    before = walked(facts)
    assert (before.review, {fact.key for fact in before.pending}) == (
        Review.INTERVIEW,
        {fact.key for fact in hired()[1:]},
    )
    after = advance(before, LET_IN if approve else LEFT_OUT, NOW)
    assert after.journey.stage is (S.ONBOARDED if approve else S.TALENT_POOL)
    assert after.journey.pending == ()
    assert len(after.refused) == (0 if approve else 6)


@given(st.permutations(hired()[1:]))
def test_b9_no_order_of_facts_hires_who_does_not_qualify(facts: list[Fact]) -> None:
    kept = walked(facts)
    assert (kept.stages, {fact.key for fact in kept.pending}) == ((), {f.key for f in facts})
    advanced = advance(kept, profiled(qualifies=False), NOW)
    assert advanced.journey.stage is S.TALENT_POOL
    assert advanced.journey.pending == ()
    assert Counter(event.name for event in advanced.events) == {
        "interview.received": 1,
        "candidate.profiled": 1,
        "candidate.declined_by_us": 1,
        "transition.refused": 6,
    }
    assert {(refusal.stage, refusal.fact) for refusal in advanced.refused} == {
        ("talent_pool", fact.kind) for fact in facts
    }


def test_a_kept_fact_counts_from_when_its_turn_comes() -> None:
    later = NOW + timedelta(hours=3)
    kept = walked([profiled(), drafted(), signed()])
    advanced = advance(kept, sent(), later)
    assert [(e.stage, e.entered_at) for e in advanced.journey.stages[-2:]] == [
        (S.OFFER_SENT, later),
        (S.SIGNED, later),
    ]
    assert [(e.id, e.name, e.actor) for e in advanced.events] == [
        ("evt_01ABC_4_0", "offer.sent", "rencai"),
        ("evt_01ABC_4_1", "offer.signed", "esign"),
    ]
    assert advanced.journey.version == 4
