"""The life cycle of one employee (F2): everything that any system told of them, in order of time, and what it comes to.

Every page reads each source from the cursor on, a few items at a time, and stops where the page is full; only leave,
courses and an earlier system's records, which cannot be read by time, are read whole: somebody has some dozens of them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from rencai import wiring
from rencai.domain.employee import Employee
from rencai.domain.errors import DomainError, NotFound, Refusal
from rencai.domain.events import EventName, Subject, SubjectKind
from rencai.platform.api import Cursor, Limit, Score, View
from rencai.store.table import from_cursor, to_cursor

from .training import PathId

if TYPE_CHECKING:
    # Modules that cost at cold start, and most calls are about something else.
    from zoneinfo import ZoneInfo

    from rencai.domain.lifecycle import CourseTaken, LifecycleFacts, Reason, Summary, Words
    from rencai.domain.lifecycle_entries import Entry
    from rencai.domain.records import LearningRecord, RecruitingRecord
    from rencai.domain.risk import MonthFigures
    from rencai.domain.scoring import Profile
    from rencai.store.scans import ScanRecord
    from rencai.store.training_plans import TrainingFile

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_WEEKS: Final = 12
"""Weeks of attendance looked at for the summary: the scan's, which are at most 4, and some since the scan."""


class LifecycleEntryView(View):
    """Something in an employee's life cycle. ``at`` is a day where only the day is known, null where not even that.

    ``unit`` of ``value``: ``/10`` is points of 10, else percent, hours, days or a currency. ``company`` is the mean of
    the company in the same month, as the nightly scan found it; null where there is none.
    """

    at: datetime | date | None
    system: str = Field(
        json_schema_extra={
            "enum": [
                "recruiting",
                "interview",
                "onboarding",
                "training",
                "performance",
                "attendance",
                "leave",
                "survey",
                "career",
                "risk",
                "intervention",
            ]
        }
    )
    kind: str
    title: str
    value: Score | None
    unit: str | None
    company: Score | None
    source: str = Field(json_schema_extra={"enum": ["rencai", "import"]})
    data: dict[str, Any]


class LifecycleReasonView(View):
    """A figure, the company's, and the threshold; ``holds``: it speaks for capability, or of pressure."""

    measure: str = Field(
        json_schema_extra={"enum": ["interview", "courses", "performance", "overtime", "alert"]}
    )
    text: str
    value: Score | None
    unit: str | None
    company: Score | None
    threshold: Score | None
    holds: bool


class MissingView(View):
    """What was not told, and so counts for nothing."""

    measure: str
    text: str


class LifecycleSummaryView(View):
    """What it comes to, with every figure behind it. ``scan_id`` is the scan that found the company's figures."""

    verdict: str = Field(
        json_schema_extra={
            "enum": [
                "capable_under_pressure",
                "capable",
                "under_pressure",
                "developing",
                "not_enough_known",
            ]
        }
    )
    text: str
    capability: list[LifecycleReasonView]
    pressure: list[LifecycleReasonView]
    missing: list[MissingView]
    scan_id: str | None


class LifecyclePage(View):
    """A page of the life cycle, oldest first; ``summary`` is on the first page only."""

    items: list[LifecycleEntryView]
    next: str | None
    summary: LifecycleSummaryView | None


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page begins: after the entry of this order; everything that could come later is read from these on."""

    order: tuple[str, str]
    instant: str
    month: str
    week: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What every page reads whole."""

    employee: Employee
    plan: "TrainingFile | None"
    courses: "Mapping[str, Words]"
    findings: "Sequence[RecruitingRecord]"
    learnt: "Sequence[LearningRecord]"
    profile: "Profile | None"

    def course(self, course_id: str) -> "Words":
        """A course's name; its id, where the plan's catalogue does not have it."""
        return self.courses.get(course_id, (course_id, course_id))


