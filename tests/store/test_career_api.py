"""HR's API over careers: the ladder (F3) and the balanced scorecard (F6), with the shipped documents."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, cast

import pytest

from employee_api import career, scorecard
from infra.admin import DEFAULTS
from infra.admin.configuration import read
from rencai import wiring
from rencai.domain.career import Basis, CareerRecord, NeedKind, NeedState, ProjectDone, ProjectRole, Source
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.employee import Employee
from rencai.domain.records import LearningRecord
from rencai.domain.risk import MonthFigures
from rencai.domain.scorecard import Against, Lacking
from rencai.store.careers import Careers, career_key
from rencai.store.corrections import record
from rencai.store.employees import employee_told
from rencai.store.records import Records, learning_told
from rencai.store.table import Table
from tests.store.conftest import TABLE
from tests.store.racing import Racing
from tests.store.training_office import CATALOGUE, EMPLOYEE, Caller, Office, office
from tests.template import resources
from tests.unit.logs import logged

ROLE: Final = "ecommerce_operations"
LI: Final = "emp_0002"
CAREER: Final = f"/employees/{LI}/career"
CARD: Final = f"/employees/{LI}/scorecard"
LAUNCH: Final = {"project_id": "P-1", "kind": "launch", "role": "member", "on": "2026-02-01"}


class CareerCaller(Caller):
    """HR's API with the routes over careers."""

    def __init__(self) -> None:
        super().__init__()
        for routes in (career, scorecard):
            self._api.resolver.include_router(routes.router)


class Company:
    """What the scans found of the company."""

    def __init__(self) -> None:
        self.months: dict[str, MonthFigures] = {}

    def month(self, month: str) -> MonthFigures | None:
        return self.months.get(month)


def shipped(kind: ConfigurationKind, name: str) -> dict[str, Any]:
    return read(DEFAULTS / kind / f"{name}.yaml").content


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch, company: Company) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        careers, records = Careers(fresh.table), Records(fresh.table)
        monkeypatch.setattr(wiring, "careers", lambda: careers)
        monkeypatch.setattr(wiring, "records", lambda: records)
        monkeypatch.setattr(wiring, "scans", lambda: company)
        for kind in (ConfigurationKind.CAREER_LADDER, ConfigurationKind.SCORECARD):
            fresh.configure(kind, shipped(kind, ROLE), ROLE)
        courses = shipped(ConfigurationKind.COURSE_CATALOGUE, "default")["courses"]
        fresh.configure(ConfigurationKind.COURSE_CATALOGUE, {"courses": courses | CATALOGUE["courses"]})
        moves_in(fresh)
        yield fresh


@pytest.fixture
def call() -> Caller:
    return CareerCaller()


def moves_in(one: Office, **more: Any) -> None:
    """Somebody who was not hired through Rencai, and has no training plan."""
    employee = Employee(LI, "李四", ROLE, "深圳", date(2025, 6, 2), one.now)
    record(one.table, employee_told(replace(employee, **more)), "import", one.now)


def learnt(one: Office, course: str, percent: int) -> None:
    told = LearningRecord(course, Decimal(percent), None, None)
    record(one.table, learning_told(LI, told), "import", one.now)


def performs(call: Caller, month: str, *metrics: dict[str, Any]) -> None:
    assert call("PUT", f"/employees/{LI}/performance/{month}", {"metrics": list(metrics)})[0] == 200


def told(one: Office) -> list[tuple[str, dict[str, Any]]]:
    one.published.clear()
    one.relays()
    return [(event.name, dict(event.data)) for _, event in one.published if event.name == "career.recorded"]


# --- F3 ---------------------------------------------------------------------------------------------------------------


