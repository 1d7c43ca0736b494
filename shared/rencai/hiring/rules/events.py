"""Shapes of the events that hiring tells: thin (ids, stage, decision), never personal data."""

from typing import Final

from pydantic import Field

from rencai.kernel.events import EventData, EventName, Shapes


class CandidateDeclinedByUs(EventData):
    role: str
    reason: str


class CandidateReconsidered(EventData):
    """``decision_id`` names the decision; its reason is sealed in the table."""

    role: str
    decision_id: str


class CandidateWithdrawn(EventData):
    """``by`` is whose word it was, ``code`` the reason in short; the words are sealed in the table."""

    by: str
    code: str
    decision_id: str


class OfferContested(EventData):
    """The candidate signed, and the journey was withdrawn before; or their envelope could not be voided (``cause``)."""

    offer_id: str
    envelope_id: str
    cause: str


class OfferProgressed(EventData):
    offer_id: str


class OfferSent(EventData):
    offer_id: str
    envelope_id: str


class OfferClosed(EventData):
    """``reason`` is free text from the vendor and may hold personal data, so it stays in the table."""

    offer_id: str
    envelope_id: str


class CheckProgressed(EventData):
    check_id: str


class ReviewRequested(EventData):
    """``about``: ``check``, then ``check_id`` says which; or ``interview``, then ``coverage`` (0-1) is below
    ``minimum_coverage``, or of the required competencies in ``missing`` nothing was measured.
    """

    about: str = "check"
    check_id: str | None = None
    coverage: float | None = None
    minimum_coverage: float | None = None
    missing: list[str] = Field(default_factory=list)


class ReviewDecided(EventData):
    """``about``: ``interview`` or ``check``. ``review_id`` names the decision; its reason is sealed in the table."""

    about: str = "check"
    decision: str
    review_id: str


class OnboardingRescheduled(EventData):
    """``starts_on`` is to be the first day of work (ISO 8601); the reason of the decision is sealed."""

    starts_on: str
    decision_id: str


class EmployeeOnboarded(EventData):
    employee_id: str
    role: str


class TransitionRefused(EventData):
    fact: str
    stage: str


class AssessmentProgressed(EventData):
    assessment_id: str


class OfferResent(EventData):
    """``attempt`` counts the envelopes: the second is 2."""

    offer_id: str
    attempt: int


class JourneyResumed(EventData):
    """The step of this stage is to be taken (again): nothing has come of it so far, or a merge was undone."""

    stage: str


class JourneyOverdue(EventData):
    """``asked``: what came of asking the vendor (``open``, ``unreachable``, ``refused``); None where none is asked."""

    stage: str
    due_at: str
    asked: str | None


SHAPES: Final[Shapes] = {
    EventName.CANDIDATE_DECLINED_BY_US: CandidateDeclinedByUs,
    EventName.CANDIDATE_RECONSIDERED: CandidateReconsidered,
    EventName.CANDIDATE_WITHDRAWN: CandidateWithdrawn,
    EventName.ASSESSMENT_COMPLETED: AssessmentProgressed,
    EventName.OFFER_DRAFTED: OfferProgressed,
    EventName.OFFER_SENT: OfferSent,
    EventName.OFFER_SIGNED: OfferClosed,
    EventName.OFFER_DECLINED: OfferClosed,
    EventName.OFFER_EXPIRED: OfferClosed,
    EventName.OFFER_VOIDED: OfferClosed,
    EventName.OFFER_RESENT: OfferResent,
    EventName.OFFER_CONTESTED: OfferContested,
    EventName.CHECK_REQUESTED: CheckProgressed,
    EventName.CHECK_CLEARED: CheckProgressed,
    EventName.CHECK_FLAGGED: CheckProgressed,
    EventName.REVIEW_REQUESTED: ReviewRequested,
    EventName.REVIEW_DECIDED: ReviewDecided,
    EventName.ONBOARDING_RESCHEDULED: OnboardingRescheduled,
    EventName.EMPLOYEE_ONBOARDED: EmployeeOnboarded,
    EventName.JOURNEY_RESUMED: JourneyResumed,
    EventName.JOURNEY_OVERDUE: JourneyOverdue,
    EventName.TRANSITION_REFUSED: TransitionRefused,
}
