"""What a cell of a spreadsheet shows is what is read of it, or it is refused with both readings (F1)."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord
from rencai.employees.rules.signals import AttendanceWeek
from rencai.kernel.errors import CHINESE, ENGLISH, LANGUAGES
from rencai.migration.rules.cells import Amount, Reading, read_cell
from rencai.migration.rules.fields import Field, ImportKind
from rencai.migration.rules.import_mapping import ImportMapping, field_of
from rencai.migration.rules.not_read import NotReadError
from rencai.migration.rules.rows import ImportRow, Person
from rencai.migration.rules.sheet.number_formats import UnknownFormatError, parsed_format
from rencai.migration.rules.sheet.shown import number_shown, text_shown
from rencai.migration.rules.sheet.source import UNKNOWN, Mark, MarkKind
from rencai.migration.rules.units import Scale
from tests.migration.import_sheets import TODAY, outcomes, raw, read, saved, sheet, table

ACCOUNTING: Final = '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)'
EURO: Final = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'


def cell(code: str, value: float, *, since_1904: bool = False) -> tuple[str, Mark | None]:
    try:
        format_ = parsed_format(code)
    except UnknownFormatError:
        format_ = None
    return number_shown(format_, repr(value), since_1904=since_1904)


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", 7302, "7302"),
        ("000000", 7302, "007302"),
        ("00-0000", 7302, "00-7302"),
        ("000\\-0000", 5551234, "555-1234"),
        ('"EMP"0000', 12, "EMP0012"),
        ('"EMP-"0000', 12, "EMP-0012"),
        ("\\A000", 7, "A007"),
        ('"2024"0000', 17, "20240017"),
        ("0000!-00", 202603, "2026-03"),
        ("0.00", 12.3456, "12.3456"),
        ("0.00", 12.5, "12.50"),
        ("#,##0.00", 12000.5, "12000.50"),
        ("#,##0", -12000, "-12000"),
        ("0%", 0.905, "90.5%"),
        ("0.00%", 0.9, "90.00%"),
        ('0.0"%"', 90, "90.0%"),
        ('"$"#,##0.00', 1234.5, "$1234.50"),
        ("[$$-409]#,##0.00", 1234.5, "USD1234.50"),
        ("[$$-en-US]#,##0", 5, "USD5"),
        ("[$$-C04]#,##0", 5, "HKD5"),
        ("[$€-407] 0.00", -5, "-EUR 5.00"),
        ("0.00 [$€-407]", 5, "5.00 EUR"),
        ("[$HKD] 0", 5, "HKD 5"),
        ("[$¥-804]#,##0", 5, "CNY5"),
        ("[$￥-411]#,##0", 5, "JPY5"),
        ("¥#,##0", 5, "¥5"),
        (EURO, 1234.5, "1234.50 €"),
        (EURO, -1234.5, "-1234.50 €"),
        (EURO, 0, "0"),
        (ACCOUNTING, -1234.5, "-1234.50"),
        (ACCOUNTING, 0, "0"),
        ("0;[Red]0", -5, "-5"),
        ("0.0;(0.0)", -5, "-5.0"),
        ('0.0,,"M"', 1234567, "1234567"),
        ('0.00,"K"', 12345, "12345"),
        ('0!.0,"万"', 12345, "12345"),
        ('0!.0,"万元"', 12345, "12345元"),
        ('"$"0.0,,"M"', 1234567, "$1234567"),
        ('0"小时"', 8, "8小时"),
        ('0"万"', 5, "5万"),
        ("# ?/?", 0.5, "0.5"),
        ("# ?/8", 1.125, "1.125"),
        ("0.00E+00", 12345, "12345"),
        ('[>=100]0"高";[<60]0"低";0', 55, "55低"),
        ("@", 7302, "7302"),
        ("General", 1 / 3, "0.333333333333333"),
        ("General", 5.5e-17, "0"),
        ("0", 880553660199010124, "8.8055366019901E+17"),
        ("General", 1e15, "1E+15"),
    ],
)
def test_a_number_is_read_with_what_its_format_says_and_all_of_its_digits(
    code: str, value: float, shown: str
) -> None:
    text, mark = cell(code, value)
    assert text == shown
    assert mark is not None
    assert mark.kind is MarkKind.NUMBER


@pytest.mark.parametrize(
    ("code", "value", "holds", "shows"),
    [
        ("#,##0,", 12345, "12345", "12"),
        ("0.0,,", 1234567, "1234567", "1.2"),
        ('0.0,"M"', 12345, "12345", "12.3M"),
        ('0.0,"万"', 12345, "12345", "12.3万"),
        ("0;0", -5, "-5", "5"),
        ("0;;0", -5, "-5", ""),
        (";;;", 5, "5", ""),
        ("0;-0;;@", 0, "0", ""),
        ("#,###", 0, "0", ""),
        ("#", 0.3, "0.3", ""),
        ('0;-0;"缺勤"', 0, "0", "缺勤"),
        ('[>=60]"及格";"不及格"', 59, "59", "不及格"),
        ("yyyy-mm-dd", -1, "-1", "#####"),
        ("yyyy-mm-dd", 20260302, "20260302", "#####"),
        ("h:mm", 1.6875, "40:30:00", "16:30"),
        ("h:mm", 46083.5, "2026-03-02 12:00:00", "12:00"),
        ("mm:ss", 0.028125, "00:40:30", "40:30"),
        ("[mm]:ss", 1.6875, "40:30:00", "2430:00"),
        ("0 RMB", 5, "5", UNKNOWN),
        ('0"', 5, "5", UNKNOWN),
        ("[weird]0", 5, "5", UNKNOWN),
        ("0;0;0;0;0", 5, "5", UNKNOWN),
        ("[>9]0;0.0;0.00", 5, "5", UNKNOWN),
        ("0" * 600, 5, "5", UNKNOWN),
    ],
)
def test_a_number_that_shows_another_thing_than_it_is_has_both(
    code: str, value: float, holds: str, shows: str
) -> None:
    assert cell(code, value) == (holds, Mark(MarkKind.UNSHOWN, shows))


@pytest.mark.parametrize(
    ("code", "value", "text", "shown"),
    [
        ("yyyy-mm-dd", 46083, "2026-03-02", ""),
        ("yyyy/m/d", 46083, "2026-03-02", "2026/3/2"),
        ('yyyy"年"m"月"d"日"', 46083, "2026-03-02", "2026年3月2日"),
        ('[$-804]yyyy"年"m"月"', 46083, "2026-03-02", "2026年3月"),
        ('m"月"d"日"', 46083, "2026-03-02", "3月2日"),
        ("yyyy.M", 46083, "2026-03-02", "2026.3"),
        ("yy-m-d", 46083, "2026-03-02", "26-3-2"),
        ("d-mmm", 46083, "2026-03-02", "2-Mar"),
        ("mmmm d, yyyy", 46083, "2026-03-02", "March 2, 2026"),
        ("aaaa", 46083, "2026-03-02", "星期一"),
        ("dd/mm/yyyy hh:mm", 46083.5, "2026-03-02 12:00:00", "02/03/2026 12:00"),
        ("m/d/yy h:mm AM/PM", 46083.75, "2026-03-02 18:00:00", "3/2/26 6:00 PM"),
        ("yyyy-mm-dd", 59, "1900-02-28", ""),
        ("yyyy-mm-dd", 60, "1900-02-29", ""),
        ("yyyy-mm-dd", 61, "1900-03-01", ""),
        ("[DBNum1]yyyy-m-d", 46083, "2026-03-02", ""),
        ("[$-107041E]d/m/bbbb", 46083, "2026-03-02", "2/3/2569"),
    ],
)
def test_a_day_is_read_whatever_part_of_it_is_shown(code: str, value: float, text: str, shown: str) -> None:
    assert cell(code, value) == (text, Mark(MarkKind.DATE, shown))


@pytest.mark.parametrize(
    ("code", "value", "text", "shown"),
    [
        ("h:mm", 0.35, "08:24:00", "8:24"),
        ("hh:mm:ss", 0.35, "08:24:00", ""),
        ("h:mm AM/PM", 0.75, "18:00:00", "6:00 PM"),
        ("[h]:mm", 1.6875, "40:30:00", "40:30"),
        ("[h]:mm:ss", 1.6875, "40:30:00", ""),
        ('h"时"mm"分"', 0.35, "08:24:00", "8时24分"),
    ],
)
def test_a_time_is_read_as_hours_minutes_and_seconds(code: str, value: float, text: str, shown: str) -> None:
    assert cell(code, value) == (text, Mark(MarkKind.TIME, shown))


def test_days_may_be_counted_from_1904() -> None:
    assert cell("yyyy-mm-dd", 44621, since_1904=True)[0] == "2026-03-02"
    assert cell("yyyy-mm-dd", 0, since_1904=True)[0] == "1904-01-01"
    content = saved(sheet([("工号", "入职日期"), ("1", date(2026, 3, 2))], since_1904=True))
    assert outcomes(content, ImportKind.PEOPLE) == [Person(starts_on=date(2026, 3, 2))]


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ("@", "0012", ("0012", None)),
        ('"EMP"@', "0012", ("EMP0012", None)),
        ("_(@_)", "0012", ("0012", None)),
        ('0;-0;0;@"号"', "3", ("3号", None)),
        ("0.00", "abc", ("abc", None)),
        (";;;", "abc", ("abc", Mark(MarkKind.UNSHOWN, ""))),
        ('0;0;0;"保密"', "abc", ("abc", Mark(MarkKind.UNSHOWN, "保密"))),
    ],
)
def test_a_text_has_what_its_format_puts_around_it(code: str, text: str, shown: object) -> None:
    assert text_shown(parsed_format(code).text, text) == shown


# --- what a field makes of it -----------------------------------------------------------------------------------------

PLAIN: Final = ImportMapping()


def field(kind: ImportKind, id_: str) -> Field:
    found = field_of(kind, id_, PLAIN)
    assert found
    return found


NO: Final = field(ImportKind.PEOPLE, "employee_no")
HOURS: Final = field(ImportKind.ATTENDANCE, "hours")
TURNOVER: Final = field(ImportKind.PERFORMANCE, "inventory_turnover")
SALES: Final = field(ImportKind.PERFORMANCE, "sales")
ACOS: Final = field(ImportKind.PERFORMANCE, "acos")
MONTH: Final = field(ImportKind.PERFORMANCE, "month")


def value_of(code: str, value: float, of: Field, scale: Scale | None = None) -> Any:
    """What a field makes of it, or the rule against it."""
    text, mark = cell(code, value)
    try:
        return read_cell(text, of, scale or Scale(), Reading(PLAIN, TODAY, CHINESE), mark)
    except NotReadError as refused:
        error = refused.error
    assert not any("{" in error.text(language) for language in LANGUAGES)
    return str(error.code)


@pytest.mark.parametrize(
    ("code", "value", "of", "meant"),
    [
        ('0"小时"', 8, HOURS, Decimal(8)),
        ('0"分钟"', 90, HOURS, Decimal("1.5")),
        ('0"天"', 5, HOURS, "cell_not_a_number"),
        ("[h]:mm", 1.6875, HOURS, Decimal("40.5")),
        ("h:mm", 1.6875, HOURS, "cell_two_readings"),
        ("mm:ss", 0.028125, HOURS, "cell_two_readings"),
        ("#,##0,", 12345, HOURS, "cell_two_readings"),
        ("0.000", 1.5, HOURS, Decimal("1.5")),
        ("General", 1.234, HOURS, Decimal("1.234")),
        ('0"次"', 6, TURNOVER, Decimal(6)),
        ('"¥"#,##0.0', 6, TURNOVER, Decimal(6)),
        ('0"万"', 6, TURNOVER, "cell_in_words"),
        ("0%", 0.5, TURNOVER, "cell_not_a_number"),
        ('"1"0', 5, TURNOVER, "cell_two_readings"),
        ('"-"0', 5, TURNOVER, "cell_two_readings"),
        ("00-0000", 7302, TURNOVER, "cell_two_readings"),
        ("0;0", -5, TURNOVER, "cell_two_readings"),
        (";;;", 5, TURNOVER, "cell_two_readings"),
        ("0 RMB", 5, TURNOVER, "cell_format_unknown"),
        ('"$"#,##0.00', 1234.5, SALES, Amount(Decimal("1234.50"), "USD")),
        ("[$$-C04]#,##0", -5, SALES, Amount(Decimal(-5), "HKD")),
        ("[$₩-412]#,##0", 5000, SALES, Amount(Decimal(5000), "KRW")),
        ("[$kr-41D]#,##0", 5000, SALES, Amount(Decimal(5000), "SEK")),
        ("[$$-2409]#,##0", 5000, SALES, "cell_two_readings"),
        (EURO, 1234.5, SALES, Amount(Decimal("1234.50"), "EUR")),
        (EURO, 0, SALES, Amount(Decimal(0), None)),
        ('0!.0,"万元"', 12345, SALES, Amount(Decimal(12345), "CNY")),
        ('0"万"', 5, SALES, Amount(Decimal(50000), None)),
        ("#,##0,", 12345, SALES, "cell_two_readings"),
        ("General", 1.234, SALES, Amount(Decimal("1.234"), None)),
        ("0%", 0.905, ACOS, Decimal("90.5")),
        ('0.0"%"', 0.9, ACOS, Decimal("0.9")),
        ("General", 0.9, ACOS, "cell_percent_ambiguous"),
        ("General", 1.234, ACOS, Decimal("1.234")),
        ("000000", 7302, NO, "007302"),
        ("00-0000", 7302, NO, "00-7302"),
        ('"2024"0000', 17, NO, "20240017"),
        ("0.00", 7302, NO, "7302"),
        ("#,##0", 17302, NO, "17302"),
        ("General", 1.1, NO, "cell_zero_lost"),
        ("0%", 0.5, NO, "cell_not_an_identifier"),
        ("[$¥-804]#,##0.00", 7302, NO, "cell_two_readings"),
        ('"$"#,##0', 7302, NO, "cell_two_readings"),
        (ACCOUNTING, 7302, NO, "7302"),
        (EURO, 7302, NO, "cell_two_readings"),
        ("#,##0,", 12345, NO, "cell_two_readings"),
        ("General", 880553660199010124, NO, "cell_digits_lost"),
        ("0", 880553660199010124, NO, "cell_digits_lost"),
        ("yyyy-mm-dd", 46083, NO, "cell_became_a_date"),
        ('m"月"d"日"', 46083, NO, "cell_became_a_date"),
        ("h:mm", 0.35, NO, "cell_became_a_time"),
        ("General", 2026.1, MONTH, "cell_month_ambiguous"),
        ("0.00", 2026.1, MONTH, "cell_month_ambiguous"),
        ("General", 2026.11, MONTH, "2026-11"),
        ("General", 2026.12, MONTH, "2026-12"),
        ("General", 2026.01, MONTH, "2026-01"),
        ("0.00", 2026.2, MONTH, "2026-02"),
        ("General", 202603, MONTH, "2026-03"),
        ("0.00", 202603, MONTH, "2026-03"),
        ("0000-00", 202603, MONTH, "2026-03"),
        ("0", 2026, MONTH, "cell_not_a_month"),
        ("yyyy-mm", 46083, MONTH, "2026-03"),
        ("yyyy.M", 46083, MONTH, "2026-03"),
    ],
)
def test_what_a_field_makes_of_a_number_and_its_format(
    code: str, value: float, of: Field, meant: object
) -> None:
    assert value_of(code, value, of) == meant


def test_both_readings_are_told_in_both_languages() -> None:
    content = saved(sheet([("工号", "周", "工时"), ("1", "2026-W10", 12345)], {"C2": "#,##0,"}))
    for language, message in (
        (CHINESE, "单元格里存的是“12345”,显示的是“12”;请只写其中正确的一个,并设为文本"),
        (ENGLISH, "The cell holds '12345' and shows '12'; write the one that is meant, as text"),
    ):
        ((error,),) = read(content, ImportKind.ATTENDANCE, language=language)  # type: ignore[misc]
        assert (error.column, error.value, error.message) == ("工时", "12345", message)


def test_a_value_that_a_flag_shows_in_words_is_the_same_in_both() -> None:
    content = raw(
        '<c t="inlineStr"><is><t>1</t></is></c><c t="inlineStr"><is><t>病假</t></is></c>'
        '<c t="inlineStr"><is><t>2026-03-02</t></is></c><c t="inlineStr"><is><t>2026-03-02</t></is></c>'
        '<c><v>1</v></c><c s="1"><v>1</v></c>',
        ['[=1]"是";[=0]"否"'],
        header=("工号", "假期类型", "开始日期", "结束日期", "天数", "已取消"),
    )
    (found,) = read(content, ImportKind.LEAVE)
    assert isinstance(found, ImportRow)
    assert found.record.cancelled  # type: ignore[union-attr]


# --- any format, any value --------------------------------------------------------------------------------------------

VALUES: Final = st.one_of(
    st.integers(-10_000_000, 10_000_000),
    st.decimals(-100_000, 100_000, places=3),
    st.sampled_from((Decimal(0), Decimal("0.0005"), Decimal("12.3456"), Decimal(999_999_999_999))),
).map(Decimal)
PATTERNS: Final = st.sampled_from(
    ("General", "0", "0.0", "0.00", "#,##0", "#,##0.00", "000000", "#", "#.##", "?0.0?", "0000.00", "#,###")
)
AROUND: Final = st.sampled_from(
    (
        "",
        '"$"',
        "¥",
        '"EMP"',
        '"1"',
        '"-"',
        "\\.",
        '" "',
        '"2024-"',
        "[$€-407]",
        "[$HKD]",
        "(",
        "+",
        "_(",
        "* ",
    )
)
BEHIND: Final = st.sampled_from(
    (
        "",
        '"元"',
        '"小时"',
        '"万"',
        '"K"',
        '"M"',
        "%",
        '"%"',
        '"0"',
        '".5"',
        ")",
        "_)",
        '"人"',
        '" €"',
        "[$USD]",
        ",",
    )
)
SECTIONS: Final = st.sampled_from(
    ("{0}", "{0};{0}", "{0};-{0}", "{0};({0})", "{0};[Red]{0}", '{0};-{0};"-"', "{0};-{0};")
)


@st.composite
def codes(draw: st.DrawFn) -> str:
    commas = draw(st.sampled_from(("", "", ",", ",,")))
    one = draw(AROUND) + draw(PATTERNS) + commas + draw(BEHIND)
    return draw(SECTIONS).format(one)


@given(codes(), VALUES)
def test_no_format_makes_another_number_of_a_value(code: str, value: Decimal) -> None:
    rounded = value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    for of in (TURNOVER, HOURS):
        found = value_of(code, float(value), of)
        assert isinstance(found, str) or found == rounded, (code, value)
    found = value_of(code, float(value), SALES)
    if isinstance(found, Amount):
        # 5万 is what is read where a format says 万 and divides nothing.
        times = 10_000 if '"万"' in code and "," not in code.replace("#,##", "") else 1
        assert found.value == (value * times).quantize(Decimal("0.0001"), ROUND_HALF_UP), (code, value)
        signs = {"$": "USD", "€": "EUR", "HKD": "HKD", "USD": "USD", "¥": "CNY", "元": "CNY"}
        named = {currency for sign, currency in signs.items() if sign in code.replace("[$", "[")}
        assert value == 0 or not named or {found.currency} == named, (code, value)
    found = value_of(code, float(value), ACOS)
    if isinstance(found, Decimal):
        percent = value * 100 if "%" in code.replace('"%"', "") else value
        assert found == percent.quantize(Decimal("0.0001"), ROUND_HALF_UP), (code, value)


ZEROS: Final = st.integers(1, 12).map(lambda width: "0" * width)


@given(
    st.sampled_from(("", "EMP", "A-", "2024", "工")),
    ZEROS,
    st.sampled_from(("", "号", "-X")),
    st.integers(0, 10**9),
)
def test_a_number_that_stands_for_a_name_is_read_as_it_is_shown(
    before: str, zeros: str, behind: str, value: int
) -> None:
    shown = f"{before}{value:0{len(zeros)}}{behind}"
    assert value_of(f'"{before}"{zeros}"{behind}"', value, NO) == shown


@given(st.text('0#?.,%;"\\!_*[]$-€¥@General/ yYmMdhsAPE+()=<>1234567890万元 aeg', max_size=30), VALUES)
def test_whatever_a_format_is_a_number_is_read_or_refused(code: str, value: Decimal) -> None:
    text, mark = cell(code, float(value))
    assert mark is not None
    assert isinstance(text, str)
    for of in (NO, HOURS, TURNOVER, SALES, ACOS, MONTH):
        value_of(code, float(value), of)


@given(st.datetimes(datetime(1900, 3, 1), datetime(2099, 12, 31)), st.booleans())  # noqa: DTZ001 - a sheet has no zone
def test_any_day_of_either_calendar_is_read(at: datetime, since_1904: bool) -> None:
    at = at.replace(microsecond=0)
    epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    days = (at - epoch) / timedelta(days=1)
    if days < 0:
        return
    text, mark = cell('yyyy"年"m"月"d"日" hh:mm:ss', days, since_1904=since_1904)
    assert text == (at.date().isoformat() if at.time() == time() else at.isoformat(" "))
    assert mark == Mark(MarkKind.DATE, f"{at.year}年{at.month}月{at.day}日 {at.time().isoformat()}")


# --- whole files ------------------------------------------------------------------------------------------------------


def test_a_number_keeps_the_zeros_that_its_format_shows() -> None:
    rows = [("工号", "姓名", "工作地点"), (7302, "周晓", "上海")]
    found = table(saved(sheet(rows, {"A2": "000000"})))
    assert [row.cells[0] for row in found.rows()] == ["007302"]


def test_a_month_as_a_number_that_may_be_two_is_refused_with_both() -> None:
    content = saved(
        sheet([("工号", "月份", "绩效得分"), ("1", 2026.10, 80), ("1", "2026.10", 80)], {"B2": "0.00"})
    )
    first, second = read(content, ImportKind.PERFORMANCE)
    assert isinstance(first, list)
    assert [(error.field, error.rule) for error in first] == [("month", "cell_month_ambiguous")]
    assert "2026-01" in first[0].message
    assert "2026-10" in first[0].message
    assert isinstance(second, ImportRow)
    assert isinstance(second.record, MonthlyPerformance)
    assert second.record.month == "2026-10"


def test_money_is_in_the_currency_its_format_shows() -> None:
    rows = [("工号", "月份", "销售额", "销售目标"), ("1", "2026-10", 12000, 15000)]
    content = saved(sheet(rows, {"C2": '"$"#,##0.00', "D2": "[$$-409]#,##0"}))
    ((record,)) = outcomes(content, ImportKind.PERFORMANCE)
    metric = record.metric("sales")
    assert (metric.value, metric.currency, metric.target) == (Decimal(12000), "USD", Decimal(15000))
    mixed = saved(sheet(rows, {"C2": '"$"#,##0.00', "D2": '"€"#,##0'}))
    assert outcomes(mixed, ImportKind.PERFORMANCE) == [[("sales_target", "cell_currency_differs")]]


def test_money_of_the_machine_that_shows_it_is_of_no_known_currency() -> None:
    content = raw(
        '<c><v>1</v></c><c t="inlineStr"><is><t>2026-10</t></is></c><c s="1"><v>5</v></c><c s="1"><v>6</v></c>',
        header=("工号", "月份", "销售额", "库存周转率"),
        styles='<xf numFmtId="44"/>',
    )
    assert outcomes(content, ImportKind.PERFORMANCE) == [[("sales", "cell_currency_unknown")]]


def test_a_share_is_read_as_its_percent_sign_shows_it() -> None:
    content = saved(sheet([("工号", "课程", "完成率"), ("1", "选品", 0.905)], {"C2": "0%"}))
    (record,) = outcomes(content, ImportKind.TRAINING)
    assert isinstance(record, LearningRecord)
    assert record.completion_percent == Decimal("90.5")


def test_hours_are_read_from_a_span_of_time() -> None:
    rows = [("工号", "周", "工时"), ("1", "2026-W10", timedelta(hours=40, minutes=30))]
    (record,) = outcomes(saved(sheet(rows)), ImportKind.ATTENDANCE)
    assert isinstance(record, AttendanceWeek)
    assert record.hours == Decimal("40.5")


def test_a_format_that_puts_words_before_a_text_counts_as_well() -> None:
    made = sheet([("工号", "姓名"), ("12", "周晓")], {"A2": '"EMP"@'})
    assert [row.cells for row in table(saved(made)).rows()] == [["EMP12", "周晓"]]


def test_a_day_that_is_no_day_does_not_lose_the_file() -> None:
    content = raw(
        '<c t="d"><v>2026-03-02</v></c><c t="d"><v>08:30:00</v></c><c t="d"><v>soon</v></c><c><v>NaN</v></c>'
    )
    (row,) = table(content).rows()
    assert row.cells == ["2026-03-02", "08:30:00", "soon", "#N/A"]
    assert [row.marks[index].kind for index in (0, 1, 2)] == [MarkKind.DATE, MarkKind.TIME, MarkKind.UNSHOWN]
