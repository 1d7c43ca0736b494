"""What is told of an employee as they work (F2, F4, F7): attendance by week, leave, and a month's survey.

A ``...Report`` is the form a signal comes in, whichever way it comes; the functions make of it what goes on record, or
say which rule is against it. ``today`` is the tenant's: the day it is in its time zone. Work performance is a signal as
well and has its rules in ``performance``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel import texts
from rencai.kernel.errors import DomainError
from rencai.kernel.forms import formed

WEEK: Final = formed(
    r"^(19|20)[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])$",
    "应为 ISO 周,例如 2026-W10",
    "should be an ISO week, as in 2026-W10",
)
"""An ISO 8601 week: ``2026-W10``. Not every year has a week 53."""
MONTH: Final = formed(
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", "应为月份,例如 2026-11", "should be a month, as in 2026-11"
)
"""A calendar month: ``2026-11``."""
IDENTIFIER: Final = texts.IDENTIFIER
"""What another system calls a leave or a question."""
MAX_TEXT: Final = 10_000
"""Characters of all texts of one survey together: an item of the table holds them, and twelve fit one page of it."""

_CENT: Final = Decimal("0.01")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _is_number(value: object) -> object:
    # Left to itself pydantic takes "80" and true for numbers as well.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticKnownError("float_type")
    return value


def _is_date(value: object) -> object:
    # Left to itself pydantic takes unix time and midnights for dates as well.
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticKnownError("date_type")


Number = Annotated[
    Decimal,
    Field(decimal_places=4, allow_inf_nan=False),
    BeforeValidator(_is_number),
    WithJsonSchema({"type": "number"}),
]
Day = Annotated[date, BeforeValidator(_is_date), WithJsonSchema({"type": "string", "format": "date"})]
_Hours = Annotated[
    Number, Field(ge=0, le=168), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 168})
]
_Days = Annotated[Number, Field(gt=0), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]


class LeaveKind(StrEnum):
    """Kinds of leave, by the names of China's labour law; ``comp`` is leave in lieu of overtime (调休)."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    COMP = "comp"
    MARRIAGE = "marriage"
    MATERNITY = "maternity"
    PATERNITY = "paternity"
    BEREAVEMENT = "bereavement"
    OTHER = "other"


class Report(BaseModel):
    """A form that something told of an employee comes in. Built when it is first needed. A field that is none is
    refused: misspelt, it would be a figure that nobody told.
    """

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")


def one_of_them(**kinds: str) -> dict[str, Any]:
    """For a form's schema: one of these fields has to be there, of its kind and not empty."""
    return {
        "anyOf": [
            {"required": [name], "properties": {name: {"minItems": 1} if kind == "array" else {"type": kind}}}
            for name, kind in kinds.items()
        ]
    }


class AttendanceReport(Report):
    """A week's hours at work; ``overtime_hours`` are those of them that were overtime, null: not told."""

    hours: _Hours
    overtime_hours: _Hours | None = None


class LeaveReport(Report):
    """A leave from ``starts_on`` to ``ends_on``, both included; ``days`` are working days, in parts where it was one.

    ``cancelled``: it was not taken after all.
    """

    kind: LeaveKind
    starts_on: Day
    ends_on: Day
    days: _Days
    cancelled: Annotated[bool, Field(strict=True)] = False


class AnswerReport(Report):
    """An answer to one question: a score from 1 to 5, a text, or both."""

    model_config = ConfigDict(json_schema_extra=one_of_them(score="integer", text="string"))

    question_id: Annotated[str, Field(pattern=IDENTIFIER)]
    score: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=2000)] | None = None

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.score is None and self.text is None:
            raise PydanticCustomError("unanswered", "a score or a text is required")
        return self


