"""The balanced scorecard (平衡计分卡, F6) of a month: perspectives, metrics, and what they recommend.

Formula, the weights being F6's and the curves the tenant's::

    points of a metric  = its curve at value / reference, 0-10
    a perspective       = mean of its metrics' points, by their weights
    score               = mean of the perspectives, by their weights

A curve is linear between its points and flat beyond its ends; the reference is the month's target, the company's mean
of the month, or a fixed figure. Points and each mean are rounded to hundredths, half up, before they go on, so that the
trace can be recomputed by hand. What was not measured has no points and no weight: the weights of the other metrics of
its perspective are scaled up, and those of the other perspectives where it was the only one.

F6's example, with the shipped scorecard: sales at the target 10; satisfaction 90 of 100: 9; training 100 of 100: 10;
ACoS 35 % where the company has 25 %: 10 - 15 x (35 / 25 - 1) = 4. Of each perspective one metric is there, so

    0.40 x 10 + 0.30 x 9 + 0.20 x 4 + 0.10 x 10 = 8.5
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from rencai.employees.rules.performance import METRIC, MonthlyPerformance, company_metric
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import CHINESE
from rencai.kernel.texts import LocalizedText, Slug
from rencai.kernel.wording import wrong
from rencai.training.rules.rules import CourseId

from .refusals import CareerDocumentRefusal

if TYPE_CHECKING:
    from rencai.employees.rules.records import LearningRecord
    from rencai.pressure.rules.company import MonthFigures
    from rencai.training.rules.courses import Enrolment
    from rencai.training.rules.plan import TrainingPlan

TRAINING_COMPLETION: Final = "training_completion"
"""The metric that is computed, where it was not told."""

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_CENT: Final = Decimal("0.01")
_SHARE: Final = Decimal("0.0001")
_Weight = Annotated[Decimal, Field(gt=0, le=1)]
_Points = Annotated[Decimal, Field(ge=0, le=10)]
_MetricId = Annotated[str, StringConstraints(pattern=METRIC)]


class Against(StrEnum):
    """What a metric is compared with."""

    TARGET = "target"
    COMPANY = "company"
    FIXED = "fixed"


class MetricRule(BaseModel):
    """A metric, and what its value comes to. ``reference`` goes with ``fixed``. ``curve``: points 0-10 by value /
    reference, in rising order. ``said_as`` is its name within a sentence; ``high`` and ``low`` what is said of it when
    its points are high or low.
    """

    model_config = _Config

    id: _MetricId
    name: LocalizedText
    said_as: LocalizedText | None = None
    weight: _Weight
    compared_with: Against
    reference: Annotated[Decimal | None, Field(gt=0, le=1_000_000_000)] = None
    curve: Annotated[
        tuple[tuple[Annotated[Decimal, Field(ge=0, le=1000)], _Points], ...], Field(min_length=2)
    ]
    high: LocalizedText = LocalizedText(zh_cn="优秀", en="excellent")
    low: LocalizedText = LocalizedText(zh_cn="偏低", en="low")

    @field_validator("curve")
    @classmethod
    def _rising(cls, curve: tuple[tuple[Decimal, Decimal], ...]) -> tuple[tuple[Decimal, Decimal], ...]:
        ratios = [ratio for ratio, _ in curve]
        if any(later <= earlier for earlier, later in pairwise(ratios)):
            raise wrong(CareerDocumentRefusal.CURVE_RISES)
        return curve

    @model_validator(mode="after")
    def _has_its_reference(self) -> Self:
        if (self.reference is not None) != (self.compared_with is Against.FIXED):
            raise wrong(CareerDocumentRefusal.REFERENCE_FIXED)
        return self

    def points(self, value: Decimal, reference: Decimal) -> Decimal:
        """What a value comes to, 0-10, to hundredths, half up; ``reference`` is above 0."""
        # By the value and not the ratio, so that there is one division, and it is the last.
        first, last = self.curve[0], self.curve[-1]
        if value <= first[0] * reference:
            return _rounded(first[1])
        for (from_ratio, from_points), (to_ratio, to_points) in pairwise(self.curve):
            if value <= to_ratio * reference:
                rise = (to_points - from_points) * (value - from_ratio * reference)
                return _rounded(from_points + rise / ((to_ratio - from_ratio) * reference))
        return _rounded(last[1])


class Perspective(BaseModel):
    """A perspective: metrics whose weights are together 1."""

    model_config = _Config

    id: Slug
    name: LocalizedText
    weight: _Weight
    metrics: Annotated[tuple[MetricRule, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(metric.weight for metric in self.metrics) != 1:
            raise wrong(CareerDocumentRefusal.METRIC_WEIGHTS, perspective=self.id)
        return self


class Grade(BaseModel):
    """What a score is called from ``at_least`` on."""

    model_config = _Config

    id: Slug
    name: LocalizedText
    at_least: _Points


class PointsWhen(BaseModel):
    """A metric has ``at_least`` so many points, or ``at_most``; of one that was not measured neither holds."""

    model_config = _Config

    metric: _MetricId
    at_least: _Points | None = None
    at_most: _Points | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise wrong(CareerDocumentRefusal.POINTS_ONE_BOUND)
        return self


class Incentive(BaseModel):
    """What is recommended when all of ``when`` holds and the grade is one of ``grades`` (empty: any)."""

    model_config = _Config

    id: Slug
    name: LocalizedText
    when: Annotated[tuple[PointsWhen, ...], Field(max_length=20)] = ()
    grades: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    course: CourseId | None = None


class Scorecard(BaseModel):
    """A role's scorecard. ``grades`` from the best down; ``high`` and ``low`` are the points from which a metric is
    spoken of as such. ``incentives`` are read in order: the first that holds is recommended.
    """

    model_config = _Config

    perspectives: Annotated[tuple[Perspective, ...], Field(min_length=1, max_length=10)]
    grades: Annotated[tuple[Grade, ...], Field(min_length=1, max_length=10)]
    high: _Points = Decimal("8.5")
    low: _Points = Decimal(5)
    incentives: Annotated[tuple[Incentive, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if sum(perspective.weight for perspective in self.perspectives) != 1:
            raise wrong(CareerDocumentRefusal.PERSPECTIVE_WEIGHTS)
        for ids, what in (
            ([perspective.id for perspective in self.perspectives], "perspectives"),
            ([metric.id for metric in self.metrics], "metrics"),
            ([grade.id for grade in self.grades], "grades"),
            ([incentive.id for incentive in self.incentives], "incentives"),
        ):
            if len(set(ids)) < len(ids):
                raise wrong(CareerDocumentRefusal.SCORECARD_ID_REPEATED, part=what)
        bounds = [grade.at_least for grade in self.grades]
        if bounds[-1] != 0 or any(next_ >= one for one, next_ in pairwise(bounds)):
            raise wrong(CareerDocumentRefusal.GRADES_FALL)
        if self.low >= self.high:
            raise wrong(CareerDocumentRefusal.LOW_BELOW_HIGH)
        metrics, grades = {metric.id for metric in self.metrics}, {grade.id for grade in self.grades}
        for incentive in self.incentives:
            unknown = [when.metric for when in incentive.when if when.metric not in metrics]
            unknown += [grade for grade in incentive.grades if grade not in grades]
            if unknown:
                raise wrong(
                    CareerDocumentRefusal.INCENTIVE_UNKNOWN, incentive=incentive.id, unknown=unknown[0]
                )
        return self

    @property
    def metrics(self) -> tuple[MetricRule, ...]:
        """Every metric, in the order of the perspectives."""
        return tuple(metric for perspective in self.perspectives for metric in perspective.metrics)

    def named_courses(self) -> Iterator[tuple[str, str]]:
        """What names a course, and the course: ``("incentive 'advertising'", "amazon-advertising")``."""
        for incentive in self.incentives:
            if incentive.course:
                yield f"incentive '{incentive.id}'", incentive.course


SCORECARD: Final = Kind("scorecard", Scorecard)


# --- what was measured ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric of a person in a month, with what it may be compared with; None: not known."""

    value: Decimal | None = None
    target: Decimal | None = None
    company: Decimal | None = None
    currency: str | None = None


