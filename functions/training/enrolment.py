"""``employee.onboarded`` or ``plan.changed`` -> enrolled in the LMS for every item of the plan (C2)."""

from datetime import datetime

from rencai.kernel import ids
from rencai.kernel.errors import VendorRefusal
from rencai.kernel.events import EventName
from rencai.platform.consumer import BusEvent, Retry
from rencai.training.rules.courses import Enrolment
from rencai.training.rules.plan import PlanItem, PlanStatus
from rencai.training.rules.ports import Lms
from rencai.training.store.enrolments import Enrolments
from rencai.training.store.plans import TrainingPlans
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def enrol(
    employee_id: str,
    *,
    plans: TrainingPlans,
    enrolments: Enrolments,
    lms: Lms,
    now: datetime,
    since: int | None = None,
) -> None:
    """Enrol the employee in what the plan has and the LMS does not know of yet.

    ``since`` is the version of the plan that has this done, or 0: whichever of an assigned plan; None: it is not known.
    The idempotency key names employee and item: a retry finds the LMS's first answer. A course that the LMS refuses
    does not keep the others back; ``VendorRefusal`` is raised once those are done.
    """
    # What is added to the plan later is told by itself; of a course that does not show yet the LMS says the same again.
    file = plans.find(employee_id, consistent=False) if since is not None else None
    if file is None or file.plan.status is PlanStatus.DRAFT or file.plan.version < (since or 0):
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


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the two events calls this."""
    # ``employee.onboarded`` is told of the candidate, once the plan is assigned; ``plan.changed`` of the employee.
    onboarded = told.name is EventName.EMPLOYEE_ONBOARDED
    employee_id = told.detail.data["employee_id"] if onboarded else told.detail.subject.id
    enrol(
        employee_id,
        plans=wired.training.plans,
        enrolments=wired.training.enrolments,
        lms=wired.vendors.lms,
        now=wired.clock(),
        since=0 if onboarded else ids.version_told(told.detail.event_id, f"{employee_id}_plan"),
    )


handler = on_event(act)
