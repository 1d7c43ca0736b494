"""Numbers as people of several countries write them (F1): read where they can be one number only, never a wrong one."""

from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek
from rencai.kernel.errors import CHINESE, ENGLISH
from rencai.migration.rules.columns import confirmed, guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.numbers import in_digits, written
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow
from rencai.migration.rules.sheet.source import Mark, MarkKind, SourceRow
from tests.migration.import_rows import PLAIN, TODAY, row

EURO: Final = ImportMapping(currency="EUR")
POINT: Final = ImportMapping(currency="EUR", decimals="point")
COMMA: Final = ImportMapping(decimals="comma")


def _sales(
    cell: str,
    header: str = "销售额",
    mapping: ImportMapping = PLAIN,
    currency: str = "",
    language: str = CHINESE,
) -> tuple[str, str | None] | CellError:
    found = row(
        ImportKind.PERFORMANCE, ("工号", "月份", header, "币种"), "1", "2026-10", cell, currency, mapping=mapping,
        language=language,
    )  # fmt: skip
    if isinstance(found, list):
        (error,) = found
        assert error.field == "sales"
        return error
    assert isinstance(found, ImportRow)
    assert isinstance(found.record, MonthlyPerformance)
    metric = found.record.metric("sales")
    assert metric is not None
    return f"{metric.value.normalize():f}", metric.currency


def _rule(cell: str, **how: Any) -> str:
    found = _sales(cell, **how)
    assert isinstance(found, CellError), found
    return found.rule


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("12,000", "12000", "CNY"),
        ("12,000元", "12000", "CNY"),
        ("¥1,234,567.89", "1234567.89", "CNY"),
        ("1'500.00", "1500", "CNY"),
        ("1’500.00", "1500", "CNY"),
        ("1 500,00", "1500", "CNY"),
        ("1\xa0500,00 €", "1500", "EUR"),
        ("1\u2009500,00 €", "1500", "EUR"),
        ("1\u202f500 €", "1500", "EUR"),
        ("1 234 567", "1234567", "CNY"),
        ("€ 1500", "1500", "EUR"),
        ("€1500.5", "1500.5", "EUR"),
        ("1,500.00 €", "1500", "EUR"),
        ("1.5 €", "1.5", "EUR"),
        ("0.500 €", "0.5", "EUR"),
        ("1500.500 €", "1500.5", "EUR"),
        ("1,23,456", "123456", "CNY"),
        ("12,34,567.5", "1234567.5", "CNY"),
        ("١٢٣٤٥", "12345", "CNY"),
        ("۱۲۳۴۵٫۵", "12345.5", "CNY"),
        ("١٬٢٣٤٫٥", "1234.5", "CNY"),
        ("１２，０００．５", "12000.5", "CNY"),
        ("－500", "-500", "CNY"),
        ("−500", "-500", "CNY"),
        ("–500", "-500", "CNY"),
        ("-¥500", "-500", "CNY"),
        ("¥-500", "-500", "CNY"),
        ("-1,500", "-1500", "CNY"),
        ("1.235万", "12350", "CNY"),
        ("1.235萬元", "12350", "CNY"),
        ("NT$1.2億", "120000000", "TWD"),
        ("$1,500", "1500", "USD"),
        ("£1,500", "1500", "GBP"),
    ],
)
def test_money_that_is_one_amount(cell: str, amount: str, currency: str) -> None:
    assert _sales(cell) == (amount, currency)


def test_ten_thousands_have_three_decimals() -> None:
    assert _sales("1.235", header="销售额(万元)") == ("12350", "CNY")


@pytest.mark.parametrize(
    ("cell", "large", "small"),
    [
        ("1.500 €", "1500", "1.5"),
        ("€1.500", "1500", "1.5"),
        ("1.500 EUR", "1500", "1.5"),
        ("EUR 12.345", "12345", "12.345"),
        ("-1.500 €", "-1500", "-1.5"),
        ("12,000 €", "12000", "12"),
        ("€12,345", "12345", "12.345"),
        ("1.500", "1500", "1.5"),
        ("1.500元", "1500", "1.5"),
        ("$1.500", "1500", "1.5"),
        ("1,500 千欧元", "1500000", "1500"),
        ("１．５００", "1500", "1.5"),
        ("١.٥٠٠", "1500", "1.5"),
    ],
)
def test_money_that_may_be_two_amounts_is_refused_with_both(cell: str, large: str, small: str) -> None:
    found = _sales(cell.replace("千欧元", "千€"))
    assert isinstance(found, CellError), found
    assert (found.rule, found.suggestion) == ("cell_number_ambiguous", "例如 12000")
    assert found.message == f"可以是 {large},也可以是 {small};请不用千位分隔符,小数点用“.”"
    english = _sales(cell.replace("千欧元", "千€"), language=ENGLISH)
    assert isinstance(english, CellError)
    assert f"can be {large} or {small}" in english.message


