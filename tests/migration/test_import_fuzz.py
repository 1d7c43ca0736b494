"""Any table of strange cells ends in written, refused with a reason, or asked; never in a value nobody wrote (F1).

What is written is held against ``plausible``, which knows nothing of the rules that read cells.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import Leave, SurveyAnswers
from rencai.kernel.errors import DomainError
from rencai.migration.rules.fields import FIELDS, CellType, ImportKind
from rencai.migration.rules.files import open_source
from rencai.migration.rules.finding import find, is_name
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow, Record
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.rules.taken import Column
from tests.migration.plausible import field, is_plausible, seen

TODAY: Final = date(2026, 11, 24)
MAPPING: Final = ImportMapping()
UNSEEN: Final = "\u200b\ufeff\u200e\u202e\u00ad\u2060"
TEXTS: Final = (
    # numbers, and what looks like them
    "40", "4O", "１２", "12,5", "12.5", "1.500", "1,500", "1.500,00", "1,500.00", "1 500", "1'500", "12,34,567", "-3",
    "(3)", "3-", "−3", "+3", "1e3", "1E+17", "1.2E+17", "0x10", "½", "三", "一万二", "1.2万", "1万2千", "2k", "10%",
    "0.9", "90％", "1/2", "8h", "8小时", "40:30", "40:3", "7:30 PM", "#N/A", "#REF!", "NaN", "inf", "null", "无", "-",
    "--", "/", "N/A", "12345678901234567890", "00123", "123.0", "1.0E5", "٤٠", "४०", "Ⅻ", "②",
    # money
    "$1,500.00", "1500 USD", "CNY 1500", "¥1,500", "€1.500", "1.500 €", "1,5万元", "RMB1万", "1500元整", "$$5", "5$ 6$",
    # days, months and weeks
    "2026-03-02", "2026/3/2", "2026年3月2日", "20260302", "03/04/2026", "13/04/2026", "2026-02-30", "26/3/2", "3/2/26",
    "2-Mar-2026", "Mar-26", "26-Mar", "3月2日", "12-3", "46083", "2026-03-02 08:30", "08:30", "2026-03-02T00:00:00Z",
    "0000-00-00", "9999-12-31", "1899-12-31", "2026-10", "2026.1", "2026.10", "202610", "2026年10月份", "10/2026",
    "October 2026", "Oct 26", "2026-W10", "2026W53", "2027-W53", "第10周", "W10", "2026年第10周", "2026-03-01", "10",
    # people, numbers, addresses
    "张三", "???", "张\ufffd", "\ue000", "𠮷野家", "O'Neil", "Müller", "寮犱笁", "=1+1", "@cmd", "'007", "007", "E-01",
    "TRUE", "FALSE", "是", "否", "a@example.com", "a@example.com;", "<b@example.com>", "a@example..com", "a@b",
    "张三 <a@example.com>", "a@example.com。", "a@example.com b@example.com",
    # options
    "病假", "病 假", "Sick Leave", "sick", "事假/病假", "调休假", "年假(带薪)", "已取消", "Approved", "pending", "zh",
    "中文", "sales", "Sales", "销售", "4", "5分", "6", "0", "满意", "A",
    # whatever
    "", " ", "\t", "\n", "a\nb", "\x00", "x" * 300, "长" * 101, UNSEEN,
)  # fmt: skip


def day(*parts: int) -> datetime:
    """As a sheet has it: of no zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


