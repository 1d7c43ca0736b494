"""``offer.signed`` -> a background check ordered from the vendor, by itself (B5)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.applications import Applications
from rencai.store.journeys import Journeys
from rencai.store.links import Links
from rencai.store.people import People
from rencai.vendors.background import BackgroundCheck


def request_check(
    candidate_id: str,
    *,
    journeys: Journeys,
    people: People,
    applications: Applications,
    links: Links,
    background: BackgroundCheck,
    now: datetime,
) -> None:
    """Order the candidate's one check; the idempotency key is the candidate's id.

    The work history comes from the application, as does what the interview did not ask. Without one it is empty, and
    the vendor asks the candidate.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.SIGNED:
        logger.info("no check to request", extra={"stage": record.journey.stage})
        return
    person = people.get(candidate_id)
    link = applications.of(candidate_id)
    told = applications.get(link.application_id).told if link else None
    check_id = background.request(
        name=person.name,
        national_id=people.national_id(person) or (told.national_id if told else None),
        email=person.email or (told.email if told else None),
        phone=person.phone or (told.phone if told else None),
        work_history=told.work_history if told else (),
        reference=candidate_id,
        idempotency_key=f"check-{candidate_id}",
    )
    if not background.echoes_reference:
        # Before the journey moves: a result that comes at once finds whose it is.
        links.record("background", check_id, candidate_id)
    fact = Fact(FactKind.CHECK_REQUESTED, check_id, {"check": check_id}, {"check_id": check_id})
    journeys.apply(candidate_id, fact, now, record)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``offer.signed`` calls this."""

    def act(told: BusEvent) -> None:
        request_check(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            people=wiring.people(),
            applications=wiring.applications(),
            links=wiring.links(),
            background=wiring.background(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