def test_f3_the_worked_example_from_what_was_told_to_what_is_to_be_done(one: Office, call: Caller) -> None:
    learnt(one, "基础运营", 85)
    performs(call, "2026-02", {"id": "sales", "value": 12_000, "currency": "USD"})
    recorded = {"employee_id": LI, "level": "assistant", "skills": [], "projects": [LAUNCH]}
    assert call("PUT", CAREER, {"level": "assistant", "projects": [LAUNCH]}) == (200, recorded)
    status, found = call("GET", CAREER)
    assert status == 200
    assert found["next_step"] == {
        "kind": "skill",
        "lacks": {"id": "product_selection", "name": "选品分析"},
        "enrol_in": {"course_id": "amazon-product-selection", "name": "亚马逊选品技巧", "enrolled": False},
        "text": "还缺“选品分析”;建议报名《亚马逊选品技巧》",
    }
    assert (found["level"], found["basis"]) == ({"id": "assistant", "name": "运营助理"}, "recorded")
    assert [(level["id"], level["standing"]) for level in found["levels"]] == [
        ("assistant", "present"),
        ("junior", "next"),
        ("middle", "above"),
        ("senior", "above"),
    ]
    assert [(need["level"], need["id"], need["state"]) for need in found["missing"]] == [
        ("junior", "product_selection", "missing"),
        ("junior", "advertising", "missing"),
        ("junior", "intermediate-operations", "missing"),
        ("junior", "sales", "missing"),
    ]
    assert found["missing"][-1] == {
        "level": "junior",
        "id": "sales",
        "name": "月销售额",
        "kind": "sales",
        "state": "missing",
        "required": 15_000.0,
        "value": 12_000.0,
        "source": "performance",
        "course": None,
        "role": None,
        "currency": "USD",
        "month": "2026-02",
        "told_in": "USD",
    }
    basic = next(need for need in found["levels"][0]["needs"] if need["kind"] == "course")
    assert (basic["name"], basic["state"], basic["value"], basic["required"], basic["source"]) == (
        "基础运营",
        "met",
        85.0,
        80.0,
        "earlier_system",
    )
    assert (found["ready"], found["text"], found["recorded"]) == (
        False,
        found["next_step"]["text"],
        recorded,
    )


def test_f3_the_worked_example_in_english_and_by_the_level_of_the_employees_file(
    one: Office, call: Caller
) -> None:
    moves_in(one, level="运营助理")
    learnt(one, "Basic operations", 85)
    assert call("PUT", CAREER, {"projects": [LAUNCH]})[0] == 200
    found = call("GET", CAREER, language="en")[1]
    assert (found["level"]["name"], found["basis"]) == ("Operations assistant", "employee_file")
    assert found["text"] == "Lacks 'Product selection'; enrol in 'Product selection on Amazon'"
    assert found["missing"][-1]["state"] == "not_measured"


def test_who_has_nothing_on_record_begins_at_the_first_level(one: Office, call: Caller) -> None:
    found = call("GET", CAREER)[1]
    assert (found["level"]["id"], found["basis"]) == ("assistant", "first")
    assert found["text"] == "还缺“商品上架”;建议报名《基础运营》"
    assert found["recorded"] == {"employee_id": LI, "level": None, "skills": [], "projects": []}


def test_what_is_missing_may_be_a_project_or_nothing_at_all(one: Office, call: Caller) -> None:
    learnt(one, "战略运营", 100)
    performs(call, "2026-02", {"id": "sales", "value": 50_000, "currency": "USD"})
    skills = ["market_research", "supply_chain", "strategy"]
    assert call("PUT", CAREER, {"level": "middle", "skills": skills})[0] == 200
    learnt(one, "高级运营", 100)
    found = call("GET", CAREER)[1]
    assert (found["next_step"]["kind"], found["next_step"]["enrol_in"]) == ("project", None)
    leads = {**LAUNCH, "kind": "small_category", "role": "lead"}
    assert call("PUT", CAREER, {"level": "middle", "skills": skills, "projects": [leads]})[0] == 200
    found = call("GET", CAREER, language="en")[1]
    assert (found["next_step"], found["ready"]) == (None, True)
    assert found["text"] == "All that 'Senior operator' asks is met: time to talk about the promotion"
    assert call("PUT", CAREER, {"level": "senior"})[0] == 200
    assert call("GET", CAREER)[1]["levels"][0]["standing"] == "below"


