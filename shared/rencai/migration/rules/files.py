"""A CSV or XLSX file as sheets of rows (F1).

No file is held: a CSV file is read to know its encoding and once row by row (``encodings``, ``csv_rows``); see ``xlsx``
for the other. What a row and a cell may have is in ``limits``, and looked at while they are read. An error file of ours
(``rejected``) reads as what its cells were.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, Final, Literal

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .limits import MAX_COLUMNS, MAX_ROWS
from .rejected import as_meant, is_own, without_end
from .sheet.csv_rows import rows_of
from .sheet.disguised import refuse_disguised
from .sheet.encodings import Written, written_in
from .sheet.source import Sheet, SourceRow
from .taken import Place

LOOKED_AT: Final = 30
"""Rows that hold anything, at the start of a sheet, among which a header is looked for."""

Rows = Iterator[SourceRow]


class HiddenRowsError(Exception):
    """A row that the sheet does not show, and nobody has said whether it counts."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a file: where it is, and what its columns are called; ``width`` is theirs."""

    place: Place
    headers: tuple[str, ...]
    _rows: Callable[[], Rows]

    def rows(self) -> Rows:
        """Each row under the header that holds anything, by its number as a spreadsheet shows it: the first row of the
        file is 1, and a line end within a cell makes no row. A row may have fewer or more cells than the header.

        Raises ``HiddenRowsError``; ``DomainError`` (FILE_TOO_MANY_ROWS; those of ``csv_rows.rows_of`` and
        ``xlsx.sheets_of``).
        """
        count = 0
        for row in self._under_header():
            if row.hidden and self.place.hidden_rows != "read":
                if self.place.hidden_rows is None:
                    raise HiddenRowsError
                continue
            count += 1
            if count > MAX_ROWS:
                raise DomainError(MigrationRefusal.FILE_TOO_MANY_ROWS, limit=MAX_ROWS)
            yield row

    def _under_header(self) -> Rows:
        own = any(map(is_own, self.headers)) and self.place.encoding is not None
        for row in self._rows():
            if row.number >= self.place.first_row and _holds_anything(row):
                yield replace(row, cells=list(map(as_meant, row.cells))) if own else row


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: its sheets that are shown; ``written`` is what a CSV file is written in, and ``read_as``
    reads it as if that were another.
    """

    format: Literal["csv", "xlsx"]
    sheets: tuple[Sheet, ...]
    written: Written | None = None
    read_as: Callable[[str], Sheet] | None = None

    def first_rows(self, sheet: Sheet) -> list[SourceRow]:
        """The first rows of a sheet that hold anything."""
        found: list[SourceRow] = []
        for row in sheet.rows():
            if _holds_anything(row):
                found.append(row)
            if len(found) == LOOKED_AT or row.number > MAX_ROWS:
                break
        return found

    def table(self, place: Place) -> SourceTable:
        """The table at a place; raises ``DomainError`` (FILE_NO_HEADER: there is no such sheet or row;
        FILE_TOO_MANY_COLUMNS).
        """
        sheet = next((one for one in self.sheets if one.name == (place.sheet or "")), None)
        if sheet is None:
            raise DomainError(MigrationRefusal.FILE_NO_HEADER)
        headers = headers_at(place, islice(sheet.rows(), place.first_row + LOOKED_AT))
        if len(headers) > MAX_COLUMNS:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(headers), limit=MAX_COLUMNS)
        if self.format == "csv" and any(map(is_own, headers)):
            headers = tuple(map(as_meant, headers))
        return SourceTable(place, headers, sheet.rows)


def headers_at(place: Place, rows: Rows | Sequence[SourceRow]) -> tuple[str, ...]:
    """What the columns are called by the header at ``place``, of the first rows of its sheet; where it takes two rows,
    what stands in the lower one counts, and else what stands over it. Without a header they have no names.
    """
    if place.header_row == 0:
        return ("",) * max((len(without_end(row.own())) for row in rows), default=0)
    over: dict[int, str] = {}
    for row in rows:
        if place.header_row <= row.number < place.first_row:
            over |= {index: cell.strip() for index, cell in enumerate(row.own()) if cell.strip()}
    return tuple(over.get(index, "") for index in range(max(over, default=-1) + 1))


def open_source(
    name: str, open_: Callable[[], BinaryIO], is_name: Callable[[str], bool], encoding: str | None = None
) -> Source:
    """Look at a file called ``name``; ``open_`` opens it at its start, and is called more than once. ``is_name`` says
    whether a text is what a field is called; ``encoding`` is what somebody says that a CSV file is written in.

    Raises ``DomainError``: those of ``disguised.refuse_disguised``, ``encodings.written_in`` and ``xlsx.sheets_of``.
    """
    with open_() as file:
        head = file.read(4)
    if head == b"PK\x03\x04":
        return _xlsx(open_)
    refuse_disguised(name, open_)
    written = Written(encoding) if encoding else written_in(open_, is_name)

    def read_as(encoding: str) -> Sheet:
        return Sheet("", True, rows_of(open_, encoding, is_name))

    return Source("csv", (read_as(written.encoding),), written, read_as)


def _xlsx(open_: Callable[[], BinaryIO]) -> Source:
    # Its parser costs a cold start, and most files are CSV.
    from .sheet.xlsx import sheets_of

    shown = [one for one in sheets_of(lambda: _read_whole(open_)) if one.visible]
    return Source("xlsx", tuple({one.name: one for one in reversed(shown)}.values())[::-1])


def _read_whole(open_: Callable[[], BinaryIO]) -> BinaryIO:
    """The file, to be read in any order: what comes over the network is held."""
    file = open_()
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())


def _holds_anything(row: SourceRow) -> bool:
    return any(cell.strip() for cell in row.cells)