@router.get(
    "/employees/<employee_id>/lifecycle",
    summary="Everything about an employee, oldest first",
    tags=["Employees"],
)
def get_lifecycle(employee_id: PathId, limit: Limit = 25, cursor: Cursor = None) -> LifecyclePage:
    """All systems in one order of time; on the first page what it comes to, and by which figures."""
    # Some 9-11 read units a page of 25 at any length of history: the employee, ten short queries, 0.5 for each month on
    # the page. The summary costs 5 more. Leave, which has no order of time, adds 0.5 for each 13.
    zone = wiring.zone()
    position = _position(from_cursor(cursor), zone)
    employee = wiring.employees().get(employee_id)
    if employee is None:
        raise NotFound("employee", employee_id)
    read = _read(employee)
    ordered = merge(*_sources(read, position, zone), key=lambda entry: entry.order(zone))
    after = position.order if position else None
    entries = (entry for entry in ordered if after is None or entry.order(zone) > after)
    page = list(islice(entries, limit + 1))
    more, page = len(page) > limit, page[:limit]
    language = router.context["language"]
    return LifecyclePage(
        items=[_view(entry, language) for entry in _beside_the_company(page)],
        next=to_cursor(dict(zip(("after", "id"), page[-1].order(zone), strict=True))) if more else None,
        summary=_summary(read, language) if position is None else None,
    )


def _position(cursor: Mapping[str, Any] | None, zone: "ZoneInfo") -> _Position | None:
    if cursor is None:
        return None
    after, id_ = cursor.get("after"), cursor.get("id")
    if after == "" and isinstance(id_, str):
        return _Position(("", id_), "", "", "")
    if not isinstance(after, str) or not isinstance(id_, str) or not _INSTANT.fullmatch(after):
        raise DomainError(Refusal.BAD_CURSOR, "cursor")
    from rencai.domain.lifecycle_entries import week_before

    try:
        day = datetime.fromisoformat(after).astimezone(zone).date()
        month = f"{day:%Y-%m}"
        return _Position(
            (after, id_), after, f"{day.replace(day=1) - timedelta(days=1):%Y-%m}", week_before(month)
        )
    except (ValueError, OverflowError):
        raise DomainError(Refusal.BAD_CURSOR, "cursor") from None


def _read(employee: Employee) -> _Read:
    records, plan = wiring.records(), wiring.training_plans().find(employee.employee_id)
    return _Read(
        employee,
        plan,
        _course_names(plan) if plan else {},
        records.recruiting(employee.employee_id),
        records.learning(employee.employee_id),
        _profile(employee),
    )


def _course_names(file: "TrainingFile") -> "dict[str, Words]":
    from rencai.training import courses_of

    catalogue = wiring.configurations().course_catalogue(file.plan.catalogue_version).document
    # An intervention may have brought a course that the plan's own catalogue does not have.
    own = courses_of(file.plan, wiring.configurations())
    named = {item.course_id: own[item.item_id] for item in file.plan.items} | dict(catalogue.courses)
    return {id_: (course.name.zh_cn, course.name.en) for id_, course in named.items()}


def _profile(employee: Employee) -> "Profile | None":
    if employee.profile_of is None:
        return None
    vendor, _, interview_id = employee.profile_of.partition("/")
    try:
        return wiring.interviews().get(vendor, interview_id).profile
    except NotFound:
        return None


def _sources(read: _Read, position: _Position | None, zone: "ZoneInfo") -> "list[Iterable[Entry]]":
    """Each system's entries in order, from the position's month or moment on."""
    from rencai.domain.lifecycle_entries import (
        answered,
        attended,
        away,
        employment,
        enrolled,
        finding,
        learnt,
        performed,
    )

    employee = read.employee
    employee_id = employee.employee_id
    instant, month, week = (position.instant, position.month, position.week) if position else ("", "", "")
    signals, plan = wiring.signals(), read.plan
    whole = [
        *employment(employee),
        *(finding(record) for record in read.findings),
        *(learnt(record) for record in read.learnt),
        *(away(leave, imported) for leave, imported in signals.leave_history(employee_id)),
    ]
    if plan:
        whole += [
            enrolled(enrolment, read.course(item.course_id), item.starts_on)
            for item in plan.plan.items
            if (enrolment := plan.enrolments.get(item.item_id))
        ]
    subjects = [Subject(kind=SubjectKind.EMPLOYEE, id=employee_id)]
    if employee.candidate_id is not None:
        subjects.append(Subject(kind=SubjectKind.CANDIDATE, id=employee.candidate_id))
    months = wiring.performances().history(employee_id, month)
    return [
        sorted(whole, key=lambda entry: entry.order(zone)),
        *(_events(subject, instant, read) for subject in subjects),
        # A month's entries have one moment, and are put in order by their ids.
        (
            entry
            for told, imported in months
            for entry in sorted(performed(told, imported), key=lambda entry: entry.id)
        ),
        attended(signals.attendance_history(employee_id, week)),
        (answered(told, imported) for told, imported in signals.survey_history(employee_id, month)),
    ]


