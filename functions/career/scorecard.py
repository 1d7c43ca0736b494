"""The balanced scorecard (F6): a month's score with the trace it can be recomputed from, and what it recommends."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import MONTH
from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import NamedView, PathId, Score, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

from .ladder import EnrolView

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.career.rules.scorecard import MetricScore, PerspectiveScore, Scored
    from rencai.career.scoring import MonthScored

router = Routes()


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


@router.get(
    "/employees/<employee_id>/scorecard",
    security=API,
    summary="A month's balanced scorecard",
    tags=["Career"],
    openapi_extensions=refuses({404: [CommonRefusal.ROLE_HAS_NONE], 422: [EmployeeRefusal.MONTH_TO_COME]}),
)
def get_scorecard(
    employee_id: PathId,
    month: Annotated[
        str | None, Query(pattern=MONTH, description="As in 2026-11; the latest with metrics unless given")
    ] = None,
) -> ScorecardView:
    """The score with every part of it, what is missing, and the incentive with its reason."""
    found = router.wired.career.scoring.of(employee_id, month, router.wired.clock())
    scored, language = found.scored, router.language
    incentive = _incentive(found, language)
    return ScorecardView(
        employee_id=employee_id,
        role=found.role,
        month=found.month,
        scorecard_version=found.card.version,
        score=scored.score,
        grade=NamedView(id=scored.grade.id, name=scored.grade.name.text(language)) if scored.grade else None,
        coverage=scored.coverage,
        perspectives=[_perspective(part, language) for part in scored.perspectives],
        missing=_missing(scored, language),
        incentive=incentive,
        text=_text(scored, incentive, language),
    )


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
    from rencai.career.rules.scorecard import lacking_text

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


def _incentive(found: "MonthScored", language: str) -> IncentiveView | None:
    from rencai.career.rules.scorecard import reason_text
    from rencai.career.rules.wording import course_name

    incentive = found.scored.incentive
    if incentive is None:
        return None
    course = incentive.course
    return IncentiveView(
        id=incentive.id,
        name=incentive.name.text(language),
        reason=reason_text(found.card.document, found.scored, language),
        enrol_in=EnrolView(
            course_id=course,
            name=course_name(found.catalogue, course, language),
            enrolled=course in found.taken and found.taken[course].enrolled,
        )
        if course
        else None,
    )


def _text(scored: "Scored", incentive: IncentiveView | None, language: str) -> str:
    from rencai.career.rules.scorecard import grade_text

    graded = grade_text(scored, language)
    if incentive is None:
        return graded
    if incentive.reason == graded:
        return f"{graded} → {incentive.name}"
    return f"{graded}: {incentive.reason} → {incentive.name}"
