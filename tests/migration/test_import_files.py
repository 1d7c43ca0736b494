"""CSV and XLSX files as rows of text, and the rejected rows as a file again (F1)."""

import csv
import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, cast

import openpyxl
import pytest
import time_machine
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.cell.cell import ERROR_CODES

from rencai.kernel.errors import CHINESE, LANGUAGES, DomainError, Refusal
from rencai.migration.rules.columns import ERRORS_HEADER, guess
from rencai.migration.rules.fields import FIELDS, ImportKind
from rencai.migration.rules.files import HiddenRowsError, SourceTable
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.limits import MAX_ROWS
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rejected import (
    ErrorRows,
    Format,
    as_meant,
    csv_header,
    csv_row,
    harmless,
    xlsx_into,
)
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError
from rencai.migration.rules.sheet import workbook, xlsx
from rencai.migration.rules.sheet.source import MarkKind
from tests.migration import bombs, import_tables

HEADER = ("工号", "周", "工时")
ROW = ("10086", "2026-W46", "40")


def opened(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)


def table(content: bytes, name: str = "file") -> SourceTable:
    return import_tables.table(opened(content), name)


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refusal(content: bytes, name: str = "file") -> Refusal:
    with pytest.raises(DomainError) as caught:
        for _ in table(content, name).rows():
            pass
    assert caught.value.text(CHINESE)
    return caught.value.code


def filled(rows: Sequence[Sequence[str]], offset: int = 2) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, by number, without the blank cells at their ends."""
    return [(number, trimmed(row)) for number, row in enumerate(rows, offset) if "".join(row).strip()]


def trimmed(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def read(found: SourceTable) -> list[tuple[int, list[str]]]:
    return [(row.number, trimmed(row.cells)) for row in found.rows()]


def texts(found: SourceTable) -> list[tuple[int, list[str]]]:
    return [(row.number, row.cells) for row in found.rows()]


# --- CSV --------------------------------------------------------------------------------------------------------------

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
IN_XLSX = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn", "Co"), exclude_characters="_"),
    max_size=12,
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8),
    st.sampled_from(("utf-8", "utf-8-sig", "gb18030")),
    st.sampled_from((",", ";", "\t")),
)
def test_f1_any_table_written_as_csv_reads_back(rows: list[list[str]], encoding: str, delimiter: str) -> None:
    found = table(as_csv([HEADER, *rows], encoding, delimiter))
    assert (found.headers, found.place.header_row) == (HEADER, 1)
    assert read(found) == filled(rows)
    assert read(found) == filled(rows), "a table can be read again"


def test_what_the_first_line_has_divides_the_cells_whatever_stands_in_them() -> None:
    """Found by ``make test-long``: more lines had a tab than a comma."""
    rows = [["0\t"], ["0\t"]]
    found = table(as_csv([HEADER, *rows]))
    assert (found.headers, read(found)) == (HEADER, filled(rows))


def test_a_line_end_within_a_cell_makes_no_row() -> None:
    content = '工号,意见\r\n1,"压力\n很大"\r\n\r\n2,"说 ""好"""\r\n'.encode()
    assert read(table(content)) == [(2, ["1", "压力\n很大"]), (4, ["2", '说 "好"'])]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system(line_end: str) -> None:
    content = line_end.join(("工号,周", "1,a", "2,b")).encode("gb18030")
    assert read(table(content)) == [(2, ["1", "a"]), (3, ["2", "b"])]


def test_the_first_row_that_holds_anything_is_the_header() -> None:
    found = table("\n,,\n 工号 ,周,,\n1,2\n".encode())
    assert (found.headers, found.place.header_row, texts(found)) == (("工号", "周"), 3, [(4, ["1", "2"])])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_row_that_says_what_divides_the_cells_is_no_header(delimiter: str) -> None:
    found = table(f"sep={delimiter}\n工号{delimiter}周\n1{delimiter}2\n".encode())
    assert (found.headers, texts(found)) == (("工号", "周"), [(3, ["1", "2"])])


def test_the_encoding_shows_in_the_last_row_as_well() -> None:
    rows = [("no", "name"), *(("1", "a" * 100) for _ in range(20_000)), ("2", "张三")]
    assert texts(table(as_csv(rows, "gb18030")))[-1] == (20_002, ["2", "张三"])


