"""HR's API over the career ladder (F3), with the shipped documents."""

from datetime import UTC, date, datetime
from typing import Any, Final, cast

import pytest

from rencai.career.rules.known import CareerRecord, ProjectDone, Source
from rencai.career.rules.ladder import CAREER_LADDER, ProjectRole
from rencai.career.rules.scorecard import Against, Lacking
from rencai.career.rules.standing import Basis, NeedKind, NeedState
from rencai.career.store.careers import Careers, career_key
from rencai.store.table import Table
from tests.career.career_office import LI, learnt, moves_in, performs
from tests.logs import logged
from tests.moto_table import TABLE
from tests.racing import Racing
from tests.template import routes
from tests.training.training_office import EMPLOYEE, Caller, Office

CAREER: Final = f"/employees/{LI}/career"
LAUNCH: Final = {"project_id": "P-1", "kind": "launch", "role": "member", "on": "2026-02-01"}


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
            f"Role 'sales' has no {kind.replace('_', ' ')}; there are: ecommerce_operations",
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
    one.configure(CAREER_LADDER, ladder, "sales")
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


# --- the documentation ------------------------------------------------------------------------------------------------


def test_openapi_has_the_routes_of_the_template_and_names_the_values_the_domain_has() -> None:
    from functions.api.document import document

    for method, path in (("put", "career"), ("get", "career"), ("get", "scorecard")):
        route = f"/employees/{{employee_id}}/{path}"
        assert f"{method.upper()} {route}" in routes("EmployeeApi")
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