def _events(subject: Subject, instant: str, read: _Read) -> "Iterator[Entry]":
    from rencai.domain.lifecycle_entries import happened, with_profile

    for item in wiring.timeline().since(subject, instant):
        _, at, event_id = item["sk"].split("#", 2)
        data = json.loads(item["data"])
        entry = happened(event_id, item["type"], datetime.fromisoformat(at), data, read.courses)
        if entry is None:
            continue
        if read.profile and item["type"] == EventName.INTERVIEW_RECEIVED:
            interview = f"{data['vendor']}/{data['interview_id']}"
            if interview == read.employee.profile_of:
                entry = with_profile(entry, read.profile, _strengths(read.profile))
        yield entry


def _strengths(profile: "Profile") -> list[str]:
    """The strengths' names, as the model that found them has them."""
    model = wiring.configurations().competency_model(profile.model_id, profile.model_version).document
    return [model.competencies[id_].name.text(router.context["language"]) for id_ in profile.strengths]


def _beside_the_company(entries: "Iterable[Entry]") -> "Iterator[Entry]":
    """With the company's means of those months that a scan saw."""
    from rencai.domain.lifecycle_entries import System, of_company

    known: dict[str, MonthFigures | None] = {}
    for entry in entries:
        if entry.system is not System.PERFORMANCE:
            yield entry
            continue
        month = entry.data["month"]
        if month not in known:
            known[month] = wiring.scans().month(month)
        figures = known[month]
        yield of_company(entry, figures) if figures else entry


def _view(entry: "Entry", language: str) -> LifecycleEntryView:
    from rencai.domain.lifecycle import said

    return LifecycleEntryView(
        at=entry.at,
        system=entry.system,
        kind=entry.kind,
        title=said(entry.title, language),
        value=entry.value,
        unit=entry.unit,
        company=entry.company,
        source="import" if entry.imported else "rencai",
        data=dict(entry.data),
    )


# --- the summary ------------------------------------------------------------------------------------------------------


def _summary(read: _Read, language: str) -> LifecycleSummaryView:
    from rencai.domain.lifecycle import missing_text, summarise

    rules = wiring.configurations().risk_policy().document.lifecycle
    scan = wiring.scans().latest()
    summary: Summary = summarise(_facts(read, scan, rules.months), scan.figures if scan else None, rules)
    return LifecycleSummaryView(
        verdict=summary.verdict,
        text=summary.text(language),
        capability=[_reason(reason, language) for reason in summary.capability],
        pressure=[_reason(reason, language) for reason in summary.pressure],
        missing=[MissingView(measure=one, text=missing_text(one, language)) for one in summary.missing],
        scan_id=scan.scan_id if scan else None,
    )


def _facts(read: _Read, scan: "ScanRecord | None", months: int) -> "LifecycleFacts":
    from rencai.domain.lifecycle import LifecycleFacts

    employee_id = read.employee.employee_id
    now = wiring.clock()
    today = now.astimezone(wiring.zone()).date()
    # The company's figures are of the weeks that the scan's own policy looks at.
    by = wiring.configurations().risk_policy(scan.policy_version if scan else None).document
    card = wiring.cards().get(employee_id)
    alert = card.alert if card else None
    return LifecycleFacts(
        today=today,
        scanned_on=scan.day if scan else today,
        weeks=by.hours.weeks,
        overall=read.profile.overall if read.profile else None,
        findings=tuple(read.findings),
        courses=_courses(read, now),
        months=tuple(wiring.performances().latest(employee_id, months)),
        attendance=tuple(wiring.signals().attendance(employee_id, _WEEKS)),
        alert=alert.judgement.level if alert else None,
    )


def _courses(read: _Read, now: datetime) -> "tuple[CourseTaken, ...]":
    from rencai.domain.lifecycle_entries import counted

    plan = read.plan
    own = [
        (plan.enrolments[item.item_id], read.course(item.course_id), item.due_at)
        for item in (plan.plan.current if plan else ())
        # To need help says nothing of how capable somebody is.
        if plan and item.item_id in plan.enrolments and not item.is_help
    ]
    return counted(own, read.learnt, now)


def _reason(reason: "Reason", language: str) -> LifecycleReasonView:
    return LifecycleReasonView(
        measure=reason.measure,
        text=reason.text(language),
        value=reason.value,
        unit=reason.unit,
        company=reason.company,
        threshold=reason.threshold,
        holds=reason.holds,
    )