def test_a_delimiter_within_quotation_marks_divides_nothing() -> None:
    assert table('"工时;小时;a",周\n1,2\n'.encode()).headers == ("工时;小时;a", "周")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", MigrationRefusal.FILE_NO_HEADER),
        (b"\xef\xbb\xbf", MigrationRefusal.FILE_NO_HEADER),
        (b" \r\n,,\r\n", MigrationRefusal.FILE_NO_HEADER),
        ("工号,周\n1".encode("utf-16")[:-1], MigrationRefusal.FILE_ENCODING_BROKEN),
        (b"\xef\xbb\xbfa,b\n\xff\xfe", MigrationRefusal.FILE_ENCODING_BROKEN),
        ("工号,姓名\n1,张三\n".encode() + b"2,\xff\n", MigrationRefusal.FILE_ENCODING_BROKEN),
        ("工号,姓名\n1,张三\n".encode("gb18030") + b"2,\xff\n", MigrationRefusal.FILE_ENCODING_BROKEN),
        (b"a,b\n" + b"1,2\n" * 2000 + b"\0", MigrationRefusal.FILE_NUL),
        (b"a,b\n1,\x01\xff\n", MigrationRefusal.FILE_ENCODING),
        (b'a,b\n1,2\n3,"4\n5,6\n', MigrationRefusal.FILE_QUOTE_OPEN),
        (b'a,b\n1,2\n3,"4\n5,"6"\n', MigrationRefusal.FILE_QUOTE_OPEN),
        (b'a,b\n1,"' + b"x" * 200_000, MigrationRefusal.FILE_QUOTE_OPEN),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"', MigrationRefusal.FILE_CELL_TOO_LONG),
        (b'a,b\n1,"x" y\n', MigrationRefusal.FILE_QUOTE_WITHIN),
        (b"a," * 2_100_000, MigrationRefusal.FILE_ROW_TOO_LONG),
        (",".join(map(str, range(201))).encode(), MigrationRefusal.FILE_TOO_MANY_COLUMNS),
        (b"a\n" + b"1\n" * (MAX_ROWS + 1), MigrationRefusal.FILE_TOO_MANY_ROWS),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_reason(content: bytes, found: Refusal) -> None:
    assert refusal(content) is found


def test_the_row_of_an_open_quotation_mark_is_named() -> None:
    with pytest.raises(DomainError) as caught:
        list(table(b'a,b\n1,2\n3,"4\n5,6\n').rows())
    assert caught.value.params == {"row": 3}


class Slow(io.RawIOBase):
    """A file of ``size`` rows that is never whole anywhere."""

    def __init__(self, size: int) -> None:
        self._lines = self._made(size)
        self._rest = b""

    @staticmethod
    def _made(size: int) -> Iterator[bytes]:
        yield "工号,周,工时\n".encode("gb18030")
        for number in range(size):
            yield f"{number},2026-W46,40,备注备注备注备注备注备注备注备注\n".encode("gb18030")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self._rest) < len(buffer) and (line := next(self._lines, b"")):
            self._rest += line
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def test_f1_a_csv_of_the_largest_size_is_never_held() -> None:
    def open_() -> BinaryIO:
        return io.BufferedReader(Slow(50_000), 65_536)

    found = import_tables.table(open_, "big.csv")
    tracemalloc.start()
    try:
        assert sum(1 for _ in found.rows()) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


# --- XLSX -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(IN_XLSX, min_size=1, max_size=5), max_size=6))
def test_f1_any_table_written_as_xlsx_reads_back(rows: list[list[str]]) -> None:
    # A text that begins with "=" is a formula to the library that writes here.
    assume(not any(cell.startswith("=") or cell in ERROR_CODES for row in rows for cell in row))
    found = table(as_xlsx([HEADER, *rows]))
    assert found.headers == HEADER
    assert read(found) == filled(rows)


