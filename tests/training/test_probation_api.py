"""HR's API over probation (C3): work performance by month, and the score with its trace."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rencai.store.configurations import Versioned
from rencai.training.rules.probation import PROBATION_POLICY, ProbationPolicy
from tests.training.training_office import BY_RULE, EMPLOYEE, EVENT, POLICY, Caller, Office

_OF_A_METRIC = (
    "should begin with a small letter and have small letters, digits and underscores only, at most 32, "
    "as in sales_amount"
)
PROBATION = f"/employees/{EMPLOYEE}/probation"
ACTOR = "4k2mexampleclient"
REVIEW = "谈判技巧有明显提升"
SALES = {"id": "sales", "value": 1200.0, "target": None, "currency": "USD"}
FORMULA = (
    "Probation score = training × 30% + work performance × 70%. "
    "Each course = completion × 40% + exam × 40% + mentor's review × 20%; "
    "training is the mean of the courses by their weights, work performance the mean of the months in the "
    "probation. What has no data is left out and the other weights are scaled up; each step is rounded to two "
    "decimals."
)


def performance(month: str, employee_id: str = EMPLOYEE) -> str:
    return f"/employees/{employee_id}/performance/{month}"


def policy_is(
    one: Office, monkeypatch: pytest.MonkeyPatch, read: Callable[[], Versioned[ProbationPolicy]]
) -> None:
    """What the policy is, each time that the newest is asked for."""
    latest = one.configurations.latest
    monkeypatch.setattr(
        one.configurations,
        "latest",
        lambda kind, *name: read() if kind is PROBATION_POLICY else latest(kind, *name),
    )


def course(item_id: str, name: str, standing: str, **more: Any) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "name": name,
        "standing": standing,
        "weight": 1.0,
        "completion": None,
        "exam": None,
        "mentor": None,
        "score": None,
        **more,
    }


def problem(status: int, code: str, title: str, path: str, message: str, detail: str = "") -> Any:
    return (
        status,
        {
            "type": f"urn:rencai:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail or message,
            "errors": [{"path": path, "message": message}],
            "request_id": EVENT["requestContext"]["requestId"],
        },
    )


# --- the score


def test_c3_the_score_is_shown_whole_with_every_part_of_it(one: Office, call: Caller) -> None:
    one.hires(since=date(2026, 2, 27))
    one.learns("orientation", review="还不错")
    one.learns("negotiation", 100, 85, REVIEW)
    one.passes(days=7)
    one.learns("product", 60)
    report = {"score": 8, "out_of": 10, "metrics": [{"id": "sales", "value": 1200, "currency": "USD"}]}
    assert call("PUT", performance("2026-03"), report)[0] == 200
    assert call("PUT", performance("2026-02"), {"score": 5})[0] == 200, "before the probation: no part of it"
    assert call("GET", PROBATION, language="en") == (
        200,
        {
            "employee_id": EMPLOYEE,
            "starts_on": "2026-03-02",
            "ends_on": "2026-06-01",
            "status": "running",
            "score": 84.2,
            "final": False,
            "coverage": 0.85,
            "complete": False,
            "missing": [],
            "policy": {
                "version": 1,
                "training_weight": 0.3,
                "performance_weight": 0.7,
                "course_weights": {"completion": 0.4, "exam": 0.4, "mentor": 0.2},
            },
            "training": {
                "score": 94.0,
                "weight": 0.3,
                "courses": [
                    course(
                        "orientation",
                        "Company orientation",
                        "nothing_told",
                        mentor={"score": None, "rating": None, "reading": None, "review": "还不错"},
                    ),
                    course("product", "Product knowledge", "not_due", weight=2.0),
                    course(
                        "negotiation",
                        "Negotiation",
                        "counted",
                        completion=100.0,
                        exam=85.0,
                        mentor={"score": 100.0, "rating": BY_RULE, "reading": None, "review": REVIEW},
                        score=94.0,
                    ),
                    course("role-play", "Role play", "not_due"),
                ],
            },
            "performance": {
                "score": 80.0,
                "weight": 0.7,
                "months": [
                    {"month": "2026-03", "score": 8.0, "out_of": 10.0, "percent": 80.0, "metrics": [SALES]}
                ],
            },
            "formula": FORMULA,
        },
    )


def test_c3_nothing_is_not_zero(one: Office, call: Caller) -> None:
    one.hires()
    status, shown = call("GET", PROBATION)
    assert status == 200
    assert {name: shown[name] for name in ("score", "coverage", "complete", "missing")} == {
        "score": None,
        "coverage": 0.0,
        "complete": False,
        "missing": ["training", "performance"],
    }
    assert (shown["training"]["score"], shown["performance"]["score"]) == (None, None)
    assert shown["formula"].startswith("试用期得分 = 培训 × 30% + 工作绩效 × 70%。")
    call("PUT", performance("2026-03"), {"score": 77.77})
    shown = call("GET", PROBATION)[1]
    assert (shown["score"], shown["coverage"], shown["missing"]) == (77.77, 0.7, ["training"])


def test_c3_what_a_removed_course_or_one_after_the_probation_would_count_is_not_shown_as_counted(
    one: Office, call: Caller
) -> None:
    one.configure(PROBATION_POLICY, POLICY | {"months": 1})
    one.passes(minutes=2)
    one.hires()
    one.learns("role-play", 50)
    one.learns("product", 100)
    courses = {course["item_id"]: course for course in call("GET", PROBATION)[1]["training"]["courses"]}
    assert courses["role-play"] == course("role-play", "角色扮演", "removed")
    assert courses["negotiation"] == course("negotiation", "谈判技巧实战", "after_probation")


def test_c3_a_probation_ends_with_its_last_local_day(one: Office, call: Caller) -> None:
    one.hires()
    # 23:59 on 1 June in Shanghai, and a minute later.
    one.passes(days=91, hours=14, minutes=59)
    assert call("GET", PROBATION)[1]["status"] == "running"
    one.passes(minutes=1)
    assert call("GET", PROBATION)[1]["status"] == "ended"


def test_c3_the_tenants_own_weights(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("orientation", 100, 60)
    call("PUT", performance("2026-03"), {"score": 90})
    one.passes(minutes=2)
    own = {
        "training_weight": "0.5",
        "performance_weight": "0.5",
        "course": {"completion": "0.25", "exam": "0.75", "mentor": "0"},
    }
    one.configure(PROBATION_POLICY, POLICY | own)
    shown = call("GET", PROBATION, language="en")[1]
    assert (shown["score"], shown["training"]["score"], shown["training"]["weight"]) == (80.0, 70.0, 0.5)
    assert shown["policy"] == {
        "version": 2,
        "training_weight": 0.5,
        "performance_weight": 0.5,
        "course_weights": {"completion": 0.25, "exam": 0.75, "mentor": 0.0},
    }
    assert shown["formula"].startswith(
        "Probation score = training × 50% + work performance × 50%. "
        "Each course = completion × 25% + exam × 75% + mentor's review × 0%;"
    )


def test_c3_the_weights_shown_are_those_of_the_score(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy is read once: HR may edit it at any moment."""
    one.hires()
    call("PUT", performance("2026-03"), {"score": 90})
    edited = ProbationPolicy.model_validate({"training_weight": "0.4", "performance_weight": "0.6"})
    read = iter([one.configurations.latest(PROBATION_POLICY)])
    policy_is(one, monkeypatch, lambda: next(read, Versioned("default", 2, edited)))
    shown = call("GET", PROBATION)[1]
    assert (shown["policy"]["version"], shown["policy"]["training_weight"], shown["coverage"]) == (
        1,
        0.3,
        0.7,
    )


