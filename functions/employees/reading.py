"""The employee's file, read whole (F1, F2). It spans employees and their training, so it stands above both; imported by
the route that shows it, for the plan's rules cost at cold start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, SurveyOnRecord, iso_week, years_from
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import NotFound
from rencai.training.planning import Training
from rencai.training.rules.plan import PlanStatus, WarningStatus
from rencai.training.rules.probation import ProbationScore
from rencai.training.rules.wording import ItemStatus, item_status
from rencai.training.store.plans import TrainingFile, TrainingPlans

_WEEKS: Final = 8
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class TrainingStanding:
    """How far a training plan is; ``items`` are those that are still in it."""

    status: PlanStatus
    completed: int
    items: int
    open_warnings: int


@dataclass(frozen=True, slots=True)
class EmployeeFile:
    """An employee, and what was told lately, oldest first. None: there is no plan; of ``probation`` also while it is a
    draft.
    """

    employee: Employee
    training: TrainingStanding | None
    probation: ProbationScore | None
    attendance: Sequence[AttendanceWeek]
    leave: Sequence[Leave]
    performance: Sequence[MonthlyPerformance]
    surveys: Sequence[SurveyOnRecord]


def read_file(
    employee_id: str,
    *,
    employees: Employees,
    plans: TrainingPlans,
    training: Training,
    signals: WorkSignals,
    performances: Performances,
    now: datetime,
    zone: ZoneInfo,
) -> EmployeeFile:
    """The file by the zone's day: 8 weeks with this one, 12 months with this one, leave of a year and what is to come.

    Raises ``NotFound``.
    """
    # Some 7-10 read units: the employee, five queries, and the months of performance once more for the score.
    employee = employees.get(employee_id)
    if employee is None:
        raise NotFound("employee", employee_id)
    today = now.astimezone(zone).date()
    first_week, first_month, year_ago = _first_week(today), _first_month(today), years_from(today, -1)
    plan = plans.find(employee_id)
    assigned = plan if plan and plan.plan.status is PlanStatus.ASSIGNED else None
    return EmployeeFile(
        employee=employee,
        training=_standing(plan, now) if plan else None,
        probation=training.score(assigned, now)[0] if assigned else None,
        attendance=[one for one in signals.attendance(employee_id, _WEEKS) if one.week >= first_week],
        leave=[one for one in signals.leave(employee_id) if one.ends_on > year_ago],
        performance=[one for one in performances.of(employee_id) if one.month >= first_month],
        surveys=[one for one in signals.surveys(employee_id, _MONTHS) if one.survey.month >= first_month],
    )


def _first_week(today: date) -> str:
    return iso_week(date.fromordinal(today.toordinal() - 7 * (_WEEKS - 1)))


def _first_month(today: date) -> str:
    year, month = divmod(today.year * 12 + today.month - _MONTHS, 12)
    return f"{year}-{month + 1:02}"


def _standing(file: TrainingFile, now: datetime) -> TrainingStanding:
    plan = file.plan
    statuses = [item_status(plan, item, file.enrolments.get(item.item_id), now) for item in plan.current]
    return TrainingStanding(
        status=plan.status,
        completed=statuses.count(ItemStatus.COMPLETED),
        items=len(statuses),
        open_warnings=sum(warned.status is WarningStatus.OPEN for warned in plan.warnings),
    )
