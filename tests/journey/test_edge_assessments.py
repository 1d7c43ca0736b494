"""The vendor edge on a whole tenant: an assessment whenever it comes (A7)."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from rencai.hiring.rules.stages import Stage
from tests.journey.deliveries import REFERENCE, check, envelope, failing, qualifying
from tests.journey.edge import assessed, stage, statuses, told
from tests.journey.world import World, world

_STEPS: dict[str, Callable[[World], object]] = {
    "interview": lambda one: one.hand_in(qualifying()),
    "signed": lambda one: one.webhook("esign", "msg-s", envelope()),
    "checked": lambda one: one.webhook("background", "msg-c", check()),
    "assessed": lambda one: one.webhook("psychometric", "msg-a", assessed()),
}


@pytest.mark.parametrize("order", list(itertools.permutations(_STEPS)), ids="-".join)
def test_a7_an_assessment_is_merged_whenever_it_comes_and_changes_no_decision(order: tuple[str, ...]) -> None:
    with world() as one:
        for step in order:
            _STEPS[step](one)
            one.settle()
        one.now += timedelta(minutes=20)
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        found = one.wired.hiring.assessments.find(REFERENCE)
        assert found is not None
        assert found.completed is not None
        assert found.completed.scales["stress_tolerance"] == Decimal("72.5")
        assert len(one.psychometric.ledger.made) == 1
        assert told(one).count("assessment.completed") == 1
        assert set(statuses(one)) == {"applied"}


def test_a7_another_assessment_is_not_this_candidates() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("psychometric", "msg-1", assessed("asm-other"))
        one.settle()
        assert statuses(one) == ["failed"]
        one.webhook("psychometric", "msg-2", assessed())
        one.settle()
        assert statuses(one) == ["applied", "failed"]


def test_a7_who_does_not_qualify_is_not_assessed_unless_the_policy_says_so() -> None:
    with world() as one:
        one.hand_in(failing())
        one.settle()
        assert one.psychometric.ledger.made == {}
