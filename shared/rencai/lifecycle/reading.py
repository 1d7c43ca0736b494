"""The life cycle of one employee as it is read (F2): a page of what every system told of them, and what it comes to.

Every page reads each source from the cursor on, a few items at a time, and stops where the page is full; only leave,
courses and an earlier system's records, which cannot be read by time, are read whole: somebody has some dozens of them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.records import Records
from rencai.employees.store.signals import WorkSignals
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.rules.profile import Profile
from rencai.interviews.store.interviews import Interviews
from rencai.kernel.errors import CommonRefusal, DomainError, NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.lifecycle.rules.entries import (
    Entry,
    System,
    answered,
    attended,
    away,
    counted,
    employment,
    enrolled,
    finding,
    happened,
    learnt,
    of_company,
    performed,
    week_before,
    with_profile,
)
from rencai.lifecycle.rules.summary import CourseTaken, LifecycleFacts, Summary, Words, summarise
from rencai.pressure.rules.company import MonthFigures
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.store.cards import Cards
from rencai.pressure.store.scans import ScanRecord, Scans
from rencai.store.configurations import Configurations
from rencai.store.table import from_cursor, to_cursor
from rencai.store.timeline import Timeline
from rencai.training.rules.rules import COURSE_CATALOGUE
from rencai.training.store.plans import TrainingFile, TrainingPlans

_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_WEEKS: Final = 12
"""Weeks of attendance looked at for the summary: the scan's, which are at most 4, and some since the scan."""


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What a life cycle comes to; ``scan_id`` is the scan that found the company's figures, None: there was none."""

    summary: Summary
    scan_id: str | None


@dataclass(frozen=True, slots=True)
class LifecyclePage:
    """A page of a life cycle, oldest first; ``summary`` is with the first page only."""

    entries: tuple[Entry, ...]
    next: str | None
    summary: ReadSummary | None


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page begins: after the entry of this order; everything that could come later is read from these on."""

    order: tuple[str, str]
    instant: str
    month: str
    week: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What every page reads whole, and the language of what has its words from the tenant's documents."""

    employee: Employee
    plan: TrainingFile | None
    courses: Mapping[str, Words]
    findings: Sequence[RecruitingRecord]
    learnt: Sequence[LearningRecord]
    profile: Profile | None
    language: str

    def course(self, course_id: str) -> Words:
        """A course's name; its id, where the plan's catalogue does not have it."""
        return self.courses.get(course_id, (course_id, course_id))


