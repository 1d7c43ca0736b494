"""Courses of an employee: enrolled, and how far they have come (C2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from .vendor_facts import CourseProgressed


@dataclass(frozen=True, slots=True)
class Told:
    """A value an LMS told, and when it was so."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One employee in one course. Completion and exam are percentages, 0-100; None until something was said.

    ``version`` counts the writes; 0 is not yet written.
    """

    employee_id: str
    course_id: str
    enrolment_id: str
    due_at: datetime
    completion: Told | None = None
    exam: Told | None = None
    review: Told | None = None
    version: int = 0

    @property
    def completion_percent(self) -> Decimal | None:
        """How much of the course is done, 0-100."""
        return Decimal(self.completion.value) if self.completion else None

    @property
    def exam_score(self) -> Decimal | None:
        """The exam's score, 0-100."""
        return Decimal(self.exam.value) if self.exam else None


def progressed(enrolment: Enrolment, fact: CourseProgressed) -> Enrolment:
    """The enrolment after ``fact``; the same object when the fact is no news.

    Each value is the one told latest by the time it was so, whatever order the facts come in, so a late, repeated or
    decreasing report needs no rule of its own. Of two values of one moment the greater counts.
    """
    percent = fact.completion_percent
    after = replace(
        enrolment,
        completion=_newer(enrolment.completion, _number(percent), fact.occurred_at),
        exam=_newer(enrolment.exam, _number(fact.exam_score), fact.occurred_at),
        review=_newer(enrolment.review, fact.mentor_review, fact.occurred_at),
    )
    return enrolment if after == enrolment else after


def _number(value: Decimal | None) -> str | None:
    # Fixed width before the point, so that comparing texts compares numbers.
    return f"{value:010.4f}" if value is not None else None


def _newer(known: Told | None, value: str | None, at: datetime) -> Told | None:
    if value is None:
        return known
    if known is None or (at, value) > (known.at, known.value):
        return Told(value, at)
    return known