def test_a_career_is_recorded_and_replaced_and_the_same_again_tells_nothing(
    one: Office, call: Caller
) -> None:
    first = {"level": "junior", "skills": ["advertising", "product_listing"], "projects": [LAUNCH]}
    again = {**first, "skills": ["product_listing", "advertising", "advertising"]}
    with logged() as log:
        for body in (first, again):
            status, answer = call("PUT", CAREER, body)
            assert (status, answer["skills"]) == (200, ["advertising", "product_listing"])
        assert told(one) == [("career.recorded", {})]
        assert call("PUT", CAREER, {}) == (
            200,
            {"employee_id": LI, "level": None, "skills": [], "projects": []},
        )
        assert told(one) == [("career.recorded", {})] * 2
    assert "junior" not in log.text
    one.relays()
    history = call("GET", f"/employees/{LI}/training/history")[1]["items"]
    assert [entry["type"] for entry in history].count("career.recorded") == 2


@pytest.mark.parametrize(
    ("body", "status", "code", "path", "message"),
    [
        (
            {"level": "chief"},
            422,
            "level_unknown",
            "level",
            "Career ladder 'ecommerce_operations' has no level 'chief'; there are: assistant, junior, middle, senior",
        ),
        (
            {"projects": [{**LAUNCH, "kind": "party"}]},
            422,
            "skill_unknown",
            "projects[0].kind",
            "Career ladder 'ecommerce_operations' has no 'party'; there are: launch, small_category",
        ),
        (
            {"projects": [LAUNCH, LAUNCH]},
            422,
            "project_repeated",
            "projects[1].project_id",
            "Project 'P-1' comes twice; it should be there once",
        ),
        (
            {"projects": [{**LAUNCH, "on": "2026-03-03"}]},
            422,
            "still_ahead",
            "projects[0].on",
            "The date should be today (2026-03-02) or earlier",
        ),
        ({"projects": [{**LAUNCH, "role": "boss"}]}, 400, "malformed", "projects[0].role", None),
        ({"projects": [{**LAUNCH, "project_id": "张 1"}]}, 400, "malformed", "projects[0].project_id", None),
        ({"projects": [{**LAUNCH, "on": 20260201}]}, 400, "malformed", "projects[0].on", None),
        ({"skills": "advertising"}, 400, "malformed", "skills", None),
        ({"skills": ["a"] * 201}, 400, "malformed", "skills", "should have at most 200 items"),
    ],
)
def test_what_the_ladder_or_the_form_does_not_allow_is_refused(
    one: Office, call: Caller, body: dict[str, Any], status: int, code: str, path: str, message: str | None
) -> None:
    answered, problem = call("PUT", CAREER, body, language="en")
    assert (answered, problem["type"]) == (status, f"urn:rencai:problem:{code}")
    (error,) = problem["errors"]
    assert error["path"] == path
    assert message is None or error["message"] == message
    assert told(one) == []


def test_a_role_without_a_ladder_or_a_scorecard_has_none_and_hears_which_have(
    one: Office, call: Caller
) -> None:
    one.hires()
    for method, path, kind in (
        ("GET", "career", "career_ladder"),
        ("PUT", "career", "career_ladder"),
        ("GET", "scorecard", "scorecard"),
    ):
        body: dict[str, Any] | None = {} if method == "PUT" else None
        status, problem = call(method, f"/employees/{EMPLOYEE}/{path}", body, language="en")
        assert (status, problem["detail"]) == (
            404,
            f"Role 'sales' has no {kind}; there are: ecommerce_operations",
        )
        status, problem = call(method, f"/employees/emp_nobody/{path}", body, language="en")
        assert (status, problem["detail"]) == (404, "There is no employee emp_nobody")