def test_f1_cells_read_as_a_person_sees_them() -> None:
    shown: list[tuple[object, str]] = [
        (12000.0, "12000"),
        (40.5, "40.5%"),
        (1 / 3, "0.333333333333333"),
        (0.1 + 0.2, "0.3"),
        (0.9, "90.00%"),
        (0.355, "35.5%"),
        (1.5e12, "1500000000000"),
        (-3, "-3"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime.fromisoformat("2026-03-02 09:30"), "2026-03-02 09:30:00"),
        (timedelta(hours=40, minutes=30), "40:30:00"),
        (time(8, 30), "08:30:00"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("007", "007"),
        ("", ""),
        ("#N/A", "#N/A"),
        ("end", "end"),
    ]
    formats = {"E2": "0.00%", "F2": "0.0%;[Red]-0.0%", "B2": '0.0"%"'}
    content = as_xlsx([range(len(shown)), [value for value, _ in shown]], formats)
    assert texts(table(content)) == [(2, [text for _, text in shown])]


def test_the_first_sheet_that_is_shown_is_read_where_it_stands() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "a & b"
    sheet["B3"], sheet["C3"], sheet["B5"], sheet["C5"] = "工号", "完成率", 10086, 0.9
    sheet["C5"].number_format = "0%"
    hidden = book.create_sheet("hidden", 0)
    hidden["A1"], hidden.sheet_state = "no", "hidden"
    content = io.BytesIO()
    book.save(content)
    found = table(content.getvalue())
    assert (found.headers, found.place.header_row) == (("", "工号", "完成率"), 3)
    assert texts(found) == [(5, ["", "10086", "90%"])]


def test_an_xlsx_that_comes_over_the_network_is_read_as_well() -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    content = as_xlsx([HEADER, ROW])
    found = import_tables.table(lambda: Stream(content))
    assert texts(found) == [(2, list(ROW))]


def rezipped(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            changed = change(part.filename, before.read(part))
            if changed is not None:
                after.writestr(part.filename, changed)
    return made.getvalue()


PLAIN = as_xlsx([HEADER, ROW])
BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), MigrationRefusal.FILE_NOT_A_TABLE),
        (b"PK\x03\x04 not an archive", MigrationRefusal.FILE_NOT_READABLE),
        (PLAIN[: len(PLAIN) // 2], MigrationRefusal.FILE_NOT_READABLE),
        (
            rezipped(PLAIN, lambda name, part: None if name == BOOK else part),
            MigrationRefusal.FILE_NOT_A_TABLE,
        ),
        (
            rezipped(PLAIN, lambda name, part: None if name == SHEET else part),
            MigrationRefusal.FILE_NOT_READABLE,
        ),
        (
            rezipped(PLAIN, lambda name, part: part[:300] if name == SHEET else part),
            MigrationRefusal.FILE_NOT_READABLE,
        ),
        (
            rezipped(PLAIN, lambda name, part: b"<" if name == BOOK else part),
            MigrationRefusal.FILE_NOT_READABLE,
        ),
        (as_xlsx([]), MigrationRefusal.FILE_NO_HEADER),
        (as_xlsx([["", " "]]), MigrationRefusal.FILE_NO_HEADER),
        (as_xlsx([range(201)]), MigrationRefusal.FILE_TOO_MANY_COLUMNS),
    ],
)
def test_an_xlsx_that_cannot_be_read_is_refused_with_its_reason(content: bytes, found: Refusal) -> None:
    assert refusal(content, "file.xlsx") is found


def test_the_old_format_is_named() -> None:
    assert (
        refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "员工.XLS") is MigrationRefusal.FILE_OLD_XLS
    )


def test_a_cell_far_out_is_refused_before_room_is_made_for_all_between() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "工号", "x"
    content = io.BytesIO()
    book.save(content)
    assert refusal(content.getvalue()) is MigrationRefusal.FILE_TOO_MANY_COLUMNS


def test_cells_that_are_only_coloured_count_for_nothing() -> None:
    content = rezipped(
        PLAIN,
        lambda name, part: (
            part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
            if name == SHEET
            else part
        ),
    )
    assert texts(table(content)) == [(2, list(ROW))]


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_UNPACKED_BYTES", 200)
    assert refusal(PLAIN) is MigrationRefusal.FILE_UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("limit", "value", "rule"),
    [
        ("MAX_CELLS", 4, MigrationRefusal.FILE_TOO_MANY_CELLS),
        ("MAX_TEXT", 10, MigrationRefusal.FILE_TOO_MUCH_TEXT),
        ("MAX_ROW", 9, MigrationRefusal.FILE_ROW_TOO_LONG),
        ("MAX_CELL", 4, MigrationRefusal.FILE_CELL_TOO_LONG),
        ("MAX_WIDTH", 2, MigrationRefusal.FILE_TOO_MANY_COLUMNS),
        ("MAX_SHARED_STRINGS", 3, MigrationRefusal.FILE_TOO_MANY_TEXTS),
        ("MAX_SHARED_CHARACTERS", 10, MigrationRefusal.FILE_TOO_MANY_TEXTS),
        ("MAX_PARTS", 5, MigrationRefusal.FILE_NOT_READABLE),
    ],
)
def test_each_limit_ends_the_file_and_is_told(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, rule: Refusal
) -> None:
    shared = bombs.xlsx(
        ['<row r="2"><c t="s"><v>0</v></c><c/><c><v>12345</v></c></row>'],
        ["<sst>", *["<si><t>2026-</t></si>"] * 4, "</sst>"],
    )
    assert texts(table(shared)) == [(2, ["2026-", "", "12345"])]
    monkeypatch.setattr(workbook if hasattr(workbook, limit) else xlsx, limit, value)
    with pytest.raises(DomainError) as caught:
        list(table(shared).rows())
    assert caught.value.code is rule
    if rule is not MigrationRefusal.FILE_NOT_READABLE:
        for language in LANGUAGES:
            assert str(value) in caught.value.text(language) or limit == "MAX_WIDTH"


