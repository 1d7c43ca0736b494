"""``offer.drafted``, ``offer.resent`` -> the letter at the e-signature vendor, where the candidate signs it (B4)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rencai import wiring
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.letters import html, plain
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.journeys import CandidateRecord, Journeys
from rencai.store.links import Links
from rencai.store.offers import Offer, Offers
from rencai.store.people import People, Person
from rencai.vendors.esign import Esign, Signer


def send_offer(
    candidate_id: str,
    *,
    journeys: Journeys,
    offers: Offers,
    people: People,
    configurations: Configurations,
    links: Links,
    esign: Esign,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Send the drafted offer to be signed.

    The idempotency key is the offer's id, with the number of the envelope from the second on: whatever dies after the
    vendor took the envelope, the next try is given the same one. A letter is rendered from what is on record, never
    from the clock, so that next try sends the same.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.OFFER_DRAFTED:
        logger.info("no offer to send", extra={"stage": record.journey.stage})
        return
    offer = offers.get(candidate_id)
    person = people.get(candidate_id)
    attempt = record.journey.attempt
    valid_until = _valid_until(record, offer, configurations, zone)
    title, letter = _letter(record, offer, person, configurations, valid_until)
    envelope = esign.send(
        title=title,
        html=letter,
        signer=Signer(person.name, person.email, person.phone),
        reference=offer.offer_id,
        idempotency_key=offer.offer_id if attempt == 1 else f"{offer.offer_id}-{attempt}",
    )
    # Both before the journey moves: whoever sees that the offer is out finds where it is signed, and whose it is.
    offers.sent(
        candidate_id,
        attempt=attempt,
        envelope_id=envelope.envelope_id,
        sign_url=envelope.sign_url,
        expires_at=envelope.expires_at,
        valid_until=valid_until,
    )
    if not esign.echoes_reference:
        links.record("esign", envelope.envelope_id, offer.offer_id)
    about = {"offer": offer.offer_id, "envelope": envelope.envelope_id}
    data = {"offer_id": offer.offer_id, "envelope_id": envelope.envelope_id}
    journeys.apply(candidate_id, Fact(FactKind.OFFER_SENT, envelope.envelope_id, about, data), now, record)


def _valid_until(
    record: CandidateRecord, offer: Offer, configurations: Configurations, zone: ZoneInfo
) -> date:
    """The day the letter names: counted from the draft, or from when the offer was sent again."""
    resent_at = record.journey.about.get("resent_at")
    offered_at = datetime.fromisoformat(resent_at) if resent_at else offer.drafted_at
    days = configurations.salary_policy().offer_valid_days
    return (offered_at.astimezone(zone) + timedelta(days=days)).date()


def _letter(
    record: CandidateRecord, offer: Offer, person: Person, configurations: Configurations, valid_until: date
) -> tuple[str, str]:
    template = configurations.notice_template("offer_letter")
    model = configurations.competency_model(record.card.role).document
    values = {
        "name": person.name,
        "role": model.name.text(person.locale),
        "location": record.card.location,
        "base_salary": offer.terms.base_salary,
        "bonus": offer.terms.bonus,
        "benefits": offer.terms.benefits,
        "offer_id": offer.offer_id,
        "valid_until": valid_until,
    }
    subject, body = template.subject.text(person.locale), template.body.text(person.locale)
    return plain(subject, **values), html(body, **values)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``offer.drafted``, ``offer.resent`` and ``journey.resumed`` calls this."""

    def act(told: BusEvent) -> None:
        send_offer(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            offers=wiring.offers(),
            people=wiring.people(),
            configurations=wiring.configurations(),
            links=wiring.links(),
            esign=wiring.esign(),
            zone=wiring.zone(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