def measured(
    card: Scorecard,
    performance: MonthlyPerformance | None,
    company: "MonthFigures | None",
    training: Decimal | None,
) -> dict[str, Measured]:
    """The scorecard's metrics as a month has them. ``training`` is the completion of training, in percent, where the
    month does not tell of it.
    """
    means = company.metrics if company else {}
    values = {}
    for rule in card.metrics:
        told = performance.metric(rule.id) if performance else None
        computed = training if rule.id == TRAINING_COMPLETION else None
        values[rule.id] = Measured(
            told.value if told else computed,
            told.target if told else None,
            means.get(company_metric(rule.id, told.currency if told else None)),
            told.currency if told else None,
        )
    return values


def training_completion(
    plan: "TrainingPlan | None",
    enrolments: Mapping[str, "Enrolment"],
    learnt: Iterable["LearningRecord"],
    until: datetime,
    last_day: date,
) -> Decimal | None:
    """How far the training of a month is, in percent, to hundredths, half up; None: nothing was due and told.

    The mean of the courses of the plan that are complete, or were due before ``until``, as the learning platform has
    them now; what HR added as help does not count. Without a plan, of what earlier systems tell, but for what was
    completed after ``last_day``.
    """
    if plan is None:
        told = [
            one.completion_percent
            for one in learnt
            if one.completed_on is None or one.completed_on <= last_day
        ]
    else:
        found = [
            (item, enrolments[item.item_id])
            for item in plan.current
            if item.item_id in enrolments and not item.is_help
        ]
        told = [
            enrolment.completion_percent
            for item, enrolment in found
            if enrolment.completion_percent is not None and (enrolment.completed or item.due_at <= until)
        ]
    return _rounded(sum(told, Decimal(0)) / len(told)) if told else None