def test_a_tenant_that_set_no_policy_has_the_defaults(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.hires()
    policy_is(one, monkeypatch, lambda: Versioned("default", 0, ProbationPolicy()))
    shown = call("GET", PROBATION, language="en")[1]
    assert (shown["policy"]["version"], shown["formula"]) == (0, FORMULA)


def test_who_has_no_plan_or_a_draft_has_no_probation(one: Office, call: Caller) -> None:
    one.drafts()
    for employee_id in (EMPLOYEE, "emp_nobody"):
        status, refusal = call("GET", f"/employees/{employee_id}/probation", language="en")
        assert (status, refusal["detail"]) == (404, f"There is no probation {employee_id}")


# --- work performance


def test_c3_a_month_is_recorded_corrected_and_told_once_each(one: Office, call: Caller) -> None:
    one.hires()
    recorded = {
        "month": "2026-03",
        "score": 8.5,
        "out_of": 10.0,
        "percent": 85.0,
        "metrics": [],
        "employee_id": EMPLOYEE,
    }
    for _ in range(2):
        assert call("PUT", performance("2026-03"), {"score": 8.5, "out_of": 10}) == (200, recorded)
        one.passes(hours=1)
    corrected = recorded | {"score": 66.6667, "out_of": 100.0, "percent": 66.67}
    assert call("PUT", performance("2026-03"), {"score": 66.6667}) == (200, corrected)
    one.relays()
    history = call("GET", f"/employees/{EMPLOYEE}/training/history")[1]["items"]
    assert [entry for entry in history if entry["type"] == "performance.recorded"] == [
        {
            "at": at,
            "type": "performance.recorded",
            "actor": ACTOR,
            "data": {"month": "2026-03"},
        }
        for at in ("2026-03-02T01:00:00Z", "2026-03-02T03:00:00Z")
    ]


def test_a_month_of_metrics_alone_is_kept_and_counts_for_no_score(one: Office, call: Caller) -> None:
    one.hires(since=date(2026, 2, 27))
    call("PUT", performance("2026-02"), {"score": 90})
    acos = {"id": "acos", "value": 24.5, "target": 25.0, "currency": None}
    told = {
        "metrics": [
            {"id": "sales", "value": 1200, "currency": "USD"},
            {"id": "acos", "value": 24.5, "target": 25},
        ]
    }
    assert call("PUT", performance("2026-03"), told) == (
        200,
        {
            "month": "2026-03",
            "score": None,
            "out_of": 100.0,
            "percent": None,
            "metrics": [acos, SALES],
            "employee_id": EMPLOYEE,
        },
    )
    shown = call("GET", PROBATION)[1]
    assert (shown["performance"]["score"], shown["performance"]["months"]) == (None, [])
    assert shown["missing"] == ["training", "performance"]


def test_a_metric_comes_once(one: Office, call: Caller) -> None:
    one.hires()
    body = {"metrics": [{"id": "sales", "value": 1}, {"id": "acos", "value": 1}, {"id": "sales", "value": 1}]}
    assert call("PUT", performance("2026-03"), body, language="en") == problem(
        422,
        "metric_repeated",
        "Against a rule",
        "metrics[2].id",
        "Metric 'sales' comes twice; a month has one value of it",
    )
    assert one.performances.of(EMPLOYEE) == []


@pytest.mark.parametrize("body", [{"score": 0}, {"score": 100.0}, {"score": 0.0001, "out_of": 0.0001}])
def test_every_score_of_the_scale_can_be_recorded(one: Office, call: Caller, body: dict[str, float]) -> None:
    one.hires(since=date(2025, 12, 1))
    status, recorded = call("PUT", performance("2025-12"), body)
    assert (status, recorded["score"], recorded["percent"]) == (
        200,
        body["score"],
        0.0 if body["score"] == 0 else 100.0,
    )


def test_a_month_is_to_come_until_it_begins_where_the_tenant_is(one: Office, call: Caller) -> None:
    one.hires()
    message = "2026-04 is still to come; performance can be recorded up to 2026-03"
    assert call("PUT", performance("2026-04"), {"score": 80}, language="en") == problem(
        422, "month_to_come", "Against a rule", "month", message
    )
    # 31 March, 16:00 UTC is midnight in Shanghai.
    one.passes(days=29, hours=14, minutes=59)
    assert call("PUT", performance("2026-04"), {"score": 80}) == problem(
        422, "month_to_come", "不符合规则", "month", "2026-04 还没有到;绩效最晚可以录到 2026-03"
    )
    one.passes(minutes=1)
    assert call("PUT", performance("2026-04"), {"score": 80})[0] == 200


@pytest.mark.parametrize(
    ("body", "out_of"),
    [
        ({"score": -1}, "100"),
        ({"score": -0.0001}, "100"),
        ({"score": 100.0001}, "100"),
        ({"score": 11, "out_of": 10.50}, "10.5"),
        ({"score": 10**400}, "100"),
    ],
)
def test_a_score_beyond_its_scale_is_refused(
    one: Office, call: Caller, body: dict[str, float], out_of: str
) -> None:
    one.hires()
    assert call("PUT", performance("2026-03"), body, language="en") == problem(
        422, "score_out_of_range", "Against a rule", "score", f"The score should be between 0 and {out_of}"
    )
    assert call("PUT", performance("2026-03"), body)[1]["detail"] == f"得分应在 0 到 {out_of} 之间"
    assert one.performances.of(EMPLOYEE) == []


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({}, "body", "a score or a metric is required"),
        ({"score": None}, "body", "a score or a metric is required"),
        ({"metrics": []}, "body", "a score or a metric is required"),
        ({"score": "80"}, "score", "should be a number"),
        ({"score": True}, "score", "should be a number"),
        ({"score": float("nan")}, "score", "should be a finite number"),
        ({"score": float("inf")}, "score", "should be a finite number"),
        ({"score": 0.00001}, "score", "should have at most 4 decimal places"),
        ({"score": 80.12345}, "score", "should have at most 4 decimal places"),
        ({"score": 1, "out_of": 0}, "out_of", "should be greater than 0"),
        ({"score": 1, "out_of": -5}, "out_of", "should be greater than 0"),
        ({"score": 1, "out_of": 1000.5}, "out_of", "should be at most 1000"),
        ({"score": 1, "out_of": None}, "out_of", "should be a number"),
        ({"score": 1, "metrics": None}, "metrics", "should be an array"),
        ({"score": 1, "metrics": [{"id": "sales"}]}, "metrics[0].value", "is required"),
        ({"metrics": [{"id": "sales", "value": None}]}, "metrics[0].value", "should be a number"),
        ({"metrics": [{"id": "Sales", "value": 1}]}, "metrics[0].id", _OF_A_METRIC),
        (
            {"metrics": [{"id": "a", "value": 1, "target": 0}]},
            "metrics[0].target",
            "should be greater than 0",
        ),
        (
            {"metrics": [{"id": "a", "value": 1, "currency": "usd"}]},
            "metrics[0].currency",
            "should be the three capital letters of a currency (ISO 4217), as in CNY",
        ),
        (
            {"metrics": [{"id": "a", "value": 1}] * 31},
            "metrics",
            "should have at most 30 items",
        ),
    ],
)
def test_a_report_that_is_none(
    one: Office, call: Caller, body: dict[str, Any], path: str, message: str
) -> None:
    one.hires()
    assert call("PUT", performance("2026-03"), body, language="en") == problem(
        400, "malformed", "The request is malformed", path, message, f"{path}: {message}"
    )
    assert one.performances.of(EMPLOYEE) == []


