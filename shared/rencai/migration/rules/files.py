"""A CSV or XLSX file as rows of text, and the rows that were rejected as a file again (F1).

A CSV file is never held: it is read once to know its encoding and once row by row. An XLSX file is held while it is
read, within the limits below; its numbers come as a person reads them there (12000, not 12000.0; 90%, not 0.9), its
dates as 2026-11-22.

The error file has the columns of the file it is about, their cells untouched, so that what comes back is what was sent.
It therefore also hands back a cell that a spreadsheet would take for a formula ("=1+1"): such a cell was in the file
already, and made harmless it would no longer be the same. What is ours in it, the reasons, begins with a quotation mark
and is never taken for one.
"""

import csv
import io
import posixpath
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, BinaryIO, Final, Literal
from xml.etree import ElementTree as ET

from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .columns import ERRORS_HEADER, compact
from .limits import MAX_COLUMNS, MAX_ROWS
from .rows import CellError

MAX_UNPACKED_BYTES: Final = 400 * 1024 * 1024
"""What an XLSX may unpack to, by its own account; more is not unpacked."""
MAX_AREA: Final = 10_000_000
"""Cells from the first of an XLSX sheet to its last, empty ones as well: each takes some 32 bytes of memory."""

_BLOCK: Final = 1024 * 1024
_LONGEST_LINE: Final = 4 * 1024 * 1024
"""Characters; a row of as many cells as there may be, each as long as it may be, fits in."""
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = (",", ";", "\t")
_FAILED: Final = "#N/A"
_WORKBOOK: Final = "xl/workbook.xml"
_STYLES: Final = "xl/styles.xml"
_LARGEST_SMALL_PART: Final = 16 * 1024 * 1024
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|c)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_AT: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{0,3})([0-9]{0,7})[\"']")
_KIND: Final = re.compile(rb"\st\s*=\s*[\"'](\w+)")
_STYLE: Final = re.compile(rb"\ss\s*=\s*[\"']([0-9]+)")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
"""What a number format has in quotation marks is shown as it is."""
_PERCENT_FORMATS: Final = frozenset((9, 10))
"""0% and 0.00%, which every workbook has."""

Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A file that can be read: its format, its header, and the row that is in."""

    format: Literal["csv", "xlsx"]
    headers: tuple[str, ...]
    header_row: int
    _rows: Callable[[], Rows]

    def rows(self) -> Rows:
        """Each row under the header that holds anything, and its number as a spreadsheet shows it: the first row of the
        file is 1, and a line end within a cell makes no row. A row may have fewer or more cells than the header.

        Raises ``DomainError`` (FILE_TOO_MANY_ROWS, FILE_QUOTE_OPEN, FILE_NOT_READABLE).
        """
        count = 0
        for number, cells in self._rows():
            if number <= self.header_row or not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise DomainError(MigrationRefusal.FILE_TOO_MANY_ROWS, limit=MAX_ROWS)
            yield number, cells


def read_table(name: str, open_: Callable[[], BinaryIO]) -> SourceTable:
    """Look at a file called ``name``; ``open_`` opens it at its start, and is called more than once.

    Raises ``DomainError`` (FILE_NOT_A_TABLE, FILE_OLD_XLS, FILE_PROTECTED, FILE_UTF16, FILE_ENCODING,
    FILE_UNPACKS_TOO_LARGE, FILE_NOT_READABLE, FILE_NO_HEADER, FILE_TOO_MANY_COLUMNS).
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
    for number, cells in rows():
        headers = tuple(cell.strip() for cell in _without_end(cells))
        # Some spreadsheets say in a row of its own what divides the cells.
        if headers and not (number == 1 and headers[0].casefold() == "sep="):
            if len(headers) > MAX_COLUMNS:
                raise DomainError(
                    MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(headers), limit=MAX_COLUMNS
                )
            return SourceTable(format_, headers, number, rows)
        if number > MAX_ROWS:
            break
    raise DomainError(MigrationRefusal.FILE_NO_HEADER)


def _without_end(cells: Sequence[str]) -> Sequence[str]:
    """The cells without blank ones at the end."""
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(open_: Callable[[], BinaryIO]) -> SourceTable:
    encoding = _encoding(open_)
    delimiter = _delimiter(open_, encoding)

    def rows() -> Rows:
        with open_() as file, io.TextIOWrapper(file, encoding, newline="") as text:
            # Strict: a quotation mark that is never closed would swallow rows up to the next one.
            reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
            number = 0
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    raise DomainError(MigrationRefusal.FILE_QUOTE_OPEN, row=number + 1) from None
                number += 1
                yield number, cells

    return _with_header("csv", rows)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise DomainError(MigrationRefusal.FILE_NOT_A_TABLE)
        yield line