class SurveyReport(Report):
    """A month's answers; the texts together have at most 10,000 characters."""

    answers: Annotated[list[AnswerReport], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class AttendanceWeek:
    """Hours at work in an ISO week (``2026-W10``), and those of them that were overtime, None: not told."""

    week: str
    hours: Decimal
    overtime_hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave, both days included; ``leave_id`` is what the tenant's own system calls it."""

    leave_id: str
    kind: LeaveKind
    starts_on: date
    ends_on: date
    days: Decimal
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """Scores, 1-5, by question id and sorted by it; None: answered in words only."""

    month: str
    scores: tuple[tuple[str, int | None], ...]

    @property
    def score(self) -> Decimal | None:
        """The mean of the scores to hundredths, half up; None when there is none."""
        given = [score for _, score in self.scores if score is not None]
        return (Decimal(sum(given)) / len(given)).quantize(_CENT, ROUND_HALF_UP) if given else None


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    """A survey as it was answered: the scores, and apart from them the words by question id, which are sealed."""

    survey: Survey
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """What somebody's answers to a survey are grouped by; None: not on file. ``is_new``: their file was made or changed
    so shortly before that it may have been for the survey (``rencai.survey``); ``is_made``: made, so they are new too.
    """

    department: str | None
    location: str | None
    role: str | None
    is_new: bool = False
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class SurveyOnRecord:
    """A survey, and how it came: by the employee's own link, with the ``groups`` they were in when they first answered,
    or told by ``told_by``, somebody of HR or a system of theirs. The other is None.
    """

    survey: Survey
    told_by: str | None
    groups: Groups | None


def iso_week(day: date) -> str:
    """The ISO 8601 week of a day; it belongs to the year its Thursday is in.

    >>> iso_week(date(2027, 1, 3))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def years_from(day: date, years: int) -> date:
    """The same day of another year, 28 February for the 29th where there is none.

    >>> years_from(date(2028, 2, 29), 1)
    datetime.date(2029, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def attendance_week(week: str, report: AttendanceReport, today: date) -> AttendanceWeek:
    """A week as it goes on record; ``week`` matches ``WEEK``.

    Raises ``DomainError`` (WEEK_UNKNOWN, PERIOD_TO_COME, OVERTIME_BEYOND_HOURS).
    """
    year, number = int(week[:4]), int(week[-2:])
    # 28 December is always in the last week of its year.
    weeks = date(year, 12, 28).isocalendar().week
    if number > weeks:
        raise DomainError(EmployeeRefusal.WEEK_UNKNOWN, "week", week=week, year=year, weeks=weeks)
    _begun("week", week, iso_week(today))
    if report.overtime_hours is not None and report.overtime_hours > report.hours:
        raise DomainError(
            EmployeeRefusal.OVERTIME_BEYOND_HOURS, "overtime_hours", hours=f"{report.hours.normalize():f}"
        )
    return AttendanceWeek(week, report.hours, report.overtime_hours)


def leave(leave_id: str, report: LeaveReport, today: date) -> Leave:
    """A leave as it goes on record.

    Raises ``DomainError`` (LEAVE_ENDS_BEFORE_START, LEAVE_TOO_FAR_AHEAD, LEAVE_DAYS_BEYOND).
    """
    if report.ends_on < report.starts_on:
        raise DomainError(
            EmployeeRefusal.LEAVE_ENDS_BEFORE_START, "ends_on", starts_on=report.starts_on.isoformat()
        )
    latest = years_from(today, 1)
    # Its end, not its start: a year mistyped in either is found out.
    if report.ends_on > latest:
        raise DomainError(EmployeeRefusal.LEAVE_TOO_FAR_AHEAD, "ends_on", latest=latest.isoformat())
    calendar_days = (report.ends_on - report.starts_on).days + 1
    if report.days > calendar_days:
        raise DomainError(EmployeeRefusal.LEAVE_DAYS_BEYOND, "days", calendar_days=calendar_days)
    return Leave(leave_id, report.kind, report.starts_on, report.ends_on, report.days, report.cancelled)


def survey_answers(month: str, report: SurveyReport, today: date) -> SurveyAnswers:
    """A month's survey as it goes on record; ``month`` matches ``MONTH``.

    Raises ``DomainError`` (PERIOD_TO_COME, QUESTION_REPEATED, ANSWERS_TOO_LONG).
    """
    _begun("month", month, f"{today:%Y-%m}")
    _once([answer.question_id for answer in report.answers])
    texts = {answer.question_id: answer.text for answer in report.answers if answer.text is not None}
    size = sum(map(len, texts.values()))
    if size > MAX_TEXT:
        raise DomainError(EmployeeRefusal.ANSWERS_TOO_LONG, "answers", size=size, limit=MAX_TEXT)
    scores = sorted((answer.question_id, answer.score) for answer in report.answers)
    return SurveyAnswers(Survey(month, tuple(scores)), texts)


def _begun(path: str, period: str, latest: str) -> None:
    if period > latest:
        raise DomainError(EmployeeRefusal.PERIOD_TO_COME, path, period=period, latest=latest)


def _once(questions: Sequence[str]) -> None:
    seen: set[str] = set()
    for place, question in enumerate(questions):
        if question in seen:
            raise DomainError(
                EmployeeRefusal.QUESTION_REPEATED, f"answers[{place}].question_id", question=question
            )
        seen.add(question)
