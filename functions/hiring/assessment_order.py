"""``candidate.profiled``, or a person's approval -> a psychometric assessment ordered from the vendor (A7)."""

from datetime import datetime

from rencai.hiring.rules.documents import HIRING_POLICY
from rencai.hiring.rules.ports import Psychometric
from rencai.hiring.store.assessments import Assessments
from rencai.kernel.events import EventName
from rencai.people.store.people import People
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def order_assessment(
    candidate_id: str,
    *,
    qualifies: bool,
    people: People,
    assessments: Assessments,
    configurations: Configurations,
    psychometric: Psychometric,
    now: datetime,
) -> None:
    """Order the candidate's one assessment; the idempotency key is the candidate's id.

    Who is assessed is the tenant's policy. Nothing waits for the result: it is merged into the profile whenever it
    comes, before or after any other step.
    """
    policy = configurations.latest(HIRING_POLICY).document
    if policy.assess == "nobody" or (policy.assess == "qualified" and not qualifies):
        logger.info("no assessment to order", extra={"assess": policy.assess})
        return
    # One that does not show yet is ordered again: by its key the vendor answers as it did.
    known = assessments.find(candidate_id, consistent=False)
    if known and known.invite_url:
        logger.info("ordered before")
        return
    person = people.get(candidate_id)
    ordered = psychometric.order(
        name=person.name,
        email=person.email,
        instruments=policy.instruments,
        reference=candidate_id,
        idempotency_key=f"assessment-{candidate_id}",
    )
    assessments.ordered(candidate_id, ordered.assessment_id, ordered.invite_url, now)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``candidate.profiled`` and ``journey.resumed`` (qualified) calls this."""
    data = told.detail.data
    order_assessment(
        told.detail.subject.id,
        qualifies=told.name is EventName.JOURNEY_RESUMED or (data["qualifies"] and not data.get("review")),
        people=wired.people.people,
        assessments=wired.hiring.assessments,
        configurations=wired.configurations,
        psychometric=wired.vendors.psychometric,
        now=wired.clock(),
    )


handler = on_event(act)
