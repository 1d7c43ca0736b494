"""How readers do on the tenant's own judging sentences: the marks that HR has made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from rencai.reading.rules.levels import LevelReading
from rencai.reading.rules.marks import NOT_SAID, RATES_NOTHING, SAID, Judged, Mark, MarkKind


class Verdict(StrEnum):
    """What came out of a marked reading; ``unsure`` is neither right nor wrong, for a person is asked."""

    RIGHT = "right"
    UNSURE = "unsure"
    WRONG = "wrong"


class Said(Protocol):
    """That something is said, surely or not."""

    @property
    def sure(self) -> bool:
        """Whether nobody has to be asked."""


ReadsClaim = Callable[[str, str], Said | None]
"""Whether a text, the first, makes a claim, the second; None: it does not."""


class ReadsLevels(Protocol):
    """What reads mentors' reviews."""

    def read(self, text: str) -> LevelReading | None:
        """What ``text`` comes to."""


@dataclass(slots=True)
class Line:
    """How many marked readings of a claim (or level) there are, and how they come out before and after."""

    marks: int = 0
    before: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    after: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))


@dataclass(frozen=True, slots=True)
class Wrong:
    """A marked reading that does not come out right after; its words are shown only where they are asked for."""

    mark: Mark
    judged: Judged
    before: Verdict
    after: Verdict


@dataclass(slots=True)
class Judgement:
    """What came of all marks, by claim or level."""

    lines: dict[str, Line] = field(default_factory=dict)
    not_right: list[Wrong] = field(default_factory=list)

    @property
    def whole(self) -> Line:
        """All of them together."""
        total = Line()
        for line in self.lines.values():
            total.marks += line.marks
            for verdict in Verdict:
                total.before[verdict] += line.before[verdict]
                total.after[verdict] += line.after[verdict]
        return total


def claims_judged(marks: Iterable[tuple[Mark, Judged]], before: ReadsClaim, after: ReadsClaim) -> Judgement:
    """Marks of claims, read by both."""
    found = Judgement()
    for mark, judged in marks:
        claim = mark.place.parts[-1]
        verdicts = [_of_claim(read(judged.words, claim), mark.right) for read in (before, after)]
        _add(found, claim, mark, judged, *verdicts)
    return found


def levels_judged(marks: Iterable[tuple[Mark, Judged]], before: ReadsLevels, after: ReadsLevels) -> Judgement:
    """Marks of reviews, read by both: a level is right where it is exactly that."""
    found = Judgement()
    for mark, judged in marks:
        verdicts = [_of_level(reader.read(judged.words), mark.right) for reader in (before, after)]
        name = mark.right if mark.right == RATES_NOTHING else f"level {mark.right}"
        _add(found, name, mark, judged, *verdicts)
    return found


def _add(found: Judgement, name: str, mark: Mark, judged: Judged, before: Verdict, after: Verdict) -> None:
    line = found.lines.setdefault(name, Line())
    line.marks += 1
    line.before[before] += 1
    line.after[after] += 1
    if after is not Verdict.RIGHT:
        found.not_right.append(Wrong(mark, judged, before, after))


def _of_claim(found: Said | None, right: str) -> Verdict:
    if found is not None and not found.sure:
        return Verdict.UNSURE
    return Verdict.RIGHT if right == (SAID if found else NOT_SAID) else Verdict.WRONG


def _of_level(reading: LevelReading | None, right: str) -> Verdict:
    if reading is not None and not reading.sure:
        return Verdict.UNSURE
    return Verdict.RIGHT if right == (str(reading.level) if reading else RATES_NOTHING) else Verdict.WRONG


def said(found: Judgement, kind: MarkKind, *, offered: bool, show: bool = False) -> Iterator[str]:
    """A judgement in sentences; words only where ``show``. ``offered``: before and after are two readers."""
    if not found.lines:
        yield f"marks ({kind.value}): there are none"
        return
    sides = "as it is, by this file" if offered else "as it is"
    whole = found.whole
    yield f"marks ({kind.value}): {whole.marks:,}, right / unsure / wrong {sides}:"
    width = max(len("all"), *map(len, found.lines))
    for name, line in (*sorted(found.lines.items()), ("all", whole)):
        counts = (line.before, line.after) if offered else (line.after,)
        told = "   ".join(" / ".join(f"{one[verdict]:,}" for verdict in Verdict) for one in counts)
        yield f"  {name:{width}}  {told}"
    if offered:
        worse = sum(one.before is Verdict.RIGHT for one in found.not_right)
        if worse:
            yield f"{worse:,} that come out right as it is would not by this file"
    if show:
        for one in found.not_right:
            place, right = one.mark.place, one.mark.right
            yield f"{place.owner} {place.reading_id}: right is {right}, comes out {one.after}"
            yield f"  {one.judged.words}" + (f"  ({one.judged.note})" if one.judged.note else "")