def test_a_course_of_the_training_plan_counts_and_who_is_enrolled_goes_on_with_it(
    one: Office, call: Caller
) -> None:
    one.hires()
    ladder = {
        "skills": {
            "bargains": {
                "name": {"zh-CN": "会谈判", "en": "Bargains"},
                "courses": [{"course": "negotiation"}],
            }
        },
        "levels": [
            {"id": "one", "name": {"zh-CN": "一级", "en": "One"}},
            {"id": "two", "name": {"zh-CN": "二级", "en": "Two"}, "skills": ["bargains"]},
        ],
    }
    one.configure(ConfigurationKind.CAREER_LADDER, ladder, "sales")
    one.learns("negotiation", 50)
    path = f"/employees/{EMPLOYEE}/career"
    found = call("GET", path)[1]
    assert found["next_step"]["enrol_in"] == {
        "course_id": "negotiation",
        "name": "谈判技巧实战",
        "enrolled": True,
    }
    assert found["missing"][0]["value"] == 50.0
    one.passes(days=1)
    one.learns("negotiation", 100)
    found = call("GET", path)[1]
    assert (found["level"]["id"], found["basis"], found["next_step"]) == ("two", "requirements_met", None)


# --- F6 ---------------------------------------------------------------------------------------------------------------


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
    one.configure(ConfigurationKind.SCORECARD, shipped(ConfigurationKind.SCORECARD, ROLE), "sales")
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


# --- the documentation ------------------------------------------------------------------------------------------------


def test_openapi_has_the_routes_of_the_template_and_names_the_values_the_domain_has() -> None:
    from api_docs.app import document

    events = resources("AWS::Serverless::Function")["EmployeeApi"]["Events"].values()
    routes = {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events}
    for method, path in (("put", "career"), ("get", "career"), ("get", "scorecard")):
        route = f"/employees/{{employee_id}}/{path}"
        assert (method, route) in routes
        assert document()["paths"][route][method]["security"] == [{"oauth": ["rencai/api"]}]
    schemas = document()["components"]["schemas"]
    for view, field, of in (
        ("NeedView", "kind", NeedKind),
        ("NeedView", "state", NeedState),
        ("CareerStepView", "kind", NeedKind),
        ("CareerView", "basis", Basis),
        ("ProjectView", "role", ProjectRole),
        ("MetricScoreView", "compared_with", Against),
        ("MissingMetricView", "reason", Lacking),
    ):
        assert schemas[view]["properties"][field]["enum"] == [member.value for member in of]
    for view, field, optional in (
        ("NeedView", "source", Source),
        ("NeedView", "role", ProjectRole),
        ("MetricScoreView", "missing", Lacking),
    ):
        assert schemas[view]["properties"][field]["enum"] == [*(member.value for member in optional), None]


# --- the store --------------------------------------------------------------------------------------------------------


def test_a_lost_race_is_decided_again_on_what_is_there_now(dynamodb: Any) -> None:
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    career_ = CareerRecord(
        "junior",
        ("advertising",),
        (ProjectDone("P-1", "launch", ProjectRole.LEAD, date(2026, 2, 1)),),
    )
    careers = Careers(Table(dynamodb, TABLE))
    assert careers.get(LI) == CareerRecord()

    def other() -> None:
        careers.record(LI, CareerRecord("senior"), "hr-2", at)

    assert Careers(Table(cast(Any, Racing(dynamodb, other)), TABLE)).record(LI, career_, "hr-1", at)
    assert careers.get(LI) == career_
    assert not careers.record(LI, career_, "hr-1", at)
    item = Table(dynamodb, TABLE).get(career_key(LI))
    assert item is not None
    # The other came first, and it was decided on that.
    assert (item["version"], item["actor"]) == (2, "hr-1")
