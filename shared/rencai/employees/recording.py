"""What HR's systems tell of an employee's work, put on record one by one (C3, F2, F4, F7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.employment import check_employed
from rencai.employees.rules.overlaps import check_overlaps
from rencai.employees.rules.performance import MonthlyPerformance, PerformanceReport, monthly_performance
from rencai.employees.rules.signals import (
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveReport,
    SurveyAnswers,
    SurveyReport,
    attendance_week,
    leave,
    survey_answers,
)
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import NotFound

Signal = AttendanceWeek | Leave | MonthlyPerformance | SurveyAnswers


@dataclass(frozen=True, slots=True)
class WorkRecording:
    """Each returns what is on record now: the same again changes nothing, anything else replaces what was told.

    Each raises ``NotFound`` for who is no employee, ``LostRace``, and what the rules do; periods are the zone's. What
    is on record already was of the employee's time when it was told, and is not held against their days again.
    """

    employees: Employees
    performances: Performances
    signals: WorkSignals
    zone: ZoneInfo

    def attendance(
        self, employee_id: str, week: str, report: AttendanceReport, actor: str, now: datetime
    ) -> AttendanceWeek:
        """A week's hours; see ``attendance_week``."""
        employee = self._employee(employee_id)
        told = attendance_week(week, report, self._today(now))
        self._record(employee, told, actor, now)
        return told

    def leave(self, employee_id: str, leave_id: str, report: LeaveReport, actor: str, now: datetime) -> Leave:
        """A leave, also one that was cancelled; see ``signals.leave``."""
        employee = self._employee(employee_id)
        told = leave(leave_id, report, self._today(now))
        self._record(employee, told, actor, now)
        return told

    def survey(
        self, employee_id: str, month: str, report: SurveyReport, actor: str, now: datetime
    ) -> SurveyAnswers:
        """A month's answers; see ``survey_answers``."""
        employee = self._employee(employee_id)
        told = survey_answers(month, report, self._today(now))
        self._record(employee, told, actor, now)
        return told

    def performance(
        self, employee_id: str, month: str, report: PerformanceReport, actor: str, now: datetime
    ) -> MonthlyPerformance:
        """A month's work performance; see ``monthly_performance``."""
        employee = self._employee(employee_id)
        told = monthly_performance(month, report, self._today(now))
        self._record(employee, told, actor, now)
        return told

    def _record(self, employee: Employee, told: Signal, actor: str, now: datetime) -> None:
        leave = LeaveRead(self.signals)
        record_told(self.signals, self.performances, leave, employee, told, actor, now)

    def _employee(self, employee_id: str) -> Employee:
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        return employee

    def _today(self, now: datetime) -> date:
        """The tenant's day."""
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class LeaveRead:
    """Leave on record as it was read, once an employee, and as it was told since by whoever holds this."""

    signals: WorkSignals
    _of: dict[str, dict[str, Leave]] = field(default_factory=dict)

    def of(self, employee_id: str) -> Iterable[Leave]:
        """All of an employee's, cancelled ones too."""
        if employee_id not in self._of:
            self._of[employee_id] = {one.leave_id: one for one in self.signals.leave(employee_id)}
        return self._of[employee_id].values()

    def told(self, employee_id: str, leave: Leave) -> None:
        """This is on record now."""
        if employee_id in self._of:
            self._of[employee_id][leave.leave_id] = leave


def record_told(
    signals: WorkSignals,
    performances: Performances,
    leave_read: LeaveRead,
    employee: Employee,
    told: Signal,
    actor: str,
    now: datetime,
) -> bool:
    """Put a signal on record, or correct it; False when it was so already.

    What is news lies within the employee's time, and leave has room beside other leave: ``DomainError``
    (BEFORE_FIRST_DAY, AFTER_LAST_DAY), ``Conflict`` (LEAVE_OVERLAPS). Other leave is read just before it is written;
    of two that are told at one moment, nothing keeps the second out.
    """
    id_ = employee.employee_id

    def check() -> None:
        check_employed(employee, told)
        if isinstance(told, Leave) and not told.cancelled:
            check_overlaps(told, leave_read.of(id_))

    match told:
        case AttendanceWeek():
            return signals.record_attendance(id_, told, actor, now, check)
        case Leave():
            news = signals.record_leave(id_, told, actor, now, check)
            leave_read.told(id_, told)
            return news
        case SurveyAnswers():
            return signals.record_survey(id_, told, actor, now, check)
        case MonthlyPerformance():
            return performances.record(id_, told, actor, now, check)
