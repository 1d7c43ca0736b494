"""What is told of somebody's work lies within their employment, and leave beside other leave (F2, F4)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.employment import Told, check_employed
from rencai.employees.rules.overlaps import overlapped
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, SurveyAnswers
from rencai.kernel.errors import DomainError
from tests.aws import client
from tests.builders import NOW
from tests.training.training_office import EMPLOYEE, TABLE, Caller, Office, office

FIRST, LAST = date(2026, 1, 7), date(2026, 2, 11)
"""A Wednesday of week 2, and one of week 7."""
SOMEBODY = Employee(EMPLOYEE, "周晓", "sales", "上海", FIRST, NOW, left_on=LAST)
Code = EmployeeRefusal


def week(week: str) -> AttendanceWeek:
    return AttendanceWeek(week, Decimal(40), None)


def month(month: str) -> MonthlyPerformance:
    return MonthlyPerformance(month, Decimal(8), Decimal(10))


def answers(month: str) -> SurveyAnswers:
    return SurveyAnswers(Survey(month, (("stay", 4),)), {})


def leave(first: date, last: date, days: str = "1", id_: str = "QJ-1", *, cancelled: bool = False) -> Leave:
    return Leave(id_, LeaveKind.SICK, first, last, Decimal(days), cancelled)


def course(day: date | None) -> LearningRecord:
    return LearningRecord("选品", Decimal(100), None, day)


def found(told: Told) -> tuple[Any, str] | None:
    try:
        check_employed(SOMEBODY, told)
    except DomainError as error:
        return error.code, error.path
    return None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # A week and a month count as soon as a day of them does.
        (week("2026-W01"), (Code.BEFORE_FIRST_DAY, "week")),
        (week("2026-W02"), None),
        (week("2026-W07"), None),
        (week("2026-W08"), (Code.AFTER_LAST_DAY, "week")),
        (month("2025-12"), (Code.BEFORE_FIRST_DAY, "month")),
        (month("2026-01"), None),
        (month("2026-02"), None),
        (month("2026-03"), (Code.AFTER_LAST_DAY, "month")),
        (answers("2025-12"), (Code.BEFORE_FIRST_DAY, "month")),
        (answers("2026-02"), None),
        (answers("2026-03"), (Code.AFTER_LAST_DAY, "month")),
        # Of leave the days are said.
        (leave(date(2026, 1, 6), date(2026, 1, 8)), (Code.BEFORE_FIRST_DAY, "starts_on")),
        (leave(FIRST, LAST), None),
        (leave(date(2026, 2, 10), date(2026, 2, 12)), (Code.AFTER_LAST_DAY, "ends_on")),
        (leave(date(2026, 2, 10), date(2026, 2, 12), cancelled=True), None),
        # Courses are taken before, and interviews are always held before.
        (course(date(2020, 1, 1)), None),
        (course(None), None),
        (course(date(2026, 2, 12)), (Code.AFTER_LAST_DAY, "completed_on")),
        (RecruitingRecord(date(2025, 12, 1), "沟通", Decimal(8), Decimal(10)), None),
    ],
)
def test_what_is_told_is_of_the_time_somebody_is_employed(told: Told, expected: object) -> None:
    assert found(told) == expected


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 3)])
def test_a_day_of_work_makes_its_week_and_its_month(day: date) -> None:
    one_day = Employee(EMPLOYEE, "周晓", "sales", "上海", day, NOW, left_on=day)
    year, number, _ = day.isocalendar()
    for told in (week(f"{year}-W{number:02}"), month(f"{day:%Y-%m}"), leave(day, day)):
        check_employed(one_day, told)


# --- leave beside leave -----------------------------------------------------------------------------------------------

MONDAY = date(2026, 3, 2)


def on(first: int, last: int, days: str, id_: str = "QJ-1", *, cancelled: bool = False) -> Leave:
    return leave(MONDAY + timedelta(first), MONDAY + timedelta(last), days, id_, cancelled=cancelled)


@pytest.mark.parametrize(
    ("told", "others", "beside"),
    [
        (on(0, 1, "2"), [on(1, 2, "2", "QJ-2")], "QJ-2"),
        (on(0, 4, "5"), [on(2, 2, "1", "QJ-2")], "QJ-2"),
        (on(0, 1, "2"), [on(2, 2, "1", "QJ-2")], None),
        (on(0, 1, "2"), [on(0, 1, "2", "QJ-2", cancelled=True)], None),
        (on(0, 1, "2", cancelled=True), [on(0, 1, "2", "QJ-2")], None),
        # Its own id: what is told corrects it.
        (on(0, 1, "2"), [on(0, 4, "5")], None),
        # Half days.
        (on(0, 0, "0.5"), [on(0, 0, "0.5", "QJ-2")], None),
        (on(0, 0, "0.5"), [on(0, 0, "0.5", "QJ-2"), on(0, 0, "0.5", "QJ-3")], "QJ-3"),
        (on(0, 0, "0.5"), [on(0, 0, "1", "QJ-2")], "QJ-2"),
        (on(0, 0, "0.75"), [on(0, 0, "0.5", "QJ-2")], "QJ-2"),
        (on(0, 0, "0.25"), [on(0, 0, "0.25", "QJ-2"), on(0, 0, "0.5", "QJ-3")], None),
        # An afternoon and the days behind it, beside the morning; a whole week leaves no room.
        (on(0, 0, "0.5"), [on(0, 2, "2.5", "QJ-2")], None),
        (on(0, 2, "2.5"), [on(2, 4, "2.5", "QJ-2")], None),
        (on(1, 1, "0.5"), [on(0, 2, "2.5", "QJ-2")], "QJ-2"),
        (on(0, 0, "0.5"), [on(0, 2, "3", "QJ-2")], "QJ-2"),
        (on(0, 1, "1.5"), [on(0, 1, "1.5", "QJ-2")], "QJ-2"),
    ],
)
def test_nobody_is_away_twice_on_one_day(told: Leave, others: list[Leave], beside: str | None) -> None:
    other = overlapped(told, others)
    assert (other.leave_id if other else None) == beside


_LEAVES = st.builds(
    lambda first, length, halves, id_, cancelled: on(
        first, first + length, str(Decimal(min(halves, 2 * (length + 1))) / 2), id_, cancelled=cancelled
    ),
    st.integers(0, 6),
    st.integers(0, 3),
    st.integers(1, 8),
    st.sampled_from("abcdef"),
    st.booleans(),
)


@given(_LEAVES, st.lists(_LEAVES, max_size=4, unique_by=lambda one: one.leave_id))
def test_what_has_room_takes_no_day_that_another_takes_whole(told: Leave, others: list[Leave]) -> None:
    if overlapped(told, others) or told.cancelled:
        return
    standing = [one for one in others if not one.cancelled and one.leave_id != told.leave_id]
    for number in range(10):
        day = MONDAY + timedelta(number)
        away = [one for one in (told, *standing) if one.starts_on <= day <= one.ends_on]
        if told in away and len(away) > 1:
            assert all(one.days % 1 for one in away), "a whole day, and something beside it"
            assert sum(one.days % 1 for one in away) <= 1


@given(_LEAVES, _LEAVES)
def test_of_two_leaves_it_is_the_same_which_came_first(one: Leave, other: Leave) -> None:
    assert (
        bool(overlapped(one, [other])) == bool(overlapped(other, [one])) or one.cancelled != other.cancelled
    )


# --- over the API -----------------------------------------------------------------------------------------------------

HALF = {"kind": "personal", "starts_on": "2026-02-26", "ends_on": "2026-02-26", "days": 0.5}
WEEKS = {"kind": "annual", "starts_on": "2026-02-23", "ends_on": "2026-02-27", "days": 5}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        fresh.hires(since=date(2026, 2, 18))
        yield fresh


@pytest.fixture
def call() -> Caller:
    return Caller()


def path(kind: str, key: str) -> str:
    return f"/employees/{EMPLOYEE}/{kind}/{key}"


@pytest.mark.parametrize(
    ("kind", "key", "body", "where", "english"),
    [
        (
            "attendance",
            "2026-W07",
            {"hours": 8},
            "week",
            "2026-W07 is before the employee's first day, 2026-02-18",
        ),
        (
            "performance",
            "2026-01",
            {"score": 8},
            "month",
            "2026-01 is before the employee's first day, 2026-02-18",
        ),
        (
            "surveys",
            "2026-01",
            {"answers": [{"question_id": "stay", "score": 4}]},
            "month",
            "2026-01 is before the employee's first day, 2026-02-18",
        ),
        (
            "leave",
            "QJ-1",
            HALF | {"starts_on": "2026-02-17"},
            "starts_on",
            "2026-02-17 is before the employee's first day, 2026-02-18",
        ),
    ],
)
def test_what_was_before_the_first_day_is_refused_with_both_days(
    one: Office, call: Caller, kind: str, key: str, body: dict[str, Any], where: str, english: str
) -> None:
    status, refusal = call("PUT", path(kind, key), body, language="en")
    assert (status, refusal["type"]) == (422, "urn:rencai:problem:before_first_day")
    assert refusal["errors"][0]["path"] == where
    assert refusal["detail"].startswith(english)
    chinese = call("PUT", path(kind, key), body)[1]["detail"]
    assert "早于该员工的入职日期 2026-02-18" in chinese
    item = {**body, "kind": kind.removesuffix("s"), "employee_id": EMPLOYEE, "key": key}
    if kind == "leave":
        item["leave_kind"] = body["kind"]
    (came,) = call("POST", "/signals", {"items": [item]}, language="en")[1]["items"]
    assert came["status"] == "rejected"
    assert came["errors"][0]["path"] == ("starts_on" if kind == "leave" else "key")
    assert came["errors"][0]["message"].startswith(english)


def test_overlapping_leave_is_a_conflict_that_names_the_other(one: Office, call: Caller) -> None:
    assert call("PUT", path("leave", "QJ-1"), WEEKS)[0] == 200
    status, refusal = call("PUT", path("leave", "QJ-2"), HALF, language="en")
    assert (status, refusal["type"]) == (409, "urn:rencai:problem:leave_overlaps")
    assert refusal["detail"] == (
        "It overlaps leave QJ-1 (2026-02-23 to 2026-02-27, 5 days): one leave has one id; of two, correct one"
    )
    assert call("PUT", path("leave", "QJ-1"), WEEKS)[0] == 200, "the same again changes nothing"
    assert call("PUT", path("leave", "QJ-1"), WEEKS | {"ends_on": "2026-02-25", "days": 3})[0] == 200
    assert call("PUT", path("leave", "QJ-2"), HALF)[0] == 200
    assert call("PUT", path("leave", "QJ-1"), WEEKS)[0] == 409, "moved back over it"
    assert call("PUT", path("leave", "QJ-2"), HALF | {"cancelled": True})[0] == 200
    assert call("PUT", path("leave", "QJ-1"), WEEKS)[0] == 200


def test_two_half_days_are_a_day_and_a_third_has_no_room(one: Office, call: Caller) -> None:
    items = [
        {**HALF, "kind": "leave", "leave_kind": "personal", "employee_id": EMPLOYEE, "key": f"QJ-{number}"}
        for number in (1, 2, 3)
    ]
    for statuses in (["recorded", "recorded", "rejected"], ["unchanged", "unchanged", "rejected"]):
        came = call("POST", "/signals", {"items": items})[1]["items"]
        assert [item["status"] for item in came] == statuses
        (error,) = came[2]["errors"]
        assert error["path"] == "starts_on"
        assert "QJ-2" in error["message"]


def test_what_was_on_record_before_the_first_day_was_corrected_stays(one: Office, call: Caller) -> None:
    """HR corrects the first day: nothing is taken away for it, and the same again is no news."""
    assert call("PUT", path("attendance", "2026-W08"), {"hours": 8})[0] == 200
    key = {"pk": {"S": f"EMPLOYEE#{EMPLOYEE}"}, "sk": {"S": "EMPLOYEE"}}
    client("dynamodb").update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET starts_on = :day",
        ExpressionAttributeValues={":day": {"S": "2026-03-02"}},
    )
    assert call("PUT", path("attendance", "2026-W08"), {"hours": 8})[0] == 200
    assert call("PUT", path("attendance", "2026-W08"), {"hours": 9})[0] == 422
    assert call("GET", f"/employees/{EMPLOYEE}")[1]["attendance"] == [
        {"week": "2026-W08", "hours": 8.0, "overtime_hours": None}
    ]
