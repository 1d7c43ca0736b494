"""From an interview and a competency model to a candidate profile (候选人画像), with the evidence of every point."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rencai.kernel.patterns import Patterns

if TYPE_CHECKING:
    # Whoever only reads profiles need not build the models that make them: they cost at cold start.
    from .competency import Competency, CompetencyModel, Rule
    from .interview import Answer, Interview, Signals

_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_QUOTE_CONTEXT: Final = 12
"""Characters kept on each side of a quoted match, so that a reader sees what it was said about."""


class FacialPolicy(StrEnum):
    """What a tenant does with facial-expression signals (A5)."""

    USE = "use"
    SHOW_ONLY = "show_only"
    IGNORE = "ignore"


@dataclass(slots=True)
class Evidence:
    """Why a rule gave its points. ``kind`` is ``signal``, ``present`` or ``absent``.

    ``detail``: signal -> value, thresholds and the question; present -> the quoted span with its offsets into the
    transcript; absent -> the list that was looked for. ``counted`` is false for a point that is shown but not scored.
    """

    rule: str
    points: int
    kind: str
    topic: str
    detail: dict[str, Any]
    facial: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    """``score`` and ``score_without_facial`` are 0-100, or None when nothing of it was measured."""

    id: str
    weight: Decimal
    score: int | None
    score_without_facial: int | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What the interview shows about a person, and by which version of which model.

    ``overall`` (0-100, two decimals, half up) is the weighted mean of the measured competencies, weights renormalised;
    None when nothing was measured. ``coverage`` (0-1) is the share of the model's weight that was measured,
    ``minimum_coverage`` what the model asks for; ``missing`` are the competencies it requires and that were not
    measured. ``qualifies`` says that ``overall`` reaches the pass score, and no more.
    """

    role: str
    model_id: str
    model_version: int
    facial_policy: FacialPolicy
    overall: Decimal | None
    overall_without_facial: Decimal | None
    coverage: Decimal
    qualifies: bool
    competencies: tuple[CompetencyScore, ...]
    strengths: tuple[str, ...]
    improve: tuple[str, ...]
    inputs_digest: str
    pass_score: Decimal = field(default=Decimal(80))
    minimum_coverage: Decimal = _ZERO
    missing: tuple[str, ...] = ()

    @property
    def is_conclusive(self) -> bool:
        """Whether enough was measured to decide by the score alone, either way."""
        return self.coverage >= self.minimum_coverage and not self.missing


_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "gte": lambda value, threshold: value >= threshold,
    "gt": lambda value, threshold: value > threshold,
    "lte": lambda value, threshold: value <= threshold,
    "lt": lambda value, threshold: value < threshold,
}


# None when it could not be measured, False when it does not hold, else the evidence.
_Finding: TypeAlias = "Evidence | Literal[False] | None"


class _Found:
    """Where a rule's words were found first: the answer, and the places of the patterns that it has."""

    __slots__ = ("answer", "places")

    def __init__(self, answer: Answer, place: int) -> None:
        self.answer = answer
        self.places = [place]


class _Heard:
    """The answers of an interview, and which rules' words are in them."""

    __slots__ = ("_answers", "_by_topic", "_spoken_on", "found", "words")

    def __init__(self, answers: Sequence[Answer], words: _Words) -> None:
        self.words = words
        self.found: dict[_WordsRule, _Found] = {}
        self._answers = answers
        self._by_topic: dict[str, list[Answer]] = {}
        self._spoken_on: set[str] = set()
        found, rules = self.found, words.rules
        for answer in answers:
            topic, text = answer.topic, answer.transcript
            self._by_topic.setdefault(topic, []).append(answer)
            if _silent(text):
                continue
            self._spoken_on.add(topic)
            for place in words.found_in(text):
                rule = rules[place]
                topics = rule.topics
                if topics and topic not in topics:
                    continue
                known = found.get(rule)
                if known is None:
                    found[rule] = _Found(answer, place)
                elif known.answer is answer:
                    known.places.append(place)
                elif topics and topics.index(topic) < topics.index(known.answer.topic):
                    found[rule] = _Found(answer, place)

    def to(self, topics: Sequence[str]) -> Sequence[Answer]:
        """The answers on ``topics``, in the order of those; none: all of them."""
        if not topics:
            return self._answers
        return [answer for topic in topics for answer in self._by_topic.get(topic, ())]

    def spoke_on(self, topics: Sequence[str]) -> bool:
        """Whether an answer on ``topics`` has words at all."""
        return not self._spoken_on.isdisjoint(topics) if topics else bool(self._spoken_on)


