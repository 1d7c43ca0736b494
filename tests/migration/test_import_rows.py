"""A row of a file as what goes on record (F1)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import (
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveKind,
    Survey,
    SurveyAnswers,
    attendance_week,
)
from rencai.kernel.errors import CHINESE, ENGLISH, DomainError
from rencai.kernel.wording import MOST
from rencai.migration.rules.columns import guess
from rencai.migration.rules.fields import FIELDS, ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.numbers import number_of
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import ImportRow, Person, Record, Reference, employee_of
from rencai.migration.rules.sheet.source import SourceRow
from tests.builders import EMPLOYEE, NOW
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
    record,
    row,
)

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
    found = RowReader(kind, columns, PLAIN, TODAY, language).read(SourceRow(2, cells))
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
    assert (caught.value.code, caught.value.path) == (MigrationRefusal.CELL_REQUIRED, field)


def test_the_last_day_is_held_against_the_first_day_that_is_known() -> None:
    with pytest.raises(DomainError) as caught:
        employee(Person(left_on=date(2026, 3, 1)), employee())
    assert (caught.value.code, caught.value.path) == (MigrationRefusal.LEFT_BEFORE_START, "left_on")


def test_the_same_row_again_changes_nothing() -> None:
    once = employee()
    assert employee(known=once) == once


def test_of_a_row_twenty_mistakes_are_told_and_how_many_more() -> None:
    metrics: dict[str, tuple[str, ...]] = {f"m{number}": (f"指标{number}",) for number in range(25)}
    headers = ("工号", "月份", *(names[0] for names in metrics.values()))
    mapping = ImportMapping(metrics=metrics)
    told = row(
        ImportKind.PERFORMANCE, headers, "10001", "2026-10", *["x"] * 25, mapping=mapping, language=ENGLISH
    )
    assert isinstance(told, list)
    assert len(told) == MOST + 1
    assert (told[-1].rule, told[-1].message) == ("row_more_errors", "And 5 more, not listed")
