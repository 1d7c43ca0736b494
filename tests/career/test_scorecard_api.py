"""HR's API over the balanced scorecard (F6), with the shipped documents."""

from decimal import Decimal
from typing import Final

import pytest

from rencai.career.rules.scorecard import SCORECARD
from rencai.pressure.rules.company import MonthFigures
from tests.career.career_office import LI, ROLE, Company, learnt, performs, shipped
from tests.training.training_office import EMPLOYEE, Caller, Office

CARD: Final = f"/employees/{LI}/scorecard"


def the_example(one: Office, call: Caller, company: Company) -> None:
    company.months["2026-02"] = MonthFigures(Decimal(7), {"acos": Decimal(25)})
    learnt(one, "基础运营", 100)
    performs(
        call,
        "2026-02",
        {"id": "sales", "value": 18_000, "target": 18_000, "currency": "USD"},
        {"id": "acos", "value": 35},
        {"id": "satisfaction", "value": 90},
    )


def test_f6_the_worked_example_from_what_was_told_to_the_incentive(
    one: Office, call: Caller, company: Company
) -> None:
    the_example(one, call, company)
    status, found = call("GET", CARD, language="en")
    assert status == 200
    assert (found["month"], found["score"], found["grade"]) == (
        "2026-02",
        8.5,
        {"id": "excellent", "name": "excellent"},
    )
    assert (found["role"], found["scorecard_version"], found["coverage"]) == (ROLE, 1, 0.6)
    assert [(part["id"], part["score"], part["weight"], part["share"]) for part in found["perspectives"]] == [
        ("financial", 10.0, 0.4, 0.4),
        ("customer", 9.0, 0.3, 0.3),
        ("internal_process", 4.0, 0.2, 0.2),
        ("learning", 10.0, 0.1, 0.1),
    ]
    assert found["perspectives"][2]["metrics"][0] == {
        "id": "acos",
        "name": "Advertising cost of sales (ACoS)",
        "value": 35.0,
        "currency": None,
        "compared_with": "company",
        "reference": 25.0,
        "ratio": 1.4,
        "curve": [[1.0, 10.0], [1.6, 1.0], [2.0, 0.0]],
        "points": 4.0,
        "weight": 0.6,
        "share": 0.2,
        "missing": None,
    }
    assert [(one["id"], one["perspective"], one["reason"]) for one in found["missing"]] == [
        ("gross_margin", "financial", "not_told"),
        ("repurchase", "customer", "not_told"),
        ("inventory_turnover", "internal_process", "not_told"),
        ("skill_gain", "learning", "not_told"),
    ]
    assert found["incentive"] == {
        "id": "senior_operations_advertising",
        "name": "senior operations training (advertising)",
        "reason": "satisfaction and training excellent, ACoS high",
        "enrol_in": {
            "course_id": "senior-operations-advertising",
            "name": "Senior operations training (advertising)",
            "enrolled": False,
        },
    }
    assert call("GET", CARD)[1]["text"] == (
        "综合得分 8.5(优秀): 客户满意度和培训优秀,ACoS 偏高 → 高级运营培训(广告投放)"
    )


def test_without_the_companys_figure_a_metric_is_missing_and_says_so(one: Office, call: Caller) -> None:
    the_example(one, call, Company())
    found = call("GET", CARD, language="en")[1]
    acos = next(metric for metric in found["missing"] if metric["id"] == "acos")
    assert acos == {
        "id": "acos",
        "name": "Advertising cost of sales (ACoS)",
        "perspective": "internal_process",
        "reason": "no_company_figure",
        "text": "no company figure yet for this month",
    }
    # (0.4 x 10 + 0.3 x 9 + 0.1 x 10) / 0.8
    assert (found["score"], found["perspectives"][2]["share"]) == (9.63, 0.0)
    assert found["text"] == "a score of 9.63 (excellent) → performance bonus and nomination for promotion"


def test_the_scorecard_is_the_latest_months_with_metrics_or_of_the_month_that_is_asked_for(
    one: Office, call: Caller
) -> None:
    assert call("GET", CARD)[1]["month"] == "2026-03"
    performs(call, "2026-01", {"id": "satisfaction", "value": 50})
    performs(call, "2026-02", {"id": "satisfaction", "value": 60})
    assert call("PUT", f"/employees/{LI}/performance/2026-03", {"score": 80})[0] == 200
    asked = {name: call("GET", CARD, month=name)[1] for name in ("2026-01", "2026-03")}
    found = {"": call("GET", CARD)[1], **asked}
    assert {name: (one["month"], one["score"]) for name, one in found.items()} == {
        "": ("2026-02", 6.0),
        "2026-01": ("2026-01", 5.0),
        "2026-03": ("2026-03", None),
    }
    nothing = found["2026-03"]
    assert (nothing["grade"], nothing["incentive"], nothing["coverage"]) == (None, None, 0.0)
    assert nothing["text"] == "没有可以计分的指标"


@pytest.mark.parametrize(
    ("month", "status", "code"), [("2026-04", 422, "month_to_come"), ("2026-13", 400, "malformed")]
)
def test_a_month_that_is_to_come_or_is_none_is_refused(
    one: Office, call: Caller, month: str, status: int, code: str
) -> None:
    answered, problem = call("GET", CARD, month=month)
    assert (answered, problem["type"]) == (status, f"urn:rencai:problem:{code}")
    assert [error["path"] for error in problem["errors"]] == ["month"]


def test_training_that_runs_does_not_count_before_its_month_is_over_or_it_is_due(
    one: Office, call: Caller
) -> None:
    one.hires()
    one.configure(SCORECARD, shipped(SCORECARD, ROLE), "sales")
    path = f"/employees/{EMPLOYEE}/scorecard"

    def training() -> float | None:
        (part,) = (
            part for part in call("GET", path, month="2026-03")[1]["perspectives"] if part["id"] == "learning"
        )
        points: float | None = part["metrics"][0]["points"]
        return points

    one.learns("orientation", 80)
    assert training() is None
    one.passes(days=7)
    # The orientation was due on the third working day; the product is complete before its time.
    assert training() == 8.0
    one.learns("product", 100)
    assert training() == 9.0
    # Due in April: it does not count for March, whenever that is looked at.
    one.learns("negotiation", 10)
    one.passes(days=60)
    assert training() == 9.0
