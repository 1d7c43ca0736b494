"""``candidate.profiled`` -> a psychometric assessment ordered from the vendor (A7)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.assessments import Assessments
from rencai.store.configurations import Configurations
from rencai.store.people import People
from rencai.vendors.psychometric import Psychometric


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
    policy = configurations.hiring_policy()
    if policy.assess == "nobody" or (policy.assess == "qualified" and not qualifies):
        logger.info("no assessment to order", extra={"assess": policy.assess})
        return
    known = assessments.find(candidate_id)
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


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``candidate.profiled`` calls this."""

    def act(told: BusEvent) -> None:
        order_assessment(
            told.detail.subject.id,
            qualifies=told.detail.data["qualifies"],
            people=wiring.people(),
            assessments=wiring.assessments(),
            configurations=wiring.configurations(),
            psychometric=wiring.psychometric(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
