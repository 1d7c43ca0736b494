"""The employee's file (F1, F2): its first page, with what is known of their training, probation and work."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.domain.signals import iso_week, years_from
from rencai.platform.api import Score, View

from .probation import MonthView, month_of
from .signals import AttendanceWeekView, LeaveDaysView, leave_of, week_of
from .training import PathId

if TYPE_CHECKING:
    # A module that costs at cold start, and most calls are about something else.
    from rencai.store.training_plans import TrainingFile

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

_WEEKS: Final = 8
_MONTHS: Final = 12


class TrainingStandingView(View):
    """How far the training plan is; ``items`` are those that are still in it."""

    status: str = Field(json_schema_extra={"enum": ["draft", "assigned"]})
    completed: int
    items: int
    open_warnings: int


class ProbationStandingView(View):
    """The probation's score so far, 0-100; null when there is nothing to go by. ``coverage`` 0-1."""

    score: Score | None
    coverage: Score
    ends_on: date


class SurveyTakenView(View):
    """A month's survey and how many questions were answered. No score: one person's is nobody's to see (F7)."""

    month: str
    answers: int


class EmployeeView(View):
    """An employee. Weeks, leave and months are oldest first; what was not told is not there."""

    employee_id: str
    candidate_id: str | None
    employee_no: str | None = Field(description="The tenant's own number (工号)")
    name: str
    role: str
    location: str
    department: str | None
    level: str | None = Field(description="Of the career ladder")
    starts_on: date
    left_on: date | None = Field(description="The last day at work")
    profile_of: str | None
    training: TrainingStandingView | None
    probation: ProbationStandingView | None
    attendance: list[AttendanceWeekView] = Field(description="The last 8 weeks, this one among them")
    leave: list[LeaveDaysView] = Field(description="The last 12 months', and what is to come")
    performance: list[MonthView] = Field(description="The last 12 months, this one among them")
    surveys: list[SurveyTakenView] = Field(description="The last 12 months, this one among them")


@router.get("/employees/<employee_id>", summary="The employee's file", tags=["Employees"])
def get_employee(employee_id: PathId) -> EmployeeView:
    """Who they are, and how their training and probation, attendance, leave, performance and surveys stand."""
    # Some 7-10 read units: the employee, five queries, and the months of performance once more for the score.
    employee = wiring.employees().get(employee_id)
    if employee is None:
        raise NotFound("employee", employee_id)
    now = wiring.clock()
    today = now.astimezone(wiring.zone()).date()
    signals, first_week, first_month = wiring.signals(), _first_week(today), _first_month(today)
    plan, year_ago = wiring.training_plans().find(employee_id), years_from(today, -1)
    return EmployeeView(
        employee_id=employee_id,
        candidate_id=employee.candidate_id,
        employee_no=employee.employee_no,
        name=employee.name,
        role=employee.role,
        location=employee.location,
        department=employee.department,
        level=employee.level,
        starts_on=employee.starts_on,
        left_on=employee.left_on,
        profile_of=employee.profile_of,
        training=_training(plan, now) if plan else None,
        probation=_probation(plan, now) if plan else None,
        attendance=[
            week_of(one) for one in signals.attendance(employee_id, _WEEKS) if one.week >= first_week
        ],
        leave=[leave_of(one) for one in signals.leave(employee_id) if one.ends_on > year_ago],
        performance=[
            month_of(one) for one in wiring.performances().of(employee_id) if one.month >= first_month
        ],
        surveys=[
            SurveyTakenView(month=one.month, answers=len(one.scores))
            for one in signals.surveys(employee_id, _MONTHS)
            if one.month >= first_month
        ],
    )


def _first_week(today: date) -> str:
    return iso_week(date.fromordinal(today.toordinal() - 7 * (_WEEKS - 1)))


def _first_month(today: date) -> str:
    year, month = divmod(today.year * 12 + today.month - _MONTHS, 12)
    return f"{year}-{month + 1:02}"


def _training(file: "TrainingFile", now: datetime) -> TrainingStandingView:
    from rencai.domain.training_plan import WarningStatus
    from rencai.domain.training_wording import ItemStatus, item_status

    plan = file.plan
    statuses = [item_status(plan, item, file.enrolments.get(item.item_id), now) for item in plan.current]
    return TrainingStandingView(
        status=plan.status,
        completed=statuses.count(ItemStatus.COMPLETED),
        items=len(statuses),
        open_warnings=sum(warned.status is WarningStatus.OPEN for warned in plan.warnings),
    )


def _probation(file: "TrainingFile", now: datetime) -> ProbationStandingView | None:
    from rencai.domain.training_plan import PlanStatus

    if file.plan.status is PlanStatus.DRAFT:
        return None
    score, _ = wiring.training().score(file, now)
    return ProbationStandingView(score=score.score, coverage=score.coverage, ends_on=score.ends_on)
