"""The hiring journey cannot be cheated (B9): contradictions, further interviews, due times, offers again, merges."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from rencai.hiring.rules.journey import Fact, advance
from rencai.hiring.rules.stages import DUE_STAGES, STAGE_DUE, Review, Stage
from rencai.kernel.errors import IllegalTransition
from rencai.kernel.events import Event, EventName
from tests.builders import (
    CHECK,
    ENVELOPE,
    NOW,
    checked,
    closed,
    drafted,
    hired,
    merged,
    profiled,
    resent,
    sent,
    signed,
    unmerged,
)
from tests.hiring.ways import DECLINED, EXPIRED, NEW, VOIDED, WAYS, K, S, walked

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


_UNDECIDED = {"new", "talent_pool", "left out by a person", "interview in review"}


@pytest.mark.parametrize("way", sorted(WAYS.keys() - _UNDECIDED))
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
    assert set(DUE_STAGES) == set(Stage) - ends
    assert STAGE_DUE.keys() == {*DUE_STAGES, *Review} - {Stage.IN_REVIEW}
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
    assert {"status": "failed", "fact": "offer_signed"}.items() <= refused.events[-1].data.items()
    assert len({event.id for event in refused.events}) == len(refused.events)
