"""What a changed model or reader would have said over stored interviews, shown before it is stored."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from infra.admin.stored_words import KeptInterview
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.interviews.rules.scoring import Scorer
from rencai.kernel.errors import NotFound
from rencai.store.objects import Bucket

SHOWN: Final = 20
"""Unreadable results that are named on the screen, and rules; all changes go into a file."""
_HOLDS: Final = "holds"
_UNSURE: Final = "unsure"
_HUNDREDTH: Final = Decimal("0.01")
RuleName = tuple[str, str, str]
"""Role, competency and rule."""


class Scores(Protocol):
    """What scores interviews."""

    def scorer(self, role: str, policy: FacialPolicy) -> Scorer:
        """What scores the interviews for a role; raises ``NotFound``."""


@dataclass(frozen=True, slots=True)
class ChangedInterview:
    """An interview whose evidence, score or outcome would be another."""

    candidate_id: str
    vendor: str
    interview_id: str
    before: Decimal | None
    after: Decimal | None
    qualified: bool
    would_qualify: bool


@dataclass(slots=True)
class RuleChange:
    """In how many interviews a rule would hold that did not, would hold no more, and would become unsure."""

    gains: int = 0
    loses: int = 0
    becomes_unsure: int = 0


@dataclass(slots=True)
class InterviewPreview:
    """Interviews scored by the documents as they are and as they would be, one after the other."""

    looked_at: int = 0
    changes: list[ChangedInterview] = field(default_factory=list)
    rules: dict[RuleName, RuleChange] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    unscored: Counter[str] = field(default_factory=Counter)
    """Interviews for a role of which there is no model yet, by role."""
    to_a_person: int = 0
    no_more_to_a_person: int = 0
    moves: int = 0
    moved_by: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)

    def add(self, kept: KeptInterview, before: Profile, after: Profile) -> None:
        """Compare one interview's profiles."""
        self.looked_at += 1
        differs = self._rules(kept.role, before, after)
        if before.overall is not None and after.overall is not None and before.overall != after.overall:
            by = after.overall - before.overall
            self.moves += 1
            self.moved_by += by
            self.largest = max(self.largest, by, key=abs)
        self.to_a_person += before.is_conclusive and not after.is_conclusive
        self.no_more_to_a_person += after.is_conclusive and not before.is_conclusive
        same = ("overall", "qualifies", "coverage", "is_conclusive")
        if differs or any(getattr(before, name) != getattr(after, name) for name in same):
            self.changes.append(
                ChangedInterview(
                    kept.candidate_id,
                    kept.vendor,
                    kept.interview_id,
                    before.overall,
                    after.overall,
                    before.qualifies,
                    after.qualifies,
                )
            )

    @property
    def newly_qualify(self) -> int:
        """How many would reach the pass score and did not."""
        return sum(one.would_qualify and not one.qualified for one in self.changes)

    @property
    def no_longer_qualify(self) -> int:
        """How many would no more."""
        return sum(one.qualified and not one.would_qualify for one in self.changes)

    def _rules(self, role: str, before: Profile, after: Profile) -> bool:
        was, would = _states(before), _states(after)
        differs = False
        for name in was.keys() | would.keys():
            first, then = was.get(name), would.get(name)
            if first == then:
                continue
            differs = True
            change = self.rules.setdefault((role, *name), RuleChange())
            change.gains += then == _HOLDS
            change.loses += first == _HOLDS
            change.becomes_unsure += then == _UNSURE
        return differs


def _states(profile: Profile) -> dict[tuple[str, str], str]:
    """Which rules hold, and which the reader is unsure of."""
    return {
        (competency.id, one.rule): _UNSURE if one.unsure else _HOLDS
        for competency in profile.competencies
        for one in competency.evidence
    }


def compared(
    kept: Sequence[KeptInterview], bucket: Bucket, before: Scores, after: Scores
) -> InterviewPreview:
    """Score interviews by both, one after the other; what cannot be read is counted and named."""
    found = InterviewPreview()
    for one in kept:
        try:
            interview = one.words(bucket)
        except (NotFound, ValueError, KeyError):
            found.unreadable.append(f"{one.vendor}/{one.interview_id}")
            continue
        _score(found, one, interview, before, after)
    return found


def _score(
    found: InterviewPreview, one: KeptInterview, interview: Interview, before: Scores, after: Scores
) -> None:
    try:
        scorers = before.scorer(one.role, one.facial), after.scorer(one.role, one.facial)
    except NotFound:
        found.unscored[one.role] += 1
        return
    found.add(one, *(scorer.profile(interview) for scorer in scorers))


def said(found: InterviewPreview) -> Iterator[str]:
    """The preview in sentences; ids, and nobody's words."""
    if found.unreadable:
        named = ", ".join(found.unreadable[:SHOWN])
        more = f" and {len(found.unreadable) - SHOWN:,} more" if len(found.unreadable) > SHOWN else ""
        yield f"{len(found.unreadable):,} stored interviews cannot be read: {named}{more}"
    for role, count in sorted(found.unscored.items()):
        yield f"{count:,} stored interviews for {role} had nothing to score them by, as it is or by this file"
    if not found.looked_at:
        yield "no stored interview could be looked at: what this file would say cannot be shown"
        return
    changes = found.changes
    yield f"over the {found.looked_at:,} newest stored interviews, without a language model's help:"
    yield f"  {len(changes):,} change"
    for (role, competency, rule), change in _most_first(found.rules)[:SHOWN]:
        yield (
            f"  {role} {competency}/{rule}: holds in {change.gains:,} more, no longer in {change.loses:,}, "
            f"becomes unsure in {change.becomes_unsure:,}"
        )
    if len(found.rules) > SHOWN:
        yield f"  and {len(found.rules) - SHOWN:,} more rules"
    if found.moves:
        mean = (found.moved_by / found.moves).quantize(_HUNDREDTH)
        yield f"  scores: {found.moves:,} move, by {mean:+} on average, the largest by {found.largest:+}"
    yield f"  {found.newly_qualify:,} would newly qualify, {found.no_longer_qualify:,} would no longer"
    if found.to_a_person or found.no_more_to_a_person:
        yield (
            f"  {found.to_a_person:,} more would wait for a person, {found.no_more_to_a_person:,} no longer"
        )
    for one in [one for one in changes if one.qualified != one.would_qualify][:SHOWN]:
        yield f"  {one.candidate_id}: {_score_of(one.before)} -> {_score_of(one.after)}, {_outcome(one)}"
    if changes:
        yield "stored profiles stay as they are; --changes FILE writes every interview that would change"


def _most_first(rules: dict[RuleName, RuleChange]) -> list[tuple[RuleName, RuleChange]]:
    return sorted(
        rules.items(), key=lambda one: (-(one[1].gains + one[1].loses + one[1].becomes_unsure), one[0])
    )


def _score_of(score: Decimal | None) -> str:
    return "not measured" if score is None else str(score)


def _outcome(one: ChangedInterview) -> str:
    return "would qualify" if one.would_qualify else "would no longer qualify"


def write_changes(found: InterviewPreview, file: Path) -> None:
    """Every interview that changes, as CSV: ids, scores ("": not measured) and whether it qualifies, 0 or 1."""
    with file.open("w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(
            ("candidate_id", "vendor", "interview_id", "before", "after", "qualifies", "would_qualify")
        )
        rows.writerows(
            (
                one.candidate_id,
                one.vendor,
                one.interview_id,
                one.before if one.before is not None else "",
                one.after if one.after is not None else "",
                int(one.qualified),
                int(one.would_qualify),
            )
            for one in found.changes
        )