def _silent(transcript: str) -> bool:
    return not transcript or transcript.isspace()


class _Words:
    """The words of all of a model's rules, looked for in one pass over a text."""

    __slots__ = ("first", "found_in", "present", "rules")

    def __init__(self, rules: Iterable[_Rule]) -> None:
        owned = [
            (rule, pattern) for rule in rules if isinstance(rule, _WordsRule) for pattern in rule.patterns
        ]
        patterns = Patterns([pattern for _, pattern in owned])
        self.found_in = patterns.found_in
        self.first = patterns.first
        self.rules = [rule for rule, _ in owned]
        """Whose the pattern at each place is."""
        self.present = frozenset(rule for rule in self.rules if isinstance(rule, _PresentRule))


class _Rule(ABC):
    """A rule made ready to look at the answers on ``topics``; none: at all of them."""

    __slots__ = ("counted", "facial", "id", "points", "topics")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        self.id = rule.id
        self.points = rule.points
        self.facial = rule.facial
        self.topics = topics
        self.counted = counted

    @abstractmethod
    def look(self, heard: _Heard) -> _Finding:
        """What it finds."""


class _SignalRule(_Rule):
    __slots__ = ("_checks", "_name", "_thresholds")

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        super().__init__(rule, topics, counted=counted)
        self._name = str(rule.when.signal)
        self._thresholds = rule.when.thresholds
        self._checks = [(_COMPARISONS[name], threshold) for name, threshold in self._thresholds.items()]

    def look(self, heard: _Heard) -> _Finding:
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


class _WordsRule(_Rule):
    __slots__ = ("patterns",)

    def __init__(self, rule: Rule, topics: tuple[str, ...], *, counted: bool) -> None:
        super().__init__(rule, topics, counted=counted)
        self.patterns = rule.when.present or rule.when.absent


class _PresentRule(_WordsRule):
    __slots__ = ()

    def look(self, heard: _Heard) -> _Finding:
        found = heard.found.get(self)
        if found is None:
            return False if heard.spoke_on(self.topics) else None
        answer = found.answer
        text = answer.transcript
        start, end = heard.words.first(found.places, text)
        detail = {
            "quote": text[start:end],
            "start": start,
            "end": end,
            "context": text[max(0, start - _QUOTE_CONTEXT) : end + _QUOTE_CONTEXT],
            "question_id": answer.question_id,
        }
        return Evidence(self.id, self.points, "present", answer.topic, detail)


class _AbsentRule(_WordsRule):
    __slots__ = ()

    def look(self, heard: _Heard) -> _Finding:
        if self in heard.found:
            return False
        spoken = [answer for answer in heard.to(self.topics) if not _silent(answer.transcript)]
        if not spoken:
            return None
        detail = {
            "looked_for": list(self.patterns),
            "question_ids": [answer.question_id for answer in spoken],
        }
        return Evidence(self.id, self.points, "absent", spoken[0].topic, detail)


def _kind_of(rule: Rule) -> type[_SignalRule | _WordsRule]:
    return _SignalRule if rule.when.signal else _PresentRule if rule.when.present else _AbsentRule


