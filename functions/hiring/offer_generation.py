"""``candidate.profiled`` (qualifies), or a person's approval -> an offer: pay placed in the band by score, and benefits
(B2, B3).
"""

from datetime import datetime
from decimal import Decimal

from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.offer import SALARY_POLICY, terms
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import Journeys
from rencai.hiring.store.offers import Offer, Offers
from rencai.kernel import ids
from rencai.people.contacts import Contacts
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.vendors.pay import BenefitsProvider, Finance
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def draft_offer(
    candidate_id: str,
    *,
    journeys: Journeys,
    offers: Offers,
    contacts: Contacts,
    configurations: Configurations,
    finance: Finance,
    benefits: BenefitsProvider,
    now: datetime,
    since: int | None = None,
) -> None:
    """Draft the candidate's one offer. What is on record already is not priced again: a promise stays as it was made.

    ``since`` is the version of the journey that has this done, where that is known (``Journeys.get``).

    Raises ``VendorUnavailable`` while finance or benefits cannot be asked: the offer waits, nothing is guessed.
    """
    record = journeys.get(candidate_id, since=since)
    if record.journey.stage is not Stage.QUALIFIED:
        logger.info("no offer to draft", extra={"stage": record.journey.stage})
        return
    card = record.card
    # One that does not show yet is priced in vain, and stays as it is.
    if offers.find(candidate_id, consistent=False) is None:
        policy = configurations.latest(SALARY_POLICY).document
        band = finance.salary_band(card.role, card.location)
        package = benefits.package(card.location)
        # Whom a person approved may have none, and starts at the band's lower end.
        score = card.overall if card.overall is not None else Decimal(0)
        offers.draft(
            Offer(
                candidate_id,
                card.role,
                terms(band, package, policy.anchors(card.role), score),
                drafted_at=now,
                # Promised with the rest: the day a letter names is the same however often it is written.
                valid_days=policy.offer_valid_days,
            )
        )
    # From here on HR alone says where the offer goes, and what follows from it.
    contacts.pin(candidate_id, now)
    offer_id = ids.offer_id(candidate_id)
    fact = Fact(FactKind.OFFER_DRAFTED, offer_id, {"offer": offer_id}, {"offer_id": offer_id})
    journeys.apply(candidate_id, fact, now, record)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``candidate.profiled`` and ``journey.resumed`` calls this."""
    draft_offer(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        offers=wired.hiring.offers,
        contacts=wired.people.contacts,
        configurations=wired.configurations,
        finance=wired.vendors.finance,
        benefits=wired.vendors.benefits,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
