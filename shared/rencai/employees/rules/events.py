"""Shapes of the events that employees' files tell: thin (ids, week or month), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class PerformanceRecorded(EventData):
    """``month``: ``2026-11``. The score stays in the table."""

    month: str


class AttendanceRecorded(EventData):
    """``week``: ``2026-W10``. The hours stay in the table."""

    week: str


class LeaveRecorded(EventData):
    """Recorded, corrected or cancelled: ``leave_id`` names it. Its kind and days stay in the table."""

    leave_id: str


class SurveyAnswered(EventData):
    """``month``: ``2026-11``. The answers stay in the table."""

    month: str


class EmployeeRecorded(EventData):
    """Put on record, or corrected, otherwise than by hiring through Rencai. What is told stays in the table."""


class EmployeeRescheduled(EventData):
    """HR has corrected the first day (ISO 8601); ``decision_id`` names the decision, whose reason is sealed."""

    starts_on: str
    decision_id: str


SHAPES: Final[Shapes] = {
    EventName.PERFORMANCE_RECORDED: PerformanceRecorded,
    EventName.ATTENDANCE_RECORDED: AttendanceRecorded,
    EventName.LEAVE_RECORDED: LeaveRecorded,
    EventName.SURVEY_ANSWERED: SurveyAnswered,
    EventName.EMPLOYEE_RECORDED: EmployeeRecorded,
    EventName.EMPLOYEE_RESCHEDULED: EmployeeRescheduled,
}
