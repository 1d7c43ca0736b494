"""``intervention.opened`` or ``intervention.changed`` -> the courses of its actions are in the employee's plan (F5)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.platform.consumer import BusEvent, Retry, consume_events
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.employees import Employees
from rencai.store.interventions import Interventions
from rencai.training import Training


def support(
    intervention_id: str,
    *,
    interventions: Interventions,
    employees: Employees,
    configurations: Configurations,
    training: Training,
    now: datetime,
) -> None:
    """Add what the intervention brings as it stands now; from there ``plan.changed`` enrols. Again, it adds nothing.

    One that is closed brings nothing any more.
    """
    intervention = interventions.get(intervention_id)
    courses = configurations.intervention_catalogue().document.courses(intervention.actions)
    if intervention.closing or not courses:
        return
    employee = employees.get(intervention.employee_id)
    if employee is None:
        raise NotFound("employee", intervention.employee_id)
    by, due_on = intervention.opened_by, intervention.due_on
    if not training.support(employee, courses, intervention_id, due_on, by, now):
        raise Retry("the plan is not assigned yet")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the two events calls this."""

    def act(told: BusEvent) -> None:
        support(
            told.detail.data["intervention_id"],
            interventions=wiring.interventions(),
            employees=wiring.employees(),
            configurations=wiring.configurations(),
            training=wiring.training(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
