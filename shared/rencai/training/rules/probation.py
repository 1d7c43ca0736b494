"""The probation score (C3): training and work performance, weighed by the tenant, each part with its trace.

Formula, ours but for the weights of C3::

    score = (training x 0.30 + performance x 0.70) / the weights of the parts that are there
    training = mean of the courses' scores, by the catalogue's weights
    a course = (completion x 0.40 + exam x 0.40 + mentor x 0.20) / the weights of what is there
    performance = mean of the months recorded in the probation

Every mean is rounded to hundredths, half up, before it goes on, so that the trace can be recomputed by hand. What was
not measured has no number and no weight: it is named as missing. A course's completion counts once it is complete or
due, so that nobody is marked down for a course that still runs; exam and mentor count once they are told. Completion
and exam are what Kirkpatrick's model of training evaluation calls learning (level 2), the mentor's review behaviour
(level 3), and work performance results (level 4); which weighs how much is ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.kernel.configuration import Kind
from rencai.kernel.wording import wrong

from .courses import Enrolment
from .mentors import MentorPolicy
from .plan import PlanItem, TrainingPlan
from .refusals import TrainingDocumentRefusal

_CENT: Final = Decimal("0.01")
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_Weight = Annotated[Decimal, Field(ge=0, le=1)]


class CourseWeights(BaseModel):
    """What a course's completion, exam and mentor's review weigh; together 1."""

    model_config = _Config

    completion: _Weight = Decimal("0.40")
    exam: _Weight = Decimal("0.40")
    mentor: _Weight = Decimal("0.20")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.completion + self.exam + self.mentor != 1:
            raise wrong(TrainingDocumentRefusal.COURSE_WEIGHTS)
        return self


class ProbationPolicy(BaseModel):
    """How a probation is scored. ``months`` is how long it lasts; six is the most that China's Labour Contract Law
    allows (Art. 19).
    """

    model_config = _Config

    training_weight: _Weight = Decimal("0.30")
    performance_weight: _Weight = Decimal("0.70")
    months: Annotated[int, Field(ge=1, le=6)] = 3
    course: CourseWeights = CourseWeights()
    mentor: MentorPolicy = MentorPolicy()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.training_weight + self.performance_weight != 1:
            raise wrong(TrainingDocumentRefusal.PROBATION_WEIGHTS)
        return self


PROBATION_POLICY: Final = Kind("probation_policy", ProbationPolicy, unset=ProbationPolicy)


class Standing(StrEnum):
    """Whether a course counts, and why not."""

    COUNTED = "counted"
    NOT_DUE = "not_due"
    NOTHING_TOLD = "nothing_told"
    HELP = "help"
    REMOVED = "removed"
    AFTER_PROBATION = "after_probation"


@dataclass(frozen=True, slots=True)
class CourseScore:
    """A course's part; ``completion``, ``exam`` and ``mentor`` are what of it counts, None: not (yet) measured."""

    item_id: str
    standing: Standing
    weight: Decimal
    completion: Decimal | None = None
    exam: Decimal | None = None
    mentor: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProbationScore:
    """``score`` 0-100 to hundredths, None when nothing is there; ``coverage`` 0-1 the weight of what is there: of
    training the courses that were told of, among those that were due.

    ``missing`` names the parts of which nothing is there: ``training``, ``performance``.
    """

    score: Decimal | None
    coverage: Decimal
    missing: tuple[str, ...]
    training: Decimal | None
    courses: tuple[CourseScore, ...]
    performance: Decimal | None
    months: tuple[MonthlyPerformance, ...]
    ends_on: date


def probation_ends_on(starts_on: date, months: int) -> date:
    """The last day of a probation of ``months`` that begins on ``starts_on``: the day before the same day of the last
    month, and where that month has no such day, its last (Civil Code of China, Art. 202).

    >>> probation_ends_on(date(2026, 11, 23), 3), probation_ends_on(date(2026, 11, 30), 3)
    (datetime.date(2027, 2, 22), datetime.date(2027, 2, 28))
    """
    year, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + year, month + 1
    next_month = date(year + month // 12, month % 12 + 1, 1)
    last_day = next_month - timedelta(days=1)
    if starts_on.day > last_day.day:
        return last_day
    return date(year, month, starts_on.day) - timedelta(days=1)


def probation_score(
    plan: TrainingPlan,
    enrolments: Mapping[str, Enrolment],
    weights: Mapping[str, Decimal],
    performances: Iterable[MonthlyPerformance],
    policy: ProbationPolicy,
    now: datetime,
) -> ProbationScore:
    """The score by what is known at ``now``. ``weights``: what a course counts beside the others, by course id."""
    ends_on = probation_ends_on(plan.starts_on, policy.months)
    courses = tuple(
        _course(
            item, enrolments.get(item.item_id), weights.get(item.course_id, Decimal(1)), policy, ends_on, now
        )
        for item in plan.items
    )
    first, last = f"{plan.starts_on:%Y-%m}", f"{ends_on:%Y-%m}"
    months = tuple(
        sorted(
            (one for one in performances if first <= one.month <= last and one.percent is not None),
            key=lambda one: one.month,
        )
    )
    training = _mean([(one.weight, one.score) for one in courses])
    performance = _mean([(Decimal(1), one.percent) for one in months])
    parts = [
        ("training", policy.training_weight, training),
        ("performance", policy.performance_weight, performance),
    ]
    counted = sum((one.weight for one in courses if one.standing is Standing.COUNTED), Decimal(0))
    untold = sum((one.weight for one in courses if one.standing is Standing.NOTHING_TOLD), Decimal(0))
    share = {"training": counted / (counted + untold) if counted else Decimal(0), "performance": Decimal(1)}
    return ProbationScore(
        score=_mean([(weight, score) for _, weight, score in parts]),
        coverage=_rounded(
            sum((weight * share[name] for name, weight, score in parts if score is not None), Decimal(0))
        ),
        missing=tuple(name for name, weight, score in parts if score is None and weight),
        training=training,
        courses=courses,
        performance=performance,
        months=months,
        ends_on=ends_on,
    )


def _course(
    item: PlanItem,
    enrolment: Enrolment | None,
    weight: Decimal,
    policy: ProbationPolicy,
    ends_on: date,
    now: datetime,
) -> CourseScore:
    if item.removed_by is not None:
        return CourseScore(item.item_id, Standing.REMOVED, weight)
    if item.is_help:
        # To need help must not raise a score, nor lower it.
        return CourseScore(item.item_id, Standing.HELP, weight)
    if item.due_on > ends_on:
        return CourseScore(item.item_id, Standing.AFTER_PROBATION, weight)
    told = enrolment.completion_percent if enrolment else None
    due = now >= item.due_at
    completion = told if due or (enrolment and enrolment.completed) else None
    exam = enrolment.exam_score if enrolment else None
    mentor = enrolment.rating.score if enrolment and enrolment.rating else None
    own = policy.course
    score = _mean([(own.completion, completion), (own.exam, exam), (own.mentor, mentor)])
    if score is None:
        return CourseScore(item.item_id, Standing.NOTHING_TOLD if due else Standing.NOT_DUE, weight)
    return CourseScore(item.item_id, Standing.COUNTED, weight, completion, exam, mentor, score)


def _mean(parts: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    there = [(weight, score) for weight, score in parts if score is not None and weight]
    if not there:
        return None
    total = sum((weight for weight, _ in there), Decimal(0))
    return _rounded(sum((weight * score for weight, score in there), Decimal(0)) / total)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
