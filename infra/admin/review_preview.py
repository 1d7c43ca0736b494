"""What a changed reader or probation policy would have made of stored mentors' reviews, shown before it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from infra.admin.stored_words import KeptReview
from rencai.store.sealed import Vault
from rencai.training.rules.ratings import Rated

Rate = Callable[[str], Rated]
"""What a mentor's words count."""
_UNSURE: Final = "unsure"
_UNREAD: Final = "unread"
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(slots=True)
class ReviewPreview:
    """Reviews rated by the documents as they are and as they would be, one after the other."""

    looked_at: int = 0
    by_person: int = 0
    """Reviews that a person has rated: these stay, whatever reads."""
    changed: list[str] = field(default_factory=list)
    """Whose rating would be another: ``employee/item``."""
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    scored: int = 0
    scored_by: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)

    def add(self, kept: KeptReview, before: Rated, after: Rated) -> None:
        """Compare what one review counts."""
        self.looked_at += 1
        was, would = _named(before), _named(after)
        if was == would:
            return
        self.changed.append(f"{kept.employee_id}/{kept.item_id}")
        self.moves[was, would] += 1
        if before.rating and after.rating:
            by = after.rating.score - before.rating.score
            self.scored += 1
            self.scored_by += by
            self.largest = max(self.largest, by, key=abs)


def _named(rated: Rated) -> str:
    rating = rated.rating
    if rating is None:
        return _UNSURE if rated.reading else _UNREAD
    how = f"rule {rating.rule}" if rating.level is None else f"level {rating.level}"
    return f"{how} ({rating.score})"


def compared(kept: Sequence[KeptReview], vault: Vault, before: Rate, after: Rate) -> ReviewPreview:
    """Rate reviews by both, one after the other. What a person has rated is counted and not opened."""
    found = ReviewPreview()
    for one in kept:
        if one.by_person:
            found.by_person += 1
            continue
        words = one.words(vault)
        found.add(one, before(words), after(words))
    return found


def said(found: ReviewPreview, most: int = 20) -> Iterator[str]:
    """The preview in sentences; ids, and nobody's words."""
    if not found.looked_at:
        yield "no mentor's review that is read is on record: what this file would say of them cannot be shown"
        return
    yield f"over the {found.looked_at:,} newest mentors' reviews that no person has rated:"
    yield f"  {len(found.changed):,} change"
    for (was, would), count in sorted(found.moves.items(), key=lambda one: (-one[1], one[0]))[:most]:
        yield f"  {count:,} from {was} to {would}"
    if found.scored:
        mean = (found.scored_by / found.scored).quantize(_HUNDREDTH)
        yield f"  scores: {found.scored:,} move, by {mean:+} on average, the largest by {found.largest:+}"
    for one in found.changed[:most]:
        yield f"  {one}"
    if len(found.changed) > most:
        yield f"  and {len(found.changed) - most:,} more"