@dataclass(frozen=True, slots=True)
class Lifecycles:
    """Employees' life cycles, from everywhere something is told of them."""

    employees: Employees
    records: Records
    performances: Performances
    signals: WorkSignals
    plans: TrainingPlans
    interviews: Interviews
    scans: Scans
    cards: Cards
    timeline: Timeline
    configurations: Configurations
    zone: ZoneInfo

    def page(
        self, employee_id: str, limit: int, cursor: str | None, language: str, now: datetime
    ) -> LifecyclePage:
        """A page of somebody's life cycle, by the cursor of the page before.

        Raises ``NotFound`` for an employee nobody knows, ``DomainError`` (BAD_CURSOR).
        """
        # Some 9-11 read units a page of 25 at any length of history: the employee, ten short queries, 0.5 for each
        # month on the page. The summary costs 5 more. Leave, which has no order of time, adds 0.5 for each 13.
        position = _position(from_cursor(cursor), self.zone)
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        read = self._read(employee, language)
        ordered = merge(*self._sources(read, position), key=lambda entry: entry.order(self.zone))
        after = position.order if position else None
        entries = (entry for entry in ordered if after is None or entry.order(self.zone) > after)
        page = list(islice(entries, limit + 1))
        more, page = len(page) > limit, page[:limit]
        return LifecyclePage(
            tuple(self._beside_the_company(page)),
            to_cursor(dict(zip(("after", "id"), page[-1].order(self.zone), strict=True))) if more else None,
            self._summary(read, now) if position is None else None,
        )

    def _read(self, employee: Employee, language: str) -> _Read:
        plan = self.plans.find(employee.employee_id)
        return _Read(
            employee,
            plan,
            self._course_names(plan) if plan else {},
            self.records.recruiting(employee.employee_id),
            self.records.learning(employee.employee_id),
            self._profile(employee),
            language,
        )

    def _course_names(self, file: TrainingFile) -> dict[str, Words]:
        # The use cases around a plan cost at cold start, and not everybody has one.
        from rencai.training.planning import courses_of

        catalogue = self.configurations.of_version(COURSE_CATALOGUE, file.plan.catalogue_version).document
        # An intervention may have brought a course that the plan's own catalogue does not have.
        own = courses_of(file.plan, self.configurations)
        named = {item.course_id: own[item.item_id] for item in file.plan.items} | dict(catalogue.courses)
        return {id_: (course.name.zh_cn, course.name.en) for id_, course in named.items()}

    def _profile(self, employee: Employee) -> Profile | None:
        if employee.profile_of is None:
            return None
        vendor, _, interview_id = employee.profile_of.partition("/")
        try:
            return self.interviews.get(vendor, interview_id).profile
        except NotFound:
            return None

    # --- the entries

    def _sources(self, read: _Read, position: _Position | None) -> list[Iterable[Entry]]:
        """Each system's entries in order, from the position's month or moment on."""
        employee, plan = read.employee, read.plan
        employee_id = employee.employee_id
        instant, month, week = (position.instant, position.month, position.week) if position else ("", "", "")
        whole = [
            *employment(employee),
            *(finding(record) for record in read.findings),
            *(learnt(record) for record in read.learnt),
            *(away(leave, imported) for leave, imported in self.signals.leave_history(employee_id)),
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
        months = self.performances.history(employee_id, month)
        return [
            sorted(whole, key=lambda entry: entry.order(self.zone)),
            *(self._events(subject, instant, read) for subject in subjects),
            # A month's entries have one moment, and are put in order by their ids.
            (
                entry
                for told, imported in months
                for entry in sorted(performed(told, imported), key=lambda entry: entry.id)
            ),
            attended(self.signals.attendance_history(employee_id, week)),
            (answered(told, imported) for told, imported in self.signals.survey_history(employee_id, month)),
        ]

    def _events(self, subject: Subject, instant: str, read: _Read) -> Iterator[Entry]:
        for item in self.timeline.since(subject, instant):
            _, at, event_id = item["sk"].split("#", 2)
            data = json.loads(item["data"])
            entry = happened(event_id, item["type"], datetime.fromisoformat(at), data, read.courses)
            if entry is None:
                continue
            if read.profile and item["type"] == EventName.INTERVIEW_RECEIVED:
                interview = f"{data['vendor']}/{data['interview_id']}"
                if interview == read.employee.profile_of:
                    entry = with_profile(entry, read.profile, self._strengths(read.profile, read.language))
            yield entry

    def _strengths(self, profile: Profile, language: str) -> list[str]:
        """The strengths' names, as the model that found them has them."""
        model = self.configurations.of_version(
            COMPETENCY_MODEL, profile.model_version, profile.model_id
        ).document
        return [model.competencies[id_].name.text(language) for id_ in profile.strengths]

    def _beside_the_company(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """With the company's means of those months that a scan saw."""
        known: dict[str, MonthFigures | None] = {}
        for entry in entries:
            if entry.system is not System.PERFORMANCE:
                yield entry
                continue
            month = entry.data["month"]
            if month not in known:
                known[month] = self.scans.month(month)
            figures = known[month]
            yield of_company(entry, figures) if figures else entry

    # --- the summary

    def _summary(self, read: _Read, now: datetime) -> ReadSummary:
        rules = self.configurations.latest(RISK_POLICY).document.lifecycle
        scan = self.scans.latest()
        facts = self._facts(read, scan, rules.months, now)
        return ReadSummary(
            summarise(facts, scan.figures if scan else None, rules), scan.scan_id if scan else None
        )

    def _facts(self, read: _Read, scan: ScanRecord | None, months: int, now: datetime) -> LifecycleFacts:
        employee_id = read.employee.employee_id
        today = now.astimezone(self.zone).date()
        # The company's figures are of the weeks that the scan's own policy looks at.
        by = self.configurations.of_version(RISK_POLICY, scan.policy_version if scan else None).document
        card = self.cards.get(employee_id)
        alert = card.alert if card else None
        return LifecycleFacts(
            today=today,
            scanned_on=scan.day if scan else today,
            weeks=by.hours.weeks,
            overall=read.profile.overall if read.profile else None,
            findings=tuple(read.findings),
            courses=_courses(read, now),
            months=tuple(self.performances.latest(employee_id, months)),
            attendance=tuple(self.signals.attendance(employee_id, _WEEKS)),
            alert=alert.judgement.level if alert else None,
        )


def _position(cursor: Mapping[str, Any] | None, zone: ZoneInfo) -> _Position | None:
    if cursor is None:
        return None
    after, id_ = cursor.get("after"), cursor.get("id")
    if after == "" and isinstance(id_, str):
        return _Position(("", id_), "", "", "")
    if not isinstance(after, str) or not isinstance(id_, str) or not _INSTANT.fullmatch(after):
        raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
    try:
        day = datetime.fromisoformat(after).astimezone(zone).date()
        month = f"{day:%Y-%m}"
        return _Position(
            (after, id_), after, f"{day.replace(day=1) - timedelta(days=1):%Y-%m}", week_before(month)
        )
    except (ValueError, OverflowError):
        raise DomainError(CommonRefusal.BAD_CURSOR, "cursor") from None


def _courses(read: _Read, now: datetime) -> tuple[CourseTaken, ...]:
    plan = read.plan
    own = [
        (plan.enrolments[item.item_id], read.course(item.course_id), item.due_at)
        for item in (plan.plan.current if plan else ())
        # To need help says nothing of how capable somebody is.
        if plan and item.item_id in plan.enrolments and not item.is_help
    ]
    return counted(own, read.learnt, now)
