"""What is told of somebody's work lies within their employment, from the first day to the last (F2, F4).

A week or a month counts as soon as one day of it does. A leave lies within it whole, for its days are said; one that is
cancelled was not taken, whenever it was to be. A course may be taken before the first day, and elsewhere; an interview
always is.
"""

from calendar import monthrange
from datetime import date, timedelta

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import AttendanceWeek, Leave, SurveyAnswers
from rencai.kernel.errors import DomainError

Told = AttendanceWeek | Leave | MonthlyPerformance | SurveyAnswers | LearningRecord | RecruitingRecord


def check_employed(employee: Employee, told: Told) -> None:
    """Raises ``DomainError`` (BEFORE_FIRST_DAY, AFTER_LAST_DAY), its path the field that says when it was, when what is
    told is not of ``employee``'s time.
    """
    match told:
        case AttendanceWeek(week=week):
            monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
            _overlaps(employee, "week", week, monday, monday + timedelta(days=6))
        case MonthlyPerformance(month=month):
            _overlaps(employee, "month", month, *_days_of(month))
        case SurveyAnswers(survey=survey):
            _overlaps(employee, "month", survey.month, *_days_of(survey.month))
        case Leave(cancelled=False, starts_on=first, ends_on=last):
            _not_before(employee, "starts_on", first.isoformat(), first)
            _not_after(employee, "ends_on", last.isoformat(), last)
        case LearningRecord(completed_on=date() as day):
            _not_after(employee, "completed_on", day.isoformat(), day)


def _days_of(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _overlaps(employee: Employee, path: str, period: str, first: date, last: date) -> None:
    _not_before(employee, path, period, last)
    _not_after(employee, path, period, first)


def _not_before(employee: Employee, path: str, period: str, day: date) -> None:
    if day < employee.starts_on:
        first = employee.starts_on.isoformat()
        raise DomainError(EmployeeRefusal.BEFORE_FIRST_DAY, path, period=period, starts_on=first)


def _not_after(employee: Employee, path: str, period: str, day: date) -> None:
    if not employee.works_on(day):
        raise DomainError(EmployeeRefusal.AFTER_LAST_DAY, path, period=period, left_on=str(employee.left_on))
