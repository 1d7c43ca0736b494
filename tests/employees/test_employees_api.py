"""HR's API over the employee's file: its first page (F1, F2)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from rencai.employees.rules.employee import Employee
from tests.training.training_office import EMPLOYEE, Caller, Office, office

FILE = f"/employees/{EMPLOYEE}"
BARE: dict[str, Any] = {
    "employee_id": EMPLOYEE,
    "candidate_id": "cand_01ABC",
    "employee_no": None,
    "name": "周晓",
    "role": "sales",
    "location": "上海",
    "department": None,
    "level": None,
    "starts_on": "2026-03-02",
    "left_on": None,
    "profile_of": "aiview/itv-1",
    "training": {"status": "assigned", "completed": 0, "items": 4, "open_warnings": 0},
    "probation": {"score": None, "coverage": 0.0, "ends_on": "2026-06-01"},
    "attendance": [],
    "leave": [],
    "performance": [],
    "surveys": [],
}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        yield fresh


@pytest.fixture
def call() -> Caller:
    return Caller()


def put(call: Caller, kind: str, key: str, body: dict[str, Any]) -> None:
    assert call("PUT", f"{FILE}/{kind}/{key}", body)[0] == 200


def leave(starts_on: str, ends_on: str, **more: Any) -> dict[str, Any]:
    return {"kind": "annual", "starts_on": starts_on, "ends_on": ends_on, "days": 1, **more}


def test_who_begins_today_has_a_file_without_signals(one: Office, call: Caller) -> None:
    one.hires()
    assert call("GET", FILE) == (200, BARE)


def test_f2_the_file_holds_all_that_was_told(one: Office, call: Caller) -> None:
    one.hires(since=date(2025, 1, 6))
    one.learns("orientation", 100, 60)
    one.learns("negotiation", 50)
    put(call, "attendance", "2026-W10", {"hours": 55.5, "overtime_hours": 15.5})
    put(call, "attendance", "2026-W09", {"hours": 40})
    put(call, "leave", "QJ-1", leave("2026-02-26", "2026-02-27", cancelled=True) | {"days": 1.5})
    sales = {"id": "sales", "value": 12000, "target": 10000, "currency": "USD"}
    put(call, "performance", "2026-03", {"score": 9, "out_of": 10, "metrics": [sales]})
    texts = [{"question_id": "mood", "score": 2, "text": "压力很大"}, {"question_id": "load", "score": 3}]
    put(call, "surveys", "2026-03", {"answers": texts})
    put(call, "surveys", "2026-02", {"answers": [{"question_id": "mood", "text": "还好"}]})
    assert call("GET", FILE) == (
        200,
        BARE
        | {
            "starts_on": "2025-01-06",
            "training": {"status": "assigned", "completed": 1, "items": 4, "open_warnings": 1},
            # 0.3 x (100 + 60) / 2 + 0.7 x 90
            "probation": {"score": 87.0, "coverage": 1.0, "ends_on": "2026-06-01"},
            "attendance": [
                {"week": "2026-W09", "hours": 40.0, "overtime_hours": None},
                {"week": "2026-W10", "hours": 55.5, "overtime_hours": 15.5},
            ],
            "leave": [
                {
                    "leave_id": "QJ-1",
                    "kind": "annual",
                    "starts_on": "2026-02-26",
                    "ends_on": "2026-02-27",
                    "days": 1.5,
                    "cancelled": True,
                }
            ],
            "performance": [
                {
                    "month": "2026-03",
                    "score": 9.0,
                    "out_of": 10.0,
                    "percent": 90.0,
                    "metrics": [{"id": "sales", "value": 12000.0, "target": 10000.0, "currency": "USD"}],
                }
            ],
            # What somebody answered is nobody's to see (F7).
            "surveys": [{"month": "2026-02", "answers": 1}, {"month": "2026-03", "answers": 2}],
        },
    )


def test_the_file_looks_back_eight_weeks_and_twelve_months(one: Office, call: Caller) -> None:
    one.hires(since=date(2024, 1, 8))
    for week in ("2026-W02", "2026-W03", "2026-W10"):
        put(call, "attendance", week, {"hours": 40})
    for month in ("2025-03", "2025-04", "2026-03"):
        put(call, "performance", month, {"score": 80})
        put(call, "surveys", month, {"answers": [{"question_id": "mood", "score": 4}]})
    put(call, "leave", "past", leave("2025-03-01", "2025-03-02"))
    put(call, "leave", "ended", leave("2025-03-03", "2025-03-03"))
    put(call, "leave", "coming", leave("2027-03-01", "2027-03-02"))

    def shown() -> dict[str, list[str]]:
        file = call("GET", FILE)[1]
        keys = {"attendance": "week", "leave": "leave_id", "performance": "month", "surveys": "month"}
        return {kind: [entry[name] for entry in file[kind]] for kind, name in keys.items()}

    # Today is in week 10.
    assert shown() == {
        "attendance": ["2026-W03", "2026-W10"],
        "leave": ["ended", "coming"],
        "performance": ["2025-04", "2026-03"],
        "surveys": ["2025-04", "2026-03"],
    }
    # The week, the month and the day are those of the tenant: 31 March, 16:00 UTC is 1 April in Shanghai.
    one.passes(days=29, hours=15)
    assert shown() == {
        "attendance": ["2026-W10"],
        "leave": ["coming"],
        "performance": ["2026-03"],
        "surveys": ["2026-03"],
    }


def test_a_course_that_was_taken_out_is_no_item_any_more(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("product", 100)
    file = call("GET", FILE)[1]
    # The role play went, the cases came.
    assert file["training"] == {"status": "assigned", "completed": 1, "items": 4, "open_warnings": 0}


def test_an_employee_without_a_plan_has_a_file(one: Office, call: Caller, monkeypatch: Any) -> None:
    one.hires()
    monkeypatch.setattr(one.training_plans, "find", lambda _: None)
    assert call("GET", FILE) == (200, BARE | {"training": None, "probation": None})


def test_f1_who_came_from_another_system_has_a_file_of_what_was_brought(one: Office, call: Caller) -> None:
    brought = Employee(
        employee_id=EMPLOYEE,
        name="张三",
        role="ecommerce_operations",
        location="深圳",
        starts_on=date(2026, 1, 5),
        created_at=one.now,
        employee_no="10086",
        department="亚马逊一部",
        level="assistant",
        email="zhang.san@example.com",
        left_on=date(2026, 2, 28),
    )
    one.employees.hire(brought)
    assert call("GET", FILE) == (
        200,
        BARE
        | {
            "candidate_id": None,
            "employee_no": "10086",
            "name": "张三",
            "role": "ecommerce_operations",
            "location": "深圳",
            "department": "亚马逊一部",
            "level": "assistant",
            "starts_on": "2026-01-05",
            "left_on": "2026-02-28",
            "profile_of": None,
            "training": None,
            "probation": None,
        },
    )


def test_who_is_not_hired_has_none(one: Office, call: Caller) -> None:
    one.drafts()
    for employee_id in (EMPLOYEE, "emp_nobody"):
        status, refusal = call("GET", f"/employees/{employee_id}", language="en")
        assert (status, refusal["detail"]) == (404, f"There is no employee {employee_id}")
    assert call("GET", "/employees/emp_nobody")[1]["detail"] == "没有这个员工:emp_nobody"
    assert call("GET", f"/employees/{'x' * 129}")[0] == 400
