"""Signals (C3, F2, F4, F7): attendance, leave, work performance, survey answers, one by one and up to 500 at once."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field, ValidationError, WithJsonSchema

from rencai.employees.rules.performance import MonthlyPerformance, PerformanceReport
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import (
    IDENTIFIER,
    MONTH,
    WEEK,
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveKind,
    LeaveReport,
    Survey,
    SurveyReport,
)
from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.kernel.wording import FieldError, at_most, field_errors
from rencai.platform.api import PathId, Request, Score, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    # Forms that cost at cold start, and most calls are about something else.
    from rencai.employees.batch import Rejection

router = Routes()

MAX_BATCH_BYTES: Final = 1024 * 1024
"""Largest accepted batch: the words of its surveys are sealed 4 KB at a time, and API Gateway waits for 29 s."""

Week = Annotated[str, Path(pattern=WEEK, description="An ISO 8601 week, as in 2026-W10")]
Month = Annotated[str, Path(pattern=MONTH, description="As in 2026-11")]
LeaveId = Annotated[str, Path(pattern=IDENTIFIER, description="What your own system calls the leave")]


class AttendanceWeekView(View):
    """Hours at work in a week, and those of them that were overtime; null: not told."""

    week: str
    hours: Score
    overtime_hours: Score | None


class AttendanceView(AttendanceWeekView):
    """A week that was recorded."""

    employee_id: str


class LeaveDaysView(View):
    """A leave, both days included."""

    leave_id: str
    kind: LeaveKind
    starts_on: date
    ends_on: date
    days: Score
    cancelled: bool


class LeaveView(LeaveDaysView):
    """A leave that was recorded."""

    employee_id: str


class SurveyMonthView(View):
    """A month's survey: how many questions were answered, and the mean of the scores, 1-5; null: words only."""

    month: str
    answers: int
    score: Score | None


class SurveyView(SurveyMonthView):
    """A survey that was recorded."""

    employee_id: str


class MetricView(View):
    """A figure of a month; ``target``: null, none was set; ``currency``: it is money."""

    id: str
    value: Score
    target: Score | None
    currency: str | None


class MonthView(View):
    """Work performance of a month; ``percent`` is the score, 0-100. Null: only the metrics were told."""

    month: str
    score: Score | None
    out_of: Score
    percent: Score | None
    metrics: list[MetricView]


class PerformanceView(MonthView):
    """A month that was recorded."""

    employee_id: str


# Each item is held against its kind's form by itself, so that a bad one does not stop the others.
_AnyItem = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "object",
            "required": ["kind", "employee_id", "key"],
            "properties": {
                "kind": {"enum": ["attendance", "leave", "performance", "survey"]},
                "employee_id": {"type": "string"},
                "key": {"type": "string", "description": "The week, the leave's id, or the month"},
                "leave_kind": {"enum": list(LeaveKind), "description": "A leave's `kind`"},
            },
            "additionalProperties": {"description": "The fields of the call for one"},
        }
    ),
]


class SignalBatch(Request):
    """Signals of any kinds and employees, each with the fields of the call for one."""

    items: Annotated[list[_AnyItem], Field(max_length=500)]


class ItemErrorView(View):
    """What is wrong with an item; ``path`` is within the item, ``item`` is all of it."""

    path: str
    message: str


class ItemResult(View):
    """What became of an item; ``index`` counts from 0, ``errors`` are those of one that was rejected."""

    index: int
    status: Literal["recorded", "unchanged", "rejected"]
    errors: list[ItemErrorView] | None = None


class BatchResult(View):
    """What became of a batch, item by item in its order, and how many came to what."""

    items: list[ItemResult]
    recorded: int
    unchanged: int
    rejected: int


@router.put(
    "/employees/<employee_id>/attendance/<week>",
    security=API,
    summary="Record or correct a week's attendance",
    description="Up to the present week in the tenant's time zone.",
    tags=["Signals"],
    openapi_extensions=refuses(
        {
            422: [
                EmployeeRefusal.BEFORE_FIRST_DAY,
                EmployeeRefusal.OVERTIME_BEYOND_HOURS,
                EmployeeRefusal.PERIOD_TO_COME,
                EmployeeRefusal.WEEK_UNKNOWN,
            ]
        }
    ),
)
def put_attendance(
    employee_id: PathId, week: Week, report: Annotated[AttendanceReport, Body()]
) -> AttendanceView:
    """The same again changes nothing; other hours correct the week."""
    wired = router.wired
    told = wired.employees.recording.attendance(employee_id, week, report, router.actor, wired.clock())
    return AttendanceView(employee_id=employee_id, **week_of(told).model_dump())


@router.put(
    "/employees/<employee_id>/leave/<leave_id>",
    security=API,
    summary="Record, correct or cancel a leave",
    description="Up to a year ahead.",
    tags=["Signals"],
    openapi_extensions=refuses(
        {
            409: [EmployeeRefusal.LEAVE_OVERLAPS],
            422: [
                EmployeeRefusal.BEFORE_FIRST_DAY,
                EmployeeRefusal.LEAVE_DAYS_BEYOND,
                EmployeeRefusal.LEAVE_ENDS_BEFORE_START,
                EmployeeRefusal.LEAVE_TOO_FAR_AHEAD,
            ],
        }
    ),
)
def put_leave(employee_id: PathId, leave_id: LeaveId, report: Annotated[LeaveReport, Body()]) -> LeaveView:
    """The same again changes nothing; anything else replaces what was told of this leave."""
    wired = router.wired
    told = wired.employees.recording.leave(employee_id, leave_id, report, router.actor, wired.clock())
    return LeaveView(employee_id=employee_id, **leave_of(told).model_dump())