@pytest.mark.parametrize(
    "how",
    [
        {"header": "销售额(欧元)"},
        {"mapping": EURO},
        {"currency": "EUR"},
        {"currency": "€"},
        {"currency": "PLN"},
        {"currency": "VND"},
    ],
)
def test_where_the_currency_stands_makes_no_difference(how: dict[str, Any]) -> None:
    assert _rule("12,000", **how) == "cell_number_ambiguous"
    assert _rule("1.500", **how) == "cell_number_ambiguous"
    assert isinstance(_sales("12000", **how), tuple)
    assert isinstance(_sales("12.5", **how), tuple)


def test_a_mapping_says_what_divides_decimals() -> None:
    assert _sales("1.500", mapping=POINT) == ("1.5", "EUR")
    assert _sales("12,000", mapping=POINT) == ("12000", "EUR")
    assert _rule("12,5", mapping=POINT) == "cell_not_a_number"
    assert _sales("1.500 €", mapping=COMMA) == ("1500", "EUR")
    assert _sales("1.500,00 €", mapping=COMMA) == ("1500", "EUR")
    assert _sales("12,5", mapping=COMMA) == ("12.5", "CNY")
    assert _sales("12,000", mapping=COMMA) == ("12", "CNY")
    assert _rule("12.5", mapping=COMMA) == "cell_not_a_number"


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("1.500,00 €", "1500.00"),
        ("1.500,00", "1500.00"),
        ("1.500.000", "1500000"),
        ("1,5", "1.5"),
        ("12,50 €", "12.50"),
        ("0,500", "0.500"),
        ("(1,000)", "-1000"),
        ("（1,000）", "-1000"),
        ("1000-", "-1000"),
        ("1,000.50-", "-1000.5"),
        ("1.2E+04", "12000"),
        ("一万二", "例如 12000"),
        ("1万2", "例如 12000"),
        ("1万2千", "例如 12000"),
        ("三万", "例如 12000"),
        ("壹萬贰仟元整", "例如 12000"),
        ("12.000.5", "例如 12000"),
        ("1,2,3", "例如 12000"),
        ("12 000 5", "例如 12000"),
        ("1 2", "例如 12000"),
        ("1,0000", "例如 12000"),
        ("01,234", "例如 12000"),
        ("5²", "例如 12000"),
        ("5①", "例如 12000"),
        ("1½", "例如 12000"),
        ("--5", "例如 12000"),
        ("-¥-5", "例如 12000"),
        ("1.2w", "例如 12000"),
        ("约12000", "例如 12000"),
        ("10000-12000", "例如 12000"),
        ("12000/月", "例如 12000"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_one_that_is_in_it(cell: str, suggestion: str) -> None:
    found = _sales(cell)
    assert isinstance(found, CellError), found
    assert found.suggestion == suggestion
    assert found.rule in ("cell_not_a_number", "cell_in_words")


@pytest.mark.parametrize("cell", ["一万二", "1万2", "三万", "一百二十", "壹仟"])
def test_a_number_in_words_is_to_be_written_in_digits(cell: str) -> None:
    assert _rule(cell) == "cell_in_words"


# --- other numbers ----------------------------------------------------------------------------------------------------


def _hours(cell: str, header: str = "工时", mapping: ImportMapping = PLAIN) -> Decimal | CellError:
    found = row(ImportKind.ATTENDANCE, ("工号", "周", header), "1", "2026-W46", cell, mapping=mapping)
    if isinstance(found, list):
        return found[0]
    assert isinstance(found, ImportRow)
    assert isinstance(found.record, AttendanceWeek)
    return found.record.hours


@pytest.mark.parametrize("mapping", [PLAIN, EURO])
@pytest.mark.parametrize(
    ("cell", "hours"), [("38.500", "38.5"), ("1.125", "1.125"), ("38.5", "38.5"), ("٣٨", "38")]
)
def test_hours_are_never_thousands(cell: str, hours: str, mapping: ImportMapping) -> None:
    assert _hours(cell, mapping=mapping) == Decimal(hours)


def test_a_comma_in_hours_is_a_decimal_where_that_is_written() -> None:
    assert _hours("38,500", mapping=EURO) == Decimal("38.5")
    refused = _hours("38,500")
    assert isinstance(refused, CellError)
    assert (refused.rule, refused.suggestion) == ("cell_not_a_number", "38.5")
    assert _hours("38,5", mapping=COMMA) == Decimal("38.5")


def test_minutes_may_be_thousands() -> None:
    assert _hours("1500", header="工时(分钟)") == 25
    assert _hours("1,500", header="工时(分钟)") == 25
    refused = _hours("1.500", header="工时(分钟)")
    assert isinstance(refused, CellError)
    assert refused.rule == "cell_number_ambiguous"


def test_the_full_marks_may_be_a_thousand() -> None:
    told = ("工号", "月份", "绩效得分", "满分")
    found = row(ImportKind.PERFORMANCE, told, "1", "2026-10", "87.500", "1.000")
    assert isinstance(found, list)
    assert [(one.field, one.rule) for one in found] == [("out_of", "cell_number_ambiguous")]
    assert isinstance(row(ImportKind.PERFORMANCE, told, "1", "2026-10", "87.500", "100"), ImportRow)


@pytest.mark.parametrize(
    ("cell", "mapping", "found"),
    [
        ("6.125", PLAIN, "6.125"),
        ("12,000", PLAIN, "12000"),
        ("6.125", EURO, "cell_number_ambiguous"),
        ("12,000", EURO, "cell_number_ambiguous"),
        ("6.125", POINT, "6.125"),
        ("6.125", COMMA, "6125"),
        ("6,125", COMMA, "6.125"),
    ],
)
def test_a_figure_is_by_the_point_unless_the_source_is_of_another_country(
    cell: str, mapping: ImportMapping, found: str
) -> None:
    read = row(ImportKind.PERFORMANCE, ("工号", "月份", "库存周转率"), "1", "2026-10", cell, mapping=mapping)
    if isinstance(read, list):
        assert [one.rule for one in read] == [found]
    else:
        assert read is not None
        assert isinstance(read.record, MonthlyPerformance)
        assert [one.value for one in read.record.metrics] == [Decimal(found)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("12.345%", "12.345"),
        ("-5%", "-5"),
        ("12.5 ％", "12.5"),
        ("12,345%", "cell_number_ambiguous"),
        ("12,5%", "cell_not_a_number"),
        ("%90", "cell_not_a_number"),
        ("5‰", "cell_not_a_number"),
        ("百分之九十", "cell_not_a_number"),
        ("九成", "cell_not_a_number"),
        ("90%%", "cell_not_a_number"),
        ("5%-8%", "cell_not_a_number"),
    ],
)
def test_a_share_as_people_write_it(cell: str, found: str) -> None:
    read = row(ImportKind.PERFORMANCE, ("工号", "月份", "ACoS"), "1", "2026-10", cell)
    if isinstance(read, list):
        assert [one.rule for one in read] == [found]
    else:
        assert read is not None
        assert isinstance(read.record, MonthlyPerformance)
        assert [one.value for one in read.record.metrics] == [Decimal(found)]


