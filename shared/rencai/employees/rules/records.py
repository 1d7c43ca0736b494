"""What an earlier system knew of an employee: interviews held before Rencai, courses taken elsewhere (F1, F2).

Like the signals, a ``...Report`` is the form a record comes in, and a function makes of it what goes on record.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final

from pydantic import Field

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel.errors import DomainError

from .signals import Day, Number, Report

_CENT: Final = Decimal("0.01")
_Name = Annotated[str, Field(min_length=1, max_length=100)]


class RecruitingReport(Report):
    """What an interview found of one competency: ``score``, 0 to ``out_of``, on the other system's scale."""

    interviewed_on: Day
    competency: _Name
    score: Number
    out_of: Annotated[Number, Field(gt=0, le=1000)] = Decimal(10)


class LearningReport(Report):
    """A course taken: how much of it, and its exam (0-100), if there was one."""

    course: _Name
    completion_percent: Annotated[Number, Field(ge=0, le=100)]
    exam_score: Annotated[Number, Field(ge=0, le=100)] | None = None
    completed_on: Day | None = None


@dataclass(frozen=True, slots=True)
class RecruitingRecord:
    """A competency as an interview of another system found it."""

    interviewed_on: date
    competency: str
    score: Decimal
    out_of: Decimal

    @property
    def percent(self) -> Decimal:
        """The score, 0-100, to hundredths, half up."""
        return (self.score * 100 / self.out_of).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class LearningRecord:
    """A course by the name another system gave it; the catalogue's name of it makes it that course."""

    course: str
    completion_percent: Decimal
    exam_score: Decimal | None
    completed_on: date | None


def recruiting_record(report: RecruitingReport, today: date) -> RecruitingRecord:
    """A finding as it goes on record; raises ``DomainError`` (STILL_AHEAD, SCORE_OUT_OF_RANGE)."""
    _not_ahead("interviewed_on", report.interviewed_on, today)
    if not 0 <= report.score <= report.out_of:
        raise DomainError(
            EmployeeRefusal.SCORE_OUT_OF_RANGE, "score", out_of=f"{report.out_of.normalize():f}"
        )
    return RecruitingRecord(report.interviewed_on, report.competency, report.score, report.out_of)


def learning_record(report: LearningReport, today: date) -> LearningRecord:
    """A course as it goes on record; raises ``DomainError`` (STILL_AHEAD)."""
    if report.completed_on is not None:
        _not_ahead("completed_on", report.completed_on, today)
    return LearningRecord(report.course, report.completion_percent, report.exam_score, report.completed_on)


def _not_ahead(path: str, day: date, today: date) -> None:
    if day > today:
        raise DomainError(EmployeeRefusal.STILL_AHEAD, path, today=today.isoformat())
