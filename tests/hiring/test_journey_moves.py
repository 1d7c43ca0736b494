"""What each stage of the hiring journey makes of each fact, and what is told of it (B9, B1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from rencai.hiring.rules.documents import HiringPolicy
from rencai.hiring.rules.journey import Advanced, Fact, Journey, advance
from rencai.hiring.rules.moves import TRANSITIONS, FactKind
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import STAGE_DUE, Place, Review, Stage, StageEntry
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
    rescheduled,
    resent,
    reviewed,
    sent,
    signed,
    unmerged,
    withdrawn,
)
from tests.hiring.ways import (
    APPROVED,
    DECLINED,
    EXPIRED,
    FLAGGED,
    LEFT_OUT,
    LET_IN,
    NEW,
    REJECTED,
    THIN,
    VOIDED,
    WAYS,
    K,
    S,
    walked,
)

FACTS = (
    profiled("itv-2"),
    LET_IN,
    LEFT_OUT,
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
    rescheduled(),
)

# Written down from mission.md B, not from the code. Columns are FACTS in their order:
# > moves, k is kept for its turn, = was known, n and ~ are put on record without a move, x is refused.
EXPECTED: Mapping[str, str] = {
    "new": "> xx kkk kkk kkk xx k xxx xx x",
    "interview in review": "> >> kkk kkk kkk xx k x>x x> x",
    "let in by a person": "n =x >kk kkk kkk xx k x>x x> ~",
    "left out by a person": "> x= xxx xxx xxx xx x x>x >> x",
    "qualified": "n xx >kk kkk kkk xx k x>x x> ~",
    "offer_drafted": "n xx =>k kkk kkk xx k xxx x> ~",
    "offer_sent": "n xx ==> >>> kkk xx k xxx x> ~",
    "signed": "n xx === xxx >kk xx k xxx x> ~",
    "checking": "n xx === xxx =>> xx k xxx x> ~",
    "in_review": "n xx === xxx =x= >> k xxx x> ~",
    "cleared": "n xx === xxx ==x xx > xxx xx x",
    "cleared by a person": "n xx === xxx =x= =x > xxx xx x",
    "onboarded": "n xx === xxx ==x xx = xxx xx x",
    "talent_pool": "> xx xxx xxx xxx xx x x>x >> x",
    "offer_declined": "n xx ==x =xx xxx xx x >>x xx x",
    "offer_expired": "n xx ==x x=x xxx xx x >>x xx x",
    "withdrawn": "n xx ==x xx= xxx xx x >>x xx x",
    "withdrawn by a person": "n xx ==x xx= xxx xx x >>x x= x",
    "rejected": "n xx === xxx =x= x= x x>x xx x",
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
    K.INTERVIEW_APPROVED: (S.QUALIFIED, ("review.decided", "journey.resumed")),
    K.INTERVIEW_REJECTED: (S.TALENT_POOL, ("review.decided", "candidate.declined_by_us")),
    K.REVIEW_APPROVED: (S.CLEARED, ("review.decided",)),
    K.REVIEW_REJECTED: (S.REJECTED, ("review.decided",)),
    K.ONBOARDED: (S.ONBOARDED, ("employee.onboarded",)),
    K.OFFER_RESENT: (S.OFFER_DRAFTED, ("offer.resent",)),
    K.MERGED: (S.WITHDRAWN, ("candidate.merged",)),
    K.RECONSIDERED: (S.QUALIFIED, ("candidate.reconsidered", "journey.resumed")),
    K.WITHDRAWN: (S.WITHDRAWN, ("candidate.withdrawn",)),
}

ASKED_BY_A_PERSON: Mapping[FactKind, Refusal] = {
    K.INTERVIEW_APPROVED: HiringRefusal.NOTHING_TO_REVIEW,
    K.INTERVIEW_REJECTED: HiringRefusal.NOTHING_TO_REVIEW,
    K.REVIEW_APPROVED: HiringRefusal.NOTHING_TO_REVIEW,
    K.REVIEW_REJECTED: HiringRefusal.NOTHING_TO_REVIEW,
    K.RESCHEDULED: HiringRefusal.NOTHING_TO_RESCHEDULE,
    K.RECONSIDERED: HiringRefusal.NOTHING_TO_RECONSIDER,
    K.WITHDRAWN: HiringRefusal.NOTHING_TO_WITHDRAW,
}

_OTHER_REVIEW = {
    "in_review": HiringRefusal.REVIEW_OF_CHECK,
    "interview in review": HiringRefusal.REVIEW_OF_INTERVIEW,
}
"""What a decision is answered that is not about what waits."""

CASES = [
    pytest.param(way, fact, outcome, id=f"{way}-{fact.kind}")
    for way, row in EXPECTED.items()
    for fact, outcome in zip(FACTS, row.replace(" ", ""), strict=True)
]


def _due(stage: Stage) -> timedelta | None:
    # Of the moves in the table only the check's result leads to a review.
    return STAGE_DUE.get(Review.CHECK if stage is S.IN_REVIEW else stage)


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
        code = ASKED_BY_A_PERSON.get(fact.kind, CommonRefusal.ILLEGAL_TRANSITION)
        if code is HiringRefusal.NOTHING_TO_REVIEW:
            code = _OTHER_REVIEW.get(way, code)
        assert caught.value.code is code
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
    elif outcome == "~":
        told, entered = ("onboarding.rescheduled",), ()
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
        + tuple(StageEntry(stage, NOW, NOW + due if (due := _due(stage)) else None) for stage in entered),
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
        Event(
            "evt_01ABC_6_1",
            EventName.REVIEW_REQUESTED,
            NOW,
            {"about": "check", "check_id": CHECK},
            "background",
        ),
    )
    decided = {"decision": "approve", "review_id": "rev_1"}
    assert [event.data for event in advance(walked(WAYS["in_review"]), APPROVED, NOW).events] == [
        {"about": "check", **decided}
    ]
    assert [event.data for event in advance(walked([THIN]), LET_IN, NOW).events] == [
        {"about": "interview", **decided},
        {"stage": "qualified"},
    ]
    assert [event.data for event in advance(walked([THIN]), LEFT_OUT, NOW).events] == [
        {"about": "interview", "decision": "reject", "review_id": "rev_1"},
        {"role": "sales", "reason": "not_approved"},
    ]


@pytest.mark.parametrize("qualifies", [True, False])
def test_b1_who_showed_too_little_is_looked_at_by_a_person_whatever_the_score(qualifies: bool) -> None:
    advanced = advance(NEW, profiled(qualifies=qualifies, thin=True), NOW)
    assert [(event.name, event.data) for event in advanced.events][1:] == [
        ("candidate.profiled", profiled(qualifies=qualifies, thin=True).data["profiled"]),
        (
            "review.requested",
            {"about": "interview", "coverage": 0.3, "minimum_coverage": 0.5, "missing": ["negotiation"]},
        ),
    ]
    assert advanced.events[1].data["qualifies"] is qualifies
    assert advanced.journey.stages == (
        StageEntry(S.INTERVIEWED, NOW, NOW + timedelta(hours=1)),
        StageEntry(S.IN_REVIEW, NOW, NOW + timedelta(hours=24)),
    )
    assert advanced.journey.review is Review.INTERVIEW


def test_each_review_has_a_due_time_of_its_own() -> None:
    due: dict[Place, timedelta] = {Review.INTERVIEW: timedelta(hours=3), Review.CHECK: timedelta(hours=5)}
    assert advance(NEW, THIN, NOW, due).journey.due_at == NOW + timedelta(hours=3)
    assert advance(walked(WAYS["checking"]), FLAGGED, NOW, due).journey.due_at == NOW + timedelta(hours=5)


def test_no_move_starts_from_a_review_of_anything() -> None:
    """``in_review`` alone does not say what a decision would be about."""
    assert not [kind for kind, move in TRANSITIONS.items() if S.IN_REVIEW in move.sources]


@pytest.mark.parametrize("qualifies", [True, False])
def test_a_fuller_interview_is_decided_by_its_score_and_the_person_is_not_needed(qualifies: bool) -> None:
    waiting = walked([THIN])
    advanced = advance(waiting, profiled("itv-2", qualifies=qualifies), NOW)
    assert advanced.journey.stage is (S.QUALIFIED if qualifies else S.TALENT_POOL)
    for decision in (LET_IN, LEFT_OUT):
        with pytest.raises(IllegalTransition) as caught:
            advance(advanced.journey, decision, NOW)
        assert caught.value.code is HiringRefusal.NOTHING_TO_REVIEW


def test_another_interview_that_shows_too_little_leaves_the_review_as_it_was_asked_for() -> None:
    waiting = walked([THIN])
    advanced = advance(waiting, profiled("itv-2", thin=True), NOW + timedelta(hours=1))
    assert [event.name for event in advanced.events] == ["interview.received"]
    assert advanced.journey.stages == waiting.stages


def test_a_thin_interview_never_takes_anybody_back() -> None:
    for way in ("qualified", "offer_sent", "checking", "in_review", "onboarded", "rejected", "withdrawn"):
        before = walked(WAYS[way])
        after = advance(before, profiled("itv-2", thin=True), NOW).journey
        assert (after.stages, after.place) == (before.stages, before.place)


def test_who_rests_in_the_pool_comes_to_a_person_by_a_thin_interview() -> None:
    again = walked([*WAYS["talent_pool"], profiled("itv-2", thin=True)])
    assert again.review is Review.INTERVIEW
    assert advance(again, LET_IN, NOW).journey.stage is S.QUALIFIED


def test_an_undone_merge_leads_back_to_the_same_review() -> None:
    back = walked([THIN, merged(), unmerged()])
    assert back.review is Review.INTERVIEW
    assert advance(back, LET_IN, NOW).journey.stage is S.QUALIFIED


def test_both_reviews_of_one_journey_are_decided_each_by_its_own() -> None:
    flagged = walked([THIN, LET_IN, *WAYS["in_review"][1:]])
    assert flagged.review is Review.CHECK
    # The request that let them in comes once more: it is known, and clears nobody.
    assert not advance(flagged, LET_IN, NOW).changed
    with pytest.raises(IllegalTransition):
        advance(flagged, reviewed(K.INTERVIEW_APPROVED, "rev_2"), NOW)
    assert advance(flagged, APPROVED, NOW).journey.stage is S.CLEARED


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


def test_each_review_has_the_time_that_the_policy_gives_it() -> None:
    usual = HiringPolicy()
    policy = HiringPolicy(
        stage_due_hours={**usual.stage_due_hours, Stage.IN_REVIEW: Decimal(6)},
        interview_review_due_hours=Decimal(48),
    )
    assert (policy.stage_due[Review.INTERVIEW], policy.stage_due[Review.CHECK]) == (
        timedelta(hours=48),
        timedelta(hours=6),
    )
