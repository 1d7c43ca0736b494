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
from rencai.kernel.errors import CommonRefusal, IllegalTransition
from rencai.kernel.events import Event, EventName
from tests.builders import (
    CANDIDATE,
    CHECK,
    NOW,
    check_requested,
    checked,
    drafted,
    merged,
    onboarded,
    profiled,
    resent,
    sent,
    signed,
    unmerged,
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
        assert caught.value.code is (
            HiringRefusal.NOTHING_TO_REVIEW if review else CommonRefusal.ILLEGAL_TRANSITION
        )
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
