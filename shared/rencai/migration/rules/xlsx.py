"""An XLSX file as rows of text, read as it streams: what is in memory is its shared strings and a row (F1).

A text of 32,767 characters may stand in a million cells: what comes of a file is counted while it is read (``limits``),
and ends it there.

Numbers come as a person reads them in the sheet (12000, not 12000.0; 90%, not 0.9), dates as 2026-11-22. Texts are as
the sheet has them; a formula counts as its last value, one that failed is #N/A.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError

from .archives import odd, opened, parsed, part_of, read_whole
from .limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_ROW,
    MAX_SHARED_CHARACTERS,
    MAX_SHARED_STRINGS,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    MAX_WIDTH,
)
from .refusals import MigrationRefusal

FAILED: Final = "#N/A"
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_SHARED: Final = "xl/sharedstrings.xml"
_LAST_ROW: Final = 1_048_576
_LATEST: Final = 2_958_465
"""31 December 9999, in days as a spreadsheet counts them."""
_AT: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
"""What a number format has in quotation marks is shown as it is; after _ and * comes a width and a filling."""
_IN_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_OF_A_DATE: Final = re.compile("[dmyhs]", re.IGNORECASE)
_PERCENT: Final = frozenset((9, 10))
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_DURATION: Final = 46
"""The number formats that every workbook has, by what they show."""


def rows_of(open_: Callable[[], BinaryIO]) -> Callable[[], Iterator[tuple[int, list[str]]]]:
    """What reads the first sheet that is shown, from its start each time: the number of each row that holds anything,
    and its cells from the first column on. ``open_`` opens the file, which can be read in any order.

    Raises ``DomainError``, here or while it is read: FILE_NOT_A_TABLE, FILE_PROTECTED, FILE_NOT_READABLE,
    FILE_NO_HEADER, FILE_UNPACKS_TOO_LARGE, FILE_TOO_MANY_TEXTS, FILE_TOO_MANY_CELLS, FILE_TOO_MUCH_TEXT,
    FILE_TOO_MANY_COLUMNS, FILE_ROW_TOO_LONG, FILE_CELL_TOO_LONG.
    """
    with open_() as content, opened(content) as archive:
        book = _Book.of(archive)

    def rows() -> Iterator[tuple[int, list[str]]]:
        with open_() as content, opened(content) as archive:
            sheet = _Sheet(book)
            for _ in parsed(archive, book.path, MAX_UNPACKED_BYTES, sheet.start, sheet.end, sheet.text):
                yield from sheet.taken()

    return rows


# --- what the workbook says of its sheet ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    """Where the sheet is, the texts its cells refer to, and what each style shows a number as."""

    path: str
    shared: list[str]
    percent: frozenset[str]
    dates: frozenset[str]
    durations: frozenset[str]
    epoch: datetime

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "_Book":
        """Look at a workbook; everything but its sheet is read."""
        parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if _WORKBOOK not in names:
            raise DomainError(MigrationRefusal.FILE_NOT_A_TABLE)
        if any(part.flag_bits & 1 for part in parts):
            raise DomainError(MigrationRefusal.FILE_PROTECTED)
        if len(parts) > MAX_PARTS:
            raise odd("zip")
        path, epoch = _first_sheet(archive)
        part_of(archive, path)
        styles = _Styles()
        if _STYLES in names:
            read_whole(archive, _STYLES, styles.start, styles.end)
        shared = _Shared()
        if _SHARED in names:
            for _ in parsed(archive, _SHARED, MAX_UNPACKED_BYTES, shared.start, shared.end, shared.text):
                pass
        return cls(path, shared.strings, *styles.shown(), epoch)


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, datetime]:
    """The part with the first sheet that is shown, and the day that dates are counted from."""
    targets: dict[str, str] = {}
    shown: list[str] = []
    since_1904 = False

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            id_ = next((value for key, value in attributes.items() if key.endswith(":id")), None)
            if id_ in targets and not shown:
                shown.append(targets[id_])

    read_whole(archive, _RELATIONS, relation)
    read_whole(archive, _WORKBOOK, sheet)
    if not shown:
        raise DomainError(MigrationRefusal.FILE_NO_HEADER)
    target = shown[0]
    path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return path, datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no zone


@dataclass
class _Styles:
    """What the styles of cells show a number as."""

    formats: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    within: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.within = True
        elif name == "xf" and self.within:
            self.used.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.within = False

    def shown(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The styles that show 0.9 as 90 %, a day, and a span of time, as a sheet refers to them."""
        kinds = {id_: _kind_of(id_, self.formats.get(id_)) for id_ in set(self.used)}
        percent, dates, durations = (
            frozenset(str(index) for index, id_ in enumerate(self.used) if kinds[id_] == kind)
            for kind in ("percent", "date", "duration")
        )
        return percent, dates, durations


