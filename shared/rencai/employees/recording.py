"""What HR's systems tell of an employee's work, put on record one by one (C3, F2, F4, F7)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

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


@dataclass(frozen=True, slots=True)
class WorkRecording:
    """Each returns what is on record now: the same again changes nothing, anything else replaces what was told.

    Each raises ``NotFound`` for who is no employee, ``LostRace``, and what the rules do; periods are the zone's.
    """

    employees: Employees
    performances: Performances
    signals: WorkSignals
    zone: ZoneInfo

    def attendance(
        self, employee_id: str, week: str, report: AttendanceReport, actor: str, now: datetime
    ) -> AttendanceWeek:
        """A week's hours; see ``attendance_week``."""
        told = attendance_week(week, report, self._today(employee_id, now))
        self.signals.record_attendance(employee_id, told, actor, now)
        return told

    def leave(self, employee_id: str, leave_id: str, report: LeaveReport, actor: str, now: datetime) -> Leave:
        """A leave, also one that was cancelled; see ``signals.leave``."""
        told = leave(leave_id, report, self._today(employee_id, now))
        self.signals.record_leave(employee_id, told, actor, now)
        return told

    def survey(
        self, employee_id: str, month: str, report: SurveyReport, actor: str, now: datetime
    ) -> SurveyAnswers:
        """A month's answers; see ``survey_answers``."""
        told = survey_answers(month, report, self._today(employee_id, now))
        self.signals.record_survey(employee_id, told, actor, now)
        return told

    def performance(
        self, employee_id: str, month: str, report: PerformanceReport, actor: str, now: datetime
    ) -> MonthlyPerformance:
        """A month's work performance; see ``monthly_performance``."""
        told = monthly_performance(month, report, self._today(employee_id, now))
        self.performances.record(employee_id, told, actor, now)
        return told

    def _today(self, employee_id: str, now: datetime) -> date:
        """The tenant's day; raises ``NotFound`` for who is no employee."""
        if self.employees.get(employee_id) is None:
            raise NotFound("employee", employee_id)
        return now.astimezone(self.zone).date()
