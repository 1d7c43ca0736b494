"""The rows of a file that were rejected, as a file again: to be corrected and uploaded as it is (F1).

It has the columns of the file it is about and one more, which says why. Every cell reads back as what it was, and none
is a formula to who opens it: in XLSX all are texts; in CSV, which knows no texts, an apostrophe stands before what a
spreadsheet would take for one, and is taken off again where the file is read (``as_meant``).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, Literal

from .columns import ERRORS_HEADER
from .limits import MAX_CELL
from .names import compact
from .rows import CellError
from .taken import letter

UTF8_BOM: Final = b"\xef\xbb\xbf"
_LONGEST_REASON: Final = 2000
"""Characters of a row's reasons; all of them are in the report."""
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula, in full width too, and that with apostrophes before it."""
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""Characters that XML cannot have or would change, and what would be read as one of them."""
_PARTS: Final = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Errors" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        'Target="styles.xml"/></Relationships>'
    ),
    # The second style is text, and stays text when it is edited.
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_SHEET: Final = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cols><col min="1" max="16384" width="16" style="1" customWidth="1"/></cols><sheetData>'
)
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Format = Literal["xlsx", "csv"]


class ErrorRows:
    """The rows of an error file, of a file with these ``headers``."""

    def __init__(self, headers: Sequence[str]) -> None:
        # A file that is corrected for the second time has the column already.
        self._kept = [index for index, header in enumerate(headers) if not is_own(header)]
        self._width = len(headers)
        self.header = [*(headers[index] for index in self._kept), ERRORS_HEADER]

    def row(self, cells: Sequence[str], errors: Sequence[CellError]) -> list[str]:
        """A row as it was, with why; cells beyond the header stay beyond it."""
        own = [cells[index] if index < len(cells) else "" for index in self._kept]
        reasons = "; ".join(map(_reason, errors))
        if len(reasons) > _LONGEST_REASON:
            reasons = f"{reasons[: _LONGEST_REASON - 1]}…"
        return [*own, reasons, *without_end(cells[self._width :])]


def is_own(header: str) -> bool:
    """Whether it is the column that says why: only a file of ours has it."""
    return compact(header) == compact(ERRORS_HEADER)


def without_end(cells: Sequence[str]) -> Sequence[str]:
    """The cells without blank ones at the end."""
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _reason(error: CellError) -> str:
    column = f"\u201c{error.column}\u201d: " if error.column else ""
    return f"{column}{error.message}" + (f" → {error.suggestion}" if error.suggestion else "")


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_header(cells: Sequence[str]) -> bytes:
    """The first line, in UTF-8 with BOM, as spreadsheets expect it. All of it is in quotation marks: a semicolon in it
    must not be taken for what divides the cells.
    """
    return UTF8_BOM + _csv_line(cells, csv.QUOTE_ALL)


def csv_row(cells: Sequence[str]) -> bytes:
    """A line under it."""
    return _csv_line(cells, csv.QUOTE_MINIMAL)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("-5"), harmless("'=1"), harmless("'s")
    ("'=1+1", "'-5", "''=1", "'s")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """The inverse.

    >>> as_meant("'=1+1"), as_meant("''=1"), as_meant("'s"), as_meant("-7")
    ('=1+1', "'=1", "'s", '-7')
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _csv_line(cells: Sequence[str], quoting: Literal[0, 1]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=quoting).writerow(map(harmless, cells))
    return line.getvalue().encode()


# --- XLSX -------------------------------------------------------------------------------------------------------------


class TextSheet:
    """A sheet that is written row by row: every cell a text of at most 32,767 characters, whatever it looks like."""

    def __init__(self, part: BinaryIO) -> None:
        self._part = part
        self._row = 0

    def row(self, cells: Sequence[str]) -> None:
        """The next row."""
        self._row += 1
        filled = [_cell(f"{letter(column)}{self._row}", cell) for column, cell in enumerate(cells) if cell]
        self._part.write(f'<row r="{self._row}">{"".join(filled)}</row>'.encode())


@contextmanager
def xlsx_into(file: BinaryIO) -> Iterator[TextSheet]:
    """Write an XLSX file of one sheet; memory does not grow with it, and the same rows make the same bytes."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in _PARTS.items():
            archive.writestr(_undated(name), _DECLARATION + content)
        with archive.open(_undated("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as part:
            part.write((_DECLARATION + _SHEET).encode())
            yield TextSheet(part)  # type: ignore[arg-type]  # the stubs say only that it can be read
            part.write(b"</sheetData></worksheet>")


def _undated(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _cell(place: str, cell: str) -> str:
    return f'<c r="{place}" s="1" t="inlineStr"><is><t xml:space="preserve">{_xml(cell)}</t></is></c>'


def _xml(cell: str) -> str:
    text = _NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", cell[:MAX_CELL])
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
