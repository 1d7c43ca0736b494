"""Probation (C3): work performance month by month, and the score with the trace it can be recomputed from."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.domain.performance import MonthlyPerformance, PerformanceReport, monthly_performance
from rencai.domain.signals import MONTH
from rencai.platform.api import Score, View

from .training import PathId

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.domain.probation import CourseScore, ProbationPolicy, ProbationScore
    from rencai.store.training_plans import TrainingFile

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

Month = Annotated[str, Path(pattern=MONTH, description="As in 2026-11")]


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


class CourseWeightsView(View):
    """What a course's parts weigh; together 1."""

    completion: Score
    exam: Score
    mentor: Score


class PolicyView(View):
    """The tenant's policy; version 0 is what holds where nothing was set."""

    version: int
    training_weight: Score
    performance_weight: Score
    course_weights: CourseWeightsView


class MentorView(View):
    """What a mentor wrote, and what of it counts, 0-100: null where no rule says, or the course does not count."""

    score: Score | None
    rule: str | None
    review: str | None


class CourseScoreView(View):
    """A course's part; what is null has no data (yet), and no weight."""

    item_id: str
    name: str
    standing: str = Field(
        json_schema_extra={
            "enum": ["counted", "not_due", "nothing_told", "help", "removed", "after_probation"]
        }
    )
    weight: Score
    completion: Score | None
    exam: Score | None
    mentor: MentorView | None
    score: Score | None


class TrainingPartView(View):
    """Training: the mean of the courses by their weights."""

    score: Score | None
    weight: Score
    courses: list[CourseScoreView]


class PerformancePartView(View):
    """Work performance: the mean of the months in the probation."""

    score: Score | None
    weight: Score
    months: list[MonthView]


class ProbationView(View):
    """A probation's score so far, 0-100. ``coverage`` (0-1) is the weight of the parts that have data; it is
    ``complete`` when nothing is missing. ``final``: it was over, and stays as it was then; what is told later shows in
    the parts only.
    """

    employee_id: str
    starts_on: date
    ends_on: date
    status: str = Field(json_schema_extra={"enum": ["running", "ended"]})
    score: Score | None
    final: bool
    coverage: Score
    complete: bool
    missing: list[str]
    policy: PolicyView
    training: TrainingPartView
    performance: PerformancePartView
    formula: str


@router.put(
    "/employees/<employee_id>/performance/<month>",
    summary="Record or correct a month's work performance",
    description="Up to the present month in the tenant's time zone.",
    tags=["Probation"],
)
def put_performance(
    employee_id: PathId, month: Month, report: Annotated[PerformanceReport, Body()]
) -> PerformanceView:
    """The same again changes nothing; another score corrects the month."""
    if wiring.employees().get(employee_id) is None:
        raise NotFound("employee", employee_id)
    now = wiring.clock()
    performance = monthly_performance(month, report, now.astimezone(wiring.zone()).date())
    wiring.performances().record(employee_id, performance, router.context["actor"], now)
    return PerformanceView(employee_id=employee_id, **month_of(performance).model_dump())


@router.get("/employees/<employee_id>/probation", summary="The probation score", tags=["Probation"])
def get_probation(employee_id: PathId) -> ProbationView:
    """The score with every part of it, by what is known now."""
    from rencai.domain.training_plan import PlanStatus
    from rencai.domain.training_wording import probation_formula

    file = wiring.training_plans().find(employee_id)
    if file is None or file.plan.status is PlanStatus.DRAFT:
        raise NotFound("probation", employee_id)
    training, now, language = wiring.training(), wiring.clock(), router.context["language"]
    score, policy = training.score(file, now)
    weights = policy.document
    ended = now.astimezone(training.zone).date() > score.ends_on
    return ProbationView(
        employee_id=employee_id,
        starts_on=file.plan.starts_on,
        ends_on=score.ends_on,
        status="ended" if ended else "running",
        score=score.score,
        final=bool(file.scored and file.scored.final),
        coverage=score.coverage,
        complete=not score.missing and score.coverage == 1,
        missing=list(score.missing),
        policy=_policy(weights, policy.version),
        training=TrainingPartView(
            score=score.training,
            weight=weights.training_weight,
            courses=_courses(file, score, language),
        ),
        performance=PerformancePartView(
            score=score.performance,
            weight=weights.performance_weight,
            months=[month_of(performance) for performance in score.months],
        ),
        formula=probation_formula(weights, language),
    )


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


def _policy(policy: "ProbationPolicy", version: int) -> PolicyView:
    own = policy.course
    return PolicyView(
        version=version,
        training_weight=policy.training_weight,
        performance_weight=policy.performance_weight,
        course_weights=CourseWeightsView(completion=own.completion, exam=own.exam, mentor=own.mentor),
    )


def _courses(file: "TrainingFile", score: "ProbationScore", language: str) -> list[CourseScoreView]:
    from rencai.training import courses_of

    reviewed = any(enrolment.review for enrolment in file.enrolments.values())
    reviews = wiring.enrolments().reviews(file.plan.employee_id) if reviewed else {}
    courses = courses_of(file.plan, wiring.configurations())
    return [
        CourseScoreView(
            item_id=course.item_id,
            name=courses[course.item_id].name.text(language),
            standing=course.standing,
            weight=course.weight,
            completion=course.completion,
            exam=course.exam,
            mentor=_mentor(file, course, reviews.get(course.item_id)),
            score=course.score,
        )
        for course in score.courses
    ]


def _mentor(file: "TrainingFile", course: "CourseScore", review: str | None) -> MentorView | None:
    enrolment = file.enrolments.get(course.item_id)
    if enrolment is None or enrolment.review is None:
        return None
    counted = enrolment.rating if course.mentor is not None else None
    return MentorView(score=course.mentor, rule=counted.rule if counted else None, review=review)
