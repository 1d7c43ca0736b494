"""The competency model (胜任力模型) of a role: what HR edits, and what makes it valid."""

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

FACIAL_SIGNALS: Final = frozenset({"frown_count", "smile_count", "gaze_away_seconds"})
"""Signals read off a face; whether they count is the tenant's policy (A5)."""

Signal = Literal[
    "speech_rate_cps", "pause_seconds", "pitch_variation", "frown_count", "smile_count", "gaze_away_seconds"
]
"""``pause_seconds`` compares with the longest pause of the answer, in seconds."""

MOST_WAYS: Final = 2000
"""Ways in which a pattern may try to match at one place of a transcript: what its work is bounded by."""

_TOKEN: Final = re.compile(
    r"""(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<back>\\[1-9])
      | (?P<escaped>\\.)
      | (?P<extension>\(\?(?!:))
      | (?P<unbounded>[*+]|\{\d*,\})
      | (?P<bounded>\{(?P<least>\d*),(?P<most>\d+)\})
      | (?P<exact>\{\d+\})
      | (?P<optional>\?)
      | (?P<open>\((?:\?:)?)
      | (?P<close>\))
      | (?P<either>\|)
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


def bounded_regex(pattern: str) -> str:
    """A regular expression that cannot backtrack for ever on a 20,000-character transcript.

    HR edits these without a deploy, so what repeats without a bound, repeated groups, back references and
    look-arounds are refused, and so is a pattern whose bounded gaps and alternatives multiply to too many ways.
    """
    ways = _ways(pattern)
    if ways > MOST_WAYS:
        raise ValueError(
            f"pattern {pattern!r}: its gaps and alternatives can combine in {ways} ways, at most {MOST_WAYS} are "
            "accepted; use shorter gaps"
        )
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} is not a regular expression: {error}") from None
    if compiled.search(""):
        raise ValueError(f"pattern {pattern!r} matches nothing at all, so it would always hold")
    return pattern


def _ways(pattern: str) -> int:
    """No fewer than the ways in which ``pattern`` can be tried at one place: the product of the widths of its gaps
    and the numbers of its alternatives.
    """
    ways = 1
    alternatives = [1]
    previous = None
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind in ("back", "extension") or (
            previous == "close" and kind in ("unbounded", "bounded", "exact")
        ):
            raise ValueError(
                f"pattern {pattern!r}: repeated groups, back references and look-arounds are not accepted"
            )
        if kind == "unbounded":
            raise ValueError(
                f"pattern {pattern!r}: *, + and {{n,}} have no bound; use a bounded gap such as .{{0,8}}"
            )
        if kind == "bounded":
            ways *= max(1, int(token["most"]) - int(token["least"] or 0) + 1)
        elif kind == "optional":
            ways *= 2
        elif kind == "open":
            alternatives.append(1)
        elif kind == "either":
            alternatives[-1] += 1
        elif kind == "close" and len(alternatives) > 1:
            ways *= alternatives.pop()
        previous = kind
    for left in alternatives:
        ways *= left
    return ways


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Threshold = Annotated[float, Field(allow_inf_nan=False)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class LocalizedText(BaseModel):
    """The same words for both audiences; Chinese is what users see first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    zh_cn: str = Field(alias="zh-CN", min_length=1)
    en: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The words in ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.zh_cn if language.lower().startswith("zh") else self.en


class Condition(BaseModel):
    """Exactly one of a signal with its thresholds, words that must be present, words that must be absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signal: Signal | None = None
    gte: Threshold | None = None
    gt: Threshold | None = None
    lte: Threshold | None = None
    lt: Threshold | None = None
    present: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()
    absent: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()

    @field_validator("present", "absent")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(bounded_regex(pattern) for pattern in value)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.signal is not None, bool(self.present), bool(self.absent)]
        if kinds.count(True) != 1:
            raise ValueError("a rule has exactly one of signal, present, absent")
        if (self.signal is not None) != bool(self.thresholds):
            raise ValueError("gte, gt, lte and lt go with a signal, and a signal needs at least one of them")
        return self

    @property
    def thresholds(self) -> dict[str, float]:
        """The comparisons set, by operator name: ``{"gte": 3.5}``."""
        named = {"gte": self.gte, "gt": self.gt, "lte": self.lte, "lt": self.lt}
        return {name: value for name, value in named.items() if value is not None}


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
            raise ValueError("rule ids repeat within the competency")
        for rule in self.rules:
            if self.topics and not set(rule.topics) <= set(self.topics):
                raise ValueError(f"rule {rule.id}: its topics are not among the competency's")
        return self


class CompetencyModel(BaseModel):
    """The model of a role. Stored versions never change: a profile keeps pointing at the one that made it (A2)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Slug
    name: LocalizedText
    pass_score: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(80)
    strength_at: Annotated[int, Field(ge=0, le=100)] = 85
    improve_at: Annotated[int, Field(ge=0, le=100)] = 75
    competencies: Annotated[dict[Slug, Competency], Field(min_length=1, max_length=20)]

    @field_validator("competencies", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if not value:
            raise ValueError("a model needs at least one competency")
        return value

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum((competency.weight for competency in self.competencies.values()), Decimal(0))
        if total != 1:
            raise ValueError(f"the weights add up to {total}, not to 1")
        if self.improve_at >= self.strength_at:
            raise ValueError("improve_at must be below strength_at")
        return self