def _encoding(open_: Callable[[], BinaryIO]) -> str:
    """What a CSV file is written in. All of it is looked at: the first Chinese character may be in the last row."""
    with open_() as file:
        head = file.read(4096)
    if head.startswith(_UTF16_BOMS) or b"\x00" in head:
        raise DomainError(CommonRefusal.FILE_UTF16)
    if head.startswith(_UTF8_BOM):
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
        while not header.strip(" \r\n,;\t") and (line := text.readline(_LONGEST_LINE)):
            header = line
        while (
            header.count('"') % 2 and (line := text.readline(_LONGEST_LINE)) and len(header) < _LONGEST_LINE
        ):
            header += line
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _xlsx(open_: Callable[[], BinaryIO]) -> SourceTable:
    with _read_whole(open_) as content, _refusing_broken(), zipfile.ZipFile(content) as archive:
        _refuse_unreadable(archive)
        name, path = _first_sheet(archive)
        percent_styles = _percent_styles(archive)
        with archive.open(path) as xml:
            marks = _marks(xml, percent_styles)

    def rows() -> Rows:
        from python_calamine import CalamineWorkbook

        with _read_whole(open_) as content, _refusing_broken():
            sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_name(name)
            before = [""] * (sheet.start[1] if sheet.start else 0)
            for number, row in enumerate(sheet.iter_rows(), 1):
                percent, failed = marks.get(number, (0, 0))
                yield (
                    number,
                    [
                        _FAILED if failed >> index & 1 else _shown(cell, percent=bool(percent >> index & 1))
                        for index, cell in enumerate([*before, *row])
                    ],
                )

    return _with_header("xlsx", rows)


def _read_whole(open_: Callable[[], BinaryIO]) -> BinaryIO:
    """The file, to be read in any order: what comes over the network is held."""
    file = open_()
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())


@contextmanager
def _refusing_broken() -> Iterator[None]:
    from python_calamine import CalamineError

    try:
        yield
    except (*_BROKEN, CalamineError) as error:
        raise DomainError(
            MigrationRefusal.FILE_NOT_READABLE, reason=f"XLSX, {type(error).__name__}"
        ) from None


_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    KeyError,
    EOFError,
    NotImplementedError,
    ValueError,
)
"""What comes of reading an archive that is damaged, or no workbook inside."""


def _refuse_unreadable(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if not any(part.filename == _WORKBOOK for part in parts):
        raise DomainError(MigrationRefusal.FILE_NOT_A_TABLE)
    if any(part.flag_bits & 1 for part in parts):
        raise DomainError(MigrationRefusal.FILE_PROTECTED)
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise DomainError(MigrationRefusal.FILE_UNPACKS_TOO_LARGE)
    for part in parts:
        # An archive may lie about its sizes: reading a part to its end finds out, and never unpacks more than it says.
        if part.filename.startswith("xl/") and part.filename.endswith(".xml"):
            with archive.open(part) as xml:
                while xml.read(_BLOCK):
                    pass


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, str]:
    """The name of the first sheet that is shown, and its part of the archive."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
        if relation.get("Type", "").endswith("/worksheet")
    }
    for sheet in _xml(archive, _WORKBOOK):
        if _local(sheet.tag) != "sheet" or sheet.get("state", "visible") != "visible":
            continue
        id_ = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        if id_ in targets:
            target = targets[id_]
            path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            return sheet.get("name", ""), path
    raise DomainError(MigrationRefusal.FILE_NO_HEADER)


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The styles of cells that show 0.9 as 90 %, as a sheet refers to them."""
    if _STYLES not in archive.namelist():
        return frozenset()
    formats = {str(id_) for id_ in _PERCENT_FORMATS}
    styles: list[str] = []
    within = False
    for element in _xml(archive, _STYLES):
        match _local(element.tag):
            case "numFmt" if "%" in _QUOTED.sub("", element.get("formatCode", "")):
                formats.add(element.get("numFmtId", ""))
            case "cellXfs":
                within = True
            case "cellStyles" | "dxfs":
                within = False
            case "xf" if within:
                styles.append(element.get("numFmtId", ""))
    return frozenset(str(index).encode() for index, id_ in enumerate(styles) if id_ in formats)


