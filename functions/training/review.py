"""``training.progressed`` or ``performance.recorded`` -> the plan adapts, HR is warned, the probation is scored.

``employee.rescheduled`` -> plan and probation begin on the day that is the first now.
"""

from datetime import timedelta
from typing import Final

from rencai.kernel.events import EventName
from rencai.platform.consumer import BusEvent, Retry
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event

_ASSIGNED_WITHIN: Final = timedelta(hours=1)
"""Who was hired here has a plan long before this: onboarding assigns it right after it has put them on record."""


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind these events calls this. What it does is decided by what is known, not by the event."""
    employee_id, now = told.detail.subject.id, wired.clock()
    if told.name is EventName.EMPLOYEE_RESCHEDULED:
        employee = wired.employees.employees.get(employee_id)
        if employee is None:
            return
        followed = wired.training.training.follow(employee_id, employee.starts_on, "rencai", now)
        if not followed and employee.candidate_id and now - employee.created_at < _ASSIGNED_WITHIN:
            raise Retry("the plan is not assigned yet")
        return
    wired.training.training.review(employee_id, now)


handler = on_event(act)
