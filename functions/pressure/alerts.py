"""Pressure warnings (F4): who is under pressure, by which signals, and what the scans came to."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from rencai.platform.api import Cursor, Limit, Score, View
from rencai.pressure.rules.policy import RiskLevel, SignalKind
from rencai.pressure.rules.wording import Shown, Unit, shown
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.pressure.alerts import AlertFile
    from rencai.pressure.rules.card import ReaderVersions
    from rencai.pressure.rules.company import CompanyFigures
    from rencai.pressure.store.scans import ScanRecord

router = Routes()

AlertId = Annotated[str, Path(max_length=128)]


class WordsRuleView(View):
    """A rule that the words of a survey surely meet, and never the words. ``certainty`` is 0-1; null where a rule is of
    patterns, which are met or are not, and of an alert that was found before certainty was kept.
    """

    id: str
    name: str
    certainty: Score | None


class SurveyReaderView(View):
    """What read the words of a survey: versions of ``lexicon/survey``, ``classifier/survey`` and (``words``)
    ``scope_words/default``.
    """

    lexicon: int
    classifier: int
    words: int


class SignalView(View):
    """A signal: its value, the threshold it passed, and the company's figure, null where it is not known. Of falling
    performance ``before`` is what it fell from, and ``threshold`` the percentage that counts at once. Of a survey
    ``words`` are the rules that its words meet, and ``reader`` is what read them, null where none is met.
    """

    kind: SignalKind
    name: str
    value: Score | None
    unit: Unit
    threshold: Score
    company: Score | None
    before: Score | None
    text: str
    words: list[WordsRuleView]
    reader: SurveyReaderView | None


class ActionView(View):
    """An action that suits the signals."""

    id: str
    name: str


class AlertView(View):
    """A pressure warning. ``scan_id`` is the scan that found it so; ``intervention_id`` is under way, null: none is."""

    alert_id: str
    employee_id: str
    name: str | None
    role: str | None
    department: str | None
    level: RiskLevel
    raised_on: date
    signals: list[SignalView]
    suggested: list[ActionView]
    intervention_id: str | None
    scan_id: str
    policy_version: int


class AlertPage(View):
    """Open alerts, the most urgent first and of those the oldest."""

    items: list[AlertView]
    next: str | None


class CompanyMonthView(View):
    """The company's means of a month: the performance score of 10, and each metric (money: ``sales:USD``)."""

    score: Score | None
    metrics: dict[str, Score]


class CompanyView(View):
    """The company's figures: hours a week and overtime in all over the policy's weeks, leave an employee over its days.
    Null: nothing was told.
    """

    employees: int
    hours_per_week: Score | None
    overtime_hours: Score | None
    leave_times: Score | None
    leave_days: Score | None
    months: dict[str, CompanyMonthView]


class ScanCountsView(View):
    """Alerts: what this run did, and how many are open after it."""

    raised: int
    changed: int
    cleared: int
    open: int


class ScanView(View):
    """A night's scan; what it came to once it is finished. ``cards_behind``: how many messages that tell of employees
    were not on their cards yet when it last looked, so that it does not see them; it waits for them before it begins
    to read, ``waited_seconds`` in all (null: it still does).
    """

    scan_id: str
    day: date
    run: int
    status: str = Field(json_schema_extra={"enum": ["running", "finished", "failed"]})
    started_at: datetime
    cards_behind: int | None
    waited_seconds: int | None
    seconds: Score | None
    parts: int
    parts_done: int
    policy_version: int
    counts: ScanCountsView | None
    company: CompanyView | None


class ScanPage(View):
    """Scans, newest first."""

    items: list[ScanView]
    next: str | None


@router.get("/risk/alerts", security=API, summary="Employees under pressure", tags=["Risk"])
def list_alerts(
    level: Annotated[RiskLevel | None, Query()] = None, limit: Limit = 25, cursor: Cursor = None
) -> AlertPage:
    """A page of open alerts, red ones first. It may hold fewer than ``limit`` and still have a next one."""
    files, following = router.wired.pressure.alerts.page(level, limit, cursor)
    return AlertPage(items=[_alert(one, router.language) for one in files], next=following)


@router.get(
    "/risk/alerts/<alert_id>",
    security=API,
    summary="One alert",
    description="404 once it is cleared.",
    tags=["Risk"],
)
def get_alert(alert_id: AlertId) -> AlertView:
    """The alert with every signal, the threshold and the company's figure."""
    return _alert(router.wired.pressure.alerts.get(alert_id), router.language)


@router.get("/risk/scans", security=API, summary="The nightly scans and the company's figures", tags=["Risk"])
def list_scans(limit: Limit = 25, cursor: Cursor = None) -> ScanPage:
    """A page of scans, newest first."""
    scans, following = router.wired.pressure.scans.page(limit, cursor)
    return ScanPage(items=[_scan(one) for one in scans], next=following)


def _alert(file: "AlertFile", language: str) -> AlertView:
    alert, employee = file.alert, file.employee
    said = (
        shown(one, file.policy, file.company, language, file.survey_mean) for one in alert.judgement.signals
    )
    return AlertView(
        alert_id=alert.alert_id,
        employee_id=alert.employee_id,
        name=employee.name if employee else None,
        role=employee.role if employee else None,
        department=employee.department if employee else None,
        level=alert.judgement.level,
        raised_on=alert.raised_on,
        signals=[_signal(one) for one in said],
        suggested=[ActionView(id=id_, name=name.text(language)) for id_, name in file.suggested.items()],
        intervention_id=file.intervention_id,
        scan_id=alert.scan_id,
        policy_version=alert.policy_version,
    )


def _signal(signal: Shown) -> SignalView:
    return SignalView(
        kind=signal.kind,
        name=signal.name,
        value=signal.value,
        unit=signal.unit,
        threshold=signal.threshold,
        company=signal.company,
        before=signal.before,
        text=signal.text,
        words=[WordsRuleView(id=one.id, name=one.name, certainty=one.certainty) for one in signal.words],
        reader=_reader(signal.reader) if signal.reader else None,
    )


def _reader(versions: "ReaderVersions") -> SurveyReaderView:
    lexicon, classifier, words = versions
    return SurveyReaderView(lexicon=lexicon, classifier=classifier, words=words)


def _scan(record: "ScanRecord") -> ScanView:
    counts = record.counts
    return ScanView(
        scan_id=record.scan_id,
        day=record.day,
        run=record.run,
        status=record.status,
        started_at=record.started_at,
        cards_behind=record.cards_behind,
        waited_seconds=record.waited,
        seconds=record.seconds,
        parts=record.parts,
        parts_done=len(record.parts_done),
        policy_version=record.policy_version,
        counts=ScanCountsView(
            raised=counts.raised, changed=counts.changed, cleared=counts.cleared, open=counts.open
        )
        if counts
        else None,
        company=_company(record.figures) if record.figures else None,
    )


def _company(figures: "CompanyFigures") -> CompanyView:
    return CompanyView(
        employees=figures.employees,
        hours_per_week=figures.hours,
        overtime_hours=figures.overtime_hours,
        leave_times=figures.leave_times,
        leave_days=figures.leave_days,
        months={
            month: CompanyMonthView(score=found.score, metrics=dict(found.metrics))
            for month, found in figures.months.items()
        },
    )