def test_a_number_that_a_spreadsheet_keeps_is_that_number() -> None:
    for mapping in (PLAIN, EURO, COMMA):
        columns = confirmed(
            ImportKind.PERFORMANCE,
            guess(ImportKind.PERFORMANCE, ("工号", "月份", "销售额"), mapping),
            {},
            mapping,
        )
        kept = SourceRow(2, ["1", "2026-10", "1.125"], {2: Mark(MarkKind.NUMBER)})
        found = RowReader(ImportKind.PERFORMANCE, columns, mapping, TODAY, CHINESE).read(kept)
        assert isinstance(found, ImportRow)
        assert isinstance(found.record, MonthlyPerformance)
        assert [one.value for one in found.record.metrics] == [Decimal("1.125")]


# --- all numbers ------------------------------------------------------------------------------------------------------

_amounts = st.decimals(-(10**9), 10**9, places=2)


def _grouped(amount: Decimal, group: str, mark: str) -> str:
    return f"{amount:,}".translate({ord(","): group, ord("."): mark})


@given(
    _amounts,
    st.sampled_from([(",", "."), (" ", ","), (" ", "."), ("'", "."), ("\xa0", ","), ("\u202f", ",")]),
)
def test_a_number_with_two_marks_is_that_number(amount: Decimal, marks: tuple[str, str]) -> None:
    found = _sales(_grouped(amount, *marks))
    if abs(amount) < 1000 and marks[1] == ",":
        assert isinstance(found, CellError)
        assert Decimal(found.suggestion) == amount
    else:
        assert isinstance(found, tuple), found
        assert Decimal(found[0]) == amount


@given(_amounts)
def test_a_number_by_the_comma_is_that_number_where_the_source_says_so_or_refused(amount: Decimal) -> None:
    cell = _grouped(amount, ".", ",")
    found = _sales(cell, mapping=COMMA)
    assert isinstance(found, tuple)
    assert Decimal(found[0]) == amount
    refused = _sales(cell)
    assert isinstance(refused, CellError)
    assert Decimal(refused.suggestion) == amount


@given(
    st.integers(1, 999),
    st.integers(0, 999),
    st.sampled_from([".", ","]),
    st.sampled_from(["€", "EUR", "欧元"]),
)
def test_one_mark_before_three_digits_of_euros_is_never_one_number(
    before: int, after: int, mark: str, currency: str
) -> None:
    assert _rule(f"{before}{mark}{after:03}{currency}") == "cell_number_ambiguous"


@given(st.text("0123456789.,' -+()٫٬eE万", max_size=12))
def test_what_is_read_or_proposed_has_the_digits_that_are_written(text: str) -> None:
    digits = [one for one in text if one.isdecimal()]
    found = written(text)
    if found is not None:
        for value in (found.value, found.by_comma):
            if value is not None:
                shown = f"{abs(value):f}".replace(".", "").strip("0")
                # To four decimals: what is behind them is rounded away.
                assert shown in "".join(digits) or len(shown) >= 4
    proposed = in_digits(text)
    if proposed and "e" not in text.casefold():
        assert proposed.replace("-", "").replace("+", "").replace(".", "").strip("0") in "".join(digits)