# --- the score --------------------------------------------------------------------------------------------------------


class Lacking(StrEnum):
    """Why a metric has no points."""

    NOT_TOLD = "not_told"
    NO_TARGET = "no_target"
    NO_COMPANY_FIGURE = "no_company_figure"


@dataclass(frozen=True, slots=True)
class MetricScore:
    """A metric's part. ``weight`` is its own in its perspective, ``share`` what it counts in the whole score after
    renormalisation, 0-1; ``ratio`` is value / reference. Without ``points`` it was not measured; ``lacking`` says why.
    """

    rule: MetricRule
    measured: Measured
    reference: Decimal | None = None
    ratio: Decimal | None = None
    points: Decimal | None = None
    share: Decimal = Decimal(0)
    lacking: Lacking | None = None


@dataclass(frozen=True, slots=True)
class PerspectiveScore:
    """A perspective's part; ``share`` is what it counts after renormalisation. ``score`` None: nothing was measured."""

    perspective: Perspective
    score: Decimal | None
    share: Decimal
    metrics: tuple[MetricScore, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """``score`` 0-10 to hundredths, None when nothing was measured; ``coverage`` 0-1 is the weight of what was."""

    score: Decimal | None
    grade: Grade | None
    coverage: Decimal
    perspectives: tuple[PerspectiveScore, ...]
    incentive: Incentive | None

    @property
    def missing(self) -> tuple[MetricScore, ...]:
        """The metrics that were not measured."""
        return tuple(metric for part in self.perspectives for metric in part.metrics if metric.points is None)

    def metric(self, id_: str) -> MetricScore:
        """One of the metrics; raises ``StopIteration`` for none of them."""
        return next(one for part in self.perspectives for one in part.metrics if one.rule.id == id_)


def score(card: Scorecard, values: Mapping[str, Measured]) -> Scored:
    """The score by ``values``, by metric id; one that is not there was not told."""
    parts = [
        (perspective, [_metric(rule, values.get(rule.id, Measured())) for rule in perspective.metrics])
        for perspective in card.perspectives
    ]
    scores = [_mean([(one.rule.weight, one.points) for one in metrics]) for _, metrics in parts]
    there = sum(
        (part.weight for (part, _), own in zip(parts, scores, strict=True) if own is not None), Decimal(0)
    )
    perspectives, coverage = [], Decimal(0)
    for (part, metrics), own in zip(parts, scores, strict=True):
        within = sum((one.rule.weight for one in metrics if one.points is not None), Decimal(0))
        coverage += part.weight * within
        share = part.weight / there if own is not None else Decimal(0)
        shown = tuple(_shared(one, share, within) for one in metrics)
        perspectives.append(PerspectiveScore(part, own, _share(share), shown))
    total = _mean([(part.weight, own) for (part, _), own in zip(parts, scores, strict=True)])
    grade = next((one for one in card.grades if total is not None and total >= one.at_least), None)
    points = {one.rule.id: one.points for part in perspectives for one in part.metrics}
    incentive = next((one for one in card.incentives if grade and _holds(one, grade, points)), None)
    return Scored(total, grade, _share(coverage), tuple(perspectives), incentive)


def _metric(rule: MetricRule, told: Measured) -> MetricScore:
    if told.value is None:
        return MetricScore(rule, told, lacking=Lacking.NOT_TOLD)
    reference, lacking = {
        Against.TARGET: (told.target, Lacking.NO_TARGET),
        Against.COMPANY: (told.company, Lacking.NO_COMPANY_FIGURE),
        Against.FIXED: (rule.reference, Lacking.NOT_TOLD),
    }[rule.compared_with]
    # Of a company that has nothing, or less, nobody can have a multiple.
    if reference is None or reference <= 0:
        return MetricScore(rule, told, lacking=lacking)
    ratio = (told.value / reference).quantize(_SHARE, ROUND_HALF_UP)
    return MetricScore(rule, told, reference, ratio, rule.points(told.value, reference))


def _shared(one: MetricScore, share: Decimal, within: Decimal) -> MetricScore:
    if one.points is None:
        return one
    counts = _share(share * one.rule.weight / within)
    return MetricScore(one.rule, one.measured, one.reference, one.ratio, one.points, counts)


def _holds(incentive: Incentive, grade: Grade, points: Mapping[str, Decimal | None]) -> bool:
    if incentive.grades and grade.id not in incentive.grades:
        return False
    return all(_when(one, points[one.metric]) for one in incentive.when)


def _when(when: PointsWhen, points: Decimal | None) -> bool:
    if points is None:
        return False
    return (when.at_least is None or points >= when.at_least) and (
        when.at_most is None or points <= when.at_most
    )


def _mean(parts: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    there = [(weight, points) for weight, points in parts if points is not None]
    if not there:
        return None
    total = sum((weight for weight, _ in there), Decimal(0))
    return _rounded(sum((weight * points for weight, points in there), Decimal(0)) / total)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _share(value: Decimal) -> Decimal:
    return value.quantize(_SHARE, ROUND_HALF_UP)


# --- in words ---------------------------------------------------------------------------------------------------------

_BETWEEN: Final = ("一般", "fair")
_BY_GRADE: Final = ("综合得分 {score}({grade})", "a score of {score} ({grade})")
_NOTHING: Final = ("没有可以计分的指标", "nothing to score")
_LACKING: Final[Mapping[Lacking, tuple[str, str]]] = {
    Lacking.NOT_TOLD: ("本月没有数据", "not told for this month"),
    Lacking.NO_TARGET: ("本月没有设定目标", "no target was set for this month"),
    Lacking.NO_COMPANY_FIGURE: ("还没有公司本月的平均值", "no company figure yet for this month"),
}


def reason_text(card: Scorecard, scored: Scored, language: str) -> str:
    """Why the incentive is recommended, in the metrics that it looks at: "客户满意度和培训优秀,ACoS 偏高"; of one that
    looks at none, the score and its grade. Empty without an incentive.
    """
    if scored.incentive is None:
        return ""
    if not scored.incentive.when:
        return grade_text(scored, language)
    said: dict[str, list[str]] = {}
    for when in scored.incentive.when:
        one = scored.metric(when.metric)
        name = (one.rule.said_as or one.rule.name).text(language)
        names = said.setdefault(_word(card, one, language), [])
        if name not in names:
            names.append(name)
    chinese = language == CHINESE
    return (", " if not chinese else ",").join(
        f"{_listed(names, chinese=chinese)}{_gap(names[-1], chinese=chinese)}{word}"
        for word, names in said.items()
    )


def grade_text(scored: Scored, language: str) -> str:
    """The score and its grade: "综合得分 8.5(优秀)"."""
    spoken = 0 if language == CHINESE else 1
    if scored.score is None or scored.grade is None:
        return _NOTHING[spoken]
    return _BY_GRADE[spoken].format(
        score=f"{scored.score.normalize():f}", grade=scored.grade.name.text(language)
    )


def lacking_text(lacking: Lacking, language: str) -> str:
    """Why a metric has no points, in words."""
    return _LACKING[lacking][0 if language == CHINESE else 1]


def _word(card: Scorecard, one: MetricScore, language: str) -> str:
    if one.points is not None and one.points >= card.high:
        return one.rule.high.text(language)
    if one.points is not None and one.points <= card.low:
        return one.rule.low.text(language)
    return _BETWEEN[0 if language == CHINESE else 1]


def _listed(names: Sequence[str], *, chinese: bool) -> str:
    *others, last = names
    if not others:
        return last
    return "、".join(others) + "和" + last if chinese else ", ".join(others) + " and " + last


def _gap(before: str, *, chinese: bool) -> str:
    """Chinese stands close to Chinese, and apart from Latin letters."""
    return "" if chinese and not before[-1].isascii() else " "
