"""Everything that is wrong with a row of a file, cell by cell (F1)."""

import pytest

from rencai.kernel.errors import CHINESE, ENGLISH, DomainError
from rencai.migration.rules.columns import ERRORS_HEADER, guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow, cell_error
from rencai.migration.rules.sheet.source import SourceRow
from tests.migration.import_rows import (
    COURSE,
    FINDING,
    LEAVE,
    MONTH,
    PEOPLE,
    PLAIN,
    SURVEY,
    TODAY,
    WEEK,
    errors,
    row,
    rules,
)


def test_f1_all_errors_of_a_row_are_told_at_once_with_what_would_be_right() -> None:
    assert errors(ImportKind.LEAVE, LEAVE, "", "", "病价", "2026/13/01", "46338", "1.5天", "也许") == [
        CellError("工号", "employee_no", "", "cell_required", "不能为空", "例如 10086"),
        CellError(
            "请假类型",
            "kind",
            "病价",
            "cell_not_an_option",
            "应为以下之一:“年假”、“病假”、“事假”、“调休”、“婚假”、“产假”、“陪产假”、“丧假”、“其他”",
            "病假",
        ),
        CellError(
            "开始日期",
            "starts_on",
            "2026/13/01",
            "cell_not_a_date",
            "应为日期,例如 2026-11-22",
            "例如 2026-11-22",
        ),
        CellError(
            "结束日期", "ends_on", "46338", "cell_not_a_date", "应为日期,例如 2026-11-22", "2026-11-12"
        ),
        CellError("天数", "days", "1.5天", "cell_not_a_number", "应为数字,例如 1.5", "1.5"),
        CellError("已取消", "cancelled", "也许", "cell_not_an_option", "应为以下之一:“是”、“否”", "例如 否"),
    ]


def test_errors_are_told_in_the_language_asked_for() -> None:
    told = ("1", "", "sick leav", "2026-11-02", "2026-11-01", "nought")
    assert errors(ImportKind.LEAVE, LEAVE, *told, language=ENGLISH) == [
        CellError(
            "请假类型",
            "kind",
            "sick leav",
            "cell_not_an_option",
            "It should be one of: annual, sick, personal, comp, marriage, maternity, paternity, bereavement, other",
            "sick",
        ),
        CellError(
            "天数",
            "days",
            "nought",
            "cell_not_a_number",
            "It should be a number, such as 1.5",
            "for example 1.5",
        ),
    ]