def test_text_in_runs_and_escapes_and_dates_of_both_calendars_read_as_they_are_shown() -> None:
    cells = "".join(
        (
            '<c t="s"><v>0</v></c>',
            '<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>no</t></rPh></is></c>',
            '<c t="str"><f>A1</f><v>=1_x005F_x0041_</v></c>',
            '<c t="d"><v>2026-03-02T00:00:00</v></c>',
            '<c s="1"><v>46083.5</v></c>',
            '<c s="2"><v>59</v></c>',
            '<c s="3"><v>1.5</v></c>',
            '<c s="1"><v>99999999</v></c>',
            '<c t="e"><v>#REF!</v></c>',
            '<c t="b"><v>1</v></c>',
            "<c/>",
            "<c><v>1e21</v></c>",
        )
    )
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/>'
        '<xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>'
    )
    shared = "<sst><si><r><t>工</t></r><r><t>时_x000D_</t></r><rPh><t>x</t></rPh></si></sst>"
    content = bombs.xlsx([f'<row r="2">{cells}</row>'], [shared], [styles])
    ((_, row),) = texts(table(content))
    assert row == [
        *("工时\r", "a b", "=1_x0041_", "2026-03-02", "2026-03-02 12:00:00", "1900-02-28", "36:00:00"),
        *("99999999", "#N/A", "TRUE", "", "1E+21"),
    ]


def test_a_cell_that_is_no_text_says_what_it_is_and_a_hidden_row_that_it_is() -> None:
    cells = [
        *("10086", 10086, date(2026, 3, 2), datetime.fromisoformat("2026-03-02 09:30"), time(8, 30)),
        *(timedelta(hours=40), True, "#N/A"),
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(range(8)))
    sheet.append(cells)
    sheet.append(["x"])
    sheet.row_dimensions[3].hidden = True
    content = io.BytesIO()
    book.save(content)
    found = table(content.getvalue())
    with pytest.raises(HiddenRowsError):
        list(found.rows())
    first, second = replace(found, place=replace(found.place, hidden_rows="read")).rows()
    assert {index: mark.kind for index, mark in first.marks.items()} == {
        1: MarkKind.NUMBER,
        2: MarkKind.DATE,
        3: MarkKind.DATE,
        4: MarkKind.TIME,
        5: MarkKind.TIME,
        6: MarkKind.BOOLEAN,
    }
    assert (first.hidden, second.hidden, second.marks) == (False, True, {})
    left = replace(found, place=replace(found.place, hidden_rows="left_out"))
    assert [row.number for row in left.rows()] == [2]


def test_every_sheet_is_listed_with_whether_it_is_shown() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "说明"
    first["A1"] = "先读"
    book.create_sheet("数据").append(["工号"])
    book.create_sheet("old").sheet_state = "veryHidden"
    content = io.BytesIO()
    book.save(content)
    sheets = xlsx.sheets_of(opened(content.getvalue()))
    assert [(sheet.name, sheet.visible) for sheet in sheets] == [
        ("说明", True),
        ("数据", True),
        ("old", False),
    ]
    assert [[row.cells for row in sheet.rows()] for sheet in sheets] == [[["先读"]], [["工号"]], []]


def test_an_archive_that_lies_about_its_sizes_is_found_out() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    lying = PLAIN.replace(size, (10).to_bytes(4, "little"))
    assert refusal(lying) is MigrationRefusal.FILE_NOT_READABLE


# --- the error file ---------------------------------------------------------------------------------------------------

COLUMNS = [one.zh for one in FIELDS[ImportKind.ATTENDANCE]]
MAPPING = ImportMapping()


def rejected(found: SourceTable) -> list[tuple[list[str], list[CellError]]]:
    columns = guess(ImportKind.ATTENDANCE, found.headers, MAPPING)
    reader = RowReader(ImportKind.ATTENDANCE, columns, MAPPING, date(2026, 11, 22), CHINESE)
    told = ((row.cells, reader.read(row)) for row in found.rows())
    return [(cells, errors) for cells, errors in told if isinstance(errors, list)]


FORMATS: tuple[Format, ...] = ("csv", "xlsx")
each_format = pytest.mark.parametrize("format_", FORMATS)


