"""``employee.onboarded`` or ``plan.changed`` -> enrolled in the LMS for every item of the plan (C2)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.errors import VendorRefusal
from rencai.domain.training import Enrolment
from rencai.domain.training_plan import PlanItem, PlanStatus
from rencai.platform.consumer import BusEvent, Retry, consume_events
from rencai.platform.observability import logger
from rencai.store.enrolments import Enrolments
from rencai.store.training_plans import TrainingPlans
from rencai.vendors.lms import Lms


def enrol(employee_id: str, *, plans: TrainingPlans, enrolments: Enrolments, lms: Lms, now: datetime) -> None:
    """Enrol the employee in what the plan has and the LMS does not know of yet.

    The idempotency key names employee and item: a retry finds the LMS's first answer. A course that the LMS refuses
    does not keep the others back; ``VendorRefusal`` is raised once those are done.
    """
    file = plans.get(employee_id)
    if file.plan.status is PlanStatus.DRAFT:
        raise Retry("the plan is not assigned yet")
    refused: VendorRefusal | None = None
    for item in file.plan.current:
        enrolment = file.enrolments.get(item.item_id)
        try:
            if enrolment is None:
                enrolment = _enrolled(employee_id, item, lms)
                enrolments.open(enrolment)
        except VendorRefusal as refusal:
            refused = refusal
            continue
        # Known or new: whoever put it on record may have been cut off before this.
        enrolments.claim(enrolment.enrolment_id, now)
    if refused:
        raise refused


def _enrolled(employee_id: str, item: PlanItem, lms: Lms) -> Enrolment:
    enrolment_id = lms.enrol(
        learner=employee_id,
        course_id=item.course_id,
        due_at=item.due_at,
        reference=f"{employee_id}/{item.item_id}",
        idempotency_key=f"enrol-{employee_id}-{item.item_id}",
    )
    return Enrolment(employee_id, item.item_id, enrolment_id, item.due_at)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the two events calls this."""

    def act(told: BusEvent) -> None:
        # ``employee.onboarded`` is told of the candidate, ``plan.changed`` of the employee.
        enrol(
            told.detail.data.get("employee_id", told.detail.subject.id),
            plans=wiring.training_plans(),
            enrolments=wiring.enrolments(),
            lms=wiring.lms(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
