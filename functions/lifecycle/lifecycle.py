"""The life cycle of one employee (F2): every system's entries in order of time, and what it comes to."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field

from rencai.platform.api import Cursor, Limit, PathId, Score, View
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    # Modules that cost at cold start, and most calls are about something else.
    from rencai.lifecycle.reading import ReadSummary
    from rencai.lifecycle.rules.entries import Entry
    from rencai.lifecycle.rules.summary import Reason

router = Routes()


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


class NotToldView(View):
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
    missing: list[NotToldView]
    scan_id: str | None


class LifecyclePage(View):
    """A page of the life cycle, oldest first; ``summary`` is on the first page only."""

    items: list[LifecycleEntryView]
    next: str | None
    summary: LifecycleSummaryView | None


@router.get(
    "/employees/<employee_id>/lifecycle",
    security=API,
    summary="Everything about an employee, oldest first",
    tags=["Employees"],
)
def get_lifecycle(employee_id: PathId, limit: Limit = 25, cursor: Cursor = None) -> LifecyclePage:
    """All systems in one order of time; on the first page what it comes to, and by which figures."""
    wired, language = router.wired, router.language
    page = wired.lifecycle.lifecycles.page(employee_id, limit, cursor, language, wired.clock())
    return LifecyclePage(
        items=[_view(entry, language) for entry in page.entries],
        next=page.next,
        summary=_summary(page.summary, language) if page.summary else None,
    )


def _view(entry: "Entry", language: str) -> LifecycleEntryView:
    from rencai.lifecycle.rules.summary import said

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


def _summary(read: "ReadSummary", language: str) -> LifecycleSummaryView:
    from rencai.lifecycle.rules.summary import missing_text

    summary = read.summary
    return LifecycleSummaryView(
        verdict=summary.verdict,
        text=summary.text(language),
        capability=[_reason(reason, language) for reason in summary.capability],
        pressure=[_reason(reason, language) for reason in summary.pressure],
        missing=[NotToldView(measure=one, text=missing_text(one, language)) for one in summary.missing],
        scan_id=read.scan_id,
    )


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
