"""The vendor edge on a whole tenant: offers sent again, and disputed checks (B4, B5)."""

from datetime import timedelta

import pytest

from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.kernel.errors import LostRace
from tests.journey.deliveries import OFFER, REFERENCE, check, envelope, qualifying
from tests.journey.edge import CANDIDATE, CHECK, stage
from tests.journey.world import world


@pytest.mark.parametrize("ended", ["declined", "expired", "voided"])
def test_b4_an_offer_that_ended_is_sent_again_in_an_envelope_of_its_own(ended: str) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope(ended))
        one.settle()
        for _ in range(2):
            one.wired.hiring.offer_desk.resend(
                OFFER, "候选人来电说明", actor="hr-1", request_key="request-1", now=one.now
            )
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert list(one.esign.ledger.made) == [OFFER, f"{OFFER}-2"]
        one.webhook("esign", "msg-late", envelope("completed"))
        one.settle()
        assert stage(one) is Stage.OFFER_SENT, "the old envelope signs nothing"
        one.webhook("esign", "msg-2", envelope("completed", f"env-{OFFER}-2"))
        one.webhook("background", "msg-3", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED


def test_b5_a_disputed_check_that_comes_back_shows_the_reviewer_what_is_known_now() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        one.now += timedelta(hours=1)
        one.webhook("background", "msg-3", check())
        one.settle()
        assert stage(one) is Stage.IN_REVIEW, "a person decides once a person was asked"
        assert all(finding.verified for finding in one.wired.hiring.checks.findings(REFERENCE, CHECK))
        approved = Fact(
            FactKind.REVIEW_APPROVED, "r-1", data={"decision": "approve", "review_id": "r-1"}, actor="hr-1"
        )
        one.wired.hiring.journeys.apply(REFERENCE, approved, one.now)
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        (decided,) = [
            item
            for item in one.wired.timeline.page(CANDIDATE, 100, None).items
            if item["type"] == "review.decided"
        ]
        assert (decided["actor"], decided["sk"].split("#")[1][:10]) == ("hr-1", "2026-03-02")


def test_hr_is_one_that_resent_the_offer_and_the_other_hears_so() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope("expired"))
        one.settle()
        one.wired.hiring.offers.resending(REFERENCE, 2, "先提出的", "request-1", one.now)
        with pytest.raises(LostRace):
            one.wired.hiring.offers.resending(REFERENCE, 2, "后提出的", "request-2", one.now)
        one.wired.hiring.offers.resending(REFERENCE, 2, "先提出的", "request-1", one.now)
        assert one.wired.hiring.offers.resend_reason(REFERENCE, 2) == "先提出的"
