"""The rules of a competency made ready to look at what was heard, and what each finds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rencai.kernel.patterns import Patterns
from rencai.reading.rules.examples import Examples, Likeness

from .hearing import Heard, Spot, quoted
from .profile import Evidence

if TYPE_CHECKING:
    from rencai.reading.rules.reader import Hears, Reading

    from .competency import Rule
    from .interview import Answer, Signals

_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "gte": lambda value, threshold: value >= threshold,
    "gt": lambda value, threshold: value > threshold,
    "lte": lambda value, threshold: value <= threshold,
    "lt": lambda value, threshold: value < threshold,
}


Finding: TypeAlias = "Evidence | Literal[False] | None"
"""None when it could not be measured, False when it does not hold, else the evidence; that may be unsure."""


class ReadyRule(ABC):
    """A rule made ready to look at the answers on ``topics``; none: at all of them."""

    __slots__ = ("counted", "facial", "id", "points", "topics")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        self.id = rule.id
        self.points = rule.points
        self.facial = rule.facial
        self.topics = topics
        self.counted = counted

    @abstractmethod
    def look(self, heard: Heard) -> Finding:
        """What it finds."""


# --- signals ----------------------------------------------------------------------------------------------------------


class _SignalRule(ReadyRule):
    __slots__ = ("_checks", "_name", "_thresholds")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        super().__init__(rule, topics, counted=counted)
        self._name = str(rule.when.signal)
        self._thresholds = rule.when.thresholds
        self._checks = [(_COMPARISONS[name], threshold) for name, threshold in self._thresholds.items()]

    def look(self, heard: Heard) -> Finding:
        name, measured = self._name, False
        for answer in heard.to(self.topics):
            value = None if answer.signals is None else _signal_value(answer.signals, name)
            if value is None:
                continue
            measured = True
            for compare, threshold in self._checks:
                if not compare(value, threshold):
                    break
            else:
                detail = {
                    "signal": name,
                    "value": value,
                    "threshold": self._thresholds,
                    "question_id": answer.question_id,
                }
                return Evidence(
                    self.id, self.points, "signal", answer.topic, detail, self.facial, self.counted
                )
        return False if measured else None


def _signal_value(signals: Signals, name: str) -> float | None:
    if name == "pause_seconds":
        return max(signals.pause_seconds, default=0.0) if signals.pause_seconds is not None else None
    value: float | None = getattr(signals, name)
    return value


# --- patterns ---------------------------------------------------------------------------------------------------------


class PatternRule(ReadyRule):
    """One that looks for patterns."""

    __slots__ = ("patterns", "scoped", "unless")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        super().__init__(rule, topics, counted=counted)
        self.patterns = rule.when.present or rule.when.absent
        self.scoped = False
        self.unless: Patterns | None = None


class PresentRule(PatternRule):
    """Holds where an answer has its words and means them; ``scoped`` False: where they stand at all."""

    __slots__ = ()

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool, scoped: bool = True) -> None:
        super().__init__(rule, topics, counted=counted)
        self.scoped = scoped and not rule.when.anywhere
        self.unless = Patterns(rule.when.unless) if rule.when.unless else None

    def look(self, heard: Heard) -> Finding:
        """The first place where they are."""
        spot: Spot | None = heard.found.get(self)
        if spot is None:
            return False if heard.spoke_on(self.topics) else None
        detail = quoted(spot.answer, spot.start, spot.end)
        return Evidence(self.id, self.points, "present", spot.answer.topic, detail)


class _AbsentRule(PatternRule):
    __slots__ = ()

    def look(self, heard: Heard) -> Finding:
        if self in heard.found:
            return False
        spoken = heard.voices_on(self.topics)
        if not spoken:
            return None
        detail = {
            "looked_for": list(self.patterns),
            "question_ids": [voice.answer.question_id for voice in spoken],
        }
        return Evidence(self.id, self.points, "absent", spoken[0].answer.topic, detail)


# --- claims -----------------------------------------------------------------------------------------------------------


class ClaimRule(ReadyRule):
    """One that asks what the reader found."""

    __slots__ = ("_claims", "_kind")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        super().__init__(rule, topics, counted=counted)
        self._claims = rule.when.says or rule.when.unsaid
        self._kind = "says" if rule.when.says else "unsaid"

    def _said(self, heard: Heard) -> tuple[Answer, Reading] | None:
        """The first answer that surely makes one of the claims, else the reading that comes nearest to sure."""
        nearest: tuple[Answer, Reading] | None = None
        for voice in heard.voices_on(self.topics):
            best: Reading | None = None
            for reading in voice.readings:
                if reading.claim in self._claims and (best is None or _rank(reading) > _rank(best)):
                    best = reading
            if best is None:
                continue
            if best.sure:
                return voice.answer, best
            if nearest is None or best.certainty > nearest[1].certainty:
                nearest = voice.answer, best
        return nearest

    def _evidence(self, answer: Answer, reading: Reading, *, counted: bool) -> Evidence:
        detail: dict[str, Any] = {
            "claim": reading.claim,
            **quoted(answer, reading.start, reading.end),
            "certainty": reading.certainty,
            "by": str(reading.by),
        }
        return Evidence(self.id, self.points, self._kind, answer.topic, detail, counted=counted)


def _rank(reading: Reading) -> tuple[bool, float]:
    return reading.sure, reading.certainty


class _SaysRule(ClaimRule):
    __slots__ = ()

    def look(self, heard: Heard) -> Finding:
        said = self._said(heard)
        if said is None:
            return False if heard.spoke_on(self.topics) else None
        return self._evidence(*said, counted=said[1].sure)


class _UnsaidRule(ClaimRule):
    __slots__ = ()

    def look(self, heard: Heard) -> Finding:
        said = self._said(heard)
        if said is not None:
            return False if said[1].sure else self._evidence(*said, counted=False)
        spoken = heard.voices_on(self.topics)
        if not spoken:
            return None
        detail = {
            "claims": list(self._claims),
            "question_ids": [voice.answer.question_id for voice in spoken],
        }
        return Evidence(self.id, self.points, self._kind, spoken[0].answer.topic, detail)


# --- examples ---------------------------------------------------------------------------------------------------------


class _ExamplesRule(ReadyRule):
    __slots__ = ("_examples", "_unless")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool, reader: Hears) -> None:
        super().__init__(rule, topics, counted=counted)
        self._examples = Examples(rule.when.examples, rule.when.counterexamples, reader.parsed)
        self._unless = Patterns(rule.when.unless) if rule.when.unless else None

    def look(self, heard: Heard) -> Finding:
        nearest: tuple[Answer, Likeness] | None = None
        for voice in heard.voices_on(self.topics):
            excused = voice.excused(self._unless) if self._unless else None
            likeness = self._examples.nearest(voice.parsed, excused)
            if likeness is None:
                continue
            if nearest is None or likeness.certainty > nearest[1].certainty:
                nearest = voice.answer, likeness
            if likeness.sure:
                break
        if nearest is None:
            return False if heard.spoke_on(self.topics) else None
        answer, likeness = nearest
        detail = {
            **quoted(answer, likeness.start, likeness.end),
            "certainty": likeness.certainty,
            "by": "examples",
            "example": likeness.example,
            "shared": list(likeness.shared),
        }
        return Evidence(self.id, self.points, "examples", answer.topic, detail, counted=likeness.sure)


# --- made ready -------------------------------------------------------------------------------------------------------


def ready(rule: Rule, topics: Sequence[str], *, counted: bool, reader: Hears | None) -> ReadyRule:
    """The rule, for the answers on ``topics``. Without a reader patterns hold wherever they stand."""
    when, those = rule.when, tuple(topics)
    if when.signal:
        return _SignalRule(rule, those, counted=counted)
    if when.present:
        return PresentRule(rule, those, counted=counted, scoped=reader is not None)
    if when.absent:
        return _AbsentRule(rule, those, counted=counted)
    if reader is not None and when.examples:
        return _ExamplesRule(rule, those, counted=counted, reader=reader)
    kind = _SaysRule if when.says else _UnsaidRule
    return kind(rule, those, counted=counted)
