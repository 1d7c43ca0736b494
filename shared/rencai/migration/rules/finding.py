"""Where the table is in a file, and what its columns are: under a title and notes, behind a sheet of instructions,
under a header of two rows (F1).

The header is the row that has most of what the kind's fields are called. Where that leaves a doubt - two sheets have
one, a column's name is only close, the encoding is a guess - a person is shown what there is, and says. A file in which
nobody could find a table is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from rencai.kernel.errors import DomainError
from rencai.kernel.terms import Said
from rencai.migration.rules.refusals import MigrationRefusal

from .columns import guess, needs_confirmation
from .fields import WHO, ImportKind
from .files import LOOKED_AT, Source, headers_at
from .import_mapping import ImportMapping, field_of, known_names
from .limits import MAX_COLUMNS
from .look import Look, ShownSheet
from .names import compact
from .no_record import no_record
from .rejected import as_meant, is_own
from .sheet.source import Sheet, SourceRow
from .taken import Column, Doubt, Place, letter, missing

MAX_HEADER: Final = 200
"""Characters of a column's name."""
MAX_SHEETS: Final = 60
"""Sheets that are looked at, and shown: a month has one for every day."""
_FEW_SHEETS: Final = 8
_SHOWN_OF_MANY: Final = 10
"""Rows that are shown of each of more than a few sheets."""
_SHOWN_CELLS: Final = 30
_SHOWN_CHARACTERS: Final = 40
_SAMPLES: Final = 3
_WHO: Final = frozenset(one.id for one in WHO)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a file's table is, as far as the file says; ``doubts`` are the parts of it that a person has to confirm."""

    place: Place
    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a header fits a kind."""

    place: Place
    columns: tuple[Column, ...]
    lacks: tuple[str, ...]
    width: int
    followed: bool

    @property
    def exact(self) -> int:
        return sum(one.how == "exact" for one in self.columns)

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        guessed = sum(one.how == "guessed" for one in self.columns)
        return not self.lacks, self.followed, self.exact, guessed


def find(source: Source, kind: ImportKind, mapping: ImportMapping, said: Place | None = None) -> Found:
    """Where the table is; ``said`` is where a person says it is, and what its text is written in.

    Raises ``DomainError``: FILE_NO_HEADER for an empty file, FILE_NO_TABLE where no row could be the header of what a
    file of this kind cannot go without, FILE_TOO_MANY_COLUMNS, FILE_HEADER_TOO_LONG.
    """
    sheets = source.sheets[:MAX_SHEETS]
    firsts = {sheet.name: source.first_rows(sheet) for sheet in sheets}
    if not any(firsts.values()):
        raise DomainError(MigrationRefusal.FILE_NO_HEADER)
    finder = _Finder(source, kind, mapping)
    fits = [fit for sheet in sheets for fit in finder.fits(sheet, firsts[sheet.name])]
    if said:
        best = finder.fit(said, firsts.get(said.sheet or "", []))
        doubts: tuple[Doubt, ...] = ()
    else:
        if not fits:
            raise finder.refused()
        best = max(fits, key=lambda fit: fit.rank)
        if finder.refusals and not best.exact:
            raise finder.refused()
        rivals = {
            fit.place.sheet for fit in fits if fit.rank[:2] == (True, True) and 2 * fit.exact >= best.exact
        }
        unsure = source.written is not None and not source.written.sure
        doubts = ("encoding",) if unsure else ()
        doubts = (*doubts, "sheet") if len(rivals) > 1 else doubts
    rows = firsts.get(best.place.sheet or "", [])
    if needs_confirmation(kind, best.columns) or _goes_on(best, rows):
        doubts = (*doubts, "columns")
    samples = tuple(_values(rows, column.index, best.place) for column in best.columns)
    size = LOOKED_AT if len(sheets) <= _FEW_SHEETS else _SHOWN_OF_MANY
    shown = tuple(_shown(sheet, firsts[sheet.name], fits, size) for sheet in sheets)
    return Found(best.place, best.columns, doubts, Look(shown, samples, _readings(source)))


@dataclass
class _Finder:
    """Looks for the headers of a kind; ``refusals`` are of rows that could be one but for their size."""

    source: Source
    kind: ImportKind
    mapping: ImportMapping
    refusals: list[DomainError] = field(default_factory=list)

    def fits(self, sheet: Sheet, rows: Sequence[SourceRow]) -> Iterator[_Fit]:
        """What could be the header of a sheet: each of its first rows, and two together where neither does alone."""
        needed = len(missing(self.kind, ()))
        shown = [row for row in rows if not row.hidden] or list(rows)
        alone: list[_Fit | None] = []
        for row in shown:
            fit = self._possible(self._place(sheet, row.number), rows)
            alone.append(fit)
            if fit and fit.width >= needed:
                yield fit
        for upper, lower, row in zip(alone, alone[1:], shown, strict=False):
            if upper and lower and upper.lacks and lower.lacks and upper.exact and lower.exact:
                both = self._possible(replace(self._place(sheet, row.number), header_rows=2), rows)
                if both and not both.lacks and lower.place.header_row == row.number + 1:
                    yield both

    def fit(self, place: Place, rows: Sequence[SourceRow]) -> _Fit:
        """How well the header at a place fits, of a sheet's first rows."""
        headers = headers_at(place, rows)
        if len(headers) > MAX_COLUMNS:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(headers), limit=MAX_COLUMNS)
        for index, header in enumerate(headers):
            if len(header) > MAX_HEADER:
                raise DomainError(
                    MigrationRefusal.FILE_HEADER_TOO_LONG,
                    column=letter(index),
                    size=len(header),
                    limit=MAX_HEADER,
                )
        if place.encoding is not None and any(map(is_own, headers)):
            headers = tuple(map(as_meant, headers))
        columns = guess(self.kind, headers, self.mapping)
        followed = any(row.number >= place.first_row for row in rows)
        return _Fit(place, columns, missing(self.kind, columns), sum(map(bool, headers)), followed)

    def refused(self) -> DomainError:
        """Why a file has no table."""
        if self.refusals:
            return self.refusals[0]
        fields = [field_of(self.kind, id_, self.mapping) for id_ in missing(self.kind, ())]
        return DomainError(
            MigrationRefusal.FILE_NO_TABLE,
            needed=Said(
                "、".join(f"“{one.zh}”" for one in fields if one), ", ".join(one.en for one in fields if one)
            ),
            rows=LOOKED_AT,
        )

    def _possible(self, place: Place, rows: Sequence[SourceRow]) -> _Fit | None:
        try:
            return self.fit(place, rows)
        except DomainError as error:
            # A long note is no header; a row of many cells may be.
            if len(list(filter(None, headers_at(place, rows)))) >= max(2, len(missing(self.kind, ()))):
                self.refusals.append(error)
            return None

    def _place(self, sheet: Sheet, row: int) -> Place:
        written = self.source.written
        return Place(written.encoding if written else None, sheet.name if written is None else None, row)


