"""Signals (F2, F4, F7): attendance, leave, survey answers, one by one; with work performance, up to 500 at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field, ValidationError, WithJsonSchema

from rencai import wiring
from rencai.domain.errors import DomainError, LostRace, NotFound, Refusal
from rencai.domain.performance import MonthlyPerformance, PerformanceReport, monthly_performance
from rencai.domain.signals import (
    IDENTIFIER,
    MONTH,
    WEEK,
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveKind,
    LeaveReport,
    Survey,
    SurveyAnswers,
    SurveyReport,
    attendance_week,
    leave,
    survey_answers,
)
from rencai.domain.wording import FieldError, field_errors
from rencai.platform.api import Score, View

from .probation import Month
from .training import PathId

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

MAX_BATCH_BYTES: Final = 1024 * 1024
"""Largest accepted batch: the words of its surveys are sealed 4 KB at a time, and API Gateway waits for 29 s."""

Week = Annotated[str, Path(pattern=WEEK, description="An ISO 8601 week, as in 2026-W10")]
LeaveId = Annotated[str, Path(pattern=IDENTIFIER, description="What your own system calls the leave")]
Kind = Literal["attendance", "leave", "performance", "survey"]


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


class _Item(View):
    kind: Kind


class _Addressed(View):
    employee_id: Annotated[str, Field(min_length=1, max_length=128)]


class _AttendanceItem(AttendanceReport, _Addressed):
    key: Annotated[str, Field(pattern=WEEK)]


class _LeaveItem(LeaveReport, _Addressed):
    key: Annotated[str, Field(pattern=IDENTIFIER)]
    # In a batch `kind` is the signal's.
    kind: LeaveKind = Field(alias="leave_kind")


class _PerformanceItem(PerformanceReport, _Addressed):
    key: Annotated[str, Field(pattern=MONTH)]


class _SurveyItem(SurveyReport, _Addressed):
    key: Annotated[str, Field(pattern=MONTH)]


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


class SignalBatch(View):
    """Signals of any kinds and employees, each with the fields of the call for one."""

    items: Annotated[list[_AnyItem], Field(max_length=500)]


class ItemErrorView(View):
    """What is wrong with an item; ``path`` is within the item, empty for the item as a whole."""

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


@dataclass(frozen=True, slots=True)
class _Told:
    """An item that its form and the rules allow."""

    employee_id: str
    signal: AttendanceWeek | Leave | MonthlyPerformance | SurveyAnswers


@router.put(
    "/employees/<employee_id>/attendance/<week>",
    summary="Record or correct a week's attendance",
    description="Up to the present week in the tenant's time zone.",
    tags=["Signals"],
)
def put_attendance(
    employee_id: PathId, week: Week, report: Annotated[AttendanceReport, Body()]
) -> AttendanceView:
    """The same again changes nothing; other hours correct the week."""
    now, today = _present(employee_id)
    told = attendance_week(week, report, today)
    wiring.signals().record_attendance(employee_id, told, router.context["actor"], now)
    return AttendanceView(employee_id=employee_id, **week_of(told).model_dump())


@router.put(
    "/employees/<employee_id>/leave/<leave_id>",
    summary="Record, correct or cancel a leave",
    description="Up to a year ahead.",
    tags=["Signals"],
)
def put_leave(employee_id: PathId, leave_id: LeaveId, report: Annotated[LeaveReport, Body()]) -> LeaveView:
    """The same again changes nothing; anything else replaces what was told of this leave."""
    now, today = _present(employee_id)
    told = leave(leave_id, report, today)
    wiring.signals().record_leave(employee_id, told, router.context["actor"], now)
    return LeaveView(employee_id=employee_id, **leave_of(told).model_dump())


@router.put(
    "/employees/<employee_id>/surveys/<month>",
    summary="Record or replace a month's survey answers",
    description="Up to the present month in the tenant's time zone. Texts are encrypted.",
    tags=["Signals"],
)
def put_survey(employee_id: PathId, month: Month, report: Annotated[SurveyReport, Body()]) -> SurveyView:
    """The same again changes nothing; other answers replace all there were in this month."""
    now, today = _present(employee_id)
    told = survey_answers(month, report, today)
    wiring.signals().record_survey(employee_id, told, router.context["actor"], now)
    return SurveyView(employee_id=employee_id, **survey_of(told.survey).model_dump())


@router.post(
    "/signals",
    summary="Record up to 500 signals",
    description="Each item is taken or rejected by itself. The same batch again changes nothing.",
    tags=["Signals"],
)
def post_signals(batch: Annotated[SignalBatch, Body()]) -> BatchResult:
    """What became of each item. Of two that say different things of the same, the first counts."""
    # A read unit for each employee, then one read and at most one write for each item; a survey with words costs a call
    # of KMS besides.
    size = len((router.current_event.decoded_body or "").encode("utf-8", "surrogatepass"))
    if size > MAX_BATCH_BYTES:
        raise DomainError(Refusal.BODY_TOO_LARGE, size=size, limit=MAX_BATCH_BYTES)
    now, actor = wiring.clock(), router.context["actor"]
    checked = _checked(batch.items, now.astimezone(wiring.zone()).date(), router.context["language"])
    employees = wiring.employees().known({one.employee_id for one in checked if isinstance(one, _Told)})
    results = [_recorded(one, employees, actor, now) for one in checked]
    items = [
        ItemResult(index=index, status="recorded" if result else "unchanged")
        if isinstance(result, bool)
        else ItemResult(
            index=index,
            status="rejected",
            errors=[ItemErrorView(path=error.path, message=error.message) for error in result],
        )
        for index, result in enumerate(results)
    ]
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


def _present(employee_id: str) -> tuple[datetime, date]:
    """The time, and the tenant's day; raises ``NotFound`` for who is no employee."""
    if wiring.employees().get(employee_id) is None:
        raise NotFound("employee", employee_id)
    now = wiring.clock()
    return now, now.astimezone(wiring.zone()).date()


