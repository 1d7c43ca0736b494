"""Probation (C3): the score with the trace it can be recomputed from."""

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from functions.employees.signals import MonthView, month_of
from rencai.platform.api import PathId, Score, View
from rencai.wiring.routes import API, Routes

from .ratings import shown_rating, shown_reading
from .views import RatingView, ReadingView

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.training.desk import Probation
    from rencai.training.rules.probation import CourseScore, ProbationPolicy
    from rencai.training.store.plans import TrainingFile

router = Routes()


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
    """What a mentor wrote, and what of it counts, 0-100: null where nothing says, or the course does not count."""

    score: Score | None
    rating: RatingView | None
    reading: ReadingView | None
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


@router.get(
    "/employees/<employee_id>/probation", security=API, summary="The probation score", tags=["Probation"]
)
def get_probation(employee_id: PathId) -> ProbationView:
    """The score with every part of it, by what is known now."""
    from rencai.training.rules.wording import probation_formula

    wired, language = router.wired, router.language
    found = wired.training.desk.probation(employee_id, wired.clock())
    score, weights = found.score, found.policy.document
    return ProbationView(
        employee_id=employee_id,
        starts_on=found.file.plan.starts_on,
        ends_on=score.ends_on,
        status="ended" if found.ended else "running",
        score=score.score,
        final=found.final,
        coverage=score.coverage,
        complete=not score.missing and score.coverage == 1,
        missing=list(score.missing),
        policy=_policy(weights, found.policy.version),
        training=TrainingPartView(
            score=score.training,
            weight=weights.training_weight,
            courses=_courses(found, language),
        ),
        performance=PerformancePartView(
            score=score.performance,
            weight=weights.performance_weight,
            months=[month_of(performance) for performance in score.months],
        ),
        formula=probation_formula(weights, language),
    )


def _policy(policy: "ProbationPolicy", version: int) -> PolicyView:
    own = policy.course
    return PolicyView(
        version=version,
        training_weight=policy.training_weight,
        performance_weight=policy.performance_weight,
        course_weights=CourseWeightsView(completion=own.completion, exam=own.exam, mentor=own.mentor),
    )


def _courses(found: "Probation", language: str) -> list[CourseScoreView]:
    return [
        CourseScoreView(
            item_id=course.item_id,
            name=found.courses[course.item_id].name.text(language),
            standing=course.standing,
            weight=course.weight,
            completion=course.completion,
            exam=course.exam,
            mentor=_mentor(found.file, course, found.reviews.get(course.item_id)),
            score=course.score,
        )
        for course in found.score.courses
    ]


def _mentor(file: "TrainingFile", course: "CourseScore", review: str | None) -> MentorView | None:
    enrolment = file.enrolments.get(course.item_id)
    if enrolment is None or not (enrolment.review or enrolment.mark):
        return None
    counted = enrolment.rating if course.mentor is not None else None
    return MentorView(
        score=course.mentor,
        rating=shown_rating(counted),
        reading=shown_reading(enrolment.reading, review),
        review=review,
    )