SHEET: Final[tuple[tuple[Any, str, str], ...]] = (
    # value, number format, and what the sheet shows
    (7302, "000000", "007302"),
    (7302, "00-00", "73-02"),
    (0.9, "0%", "90%"),
    (0.9, "General", "0.9"),
    (90, '0"%"', "90%"),
    (1500000, "#,##0,", "1,500"),
    (1500000, '0.0,,"M"', "1.5M"),
    (1500, '"$"#,##0.00', "$1,500.00"),
    (1500, "[$€-407]#,##0.00", "€1,500.00"),
    (1500, '#,##0.00"元"', "1,500.00元"),
    (1.2, '0.0"万"', "1.2万"),
    (-3, "0;(0)", "(3)"),
    (2026.1, "General", "2026.1"),
    (2026.1, "0.00", "2026.10"),
    (202610, "General", "202610"),
    (123456789012345678, "0", "123456789012345000"),
    (1.2e17, "0.00E+00", "1.20E+17"),
    (day(2026, 3, 2), "yyyy-mm-dd", "2026-03-02"),
    (day(2026, 3, 2), 'm"月"d"日"', "3月2日 2026"),
    (day(2026, 10, 1), 'yyyy"年"m"月"', "2026年10月 1"),
    (day(2026, 3, 2, 8, 30), "yyyy-mm-dd hh:mm", "2026-03-02 08:30"),
    (time(8, 30), "hh:mm", "8:30"),
    (46083, "General", "46083"),
    (True, "General", "TRUE"),
    (False, "General", "FALSE"),
    ("=1+1", "General", ""),
    ("007", "@", "007"),
    (40, "General", "40"),
    (None, "General", ""),
)  # fmt: skip


GOOD: Final = {
    CellType.TEXT: "张三", CellType.IDENTIFIER: "E1001", CellType.NUMBER: "8", CellType.PERCENT: "90%",
    CellType.MONEY: "1500", CellType.CURRENCY: "CNY", CellType.SCORE: "4", CellType.DATE: "2026-03-02",
    CellType.MONTH: "2026-10", CellType.EMAIL: "a@example.com", CellType.WEEK: "2026-W10", CellType.OPTION: "病假",
    CellType.ROLE: "sales", CellType.FLAG: "否",
}  # fmt: skip
"""A cell of each type that nobody can take for anything else."""


@dataclass(frozen=True)
class Strange:
    """A cell: what is put into the file, with which format, and what its reader sees."""

    value: Any
    format: str
    seen: str


texts = st.sampled_from(TEXTS) | st.text(max_size=8)
unseen_in = st.builds(
    lambda text, at, mark: text[: at % (len(text) + 1)] + mark + text[at % (len(text) + 1) :],
    st.sampled_from(TEXTS),
    st.integers(0, 40),
    st.sampled_from(UNSEEN),
)
written = st.builds(lambda text: Strange(text, "General", text), texts | unseen_in)
kept = written | st.sampled_from([Strange(*one) for one in SHEET])


@st.composite
def headers(draw: Any, kind: ImportKind) -> dict[str, str]:
    """Some of a kind's fields, by their header; who it is about, and what no row goes without, among them."""
    fields = FIELDS[kind]
    chosen = [one for one in fields if one.required or one.id == "employee_no"]
    chosen += draw(
        st.lists(
            st.sampled_from([one for one in fields if one not in chosen]),
            unique_by=lambda one: one.id,
            max_size=4,
        )
    )
    named = {one.id: draw(st.sampled_from((one.zh, one.en, *one.aliases))) for one in chosen}
    return dict(draw(st.permutations(list(named.items()))))


@dataclass(frozen=True)
class Table:
    kind: ImportKind
    headers: Mapping[str, str]
    rows: list[list[Strange]]
    encoding: str | None
    """None: a spreadsheet."""

    def content(self) -> bytes:
        if self.encoding is not None:
            text = io.StringIO()
            rows = csv.writer(text)
            rows.writerow(self.headers.values())
            rows.writerows([cell.value for cell in row] for row in self.rows)
            return text.getvalue().encode(self.encoding, "replace")
        book = openpyxl.Workbook()
        book.active.append(list(self.headers.values()))
        for number, row in enumerate(self.rows, 2):
            for column, cell in enumerate(row, 1):
                # What a file cannot hold cannot come in one.
                value = (
                    ILLEGAL_CHARACTERS_RE.sub("", cell.value) if isinstance(cell.value, str) else cell.value
                )
                at = book.active.cell(number, column, value)
                at.number_format = cell.format
                if isinstance(cell.value, str) and cell.value != "=1+1":
                    at.data_type = "s"
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()


@st.composite
def tables(draw: Any) -> Table:
    kind = draw(st.sampled_from(list(ImportKind)))
    named = draw(headers(kind))
    encoding = draw(st.sampled_from((None, "utf-8", "utf-8-sig", "gb18030")))
    cells = kept if encoding is None else written
    return Table(
        kind, named, draw(st.lists(rows(kind, list(named), cells), min_size=1, max_size=6)), encoding
    )


