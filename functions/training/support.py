"""``intervention.opened`` or ``intervention.changed`` -> the courses of its actions are in the employee's plan (F5)."""

from datetime import datetime

from rencai.employees.store.employees import Employees
from rencai.kernel.errors import NotFound
from rencai.platform.consumer import BusEvent, Retry
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE
from rencai.pressure.store.interventions import Interventions
from rencai.store.configurations import Configurations
from rencai.training.planning import Training
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


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
    courses = configurations.latest(INTERVENTION_CATALOGUE).document.courses(intervention.actions)
    if intervention.closing or not courses:
        return
    employee = employees.get(intervention.employee_id)
    if employee is None:
        raise NotFound("employee", intervention.employee_id)
    by, due_on = intervention.opened_by, intervention.due_on
    if not training.support(employee, courses, intervention_id, due_on, by, now):
        raise Retry("the plan is not assigned yet")


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the two events calls this."""
    support(
        told.detail.data["intervention_id"],
        interventions=wired.pressure.interventions,
        employees=wired.employees.employees,
        configurations=wired.configurations,
        training=wired.training.training,
        now=wired.clock(),
    )


handler = on_event(act)
