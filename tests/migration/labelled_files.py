"""Small files as other tools write them, part by part: what a library that only writes good spreadsheets cannot say."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from openpyxl.utils import get_column_letter

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Shown:
    """A number and the format that it is shown in."""

    value: float
    style: str


@dataclass(frozen=True)
class Raw:
    """A cell's own XML: its type, what stands in it, and its format."""

    kind: str
    inner: str
    style: str = "General"


Cell = str | float | Shown | Raw | None


@dataclass(frozen=True)
class Sheet:
    """Rows, what of them is merged (``A1:B2``) and what is hidden: rows, columns (from 1), or the whole sheet."""

    rows: Sequence[Sequence[Cell]]
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    state: str = "visible"


@dataclass
class _Styles:
    numbers: dict[str, int] = field(default_factory=lambda: {"General": 0})

    def of(self, style: str) -> int:
        return self.numbers.setdefault(style, len(self.numbers))

    def part(self) -> str:
        formats = "".join(
            f'<numFmt numFmtId="{163 + number}" formatCode="{escape(style)}"/>'
            for style, number in self.numbers.items()
            if number
        )
        cells = "".join(
            f'<xf numFmtId="{163 + number if number else 0}" applyNumberFormat="1"/>'
            for number in self.numbers.values()
        )
        return (
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>'
        )


def _cell(at: str, cell: Cell, styles: _Styles) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell, quote=False)}</t></is></c>'
        case Shown():
            return f'<c r="{at}" s="{styles.of(cell.style)}"><v>{cell.value!r}</v></c>'
        case Raw():
            return f'<c r="{at}" t="{cell.kind}" s="{styles.of(cell.style)}">{cell.inner}</c>'
        case _:
            return f'<c r="{at}"><v>{cell!r}</v></c>'


def _row(number: int, hidden: bool) -> str:
    return f'<row r="{number}" hidden="{int(hidden)}">'


def _sheet(sheet: Sheet, styles: _Styles) -> str:
    rows = "".join(
        _row(number, number in sheet.hidden_rows)
        + "".join(
            _cell(f"{get_column_letter(column)}{number}", cell, styles)
            for column, cell in enumerate(row, start=1)
        )
        + "</row>"
        for number, row in enumerate(sheet.rows, start=1)
    )
    columns = "".join(f'<col min="{one}" max="{one}" width="9" hidden="1"/>' for one in sheet.hidden_columns)
    merged = "".join(f'<mergeCell ref="{one}"/>' for one in sheet.merged)
    before = f"<cols>{columns}</cols>" if columns else ""
    after = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def book(sheets: Mapping[str, Sheet], since_1904: bool = False) -> bytes:
    """A spreadsheet of these sheets."""
    styles = _Styles()
    parts = {
        f"xl/worksheets/sheet{n}.xml": _sheet(one, styles) for n, one in enumerate(sheets.values(), start=1)
    }
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{one.state}" r:id="rId{n}"/>'
        for n, (name, one) in enumerate(sheets.items(), start=1)
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><workbookPr date1904="{int(since_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations(
        *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
        ("rIdS", "styles", "styles.xml"),
    )
    parts["_rels/.rels"] = _relations(("rId1", "officeDocument", "xl/workbook.xml"))
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{what}'
        '+xml"/>'
        for name, what in (
            ("xl/workbook.xml", "sheet.main"),
            ("xl/styles.xml", "styles"),
            *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, len(sheets) + 1)),
        )
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    )
    parts["xl/styles.xml"] = styles.part()
    return zipped(parts)


def _relations(*found: tuple[str, str, str]) -> str:
    each = "".join(
        f'<Relationship Id="{one}" Type="{_RELATED}/{what}" Target="{to}"/>' for one, what, to in found
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def zipped(parts: Mapping[str, str]) -> bytes:
    """An archive of these texts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def sheet(*rows: Sequence[Cell], since_1904: bool = False) -> bytes:
    """A spreadsheet of one sheet, the header first."""
    return book({"Sheet1": Sheet(rows)}, since_1904)