def test_too_many_decimals_are_named_in_chinese_too(one: Office, call: Caller) -> None:
    one.hires()
    refusal = call("PUT", performance("2026-03"), {"score": 80.12345})[1]
    assert refusal["errors"] == [{"path": "score", "message": "最多 4 位小数"}]


@pytest.mark.parametrize(
    "month", ["2026-3", "2026-13", "2026-00", "202603", "0026-03", "2026-03-01", "2026-0٣"]
)
def test_a_month_has_a_form(one: Office, call: Caller, month: str) -> None:
    one.hires()
    status, refusal = call("PUT", performance(month), {"score": 80})
    assert (status, refusal["type"]) == (400, "urn:rencai:problem:malformed")
    assert [error["path"] for error in refusal["errors"]] == ["month"]


def test_who_is_no_employee_has_no_performance(one: Office, call: Caller) -> None:
    one.drafts()
    for employee_id in (EMPLOYEE, "emp_nobody"):
        status, refusal = call("PUT", performance("2026-03", employee_id), {"score": 80}, language="en")
        assert (status, refusal["detail"]) == (404, f"There is no employee {employee_id}")
    assert one.performances.of(EMPLOYEE) == []
    assert call("PUT", performance("2026-03", "x" * 129), {"score": 80})[0] == 400
    assert call("GET", f"/employees/{'x' * 129}/probation")[0] == 400