def _checked(items: Sequence[Any], today: date, language: str) -> list[_Told | list[FieldError]]:
    """Each item as what goes on record, or what is wrong with it."""
    checked: list[_Told | list[FieldError]] = []
    first: dict[tuple[str, ...], tuple[int, _Told]] = {}
    for index, item in enumerate(items):
        try:
            about, told = _told(item, today)
            place, same = first.setdefault(about, (index, told))
            if told != same:
                # The later one would correct the earlier, and the batch sent again would correct it back.
                raise DomainError(Refusal.SIGNAL_REPEATED, "key", index=place)
            checked.append(told)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            checked.append(field_errors(details, language))
        except DomainError as error:
            checked.append([FieldError(error.path, error.text(language))])
    return checked


def _told(item: Any, today: date) -> tuple[tuple[str, ...], _Told]:
    """What an item is about, and what it says; raises ``ValidationError`` or ``DomainError``."""
    kind = _Item.model_validate(item).kind
    form, path, decide = _FORMS[kind]
    report = form.model_validate(item)
    try:
        signal = decide(report.key, report, today)
    except DomainError as error:
        # The rules know the key by what it is.
        if error.path == path:
            error.path = "key"
        raise
    return (kind, report.employee_id, report.key), _Told(report.employee_id, signal)


_FORMS: Final[Mapping[str, tuple[Any, str, Any]]] = {
    "attendance": (_AttendanceItem, "week", attendance_week),
    "leave": (_LeaveItem, "leave_id", leave),
    "performance": (_PerformanceItem, "month", monthly_performance),
    "survey": (_SurveyItem, "month", survey_answers),
}


def _recorded(
    told: _Told | list[FieldError], employees: set[str], actor: str, now: datetime
) -> bool | list[FieldError]:
    """Whether an item was news, or why it was rejected."""
    if not isinstance(told, _Told):
        return told
    language, employee_id = router.context["language"], told.employee_id
    if employee_id not in employees:
        return [FieldError("employee_id", NotFound("employee", employee_id).text(language))]
    try:
        match told.signal:
            case AttendanceWeek():
                return wiring.signals().record_attendance(employee_id, told.signal, actor, now)
            case Leave():
                return wiring.signals().record_leave(employee_id, told.signal, actor, now)
            case SurveyAnswers():
                return wiring.signals().record_survey(employee_id, told.signal, actor, now)
            case performance:
                return wiring.performances().record(employee_id, performance, actor, now)
    except LostRace as error:
        return [FieldError("", error.text(language))]