def error_file(found: SourceTable, format_: Format) -> bytes:
    rows = ErrorRows(found.headers)
    told = [rows.row(cells, errors) for cells, errors in rejected(found)]
    if format_ == "csv":
        return csv_header(rows.header) + b"".join(map(csv_row, told))
    content = io.BytesIO()
    with xlsx_into(content) as sheet:
        for row in (rows.header, *told):
            sheet.row(row)
    return content.getvalue()


def as_opened(content: bytes, format_: Format) -> list[list[str]]:
    """What a person's program makes of it."""
    if format_ == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format, bool(cell.quotePrefix)) for cell in cells} == {
        ("s", "@", True)
    }
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


@each_format
def test_f1_the_error_file_has_the_same_columns_and_the_reasons(format_: Format) -> None:
    found = table(as_csv([HEADER, ROW, ("", "2026-W99", "4,5"), ("=1+1", "2026-W46", "40", "", "x")]))
    opened_ = as_opened(error_file(found, format_), format_)
    assert [trimmed(row) for row in opened_] == [
        [*HEADER, ERRORS_HEADER],
        [
            "",
            "2026-W99",
            "4,5",
            "; ".join(
                (
                    "“工号”: 不能为空 → 例如 10086",
                    "“周”: 应为 ISO 周(例如 2026-W10)或该周中的某一天 → 例如 2026-W10",
                    "“工时”: 应为数字,例如 40 → 4.5",
                )
            ),
        ],
        [
            "'=1+1" if format_ == "csv" else "=1+1",
            "2026-W46",
            "40",
            "这一行有 5 个单元格,表头只有 3 列",
            "",
            "x",
        ],
    ]


@each_format
def test_f1_an_error_file_that_was_corrected_is_taken(format_: Format) -> None:
    found = table(as_csv([HEADER, ("0010086", "2026-W99", "40")]))
    content = error_file(found, format_)
    if format_ == "csv":
        corrected = content.replace(b"2026-W99", b"2026-W46", 1)
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.active is not None
        book.active["B2"] = "2026-W46"
        saved = io.BytesIO()
        book.save(saved)
        corrected = saved.getvalue()
    again = table(corrected)
    assert rejected(again) == []
    assert [cells[0] for _, cells in texts(again)] == ["0010086"]


ODD = st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠0a _x5F005F人\x01\x1f\ufffe"), max_size=8)


@given(ODD | CELLS)
def test_a_cell_is_made_harmless_and_read_as_meant(cell: str) -> None:
    made = harmless(cell)
    assert not made or made[0] not in "=+-@\t\r\n＝＋－＠"
    assert as_meant(made) == cell


@each_format
@given(rows=st.lists(st.lists(CELLS | ODD, min_size=1, max_size=7), max_size=6))
def test_f1_an_error_file_that_was_not_corrected_reads_as_the_file_did(
    format_: Format, rows: list[list[str]]
) -> None:
    before = table(as_csv([COLUMNS, *rows]))
    first = error_file(before, format_)
    again = table(first)
    assert again.headers == (*before.headers, ERRORS_HEADER)
    width = len(before.headers)
    assert [trimmed([*cells[:width], *cells[width + 1 :]]) for cells, _ in rejected(again)] == [
        trimmed([*cells[:width], *cells[width:]]) for cells, _ in rejected(before)
    ]
    assert [errors for _, errors in rejected(again)] == [errors for _, errors in rejected(before)]
    assert as_opened(error_file(again, format_), format_) == as_opened(first, format_)


@each_format
def test_headers_that_look_like_formulas_stay_as_they_are_and_are_harmless(format_: Format) -> None:
    before = table(as_csv([("工号", "=cmd|' /C calc'!A0", "@x"), ("", "2", "-3")]))
    first = error_file(before, format_)
    assert table(first).headers == (*before.headers, ERRORS_HEADER)
    assert texts(table(first))[0][1][1:3] == ["2", "-3"]


def test_an_apostrophe_in_a_file_of_somebody_elses_stays() -> None:
    assert texts(table(b"a,b\n'=1,'-2\n")) == [(2, ["'=1", "'-2"])]


def test_the_same_rows_make_the_same_file() -> None:
    found = table(as_csv([HEADER, ("", "x", "y")]))
    with time_machine.travel("2026-03-02"):
        first = error_file(found, "xlsx")
    with time_machine.travel("2026-03-03"):
        assert error_file(found, "xlsx") == first


def test_an_error_file_is_written_in_little_memory() -> None:
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        try:
            with xlsx_into(cast(BinaryIO, file)) as sheet:
                for row in range(20_000):
                    sheet.row([f"{row}", "备注" * 50])
            assert tracemalloc.get_traced_memory()[1] < 3_000_000
        finally:
            tracemalloc.stop()
