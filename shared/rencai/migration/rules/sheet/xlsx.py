"""An XLSX file as rows of text, read as it streams: what is in memory is its shared strings and a row (F1).

A text of 32,767 characters may stand in a million cells: what comes of a file is counted while it is read (``limits``),
and ends it there.

Cells come as a person reads them in the sheet (``shown``): 007302, 90%, 2026-11-22. A formula counts as its last value;
one that failed is #N/A, and so is one that nobody has calculated, with a mark that says so. What is merged says in each
of its rows what it says in the first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROW,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    MAX_WIDTH,
)
from rencai.migration.rules.refusals import MigrationRefusal

from .archives import opened, parsed
from .merges import Filled, Merges, area_of, column_of, merges_of, still_filled
from .shown import number_shown, text_shown
from .shown_dates import iso_shown
from .source import FAILED, NO_MARKS, Mark, MarkKind, Sheet, SourceRow
from .workbook import TRUE, Book, unescaped

_LAST_ROW: Final = 1_048_576
_AT: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OF_MANY: Final = ("array", "dataTable")
"""Formulas that one cell has for several."""
_BOOLEAN: Final = Mark(MarkKind.BOOLEAN)
_NO_VALUE: Final = Mark(MarkKind.NO_VALUE)
_MERGED: Final = Mark(MarkKind.MERGED)
_MOST_KNOWN: Final = 20_000
"""Numbers whose text is remembered: a sheet has the same ones again and again."""


def sheets_of(open_: Callable[[], BinaryIO]) -> tuple[Sheet, ...]:
    """The sheets of a workbook in their order. ``open_`` opens the file, which can be read in any order.

    Raises ``DomainError``, here or while one is read: FILE_NOT_A_TABLE, FILE_PROTECTED, FILE_NOT_READABLE,
    FILE_UNPACKS_TOO_LARGE, FILE_TOO_MANY_TEXTS, FILE_TOO_MANY_CELLS, FILE_TOO_MUCH_TEXT, FILE_TOO_MANY_COLUMNS,
    FILE_ROW_TOO_LONG, FILE_CELL_TOO_LONG.
    """
    with open_() as content, opened(content) as archive:
        book = Book.of(archive)

    merges: dict[str, list[int]] = {}

    def rows(path: str) -> Iterator[SourceRow]:
        with open_() as content, opened(content) as archive:
            if path not in merges:
                merges[path] = merges_of(archive, path)
            sheet = _Cells(book, Merges(merges[path]))
            for _ in parsed(archive, path, MAX_UNPACKED_BYTES, sheet.start, sheet.end, sheet.text):
                yield from sheet.taken()

    return tuple(Sheet(one.name, one.visible, partial(rows, one.path)) for one in book.sheets)


# --- the sheet --------------------------------------------------------------------------------------------------------


class _Cells:
    """The rows of a sheet, as its markup tells of them."""

    def __init__(self, book: Book, merges: Merges) -> None:
        self._book = book
        self._merges = merges
        self._filled: list[Filled] = []
        self._rows: list[SourceRow] = []
        self._row = 0
        self._hidden = False
        self._cells: list[str] = []
        self._marks: dict[int, Mark] = {}
        self._column = 0
        self._kind = self._style = ""
        self._formula: str | None = None
        self._valued = False
        self._texts: list[str] = []
        self._collecting = False
        self._long = 0
        self._aloud = False
        self._count = self._size = self._row_size = 0
        self._known: dict[tuple[str, str], tuple[str, Mark | None]] = {}

    def taken(self) -> list[SourceRow]:
        """The rows that have come to their ends since they were taken last."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            at = attributes.get("r")
            self._column = _column(at) if at else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._texts, self._long, self._formula, self._valued = [], 0, None, False
        elif name == "v":
            self._collecting, self._valued = self._kind != "inlineStr", True
        elif name == "t":
            self._collecting = self._kind == "inlineStr" and not self._aloud
        elif name == "f":
            self._formula = attributes.get("ref", "") if attributes.get("t") in _OF_MANY else ""
        elif name == "rPh":
            self._aloud = True
        elif name == "row":
            number = attributes.get("r")
            row = int(number) if number else self._row + 1
            if not self._row < row <= _LAST_ROW:
                raise ValueError(row)
            self._hidden = attributes.get("hidden") in TRUE
            self._row, self._column, self._cells, self._marks, self._row_size = row, 0, [], {}, 0

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._collecting:
            self._long += len(text)
            if self._long > MAX_CELL:
                raise self._too_long(self._long)
            self._texts.append(text)

    def end(self, name: str) -> None:
        """An element has come to its end."""
        if name in ("v", "t"):
            self._collecting = False
        elif name == "rPh":
            self._aloud = False
        elif name == "c":
            self._cell()
        elif name == "row" and self._cells:
            self._fill()
            self._rows.append(SourceRow(self._row, self._cells, self._marks or NO_MARKS, self._hidden))
            self._cells = []

    def _cell(self) -> None:
        calculated = self._texts or (self._kind == "str" and self._valued)
        if self._formula is not None and (self._book.outdated or not calculated):
            # Of a text that is empty, but is there, somebody has calculated that it is.
            self._put(FAILED, _NO_VALUE)
            if self._formula:
                self._filled.append(Filled(area_of(self._formula), FAILED, _NO_VALUE))
        elif self._texts:
            self._put(*self._shown("".join(self._texts)))

    def _put(self, text: str, mark: Mark | None) -> None:
        """The next cell, with those left out before it."""
        empty = self._column - 1 - len(self._cells)
        if empty < 0 or self._row == 0:
            raise ValueError(self._column)
        if self._column > MAX_WIDTH:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=self._column, limit=MAX_COLUMNS)
        self._counted(text, mark, empty + 1)
        if empty:
            self._cells.extend([""] * empty)
        self._cells.append(text)
        if mark:
            self._marks[self._column - 1] = mark

    def _counted(self, text: str, mark: Mark | None, cells: int) -> None:
        if len(text) > MAX_CELL:
            raise self._too_long(len(text))
        size = len(text) + (len(mark.other) if mark else 0)
        self._count += cells
        self._row_size += size
        self._size += size
        if self._count > MAX_CELLS:
            raise DomainError(MigrationRefusal.FILE_TOO_MANY_CELLS, limit=MAX_CELLS)
        if self._row_size > MAX_ROW:
            raise DomainError(MigrationRefusal.FILE_ROW_TOO_LONG, row=self._row, limit=MAX_ROW)
        if self._size > MAX_TEXT:
            raise DomainError(MigrationRefusal.FILE_TOO_MUCH_TEXT, limit=MAX_TEXT)

    def _too_long(self, size: int) -> DomainError:
        return DomainError(MigrationRefusal.FILE_CELL_TOO_LONG, row=self._row, size=size, limit=MAX_CELL)

    # --- what one cell says for several

    def _fill(self) -> None:
        """A merge's value is what each of its rows says; a row that holds nothing else is none. Beyond
        ``MAX_COLUMNS`` no column is read.
        """
        for area in self._merges.beginning(self._row):
            index = area.first_column - 1
            if index < len(self._cells) and self._cells[index].strip():
                self._filled.append(Filled(area, self._cells[index], self._marks.get(index)))
        if not self._filled:
            return
        self._filled = still_filled(self._filled, self._row)
        if any(cell.strip() for cell in self._cells):
            for one in self._filled:
                for column in range(one.area.first_column, min(one.area.last_column, MAX_COLUMNS) + 1):
                    if (self._row, column) != (one.area.first_row, one.area.first_column):
                        self._say(column - 1, one)

    def _say(self, index: int, one: Filled) -> None:
        own = self._cells[index] if index < len(self._cells) else ""
        if one.mark is _NO_VALUE:
            if own.strip():
                return
            mark: Mark | None = _NO_VALUE
        elif own.strip() not in ("", one.text.strip()):
            # It is hidden under the merge.
            mark = Mark(MarkKind.UNSHOWN, own)
        elif index > one.area.first_column - 1:
            mark = _MERGED
        else:
            mark = one.mark
        empty = max(index + 1 - len(self._cells), 0)
        self._counted(one.text, mark, empty)
        self._cells.extend([""] * empty)
        self._cells[index] = one.text
        self._marks.pop(index, None)
        if mark:
            self._marks[index] = mark

    # --- what one cell says

    def _shown(self, content: str) -> tuple[str, Mark | None]:
        """A cell's value as a person reads it in the sheet, and what it is."""
        match self._kind:
            case "s":
                index = int(content)
                if index < 0:
                    raise ValueError(index)
                return self._text(self._book.shared[index])
            case "inlineStr" | "str":
                return self._text(unescaped(content))
            case "b":
                return "TRUE" if content.strip() in TRUE else "FALSE", _BOOLEAN
            case "e":
                return FAILED, None
            case "d":
                return iso_shown(content.strip())
        key = (self._style, content)
        shown = self._known.get(key)
        if shown is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            format_ = self._book.styles.format(self._style)
            shown = number_shown(format_, content, since_1904=self._book.since_1904)
            if len(content) < 32:
                self._known[key] = shown
        return shown

    def _text(self, text: str) -> tuple[str, Mark | None]:
        format_ = self._book.styles.format(self._style)
        return text_shown(format_.text, text) if format_ and format_.text else (text, None)


def _column(at: str) -> int:
    found = _AT.fullmatch(at)
    if not found:
        raise ValueError(at[:20])
    return column_of(found[1])
