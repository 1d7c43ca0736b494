"""The risk policy (F4): the threshold of each signal, which signals make which level, and what the summary of a life
cycle goes by.
"""

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rencai.employees.rules.signals import LeaveKind
from rencai.kernel.configuration import Kind
from rencai.kernel.patterns import Pattern, checked, checked_together
from rencai.kernel.texts import LocalizedText, Slug
from rencai.kernel.wording import wrong
from rencai.reading.rules.sentences import FEWEST_EXAMPLES, Sentences

from .card import CARD_LEAVE_DAYS, CARD_MONTHS, CARD_WEEKS
from .refusals import PressureDocumentRefusal

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class SignalKind(StrEnum):
    """What can speak of pressure."""

    LONG_HOURS = "long_hours"
    PERFORMANCE = "falling_performance"
    LEAVE = "frequent_leave"
    SURVEY = "survey"


class RiskLevel(StrEnum):
    """How urgent it is."""

    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class HoursRule(BaseModel):
    """Mean hours a week above ``over``, over the weeks told of the last ``weeks`` (this week, which runs, left out)."""

    model_config = _Config

    over: Annotated[Decimal, Field(gt=0, le=168, decimal_places=4)] = Decimal(50)
    weeks: Annotated[int, Field(ge=1, le=CARD_WEEKS - 1)] = 4


class PerformanceRule(BaseModel):
    """Fell ``falls`` months running, or at once by ``drop_percent`` of what it was; and in all by ``smallest_fall`` or
    more, in points of 10: less than that is how scores are given, and not how somebody works.
    """

    model_config = _Config

    falls: Annotated[int, Field(ge=1, le=CARD_MONTHS - 1)] = 2
    drop_percent: Annotated[int, Field(ge=1, le=100)] = 25
    smallest_fall: Annotated[Decimal, Field(ge=0, le=10, decimal_places=4)] = Decimal(1)


class LeaveRule(BaseModel):
    """Leave of ``kinds`` begun in the last ``days`` days: more than ``over_times`` times, or ``over_days`` days."""

    model_config = _Config

    over_times: Annotated[int, Field(ge=0, le=90)] = 3
    over_days: Annotated[Decimal, Field(ge=0, le=90, decimal_places=4)] = Decimal(3)
    days: Annotated[int, Field(ge=7, le=CARD_LEAVE_DAYS)] = 30
    kinds: Annotated[tuple[LeaveKind, ...], Field(min_length=1)] = (LeaveKind.SICK, LeaveKind.PERSONAL)


class WordsRule(BaseModel):
    """Words of an answer that speak of pressure: that a clause has one of the patterns ``present`` and none of
    ``unless``; that the reader of surveys is sure of one of the claims it ``says``; or that a sentence is surely like
    one of ``examples``, not as like to one of ``counterexamples``, and no clause of it has a pattern of ``unless``.
    ``words.WordsRules`` tells.
    """

    model_config = _Config

    id: Slug
    name: LocalizedText
    present: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    unless: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    says: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    examples: Sentences = ()
    counterexamples: Sentences = ()

    @field_validator("present", "unless")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(pattern) for pattern in patterns)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if [bool(self.present), bool(self.says), bool(self.examples)].count(True) != 1:
            raise wrong(PressureDocumentRefusal.WORDS_RULE_ONE_WAY)
        if self.unless and self.says:
            raise wrong(PressureDocumentRefusal.UNLESS_OF_CLAIMS)
        if self.counterexamples and not self.examples:
            raise wrong(PressureDocumentRefusal.COUNTEREXAMPLES_ALONE)
        if self.examples and len(self.examples) < FEWEST_EXAMPLES:
            raise wrong(PressureDocumentRefusal.EXAMPLES_TOO_FEW, fewest=FEWEST_EXAMPLES)
        return self


class SurveyRule(BaseModel):
    """The latest answers, given in this month or the ``months`` before it: a score of ``at_most`` or less to one of
    ``questions`` (empty: to any), or what one of ``words`` says.
    """

    model_config = _Config

    at_most: Annotated[int, Field(ge=0, le=3)] = 2
    questions: tuple[str, ...] = ()
    months: Annotated[int, Field(ge=0, le=3)] = 1
    words: Annotated[tuple[WordsRule, ...], Field(max_length=50)] = ()

    @field_validator("words")
    @classmethod
    def _once(cls, words: tuple[WordsRule, ...]) -> tuple[WordsRule, ...]:
        ids = [rule.id for rule in words]
        twice = next((id_ for place, id_ in enumerate(ids) if id_ in ids[:place]), None)
        if twice:
            raise wrong(PressureDocumentRefusal.WORDS_RULE_REPEATED, twice=twice)
        checked_together(pattern for rule in words for pattern in (*rule.present, *rule.unless))
        return words


class LevelRule(BaseModel):
    """A level: at least ``at_least`` signals, or all of ``all_of``."""

    model_config = _Config

    level: RiskLevel
    at_least: Annotated[int, Field(ge=1, le=4)] | None = None
    all_of: tuple[SignalKind, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.at_least is None) == (not self.all_of):
            raise wrong(PressureDocumentRefusal.LEVEL_SAYS_ONE)
        return self

    def holds(self, kinds: Collection[SignalKind]) -> bool:
        """Whether these signals, each once, make the level."""
        if self.at_least is not None:
            return len(kinds) >= self.at_least
        return set(kinds).issuperset(self.all_of)


class LifecycleRules(BaseModel):
    """What the summary of a life cycle goes by (F2), which says how.

    Capable: at least ``at_least`` of interview, courses and work performance reach their percentage; of work
    performance the latest month told counts, if it is this one or one of the ``months`` - 1 before it. Under too much
    pressure: overtime of the scan's weeks is ``overtime_above_percent`` or more above the company's mean, or an alert
    is open.
    """

    model_config = _Config

    at_least: Annotated[int, Field(ge=1, le=3)] = 2
    interview_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(80)
    course_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(90)
    performance_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(80)
    months: Annotated[int, Field(ge=1, le=12)] = 3
    overtime_above_percent: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)] = Decimal(25)


class RiskPolicy(BaseModel):
    """Thresholds, and which signals together make which level; the first of ``levels`` that holds."""

    model_config = _Config

    hours: HoursRule = HoursRule()
    performance: PerformanceRule = PerformanceRule()
    leave: LeaveRule = LeaveRule()
    survey: SurveyRule = SurveyRule()
    levels: Annotated[tuple[LevelRule, ...], Field(min_length=1, max_length=20)] = (
        LevelRule(level=RiskLevel.RED, at_least=3),
        LevelRule(level=RiskLevel.ORANGE, at_least=2),
        LevelRule(level=RiskLevel.YELLOW, at_least=1),
    )
    lifecycle: LifecycleRules = LifecycleRules()

    @model_validator(mode="after")
    def _every_level_can_hold(self) -> Self:
        signals = list(SignalKind)
        together = [set(some) for count in range(len(signals)) for some in combinations(signals, count + 1)]
        first = {next((rule for rule in self.levels if rule.holds(some)), None) for some in together}
        for place, rule in enumerate(self.levels):
            if rule not in first or rule in self.levels[:place]:
                raise wrong(PressureDocumentRefusal.LEVEL_NEVER_HOLDS, place=place + 1, level=rule.level)
        return self

    def named_claims(self) -> list[tuple[str, str]]:
        """Every claim of the survey lexicon that its rules name, and what names it."""
        return [(f"words rule '{rule.id}'", claim) for rule in self.survey.words for claim in rule.says]


RISK_POLICY: Final = Kind("risk_policy", RiskPolicy, unset=RiskPolicy)
