"""Where the table is in a file: under titles, behind instructions, under two rows of header; what has none is named."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from rencai.kernel.errors import LANGUAGES, DomainError, Refusal
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.finding import Found
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.taken import Place, letter
from tests.migration.import_tables import found, table

WEEK = ("工号", "周", "工时")
ROW = ("10001", "2026-W10", "40")


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def attendance(content: bytes) -> Found:
    return found(lambda: io.BytesIO(content), kind=ImportKind.ATTENDANCE)


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    opened = table(lambda: io.BytesIO(content), kind=ImportKind.ATTENDANCE)
    return [(row.number, row.cells) for row in opened.rows()]


@pytest.mark.parametrize(
    ("above", "header_row"),
    [
        ([], 1),
        ([("2026年3月考勤汇总表",)], 2),
        ([("考勤月报",), ("统计日期:2026-03-01 至 2026-03-31",)], 3),
        ([("说明:请勿修改表头", "", ""), (), ("部门", "深圳")], 4),
        ([("基本信息", "", "三月"), ("a", "b", "c")], 3),
        ([(f"注 {number}",) for number in range(20)], 21),
    ],
)
def test_the_header_is_found_under_what_stands_above_it(
    above: list[tuple[str, ...]], header_row: int
) -> None:
    for content in (
        book(S=[*above, WEEK, ROW]),
        "\n".join(",".join(row) for row in [*above, WEEK, ROW]).encode(),
    ):
        look = attendance(content)
        assert (look.place.header_row, look.doubts) == (header_row, ())
        assert [column.field for column in look.columns] == ["employee_no", "week", "hours"]
        assert rows(content) == [(header_row + 1, list(ROW))]


def test_the_table_is_found_behind_a_sheet_of_instructions() -> None:
    look = attendance(book(说明=[("工号", "必填"), ("周", "必填")], 数据=[WEEK, ROW]))
    assert (look.place, look.doubts) == (Place(None, "数据", 1), ())


def test_of_two_sheets_that_fit_a_person_says_which() -> None:
    content = book(一月=[WEEK, ROW], 二月=[("考勤",), WEEK, ROW], 空=[WEEK])
    look = attendance(content)
    assert (look.place, look.doubts) == (Place(None, "一月", 1), ("sheet",))
    assert [(sheet.name, sheet.header_row) for sheet in look.look.sheets] == [
        ("一月", 1),
        ("二月", 2),
        ("空", 1),
    ]


def test_an_empty_template_is_not_taken_before_the_sheet_with_rows() -> None:
    look = attendance(book(模板=[(*WEEK, "加班")], 数据=[WEEK, ROW]))
    assert (look.place.sheet, look.doubts) == ("数据", ())


def test_a_header_of_two_rows_is_one_header() -> None:
    content = book(S=[("考勤",), ("工号", "", "三月", ""), ("", "周", "工时", "加班"), (*ROW, "5")])
    look = attendance(content)
    assert (look.place, look.doubts) == (Place(None, "S", 2, 2), ())
    assert [(column.header, column.field) for column in look.columns] == [
        ("工号", "employee_no"),
        ("周", "week"),
        ("工时", "hours"),
        ("加班", "overtime_hours"),
    ]
    assert rows(content) == [(4, [*ROW, "5"])]


def test_a_header_that_may_go_on_in_the_next_row_is_asked_about() -> None:
    content = book(
        S=[("姓名", *WEEK, "加班", ""), ("", "", "", "", "工作日", "周末"), ("张三", *ROW, "5", "2")]
    )
    look = attendance(content)
    assert (look.place.header_row, look.doubts) == (1, ("columns",))
    assert attendance(book(S=[WEEK, ("合计", "", ""), ROW])).doubts == ()


def test_a_header_whose_name_is_too_long_is_named() -> None:
    for content in (
        book(S=[("x" * 300, *WEEK), ("", *ROW)]),
        book(S=[("甲", "乙", "x" * 201), ("1", "2", "3")]),
    ):
        with pytest.raises(DomainError) as caught:
            attendance(content)
        assert caught.value.code is MigrationRefusal.FILE_HEADER_TOO_LONG
    assert attendance(book(S=[("注" * 300,), WEEK, ROW])).doubts == ()


def test_blank_columns_before_the_table_are_none_of_it() -> None:
    content = book(S=[("", "", *WEEK), ("", "", *ROW)])
    look = attendance(content)
    assert [(letter(column.index), column.field) for column in look.columns if column.field] == [
        ("C", "employee_no"),
        ("D", "week"),
        ("E", "hours"),
    ]


def test_two_columns_of_one_heading_are_asked_about() -> None:
    look = attendance(book(S=[(*WEEK, "工时"), (*ROW, "38")]))
    assert look.doubts == ("columns",)
    assert [column.how for column in look.columns] == ["exact", "exact", "guessed", "ignored"]
    assert look.look.samples == (("10001",), ("2026-W10",), ("40",), ("38",))


def test_a_row_in_the_file_that_names_fields_is_no_header_where_the_first_fits() -> None:
    content = book(S=[WEEK, ROW, WEEK, ROW])
    assert attendance(content).place.header_row == 1


@pytest.mark.parametrize(
    "content",
    [book(S=[("说明",), ("请填写",)]), "说明\n请填写\n".encode(), book(S=[("a", "b"), ("1", "2")])],
)
def test_a_file_in_which_nobody_could_find_the_columns_is_refused(content: bytes) -> None:
    with pytest.raises(DomainError) as caught:
        attendance(content)
    assert caught.value.code is MigrationRefusal.FILE_NO_TABLE
    assert "“工号”、“周”、“工时”" in caught.value.text("zh-CN")
    assert "Employee no., Week, Hours" in caught.value.text("en")


def test_a_table_is_found_among_the_sheets_of_a_month() -> None:
    days = {f"{day}日": [("考勤",), WEEK, *([ROW] if day == 30 else [])] for day in range(1, 32)}
    look = attendance(book(**days))
    assert (look.place, look.doubts) == (Place(None, "30日", 2), ())
    assert len(look.look.sheets) == 31


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
TABLE = "<table><tr><td>工号</td></tr></table>"
ANOTHER = MigrationRefusal.FILE_OF_ANOTHER_PROGRAM


@pytest.mark.parametrize(
    ("name", "content", "rule", "named"),
    [
        ("a.xls", f"<html><body>{TABLE}</body></html>".encode(), MigrationRefusal.FILE_WEB_PAGE, "HTML"),
        ("a.xls", f"\ufeff\n <!DOCTYPE html>{TABLE}".encode(), MigrationRefusal.FILE_WEB_PAGE, "HTML"),
        ("a.xls", TABLE.encode("gb18030"), MigrationRefusal.FILE_WEB_PAGE, "HTML"),
        ("a.xls", f"<html>{TABLE}".encode("utf-16"), MigrationRefusal.FILE_WEB_PAGE, "HTML"),
        ("a.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", MigrationRefusal.FILE_WEB_PAGE, "HTML"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            MigrationRefusal.FILE_XML_SHEET,
            "XML",
        ),
        ("a.xml", b'<?xml version="1.0"?><employees/>', ANOTHER, "XML"),
        ("a.xls", OLE2 + "Workbook".encode("utf-16-le"), MigrationRefusal.FILE_OLD_XLS, ".xls"),
        ("a.csv", OLE2 + "Workbook".encode("utf-16-le"), MigrationRefusal.FILE_OLD_XLS, ".xls"),
        ("a.xls", OLE2 + "EncryptedPackage".encode("utf-16-le"), MigrationRefusal.FILE_PROTECTED, ""),
        ("a.doc", OLE2 + "WordDocument".encode("utf-16-le"), ANOTHER, "Word"),
        ("a.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(100), MigrationRefusal.FILE_OLD_XLS, ".xls"),
        ("a.xlsx", b"%PDF-1.7\n", ANOTHER, "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", ANOTHER, "PNG"),
        ("a.csv", b"\x1f\x8b\x08\x00", ANOTHER, "gzip"),
        ("a.csv", b'[{"no": "1", "name": "x"}]', ANOTHER, "JSON"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.bin"), ANOTHER, "XLSB"),
        ("a.xlsx", zipped("[Content_Types].xml", "word/document.xml"), ANOTHER, "Word"),
        ("a.xlsx", zipped("mimetype", "content.xml"), ANOTHER, "OpenDocument"),
        ("a.xlsx", zipped("Index/Document.iwa"), ANOTHER, "Numbers"),
        ("a.zip", zipped("people.csv", "weeks.csv"), MigrationRefusal.FILE_ARCHIVE, ""),
        ("a.xlsx", zipped("readme"), MigrationRefusal.FILE_NOT_A_TABLE, ""),
    ],
)
def test_a_file_that_is_something_else_is_called_what_it_is(
    name: str, content: bytes, rule: Refusal, named: str
) -> None:
    with pytest.raises(DomainError) as caught:
        found(lambda: io.BytesIO(content), name)
    assert caught.value.code is rule
    for language in LANGUAGES:
        assert named in caught.value.text(language)


@pytest.mark.parametrize("first", ["<3", "[注]", "{a}", "%", "GIF"])
def test_a_table_that_begins_with_a_sign_is_a_table(first: str) -> None:
    content = f"{first},工号,周,工时\nx,{','.join(ROW)}\n".encode()
    assert attendance(content).doubts == ()
