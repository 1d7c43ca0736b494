"""``employee.onboarded`` -> enrolled in the courses everybody takes (C2). The personal plan builds on this (C1)."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.domain.training import Enrolment
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.configurations import Configurations
from rencai.store.employees import Employees
from rencai.store.enrolments import Enrolments
from rencai.vendors.lms import Lms


def enrol(
    employee_id: str,
    *,
    employees: Employees,
    enrolments: Enrolments,
    configurations: Configurations,
    lms: Lms,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Enrol the employee in each course of the onboarding kit, due on the first day.

    The idempotency key names employee and course: a retry finds the LMS's first answer.
    """
    employee = employees.get(employee_id)
    if employee is None:
        raise NotFound("employee", employee_id)
    due_at = datetime.combine(employee.starts_on, time(9), zone)
    for course_id in configurations.onboarding_kit().courses:
        enrolment = enrolments.find(employee_id, course_id)
        if enrolment is None:
            enrolment_id = lms.enrol(
                learner=employee_id,
                course_id=course_id,
                due_at=due_at,
                reference=f"{employee_id}/{course_id}",
                idempotency_key=f"enrol-{employee_id}-{course_id}",
            )
            enrolment = Enrolment(employee_id, course_id, enrolment_id, due_at)
            enrolments.open(enrolment)
        enrolments.claim(enrolment.enrolment_id, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``employee.onboarded`` calls this."""
    zone = ZoneInfo(settings()["TIME_ZONE"])

    def act(told: BusEvent) -> None:
        enrol(
            told.detail.data["employee_id"],
            employees=wiring.employees(),
            enrolments=wiring.enrolments(),
            configurations=wiring.configurations(),
            lms=wiring.lms(),
            zone=zone,
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
