"""``offer.signed`` -> a background check ordered from the vendor, by itself (B5)."""

from datetime import datetime

from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.ports import BackgroundCheck
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import Journeys
from rencai.inbox.links import Links
from rencai.people.store.applications import Applications
from rencai.people.store.people import People
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


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

    Whom it is about was pinned with the offer. The work history comes from the application; without one it is empty,
    and the vendor asks the candidate.
    """
    record, link = applications.of_journey(candidate_id)
    if record.journey.stage is not Stage.SIGNED:
        logger.info("no check to request", extra={"stage": record.journey.stage})
        return
    person = people.get(candidate_id, consistent=True)
    told = applications.get(link.application_id).told if link else None
    check_id = background.request(
        name=person.name,
        national_id=people.national_id(person),
        email=person.email,
        phone=person.phone,
        work_history=told.work_history if told else (),
        reference=candidate_id,
        idempotency_key=f"check-{candidate_id}",
    )
    if not background.echoes_reference:
        # Before the journey moves: a result that comes at once finds whose it is.
        links.record("background", check_id, candidate_id)
    fact = Fact(FactKind.CHECK_REQUESTED, check_id, {"check": check_id}, {"check_id": check_id})
    journeys.apply(candidate_id, fact, now, record)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``offer.signed`` calls this."""
    request_check(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        people=wired.people.people,
        applications=wired.people.applications,
        links=wired.inbox.links,
        background=wired.vendors.background,
        now=wired.clock(),
    )


handler = on_event(act)
