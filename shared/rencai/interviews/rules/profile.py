"""The candidate profile (候选人画像), with the evidence of every point."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    # Whoever only looks at profiles need not have what reads words: it costs at cold start.
    from rencai.reading.rules.reader import ReaderVersion

_ZERO: Final = Decimal(0)


class FacialPolicy(StrEnum):
    """What a tenant does with facial-expression signals (A5)."""

    USE = "use"
    SHOW_ONLY = "show_only"
    IGNORE = "ignore"


@dataclass(slots=True)
class Evidence:
    """Why a rule gave its points. ``kind``: ``signal``, ``present``, ``absent``, ``says``, ``unsaid`` or ``examples``.

    ``detail``: signal -> value, thresholds and the question; present -> the quoted span with its offsets into the
    transcript; absent -> the list that was looked for; says and examples -> the span, the claim or the nearest example,
    ``certainty`` (0-1) and ``by`` what it was read; unsaid -> the claims that no answer made, or the span that may make
    one. ``counted`` is false for a point that is shown but not scored.
    """

    rule: str
    points: int
    kind: str
    topic: str
    detail: dict[str, Any]
    facial: bool = False
    counted: bool = True

    @property
    def unsure(self) -> bool:
        """Whether the reader was not sure of it: then it moves no score, and a person may look."""
        return not self.counted and not self.facial


def example_claim(role: str, competency: str, rule: str) -> str:
    """What a rule of examples claims, in the words of no lexicon: ``sales:negotiation:tough``."""
    return f"{role}:{competency}:{rule}"


def claim_of(role: str, competency: str, evidence: Evidence) -> str | None:
    """What was read there: a claim of the lexicon, or that of a rule of examples; None: nothing was read."""
    if evidence.kind == "examples":
        return example_claim(role, competency, evidence.rule)
    claim: str | None = evidence.detail.get("claim")
    return claim


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
    """What the interview shows about a person, and by which version of which model and reader.

    ``overall`` (0-100, two decimals, half up) is the weighted mean of the measured competencies, weights renormalised;
    None when nothing was measured. ``coverage`` (0-1) is the share of the model's weight that was measured: of each
    measured competency ``weight x (1 - unsure / measurable)``, where ``measurable`` are its rules that had anything to
    go by and ``unsure`` those of them that the reader was not sure about; to four decimals, rounded down, where there
    are any. ``minimum_coverage`` is what the model asks for; ``missing`` are the competencies it requires and that were
    not measured. ``qualifies`` says that ``overall`` reaches the pass score, and no more. ``reader`` is None where no
    words were read: the model has no such rules, or was used before there was a reader.
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
    reader: ReaderVersion | None = None

    @property
    def is_conclusive(self) -> bool:
        """Whether enough was measured, and surely enough, to decide by the score alone, either way."""
        return self.coverage >= self.minimum_coverage and not self.missing
