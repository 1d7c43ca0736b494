"""The balanced scorecard (F6): a month's score with the trace it can be recomputed from, and what it recommends."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from rencai import wiring
from rencai.domain.errors import DomainError, Refusal
from rencai.domain.signals import MONTH
from rencai.platform.api import Score, View

from .career import EnrolView, employee_of
from .training import PathId
from .training_views import NamedView

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from collections.abc import Mapping, Sequence

    from rencai.domain.career import Taken
    from rencai.domain.performance import MonthlyPerformance
    from rencai.domain.scorecard import MetricScore, PerspectiveScore, Scorecard, Scored
    from rencai.domain.training_rules import CourseCatalogue

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped


class MetricScoreView(NamedView):
    """A metric's part: ``points`` (0-10) by the curve at ``ratio``, which is value / reference. ``weight`` is its own
    in the perspective; ``share`` is what it counts in the whole, 0-1, after those that are missing were left out.
    """

    value: Score | None
    currency: str | None
    compared_with: str = Field(json_schema_extra={"enum": ["target", "company", "fixed"]})
    reference: Score | None
    ratio: Score | None
    curve: list[list[Score]]
    points: Score | None
    weight: Score
    share: Score
    missing: str | None = Field(
        json_schema_extra={"enum": ["not_told", "no_target", "no_company_figure", None]}
    )


class PerspectiveScoreView(NamedView):
    """A perspective's part: the mean of its metrics' points by their weights."""

    score: Score | None
    weight: Score
    share: Score
    metrics: list[MetricScoreView]


class MissingMetricView(NamedView):
    """A metric that has no points, and so no weight, and why."""

    perspective: str
    reason: str = Field(json_schema_extra={"enum": ["not_told", "no_target", "no_company_figure"]})
    text: str


class IncentiveView(NamedView):
    """What is recommended, and why; ``enrol_in`` null: it is no course."""

    reason: str
    enrol_in: EnrolView | None


class ScorecardView(View):
    """A month's score, 0-10; null when nothing was measured. ``coverage`` (0-1) is the weight of what was."""

    employee_id: str
    role: str
    month: str
    scorecard_version: int
    score: Score | None
    grade: NamedView | None
    coverage: Score
    perspectives: list[PerspectiveScoreView]
    missing: list[MissingMetricView]
    incentive: IncentiveView | None
    text: str


@router.get("/employees/<employee_id>/scorecard", summary="A month's balanced scorecard", tags=["Career"])
def get_scorecard(
    employee_id: PathId,
    month: Annotated[
        str | None, Query(pattern=MONTH, description="As in 2026-11; the latest with metrics unless given")
    ] = None,
) -> ScorecardView:
    """The score with every part of it, what is missing, and the incentive with its reason."""
    # Some 4-7 read units: the employee, the company's month, and three queries: performance, courses, earlier systems.
    from rencai.domain.career import courses_taken
    from rencai.domain.scorecard import measured, score, training_completion

    employee = employee_of(employee_id)
    configurations, zone, now = wiring.configurations(), wiring.zone(), wiring.clock()
    versioned = configurations.scorecard(employee.role)
    card, catalogue = versioned.document, configurations.course_catalogue().document
    months = wiring.performances().of(employee_id)
    about = _month(month, months, now.astimezone(zone).date())
    file, learnt = wiring.training_plans().find(employee_id), wiring.records().learning(employee_id)
    plan, enrolments = (file.plan, file.enrolments) if file else (None, {})
    last_day, ends = _end(about, zone)
    values = measured(
        card,
        next((one for one in months if one.month == about), None),
        wiring.scans().month(about),
        training_completion(plan, enrolments, learnt, min(now, ends), last_day),
    )
    language = router.context["language"]
    scored = score(card, values)
    taken = courses_taken(plan, enrolments, learnt, catalogue)
    incentive = _incentive(card, scored, catalogue, taken, language)
    return ScorecardView(
        employee_id=employee_id,
        role=employee.role,
        month=about,
        scorecard_version=versioned.version,
        score=scored.score,
        grade=NamedView(id=scored.grade.id, name=scored.grade.name.text(language)) if scored.grade else None,
        coverage=scored.coverage,
        perspectives=[_perspective(part, language) for part in scored.perspectives],
        missing=_missing(scored, language),
        incentive=incentive,
        text=_text(scored, incentive, language),
    )


def _month(asked: str | None, months: "Sequence[MonthlyPerformance]", today: date) -> str:
    """The month that the scorecard is about; raises ``DomainError`` (MONTH_TO_COME)."""
    present = f"{today:%Y-%m}"
    if asked is None:
        return max((one.month for one in months if one.metrics), default=present)
    if asked > present:
        raise DomainError(Refusal.MONTH_TO_COME, "month", month=asked, latest=present)
    return asked


def _end(month: str, zone: ZoneInfo) -> tuple[date, datetime]:
    """The last day of a month, and the moment at which it is over."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return following - timedelta(days=1), datetime.combine(following, time(), zone)


def _perspective(part: "PerspectiveScore", language: str) -> PerspectiveScoreView:
    return PerspectiveScoreView(
        id=part.perspective.id,
        name=part.perspective.name.text(language),
        score=part.score,
        weight=part.perspective.weight,
        share=part.share,
        metrics=[_metric(one, language) for one in part.metrics],
    )


def _metric(one: "MetricScore", language: str) -> MetricScoreView:
    return MetricScoreView(
        id=one.rule.id,
        name=one.rule.name.text(language),
        value=one.measured.value,
        currency=one.measured.currency,
        compared_with=one.rule.compared_with,
        reference=one.reference,
        ratio=one.ratio,
        curve=[list(point) for point in one.rule.curve],
        points=one.points,
        weight=one.rule.weight,
        share=one.share,
        missing=one.lacking,
    )


def _missing(scored: "Scored", language: str) -> list[MissingMetricView]:
    from rencai.domain.scorecard import lacking_text

    return [
        MissingMetricView(
            id=one.rule.id,
            name=one.rule.name.text(language),
            perspective=part.perspective.id,
            reason=one.lacking,
            text=lacking_text(one.lacking, language),
        )
        for part in scored.perspectives
        for one in part.metrics
        if one.lacking
    ]


def _incentive(
    card: "Scorecard",
    scored: "Scored",
    catalogue: "CourseCatalogue",
    taken: "Mapping[str, Taken]",
    language: str,
) -> IncentiveView | None:
    from rencai.domain.career import course_name
    from rencai.domain.scorecard import reason_text

    incentive = scored.incentive
    if incentive is None:
        return None
    course = incentive.course
    return IncentiveView(
        id=incentive.id,
        name=incentive.name.text(language),
        reason=reason_text(card, scored, language),
        enrol_in=EnrolView(
            course_id=course,
            name=course_name(catalogue, course, language),
            enrolled=course in taken and taken[course].enrolled,
        )
        if course
        else None,
    )


def _text(scored: "Scored", incentive: IncentiveView | None, language: str) -> str:
    from rencai.domain.scorecard import grade_text

    graded = grade_text(scored, language)
    if incentive is None:
        return graded
    if incentive.reason == graded:
        return f"{graded} → {incentive.name}"
    return f"{graded}: {incentive.reason} → {incentive.name}"
