"""The hiring journey is a state machine that cannot be cheated (B9)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.domain.errors import IllegalTransition, Refusal
from rencai.domain.events import Event, EventName
from rencai.domain.journey import (
    STAGE_DUE,
    Advanced,
    Fact,
    FactKind,
    Journey,
    Stage,
    StageEntry,
    advance,
)
from tests.unit.builders import (
    CANDIDATE,
    CHECK,
    EMPLOYEE,
    ENVELOPE,
    NOW,
    OFFER,
    check_requested,
    checked,
    closed,
    drafted,
    hired,
    merged,
    onboarded,
    profiled,
    resent,
    reviewed,
    sent,
    signed,
    unmerged,
)

K = FactKind
S = Stage
DECLINED, EXPIRED, VOIDED = (closed(kind) for kind in (K.OFFER_DECLINED, K.OFFER_EXPIRED, K.OFFER_VOIDED))
APPROVED, REJECTED = reviewed(K.REVIEW_APPROVED), reviewed(K.REVIEW_REJECTED)
FLAGGED = checked(K.CHECK_FLAGGED)
NEW = Journey(CANDIDATE)


def walked(facts: Iterable[Fact], journey: Journey = NEW, now: datetime = NOW) -> Journey:
    for fact in facts:
        journey = advance(journey, fact, now).journey
    return journey


_SIGNED = (profiled(), drafted(), sent(), signed())
_CHECKING = (*_SIGNED, check_requested())
WAYS: Mapping[str, tuple[Fact, ...]] = {
    "new": (),
    "qualified": (profiled(),),
    "offer_drafted": (profiled(), drafted()),
    "offer_sent": (profiled(), drafted(), sent()),
    "signed": _SIGNED,
    "checking": _CHECKING,
    "in_review": (*_CHECKING, FLAGGED),
    "cleared": (*_CHECKING, checked()),
    "cleared by a person": (*_CHECKING, FLAGGED, APPROVED),
    "onboarded": tuple(hired()),
    "talent_pool": (profiled(qualifies=False),),
    "offer_declined": (profiled(), drafted(), sent(), DECLINED),
    "offer_expired": (profiled(), drafted(), sent(), EXPIRED),
    "withdrawn": (profiled(), drafted(), sent(), VOIDED),
    "rejected": (*_CHECKING, FLAGGED, REJECTED),
}

FACTS = (
    profiled("itv-2"),
    drafted(),
    sent(),
    signed(),
    DECLINED,
    EXPIRED,
    VOIDED,
    check_requested(),
    checked(),
    FLAGGED,
    APPROVED,
    REJECTED,
    onboarded(),
    resent(),
    merged(),
    unmerged(),
)

# Written down from mission.md B, not from the code. Columns are FACTS in their order:
# > moves, k is kept for its turn, = was known, n is put on record without a move, x is refused.
EXPECTED: Mapping[str, str] = {
    "new": "> kkk kkk kkk xx k xxx",
    "qualified": "n >kk kkk kkk xx k x>x",
    "offer_drafted": "n =>k kkk kkk xx k xxx",
    "offer_sent": "n ==> >>> kkk xx k xxx",
    "signed": "n === xxx >kk xx k xxx",
    "checking": "n === xxx =>> xx k xxx",
    "in_review": "n === xxx =x= >> k xxx",
    "cleared": "n === xxx ==x xx > xxx",
    "cleared by a person": "n === xxx =x= =x > xxx",
    "onboarded": "n === xxx ==x xx = xxx",
    "talent_pool": "> xxx xxx xxx xx x x>x",
    "offer_declined": "n ==x =xx xxx xx x >>x",
    "offer_expired": "n ==x x=x xxx xx x >>x",
    "withdrawn": "n ==x xx= xxx xx x >>x",
    "rejected": "n === xxx =x= x= x x>x",
}

# Where each fact leads, and what is told of it.
MOVES: Mapping[FactKind, tuple[Stage, tuple[str, ...]]] = {
    K.PROFILED: (S.QUALIFIED, ("interview.received", "candidate.profiled")),
    K.OFFER_DRAFTED: (S.OFFER_DRAFTED, ("offer.drafted",)),
    K.OFFER_SENT: (S.OFFER_SENT, ("offer.sent",)),
    K.OFFER_SIGNED: (S.SIGNED, ("offer.signed",)),
    K.OFFER_DECLINED: (S.OFFER_DECLINED, ("offer.declined",)),
    K.OFFER_EXPIRED: (S.OFFER_EXPIRED, ("offer.expired",)),
    K.OFFER_VOIDED: (S.WITHDRAWN, ("offer.voided",)),
    K.CHECK_REQUESTED: (S.CHECKING, ("check.requested",)),
    K.CHECK_CLEARED: (S.CLEARED, ("check.cleared",)),
    K.CHECK_FLAGGED: (S.IN_REVIEW, ("check.flagged", "review.requested")),
    K.REVIEW_APPROVED: (S.CLEARED, ("review.decided",)),
    K.REVIEW_REJECTED: (S.REJECTED, ("review.decided",)),
    K.ONBOARDED: (S.ONBOARDED, ("employee.onboarded",)),
    K.OFFER_RESENT: (S.OFFER_DRAFTED, ("offer.resent",)),
    K.MERGED: (S.WITHDRAWN, ("candidate.merged",)),
}

CASES = [
    pytest.param(way, fact, outcome, id=f"{way}-{fact.kind}")
    for way, row in EXPECTED.items()
    for fact, outcome in zip(FACTS, row.replace(" ", ""), strict=True)
]


def test_every_stage_and_every_fact_is_in_the_table() -> None:
    assert {walked(facts).stage for facts in WAYS.values()} == set(Stage) - {S.INTERVIEWED} | {NEW.stage}
    assert {fact.kind for fact in FACTS} == set(FactKind)
    assert EXPECTED.keys() == WAYS.keys()
    assert len(CASES) == len(WAYS) * len(FACTS)


@pytest.mark.parametrize(("way", "fact", "outcome"), CASES)
def test_b9_what_each_stage_makes_of_each_fact(way: str, fact: Fact, outcome: str) -> None:
    before = walked(WAYS[way])
    version = len(WAYS[way])
    assert before.version == version
    if outcome == "x":
        with pytest.raises(IllegalTransition) as caught:
            advance(before, fact, NOW)
        assert (caught.value.stage, caught.value.fact) == (before.stage, fact.kind)
        review = fact in (APPROVED, REJECTED)
        assert caught.value.code is (Refusal.NOTHING_TO_REVIEW if review else Refusal.ILLEGAL_TRANSITION)
        return
    advanced = advance(before, fact, NOW)
    if outcome == "=":
        assert advanced == Advanced(before, changed=False)
        return
    if outcome == "k":
        assert advanced == Advanced(replace(before, pending=(fact,), version=version + 1), kept=True)
        return
    if outcome == "n":
        told: tuple[str, ...] = ("interview.received",)
        entered: tuple[Stage, ...] = ()
    else:
        target, told = MOVES[fact.kind]
        entered = (S.INTERVIEWED, target) if fact.kind is K.PROFILED else (target,)
    assert [event.name for event in advanced.events] == list(told)
    assert [event.id for event in advanced.events] == [
        f"evt_01ABC_{version + 1}_{number}" for number in range(len(told))
    ]
    assert {(event.at, event.actor) for event in advanced.events} == {(NOW, fact.actor)}
    assert advanced.journey == Journey(
        CANDIDATE,
        stages=before.stages
        + tuple(
            StageEntry(stage, NOW, NOW + STAGE_DUE[stage] if stage in STAGE_DUE else None)
            for stage in entered
        ),
        about={**before.about, **fact.about},
        applied=(*before.applied, fact.key),
        version=version + 1,
    )
    assert advanced.changed
    assert advanced.refused == ()


def test_the_events_carry_what_the_fact_says() -> None:
    assert advance(NEW, profiled(), NOW).events == (
        Event("evt_01ABC_1_0", EventName.INTERVIEW_RECEIVED, NOW, profiled().data["received"], "aiview"),
        Event("evt_01ABC_1_1", EventName.CANDIDATE_PROFILED, NOW, profiled().data["profiled"], "aiview"),
    )
    assert advance(walked(WAYS["checking"]), FLAGGED, NOW).events == (
        Event("evt_01ABC_6_0", EventName.CHECK_FLAGGED, NOW, {"check_id": CHECK}, "background"),
        Event("evt_01ABC_6_1", EventName.REVIEW_REQUESTED, NOW, {"check_id": CHECK}, "background"),
    )


def test_b1_who_does_not_qualify_rests_in_the_talent_pool() -> None:
    advanced = advance(NEW, profiled(qualifies=False), NOW)
    assert [event.name for event in advanced.events] == [
        "interview.received",
        "candidate.profiled",
        "candidate.declined_by_us",
    ]
    assert advanced.journey == Journey(
        CANDIDATE,
        stages=(
            StageEntry(S.INTERVIEWED, NOW, NOW + timedelta(hours=1)),
            StageEntry(S.TALENT_POOL, NOW, None),
        ),
        applied=("profiled:aiview/itv-1",),
        version=1,
    )


# --- whatever order, duplicate or delay ---------------------------------------------------------------------

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


# --- facts that contradict ----------------------------------------------------------------------------------


@pytest.mark.parametrize("second", [DECLINED, EXPIRED, VOIDED])
def test_b9_what_was_signed_stays_signed(second: Fact) -> None:
    with pytest.raises(IllegalTransition):
        advance(walked(WAYS["signed"]), second, NOW)


def test_b9_contradictory_facts_that_came_early_are_settled_the_same_way_in_every_order() -> None:
    ends = set()
    for order in permutations([signed(), DECLINED, VOIDED]):
        advanced = advance(walked([profiled(), drafted(), *order]), sent(), NOW)
        assert advanced.journey.pending == ()
        ends.add(
            (advanced.journey.stage, tuple(event.name for event in advanced.events), len(advanced.refused))
        )
    assert ends == {
        (S.OFFER_DECLINED, ("offer.sent", "offer.declined", "transition.refused", "transition.refused"), 2)
    }


def test_b9_a_check_that_clears_after_it_was_flagged_clears_nobody() -> None:
    with pytest.raises(IllegalTransition):
        advance(walked(WAYS["in_review"]), checked(), NOW)


@pytest.mark.parametrize(
    ("way", "fact"),
    [
        ("offer_sent", signed("env_2")),
        ("offer_sent", closed(K.OFFER_DECLINED, "env_2")),
        ("offer_sent", closed(K.OFFER_EXPIRED, "env_2")),
        ("offer_sent", closed(K.OFFER_VOIDED, "env_2")),
        ("offer_sent", closed(K.OFFER_SIGNED, offer="off_99XYZ")),
        ("offer_sent", Fact(K.OFFER_SIGNED, ENVELOPE)),
        ("offer_drafted", Fact(K.OFFER_SENT, ENVELOPE, {"offer": "off_99XYZ", "envelope": ENVELOPE})),
        ("checking", checked(check="chk_2")),
        ("checking", checked(K.CHECK_FLAGGED, check="chk_2")),
        ("checking", Fact(K.CHECK_CLEARED, CHECK)),
    ],
)
def test_b9_another_offer_envelope_or_check_than_ours_is_refused(way: str, fact: Fact) -> None:
    before = walked(WAYS[way])
    with pytest.raises(IllegalTransition):
        advance(before, fact, NOW)


def test_b9_an_early_signature_of_another_envelope_is_refused_when_its_turn_comes() -> None:
    advanced = advance(walked([profiled(), drafted(), signed("env_2")]), sent(), NOW)
    assert advanced.journey.stage is S.OFFER_SENT
    assert advanced.journey.pending == ()
    assert f"offer_signed:{'env_2'}" not in advanced.journey.applied
    assert advanced.events[1:] == (
        Event(
            "evt_01ABC_4_1",
            EventName.TRANSITION_REFUSED,
            NOW,
            {"fact": "offer_signed", "stage": "offer_sent"},
            "esign",
        ),
    )
    assert walked([signed()], advanced.journey).stage is S.SIGNED


# --- further interviews -------------------------------------------------------------------------------------


def test_b1_a_better_interview_reopens_the_talent_pool() -> None:
    rested = walked([profiled(qualifies=False)])
    advanced = advance(rested, profiled("itv-2"), NOW)
    assert [entry.stage for entry in advanced.journey.stages] == [
        S.INTERVIEWED,
        S.TALENT_POOL,
        S.INTERVIEWED,
        S.QUALIFIED,
    ]
    assert [event.name for event in advanced.events] == ["interview.received", "candidate.profiled"]
    assert walked(hired()[1:], advanced.journey).stage is S.ONBOARDED


def test_b1_another_weak_interview_is_told_again_and_rests_again() -> None:
    rested = walked([profiled(qualifies=False), profiled("itv-2", qualifies=False)])
    assert (rested.stage, len(rested.stages)) == (S.TALENT_POOL, 4)


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"new", "talent_pool"}))
@pytest.mark.parametrize("qualifies", [True, False])
def test_b9_a_further_interview_never_touches_what_was_decided(way: str, qualifies: bool) -> None:
    before = walked(WAYS[way])
    advanced = advance(before, profiled("itv-2", qualifies=qualifies), NOW)
    assert (advanced.journey.stages, advanced.journey.about) == (before.stages, before.about)
    assert [event.name for event in advanced.events] == ["interview.received"]


# --- B7 -----------------------------------------------------------------------------------------------------


def test_b7_a_journey_that_keeps_every_due_time_takes_at_most_24_hours() -> None:
    journey, now = NEW, NOW
    for fact in hired():
        journey = advance(journey, fact, now).journey
        if journey.due_at is not None:
            now = journey.due_at
    assert journey.stage is S.ONBOARDED
    assert journey.stages[-1].entered_at - journey.stages[0].entered_at <= timedelta(hours=24)


def test_b7_every_stage_where_somebody_is_waited_for_is_due_some_time() -> None:
    ends = {S.ONBOARDED, S.TALENT_POOL, S.OFFER_DECLINED, S.OFFER_EXPIRED, S.REJECTED, S.WITHDRAWN}
    assert STAGE_DUE.keys() == set(Stage) - ends
    assert min(STAGE_DUE.values()) > timedelta(0)


def test_b7_a_tenants_own_due_times_are_used() -> None:
    advanced = advance(NEW, profiled(), NOW, {S.QUALIFIED: timedelta(minutes=5)})
    assert [entry.due_at for entry in advanced.journey.stages] == [None, NOW + timedelta(minutes=5)]


def test_a_new_journey_stands_at_its_first_stage() -> None:
    assert (NEW.stage, NEW.due_at, NEW.updated_at, NEW.version) == (S.INTERVIEWED, None, None, 0)


# --- offers sent again, and merges -------------------------------------------------------------------------------


def test_an_offer_sent_again_is_signed_in_its_own_envelope_and_not_in_the_old_one() -> None:
    again = walked([*WAYS["offer_expired"], resent(), sent("env_2")])
    with pytest.raises(IllegalTransition):
        advance(again, signed("env_1"), NOW)
    assert advance(again, signed("env_2"), NOW).journey.stage is S.SIGNED


def test_the_old_envelopes_signature_that_comes_before_the_new_envelope_is_refused_when_that_is_out() -> None:
    between = walked([*WAYS["offer_declined"], resent(), signed("env_1")])
    advanced = advance(between, sent("env_2"), NOW)
    assert [(refusal.stage, refusal.fact) for refusal in advanced.refused] == [("offer_sent", "offer_signed")]
    assert advanced.journey.stage is S.OFFER_SENT


@pytest.mark.parametrize(
    ("way", "resumed"),
    [("qualified", True), ("talent_pool", False), ("offer_declined", False)],
)
def test_a_merge_undone_leads_back_to_where_it_came_from(way: str, resumed: bool) -> None:
    before = walked(WAYS[way])
    advanced = advance(walked([merged()], before), unmerged(), NOW)
    assert advanced.journey.stage is before.stage
    assert [event.name for event in advanced.events] == (
        ["candidate.unmerged", "journey.resumed"] if resumed else ["candidate.unmerged"]
    )


def test_a_merge_is_undone_by_its_own_name_only() -> None:
    with pytest.raises(IllegalTransition):
        advance(walked([*WAYS["qualified"], merged()]), unmerged("mrg_other"), NOW)


def test_who_was_merged_away_gets_no_offer() -> None:
    for way in ("offer_declined", "offer_expired", "withdrawn"):
        with pytest.raises(IllegalTransition):
            advance(walked([*WAYS[way], merged()]), resent(), NOW)


def test_who_was_merged_by_mistake_may_be_sent_the_offer_again() -> None:
    """Found in review: the undone merge stayed on the journey."""
    back = walked([*WAYS["offer_expired"], merged(), unmerged()])
    assert advance(back, resent(), NOW).journey.stage is S.OFFER_DRAFTED


def test_a_delivery_whose_fact_was_kept_hears_what_became_of_it() -> None:
    early = replace(signed(), delivery="dlv_1")
    applied = advance(walked([profiled(), drafted(), early]), sent(), NOW)
    assert (applied.events[-1].name, dict(applied.events[-1].data)) == (
        "delivery.settled",
        {"delivery_id": "dlv_1", "status": "applied"},
    )
    refused = advance(
        walked([profiled(), drafted(), replace(signed("env_2"), delivery="dlv_2")]), sent(), NOW
    )
    assert refused.events[-1].data["status"] == "failed"
    assert refused.events[-1].data["reason"].startswith("409")
    assert len({event.id for event in refused.events}) == len(refused.events)