def _xml(archive: zipfile.ZipFile, path: str) -> Iterator[ET.Element]:
    """The elements of a small part, in their order."""
    part = archive.getinfo(path)
    if part.file_size > _LARGEST_SMALL_PART:
        raise DomainError(MigrationRefusal.FILE_UNPACKS_TOO_LARGE)
    # Bounded by its size, and expat refuses entities that multiply.
    return ET.fromstring(archive.read(part)).iter()  # noqa: S314


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _marks(xml: IO[bytes], percent_styles: frozenset[bytes]) -> dict[int, tuple[int, int]]:
    """Which cells of a sheet show percent, and which a formula that failed: by row, a bit for each column.

    The library that reads the values tells neither. It also makes room for every cell from the first to the last, so
    that one cell far out would take all memory there is; raises ``DomainError`` (FILE_UNPACKS_TOO_LARGE) before.
    """
    marks: dict[int, tuple[int, int]] = {}
    row = column = 0
    first_row = first_column = 2**31
    last_row = last_column = -1
    rest = b""
    while block := xml.read(_BLOCK):
        rest += block
        whole = rest.rfind(b"<")
        for tag in _TAG.finditer(rest, 0, max(whole, 0)):
            name, attributes, empty = tag.groups()
            at = _AT.search(attributes)
            if name == b"row":
                row = int(at[2]) if at and at[2] else row + 1
                column = 0
                continue
            column = _column(at[1]) if at and at[1] else column + 1
            if empty:
                continue
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
            kind = _KIND.search(attributes)
            if kind and kind[1] == b"e":
                percent, failed = marks.get(row, (0, 0))
                marks[row] = percent, failed | 1 << column - 1
            elif percent_styles and (kind is None or kind[1] == b"n"):
                style = _STYLE.search(attributes)
                if style and style[1] in percent_styles:
                    percent, failed = marks.get(row, (0, 0))
                    marks[row] = percent | 1 << column - 1, failed
        rest = rest[max(whole, 0) :]
        if len(rest) > _LONGEST_LINE:
            raise DomainError(MigrationRefusal.FILE_NOT_READABLE, reason="XLSX")
    if last_row >= 0 and (last_row - first_row + 1) * (last_column - first_column + 1) > MAX_AREA:
        raise DomainError(MigrationRefusal.FILE_UNPACKS_TOO_LARGE)
    return marks


def _column(letters: bytes) -> int:
    """The number of a column, from 1.

    >>> _column(b"AA")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _shown(cell: object, *, percent: bool) -> str:
    """A cell's value as a person reads it in the sheet."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            # A spreadsheet keeps sixteen digits and shows fifteen: 0.3, not 0.30000000000000004.
            number = Decimal(f"{cell:.15g}")
            return f"{(number * 100).normalize():f}%" if percent else f"{number.normalize():f}"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("seconds")
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(cell)


# --- what was rejected ------------------------------------------------------------------------------------------------


def error_file(
    headers: Sequence[str], rows: Iterable[tuple[Sequence[str], Sequence[CellError]]]
) -> Iterator[bytes]:
    """The rejected rows as CSV (UTF-8 with BOM, as spreadsheets expect it), a row a piece: the columns of the file they
    came in, and one more that says why. Corrected or not, it can be imported again; that column is not read then.
    """
    kept = [index for index, header in enumerate(headers) if compact(header) != compact(ERRORS_HEADER)]
    # All of the header in quotation marks: a semicolon in it must not be taken for what divides the cells.
    yield _UTF8_BOM + _csv_line([*(headers[index] for index in kept), ERRORS_HEADER], csv.QUOTE_ALL)
    for cells, errors in rows:
        own = [cells[index] if index < len(cells) else "" for index in kept]
        # Cells beyond the header stay beyond it.
        yield _csv_line([*own, "; ".join(map(_reason, errors)), *_without_end(cells[len(headers) :])])


def _csv_line(cells: Sequence[str], quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=quoting).writerow(cells)
    return line.getvalue().encode()


def _reason(error: CellError) -> str:
    column = f"\u201c{error.column}\u201d: " if error.column else ""
    return f"{column}{error.message}" + (f" → {error.suggestion}" if error.suggestion else "")
