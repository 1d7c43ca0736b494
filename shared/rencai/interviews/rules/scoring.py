"""From an interview and a competency model to a candidate profile (候选人画像)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from .findings import ClaimRule, PatternRule, PresentRule, ReadyRule, ready
from .hearing import Heard, Words
from .profile import CompetencyScore, Evidence, FacialPolicy, Profile

if TYPE_CHECKING:
    from rencai.reading.rules.reader import Hears

    from .competency import Competency, CompetencyModel
    from .interview import Interview

_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_COVERED: Final = Decimal("0.0001")


class _Competency:
    """A competency made ready to be scored."""

    __slots__ = ("_base", "_face_counts", "_heard_by_words", "_id", "_weight", "rules")

    def __init__(self, id_: str, competency: Competency, policy: FacialPolicy, reader: Hears | None) -> None:
        self._id = id_
        self._weight = competency.weight
        self._base = competency.base
        self._face_counts = policy is FacialPolicy.USE
        self.rules = [
            ready(
                rule,
                rule.topics or competency.topics,
                counted=self._face_counts or not rule.facial,
                reader=reader,
            )
            for rule in competency.rules
            if not (rule.facial and policy is FacialPolicy.IGNORE)
        ]
        self._heard_by_words = {rule.topics for rule in self.rules if isinstance(rule, PresentRule)}

    def score(self, heard: Heard, idle: Set[ReadyRule]) -> tuple[CompetencyScore, Decimal]:
        """Its score, and the weight that was measured; the rules in ``idle`` have their words in no answer."""
        evidence: list[Evidence] = []
        points = facial_points = unsure = surely = 0
        measured = any(map(heard.spoke_on, self._heard_by_words))
        facial_measured = False
        for rule in self.rules:
            if rule in idle:
                continue
            finding = rule.look(heard)
            if finding is None:
                continue
            if finding and finding.unsure:
                evidence.append(finding)
                unsure += 1
                continue
            if rule.facial:
                facial_measured = self._face_counts
                surely += self._face_counts
            else:
                measured = True
                surely += 1
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
        covered = _ZERO if score is None else self._weight
        if unsure and score is not None:
            surely += sum(rule in idle and heard.spoke_on(rule.topics) for rule in self.rules)
            covered = self._weight * surely / (surely + unsure)
        return CompetencyScore(self._id, self._weight, score, without_face, tuple(evidence)), covered


def _clamp(score: int) -> int:
    return max(0, min(100, score))


def _weighted_mean(scores: Iterable[tuple[Decimal, int | None]]) -> Decimal | None:
    """The mean to hundredths, half up, of what was measured; None of nothing."""
    whole = total = _ZERO
    for weight, score in scores:
        if score is not None:
            whole += weight
            total += weight * score
    return (total / whole).quantize(_CENT, ROUND_HALF_UP) if whole else None


class Scorer:
    """A model version made ready to score: compile once, score many.

    A rule holds when any answer on its topics meets it; the first such answer is the evidence. A rule whose signal or
    transcript is missing is not measured and moves nothing; a competency of which no rule was measured has no score.

    ``reader`` reads each answer once for all rules. What it is unsure of is shown, moves no score, and counts against
    coverage: that of a competency is ``weight x (1 - unsure / measurable)`` (``Profile``). Rules that nobody is sure of
    measure nothing. Without a reader nothing is read, and patterns hold wherever they stand, as they did before there
    was one; raises ``ValueError`` for a model that then says less than it means (claims, ``unless``, examples).
    """

    def __init__(
        self, model: CompetencyModel, version: int, policy: FacialPolicy, reader: Hears | None = None
    ) -> None:
        if reader is None and model.cannot_do_unread:
            raise ValueError(f"the model of {model.role} needs a reader")
        self.model = model
        self.version = version
        self.policy = policy
        self.reader = reader
        self._competencies = [
            _Competency(id_, competency, policy, reader) for id_, competency in model.competencies.items()
        ]
        rules = [rule for competency in self._competencies for rule in competency.rules]
        self._words = Words(
            (rule, pattern) for rule in rules if isinstance(rule, PatternRule) for pattern in rule.patterns
        )
        self._present = [rule for rule in rules if isinstance(rule, PresentRule)]
        self._read = _topics_of(rules)

    def profile(self, interview: Interview) -> Profile:
        """The profile of one interview (A4). Pure but for the reader: the same interview, model and reader give the
        same profile.
        """
        from .interview import content_digest

        model = self.model
        heard = Heard(interview.answers, self._words, self.reader, self._read)
        idle = {rule for rule in self._present if rule not in heard.found}
        both = [competency.score(heard, idle) for competency in self._competencies]
        scores = [score for score, _ in both]
        overall = _weighted_mean([(one.weight, one.score) for one in scores])
        without_facial = _weighted_mean([(one.weight, one.score_without_facial) for one in scores])
        measured = [(one.id, one.score) for one in scores if one.score is not None]
        return Profile(
            role=model.role,
            model_id=model.role,
            model_version=self.version,
            facial_policy=self.policy,
            overall=overall,
            overall_without_facial=without_facial,
            coverage=_coverage([covered for _, covered in both], scores),
            qualifies=overall is not None and overall >= model.pass_score,
            competencies=tuple(scores),
            strengths=tuple([id_ for id_, score in measured if score >= model.strength_at]),
            improve=tuple([id_ for id_, score in measured if score <= model.improve_at]),
            inputs_digest=content_digest(interview),
            pass_score=model.pass_score,
            minimum_coverage=model.minimum_coverage,
            missing=tuple([one.id for one in scores if one.score is None and one.id in model.required]),
            reader=self.reader.version if self.reader else None,
        )


def _coverage(covered: list[Decimal], scores: list[CompetencyScore]) -> Decimal:
    whole = sum(covered, _ZERO)
    # Exact where everything was sure: weights add up to 1.
    if any(one.unsure for score in scores for one in score.evidence):
        return whole.quantize(_COVERED, ROUND_DOWN)
    return whole


def _topics_of(rules: Iterable[ReadyRule]) -> frozenset[str] | None:
    """The topics on which answers are read; None: all."""
    found: set[str] = set()
    for rule in rules:
        if isinstance(rule, ClaimRule):
            if not rule.topics:
                return None
            found.update(rule.topics)
    return frozenset(found)
