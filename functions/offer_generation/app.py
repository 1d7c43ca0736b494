"""``candidate.profiled`` (qualifies) -> an offer: pay placed in the band by score, and benefits (B2, B3)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from rencai import wiring
from rencai.domain import ids
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.offer import terms
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.journeys import Journeys
from rencai.store.offers import Offer, Offers
from rencai.vendors.pay import BenefitsProvider, Finance


def draft_offer(
    candidate_id: str,
    *,
    journeys: Journeys,
    offers: Offers,
    configurations: Configurations,
    finance: Finance,
    benefits: BenefitsProvider,
    now: datetime,
) -> None:
    """Draft the candidate's one offer. What is on record already is not priced again: a promise stays as it was made.

    Raises ``VendorUnavailable`` while finance or benefits cannot be asked: the offer waits, nothing is guessed.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.QUALIFIED:
        logger.info("no offer to draft", extra={"stage": record.journey.stage})
        return
    card = record.card
    if offers.find(candidate_id) is None:
        policy = configurations.salary_policy()
        band = finance.salary_band(card.role, card.location)
        package = benefits.package(card.location)
        # A candidate qualifies by a score, so there is one.
        score = card.overall if card.overall is not None else Decimal(0)
        offers.draft(
            Offer(
                candidate_id,
                card.role,
                terms(band, package, policy.anchors(card.role), score),
                drafted_at=now,
            )
        )
    offer_id = ids.offer_id(candidate_id)
    fact = Fact(FactKind.OFFER_DRAFTED, offer_id, {"offer": offer_id}, {"offer_id": offer_id})
    journeys.apply(candidate_id, fact, now, record)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``candidate.profiled`` calls this."""

    def act(told: BusEvent) -> None:
        draft_offer(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            offers=wiring.offers(),
            configurations=wiring.configurations(),
            finance=wiring.finance(),
            benefits=wiring.benefits(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
