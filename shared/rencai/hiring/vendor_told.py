"""What vendors tell of a candidate, applied to the candidate: by webhook, or because they were asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rencai.hiring.rules.background import Verdict, verdict
from rencai.hiring.rules.facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.journey import Fact, is_withdrawn
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.ports import BackgroundCheck
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.store.assessments import Assessments
from rencai.hiring.store.journeys import CandidateRecord, Journeys
from rencai.hiring.store.offers import Checks, Offers
from rencai.inbox.deliveries import DeliveryStatus
from rencai.inbox.links import Links
from rencai.kernel import ids
from rencai.kernel.errors import DomainError
from rencai.kernel.facts import VendorFact
from rencai.platform.consumer import Retry

_ENVELOPE_FACTS: Final = {
    EnvelopeOutcome.COMPLETED: FactKind.OFFER_SIGNED,
    EnvelopeOutcome.DECLINED: FactKind.OFFER_DECLINED,
    EnvelopeOutcome.EXPIRED: FactKind.OFFER_EXPIRED,
    EnvelopeOutcome.VOIDED: FactKind.OFFER_VOIDED,
}
_HAVE_REASONS: Final = frozenset({EnvelopeOutcome.DECLINED, EnvelopeOutcome.VOIDED})
_CHECK_FACTS: Final = {Verdict.CLEARED: FactKind.CHECK_CLEARED, Verdict.FLAGGED: FactKind.CHECK_FLAGGED}


@dataclass(frozen=True, slots=True)
class VendorResults:
    """Applies what e-signature, background check and psychometric tell. ``background`` gives the vendor that is asked
    for the findings of a check whose webhook does not carry them.
    """

    journeys: Journeys
    offers: Offers
    checks: Checks
    assessments: Assessments
    links: Links
    background: Callable[[], BackgroundCheck]

    def candidate_of(self, vendor: str, told: VendorFact) -> str:
        """Whose it is: by our reference, or by the vendor's id where it does not send ours back.

        Raises ``DomainError`` (REFERENCE_UNKNOWN) when no reference of ours looks like this, so that there is nothing
        to wait for; ``NotFound`` when the vendor's id is not known (yet).
        """
        match told:
            case (
                EnvelopeClosed(envelope_id=thing)
                | CheckCompleted(check_id=thing)
                | AssessmentCompleted(assessment_id=thing)
            ):
                reference = told.reference or self.links.reference(vendor, thing)
            case _:
                raise DomainError(HiringRefusal.REFERENCE_UNKNOWN)
        candidate_id = ids.candidate_of(reference)
        if not ids.is_candidate(candidate_id):
            raise DomainError(HiringRefusal.REFERENCE_UNKNOWN)
        return candidate_id

    def apply(
        self, candidate_id: str, told: VendorFact, now: datetime, delivery_id: str | None = None
    ) -> DeliveryStatus:
        """Act on one fact: ``applied``, ``waiting`` for an earlier one, or ``ignored``.

        Raises ``NotFound`` for a candidate nobody knows (yet), ``IllegalTransition`` after recording it.
        """
        # A read that may be behind will do: what comes of it is a conditional write, or is decided afresh (``apply``).
        known = self.journeys.get(candidate_id, since=0)
        match told:
            case EnvelopeClosed():
                if told.reason and told.outcome in _HAVE_REASONS:
                    # Before the journey moves: whoever sees that it was declined finds out why.
                    self.offers.closed(candidate_id, told.envelope_id, told.reason, now)
                return self._advance(known, envelope_fact(candidate_id, told, delivery_id), now)
            case CheckCompleted():
                return self._check(known, told, now, delivery_id)
            case AssessmentCompleted():
                self.assessments.complete(candidate_id, told, "psychometric", now)
                return DeliveryStatus.APPLIED
            case _:
                return DeliveryStatus.IGNORED

    def _check(
        self, known: CandidateRecord, told: CheckCompleted, now: datetime, delivery_id: str | None
    ) -> DeliveryStatus:
        candidate_id = known.journey.candidate_id
        if told.findings is None:
            asked = self.background().status(told.check_id)
            if asked is None or asked.findings is None:
                raise Retry(
                    "background: the check is said to be complete, and its findings are not there yet"
                )
            told = asked
        findings = told.findings or ()
        # Before the journey moves: whoever sees that a review waits finds the findings there. Nobody will look at those
        # of a journey that was withdrawn, so they are not kept.
        if not is_withdrawn(known.journey):
            self.checks.record(candidate_id, told.check_id, findings, now)
        fact = Fact(
            _CHECK_FACTS[verdict(told.result, findings)],
            told.check_id,
            {"check": told.check_id},
            {"check_id": told.check_id},
            actor="background",
            delivery=delivery_id,
        )
        return self._advance(known, fact, now)

    def _advance(self, known: CandidateRecord, fact: Fact, now: datetime) -> DeliveryStatus:
        advanced = self.journeys.apply(known.journey.candidate_id, fact, now, known)
        return DeliveryStatus.WAITING if advanced.kept else DeliveryStatus.APPLIED


def envelope_fact(candidate_id: str, told: EnvelopeClosed, delivery_id: str | None = None) -> Fact:
    """What the end of an envelope is to the journey."""
    offer_id = ids.offer_id(candidate_id)
    return Fact(
        _ENVELOPE_FACTS[told.outcome],
        told.envelope_id,
        {"offer": offer_id, "envelope": told.envelope_id},
        {"offer_id": offer_id, "envelope_id": told.envelope_id},
        actor="esign",
        delivery=delivery_id,
    )
