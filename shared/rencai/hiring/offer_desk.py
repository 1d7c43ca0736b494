"""What HR does about offers: looks at one, and has one sent again that came to nothing (B4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rencai.hiring.rules.journey import Fact, Journey, was_signed
from rencai.hiring.rules.moves import TRANSITIONS, FactKind
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import Journeys
from rencai.hiring.store.offers import Offer, Offers
from rencai.kernel import ids
from rencai.kernel.errors import Conflict, NotFound
from rencai.store.table import instant

_HAVE_REASONS: Final = frozenset({Stage.OFFER_DECLINED, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class OfferStanding:
    """An offer, the journey that says where it stands, and why it was declined or voided, where somebody said."""

    offer: Offer
    journey: Journey
    closing_reason: str | None = None


@dataclass(frozen=True, slots=True)
class OfferDesk:
    """The use case and its collaborators."""

    journeys: Journeys
    offers: Offers

    def look(self, offer_id: str) -> OfferStanding:
        """One offer; raises ``NotFound``."""
        return self._standing(_candidate_of(offer_id))

    def resend(
        self, offer_id: str, reason: str, *, actor: str, request_key: str, now: datetime
    ) -> OfferStanding:
        """Have an offer sent again, in an envelope of its own, when the last one came to nothing.

        The same request again does nothing more, and of two at once one counts: each asks for the envelope after the
        one it saw. Raises ``NotFound``; ``Conflict`` (OFFER_NOT_ENDED) at any other stage, and for a candidate who was
        merged away.
        """
        candidate_id = _candidate_of(offer_id)
        self.offers.get(candidate_id)
        self._resend(candidate_id, reason, actor, request_key, now)
        return self._standing(candidate_id)

    def _standing(self, candidate_id: str) -> OfferStanding:
        offer = self.offers.get(candidate_id)
        journey = self.journeys.get(candidate_id).journey
        return OfferStanding(offer, journey, self.closing_reason(journey))

    def closing_reason(self, journey: Journey) -> str | None:
        """Why the envelope that counted was declined or voided, in the words of whoever did it."""
        if journey.stage not in _HAVE_REASONS or "envelope" not in journey.about:
            return None
        return self.offers.closing_reason(journey.candidate_id, journey.about["envelope"])

    def _resend(self, candidate_id: str, reason: str, actor: str, request_key: str, now: datetime) -> None:
        record = self.journeys.get(candidate_id)
        journey, about = record.journey, record.journey.about
        sent = journey.attempt
        if any(self.offers.resent_by(candidate_id, earlier) == request_key for earlier in range(2, sent + 1)):
            return
        ended = journey.place in TRANSITIONS[FactKind.OFFER_RESENT].sources
        if not ended or about.get("merge") or "envelope" not in about:
            raise Conflict(HiringRefusal.OFFER_NOT_ENDED, stage=journey.stage)
        if was_signed(journey):
            raise Conflict(HiringRefusal.OFFER_WAS_SIGNED)
        attempt = sent + 1
        # The reason may speak of the person, so it is sealed beside the journey and the event only counts.
        self.offers.resending(candidate_id, attempt, reason, request_key, now)
        fact = Fact(
            FactKind.OFFER_RESENT,
            str(attempt),
            {
                "offer": about["offer"],
                "envelope": about["envelope"],
                "merge": "",
                # Whose word ended it before is over with this.
                "withdrawal": "",
                "attempt": str(attempt),
                # On the write that moves the journey: the letter's date counts from here, however often it is rendered.
                "resent_at": instant(now),
            },
            {"offer_id": about["offer"], "attempt": attempt},
            actor,
        )
        self.journeys.apply(candidate_id, fact, now, record)


def _candidate_of(offer_id: str) -> str:
    """The candidate whose offer this is; raises ``NotFound`` for an id that is no offer's."""
    candidate_id = ids.candidate_of(offer_id)
    if ids.offer_id(candidate_id) != offer_id:
        raise NotFound("offer", offer_id)
    return candidate_id
