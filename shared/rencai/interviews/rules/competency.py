"""The competency model (胜任力模型) of a role: what HR edits, and what makes it valid."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rencai.kernel.configuration import Kind
from rencai.kernel.patterns import Pattern, checked, checked_together
from rencai.kernel.texts import LocalizedText, Slug
from rencai.kernel.wording import wrong
from rencai.reading.rules.sentences import FEWEST_EXAMPLES, Sentences

from .profile import example_claim
from .refusals import InterviewDocumentRefusal

FACIAL_SIGNALS: Final = frozenset({"frown_count", "smile_count", "gaze_away_seconds"})
"""Signals read off a face; whether they count is the tenant's policy (A5)."""

Signal = Literal[
    "speech_rate_cps", "pause_seconds", "pitch_variation", "frown_count", "smile_count", "gaze_away_seconds"
]
"""``pause_seconds`` compares with the longest pause of the answer, in seconds."""

Threshold = Annotated[float, Field(allow_inf_nan=False)]


class Condition(BaseModel):
    """Exactly one of a signal with its thresholds, patterns that must be ``present`` or ``absent``, claims that an
    answer ``says`` or that are ``unsaid``, or ``examples`` that an answer is like.

    ``present`` holds where nothing takes the words back - they are not denied, others', wished for or heard of - and no
    clause of the same sentence has a pattern of ``unless``. ``anywhere``: wherever they stand, as words of form do
    (首先). ``absent`` holds when no answer has the words, however meant. Claims are those of the tenant's lexicon for
    interviews: ``says`` holds when an answer surely makes one of them, ``unsaid`` when none does, not even unsurely.
    ``examples`` are three sentences or more of HR's own: it holds when an answer is surely like one of them and not as
    like to one of ``counterexamples``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    signal: Signal | None = None
    gte: Threshold | None = None
    gt: Threshold | None = None
    lte: Threshold | None = None
    lt: Threshold | None = None
    present: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    absent: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    unless: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    anywhere: bool = False
    says: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    unsaid: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    examples: Sentences = ()
    counterexamples: Sentences = ()

    @field_validator("present", "absent", "unless")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(pattern) for pattern in value)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        words = (self.present, self.absent, self.says, self.unsaid, self.examples)
        if [self.signal is not None, *map(bool, words)].count(True) != 1:
            raise wrong(InterviewDocumentRefusal.RULE_ONE_KIND)
        if (self.anywhere and not self.present) or (self.unless and not (self.present or self.examples)):
            raise wrong(InterviewDocumentRefusal.RULE_OF_PRESENT)
        if self.counterexamples and not self.examples:
            raise wrong(InterviewDocumentRefusal.RULE_COUNTEREXAMPLES)
        if self.examples and len(self.examples) < FEWEST_EXAMPLES:
            raise wrong(InterviewDocumentRefusal.RULE_EXAMPLES, fewest=FEWEST_EXAMPLES)
        if (self.signal is not None) != bool(self.thresholds):
            raise wrong(InterviewDocumentRefusal.RULE_THRESHOLDS)
        return self

    @property
    def thresholds(self) -> dict[str, float]:
        """The comparisons set, by operator name: ``{"gte": 3.5}``."""
        named = {"gte": self.gte, "gt": self.gt, "lte": self.lte, "lt": self.lt}
        return {name: value for name, value in named.items() if value is not None}

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that it asks for."""
        return self.says or self.unsaid

    @property
    def cannot_do_unread(self) -> bool:
        """Whether it means nothing where no words are read."""
        return bool(self.claims or self.unless or self.examples)

    @property
    def is_read(self) -> bool:
        """Whether a reader has to look at the words: patterns that are held anywhere need none."""
        return self.cannot_do_unread or (bool(self.present) and not self.anywhere)


class Rule(BaseModel):
    """Adds ``points`` (-100..100) to its competency when its condition holds for an answer on its topics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    when: Condition
    points: Annotated[int, Field(ge=-100, le=100)]
    topics: tuple[Slug, ...] = ()
    """Narrows the competency's topics; empty means all of them."""

    @property
    def facial(self) -> bool:
        """True when the rule reads a face (A5)."""
        return self.when.signal in FACIAL_SIGNALS


class Competency(BaseModel):
    """A weighted dimension: starts at ``base`` (0-100), rules add to it, the result is clamped to 0-100."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: LocalizedText
    weight: Annotated[Decimal, Field(gt=0, le=1)]
    topics: tuple[Slug, ...] = ()
    """Question topics it listens to; empty means every answer."""
    base: Annotated[int, Field(ge=0, le=100)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise wrong(InterviewDocumentRefusal.COMPETENCY_RULE_REPEATED)
        for rule in self.rules:
            if self.topics and not set(rule.topics) <= set(self.topics):
                raise wrong(InterviewDocumentRefusal.RULE_TOPICS, rule=rule.id)
        return self


class CompetencyModel(BaseModel):
    """The model of a role. Stored versions never change: a profile keeps pointing at the one that made it (A2).

    Where less than ``minimum_coverage`` of the weight (0-1) was measured, or a ``required`` competency was not, a
    person decides, whatever the score. A model that says nothing of it asks for half.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Slug
    name: LocalizedText
    pass_score: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(80)
    strength_at: Annotated[int, Field(ge=0, le=100)] = 85
    improve_at: Annotated[int, Field(ge=0, le=100)] = 75
    minimum_coverage: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.5")
    required: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    competencies: Annotated[dict[Slug, Competency], Field(min_length=1, max_length=20)]

    @field_validator("competencies", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if not value:
            raise wrong(InterviewDocumentRefusal.MODEL_EMPTY)
        return value

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum((competency.weight for competency in self.competencies.values()), Decimal(0))
        if total != 1:
            raise wrong(InterviewDocumentRefusal.MODEL_WEIGHTS, total=total)
        if self.improve_at >= self.strength_at:
            raise wrong(InterviewDocumentRefusal.MODEL_BOUNDS)
        unknown = [name for name in self.required if name not in self.competencies]
        if unknown:
            raise wrong(InterviewDocumentRefusal.MODEL_REQUIRES_UNKNOWN, known=unknown)
        if len(set(self.required)) != len(self.required):
            raise wrong(InterviewDocumentRefusal.MODEL_REQUIRES_TWICE)
        patterns = ((*when.present, *when.absent, *when.unless) for when in self.conditions())
        checked_together(pattern for those in patterns for pattern in those)
        return self

    def conditions(self) -> Iterator[Condition]:
        """Of all its rules."""
        for one in self.competencies.values():
            for rule in one.rules:
                yield rule.when

    def named_claims(self) -> Iterator[tuple[str, str]]:
        """What asks for a claim, and the claim."""
        for id_, competency in self.competencies.items():
            for rule in competency.rules:
                for claim in rule.when.claims:
                    yield f"rule '{rule.id}' of {id_}", claim

    def example_claims(self) -> dict[str, Condition]:
        """What its rules of examples claim (``example_claim``), each with its condition."""
        return {
            example_claim(self.role, id_, rule.id): rule.when
            for id_, one in self.competencies.items()
            for rule in one.rules
            if rule.when.examples
        }

    @property
    def is_read(self) -> bool:
        """Whether a reader has to look at the words for it."""
        return any(when.is_read for when in self.conditions())

    @property
    def cannot_do_unread(self) -> bool:
        """Whether a rule of it means nothing where no words are read."""
        return any(when.cannot_do_unread for when in self.conditions())


COMPETENCY_MODEL: Final = Kind("competency_model", CompetencyModel, named_by="role")