@pytest.mark.parametrize(
    ("kind", "headers", "cells", "found"),
    [
        (
            ImportKind.ATTENDANCE,
            WEEK,
            ("1", "2026-W46", "200", "-1"),
            [("hours", "less_than_equal"), ("overtime_hours", "greater_than_equal")],
        ),
        (
            ImportKind.ATTENDANCE,
            WEEK,
            ("1", "2026-W46", "40", "41"),
            [("overtime_hours", "overtime_beyond_hours")],
        ),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W48", "40", ""), [("week", "period_to_come")]),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2025-W53", "40", ""), [("week", "week_unknown")]),
        (
            ImportKind.ATTENDANCE,
            WEEK,
            ("1", "", "200", ""),
            [("week", "cell_required"), ("hours", "less_than_equal")],
        ),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W46", "#DIV/0!", ""), [("hours", "cell_formula_failed")]),
        (
            ImportKind.LEAVE,
            LEAVE,
            ("1", "", "病假", "2026-11-02", "2026-11-01", "1"),
            [("ends_on", "leave_ends_before_start")],
        ),
        (
            ImportKind.LEAVE,
            LEAVE,
            ("1", "", "病假", "2026-11-02", "2026-11-03", "3"),
            [("days", "leave_days_beyond")],
        ),
        (
            ImportKind.LEAVE,
            LEAVE,
            ("1", "", "病假", "2026-11-02", "2027-11-23", "3"),
            [("ends_on", "leave_too_far_ahead")],
        ),
        (
            ImportKind.LEAVE,
            LEAVE,
            ("1", "请/1", "病假", "2026-11-02", "2026-11-03", "0"),
            [("leave_id", "cell_not_an_identifier"), ("days", "greater_than")],
        ),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-12", "80"), [("month", "month_to_come")]),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "101"), [("score", "score_out_of_range")]),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10"), [("score", "cell_required")]),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "", "12000"), [("sales", "cell_required")]),
        (
            ImportKind.PERFORMANCE,
            MONTH,
            ("1", "2026-10", "", "", "12", "0", "??"),
            [("sales_target", "greater_than"), ("currency", "cell_not_an_option")],
        ),
        (
            ImportKind.PERFORMANCE,
            MONTH,
            ("1", "2026-10", "", "", "", "", "", "x"),
            [("acos", "cell_not_a_number")],
        ),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-11", "", "", ""), [("score:satisfaction", "cell_required")]),
        (
            ImportKind.SURVEYS,
            SURVEY,
            ("1", "2026-11", "0", "4.5", "x" * 2001),
            [
                ("score:satisfaction", "cell_not_an_option"),
                ("score:stress", "cell_not_an_option"),
                ("text:comment", "string_too_long"),
            ],
        ),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-12", "4"), [("month", "period_to_come")]),
        (
            ImportKind.TRAINING,
            COURSE,
            ("1", "选品", "101", "120", "2026-11-23"),
            [("completion_percent", "less_than_equal"), ("exam_score", "less_than_equal")],
        ),
        (
            ImportKind.TRAINING,
            COURSE,
            ("1", "选品", "100", "", "2026-11-23"),
            [("completed_on", "still_ahead")],
        ),
        (ImportKind.TRAINING, COURSE, ("1", "课" * 101, "100"), [("course", "string_too_long")]),
        (
            ImportKind.RECRUITING,
            FINDING,
            ("1", "2026-11-23", "沟通", "8"),
            [("interviewed_on", "still_ahead")],
        ),
        (
            ImportKind.RECRUITING,
            FINDING,
            ("1", "2026-11-22", "沟通", "11"),
            [("score", "score_out_of_range")],
        ),
        (
            ImportKind.PEOPLE,
            PEOPLE,
            ("1", "", "销售", "深", "2026-03-02", "2026-03-01"),
            [("name", "cell_required")],
        ),
        (
            ImportKind.PEOPLE,
            PEOPLE,
            ("1", "甲", "销售", "深", "2026-03-02", "2026-03-01"),
            [("left_on", "left_before_start")],
        ),
        (
            ImportKind.PEOPLE,
            PEOPLE,
            ("1", "甲" * 101, "出售", "", "x", "9999-12-31", "a@b", "", "法语"),
            [
                ("name", "cell_too_long"),
                ("role", "cell_not_an_option"),
                ("location", "cell_required"),
                ("starts_on", "cell_not_a_date"),
                ("left_on", "cell_not_a_date"),
                ("email", "cell_not_an_email"),
                ("locale", "cell_not_an_option"),
            ],
        ),
    ],
)
def test_f1_the_rules_of_the_api_are_told_of_the_column(
    kind: ImportKind, headers: tuple[str, ...], cells: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    assert rules(kind, headers, *cells) == found


@pytest.mark.parametrize(
    ("kind", "headers", "cells", "suggestion"),
    [
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W46", "40,5", ""), "40.5"),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W46", "40 小时", ""), "40"),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W46", "40", "无"), "留空"),
        (ImportKind.ATTENDANCE, WEEK, ("1", "2026-W46", "4o", ""), "例如 40"),
        (ImportKind.ATTENDANCE, WEEK, ("1", "202646", "40", ""), "2026-W46"),
        (ImportKind.ATTENDANCE, WEEK, ("10086.0", "2026-W46", "40", ""), "10086"),
        (ImportKind.ATTENDANCE, WEEK, ('="10086"', "2026-W46", "40", ""), "10086"),
        (ImportKind.ATTENDANCE, WEEK, ("1.0086E+04", "2026-W46", "40", ""), "例如 10086"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "46296", "80"), "2026-10"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "(500)"), "-500"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "12.000,50"), "12000.50"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "1.2E+04"), "12000"),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-11", "4分", ""), "4"),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-11", "4.5", ""), "例如 4"),
        (ImportKind.PEOPLE, ("工号", "入职日期"), ("1", "2026-02-30"), "例如 2026-11-22"),
        (ImportKind.PEOPLE, ("工号", "入职日期"), ("1", "2026-03-02T00:00:00Z"), "2026-03-02"),
        (ImportKind.PEOPLE, ("工号", "离职日期"), ("1", "9999-12-31"), "留空"),
        (ImportKind.PEOPLE, ("工号", "邮箱"), ("1", "-"), "留空"),
        (ImportKind.PEOPLE, ("工号", "岗位"), ("1", "资深销售"), "销售"),
        (ImportKind.LEAVE, LEAVE, ("1", "QJ/2026/1", "病假", "2026-11-02", "2026-11-02", "1"), "QJ-2026-1"),
    ],
)
def test_a_suggestion_says_what_was_probably_meant(
    kind: ImportKind, headers: tuple[str, ...], cells: tuple[str, ...], suggestion: str
) -> None:
    (error,) = errors(kind, headers, *cells)
    assert error.suggestion == suggestion


def test_a_long_cell_is_quoted_in_short_and_one_too_long_is_refused() -> None:
    (error,) = errors(ImportKind.ATTENDANCE, WEEK, "1", "2026-W46", "4" * 10_001, "")
    assert (error.rule, len(error.value), error.value[-1]) == ("cell_too_long", 40, "…")


def test_a_row_longer_than_the_header_is_refused_as_a_whole() -> None:
    (error,) = errors(ImportKind.ATTENDANCE, WEEK, "1", "2026-W46", "40", "", "x", "")
    assert (error.column, error.rule, error.message) == (
        "",
        "row_too_long",
        "这一行有 5 个单元格,表头只有 4 列",
    )


def test_the_column_of_errors_is_not_read() -> None:
    headers = (*WEEK, ERRORS_HEADER)
    assert isinstance(
        row(ImportKind.ATTENDANCE, headers, "1", "2026-W46", "40", "", "“工时” 不能为空"), ImportRow
    )
    assert row(ImportKind.ATTENDANCE, headers, "", "", "", "", "“工时” 不能为空") is None
    (error,) = errors(ImportKind.ATTENDANCE, headers, "1", "2026-W46", "40", "", "", "x")
    assert error.message == "这一行有 5 个单元格,表头只有 4 列"


def test_a_file_whose_columns_were_never_confirmed_gives_errors() -> None:
    columns = guess(ImportKind.ATTENDANCE, ["工号", "甲"], PLAIN)
    found = RowReader(ImportKind.ATTENDANCE, columns, PLAIN, TODAY, CHINESE).read(SourceRow(2, ["1", "x"]))
    assert isinstance(found, list)
    assert {error.field for error in found} == {"week", "hours"}


def test_what_another_rule_says_is_told_of_the_same_column() -> None:
    columns = guess(ImportKind.ATTENDANCE, WEEK, PLAIN)
    refused = DomainError(MigrationRefusal.EMPLOYEE_UNMATCHED, reference="10086")
    assert cell_error(refused, "employee_no", ["10086", "2026-W46", "40"], columns, CHINESE) == CellError(
        "工号", "employee_no", "10086", "employee_unmatched", refused.text(CHINESE), ""
    )
