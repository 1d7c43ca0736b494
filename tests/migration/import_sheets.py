"""Spreadsheets of the tests: cells with number formats, made without a file."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from rencai.kernel.errors import CHINESE
from rencai.migration.rules.columns import guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.files import SourceTable
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow
from tests.migration import bombs, import_tables

TODAY: Final = date(2026, 11, 22)
Cells = Sequence[Any]


def sheet(
    rows: Sequence[Cells], formats: Mapping[str, str] | None = None, *, since_1904: bool = False
) -> Worksheet:
    """A sheet of these rows, the header first; ``formats`` by place."""
    book = openpyxl.Workbook()
    if since_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made = book.active
    assert isinstance(made, Worksheet)
    for row in rows:
        made.append(list(row))
    for place, code in (formats or {}).items():
        made[place].number_format = code
    return made


def saved(made: Worksheet) -> bytes:
    """The file it is in."""
    content = io.BytesIO()
    assert made.parent is not None
    made.parent.save(content)
    return content.getvalue()


def table(content: bytes, kind: ImportKind = ImportKind.PEOPLE) -> SourceTable:
    """The table that is found in a file."""
    return import_tables.table(lambda: io.BytesIO(content), "file.xlsx", kind)


def raw(
    cells: str,
    formats: Sequence[str] = (),
    *,
    header: Sequence[str] = ("工号",),
    styles: str = "",
    book: str = "",
) -> bytes:
    """A file whose second row has these cells, as XML has them; style 1 has the first of ``formats``; ``styles`` and
    ``book``: what else stands there.
    """
    codes = "".join(
        f'<numFmt numFmtId="{164 + index}" formatCode="{_attribute(code)}"/>'
        for index, code in enumerate(formats)
    )
    used = "".join(f'<xf numFmtId="{164 + index}"/>' for index in range(len(formats)))
    styles = f'<styleSheet><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{used}{styles}</cellXfs></styleSheet>'
    listed = bombs.BOOK.replace("</workbook>", f"{book}</workbook>")
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in header)
    return bombs.xlsx(
        [f'<row r="2">{cells}</row>'], styles=[styles], book=listed, head=f'<row r="1">{head}</row>'
    )


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def read(
    content: bytes, kind: ImportKind, mapping: ImportMapping | None = None, language: str = CHINESE
) -> list[ImportRow | list[CellError] | None]:
    """What comes of its rows."""
    found = table(content, kind)
    mapping = mapping or ImportMapping()
    reader = RowReader(kind, guess(kind, found.headers, mapping), mapping, TODAY, language)
    return [reader.read(row) for row in found.rows()]


def outcomes(content: bytes, kind: ImportKind, mapping: ImportMapping | None = None) -> list[Any]:
    """The record of each row, or the field and the rule of each error."""
    return [
        one.record if isinstance(one, ImportRow) else [(error.field, error.rule) for error in one or ()]
        for one in read(content, kind, mapping)
    ]