def is_name(kind: ImportKind, mapping: ImportMapping) -> Callable[[str], bool]:
    """Whether a text is what a field of this kind is called."""
    names = known_names(kind, mapping)
    return lambda text: compact(text) in names


def _goes_on(fit: _Fit, rows: Sequence[SourceRow]) -> bool:
    """Whether the row under a header looks like more of it: nothing under who it is about, and words under the rest."""
    under = next((row for row in rows if row.number == fit.place.first_row and not row.hidden), None)
    if under is None or not fit.place.header_row:
        return False
    who = {one.index for one in fit.columns if one.field in _WHO}
    over = {one.index: one.header for one in fit.columns}
    # What is merged over both rows is said by the upper one.
    filled = {
        index: cell for index, cell in enumerate(under.cells) if cell.strip() not in ("", over.get(index))
    }
    words = all(not any(map(str.isdecimal, cell)) for cell in filled.values())
    return len(filled) > 1 and words and not who & filled.keys() and no_record(under, fit.columns) is None


def _values(rows: Sequence[SourceRow], index: int, place: Place) -> tuple[str, ...]:
    """The first values of a column."""
    under = (row.cells for row in rows if row.number >= place.first_row)
    values = (_cut(cells[index]) for cells in under if index < len(cells) and cells[index].strip())
    return tuple(islice(values, _SAMPLES))


def _shown(sheet: Sheet, rows: Sequence[SourceRow], fits: Sequence[_Fit], size: int) -> ShownSheet:
    own = [fit for fit in fits if (fit.place.sheet or "") == sheet.name]
    place = (
        max(own, key=lambda fit: fit.rank).place if own else Place(header_row=rows[0].number if rows else 1)
    )
    return ShownSheet(sheet.name, tuple(map(_shown_row, rows[:size])), place.header_row, place.header_rows)


def _shown_row(row: SourceRow) -> tuple[int, tuple[str, ...]]:
    return row.number, tuple(map(_cut, row.own()[:_SHOWN_CELLS]))


def _readings(source: Source) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a file may be written in, where that is a guess, and some of its texts as they read then."""
    written = source.written
    if written is None or written.sure or source.read_as is None:
        return ()
    found = []
    for encoding in (written.encoding, *written.others):
        cells = (cell for row in source.first_rows(source.read_as(encoding)) for cell in row.cells)
        telling = dict.fromkeys(_cut(cell) for cell in cells if not cell.isascii())
        found.append((encoding, tuple(islice(telling, _SAMPLES))))
    return tuple(found)


def _cut(cell: str) -> str:
    one = " ".join(cell.split())
    return one if len(one) <= _SHOWN_CHARACTERS else f"{one[: _SHOWN_CHARACTERS - 1]}…"
