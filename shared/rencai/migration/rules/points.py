"""What a source's points mean (F1): on which scale it scores, and which end of it is the best.

A survey's question is answered from 1 to 5 here, and 1 is the worst. In a file 5 may be a great deal of stress, points
may go to 10, and a grade of 1 may be the best: where the source's mapping does not say, a person is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rencai.kernel.errors import DomainError

from .fields import ImportKind
from .not_read import read_off, shown
from .numbers import number_of
from .refusals import MigrationRefusal
from .scales import USUAL, PointScale, has_scale
from .sheet.source import SourceRow
from .taken import AskedScale, Column

BEST_WHEN_HIGH: Final = frozenset({"score:satisfaction", "score:support", "score:stay"})
"""Questions of which more is better, whoever asks them. Of stress or work it may be worse."""
_OUT_OF: Final = "out_of"
_ENOUGH: Final = 20
"""Answers among which somebody's is the best, where there is a 5 to give."""


def stated(
    kind: ImportKind,
    columns: Sequence[Column],
    asked: Sequence[AskedScale],
    choice: Mapping[str, tuple[Decimal, Decimal]],
    before: Mapping[str, tuple[str, str]],
) -> dict[str, tuple[str, str]]:
    """What a person says of the scales of a file's points, over what was said of it ``before``: worst and best as text,
    by field.

    Raises ``DomainError``: SCALE_FIELD_UNKNOWN; SCALE_WITHOUT_ENDS; SCALE_UNKNOWN for one that was asked, is still
    read, and is not said.
    """
    there = {one.field for one in columns if one.field and has_scale(kind, one.field)}
    for id_ in choice:
        if id_ not in there:
            known = tuple(sorted(filter(None, there)))
            raise DomainError(MigrationRefusal.SCALE_FIELD_UNKNOWN, f"scales.{id_}", field=id_, known=known)
    said = {id_: ends for id_, ends in before.items() if id_ in there}
    for id_, (worst, best) in choice.items():
        if worst == best:
            raise DomainError(MigrationRefusal.SCALE_WITHOUT_ENDS, f"scales.{id_}", points=_text(best))
        said[id_] = _text(worst), _text(best)
    for one in asked:
        if one.field in there and one.field not in said:
            raise DomainError(
                MigrationRefusal.SCALE_UNKNOWN,
                f"scales.{one.field}",
                field=one.field,
                header=one.header,
                lowest=one.lowest,
                highest=one.highest,
            )
    return said


@dataclass
class _Seen:
    column: Column
    lowest: Decimal | None = None
    highest: Decimal | None = None
    parts: bool = False
    count: int = 0

    def see(self, points: Decimal) -> None:
        self.lowest = points if self.lowest is None else min(self.lowest, points)
        self.highest = points if self.highest is None else max(self.highest, points)
        self.parts = self.parts or points != points.to_integral_value()
        self.count += 1


class PointWatch:
    """Sees the rows of a file, and knows in the end of which columns a person has to say what the points mean."""

    def __init__(self, kind: ImportKind, columns: Sequence[Column], stated: Mapping[str, PointScale]) -> None:
        """``stated``: by field, what is known of its scale."""
        self._kind = kind
        # A row that says of how many points it is needs nobody.
        self._out_of = next((one.index for one in columns if one.field == _OUT_OF), None)
        self._seen = [
            _Seen(one)
            for one in columns
            if one.field and has_scale(kind, one.field) and one.field not in stated
        ]

    @property
    def is_awake(self) -> bool:
        """Whether there is a column to look at."""
        return bool(self._seen)

    def see(self, row: SourceRow) -> None:
        """A row goes by."""
        said = self._out_of is not None and shown(_cell(row, self._out_of))
        for one in () if said else self._seen:
            points = number_of(read_off(_cell(row, one.column.index)).removesuffix("分"))
            if points is not None:
                one.see(points)

    def asked(self) -> tuple[AskedScale, ...]:
        """The columns, with the lowest and the highest of their points."""
        return tuple(
            AskedScale(str(one.column.field), one.column.header, _text(one.lowest), _text(one.highest))
            for one in self._seen
            if one.lowest is not None and one.highest is not None and self._in_doubt(one)
        )

    def _in_doubt(self, one: _Seen) -> bool:
        field_id = str(one.column.field)
        lowest, highest = one.lowest or Decimal(0), one.highest or Decimal(0)
        if self._kind is ImportKind.SURVEYS:
            fits = lowest >= 1 and highest <= 5 and not one.parts
            # A file of many without one 5 is more likely of four points than of nobody content.
            return field_id not in BEST_WHEN_HIGH or not fits or (one.count >= _ENOUGH and highest < 5)
        few, most = USUAL[self._kind, field_id]
        return highest <= few or highest > most or lowest < 0


def _cell(row: SourceRow, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _text(points: Decimal | None) -> str:
    return "" if points is None else f"{points.normalize():f}"
