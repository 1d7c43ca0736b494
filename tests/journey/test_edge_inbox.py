"""The vendor edge on a whole tenant: deliveries that come early, late, twice or wrong."""

from datetime import timedelta
from typing import Any, cast

import pytest

from functions.hiring.vendor_told import apply_delivery
from rencai.hiring.rules.stages import Stage
from rencai.hiring.vendor_told import VendorResults
from rencai.inbox.deliveries import DeliveryStatus
from rencai.kernel.errors import LostRace
from tests.journey.deliveries import REFERENCE, check, envelope, qualifying
from tests.journey.edge import assessed, stage, statuses, told
from tests.journey.world import world


def test_a_delivery_that_came_early_waits_and_says_so_until_its_turn_has_come() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("background", "msg-early", check())
        one.settle()
        assert statuses(one) == ["waiting"]
        one.webhook("esign", "msg-signed", envelope())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        assert statuses(one) == ["applied", "applied"]
        assert "delivery.settled" not in told(one), "the candidate's timeline is not the inbox"


def test_a_delivery_about_somebody_who_is_not_there_yet_waits_and_is_applied_when_they_are() -> None:
    with world() as one:
        one.webhook("psychometric", "msg-1", assessed())
        one.settle()
        assert statuses(one) == ["waiting"]
        one.hand_in(qualifying())
        one.settle()
        one.now += timedelta(minutes=15)
        one.settle()
        assert statuses(one) == ["applied"]


def test_a_refused_delivery_says_why_and_its_replay_changes_nothing() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("esign", "msg-2", envelope("declined"))
        one.settle()
        (failed,) = one.wired.inbox.deliveries.page(DeliveryStatus.FAILED, "esign", 10, None).items
        assert "409: The candidate is at stage" in failed["reason"].english
        before = one.end_state()["items"][f"CANDIDATE#{REFERENCE}/JOURNEY"]
        for item in one.wired.inbox.deliveries.page(None, None, 10, None).items:
            one.wired.inbox.deliveries.replay(
                one.wired.inbox.deliveries.get(item["delivery_id"]), "hr-1", one.now
            )
        one.settle()
        assert one.end_state()["items"][f"CANDIDATE#{REFERENCE}/JOURNEY"] == before
        assert statuses(one) == ["applied", "failed"]


def test_a1_an_interview_by_webhook_is_a_result_like_any_other() -> None:
    with world() as one:
        body = {"type": "interview.completed", "timestamp": "2026-03-02T01:00:00Z", "data": qualifying()}
        one.webhook("interview", "msg-1", body)
        one.webhook("interview", "msg-2", body)
        one.webhook(
            "interview", "msg-3", body | {"data": qualifying() | {"answers": qualifying()["answers"][:1]}}
        )
        unknown = qualifying() | {"interview_id": "itv-2"}
        unknown["position"] = unknown["position"] | {"role": "astronaut"}
        one.webhook("interview", "msg-4", body | {"data": unknown})
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert statuses(one) == ["applied", "applied", "failed", "failed"]
        assert one.hand_in(qualifying()) == REFERENCE


def test_a_waiting_delivery_that_is_replayed_or_sent_by_another_message_still_waits_and_then_is_applied() -> (
    None
):
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("background", "msg-1", check())
        one.settle()
        one.webhook("background", "msg-2", check())
        one.settle()
        first = one.wired.inbox.deliveries.page(None, None, 10, None).items[-1]
        one.wired.inbox.deliveries.replay(
            one.wired.inbox.deliveries.get(first["delivery_id"]), "hr-1", one.now
        )
        one.settle()
        assert statuses(one) == ["waiting", "waiting"]
        one.webhook("esign", "msg-3", envelope())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        assert statuses(one) == ["applied"] * 3


def test_a_lost_race_is_tried_again_and_does_not_fail_the_delivery() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one._relay()
        (message,) = [message for message in one.queue if message.consumer == "CallbackQueue"]

        class Losing:
            def __getattr__(self, name: str) -> Any:
                return getattr(one.wired.hiring.vendor_results, name)

            def apply(self, *_: Any) -> Any:
                raise LostRace

        with pytest.raises(LostRace):
            apply_delivery(
                message.told.detail.subject.id,
                inbox=one.wired.inbox.inbox,
                hiring=cast("VendorResults", Losing()),
                now=one.now,
            )
        one.settle()
        assert (stage(one), statuses(one)) == (Stage.CHECKING, ["applied"])