def _kind_of(id_: str, code: str | None) -> str:
    if code is None:
        number = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 6 else 0
        if number == _DURATION:
            return "duration"
        return "percent" if number in _PERCENT else "date" if number in _DATES else ""
    first = _QUOTED.sub("", code.partition(";")[0])
    if "%" in first:
        return "percent"
    if _ELAPSED.search(first):
        return "duration"
    bare = _IN_BRACKETS.sub("", first)
    return "date" if "general" not in bare.casefold() and _OF_A_DATE.search(bare) else ""


def _too_many_texts() -> DomainError:
    return DomainError(
        MigrationRefusal.FILE_TOO_MANY_TEXTS, strings=MAX_SHARED_STRINGS, characters=MAX_SHARED_CHARACTERS
    )


@dataclass
class _Shared:
    """The texts that cells refer to by number; of one in several styles, its runs together, without how it is read."""

    strings: list[str] = field(default_factory=list)
    size: int = 0
    _texts: list[str] = field(default_factory=list)
    _in_text: bool = False
    _aloud: bool = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "t":
            self._in_text = not self._aloud
        elif name == "rPh":
            self._aloud = True

    def text(self, text: str) -> None:
        if self._in_text:
            self.size += len(text)
            if self.size > MAX_SHARED_CHARACTERS:
                raise _too_many_texts()
            self._texts.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._aloud = False
        elif name == "si":
            if len(self.strings) >= MAX_SHARED_STRINGS:
                raise _too_many_texts()
            self.strings.append(_unescaped("".join(self._texts)))
            self._texts.clear()


def _unescaped(text: str) -> str:
    """A text with the characters that XML cannot have: a carriage return is ``_x000D_``.

    >>> _unescaped("a_x0041_")
    'aA'
    """
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Half a character of two is none, and no file or table would take it.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --- the sheet --------------------------------------------------------------------------------------------------------


class _Sheet:
    """The rows of a sheet, as its markup tells of them."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._rows: list[tuple[int, list[str]]] = []
        self._row = 0
        self._cells: list[str] = []
        self._column = 0
        self._kind = self._style = ""
        self._texts: list[str] = []
        self._collecting = False
        self._long = 0
        self._aloud = False
        self._count = self._size = self._row_size = 0

    def taken(self) -> list[tuple[int, list[str]]]:
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
            self._row, self._column, self._cells, self._row_size = row, 0, [], 0

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
            self._rows.append((self._row, self._cells))
            self._cells = []

    def _filled(self, content: str) -> None:
        text = self._shown(content)
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

    def _too_long(self, size: int) -> DomainError:
        return DomainError(MigrationRefusal.FILE_CELL_TOO_LONG, row=self._row, size=size, limit=MAX_CELL)

    def _shown(self, content: str) -> str:
        """A cell's value as a person reads it in the sheet."""
        match self._kind:
            case "s":
                index = int(content)
                if index < 0:
                    raise ValueError(index)
                return self._book.shared[index]
            case "inlineStr" | "str":
                return _unescaped(content)
            case "b":
                return "TRUE" if content.strip() in ("1", "true") else "FALSE"
            case "e":
                return FAILED
            case "d":
                return _moment(datetime.fromisoformat(content.strip()).replace(tzinfo=None))
        return self._number(content.strip())

    def _number(self, content: str) -> str:
        number = float(content)
        # A spreadsheet keeps sixteen digits and shows fifteen: 0.3, not 0.30000000000000004.
        shown = Decimal(f"{number:.15g}")
        if self._style in self._book.percent:
            return f"{(shown * 100).normalize():f}%"
        if self._style in self._book.durations:
            minutes, seconds = divmod(round(number * 86_400), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        if self._style in self._book.dates and 0 <= number <= _LATEST:
            with suppress(OverflowError):
                return self._date(number)
        return f"{shown.normalize():f}"

    def _date(self, number: float) -> str:
        since = timedelta(seconds=round(number * 86_400))
        if number < 1:
            return (self._book.epoch + since).time().isoformat()
        # The spreadsheets' calendar has a 29 February 1900.
        early = number < 60 and self._book.epoch.year < 1900
        return _moment(self._book.epoch + since + timedelta(days=early))


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
