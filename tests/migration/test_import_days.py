"""Days, months and weeks as people write them (F1): what can be two is refused with both, and no year is made up."""

import re
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, iso_week
from rencai.kernel.errors import CHINESE, ENGLISH
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.rows import CellError, ImportRow, Person
from tests.migration.import_rows import PLAIN, row

FIRST: Final = (
    "Week starting", "week start", "Week Start Date", "Week commencing", "W/C", "Week beginning", "First day of week",
    "周开始日期", "周起始日期", "周首日",
)  # fmt: skip
LAST: Final = (
    "Week ending", "Week end", "Week End Date", "W/E", "周结束日期", "周截止日期", "Last day of week",
)  # fmt: skip
PLAIN_HEADERS: Final = ("周", "Week", "考勤周", "week of", "周日期", "周起止", "周起止日期")


def _week(
    cell: str, header: str = "周", language: str = CHINESE, mapping: ImportMapping = PLAIN
) -> str | CellError:
    found = row(
        ImportKind.ATTENDANCE, ("工号", header, "工时"), "1", cell, "40", mapping=mapping, language=language
    )
    if isinstance(found, list):
        (error,) = found
        assert error.field == "week"
        return error
    assert isinstance(found, ImportRow)
    assert isinstance(found.record, AttendanceWeek)
    return found.record.week


def _told(cell: str, what: str, mapping: ImportMapping = PLAIN, language: str = CHINESE) -> Any:
    """The value of a cell of a day or a month, or what is wrong with it."""
    if what == "day":
        found = row(ImportKind.PEOPLE, ("工号", "入职日期"), "1", cell, mapping=mapping, language=language)
    else:
        found = row(
            ImportKind.PERFORMANCE,
            ("工号", "月份", "绩效得分"),
            "1",
            cell,
            "80",
            mapping=mapping,
            language=language,
        )
    if isinstance(found, list):
        (error,) = found
        return error
    assert isinstance(found, ImportRow)
    if isinstance(found.record, Person):
        return found.record.starts_on
    assert isinstance(found.record, MonthlyPerformance)
    return found.record.month


# --- weeks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", FIRST)
def test_a_week_that_starts_on_a_sunday_lies_in_two(header: str) -> None:
    for cell in ("2026-03-01", "2026/3/1", "1 Mar 2026", "2026年3月1日", "2026-03-01 00:00:00"):
        found = _week(cell, header)
        assert isinstance(found, CellError)
        assert (found.rule, found.suggestion) == ("cell_week_ambiguous", "例如 2026-W10")
        assert found.message == "ISO 周从星期一到星期日,这里可以是 2026-W09,也可以是 2026-W10;请写成其中之一"
    english = _week("2026-03-01", header, ENGLISH)
    assert isinstance(english, CellError)
    assert "2026-W09 or 2026-W10" in english.message
    assert _week("2026-03-02", header) == "2026-W10"
    assert _week("2026-W10", header) == "2026-W10"


@pytest.mark.parametrize("header", LAST)
def test_a_week_that_ends_on_a_saturday_lies_in_two(header: str) -> None:
    for cell in ("2026-03-07", "2026-03-06"):
        found = _week(cell, header)
        assert isinstance(found, CellError)
        assert found.rule == "cell_week_ambiguous"
        assert "2026-W09" in found.message
        assert "2026-W10" in found.message
    assert _week("2026-03-08", header) == "2026-W10"
    assert _week("2026-03-01", header) == "2026-W09"


@pytest.mark.parametrize("header", PLAIN_HEADERS)
def test_a_sunday_of_which_nothing_is_said_is_of_two_weeks(header: str) -> None:
    found = _week("2026-03-01", header)
    assert isinstance(found, CellError)
    assert "2026-W09" in found.message
    assert "2026-W10" in found.message
    for day in range(2, 8):
        assert _week(f"2026-03-{day:02}", header) == "2026-W10"


