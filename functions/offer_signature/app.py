"""``offer.drafted`` -> the offer letter at the e-signature vendor, where the candidate signs it (B4)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rencai import wiring
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.letters import html, plain
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.configurations import Configurations
from rencai.store.journeys import CandidateRecord, Journeys
from rencai.store.offers import Offer, Offers
from rencai.store.people import People, Person
from rencai.vendors.hiring import Esign, Signer


def send_offer(
    candidate_id: str,
    *,
    journeys: Journeys,
    offers: Offers,
    people: People,
    configurations: Configurations,
    esign: Esign,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Send the drafted offer to be signed.

    The idempotency key is the offer's id: whatever dies after the vendor took the envelope, the next try is given
    the same one. A letter is rendered from what is on record, never from the clock, so that next try sends the same.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.OFFER_DRAFTED:
        logger.info("no offer to send", extra={"stage": record.journey.stage})
        return
    offer = offers.get(candidate_id)
    person = people.get(candidate_id)
    title, letter = _letter(record, offer, person, configurations, zone)
    envelope = esign.send(
        title=title,
        html=letter,
        signer=Signer(person.name, person.email, person.phone),
        reference=offer.offer_id,
        idempotency_key=offer.offer_id,
    )
    offers.sent(candidate_id, envelope.envelope_id, envelope.sign_url, envelope.expires_at)
    about = {"offer": offer.offer_id, "envelope": envelope.envelope_id}
    data = {"offer_id": offer.offer_id, "envelope_id": envelope.envelope_id}
    journeys.apply(candidate_id, Fact(FactKind.OFFER_SENT, envelope.envelope_id, about, data), now, record)


def _letter(
    record: CandidateRecord, offer: Offer, person: Person, configurations: Configurations, zone: ZoneInfo
) -> tuple[str, str]:
    template = configurations.notice_template("offer_letter")
    policy = configurations.salary_policy()
    model = configurations.competency_model(record.card.role).document
    values = {
        "name": person.name,
        "role": model.name.text(person.locale),
        "location": record.card.location,
        "base_salary": offer.terms.base_salary,
        "bonus": offer.terms.bonus,
        "benefits": offer.terms.benefits,
        "offer_id": offer.offer_id,
        "valid_until": (offer.drafted_at.astimezone(zone) + timedelta(days=policy.offer_valid_days)).date(),
    }
    subject, body = template.subject.text(person.locale), template.body.text(person.locale)
    return plain(subject, **values), html(body, **values)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``offer.drafted`` calls this."""

    zone = ZoneInfo(settings()["TIME_ZONE"])

    def act(told: BusEvent) -> None:
        send_offer(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            offers=wiring.offers(),
            people=wiring.people(),
            configurations=wiring.configurations(),
            esign=wiring.esign(),
            zone=zone,
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
