"""``offer.drafted``, ``offer.resent`` -> the letter at the e-signature vendor, where the candidate signs it (B4).

``candidate.withdrawn`` -> the envelope that is out is voided there.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rencai.hiring.rules.facts import EnvelopeOutcome
from rencai.hiring.rules.journey import Fact, is_withdrawn
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.ports import Esign, Signer
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import CandidateRecord, Journeys
from rencai.hiring.store.offers import Offer, Offers
from rencai.hiring.vendor_told import envelope_fact
from rencai.inbox.links import Links
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.errors import IllegalTransition, VendorRefusal
from rencai.kernel.events import EventName
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.letters.rendering import html, plain
from rencai.people.store.people import People, Person
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event

_MAY_BE_OUT: Final = frozenset({Stage.OFFER_DRAFTED, Stage.OFFER_SENT})
_VOIDED: Final = ("招聘流程已结束,此 offer 作废。", "The hiring process has ended, and this offer is void.")
"""What the signer may be shown; why HR ended it is not for the vendor."""


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
    since: int | None = None,
) -> None:
    """Send the drafted offer to be signed. ``since`` is the version of the journey that has this done, where that is
    known (``Journeys.get``).

    The idempotency key is the offer's id, with the number of the envelope from the second on: whatever dies after the
    vendor took the envelope, the next try is given the same one. What was sent first is sent again, whatever has
    changed since (``vendors.asked``); the day on record is the letter's, for neither comes from the clock or a policy.
    """
    record = journeys.get(candidate_id, since=since)
    if is_withdrawn(record.journey):
        # An earlier try may have had it sent, and found the journey ended.
        void_offer(candidate_id, journeys=journeys, offers=offers, people=people, esign=esign, now=now)
        return
    if record.journey.stage is not Stage.OFFER_DRAFTED:
        logger.info("no offer to send", extra={"stage": record.journey.stage})
        return
    offer = offers.find(candidate_id, consistent=False) or offers.get(candidate_id)
    person = people.get(candidate_id, consistent=True)
    attempt = record.journey.attempt
    valid_until = _valid_until(record, offer, zone)
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
    try:
        journeys.apply(
            candidate_id, Fact(FactKind.OFFER_SENT, envelope.envelope_id, about, data), now, record
        )
    except IllegalTransition:
        # Withdrawn while the vendor was at it: whoever was told of that found nothing to void.
        void_offer(candidate_id, journeys=journeys, offers=offers, people=people, esign=esign, now=now)
        raise


def void_offer(
    candidate_id: str, *, journeys: Journeys, offers: Offers, people: People, esign: Esign, now: datetime
) -> None:
    """Have the envelope of a withdrawn journey voided. One that has ended already is left as it is; HR hears when it
    was signed (``IllegalTransition`` is raised then, for the fact is refused), and when the vendor will not void it, or
    not say how it stands.
    """
    journey = journeys.get(candidate_id).journey
    if not is_withdrawn(journey) or journey.stages[-2].stage not in _MAY_BE_OUT:
        logger.info("no offer to void", extra={"stage": journey.stage})
        return
    offer = offers.get(candidate_id)
    if offer.envelope_id is None:
        logger.info("no envelope is out")
        return
    chinese = people.get(candidate_id).locale.startswith("zh")
    try:
        ended = esign.status(offer.envelope_id)
        if ended is None:
            esign.void(offer.envelope_id, _VOIDED[0 if chinese else 1])
        elif ended.outcome is EnvelopeOutcome.COMPLETED:
            journeys.apply(candidate_id, envelope_fact(candidate_id, ended), now)
    except VendorRefusal as error:
        logger.error("not voided", extra={"reason": f"{error.vendor}: {error.reason}"})
        offers.not_voided(candidate_id, journey.attempt, offer.envelope_id, now)


def _valid_until(record: CandidateRecord, offer: Offer, zone: ZoneInfo) -> date:
    """The day the letter names: counted from the draft, or from when the offer was sent again."""
    resent_at = record.journey.about.get("resent_at")
    offered_at = datetime.fromisoformat(resent_at) if resent_at else offer.drafted_at
    return (offered_at.astimezone(zone) + timedelta(days=offer.valid_days)).date()


def _letter(
    record: CandidateRecord, offer: Offer, person: Person, configurations: Configurations, valid_until: date
) -> tuple[str, str]:
    template = configurations.latest(NOTICE_TEMPLATE, "offer_letter").document
    model = configurations.latest(COMPETENCY_MODEL, record.card.role).document
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


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``offer.drafted``, ``.resent``, ``journey.resumed`` and ``candidate.withdrawn`` calls this."""
    if told.name is EventName.CANDIDATE_WITHDRAWN:
        void_offer(
            told.detail.subject.id,
            journeys=wired.hiring.journeys,
            offers=wired.hiring.offers,
            people=wired.people.people,
            esign=wired.vendors.esign,
            now=wired.clock(),
        )
        return
    send_offer(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        offers=wired.hiring.offers,
        people=wired.people.people,
        configurations=wired.configurations,
        links=wired.inbox.links,
        esign=wired.vendors.esign,
        zone=wired.zone,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
