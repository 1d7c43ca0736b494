"""The vendor edge on a whole tenant: silent vendors are found out (B7)."""

from datetime import timedelta
from decimal import Decimal

from rencai.hiring.rules.facts import AssessmentCompleted, EnvelopeOutcome
from rencai.hiring.rules.stages import Stage
from tests.journey.deliveries import REFERENCE, qualifying
from tests.journey.edge import ASSESSMENT, CHECK, CLEAR, ENVELOPE, stage, told
from tests.journey.world import world


def test_b7_vendors_that_answer_and_never_call_back_are_found_out_and_the_journey_completes() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.esign.closed[ENVELOPE] = EnvelopeOutcome.COMPLETED
        assert one.watchdog() == 0, "not late yet"
        one.now += timedelta(hours=11)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.CHECKING
        one.background.results[CHECK] = CLEAR
        one.now += timedelta(hours=8)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        one.psychometric.results[ASSESSMENT] = AssessmentCompleted(
            ASSESSMENT, {"stress_tolerance": Decimal(70)}
        )
        one.now += timedelta(hours=72)
        one.watchdog()
        one.settle()
        found = one.wired.hiring.assessments.find(REFERENCE)
        assert found is not None
        assert found.completed is not None
        assert (len(one.esign.ledger.made), len(one.background.ledger.made), len(one.mail.sent)) == (1, 1, 1)
        assert one.watchdog() == 0


def test_b7_a_vendor_that_stays_silent_is_raised_to_hr_once_and_the_candidate_reminded_once() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.now += timedelta(hours=11)
        for _ in range(5):
            one.watchdog()
            one.settle()
            one.now += timedelta(hours=1)
        assert sum(event.name == "journey.overdue" for event in one.published) == 1
        assert [reference for *_, reference in one.mail.sent] == [f"sign_reminder-{REFERENCE}"]
        assert stage(one) is Stage.OFFER_SENT


def test_b7_a_step_of_ours_that_was_lost_is_taken_again() -> None:
    """The queue of a step was emptied by mistake: nothing would ever move that candidate again."""
    with world() as one:
        one.hand_in(qualifying())
        one._relay()
        one.queue.clear()
        one.now += timedelta(hours=1)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert "journey.resumed" in told(one)
