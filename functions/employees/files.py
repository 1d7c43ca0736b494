"""The employee's file (F1, F2): its first page, with what is known of their training, probation and work."""

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from rencai.platform.api import PathId, Score, View
from rencai.wiring.routes import API, Routes

from .signals import AttendanceWeekView, LeaveDaysView, MonthView, leave_of, month_of, week_of

if TYPE_CHECKING:
    # A module that costs at cold start, and most calls are about something else.
    from .reading import EmployeeFile

router = Routes()


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
    """A month's survey, and how many questions HR told the answers of; null: the employee answered themselves, and
    which questions is theirs to know, as what they answered is (F7).
    """

    month: str
    answers: int | None


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


@router.get("/employees/<employee_id>", security=API, summary="The employee's file", tags=["Employees"])
def get_employee(employee_id: PathId) -> EmployeeView:
    """Who they are, and how their training and probation, attendance, leave, performance and surveys stand."""
    from .reading import read_file

    wired = router.wired
    file = read_file(
        employee_id,
        employees=wired.employees.employees,
        plans=wired.training.plans,
        training=wired.training.training,
        signals=wired.employees.signals,
        performances=wired.employees.performances,
        now=wired.clock(),
        zone=wired.zone,
    )
    return _view(file)


def _view(file: "EmployeeFile") -> EmployeeView:
    employee, training, probation = file.employee, file.training, file.probation
    return EmployeeView(
        employee_id=employee.employee_id,
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
        training=TrainingStandingView(
            status=training.status,
            completed=training.completed,
            items=training.items,
            open_warnings=training.open_warnings,
        )
        if training
        else None,
        probation=ProbationStandingView(
            score=probation.score, coverage=probation.coverage, ends_on=probation.ends_on
        )
        if probation
        else None,
        attendance=[week_of(one) for one in file.attendance],
        leave=[leave_of(one) for one in file.leave],
        performance=[month_of(one) for one in file.performance],
        surveys=[
            SurveyTakenView(month=one.survey.month, answers=len(one.survey.scores) if one.told_by else None)
            for one in file.surveys
        ],
    )
