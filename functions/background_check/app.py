"""``offer.signed`` -> a background check ordered from the vendor, by itself (B5)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.journeys import Journeys
from rencai.store.people import People
from rencai.vendors.hiring import BackgroundCheck


def request_check(
    candidate_id: str, *, journeys: Journeys, people: People, background: BackgroundCheck, now: datetime
) -> None:
    """Order the candidate's one check; the idempotency key is the candidate's id."""
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.SIGNED:
        logger.info("no check to request", extra={"stage": record.journey.stage})
        return
    person = people.get(candidate_id)
    check_id = background.request(
        name=person.name,
        national_id=people.national_id(person),
        reference=candidate_id,
        idempotency_key=f"check-{candidate_id}",
    )
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
            background=wiring.background(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
