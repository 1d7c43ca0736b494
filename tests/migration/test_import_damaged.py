"""Cells of which a spreadsheet has made something else, formulas that nobody has calculated, merged cells (F1)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import pytest

from rencai.employees.rules.signals import AttendanceWeek, SurveyAnswers
from rencai.kernel.errors import LANGUAGES, DomainError
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.limits import MAX_MERGES
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rows import Person
from rencai.migration.rules.sheet.source import Mark, MarkKind
from rencai.migration.store.imports import Counts
from tests.migration import bombs
from tests.migration.import_office import Office, csv, office
from tests.migration.import_rows import LEAVE, PEOPLE, errors, record, rules
from tests.migration.import_sheets import outcomes, raw, read, saved, sheet, table

WEEKS: Final = ("工号", "周", "工时")
STAFF: Final = ("工号", "姓名", "岗位", "工作地点", "部门", "入职日期")


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as one:
        yield one


# --- what a spreadsheet has made of a code ----------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["工号", "Rencai 员工 ID", "请假单号"])
@pytest.mark.parametrize(
    ("held", "code", "rule"),
    [
        (880553660199010124, "General", "cell_digits_lost"),
        (880553660199010124, "0", "cell_digits_lost"),
        (1.2e17, "0.0E+00", "cell_digits_lost"),
        (date(2026, 3, 12), "yyyy-mm-dd", "cell_became_a_date"),
        (date(2026, 3, 12), 'm"月"d"日"', "cell_became_a_date"),
        (date(2026, 3, 12), "d-mmm", "cell_became_a_date"),
        (datetime.fromisoformat("2026-03-12 08:30"), "yyyy-mm-dd h:mm", "cell_became_a_date"),
        (time(8, 30), "h:mm", "cell_became_a_time"),
        (0, "h:mm", "cell_became_a_time"),
        (True, "General", "cell_became_yes_or_no"),
        (False, "General", "cell_became_yes_or_no"),
        (1.1, "General", "cell_zero_lost"),
        ("1.2E+17", "@", "cell_digits_lost"),
        ("8.80554E+17", "@", "cell_digits_lost"),
        ("880553660199010000", "@", "cell_digits_lost"),
        ("3月12日", "@", "cell_became_a_date"),
        ("12-Mar", "@", "cell_became_a_date"),
        ("Mar-26", "@", "cell_became_a_date"),
        ("2026-03-12", "@", "cell_became_a_date"),
        ("2026/3/12", "@", "cell_became_a_date"),
        ("2026年3月", "@", "cell_became_a_date"),
        ("00:00", "@", "cell_became_a_time"),
        ("0:00:00", "@", "cell_became_a_time"),
        ("TRUE", "@", "cell_became_yes_or_no"),
        ("FALSE", "@", "cell_became_yes_or_no"),
    ],
)
def test_what_is_no_code_any_more_names_nobody(id_: str, held: object, code: str, rule: str) -> None:
    kind = ImportKind.LEAVE if id_ == "请假单号" else ImportKind.ATTENDANCE
    header = ("工号", *LEAVE[1:]) if kind is ImportKind.LEAVE else (id_, *WEEKS[1:])
    row = (
        ("1", held, "病假", "2026-11-02", "2026-11-02", 1, "")
        if kind is ImportKind.LEAVE
        else (held, "2026-W10", 40)
    )
    place = "B2" if kind is ImportKind.LEAVE else "A2"
    (found,) = outcomes(saved(sheet([header, row], {place: code})), kind)
    assert [one for _, one in found] == [rule]


@pytest.mark.parametrize(
    "written",
    ["10086", "007302", "12-3", "A-12", "2026-03", "3-12", "12E", "E12", "110101199003071234", "BCTP20261122000000000",
     "20261122093000000", "1.1", "TRUE1", "True", "12:3", "MAR-1"],
)  # fmt: skip
def test_a_code_that_was_written_as_a_text_stays(written: str) -> None:
    found = read(saved(sheet([WEEKS, (written, "2026-W10", 40)])), ImportKind.ATTENDANCE)[0]
    assert not isinstance(found, list), found
    assert found
    assert found.reference.employee_no == written


@pytest.mark.parametrize(
    ("held", "code", "rule"),
    [
        (date(2026, 3, 12), "yyyy-mm-dd", "cell_became_a_date"),
        (time(8, 30), "h:mm", "cell_became_a_time"),
        (True, "General", "cell_became_yes_or_no"),
        (880553660199010124, "0", "cell_digits_lost"),
        ("3月12日", "@", "cell_became_a_date"),
        ("1.2E+17", "@", "cell_digits_lost"),
    ],
)
@pytest.mark.parametrize("column", ["姓名", "工作地点", "级别", "部门"])
def test_what_is_no_word_any_more_is_no_name(column: str, held: object, code: str, rule: str) -> None:
    (found,) = outcomes(saved(sheet([("工号", column), ("1", held)], {"B2": code})), ImportKind.PEOPLE)
    assert [one for _, one in found] == [rule]


@pytest.mark.parametrize("level", [7, "2026-03", "3-2", "P7", "7.5"])
def test_a_level_may_be_a_number_or_look_like_a_month(level: object) -> None:
    (found,) = outcomes(saved(sheet([("工号", "级别"), ("1", level)])), ImportKind.PEOPLE)
    assert found == Person(level=str(level))


def test_words_of_a_survey_may_be_anything() -> None:
    header = ("工号", "月份", "建议")
    for said in ("3月12日", "TRUE", "8:30", "1.2E+17"):
        told = record(ImportKind.SURVEYS, header, "1", "2026-10", said)
        assert isinstance(told, SurveyAnswers)
        assert list(told.texts.values()) == [said]


def test_it_says_what_the_sheet_shows_and_what_to_do() -> None:
    rows = [WEEKS, (date(2026, 3, 12), "2026-W10", 40)]
    ((error,),) = read(saved(sheet(rows, {"A2": 'm"月"d"日"'})), ImportKind.ATTENDANCE)  # type: ignore[misc]
    assert (error.column, error.message, error.suggestion) == (
        "工号",
        "应为文字或编号,而表格里是日期(显示为“3月12日”);请设为文本,重新填写原来的内容",
        "例如 10086",
    )
    for language in LANGUAGES:
        for written in ("1.2E+17", "TRUE", "8:30", "12-Mar"):
            (error,) = errors(ImportKind.PEOPLE, PEOPLE[:1], written, language=language)
            assert "{" not in error.message


def test_a_file_of_text_has_them_by_their_look() -> None:
    for written, rule in (("8.80554E+17", "cell_digits_lost"), ("3月12日", "cell_became_a_date")):
        assert rules(ImportKind.ATTENDANCE, WEEKS, written, "2026-W10", "40") == [("employee_no", rule)]


def test_one_persons_week_does_not_go_to_another(one: Office) -> None:
    one.hires("880553660199010123")
    rows = [WEEKS, (880553660199010124, "2026-W07", 44)]
    done = one.brings("attendance", saved(sheet(rows)), filename="file.xlsx")
    assert done.counts == Counts(rejected=1)
    # As the error file has it, uncorrected, and as a spreadsheet saves it as text.
    again = one.brings(
        "attendance", one.bucket.get(f"imports/{done.import_id}/errors.xlsx"), filename="e.xlsx"
    )
    assert again.counts == Counts(rejected=1)
    assert one.brings("attendance", csv(WEEKS, ("8.80554E+17", "2026-W07", 44))).counts == Counts(rejected=1)


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (date(2026, 3, 12), "yyyy-mm-dd"),
        (datetime.fromisoformat("2026-03-12 08:30"), "yyyy-mm-dd"),
        (time(8, 30), "h:mm"),
        (True, "General"),
        (1.5e17, "0"),
        (1.1, "General"),
        (10001, "#,##0,"),
        (10001, ";;;"),
        (10001, "0 RMB"),
    ],
)
def test_an_error_file_that_was_not_corrected_is_refused_again(one: Office, held: object, code: str) -> None:
    for number in ("10001", "1.1"):
        one.hires(number)
    made = sheet([WEEKS, (held, "2026-W07", 44)], {"A2": code})
    done = one.brings("attendance", saved(made), filename="file.xlsx")
    again = one.brings(
        "attendance", one.bucket.get(f"imports/{done.import_id}/errors.xlsx"), filename="e.xlsx"
    )
    assert (done.counts, again.counts) == (Counts(rejected=1), Counts(rejected=1))


# --- formulas ---------------------------------------------------------------------------------------------------------

FULL: Final = '<calcPr calcId="1" fullCalcOnLoad="1"/>'


@pytest.mark.parametrize(
    ("cell", "book"),
    [
        ("<c><f>A1</f></c>", ""),
        ("<c><f>A1</f><v></v></c>", ""),
        ("<c><f>A1</f><v/></c>", ""),
        ('<c t="s"><f>A1</f></c>', ""),
        ('<c><f t="shared" si="0"/></c>', ""),
        ('<c><f t="array" ref="A2:A2">A1:A1</f></c>', ""),
        ('<c t="str"><f>A1</f><v></v></c>', FULL),
        ("<c><f>A1</f><v>0</v></c>", FULL),
        ('<c t="str"><f>A1</f><v>of the template</v></c>', FULL),
    ],
)
def test_a_formula_that_nobody_has_calculated_is_not_empty(cell: str, book: str) -> None:
    (row,) = table(raw(cell, book=book)).rows()
    assert (row.cells, row.marks) == (["#N/A"], {0: Mark(MarkKind.NO_VALUE)})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><f>A1</f><v>7</v></c>", "7"),
        ('<c t="str"><f>A1</f><v>x</v></c>', "x"),
        ('<c t="b"><f>A1</f><v>1</v></c>', "TRUE"),
        ('<c t="e"><f>A1</f><v>#REF!</v></c>', "#N/A"),
    ],
)
def test_a_formula_counts_as_what_it_came_to(cell: str, text: str) -> None:
    (row,) = table(raw(cell)).rows()
    assert row.cells == [text]


def test_a_formula_that_came_to_an_empty_text_is_empty() -> None:
    (row,) = table(raw('<c><v>1</v></c><c t="str"><f>IF(A2=1,"","x")</f><v></v></c><c><v>2</v></c>')).rows()
    assert (row.cells, set(row.marks)) == (["1", "", "2"], {0, 2})


def test_the_cells_that_an_array_would_fill_are_not_empty_either() -> None:
    rows = [
        '<row r="2"><c><v>1</v></c><c><f t="array" ref="B2:C3">x</f></c></row>',
        '<row r="3"><c><v>2</v></c></row><row r="4"><c><v>3</v></c></row>',
    ]
    found = list(table(bombs.xlsx(rows)).rows())
    assert [row.cells for row in found] == [["1", "#N/A", "#N/A"], ["2", "#N/A", "#N/A"], ["3"]]
    kinds = [[mark.kind for mark in row.marks.values()] for row in found]
    assert [kind.count(MarkKind.NO_VALUE) for kind in kinds] == [2, 2, 0]


def test_a_formula_without_a_value_clears_nothing(one: Office) -> None:
    number = "10001"
    employee = one.hires(number)
    before = one.employees.get(employee)
    made = sheet([("工号", "部门"), (number, "=VLOOKUP(A2,Sheet2!A:B,2,0)")])
    done = one.brings("people", saved(made), filename="people.xlsx")
    assert done.counts == Counts(rejected=1)
    assert [line["rule"] for line in one.report(done.import_id)] == ["cell_not_calculated"]
    again = one.brings("people", one.bucket.get(f"imports/{done.import_id}/errors.xlsx"), filename="e.xlsx")
    assert again.counts == Counts(rejected=1)
    assert one.employees.get(employee) == before


# --- merged cells -----------------------------------------------------------------------------------------------------


def merged(rows: Sequence[Sequence[Any]], *merges: str, formats: dict[str, str] | None = None) -> bytes:
    made = sheet(rows, formats)
    for one in merges:
        made.merge_cells(one)
    return saved(made)


def cells_of(content: bytes) -> list[list[str]]:
    return [row.cells for row in table(content).rows()]


def test_what_is_merged_down_a_column_is_each_rows() -> None:
    content = merged([("工号", "部门"), ("1", "运营部"), ("2", None), ("3", None), ("4", "设计部")], "B2:B4")
    assert cells_of(content) == [["1", "运营部"], ["2", "运营部"], ["3", "运营部"], ["4", "设计部"]]


def test_a_merged_day_or_number_stays_one() -> None:
    rows: list[Sequence[Any]] = [("工号", "入职日期", "级别"), ("1", date(2026, 3, 2), 7), ("2", None, None)]
    assert (
        outcomes(merged(rows, "B2:B3", "C2:C3"), ImportKind.PEOPLE)
        == [Person(starts_on=date(2026, 3, 2), level="7")] * 2
    )
    weeks: list[Sequence[Any]] = [WEEKS, (date(2026, 3, 12), "2026-W10", 40), (None, "2026-W11", 40)]
    found = outcomes(merged(weeks, "A2:A3"), ImportKind.ATTENDANCE)
    assert found == [[("employee_no", "cell_became_a_date")]] * 2


def test_what_is_merged_across_columns_says_nothing_of_the_further_ones() -> None:
    header = ("工号", "周", "工时", "加班")
    rows = [header, ("1", "2026-W10", 40, None), ("2", "2026-W10", 40, 2)]
    first, second = outcomes(merged(rows, "C2:D2"), ImportKind.ATTENDANCE)
    assert first == [("overtime_hours", "cell_merged")]
    assert isinstance(second, AttendanceWeek)
    assert second.overtime_hours == Decimal(2)


def test_a_block_is_filled_down_its_first_column_only() -> None:
    rows = [("工号", "周", "工时", "加班"), ("1", "2026-W10", 40, None), ("2", "2026-W10", None, None)]
    assert outcomes(merged(rows, "C2:D3"), ImportKind.ATTENDANCE) == [[("overtime_hours", "cell_merged")]] * 2


def test_a_column_without_a_name_may_be_merged_with_the_one_before() -> None:
    rows = [("工号", "姓名", None, "部门"), ("1", "周晓", None, "运营部")]
    content = merged(rows, "B1:C1", "B2:C2")
    assert table(content).headers == ("工号", "姓名", "", "部门")
    assert outcomes(content, ImportKind.PEOPLE) == [Person(name="周晓", department="运营部")]
    last = merged([("工号", "姓名"), ("1", "周晓", None, None)], "B2:D2")
    assert outcomes(last, ImportKind.PEOPLE) == [Person(name="周晓")]


def test_what_stands_under_a_merge_is_not_what_is_shown() -> None:
    foot = ['<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="A1:A1"/></mergeCells>']
    text = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = [
        f'<row r="2"><c><v>1</v></c>{text.format("运营部")}</row>',
        f'<row r="3"><c><v>2</v></c>{text.format("设计部")}</row>',
    ]
    head = f'<row r="1">{text.format("工号")}{text.format("部门")}</row>'
    content = bombs.xlsx(rows, head=head, foot=foot)
    assert outcomes(content, ImportKind.PEOPLE)[1] == [("department", "cell_two_readings")]
    same = bombs.xlsx([rows[0], rows[1].replace("设计部", "运营部")], head=head, foot=foot)
    assert outcomes(same, ImportKind.PEOPLE)[1] == Person(department="运营部")


def test_a_merged_title_is_no_header_and_merged_groups_stand_over_their_columns() -> None:
    rows = [
        ("2026 年 3 月考勤表", None, None, None),
        ("工号", "周", "考勤", None),
        (None, None, "工时", "加班"),
        ("1", "2026-W10", 40, 2),
    ]
    content = merged(rows, "A1:D1", "A2:A3", "B2:B3", "C2:D2")
    assert table(content, ImportKind.ATTENDANCE).headers == ("工号", "周", "工时", "加班")
    (found,) = outcomes(content, ImportKind.ATTENDANCE)
    assert isinstance(found, AttendanceWeek)
    assert (found.hours, found.overtime_hours) == (Decimal(40), Decimal(2))


def test_rows_that_hold_nothing_but_a_merge_are_none() -> None:
    content = merged([("工号", "部门"), ("1", "运营部")], "B2:B5000", "A1:A1")
    assert cells_of(content) == [["1", "运营部"]]
    empty = merged([("工号", "部门"), ("1", None), ("2", None)], "B2:B3")
    assert cells_of(empty) == [["1"], ["2"]]


def test_a_merge_that_begins_in_a_row_without_anything_says_nothing() -> None:
    foot = ['<mergeCells><mergeCell ref="B2:B4"/></mergeCells>']
    content = bombs.xlsx(['<row r="4"><c><v>2</v></c></row>'], foot=foot)
    assert cells_of(content) == [["2"]]


def test_a_merged_cell_clears_nothing(one: Office) -> None:
    employees = [one.hires(number) for number in ("10001", "10002")]
    done = one.brings("people", merged([("工号", "部门"), ("10001", "运营部"), ("10002", None)], "B2:B3"))
    assert done.counts == Counts(updated=2)
    found = map(one.employees.get, employees)
    assert [employee and employee.department for employee in found] == ["运营部", "运营部"]


def test_more_merges_than_rows_are_refused() -> None:
    def foot() -> Iterator[str]:
        yield "<mergeCells>"
        for row in range(2, MAX_MERGES + 3):
            yield f'<mergeCell ref="B{row}:C{row}"/>'
        yield "</mergeCells>"

    with pytest.raises(DomainError) as caught:
        table(bombs.xlsx(foot=foot()))
    assert caught.value.code is MigrationRefusal.FILE_TOO_MANY_MERGES