@given(st.dates(date(2020, 1, 1), date(2026, 11, 15)), st.sampled_from((*FIRST, *LAST, *PLAIN_HEADERS)))
def test_a_day_stands_for_a_week_it_is_in_or_for_none(day: date, header: str) -> None:
    found = _week(day.isoformat(), header)
    weekday = day.isoweekday()
    if header in FIRST:
        seven = [day + timedelta(days=one) for one in range(7)]
        sure = weekday == 1
    elif header in LAST:
        seven = [day - timedelta(days=one) for one in range(6, -1, -1)]
        sure = weekday == 7
    else:
        seven = [day, day + timedelta(days=1)]
        sure = weekday != 7
    if sure:
        assert found == iso_week(day)
    else:
        assert isinstance(found, CellError)
        assert re.findall(r"\d{4}-W\d{2}", found.message) == [iso_week(seven[0]), iso_week(seven[-1])]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02~2026-03-08",
        "2026/3/2 - 2026/3/8",
        "2026/3/2-2026/3/6",
        "2026.3.2～2026.3.8",
        "2026年3月2日至2026年3月8日",
        "2026-03-02 to 2026-03-08",
        "2026-03-04~2026-03-05",
    ],
)
def test_a_span_within_a_week_is_that_week(cell: str) -> None:
    assert _week(cell) == _week(cell, "周起止日期") == "2026-W10"


@pytest.mark.parametrize(
    "cell", ["2026-03-01~2026-03-07", "2026/2/28-2026/3/6", "2026年3月4日至2026年3月10日"]
)
def test_a_span_over_two_weeks_is_refused_with_both(cell: str) -> None:
    found = _week(cell)
    assert isinstance(found, CellError)
    assert found.rule == "cell_week_ambiguous"


@pytest.mark.parametrize(
    "cell", ["2026-03-02~2026-03-15", "2026-03-08~2026-03-02", "2026-03", "2026-10", "202610"]
)
def test_what_is_no_week(cell: str) -> None:
    found = _week(cell)
    assert isinstance(found, CellError)
    assert (found.rule, found.suggestion) == ("cell_not_a_week", "例如 2026-W10")


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("W10", ["????-W10"]),
        ("10", ["????-W10"]),
        ("第10周", ["????-W10"]),
        ("week 10", ["????-W10"]),
        ("26-W10", ["2026-W10"]),
        ("26W10", ["2026-W10"]),
        ("26年第10周", ["2026-W10"]),
        ("26/3/2", ["2026-03-02"]),
    ],
)
def test_a_week_without_its_year(cell: str, readings: list[str]) -> None:
    found = _week(cell)
    assert isinstance(found, CellError)
    assert (found.rule, found.suggestion) == ("cell_year_unclear", "例如 2026-W10")
    assert found.message == f"没有四位的年份,可以是“{'”、“'.join(readings)}”;请写全年份,例如 2026-W10"