@router.put(
    "/employees/<employee_id>/performance/<month>",
    security=API,
    summary="Record or correct a month's work performance",
    description="Up to the present month in the tenant's time zone.",
    tags=["Probation"],
    openapi_extensions=refuses(
        {
            422: [
                EmployeeRefusal.BEFORE_FIRST_DAY,
                EmployeeRefusal.METRIC_REPEATED,
                EmployeeRefusal.MONTH_TO_COME,
                EmployeeRefusal.SCORE_OUT_OF_RANGE,
            ]
        }
    ),
)
def put_performance(
    employee_id: PathId, month: Month, report: Annotated[PerformanceReport, Body()]
) -> PerformanceView:
    """The same again changes nothing; another score corrects the month."""
    wired = router.wired
    told = wired.employees.recording.performance(employee_id, month, report, router.actor, wired.clock())
    return PerformanceView(employee_id=employee_id, **month_of(told).model_dump())


@router.put(
    "/employees/<employee_id>/surveys/<month>",
    security=API,
    summary="Record or replace a month's survey answers",
    description=(
        "Up to the present month in the tenant's time zone. Texts are encrypted. What somebody answered by their own "
        "link stays: 409, also where it would be the same. Where people were asked by link, these are in no figures."
    ),
    tags=["Signals"],
    openapi_extensions=refuses(
        {
            409: [EmployeeRefusal.SURVEY_ANSWERED],
            422: [
                EmployeeRefusal.ANSWERS_TOO_LONG,
                EmployeeRefusal.BEFORE_FIRST_DAY,
                EmployeeRefusal.PERIOD_TO_COME,
                EmployeeRefusal.QUESTION_REPEATED,
            ],
        }
    ),
)
def put_survey(employee_id: PathId, month: Month, report: Annotated[SurveyReport, Body()]) -> SurveyView:
    """The same again changes nothing; other answers replace all that were told of this month."""
    wired = router.wired
    told = wired.employees.recording.survey(employee_id, month, report, router.actor, wired.clock())
    return SurveyView(employee_id=employee_id, **survey_of(told.survey).model_dump())


@router.post(
    "/signals",
    security=API,
    summary="Record up to 500 signals",
    description="Each item is taken or rejected by itself. The same batch again changes nothing.",
    tags=["Signals"],
)
def post_signals(batch: Annotated[SignalBatch, Body()]) -> BatchResult:
    """What became of each item. Of two that say different things of the same, the first counts."""
    size = len((router.current_event.decoded_body or "").encode("utf-8", "surrogatepass"))
    if size > MAX_BATCH_BYTES:
        raise DomainError(CommonRefusal.BODY_TOO_LARGE, size=size, limit=MAX_BATCH_BYTES)
    wired = router.wired
    results = wired.employees.batches.record(batch.items, router.actor, wired.clock())
    items = [_result(index, became, router.language) for index, became in enumerate(results)]
    statuses = [item.status for item in items]
    return BatchResult(
        items=items,
        recorded=statuses.count("recorded"),
        unchanged=statuses.count("unchanged"),
        rejected=statuses.count("rejected"),
    )


def week_of(week: AttendanceWeek) -> AttendanceWeekView:
    """A week as it is shown."""
    return AttendanceWeekView(week=week.week, hours=week.hours, overtime_hours=week.overtime_hours)


def leave_of(one: Leave) -> LeaveDaysView:
    """A leave as it is shown."""
    return LeaveDaysView(
        leave_id=one.leave_id,
        kind=one.kind,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        days=one.days,
        cancelled=one.cancelled,
    )


def survey_of(survey: Survey) -> SurveyMonthView:
    """A survey as it is shown: no words, and no question by itself."""
    return SurveyMonthView(month=survey.month, answers=len(survey.scores), score=survey.score)


def month_of(performance: MonthlyPerformance) -> MonthView:
    """A month as it is shown."""
    return MonthView(
        month=performance.month,
        score=performance.score,
        out_of=performance.out_of,
        percent=performance.percent,
        metrics=[
            MetricView(id=one.id, value=one.value, target=one.target, currency=one.currency)
            for one in performance.metrics
        ],
    )


def _result(index: int, became: "bool | Rejection", language: str) -> ItemResult:
    if isinstance(became, bool):
        return ItemResult(index=index, status="recorded" if became else "unchanged")
    errors = [
        ItemErrorView(path=error.path or "item", message=error.message) for error in _errors(became, language)
    ]
    return ItemResult(index=index, status="rejected", errors=errors)


def _errors(rejection: "Rejection", language: str) -> list[FieldError]:
    if isinstance(rejection, ValidationError):
        found = field_errors(rejection.errors(include_url=False, include_input=False), language)
        return at_most(found, language)
    return [FieldError(rejection.path, rejection.text(language))]
