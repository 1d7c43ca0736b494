"""A row of a file as what goes on record, or everything that is wrong with it, cell by cell (F1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.domain.employee import Employee
from rencai.domain.errors import CHINESE, ENGLISH, DomainError, Refusal
from rencai.domain.import_cells import number_of
from rencai.domain.import_columns import ERRORS_HEADER, FIELDS, ImportKind, ImportMapping, confirmed, guess
from rencai.domain.import_rows import (
    CellError,
    ImportRow,
    Person,
    Record,
    Reference,
    RowReader,
    cell_error,
    employee_of,
    read_row,
)
from rencai.domain.performance import Metric, MonthlyPerformance
from rencai.domain.records import LearningRecord, RecruitingRecord
from rencai.domain.signals import (
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveKind,
    Survey,
    SurveyAnswers,
    attendance_week,
)
from tests.unit.builders import EMPLOYEE, NOW

TODAY = date(2026, 11, 22)
PLAIN = ImportMapping(roles={"sales": ("销售", "Sales rep"), "general": ("其他",)})
PEOPLE = ("工号", "姓名", "岗位", "工作地点", "入职日期", "离职日期", "邮箱", "级别", "语言")
MONTH = ("工号", "月份", "绩效得分", "满分", "销售额", "销售目标", "币种", "ACoS", "库存周转率")
WEEK = ("工号", "周", "工时", "加班")
LEAVE = ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数", "已取消")
SURVEY = ("工号", "月份", "满意度", "压力", "建议")
COURSE = ("工号", "课程", "完成率", "考试成绩", "完成日期")
FINDING = ("工号", "面试日期", "能力项", "得分", "满分")


def row(
    kind: ImportKind,
    headers: Sequence[str],
    *cells: str,
    mapping: ImportMapping = PLAIN,
    language: str = CHINESE,
) -> ImportRow | list[CellError] | None:
    columns = confirmed(kind, guess(kind, headers, mapping), {}, mapping)
    return read_row(kind, 7, cells, columns, mapping, TODAY, language)


def record(kind: ImportKind, headers: Sequence[str], *cells: str, mapping: ImportMapping = PLAIN) -> Record:
    found = row(kind, headers, *cells, mapping=mapping)
    assert isinstance(found, ImportRow), found
    return found.record


def errors(
    kind: ImportKind,
    headers: Sequence[str],
    *cells: str,
    mapping: ImportMapping = PLAIN,
    language: str = CHINESE,
) -> list[CellError]:
    found = row(kind, headers, *cells, mapping=mapping, language=language)
    assert isinstance(found, list), found
    return found


def rules(kind: ImportKind, headers: Sequence[str], *cells: str, **how: Any) -> list[tuple[str, str]]:
    return [(error.field, error.rule) for error in errors(kind, headers, *cells, **how)]


def week(hours: str, overtime: str = "", header: str = "加班") -> AttendanceWeek:
    found = record(ImportKind.ATTENDANCE, (*WEEK[:3], header), "1", "2026-W46", hours, overtime)
    assert isinstance(found, AttendanceWeek)
    return found


# --- what each kind tells ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "headers", "cells", "told", "about"),
    [
        (
            ImportKind.RECRUITING,
            FINDING,
            ("10086", "2026-03-02", "沟通能力", "8", ""),
            RecruitingRecord(date(2026, 3, 2), "沟通能力", Decimal(8), Decimal(10)),
            None,
        ),
        (
            ImportKind.TRAINING,
            COURSE,
            ("10086", "亚马逊选品技巧", "90%", "", "2026/4/1"),
            LearningRecord("亚马逊选品技巧", Decimal(90), None, date(2026, 4, 1)),
            None,
        ),
        (
            ImportKind.PERFORMANCE,
            MONTH,
            ("10086", "2026年10月", "", "", "12,000", "12000", "美元", "35%", "6"),
            MonthlyPerformance(
                "2026-10",
                None,
                Decimal(100),
                (
                    Metric("acos", Decimal(35)),
                    Metric("inventory_turnover", Decimal(6)),
                    Metric("sales", Decimal(12000), Decimal(12000), "USD"),
                ),
            ),
            ("2026-10",),
        ),
        (
            ImportKind.ATTENDANCE,
            WEEK,
            ("10086", "2026-W46", "60", "20"),
            AttendanceWeek("2026-W46", Decimal(60), Decimal(20)),
            ("2026-W46",),
        ),
        (
            ImportKind.LEAVE,
            LEAVE,
            ("10086", "QJ-1", "病假", "2026-11-02", "2026-11-05", "4", "否"),
            Leave("QJ-1", LeaveKind.SICK, date(2026, 11, 2), date(2026, 11, 5), Decimal(4)),
            ("QJ-1",),
        ),
        (
            ImportKind.SURVEYS,
            SURVEY,
            ("10086", "2026-11", "", "2", " 压力很大 "),
            SurveyAnswers(Survey("2026-11", (("comment", None), ("stress", 2))), {"comment": "压力很大"}),
            ("2026-11",),
        ),
        (
            ImportKind.PEOPLE,
            PEOPLE,
            ("10086", "张三", "销售", "深圳", "2026-03-02", "", "", "junior", "中文"),
            Person("张三", "sales", "深圳", None, "junior", "", "zh-CN", date(2026, 3, 2), ""),
            (),
        ),
    ],
)
def test_f1_a_row_of_each_kind(
    kind: ImportKind,
    headers: tuple[str, ...],
    cells: tuple[str, ...],
    told: Record,
    about: tuple[str, ...] | None,
) -> None:
    found = row(kind, headers, *cells)
    assert isinstance(found, ImportRow)
    assert (found.number, found.reference, found.record) == (7, Reference("10086", None), told)
    assert found.identity[:3] == (kind.value, "no", "10086")
    if about is not None:
        assert found.identity[3:] == about


def test_a_leave_without_an_id_is_called_by_its_kind_and_first_day() -> None:
    found = record(ImportKind.LEAVE, LEAVE, "1", "", "年假", "2026-11-02", "2026-11-02", "0.5", "")
    assert found == Leave(
        "annual-2026-11-02", LeaveKind.ANNUAL, date(2026, 11, 2), date(2026, 11, 2), Decimal("0.5")
    )


def test_an_id_of_ours_says_who_it_is_as_well() -> None:
    found = row(ImportKind.ATTENDANCE, ("employee_id", *WEEK[1:]), EMPLOYEE, "2026-W46", "40", "")
    assert isinstance(found, ImportRow)
    assert found.reference == Reference(None, EMPLOYEE)
    assert found.identity == ("attendance", "id", EMPLOYEE, "2026-W46")


def test_a_competency_is_the_same_however_it_is_written() -> None:
    one = row(ImportKind.RECRUITING, FINDING, "1", "2026-03-02", "Team  work", "8", "")
    other = row(ImportKind.RECRUITING, FINDING, "1", "2026-03-02", "team work", "9", "")
    assert isinstance(one, ImportRow)
    assert isinstance(other, ImportRow)
    assert one.identity == other.identity


@pytest.mark.parametrize("cells", [(), ("", "", "", ""), (" ", "\u3000", "\n"), ("", "", "", "", "", "")])
def test_a_blank_row_is_nothing(cells: tuple[str, ...]) -> None:
    assert row(ImportKind.ATTENDANCE, WEEK, *cells) is None


# --- what people write ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("40", "40"),
        ("４０", "40"),
        ("40.5", "40.5"),
        (" 40 ", "40"),
        ("40.0", "40"),
        ("40:30", "40.5"),
        ("8:20:00", "8.3333"),
        ("+40", "40"),
        (".5", "0.5"),
        ("33.333333333333336", "33.3333"),
    ],
)
def test_hours_as_people_write_them(written: str, hours: str) -> None:
    assert week(written).hours == Decimal(hours)


def test_a_header_in_minutes_is_minutes() -> None:
    assert week("40", "90", "加班(分钟)").overtime_hours == Decimal("1.5")


@pytest.mark.parametrize(
    ("written", "header", "mapping", "sales"),
    [
        ("12,000", "销售额", PLAIN, ("12000", "CNY")),
        ("￥12,000.50", "销售额", PLAIN, ("12000.50", "CNY")),
        ("12000元", "销售额", PLAIN, ("12000", "CNY")),
        ("1.2万", "销售额", PLAIN, ("12000", "CNY")),
        ("1.2", "销售额(万元)", PLAIN, ("12000", "CNY")),
        ("1.2万", "销售额(万元)", PLAIN, ("12000", "CNY")),
        ("12000", "销售额(美元)", PLAIN, ("12000", "USD")),
        ("12,000 USD", "销售额", PLAIN, ("12000", "USD")),
        ("US$12,000", "销售额", PLAIN, ("12000", "USD")),
        ("$ 12,000", "销售额", PLAIN, ("12000", "USD")),
        ("$12,000", "销售额", ImportMapping(currency="HKD"), ("12000", "HKD")),
        ("12000", "销售额", ImportMapping(currency="USD"), ("12000", "USD")),
        ("-5", "销售额", PLAIN, ("-5", "CNY")),
    ],
)
def test_money_as_people_write_it(
    written: str, header: str, mapping: ImportMapping, sales: tuple[str, str]
) -> None:
    found = record(ImportKind.PERFORMANCE, ("工号", "月份", header), "1", "2026-10", written, mapping=mapping)
    assert isinstance(found, MonthlyPerformance)
    metric = found.metric("sales")
    assert metric is not None
    assert (metric.value, metric.currency) == (Decimal(sales[0]), sales[1])


def test_a_rows_money_is_in_one_currency() -> None:
    told = ("1", "2026-10", "", "", "12000元", "$12000", "", "", "")
    assert rules(ImportKind.PERFORMANCE, MONTH, *told) == [("sales_target", "cell_currency_differs")]
    told = ("1", "2026-10", "", "", "12000元", "12000", "USD", "", "")
    assert rules(ImportKind.PERFORMANCE, MONTH, *told) == [("sales", "cell_currency_differs")]


@pytest.mark.parametrize(
    ("written", "header", "percent"),
    [
        ("90", "完成率", "90"),
        ("90%", "完成率", "90"),
        ("90 ％", "完成率", "90"),
        ("0.9%", "完成率", "0.9"),
        ("0.9", "完成率(%)", "0.9"),
        ("0", "完成率", "0"),
        ("100.0", "完成率", "100"),
    ],
)
def test_a_share_is_in_percent(written: str, header: str, percent: str) -> None:
    found = record(ImportKind.TRAINING, ("工号", "课程", header), "1", "选品", written)
    assert isinstance(found, LearningRecord)
    assert found.completion_percent == Decimal(percent)


@pytest.mark.parametrize(("written", "meant"), [("0.9", "90%"), ("1", "100%")])
def test_a_share_that_may_be_a_fraction_is_asked_about(written: str, meant: str) -> None:
    (error,) = errors(ImportKind.TRAINING, COURSE, "1", "选品", written)
    assert (error.rule, error.suggestion) == ("cell_percent_ambiguous", meant)
    assert error.message == f"可以是 {meant},也可以是 {written}%;请带上百分号"


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02",
        "2026/3/2",
        "2026.03.02",
        "20260302",
        "2026年3月2日",
        "２０２６年３月２日",
        "2026-03-02 00:00:00",
        "2026-03-02T09:30:00",
        "2026/3/2 9:30",
        "2 Mar 2026",
        "02-March-2026",
        "Mar 2, 2026",
        "March 2nd, 2026",
    ],
)
def test_a_date_as_people_write_it(written: str) -> None:
    found = record(ImportKind.PEOPLE, ("工号", "入职日期"), "1", written)
    assert found == Person(starts_on=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("dates", "written", "day"),
    [
        (None, "22/03/2026", date(2026, 3, 22)),
        (None, "03-22-2026", date(2026, 3, 22)),
        (None, "03/03/2026", date(2026, 3, 3)),
        ("day-first", "02/03/2026", date(2026, 3, 2)),
        ("month-first", "02/03/2026", date(2026, 2, 3)),
    ],
)
def test_a_date_with_the_year_last(dates: Any, written: str, day: date) -> None:
    told = record(ImportKind.PEOPLE, ("工号", "入职日期"), "1", written, mapping=ImportMapping(dates=dates))
    assert told == Person(starts_on=day)


def test_a_date_that_can_be_two_is_refused_until_the_mapping_says_which() -> None:
    (error,) = errors(ImportKind.PEOPLE, ("工号", "入职日期"), "1", "02/03/2026")
    assert (error.rule, error.message) == (
        "cell_date_ambiguous",
        "可以是 2026-03-02,也可以是 2026-02-03;请写成其中之一",
    )
    strict = ImportMapping(dates="day-first")
    assert rules(ImportKind.PEOPLE, ("工号", "入职日期"), "1", "03/22/2026", mapping=strict) == [
        ("starts_on", "cell_not_a_date")
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2026-10",
        "2026/10",
        "2026.10",
        "202610",
        "2026年10月",
        "10/2026",
        "Oct 2026",
        "2026-10-31",
        "2026/10/1",
    ],
)
def test_a_month_as_people_write_it(written: str) -> None:
    found = record(ImportKind.PERFORMANCE, MONTH, "1", written, "80")
    assert isinstance(found, MonthlyPerformance)
    assert found.month == "2026-10"


@pytest.mark.parametrize(
    "written", ["2026-W10", "2026W10", "2026-w10", "2026年第10周", "2026-03-02", "2026/3/8"]
)
def test_a_week_as_people_write_it(written: str) -> None:
    found = record(ImportKind.ATTENDANCE, WEEK, "1", written, "40")
    assert isinstance(found, AttendanceWeek)
    assert found.week == "2026-W10"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("病假", LeaveKind.SICK),
        ("病 假", LeaveKind.SICK),
        ("Sick Leave", LeaveKind.SICK),
        ("调休", LeaveKind.COMP),
        ("婚假", LeaveKind.MARRIAGE),
        ("产假", LeaveKind.MATERNITY),
        ("陪产假", LeaveKind.PATERNITY),
        ("丧假", LeaveKind.BEREAVEMENT),
        ("事假", LeaveKind.PERSONAL),
        ("年休假", LeaveKind.ANNUAL),
        ("其他", LeaveKind.OTHER),
        ("annual", LeaveKind.ANNUAL),
    ],
)
def test_leave_by_its_names(written: str, kind: LeaveKind) -> None:
    found = record(ImportKind.LEAVE, LEAVE, "1", "", written, "2026-11-02", "2026-11-02", "1")
    assert isinstance(found, Leave)
    assert found.kind is kind


@pytest.mark.parametrize(
    ("written", "cancelled"),
    [
        ("是", True),
        ("否", False),
        ("", False),
        ("已撤销", True),
        ("已批准", False),
        ("YES", True),
        ("FALSE", False),
        ("√", True),
    ],
)
def test_a_leave_that_was_not_taken(written: str, cancelled: bool) -> None:
    found = record(ImportKind.LEAVE, LEAVE, "1", "", "病假", "2026-11-02", "2026-11-02", "1", written)
    assert isinstance(found, Leave)
    assert found.cancelled is cancelled


def test_a_role_is_named_as_the_source_does_or_by_its_id() -> None:
    assert record(ImportKind.PEOPLE, ("工号", "岗位"), "1", "sales rep") == Person(role="sales")
    assert record(ImportKind.PEOPLE, ("工号", "岗位"), "1", "general") == Person(role="general")
    assert record(ImportKind.PEOPLE, ("工号", "岗位"), "1", "finance", mapping=ImportMapping()) == Person(
        role="finance"
    )
    assert rules(ImportKind.PEOPLE, ("工号", "岗位"), "1", "财务", mapping=ImportMapping()) == [
        ("role", "cell_not_an_identifier")
    ]


# --- what is wrong ----------------------------------------------------------------------------------------------------


def test_f1_all_errors_of_a_row_are_told_at_once_with_what_would_be_right() -> None:
    assert errors(ImportKind.LEAVE, LEAVE, "", "", "病价", "2026/13/01", "46338", "1.5天", "也许") == [
        CellError("工号", "employee_no", "", "cell_required", "不能为空", "例如 10086"),
        CellError(
            "请假类型",
            "kind",
            "病价",
            "cell_not_an_option",
            "应为以下之一:年假, 病假, 事假, 调休, 婚假, 产假, 陪产假, 丧假, 其他",
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
        CellError("已取消", "cancelled", "也许", "cell_not_an_option", "应为以下之一:是, 否", "例如 否"),
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
        (ImportKind.ATTENDANCE, WEEK, ("1", "W46", "40", ""), "2026-W46"),
        (ImportKind.ATTENDANCE, WEEK, ("1", "202646", "40", ""), "2026-W46"),
        (ImportKind.ATTENDANCE, WEEK, ("10086.0", "2026-W46", "40", ""), "10086"),
        (ImportKind.ATTENDANCE, WEEK, ('="10086"', "2026-W46", "40", ""), "10086"),
        (ImportKind.ATTENDANCE, WEEK, ("1.0086E+04", "2026-W46", "40", ""), "例如 10086"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "10月", "80"), "2026-10"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "46296", "80"), "2026-10"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "(500)"), "-500"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "12.000,50"), "12000.50"),
        (ImportKind.PERFORMANCE, MONTH, ("1", "2026-10", "", "", "1.2E+04"), "12000"),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-11", "4分", ""), "4"),
        (ImportKind.SURVEYS, SURVEY, ("1", "2026-11", "4.5", ""), "例如 4"),
        (ImportKind.PEOPLE, ("工号", "入职日期"), ("1", "2026-02-30"), "2026-02-28"),
        (ImportKind.PEOPLE, ("工号", "入职日期"), ("1", "26-3-2"), "2026-03-02"),
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
    found = read_row(ImportKind.ATTENDANCE, 2, ["1", "x"], columns, PLAIN, TODAY, CHINESE)
    assert isinstance(found, list)
    assert {error.field for error in found} == {"week", "hours"}


def test_what_another_rule_says_is_told_of_the_same_column() -> None:
    columns = guess(ImportKind.ATTENDANCE, WEEK, PLAIN)
    refused = DomainError(Refusal.EMPLOYEE_UNMATCHED, reference="10086")
    assert cell_error(refused, "employee_no", ["10086", "2026-W46", "40"], columns, CHINESE) == CellError(
        "工号", "employee_no", "10086", "employee_unmatched", refused.text(CHINESE), ""
    )


# --- properties -------------------------------------------------------------------------------------------------------

SCRAPS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ("1", "2026-W46", "40", "病假", "2026-11-02", "0.5", "90%", "1e9999", "12,000", "是", "-", "9" * 400)
    ),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.dates().map(str),
)


@given(st.sampled_from(ImportKind), st.sampled_from((CHINESE, ENGLISH)), st.data())
def test_whatever_the_cells_a_row_is_read_or_told_what_is_wrong(
    kind: ImportKind, language: str, data: st.DataObject
) -> None:
    columns = guess(kind, [one.zh for one in FIELDS[kind]], PLAIN)
    cells = data.draw(st.lists(SCRAPS, max_size=len(columns) + 2))
    found = RowReader(kind, columns, PLAIN, TODAY, language).read(2, cells)
    if isinstance(found, list):
        assert found
        assert all(len(error.value) <= 40 and error.message for error in found)
        assert len({error.field for error in found}) == len(found)
    elif found is None:
        assert not "".join(cells).strip()


@given(st.decimals(0, 170, places=4), st.one_of(st.none(), st.decimals(0, 170, places=4)), st.integers(1, 60))
def test_f1_a_row_is_taken_exactly_when_the_api_takes_it(
    hours: Decimal, overtime: Decimal | None, number: int
) -> None:
    name = f"2026-W{number:02}"
    found = row(ImportKind.ATTENDANCE, WEEK, "1", name, str(hours), "" if overtime is None else str(overtime))
    try:
        assert number <= 53
        report = AttendanceReport(hours=hours, overtime_hours=overtime)
        told = attendance_week(name, report, TODAY)
    except (ValueError, AssertionError, DomainError):
        assert isinstance(found, list)
    else:
        assert isinstance(found, ImportRow)
        assert found.record == told


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_number_reads_back_as_it_was_written(number: Decimal) -> None:
    assert number_of(str(number)) == number
    assert number_of(f"{number:,}") == number


# --- over what is known -----------------------------------------------------------------------------------------------

NEW = Person("张三", "sales", "深圳", starts_on=date(2026, 3, 2))


def employee(person: Person = NEW, known: Employee | None = None, number: str | None = "10086") -> Employee:
    return employee_of(person, known, EMPLOYEE, NOW, number)


def test_a_new_person_is_as_the_row_says() -> None:
    assert employee() == Employee(
        employee_id=EMPLOYEE,
        name="张三",
        role="sales",
        location="深圳",
        starts_on=date(2026, 3, 2),
        created_at=NOW,
        employee_no="10086",
    )


def test_what_a_file_has_no_column_of_stays_and_an_empty_cell_clears() -> None:
    known = replace(
        employee(), level="junior", email="a@example.com", candidate_id="cand_01ABC", profile_of="int-1"
    )
    told = employee(Person(level="", left_on=date(2026, 11, 1)), known, None)
    assert told == replace(known, level=None, left_on=date(2026, 11, 1))
    assert employee(Person(left_on=""), told, "20001") == replace(known, level=None, employee_no="20001")


@pytest.mark.parametrize("field", ["name", "role", "location", "starts_on"])
def test_a_new_person_needs_what_an_employee_cannot_be_without(field: str) -> None:
    lacking: dict[str, Any] = {field: None}
    with pytest.raises(DomainError) as caught:
        employee(replace(NEW, **lacking))
    assert (caught.value.code, caught.value.path) == (Refusal.CELL_REQUIRED, field)


def test_the_last_day_is_held_against_the_first_day_that_is_known() -> None:
    with pytest.raises(DomainError) as caught:
        employee(Person(left_on=date(2026, 3, 1)), employee())
    assert (caught.value.code, caught.value.path) == (Refusal.LEFT_BEFORE_START, "left_on")


def test_the_same_row_again_changes_nothing() -> None:
    once = employee()
    assert employee(known=once) == once
