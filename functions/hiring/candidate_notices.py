"""``candidate.declined_by_us`` -> a kind letter: not this time, and kept in the talent pool (B1)."""

from datetime import datetime

from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import Journeys
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.letters.correspondence import Correspondence
from rencai.people.store.people import People
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


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
    model = configurations.latest(COMPETENCY_MODEL, record.card.role).document
    values = {"name": person.name, "role": model.name.text(person.locale), "location": record.card.location}
    correspondence.write(person.addressee, "talent_pool", record.card.profile_of, values, now)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``candidate.declined_by_us`` calls this."""
    decline_kindly(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        people=wired.people.people,
        configurations=wired.configurations,
        correspondence=wired.letters.correspondence,
        now=wired.clock(),
    )


handler = on_event(act)
