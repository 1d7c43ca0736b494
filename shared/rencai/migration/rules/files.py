"""A CSV or XLSX file as rows of text (F1).

No file is held: a CSV file is read once to know its encoding and once row by row; see ``xlsx`` for the other. What a
row and a cell may have is in ``limits``, and looked at while they are read. An error file of ours (``rejected``) reads
as what its cells were.
"""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, Literal

from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .limits import MAX_CELL, MAX_COLUMNS, MAX_ROW, MAX_ROWS, MAX_WIDTH
from .rejected import UTF8_BOM, as_meant, is_own, without_end
from .source import SourceRow

_BLOCK: Final = 1024 * 1024
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = (",", ";", "\t")

Rows = Iterator[SourceRow]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A file that can be read: its format, its header, and the row that is in."""

    format: Literal["csv", "xlsx"]
    headers: tuple[str, ...]
    header_row: int
    _rows: Callable[[], Rows]

    def rows(self) -> Rows:
        """Each row under the header that holds anything, by its number as a spreadsheet shows it: the first row of the
        file is 1, and a line end within a cell makes no row. A row may have fewer or more cells than the header.

        Raises ``DomainError`` (FILE_TOO_MANY_ROWS, FILE_QUOTE_OPEN, FILE_ROW_TOO_LONG, FILE_CELL_TOO_LONG; those of
        ``xlsx.sheets_of``).
        """
        count = 0
        for row in self._rows():
            if row.number <= self.header_row or not any(cell.strip() for cell in row.cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise DomainError(MigrationRefusal.FILE_TOO_MANY_ROWS, limit=MAX_ROWS)
            yield row


def read_table(name: str, open_: Callable[[], BinaryIO]) -> SourceTable:
    """Look at a file called ``name``; ``open_`` opens it at its start, and is called more than once.

    Raises ``DomainError`` (FILE_NOT_A_TABLE, FILE_OLD_XLS, FILE_PROTECTED, FILE_UTF16, FILE_ENCODING,
    FILE_NO_HEADER, FILE_TOO_MANY_COLUMNS; those of ``xlsx.sheets_of``).
    """
    with open_() as file:
        head = file.read(8)
    if head.startswith(_OLE2):
        # An XLSX with a password is wrapped in the format of the old files.
        old = name.casefold().endswith((".xls", ".xlt", ".et"))
        raise DomainError(MigrationRefusal.FILE_OLD_XLS if old else MigrationRefusal.FILE_PROTECTED)
    if head.startswith(b"PK\x03\x04"):
        return _xlsx(open_)
    return _csv(open_)


def _with_header(format_: Literal["csv", "xlsx"], rows: Callable[[], Rows]) -> SourceTable:
    """The first row that holds anything is the header."""
    for row in rows():
        number, headers = row.number, tuple(cell.strip() for cell in without_end(row.cells))
        # Some spreadsheets say in a row of its own what divides the cells.
        if headers and not (number == 1 and headers[0].casefold() == "sep="):
            if len(headers) > MAX_COLUMNS:
                raise DomainError(
                    MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(headers), limit=MAX_COLUMNS
                )
            if format_ == "csv" and any(map(is_own, headers)):
                return SourceTable(format_, tuple(map(as_meant, headers)), number, lambda: _as_meant(rows()))
            return SourceTable(format_, headers, number, rows)
        if number > MAX_ROWS:
            break
    raise DomainError(MigrationRefusal.FILE_NO_HEADER)


def _as_meant(rows: Rows) -> Rows:
    return (replace(row, cells=[as_meant(cell) for cell in row.cells]) for row in rows)


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(open_: Callable[[], BinaryIO]) -> SourceTable:
    encoding = _encoding(open_)
    delimiter = _delimiter(open_, encoding)

    def rows() -> Rows:
        with open_() as file, io.TextIOWrapper(file, encoding, newline="") as text:
            lines = _Lines(text)
            # Strict: a quotation mark that is never closed would swallow rows up to the next one.
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    raise DomainError(MigrationRefusal.FILE_QUOTE_OPEN, row=lines.row) from None
                longest = max(map(len, cells), default=0)
                if longest > MAX_CELL:
                    raise DomainError(
                        MigrationRefusal.FILE_CELL_TOO_LONG, row=lines.row, size=longest, limit=MAX_CELL
                    )
                if len(cells) > MAX_WIDTH:
                    raise DomainError(
                        MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(cells), limit=MAX_COLUMNS
                    )
                yield SourceRow(lines.row, cells)
                lines.next_row()

    return _with_header("csv", rows)


class _Lines:
    """The lines of a file, a row's at a time: a row may have many, and as many cells in each."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._size = 0
        self.row = 1

    def next_row(self) -> None:
        """The row has come to its end."""
        self.row += 1
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW):
            if len(line) == MAX_ROW:
                raise DomainError(MigrationRefusal.FILE_NOT_A_TABLE)
            self._size += len(line)
            if self._size > MAX_ROW:
                raise DomainError(MigrationRefusal.FILE_ROW_TOO_LONG, row=self.row, limit=MAX_ROW)
            yield line


def _encoding(open_: Callable[[], BinaryIO]) -> str:
    """What a CSV file is written in. All of it is looked at: the first Chinese character may be in the last row."""
    with open_() as file:
        head = file.read(4096)
    if head.startswith(_UTF16_BOMS) or b"\x00" in head:
        raise DomainError(CommonRefusal.FILE_UTF16)
    if head.startswith(UTF8_BOM):
        return "utf-8-sig" if _decodes(open_, "utf-8") else _refuse_encoding()
    return next((one for one in ("utf-8", "gb18030") if _decodes(open_, one)), None) or _refuse_encoding()


def _refuse_encoding() -> str:
    raise DomainError(MigrationRefusal.FILE_ENCODING)


def _decodes(open_: Callable[[], BinaryIO], encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        with open_() as file:
            while block := file.read(_BLOCK):
                # Text has no such character, and GB18030 would let it pass.
                if "\x00" in decoder.decode(block):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(open_: Callable[[], BinaryIO], encoding: str) -> str:
    """What divides the cells: whichever the header has most of, outside quotation marks."""
    with open_() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        header = ""
        while not header.strip(" \r\n,;\t") and (line := text.readline(MAX_ROW)):
            header = line
        # Counted line by line: a quotation mark that is never closed has all of the file behind it.
        marks = header.count('"')
        lines = [header]
        size = len(header)
        while marks % 2 and size < MAX_ROW and (line := text.readline(MAX_ROW)):
            lines.append(line)
            size += len(line)
            marks += line.count('"')
        header = "".join(lines)
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _xlsx(open_: Callable[[], BinaryIO]) -> SourceTable:
    # Its parser costs a cold start, and most files are CSV.
    from .xlsx import sheets_of

    shown = next((sheet for sheet in sheets_of(lambda: _read_whole(open_)) if sheet.visible), None)
    if shown is None:
        raise DomainError(MigrationRefusal.FILE_NO_HEADER)
    return _with_header("xlsx", shown.rows)


def _read_whole(open_: Callable[[], BinaryIO]) -> BinaryIO:
    """The file, to be read in any order: what comes over the network is held."""
    file = open_()
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())
