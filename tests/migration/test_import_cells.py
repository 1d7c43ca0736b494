"""A cell of a file as people write it: hours, money, shares, dates, names (F1)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.rows import Person
from tests.migration.import_rows import COURSE, LEAVE, MONTH, PLAIN, WEEK, errors, record, rules


def week(hours: str, overtime: str = "", header: str = "加班") -> AttendanceWeek:
    found = record(ImportKind.ATTENDANCE, (*WEEK[:3], header), "1", "2026-W46", hours, overtime)
    assert isinstance(found, AttendanceWeek)
    return found


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
    "written", ["2026-W10", "2026W10", "2026-w10", "2026年第10周", "2026-03-02", "2026/3/7"]
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


@pytest.mark.parametrize(
    ("written", "rule", "suggestion"),
    [
        ("a@b.cn; c@d.cn", "cell_several_emails", "例如 name@example.com"),
        ("a@b.cn,c@d.cn", "cell_several_emails", "例如 name@example.com"),
        ("a@b.cn / 张三 <c@d.cn>", "cell_several_emails", "例如 name@example.com"),
        ("c@d.cn(张三)", "cell_not_an_email", "c@d.cn"),
        ("张三 c@d.cn", "cell_not_an_email", "c@d.cn"),
        ("d@example..com", "cell_not_an_email", "例如 name@example.com"),
    ],
)
def test_an_address_that_is_not_one(written: str, rule: str, suggestion: str) -> None:
    (error,) = errors(ImportKind.PEOPLE, ("工号", "邮箱"), "1", written)
    assert (error.rule, error.suggestion) == (rule, suggestion)
    if rule == "cell_several_emails":
        assert error.message == "有多个邮箱地址:“a@b.cn”、“c@d.cn”;请只写一个"


@pytest.mark.parametrize(
    "written", ["a@b.cn;", "b <a@b.cn>", "mailto:a@b.cn", "a@b.cn。", "a@b.cn; A@b.cn", "<a@b.cn>,"]
)
def test_an_address_with_a_tail_is_that_address(written: str) -> None:
    found = record(ImportKind.PEOPLE, ("工号", "邮箱"), "1", written)
    assert isinstance(found, Person)
    assert (found.email or "").casefold() == "a@b.cn"


@pytest.mark.parametrize("written", ["10086¹", "10086①", "10086²", "10086½"])
def test_a_note_at_a_number_is_no_part_of_it(written: str) -> None:
    assert rules(ImportKind.PEOPLE, ("工号", "岗位"), written, "general") == [
        ("employee_no", "cell_not_an_identifier")
    ]
