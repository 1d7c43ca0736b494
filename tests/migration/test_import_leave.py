"""Leave of other systems (F1): half days without ids, leave that overlaps leave, and what is not of somebody's time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.overlaps import overlapped
from rencai.employees.rules.signals import Leave, LeaveKind
from rencai.migration import split
from rencai.migration.away import Away
from rencai.migration.rules.halves import half_of, without_half
from rencai.migration.store.imports import Counts, Import
from tests.examples import examples
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office, xlsx

HEADER = ("工号", "请假类型", "开始日期", "结束日期", "天数")
WITH_ID = ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数")
NUMBER = "10001"
WHO = IDS.employee_of_number(NUMBER)


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        fresh.hires(NUMBER)
        yield fresh


def brings(one: Office, *rows: tuple[object, ...], header: tuple[str, ...] = HEADER, **asked: Any) -> Import:
    return one.brings("leave", csv(header, *((NUMBER, *row) for row in rows)), **asked)


def leave(one: Office) -> dict[str, Decimal]:
    return {told.leave_id: told.days for told in one.signals.leave(WHO)}


def rules(one: Office, done: Import) -> list[tuple[int, str, str]]:
    return [(line["row"], line["field"], line["rule"]) for line in one.report(done.import_id)]


# --- half days


@pytest.mark.parametrize(
    ("morning", "afternoon"),
    [
        (("2026-02-02 上午", "2026-02-02 上午"), ("2026-02-02 下午", "2026-02-02 下午")),
        (("2026-02-02 09:00", "2026-02-02 12:00"), ("2026-02-02 13:00", "2026-02-02 18:00")),
        (("2026/2/2 9:00:00", "2026/2/2 12:30:00"), ("2026/2/2 13:30:00", "2026/2/2 18:00:00")),
        (("2026-02-02 AM", "2026-02-02 AM"), ("2026-02-02 PM", "2026-02-02 PM")),
        (("2026-02-02 09:00", "2026-02-02"), ("2026-02-02 14:00", "2026-02-02")),
        (("2026-02-02 上午 9:00", "2026-02-02 上午 11:30"), ("2026-02-02 下午 1:30", "2026-02-02 下午 6:00")),
        (("2026-02-02（上午）", "2026-02-02"), ("2026-02-02（下午）", "2026-02-02")),
    ],
)
def test_two_halves_of_a_day_are_a_day_and_again_change_nothing(
    one: Office, morning: tuple[str, str], afternoon: tuple[str, str]
) -> None:
    rows = (("事假", *morning, 0.5), ("事假", *afternoon, 0.5))
    assert brings(one, *rows).counts == Counts(created=2)
    assert leave(one) == {"personal-2026-02-02-am": Decimal("0.5"), "personal-2026-02-02-pm": Decimal("0.5")}
    assert brings(one, *rows).counts == Counts(unchanged=2)
    assert brings(one, *reversed(rows)).counts == Counts(unchanged=2)


def test_the_times_of_a_spreadsheet_say_which_half_too(one: Office) -> None:
    day = datetime(2026, 2, 2)  # noqa: DTZ001 - a spreadsheet knows no zone
    rows = [
        (NUMBER, "事假", day.replace(hour=9), day.replace(hour=12), 0.5),
        (NUMBER, "事假", day.replace(hour=13, minute=30), day.replace(hour=18), 0.5),
        (NUMBER, "病假", day + timedelta(1), day + timedelta(1), 1),
    ]
    done = one.brings("leave", xlsx(HEADER, *rows), filename="file.xlsx")
    assert done.counts == Counts(created=3)
    assert [*leave(one)] == ["personal-2026-02-02-am", "personal-2026-02-02-pm", "sick-2026-02-03"]


def test_a_half_day_told_twice_is_the_same_or_the_other_half_and_is_refused_with_both(one: Office) -> None:
    row = ("事假", "2026-02-02", "2026-02-02", 0.5)
    for counts in (Counts(created=1, rejected=1), Counts(unchanged=1, rejected=1)):
        done = brings(one, row, row)
        assert done.counts == counts
        assert rules(one, done) == [(3, "starts_on", "half_day_repeated")]
    chinese = brings(one, row, row)
    assert one.report(chinese.import_id)[0]["message"] == (
        "第 2 行已有 2026-02-02 的半天假:是重复,还是另外半天?另外半天请写明上午或下午,或填写单号;重复的请删除"
    )
    english = brings(one, row, row, language="en")
    assert one.report(english.import_id)[0]["message"] == (
        "Row 2 has half of 2026-02-02: the same again, or the other half? Say AM or PM, give leave ids, or drop one"
    )
    # As it is told to be put right: the row of the error file with an id of its own.
    assert brings(one, ("QJ-2", *row), header=WITH_ID).counts == Counts(created=1)
    assert sum(leave(one).values()) == 1


def test_the_same_half_told_twice_is_told_twice(one: Office) -> None:
    row = ("事假", "2026-02-02 上午", "2026-02-02 上午", 0.5)
    assert brings(one, row, row).counts == Counts(created=1, unchanged=1)


def test_a_whole_day_told_twice_is_one_day(one: Office) -> None:
    row = ("事假", "2026-02-02", "2026-02-02", 1)
    assert brings(one, row, row).counts == Counts(created=1, unchanged=1)


def test_half_a_day_of_two_kinds_is_a_day(one: Office) -> None:
    rows = (("事假", "2026-02-02", "2026-02-02", 0.5), ("病假", "2026-02-02", "2026-02-02", 0.5))
    assert brings(one, *rows).counts == Counts(created=2)


def test_halves_with_ids_are_what_they_are_called(one: Office) -> None:
    row = ("事假", "2026-02-02", "2026-02-02", 0.5)
    rows = (("QJ-1", *row), ("QJ-2", *row), ("QJ-3", *row))
    done = brings(one, *rows, header=WITH_ID)
    assert (done.counts, rules(one, done)) == (
        Counts(created=2, rejected=1),
        [(4, "starts_on", "leave_overlaps_row")],
    )


@pytest.mark.parametrize(
    ("starts", "ends", "half"),
    [
        ("2026-02-02 08:30", "2026-02-02 17:30", None),
        ("2026-02-02 00:00:00", "2026-02-02 00:00:00", None),
        ("2026-02-02 上午", "2026-02-02 下午", None),
        ("2026-02-02 11:45", "2026-02-02 18:00", "pm"),
        ("2026-02-02T14:00", "2026-02-02T16:00", "pm"),
        ("2026-02-02 2:00 PM", "2026-02-02 6:00 PM", "pm"),
        ("2026-02-02 9:00 am", "2026-02-02 12:00 pm", "am"),
        ("2 Feb 2026 morning", "2 Feb 2026", "am"),
        ("随便", "", None),
    ],
)
def test_which_half_two_cells_say(starts: str, ends: str, half: str | None) -> None:
    assert half_of(starts, ends) == half


@given(st.text(max_size=20))
def test_a_text_without_a_half_stays(text: str) -> None:
    assert without_half(without_half(text)) == without_half(text) or half_of(text, text) is not None


# --- leave beside leave


def test_leave_that_overlaps_what_is_on_record_is_refused_with_it(one: Office) -> None:
    brings(one, ("QJ-1", "年假", "2026-02-02", "2026-02-06", 5), header=WITH_ID)
    done = brings(one, ("QJ-2", "病假", "2026-02-04", "2026-02-04", 1), header=WITH_ID)
    assert (done.counts, rules(one, done)) == (Counts(rejected=1), [(2, "starts_on", "leave_overlaps")])
    assert "QJ-1(2026-02-02 至 2026-02-06,5 天)" in one.report(done.import_id)[0]["message"]
    tried = brings(one, ("QJ-2", "病假", "2026-02-04", "2026-02-04", 1), header=WITH_ID, dry_run=True)
    assert tried.counts == done.counts, "a dry run says the same"


@pytest.mark.parametrize("apart", [1, 3])
def test_of_two_rows_that_overlap_the_first_counts_however_far_apart(
    one: Office, monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 2)
    between = [
        (f"QJ-1{place}", "年假", f"2026-02-1{place}", f"2026-02-1{place}", 1) for place in range(apart)
    ]
    rows = [
        ("QJ-1", "年假", "2026-02-02", "2026-02-06", 5),
        *between,
        ("QJ-2", "病假", "2026-02-06", "2026-02-07", 2),
    ]
    done = brings(one, *rows, header=WITH_ID)
    assert (done.counts, rules(one, done)) == (
        Counts(created=1 + apart, rejected=1),
        [(3 + apart, "starts_on", "leave_overlaps_row")],
    )
    assert "第 2 行的假期(2026-02-02 至 2026-02-06,5 天)" in one.report(done.import_id)[0]["message"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_moves_one_leave_and_brings_another_in_its_place_may_say_so_in_any_order(
    one: Office, turned: bool
) -> None:
    brings(one, ("QJ-1", "年假", "2026-02-02", "2026-02-06", 5), header=WITH_ID)
    rows = [
        ("QJ-1", "年假", "2026-02-09", "2026-02-13", 5),
        ("QJ-2", "病假", "2026-02-04", "2026-02-04", 1),
    ]
    done = brings(one, *(rows[::-1] if turned else rows), header=WITH_ID)
    assert done.counts == Counts(created=1, updated=1), one.report(done.import_id)


def test_a_cancelled_leave_leaves_its_days_free(one: Office) -> None:
    header = (*WITH_ID, "已取消")
    brings(one, ("QJ-1", "年假", "2026-02-02", "2026-02-06", 5), header=WITH_ID)
    rows = [
        ("QJ-2", "病假", "2026-02-04", "2026-02-04", 1, "否"),
        ("QJ-1", "年假", "2026-02-02", "2026-02-06", 5, "是"),
    ]
    assert brings(one, *rows, header=header).counts == Counts(created=1, updated=1)


def test_what_overlaps_on_record_already_is_not_refused_when_it_is_told_again(one: Office) -> None:
    for id_ in ("QJ-1", "QJ-2"):
        told = Leave(id_, LeaveKind.ANNUAL, date(2026, 2, 2), date(2026, 2, 3), Decimal(2))
        one.signals.record_leave(WHO, told, "hr", one.now)
    rows = [(id_, "年假", "2026-02-02", "2026-02-03", 2) for id_ in ("QJ-1",)]
    assert brings(one, *rows, header=WITH_ID).counts == Counts(unchanged=1)


def test_other_peoples_leave_is_none_of_theirs(one: Office) -> None:
    one.hires("10002")
    rows = [(number, "年假", "2026-02-02", "2026-02-03", 2) for number in (NUMBER, "10002")]
    assert one.brings("leave", csv(HEADER, *rows)).counts == Counts(created=2)


_DAYS = st.integers(0, 12)
_ROWS = st.lists(
    st.tuples(
        _DAYS, st.integers(0, 3), st.sampled_from(["0.5", "1", "1.5", "2.5", "0.01", "4"]), st.booleans()
    ),
    max_size=12,
)


@given(_ROWS)
@examples(200)
def test_what_is_found_out_before_the_first_row_is_written_is_what_the_rule_says(
    rows: list[tuple[int, int, str, bool]],
) -> None:
    """The packed rows in order find the same as the rule over all of them."""
    away, kept = Away(), list[Leave]()
    for number, (first, length, days, cancelled) in enumerate(rows):
        day = date(2026, 2, 2) + timedelta(first)
        told = min(Decimal(days), Decimal(length + 1))
        one = Leave(f"row-{number}", LeaveKind.SICK, day, day + timedelta(length), told, cancelled)
        found = away.overlapped(b"who", number, one)
        assert bool(found) == bool(overlapped(one, kept))
        if not found:
            kept.append(one)


# --- of somebody's time


PEOPLE = ("工号", "姓名", "岗位", "工作地点", "入职日期", "离职日期")
TIMES: dict[str, tuple[tuple[str, ...], tuple[object, ...], tuple[str, str]]] = {
    "attendance": (("周", "工时"), ("2026-W02", 40), ("week", "before_first_day")),
    "attendance, after": (("周", "工时"), ("2026-W08", 40), ("week", "after_last_day")),
    "performance": (("月份", "绩效得分", "满分"), ("2025-12", 8, 10), ("month", "before_first_day")),
    "surveys": (("月份", "满意度"), ("2025-12", 4), ("month", "before_first_day")),
    "leave": (HEADER[1:], ("年假", "2026-01-13", "2026-01-15", 3), ("starts_on", "before_first_day")),
    "leave, after": (HEADER[1:], ("年假", "2026-02-11", "2026-02-13", 3), ("ends_on", "after_last_day")),
    "training, after": (
        ("课程", "完成率", "完成日期"),
        ("选品", "100%", "2026-02-16"),
        ("completed_on", "after_last_day"),
    ),
}


@pytest.mark.parametrize("what", TIMES)
@pytest.mark.parametrize("write", [csv, xlsx])
def test_what_is_not_of_somebodys_time_is_refused_with_their_day(one: Office, what: str, write: Any) -> None:
    one.brings("people", csv(PEOPLE, ("10009", "李四", "sales", "上海", "2026-01-14", "2026-02-12")))
    header, told, expected = TIMES[what]
    filename = "file.csv" if write is csv else "file.xlsx"
    done = one.brings(what.partition(",")[0], write(("工号", *header), ("10009", *told)), filename=filename)
    (line,) = one.report(done.import_id)
    assert ((line["field"], line["rule"]), done.counts) == (expected, Counts(rejected=1))
    assert ("2026-01-14" if expected[1] == "before_first_day" else "2026-02-12") in line["message"]


def test_a_number_that_was_given_to_somebody_is_held_against_their_days_too(one: Office) -> None:
    one.brings("people", csv(("工号", "Rencai 员工 ID"), ("A-7", WHO)))
    weeks = csv(("工号", "周", "工时"), ("A-7", "2019-W40", 40), ("A-7", "2026-W02", 40))
    done = one.brings("attendance", weeks)
    assert (done.counts, rules(one, done)) == (
        Counts(created=1, rejected=1),
        [(2, "week", "before_first_day")],
    )


def test_what_was_told_before_the_first_day_was_corrected_is_no_news(one: Office) -> None:
    weeks = csv(("工号", "周", "工时"), (NUMBER, "2026-W02", 40))
    assert one.brings("attendance", weeks).counts == Counts(created=1)
    one.brings("people", csv(("工号", "入职日期"), (NUMBER, "2026-02-02")))
    assert one.brings("attendance", weeks).counts == Counts(unchanged=1)
    other = csv(("工号", "周", "工时"), (NUMBER, "2026-W02", 44))
    assert one.brings("attendance", other).counts == Counts(rejected=1)
