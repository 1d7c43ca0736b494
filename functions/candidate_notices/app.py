"""``candidate.declined_by_us`` -> a kind letter: not this time, and kept in the talent pool (B1)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.correspondence import Correspondence
from rencai.domain.journey import Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.journeys import Journeys
from rencai.store.people import People


def decline_kindly(
    candidate_id: str,
    *,
    journeys: Journeys,
    people: People,
    configurations: Configurations,
    correspondence: Correspondence,
    now: datetime,
) -> None:
    """Tell the candidate, unless a better interview has meanwhile taken them out of the pool."""
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.TALENT_POOL:
        logger.info("nobody to decline", extra={"stage": record.journey.stage})
        return
    person = people.get(candidate_id)
    model = configurations.competency_model(record.card.role).document
    values = {"name": person.name, "role": model.name.text(person.locale), "location": record.card.location}
    correspondence.write(person, "talent_pool", record.card.profile_of, values, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``candidate.declined_by_us`` calls this."""

    def act(told: BusEvent) -> None:
        decline_kindly(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            people=wiring.people(),
            configurations=wiring.configurations(),
            correspondence=wiring.correspondence(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