@st.composite
def rows(draw: Any, kind: ImportKind, fields: list[str], cells: st.SearchStrategy[Strange]) -> list[Strange]:
    """A row that says something, but for a strange cell or two; or one of nothing else."""
    if draw(st.integers(0, 9)) == 0:
        strange: list[Strange] = draw(st.lists(cells, min_size=len(fields), max_size=len(fields)))
        return strange
    plain = [GOOD[known.type] if known else "4" for known in (field(kind, id_) for id_ in fields)]
    row = [Strange(one, "General", one) for one in plain]
    for at in draw(st.lists(st.integers(0, len(fields) - 1), min_size=1, max_size=2)):
        row[at] = draw(cells)
    return row


def read(
    table: Table,
) -> Iterator[tuple[Mapping[str, tuple[str, Strange]], ImportRow | list[CellError]]]:
    """Each row that says anything, by field its header and cell, and what is read of it; nothing where the file is
    refused.
    """
    content = table.content()
    found = _found(table.kind, content)
    if found is None:
        return
    columns, rows = found
    reader = RowReader(table.kind, columns, MAPPING, TODAY, "zh-CN")
    numbered = dict(enumerate(table.rows, 2))
    for row in rows:
        outcome = reader.read(row)
        assert reader.read(row) == outcome
        if outcome is not None and row.number in numbered:
            cells = numbered[row.number]
            yield {one.field: (one.header, cells[one.index]) for one in columns if one.field}, outcome


def _found(kind: ImportKind, content: bytes) -> tuple[Sequence[Column], list[SourceRow]] | None:
    """Where the table is and all its rows; None: the file is refused, and why is said."""
    try:
        source = open_source("file.csv", lambda: io.BytesIO(content), is_name(kind, MAPPING), None)
        found = find(source, kind, MAPPING)
        if "encoding" in found.doubts:
            # A person is asked, and shown how it reads.
            return None
        # Whoever is asked about rows that are hidden wants them.
        place = replace(found.place, hidden_rows="read")
        return found.columns, list(source.table(place).rows())
    except DomainError as refused:
        if not refused.text("zh-CN"):
            raise
        return None


def told(record: Record) -> Iterator[tuple[str, Any]]:
    """What a record has, by field."""
    match record:
        case MonthlyPerformance():
            yield "month", record.month
            yield "score", record.score
            for metric in record.metrics:
                yield metric.id, metric.value
        case SurveyAnswers():
            yield "month", record.survey.month
            for question, score in record.survey.scores:
                yield f"score:{question}", score
        case Leave():
            for name in ("kind", "starts_on", "ends_on", "days", "cancelled"):
                yield name, getattr(record, name)
        case _:
            for name in type(record).__dataclass_fields__:
                yield name, getattr(record, name)


def holds(
    kind: ImportKind, by_field: Mapping[str, tuple[str, Strange]], outcome: ImportRow | list[CellError]
) -> None:
    """What is written was written by somebody; what is refused says why."""
    if isinstance(outcome, list):
        assert outcome
        assert all(error.message and error.rule for error in outcome)
        return
    for id_, value in [("employee_no", outcome.reference.employee_no), *told(outcome.record)]:
        known = field(kind, id_)
        if value in (None, "", False) or known is None:
            continue
        if id_ not in by_field:
            # A scale that the file does not say is the form's own.
            assert id_ == "out_of", (id_, value)
            continue
        header, cell = by_field[id_]
        if id_ == "out_of" and not seen(cell.seen):
            continue
        # A format that says how large its unit is hides no digit that somebody has typed.
        ways = (cell.seen, str(cell.value)) if cell.format.endswith(('"M"', '"万"')) else (cell.seen,)
        assert any(is_plausible(known, value, way, header) for way in ways), (id_, value, cell, header)


@given(tables())
def test_f1_no_table_ends_in_a_value_nobody_wrote(table: Table) -> None:
    for by_field, outcome in read(table):
        holds(table.kind, by_field, outcome)
