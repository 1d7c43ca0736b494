"""From an interview and a competency model to a candidate profile (候选人画像), with the evidence of every point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    # Whoever only reads profiles need not build the models that make them: they cost at cold start.
    from .competency import Competency, CompetencyModel, Condition, Rule
    from .interview import Answer, Interview, Signals

_CENT: Final = Decimal("0.01")
_QUOTE_CONTEXT: Final = 12
"""Characters kept on each side of a quoted match, so that a reader sees what it was said about."""


class FacialPolicy(StrEnum):
    """What a tenant does with facial-expression signals (A5)."""

    USE = "use"
    SHOW_ONLY = "show_only"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
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
    None when nothing was measured. ``coverage`` (0-1) is the share of the model's weight that was measured.
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


_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "gte": lambda value, threshold: value >= threshold,
    "gt": lambda value, threshold: value > threshold,
    "lte": lambda value, threshold: value <= threshold,
    "lt": lambda value, threshold: value < threshold,
}

# None: the rule could not be measured. (): measured, and it does not hold. (topic, detail): it holds.
_Finding = tuple[str, dict[str, Any]] | tuple[()] | None
_Look: TypeAlias = "Callable[[Sequence[Answer]], _Finding]"


def _signal_value(signals: Signals, name: str) -> float | None:
    if name == "pause_seconds":
        return max(signals.pause_seconds, default=0.0) if signals.pause_seconds is not None else None
    value: float | None = getattr(signals, name)
    return value


def _look_for_signal(condition: Condition) -> _Look:
    name = str(condition.signal)
    thresholds = condition.thresholds
    checks = tuple((_COMPARISONS[operator], threshold) for operator, threshold in thresholds.items())

    def look(answers: Sequence[Answer]) -> _Finding:
        measured = False
        for answer in answers:
            if answer.signals is None:
                continue
            value = _signal_value(answer.signals, name)
            if value is None:
                continue
            measured = True
            if all(compare(value, threshold) for compare, threshold in checks):
                return answer.topic, {
                    "signal": name,
                    "value": value,
                    "threshold": thresholds,
                    "question_id": answer.question_id,
                }
        return () if measured else None

    return look


def _silent(transcript: str) -> bool:
    return not transcript or transcript.isspace()


def _look_for_words(patterns: Sequence[str]) -> Callable[[str], re.Match[str] | None]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)).search


def _look_for_presence(patterns: Sequence[str]) -> _Look:
    search = _look_for_words(patterns)

    def look(answers: Sequence[Answer]) -> _Finding:
        measured = False
        for answer in answers:
            text = answer.transcript
            if _silent(text):
                continue
            measured = True
            match = search(text)
            if match:
                start, end = match.span()
                return answer.topic, {
                    "quote": match.group(),
                    "start": start,
                    "end": end,
                    "context": text[max(0, start - _QUOTE_CONTEXT) : end + _QUOTE_CONTEXT],
                    "question_id": answer.question_id,
                }
        return () if measured else None

    return look


def _look_for_absence(patterns: Sequence[str]) -> _Look:
    search = _look_for_words(patterns)
    looked_for = list(patterns)

    def look(answers: Sequence[Answer]) -> _Finding:
        spoken = [answer for answer in answers if not _silent(answer.transcript)]
        if not spoken:
            return None
        if any(search(answer.transcript) for answer in spoken):
            return ()
        return spoken[0].topic, {
            "looked_for": looked_for,
            "question_ids": [answer.question_id for answer in spoken],
        }

    return look


def _kind_and_look(condition: Condition) -> tuple[str, _Look]:
    if condition.signal is not None:
        return "signal", _look_for_signal(condition)
    if condition.present:
        return "present", _look_for_presence(condition.present)
    return "absent", _look_for_absence(condition.absent)


class _CompiledRule:
    """A rule with its patterns compiled and its topics resolved."""

    __slots__ = ("facial", "id", "kind", "look", "points", "topics")

    def __init__(self, rule: Rule, competency: Competency) -> None:
        self.id = rule.id
        self.points = rule.points
        self.facial = rule.facial
        self.topics = tuple(rule.topics or competency.topics)
        self.kind, self.look = _kind_and_look(rule.when)


def _clamp(score: int) -> int:
    return max(0, min(100, score))


def _weighted_mean(scores: Iterable[tuple[Decimal, int | None]]) -> Decimal | None:
    measured = [(weight, score) for weight, score in scores if score is not None]
    if not measured:
        return None
    total = sum((weight for weight, _ in measured), Decimal(0))
    mean = sum((weight * score for weight, score in measured), Decimal(0)) / total
    return mean.quantize(_CENT, ROUND_HALF_UP)


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
            (id_, competency, [_CompiledRule(rule, competency) for rule in competency.rules])
            for id_, competency in model.competencies.items()
        ]

    def profile(self, interview: Interview) -> Profile:
        """The profile of one interview (A4). Pure: the same interview and model give the same profile."""
        from .interview import content_digest

        by_topic: dict[str, list[Answer]] = {}
        for answer in interview.answers:
            by_topic.setdefault(answer.topic, []).append(answer)
        scores = [
            self._score(id_, competency, rules, interview.answers, by_topic)
            for id_, competency, rules in self._competencies
        ]
        overall = _weighted_mean((score.weight, score.score) for score in scores)
        measured = [score for score in scores if score.score is not None]
        model = self.model
        return Profile(
            role=model.role,
            model_id=model.role,
            model_version=self.version,
            facial_policy=self.policy,
            overall=overall,
            overall_without_facial=_weighted_mean(
                (score.weight, score.score_without_facial) for score in scores
            ),
            coverage=sum((score.weight for score in measured), Decimal(0)),
            qualifies=overall is not None and overall >= model.pass_score,
            competencies=tuple(scores),
            strengths=tuple(s.id for s in measured if s.score is not None and s.score >= model.strength_at),
            improve=tuple(s.id for s in measured if s.score is not None and s.score <= model.improve_at),
            inputs_digest=content_digest(interview),
            pass_score=model.pass_score,
        )

    def _score(
        self,
        id_: str,
        competency: Competency,
        rules: Sequence[_CompiledRule],
        everything: Sequence[Answer],
        by_topic: dict[str, list[Answer]],
    ) -> CompetencyScore:
        face_counts = self.policy is FacialPolicy.USE
        evidence: list[Evidence] = []
        points = facial_points = 0
        measured = measured_without_face = False
        for rule in rules:
            if rule.facial and self.policy is FacialPolicy.IGNORE:
                continue
            answers = (
                [answer for topic in rule.topics for answer in by_topic.get(topic, ())]
                if rule.topics
                else everything
            )
            finding = rule.look(answers) if answers else None
            if finding is None:
                continue
            if rule.facial:
                measured = measured or face_counts
            else:
                measured = measured_without_face = True
            if not finding:
                continue
            topic, detail = finding
            if rule.facial:
                facial_points += rule.points
            else:
                points += rule.points
            counted = face_counts or not rule.facial
            evidence.append(Evidence(rule.id, rule.points, rule.kind, topic, detail, rule.facial, counted))
        without_face = _clamp(competency.base + points) if measured_without_face else None
        score: int | None = without_face
        if face_counts and measured:
            score = _clamp(competency.base + points + facial_points)
        return CompetencyScore(id_, competency.weight, score, without_face, tuple(evidence))
