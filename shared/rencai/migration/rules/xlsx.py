"""An XLSX file as rows of text, read as it streams: what is in memory is its shared strings and a row (F1).

A text of 32,767 characters may stand in a million cells: what comes of a file is counted while it is read (``limits``),
and ends it there.

Numbers come as a person reads them in the sheet (12000, not 12000.0; 90%, not 0.9), dates as 2026-11-22. Texts are as
the sheet has them; a formula counts as its last value, one that failed is #N/A.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError

from .archives import opened, parsed
from .limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROW,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    MAX_WIDTH,
)
from .refusals import MigrationRefusal
from .source import NO_MARKS, Mark, MarkKind, Sheet, SourceRow
from .workbook import Book, unescaped

FAILED: Final = "#N/A"
_LAST_ROW: Final = 1_048_576
_LATEST: Final = 2_958_465
"""31 December 9999, in days as a spreadsheet counts them."""
_AT: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER: Final = Mark(MarkKind.NUMBER)
_DATE: Final = Mark(MarkKind.DATE)
_TIME: Final = Mark(MarkKind.TIME)
_BOOLEAN: Final = Mark(MarkKind.BOOLEAN)


def sheets_of(open_: Callable[[], BinaryIO]) -> tuple[Sheet, ...]:
    """The sheets of a workbook in their order. ``open_`` opens the file, which can be read in any order.

    Raises ``DomainError``, here or while one is read: FILE_NOT_A_TABLE, FILE_PROTECTED, FILE_NOT_READABLE,
    FILE_UNPACKS_TOO_LARGE, FILE_TOO_MANY_TEXTS, FILE_TOO_MANY_CELLS, FILE_TOO_MUCH_TEXT, FILE_TOO_MANY_COLUMNS,
    FILE_ROW_TOO_LONG, FILE_CELL_TOO_LONG.
    """
    with open_() as content, opened(content) as archive:
        book = Book.of(archive)

    def rows(path: str) -> Iterator[SourceRow]:
        with open_() as content, opened(content) as archive:
            sheet = _Cells(book)
            for _ in parsed(archive, path, MAX_UNPACKED_BYTES, sheet.start, sheet.end, sheet.text):
                yield from sheet.taken()

    return tuple(Sheet(one.name, one.visible, partial(rows, one.path)) for one in book.sheets)


# --- the sheet --------------------------------------------------------------------------------------------------------


class _Cells:
    """The rows of a sheet, as its markup tells of them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._rows: list[SourceRow] = []
        self._row = 0
        self._hidden = False
        self._cells: list[str] = []
        self._marks: dict[int, Mark] = {}
        self._column = 0
        self._kind = self._style = ""
        self._texts: list[str] = []
        self._collecting = False
        self._long = 0
        self._aloud = False
        self._count = self._size = self._row_size = 0

    def taken(self) -> list[SourceRow]:
        """The rows that have come to their ends since they were taken last."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            at = attributes.get("r")
            self._column = _column(at) if at else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._texts, self._long = [], 0
        elif name == "v":
            self._collecting = self._kind != "inlineStr"
        elif name == "t":
            self._collecting = self._kind == "inlineStr" and not self._aloud
        elif name == "rPh":
            self._aloud = True
        elif name == "row":
            number = attributes.get("r")
            row = int(number) if number else self._row + 1
            if not self._row < row <= _LAST_ROW:
                raise ValueError(row)
            self._hidden = attributes.get("hidden") in ("1", "true")
            self._row, self._column, self._cells, self._marks, self._row_size = row, 0, [], {}, 0

    def text(self, text: str) -> None:
        if self._collecting:
            self._long += len(text)
            if self._long > MAX_CELL:
                raise self._too_long(self._long)
            self._texts.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._collecting = False
        elif name == "rPh":
            self._aloud = False
        elif name == "c":
            if self._texts:
                self._filled("".join(self._texts))
        elif name == "row" and self._cells:
            self._rows.append(SourceRow(self._row, self._cells, self._marks or NO_MARKS, self._hidden))
            self._cells = []

    def _filled(self, content: str) -> None:
        text, mark = self._shown(content)
        size, empty = len(text), self._column - 1 - len(self._cells)
        if size > MAX_CELL:
            raise self._too_long(size)
        if empty < 0 or self._row == 0:
            raise ValueError(self._column)
        if self._column > MAX_WIDTH:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=self._column, limit=MAX_COLUMNS)
        self._count += empty + 1
        self._row_size += size
        self._size += size
        if self._count > MAX_CELLS:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_CELLS, limit=MAX_CELLS)
        if self._row_size > MAX_ROW:
            raise DomainError(MigrationRefusal.FILE_ROW_TOO_LONG, row=self._row, limit=MAX_ROW)
        if self._size > MAX_TEXT:
            raise DomainError(MigrationRefusal.FILE_TOO_MUCH_TEXT, limit=MAX_TEXT)
        if empty:
            self._cells.extend([""] * empty)
        self._cells.append(text)
        if mark:
            self._marks[self._column - 1] = mark

    def _too_long(self, size: int) -> DomainError:
        return DomainError(MigrationRefusal.FILE_CELL_TOO_LONG, row=self._row, size=size, limit=MAX_CELL)

    def _shown(self, content: str) -> tuple[str, Mark | None]:
        """A cell's value as a person reads it in the sheet, and what it is."""
        match self._kind:
            case "s":
                index = int(content)
                if index < 0:
                    raise ValueError(index)
                return self._book.shared[index], None
            case "inlineStr" | "str":
                return unescaped(content), None
            case "b":
                return "TRUE" if content.strip() in ("1", "true") else "FALSE", _BOOLEAN
            case "e":
                return FAILED, None
            case "d":
                return _moment(datetime.fromisoformat(content.strip()).replace(tzinfo=None)), _DATE
        return self._number(content.strip())

    def _number(self, content: str) -> tuple[str, Mark]:
        number = float(content)
        # A spreadsheet keeps sixteen digits and shows fifteen: 0.3, not 0.30000000000000004.
        shown = Decimal(f"{number:.15g}")
        if self._style in self._book.percent:
            return f"{(shown * 100).normalize():f}%", _NUMBER
        if self._style in self._book.durations:
            minutes, seconds = divmod(round(number * 86_400), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}", _TIME
        if self._style in self._book.dates and 0 <= number <= _LATEST:
            with suppress(OverflowError):
                return self._date(number)
        return f"{shown.normalize():f}", _NUMBER

    def _date(self, number: float) -> tuple[str, Mark]:
        since = timedelta(seconds=round(number * 86_400))
        if number < 1:
            return (self._book.epoch + since).time().isoformat(), _TIME
        # The spreadsheets' calendar has a 29 February 1900.
        early = number < 60 and self._book.epoch.year < 1900
        return _moment(self._book.epoch + since + timedelta(days=early)), _DATE


def _moment(at: datetime) -> str:
    return at.date().isoformat() if at.time() == time() else at.isoformat(" ", "seconds")


def _column(at: str) -> int:
    """The number of a cell's column, from 1.

    >>> _column("AA7")
    27
    """
    found = _AT.fullmatch(at)
    if not found:
        raise ValueError(at[:20])
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number