class _Competency:
    """A competency made ready to be scored."""

    __slots__ = ("_base", "_face_counts", "_heard_by_words", "_id", "_weight", "rules")

    def __init__(self, id_: str, competency: Competency, policy: FacialPolicy) -> None:
        self._id = id_
        self._weight = competency.weight
        self._base = competency.base
        self._face_counts = policy is FacialPolicy.USE
        self.rules = [
            _kind_of(rule)(
                rule, rule.topics or competency.topics, counted=self._face_counts or not rule.facial
            )
            for rule in competency.rules
            if not (rule.facial and policy is FacialPolicy.IGNORE)
        ]
        self._heard_by_words = {rule.topics for rule in self.rules if isinstance(rule, _PresentRule)}

    def score(self, heard: _Heard, idle: Set[_Rule]) -> CompetencyScore:
        """Its score; the rules in ``idle`` have their words in no answer."""
        evidence: list[Evidence] = []
        points = facial_points = 0
        measured = any(map(heard.spoke_on, self._heard_by_words))
        facial_measured = False
        for rule in self.rules:
            if rule in idle:
                continue
            finding = rule.look(heard)
            if finding is None:
                continue
            if rule.facial:
                facial_measured = self._face_counts
            else:
                measured = True
            if finding:
                evidence.append(finding)
                if rule.facial:
                    facial_points += rule.points
                else:
                    points += rule.points
        without_face = _clamp(self._base + points) if measured else None
        score = without_face
        if facial_measured:
            score = _clamp(self._base + points + facial_points)
        return CompetencyScore(self._id, self._weight, score, without_face, tuple(evidence))


def _clamp(score: int) -> int:
    return max(0, min(100, score))


def _weighted_mean(scores: Iterable[tuple[Decimal, int | None]]) -> tuple[Decimal | None, Decimal]:
    """The mean to hundredths, half up, of what was measured, and its weight; None of nothing."""
    whole = total = _ZERO
    for weight, score in scores:
        if score is not None:
            whole += weight
            total += weight * score
    return (total / whole).quantize(_CENT, ROUND_HALF_UP) if whole else None, whole


class Scorer:
    """A model version made ready to score: compile once, score many.

    A rule holds when any answer on its topics meets it; the first such answer is the evidence. A rule whose signal or
    transcript is missing is not measured and moves nothing; a competency of which no rule was measured has no score.
    """

    def __init__(self, model: CompetencyModel, version: int, policy: FacialPolicy) -> None:
        self.model = model
        self.version = version
        self.policy = policy
        self._competencies = [
            _Competency(id_, competency, policy) for id_, competency in model.competencies.items()
        ]
        self._words = _Words(rule for competency in self._competencies for rule in competency.rules)

    def profile(self, interview: Interview) -> Profile:
        """The profile of one interview (A4). Pure: the same interview and model give the same profile."""
        from .interview import content_digest

        model = self.model
        heard = _Heard(interview.answers, self._words)
        idle = self._words.present - heard.found.keys()
        scores = [competency.score(heard, idle) for competency in self._competencies]
        overall, coverage = _weighted_mean([(one.weight, one.score) for one in scores])
        without_facial, _ = _weighted_mean([(one.weight, one.score_without_facial) for one in scores])
        measured = [(one.id, one.score) for one in scores if one.score is not None]
        return Profile(
            role=model.role,
            model_id=model.role,
            model_version=self.version,
            facial_policy=self.policy,
            overall=overall,
            overall_without_facial=without_facial,
            coverage=coverage,
            qualifies=overall is not None and overall >= model.pass_score,
            competencies=tuple(scores),
            strengths=tuple([id_ for id_, score in measured if score >= model.strength_at]),
            improve=tuple([id_ for id_, score in measured if score <= model.improve_at]),
            inputs_digest=content_digest(interview),
            pass_score=model.pass_score,
            minimum_coverage=model.minimum_coverage,
            missing=tuple([one.id for one in scores if one.score is None and one.id in model.required]),
        )
