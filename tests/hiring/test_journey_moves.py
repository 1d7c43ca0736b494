"""What each stage of the hiring journey makes of each fact, and what is told of it (B9, B1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from rencai.hiring.rules.journey import (
    STAGE_DUE,
    Advanced,
    Fact,
    FactKind,
    Journey,
    Stage,
    StageEntry,
    advance,
)
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.kernel.errors import CommonRefusal, IllegalTransition, Refusal
from rencai.kernel.events import Event, EventName
from tests.builders import (
    CANDIDATE,
    CHECK,
    ENVELOPE,
    NOW,
    OFFER,
    check_requested,
    checked,
    drafted,
    merged,
    onboarded,
    profiled,
    reconsidered,
    resent,
    sent,
    signed,
    unmerged,
    withdrawn,
)
from tests.hiring.ways import APPROVED, DECLINED, EXPIRED, FLAGGED, NEW, REJECTED, VOIDED, WAYS, K, S, walked

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
    reconsidered(),
    withdrawn(),
)

# Written down from mission.md B, not from the code. Columns are FACTS in their order:
# > moves, k is kept for its turn, = was known, n is put on record without a move, x is refused.
EXPECTED: Mapping[str, str] = {
    "new": "> kkk kkk kkk xx k xxx xx",
    "qualified": "n >kk kkk kkk xx k x>x x>",
    "offer_drafted": "n =>k kkk kkk xx k xxx x>",
    "offer_sent": "n ==> >>> kkk xx k xxx x>",
    "signed": "n === xxx >kk xx k xxx x>",
    "checking": "n === xxx =>> xx k xxx x>",
    "in_review": "n === xxx =x= >> k xxx x>",
    "cleared": "n === xxx ==x xx > xxx xx",
    "cleared by a person": "n === xxx =x= =x > xxx xx",
    "onboarded": "n === xxx ==x xx = xxx xx",
    "talent_pool": "> xxx xxx xxx xx x x>x >>",
    "offer_declined": "n ==x =xx xxx xx x >>x xx",
    "offer_expired": "n ==x x=x xxx xx x >>x xx",
    "withdrawn": "n ==x xx= xxx xx x >>x xx",
    "withdrawn by a person": "n ==x xx= xxx xx x >>x x=",
    "rejected": "n === xxx =x= x= x x>x xx",
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
    K.RECONSIDERED: (S.QUALIFIED, ("candidate.reconsidered", "journey.resumed")),
    K.WITHDRAWN: (S.WITHDRAWN, ("candidate.withdrawn",)),
}

ASKED_BY_A_PERSON: Mapping[FactKind, Refusal] = {
    K.REVIEW_APPROVED: HiringRefusal.NOTHING_TO_REVIEW,
    K.REVIEW_REJECTED: HiringRefusal.NOTHING_TO_REVIEW,
    K.RECONSIDERED: HiringRefusal.NOTHING_TO_RECONSIDER,
    K.WITHDRAWN: HiringRefusal.NOTHING_TO_WITHDRAW,
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
        assert caught.value.code is ASKED_BY_A_PERSON.get(fact.kind, CommonRefusal.ILLEGAL_TRANSITION)
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


def test_what_was_withdrawn_after_it_was_signed_is_not_offered_again() -> None:
    before = walked((*WAYS["signed"], withdrawn()))
    with pytest.raises(IllegalTransition):
        advance(before, resent(), NOW)


def test_a_signature_that_waited_for_its_turn_is_contested_when_the_journey_is_withdrawn_first() -> None:
    """It came before the sending was on record; then the candidate says no."""
    waiting = walked((profiled(), drafted(), signed()))
    advanced = advance(waiting, withdrawn(), NOW)
    assert [event.name for event in advanced.events] == [
        "candidate.withdrawn",
        "transition.refused",
        "offer.contested",
    ]
    assert [event.id for event in advanced.events] == [f"evt_01ABC_4_{number}" for number in range(3)]
    assert advanced.events[2].data == {"offer_id": OFFER, "envelope_id": ENVELOPE, "cause": "signed"}
    assert (advanced.journey.stage, advanced.journey.pending) == (S.WITHDRAWN, ())