# --- years ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("03-05-12", ["2003-05-12", "2012-05-03", "2012-03-05"]),
        ("03/05/12", ["2003-05-12", "2012-05-03", "2012-03-05"]),
        ("03.05.12", ["2003-05-12", "2012-05-03", "2012-03-05"]),
        ("26/3/2", ["2026-03-02"]),
        ("26-3-2", ["2026-03-02"]),
        ("26.3.2", ["2026-03-02"]),
        ("3/5/26", ["2026-05-03", "2026-03-05"]),
        ("13/5/26", ["2013-05-26", "2026-05-13"]),
        ("5/13/26", ["2026-05-13"]),
        ("31/12/99", ["1999-12-31"]),
        ("99-12-31", ["1999-12-31"]),
        ("26年3月2日", ["2026-03-02"]),
        ("98年3月2日", ["1998-03-02"]),
        ("２６／３／５", ["2026-03-05"]),
        ("260305", ["2026-03-05", "2005-03-26"]),
        ("5-Mar-26", ["2026-03-05"]),
        ("05-Mar-26", ["2005-03-26", "2026-03-05"]),
        ("5 March 26", ["2026-03-05"]),
        ("Mar 5, 26", ["2026-03-05"]),
        ("March 5th, '26", ["2026-03-05"]),
        ("3/5/26 9:30", ["2026-05-03", "2026-03-05"]),
        ("Mar-26", ["????-03-26", "2026-03"]),
        ("26-Mar", ["????-03-26", "2026-03"]),
        ("3-5", ["????-03-05", "????-05-03"]),
        ("3/5", ["????-03-05", "????-05-03"]),
        ("3月5日", ["????-03-05"]),
        ("3月5号", ["????-03-05"]),
        ("2月29日", ["????-02-29"]),
        ("3/26", ["????-03-26", "2026-03"]),
        ("Mar 5", ["????-03-05"]),
        ("3月", ["????-03"]),
        ("March", ["????-03"]),
    ],
)
def test_a_day_without_a_whole_year_is_refused_with_all_it_can_be(cell: str, readings: list[str]) -> None:
    found = _told(cell, "day")
    assert isinstance(found, CellError), found
    told = re.findall(r"[\d?]{4}-\d{2}(?:-\d{2})?", found.message.split(";")[0])
    assert found.rule == "cell_year_unclear"
    assert set(readings) <= set(told), told
    # Proposed is the form, and none of them.
    assert found.suggestion == "例如 2026-11-22"


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("Mar-26", ["2026-03", "????-03-26"]),
        ("26-Mar", ["2026-03", "????-03-26"]),
        ("Mar '26", ["2026-03"]),
        ("Mar'26", ["2026-03"]),
        ("March 26", ["2026-03", "????-03-26"]),
        ("26-03", ["2026-03", "????-03-26"]),
        ("03/26", ["2026-03", "????-03-26"]),
        ("26年3月", ["2026-03"]),
        ("26年03月份", ["2026-03"]),
        ("10-11", ["2010-11", "2011-10", "????-10-11", "????-11-10"]),
        ("3月", ["????-03"]),
        ("3月份", ["????-03"]),
        ("Oct", ["????-10"]),
        ("October", ["????-10"]),
        ("3/5/26", ["2026-05-03", "2026-03-05"]),
    ],
)
def test_a_month_without_a_whole_year_is_refused_with_all_it_can_be(cell: str, readings: list[str]) -> None:
    found = _told(cell, "month")
    assert isinstance(found, CellError), found
    told = re.findall(r"[\d?]{4}-\d{2}(?:-\d{2})?", found.message.split(";")[0])
    assert (found.rule, set(told)) == ("cell_year_unclear", set(readings))
    assert found.suggestion.startswith("例如 20")


def test_a_month_that_lost_its_zero_may_be_october() -> None:
    found = _told("2026.1", "month")
    assert isinstance(found, CellError)
    assert (found.rule, found.message) == (
        "cell_month_ambiguous",
        "可以是 2026-01,也可以是 2026-10;请写成其中之一",
    )
    assert _told("2026.10", "month") == "2026-10"
    assert _told("2026.01", "month") == _told("2026-1", "month") == _told("2026年1月", "month") == "2026-01"


def test_the_order_that_a_source_writes_leaves_fewer_readings() -> None:
    found = _told("03/05/12", "day", ImportMapping(dates="day-first"))
    assert "2012-05-03" in found.message
    assert "2012-03-05" not in found.message
    found = _told("03/05/12", "day", ImportMapping(dates="month-first"))
    assert "2012-03-05" in found.message
    assert "2012-05-03" not in found.message


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026-13-01", "0000-00-00x", "31/02/2026", "2026-03-021", "2569-03-02"]
)
def test_a_day_that_there_is_not_is_not_mended(cell: str) -> None:
    found = _told(cell, "day")
    assert isinstance(found, CellError)
    assert found.suggestion in ("例如 2026-11-22", "留空")


@given(
    st.dates(date(2000, 1, 1), date(2036, 12, 31)),
    st.sampled_from(["%y-%m-%d", "%d/%m/%y", "%m/%d/%y", "%d-%b-%y"]),
)
def test_of_a_short_year_what_was_meant_is_among_what_it_can_be(day: date, form: str) -> None:
    found = _told(f"{day:{form}}", "day")
    assert isinstance(found, CellError)
    assert day.isoformat() in found.message


@given(st.text("0123456789-/. 年月日Marchm'", min_size=1, max_size=12))
def test_no_year_is_made_up(text: str) -> None:
    for what in ("day", "month"):
        if not text.strip():
            continue
        found = _told(text, what)
        value = found.suggestion if isinstance(found, CellError) else str(found)
        year = re.search(r"\d{4}", value)
        if year and not value.startswith("例如"):
            # Five digits are the number that a spreadsheet keeps a day as.
            assert year[0] in text or re.fullmatch(r"\s*\d{5}\s*", text)
