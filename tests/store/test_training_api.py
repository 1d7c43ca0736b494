"""HR's API over training plans: the plan (C1, C5, E1), its history, and warnings decided (C4)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from rencai import wiring
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import LostRace
from rencai.domain.probation import Standing
from rencai.domain.training import Cause
from rencai.domain.training_plan import PlanStatus, ReasonKind, WarningStatus
from rencai.domain.training_rules import CourseKind
from rencai.domain.training_wording import ItemStatus
from tests.store.training_office import CANDIDATE, EMPLOYEE, EVENT, MODEL, RULES, Caller, Office, office
from tests.template import resources
from tests.unit.logs import logged

TRAINING = f"/employees/{EMPLOYEE}/training"
ACTOR = "4k2mexampleclient"
REQUEST_ID = EVENT["requestContext"]["requestId"]
REASON = "已和本人谈过,下周一对一辅导"
REVIEW = "谈判技巧有明显提升"


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        yield fresh


@pytest.fixture
def call() -> Caller:
    return Caller()


def named(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"id": id_, "name": name} for id_, name in pairs]


def required(why: str) -> dict[str, Any]:
    return {"kind": "required", "rule": "basics", "why": why, "competency": None, "about": None}


def gap(why: str, name: str) -> dict[str, Any]:
    competency = {"id": "negotiation", "name": name, "score": 70}
    return {"kind": "gap", "rule": "negotiates", "why": why, "competency": competency, "about": None}


def shown(
    item_id: str, name: str, kind: str, dates: tuple[str, str], reason: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """An item of which nothing was told, due at 18:00 in Shanghai."""
    return {
        "item_id": item_id,
        "course_id": item_id,
        "name": name,
        "kind": kind,
        "lessons": None,
        "days": None,
        "sessions_per_week": None,
        "about": None,
        "materials": [],
        "reasons": [reason],
        "starts_on": dates[0],
        "due_on": dates[1],
        "due_at": f"{dates[1]}T10:00:00Z",
        "status": "planned",
        "removed_by": None,
        "completion_percent": None,
        "exam_score": None,
        "mentor_review": None,
        "mentor_rating": None,
        "enrolled": False,
        "told_at": None,
        **more,
    }


def raised(one: Office, *, exam: int = 50) -> str:
    """The product course's exam was failed in the second week; the warning's id."""
    one.hires()
    one.learns("orientation", 100)
    one.passes(days=8)
    one.learns("product", 40, exam)
    return one.warning("product", "exam")


# --- the plan


def test_c1_e1_what_a_candidate_can_expect_whole(one: Office, call: Caller) -> None:
    one.passes(days=-5)
    one.configure(ConfigurationKind.ONBOARDING_KIT, {"everyone": [], "starts_after_days": 12})
    one.drafts()
    forms = {"materials": named(("video", "视频"), ("mind_map", "思维导图"))}
    basics, negotiates = required("每位销售都从这里开始"), gap("面试中谈判技巧还有提升空间", "谈判技巧")
    plan = {
        "employee_id": EMPLOYEE,
        "status": "draft",
        "role": "sales",
        "learning_style": "visual",
        "starts_on": "2026-03-09",
        "time_zone": "Asia/Shanghai",
        "made_by": {"rules_version": 1, "catalogue_version": 1},
        "items": [
            shown(
                "orientation",
                "公司入门",
                "online",
                ("2026-03-09", "2026-03-12"),
                basics,
                lessons=2,
                **forms,
            ),
            shown(
                "product",
                "产品知识",
                "online",
                ("2026-03-16", "2026-04-06"),
                basics,
                lessons=12,
                about="我们卖什么",
                **forms,
            ),
            shown(
                "negotiation",
                "谈判技巧实战",
                "online",
                ("2026-03-23", "2026-04-20"),
                negotiates,
                lessons=20,
                **forms,
            ),
            shown("role-play", "角色扮演", "workshop", ("2026-04-13", "2026-04-20"), negotiates, days=1.0),
        ],
        "unanswered": [{"competency": {"id": "stress_tolerance", "name": "stress_tolerance", "score": 60}}],
        "warnings": [],
        "next_step": {
            "text": "3 月 9 日将进行《公司入门》线上课程",
            "course_id": "orientation",
            "starts_on": "2026-03-09",
        },
    }
    assert call("GET", f"/candidates/{CANDIDATE}/training") == (200, plan)
    assert call("GET", TRAINING)[0] == 404, "nobody's employee yet"


def test_c1_c5_e1_an_employees_plan_whole_as_they_learn(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("orientation", 100, 90)
    one.passes(days=14)
    one.learns("product", 100, 85, REVIEW)
    one.enrols()
    # The last word counts, though no rule says what for.
    one.passes(hours=1)
    one.learns("product", review="还不错")
    forms = {"materials": named(("video", "Videos"), ("mind_map", "Mind maps"))}
    basics = required("Where every salesperson begins")
    negotiates = gap("The interview showed room to grow in negotiation", "Negotiation skills")
    by_progress = {
        "kind": "progress",
        "rule": "knows_product",
        "why": "You know the product",
        "competency": None,
        "about": None,
    }
    assert call("GET", TRAINING, language="en") == (
        200,
        {
            "employee_id": EMPLOYEE,
            "status": "assigned",
            "role": "sales",
            "learning_style": "visual",
            "starts_on": "2026-03-02",
            "time_zone": "Asia/Shanghai",
            "made_by": {"rules_version": 1, "catalogue_version": 1},
            "items": [
                shown(
                    "orientation",
                    "Company orientation",
                    "online",
                    ("2026-03-02", "2026-03-05"),
                    basics,
                    lessons=2,
                    status="completed",
                    completion_percent=100.0,
                    exam_score=90.0,
                    enrolled=True,
                    told_at="2026-03-02T01:00:00Z",
                    **forms,
                ),
                shown(
                    "product",
                    "Product knowledge",
                    "online",
                    ("2026-03-09", "2026-03-30"),
                    basics,
                    lessons=12,
                    about="What we sell",
                    status="completed",
                    completion_percent=100.0,
                    exam_score=85.0,
                    mentor_review="还不错",
                    enrolled=True,
                    told_at="2026-03-16T02:00:00Z",
                    **forms,
                ),
                shown(
                    "negotiation",
                    "Negotiation",
                    "online",
                    ("2026-03-16", "2026-04-13"),
                    negotiates,
                    lessons=20,
                    enrolled=True,
                    **forms,
                ),
                shown(
                    "cases",
                    "Product cases",
                    "workshop",
                    ("2026-03-17", "2026-03-30"),
                    by_progress,
                    days=0.5,
                    enrolled=True,
                ),
                shown(
                    "role-play",
                    "Role play",
                    "workshop",
                    ("2026-04-06", "2026-04-13"),
                    negotiates,
                    days=1.0,
                    status="removed",
                    removed_by="masters_product",
                    enrolled=True,
                ),
            ],
            "unanswered": [
                {"competency": {"id": "stress_tolerance", "name": "stress_tolerance", "score": 60}}
            ],
            "warnings": [],
            "next_step": {
                "text": "Today: the online course 'Negotiation'",
                "course_id": "negotiation",
                "starts_on": "2026-03-16",
            },
        },
    )


def test_e1_next_week_the_product_course(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("orientation", 20)
    assert call("GET", TRAINING)[1]["next_step"] == {
        "text": "下周将进行《产品知识》线上课程",
        "course_id": "product",
        "starts_on": "2026-03-09",
    }
    for course in ("orientation", "product", "negotiation", "cases"):
        one.enrols()
        one.learns(course, 100)
    assert call("GET", TRAINING)[1]["next_step"] is None


def test_c4_a_mentors_words_and_what_they_count(one: Office, call: Caller) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, REVIEW)
    plan = call("GET", TRAINING)[1]
    (item,) = [item for item in plan["items"] if item["item_id"] == "negotiation"]
    assert (item["mentor_review"], item["mentor_rating"]) == (
        REVIEW,
        {"score": 100.0, "rule": "clearly_better"},
    )
    assert plan["warnings"] == []


def test_who_learns_in_no_known_way_is_offered_no_form(one: Office, call: Caller) -> None:
    one.hires(style=None)
    one.hires("emp_other", style="auditory")
    for employee_id, style in ((EMPLOYEE, None), ("emp_other", "auditory")):
        plan = call("GET", f"/employees/{employee_id}/training")[1]
        assert plan["learning_style"] == style
        assert [item["materials"] for item in plan["items"]] == [[]] * 4


def test_a_plan_is_told_by_the_rules_that_made_it_and_the_competency_by_its_name_now(
    one: Office, call: Caller
) -> None:
    one.hires()
    one.passes(minutes=2)
    rules = json.loads(json.dumps(RULES))
    rules["required"][0]["why"] = {"zh-CN": "新的说法", "en": "New words"}
    one.configure(ConfigurationKind.TRAINING_RULES, rules)
    competencies = {
        "stress_tolerance": MODEL["competencies"]["negotiation"] | {"name": {"zh-CN": "抗压", "en": "Stress"}}
    }
    one.configure(ConfigurationKind.COMPETENCY_MODEL, MODEL | {"competencies": competencies}, "sales")
    plan = call("GET", TRAINING)[1]
    assert plan["made_by"] == {"rules_version": 1, "catalogue_version": 1}
    assert plan["items"][0]["reasons"][0]["why"] == "每位销售都从这里开始"
    assert plan["items"][2]["reasons"][0]["competency"]["name"] == "negotiation"
    assert plan["unanswered"] == [{"competency": {"id": "stress_tolerance", "name": "抗压", "score": 60}}]


def test_a_role_without_a_model_is_shown_with_the_ids(one: Office, call: Caller) -> None:
    one.drafts(role="pilot")
    status, plan = call("GET", f"/candidates/{CANDIDATE}/training")
    assert (status, plan["role"]) == (200, "pilot")
    assert plan["items"][2]["reasons"][0]["competency"] == {
        "id": "negotiation",
        "name": "negotiation",
        "score": 70,
    }


@pytest.mark.parametrize(
    ("path", "kind", "id_"),
    [
        (TRAINING, "training plan", EMPLOYEE),
        (f"/candidates/{CANDIDATE}/training", "training plan", CANDIDATE),
        # The id of the plan that is there, of an offer, and without its prefix: none is a candidate's.
        ("/candidates/emp_there/training", "training plan", "emp_there"),
        ("/candidates/off_there/training", "training plan", "off_there"),
        ("/candidates/there/training", "training plan", "there"),
        (f"{TRAINING}/history", "employee", EMPLOYEE),
    ],
)
def test_what_is_not_there(one: Office, call: Caller, path: str, kind: str, id_: str) -> None:
    one.drafts("cand_there")
    assert call("GET", path, language="en") == (
        404,
        {
            "type": "urn:rencai:problem:not_found",
            "title": "Not found",
            "status": 404,
            "detail": f"There is no {kind} {id_}",
            "request_id": REQUEST_ID,
        },
    )


@pytest.mark.parametrize(
    "path", ["/employees/{}/training", "/candidates/{}/training", "/employees/{}/training/history"]
)
def test_an_id_has_a_length(one: Office, call: Caller, path: str) -> None:
    assert call("GET", path.format("x" * 128))[0] == 404
    status, problem = call("GET", path.format("x" * 129))
    assert (status, problem["errors"][0]["message"]) == (400, "最多 128 个字符")


# --- warnings


def exam_warning(one: Office, **more: Any) -> dict[str, Any]:
    """The warning of the failed exam, as it is shown while nobody has decided."""
    return {
        "warning_id": one.warning("product", "exam"),
        "item_id": "product",
        "course_id": "product",
        "name": "产品知识",
        "cause": "exam",
        "value": 50.0,
        "threshold": 70.0,
        "raised_at": "2026-03-10T01:00:00Z",
        "times": 1,
        "status": "open",
        "proposals": [
            {"id": "coach", "name": "线下辅导", "course_id": "coaching"},
            {"id": "read", "name": "补充资料", "course_id": "reading"},
        ],
        "decision": None,
        "cleared_at": None,
        **more,
    }


def test_c4_a_warning_shows_the_value_the_threshold_and_what_is_proposed(one: Office, call: Caller) -> None:
    raised(one)
    assert call("GET", TRAINING)[1]["warnings"] == [exam_warning(one)]
    assert call("GET", TRAINING, language="en")[1]["warnings"] == [
        exam_warning(
            one,
            name="Product knowledge",
            proposals=[
                {"id": "coach", "name": "Coaching", "course_id": "coaching"},
                {"id": "read", "name": "Extra material", "course_id": "reading"},
            ],
        )
    ]


def test_c4_hr_accepts_all_that_was_proposed_and_the_plan_changes(one: Office, call: Caller) -> None:
    warning_id = raised(one)
    status, plan = call("POST", f"{TRAINING}/warnings/{warning_id}", {"decision": "accept", "reason": REASON})
    decision = {
        "accepted": True,
        "proposals": ["coach", "read"],
        "reason": REASON,
        "actor": ACTOR,
        "at": "2026-03-10T01:00:00Z",
    }
    assert (status, plan["warnings"]) == (200, [exam_warning(one, status="accepted", decision=decision)])
    assert [item["item_id"] for item in plan["items"]] == [
        "orientation",
        "product",
        "reading~product",
        "coaching~product",
        "negotiation",
        "role-play",
    ]
    reason = {"kind": "warning", "rule": "read", "why": "补充资料", "competency": None, "about": "product"}
    assert plan["items"][2] == shown(
        "reading~product",
        "补充资料",
        "material",
        ("2026-03-10", "2026-03-16"),
        reason,
        course_id="reading",
        lessons=3,
        materials=named(("video", "视频"), ("mind_map", "思维导图")),
    )
    assert plan["items"][3]["materials"] == [], "coaching comes in no form"
    assert plan["next_step"]["text"] == "今天将学习《补充资料》"


def test_c4_hr_accepts_some_of_it(one: Office, call: Caller) -> None:
    warning_id = raised(one)
    body = {"decision": "accept", "proposals": ["read"]}
    status, plan = call("POST", f"{TRAINING}/warnings/{warning_id}", body)
    assert status == 200
    (warning,) = plan["warnings"]
    assert (warning["decision"]["proposals"], warning["decision"]["reason"]) == (["read"], None)
    assert "coaching~product" not in [item["item_id"] for item in plan["items"]]


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "accept"},
        {"decision": "accept", "proposals": None},
        {"decision": "accept", "proposals": ["read", "coach", "read"]},
        {"decision": "decline"},
        {"decision": "decline", "proposals": None},
    ],
)
def test_c4_the_same_decision_again_changes_nothing_and_another_is_a_conflict(
    one: Office, call: Caller, body: dict[str, Any]
) -> None:
    path = f"{TRAINING}/warnings/{raised(one)}"
    first = call("POST", path, body)
    assert first[0] == 200
    version = one.training_plans.get(EMPLOYEE).plan.version
    one.passes(hours=1)
    assert call("POST", path, body) == first
    assert one.training_plans.get(EMPLOYEE).plan.version == version
    for other in (
        {"decision": "accept", "proposals": ["coach"]},
        {"decision": "decline" if body["decision"] == "accept" else "accept"},
    ):
        status, problem = call("POST", path, other, language="en")
        known = "accepted" if body["decision"] == "accept" else "declined"
        assert (status, problem["type"], problem["detail"]) == (
            409,
            "urn:rencai:problem:warning_not_open",
            f"This warning is '{known}'; only one that is 'open' can be decided",
        )


def test_c4_a_declined_warning_shows_why_and_leaves_the_plan(one: Office, call: Caller) -> None:
    warning_id = raised(one)
    before = call("GET", TRAINING)[1]
    status, plan = call(
        "POST", f"{TRAINING}/warnings/{warning_id}", {"decision": "decline", "reason": REASON}
    )
    decision = {
        "accepted": False,
        "proposals": [],
        "reason": REASON,
        "actor": ACTOR,
        "at": "2026-03-10T01:00:00Z",
    }
    assert status == 200
    assert plan == before | {"warnings": [exam_warning(one, status="declined", decision=decision)]}


def test_c4_a_warning_whose_cause_is_gone_cannot_be_decided_and_comes_after_the_open_ones(
    one: Office, call: Caller
) -> None:
    warning_id = raised(one)
    one.passes(hours=1)
    one.learns("product", exam=70)
    one.passes(hours=1)
    one.learns("negotiation", 10, 10)
    cleared = exam_warning(one, status="cleared", value=70.0, cleared_at="2026-03-10T02:00:00Z")
    warnings = call("GET", TRAINING)[1]["warnings"]
    assert [warning["item_id"] for warning in warnings] == ["negotiation", "product"]
    assert warnings[1] == cleared
    for decision in ("accept", "decline"):
        status, problem = call("POST", f"{TRAINING}/warnings/{warning_id}", {"decision": decision})
        assert (status, problem["detail"]) == (409, "这条预警的状态是“cleared”;只有“open”的预警可以处理")


def test_c4_a_warning_that_came_back_is_decided_anew_with_a_reason_of_its_own(
    one: Office, call: Caller
) -> None:
    path = f"{TRAINING}/warnings/{raised(one)}"
    call("POST", path, {"decision": "decline", "reason": "先观察"})
    for exam in (90, 50):
        one.passes(hours=1)
        one.learns("product", exam=exam)
    (warning,) = call("GET", TRAINING)[1]["warnings"]
    assert (warning["status"], warning["times"], warning["decision"]) == ("open", 2, None)
    (warning,) = call("POST", path, {"decision": "accept", "reason": REASON})[1]["warnings"]
    assert (warning["status"], warning["decision"]["reason"]) == ("accepted", REASON)
    one.relays()
    history = call("GET", f"{TRAINING}/history")[1]["items"]
    decided = [entry["data"] for entry in history if entry["type"] == "training.warning_decided"]
    assert [(data["times"], data["reason"]) for data in decided] == [(1, "先观察"), (2, REASON)]


def malformed(path: str, message: str) -> dict[str, Any]:
    return {
        "type": "urn:rencai:problem:malformed",
        "title": "The request is malformed",
        "status": 400,
        "detail": f"{path}: {message}",
        "errors": [{"path": path, "message": message}],
        "request_id": REQUEST_ID,
    }


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({}, "decision", "is required"),
        ({"decision": "maybe"}, "decision", "should be 'accept' or 'decline'"),
        (
            {"decision": "decline", "proposals": ["coach"]},
            "proposals",
            "goes with decision 'accept' only",
        ),
        ({"decision": "accept", "proposals": []}, "proposals", "should have at least 1 items"),
        ({"decision": "accept", "proposals": ["x"] * 51}, "proposals", "should have at most 50 items"),
        ({"decision": "accept", "proposals": [1]}, "proposals[0]", "should be a string"),
        (
            {"decision": "accept", "proposals": ["x" * 65]},
            "proposals[0]",
            "should have at most 64 characters",
        ),
        ({"decision": "accept", "reason": ""}, "reason", "should have at least 1 characters"),
        ({"decision": "accept", "reason": "x" * 2001}, "reason", "should have at most 2000 characters"),
        (
            {"decision": "accept", "reason": "\ud800"},
            "reason",
            "holds a character that UTF-8 cannot carry",
        ),
    ],
)
def test_a_decision_that_is_none_changes_nothing(
    one: Office, call: Caller, body: dict[str, Any], path: str, message: str
) -> None:
    url = f"{TRAINING}/warnings/{raised(one)}"
    before = call("GET", TRAINING)
    assert call("POST", url, body, language="en") == (400, malformed(path, message))
    assert call("GET", TRAINING) == before


def test_a_contradiction_is_named_in_chinese_too(one: Office, call: Caller) -> None:
    body = {"decision": "decline", "proposals": ["coach"]}
    problem = call("POST", f"{TRAINING}/warnings/{raised(one)}", body)[1]
    assert problem["errors"] == [{"path": "proposals", "message": "decision 为 accept 时才能有"}]


def test_a_proposal_that_was_not_made_is_refused_with_those_that_were(one: Office, call: Caller) -> None:
    one.hires()
    one.passes(days=30)
    one.reviews()
    path = f"{TRAINING}/warnings/{one.warning('product', 'completion')}"
    detail = "'read' is not among what was proposed for this warning; there are: coach"
    assert call("POST", path, {"decision": "accept", "proposals": ["coach", "read"]}, language="en") == (
        422,
        {
            "type": "urn:rencai:problem:proposal_unknown",
            "title": "Against a rule",
            "status": 422,
            "detail": detail,
            "errors": [{"path": "proposals", "message": detail}],
            "request_id": REQUEST_ID,
        },
    )


def test_where_nothing_was_proposed_there_is_nothing_to_accept(one: Office, call: Caller) -> None:
    rules = json.loads(json.dumps(RULES))
    del rules["warnings"]["proposals"][0]
    one.configure(ConfigurationKind.TRAINING_RULES, rules)
    one.hires()
    one.passes(days=4)
    one.reviews()
    path = f"{TRAINING}/warnings/{one.warning('orientation', 'completion')}"
    status, problem = call("POST", path, {"decision": "accept"})
    assert (status, problem["type"]) == (422, "urn:rencai:problem:proposal_unknown")
    assert problem["errors"][0]["path"] == "decision"
    status, plan = call("POST", path, {"decision": "decline"})
    assert (status, plan["warnings"][0]["status"], plan["warnings"][0]["proposals"]) == (200, "declined", [])


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_a_warning_or_a_plan_nobody_knows(one: Office, call: Caller, decision: str) -> None:
    one.hires()
    status, problem = call("POST", f"{TRAINING}/warnings/wrn_1", {"decision": decision}, language="en")
    assert (status, problem["detail"]) == (404, "There is no warning wrn_1")
    status, problem = call("POST", "/employees/emp_2/training/warnings/wrn_1", {"decision": decision})
    assert (status, problem["detail"]) == (404, "没有这个training plan:emp_2")


def test_a_race_that_is_lost_twice_is_a_conflict(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{TRAINING}/warnings/{raised(one)}"

    def lose(*_: object) -> None:
        raise LostRace

    monkeypatch.setattr(one.training_plans, "save", lose)
    status, problem = call("POST", path, {"decision": "decline"}, language="en")
    assert (status, problem["type"]) == (409, "urn:rencai:problem:conflict")


def test_what_people_wrote_is_neither_logged_nor_told(one: Office, call: Caller) -> None:
    path = f"{TRAINING}/warnings/{raised(one)}"
    one.learns("product", review=REVIEW)
    with logged() as log:
        assert call("POST", path, {"decision": "accept", "reason": REASON})[0] == 200
    one.relays()
    kept = str([*one.table.query_all(f"EMPLOYEE#{EMPLOYEE}")])
    for text in (REASON, REVIEW):
        assert text not in log.text
        assert text not in kept


# --- the list of warnings


def test_c4_employees_with_open_warnings_who_has_something_due_next_first(one: Office, call: Caller) -> None:
    assert call("GET", "/training/warnings") == (200, {"items": [], "next": None})
    one.passes(days=-7)
    one.hires("emp_early", name="李雷")
    one.hires("emp_calm", name="韩梅")
    one.learns("orientation", 100, employee_id="emp_calm")
    one.passes(days=7)
    warning_id = raised(one)
    one.reviews("emp_early")
    early = {
        "employee_id": "emp_early",
        "name": "李雷",
        "role": "sales",
        "warnings": [
            {
                "warning_id": one.warning("orientation", "completion", "emp_early"),
                "item_id": "orientation",
                "course_id": "orientation",
                "name": "公司入门",
                "cause": "completion",
                "value": None,
                "threshold": 80.0,
                "raised_at": "2026-03-10T01:00:00Z",
                "times": 1,
                "status": "open",
                "proposals": [{"id": "coach", "name": "线下辅导", "course_id": "coaching"}],
                "decision": None,
                "cleared_at": None,
            }
        ],
    }
    late = {
        "employee_id": EMPLOYEE,
        "name": "周晓",
        "role": "sales",
        "warnings": [exam_warning(one)],
    }
    assert call("GET", "/training/warnings") == (200, {"items": [early, late], "next": None})
    _, first = call("GET", "/training/warnings", limit="1")
    _, second = call("GET", "/training/warnings", limit="1", cursor=first["next"])
    assert (first["items"], second["items"]) == ([early], [late])
    # A decided warning waits for nobody; what is decided is on the plan.
    call("POST", f"{TRAINING}/warnings/{warning_id}", {"decision": "decline"})
    assert call("GET", "/training/warnings")[1]["items"] == [early]


def test_a_warning_that_is_gone_and_a_file_that_is_not_there(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is behind the plans for a moment."""
    warning_id = raised(one)
    listed = one.training_plans.warned(10, None)
    one.hires("emp_2")
    monkeypatch.setattr(wiring, "employees", lambda: type(one.employees)(EmptyTable()))  # type: ignore[arg-type]
    assert call("GET", "/training/warnings")[1]["items"][0]["name"] is None
    call("POST", f"{TRAINING}/warnings/{warning_id}", {"decision": "decline"})
    files = [one.training_plans.get(EMPLOYEE)]
    monkeypatch.setattr(one.training_plans, "warned", lambda *_: (files, listed[1]))
    assert call("GET", "/training/warnings") == (200, {"items": [], "next": None})


class EmptyTable:
    """Has nothing."""

    def get(self, _: object) -> None:
        return None


@pytest.mark.parametrize("path", ["/training/warnings", f"{TRAINING}/history"])
@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"cursor": "nonsense"}, {"cursor": "e30x"}]
)
def test_a_page_that_cannot_be(one: Office, call: Caller, path: str, query: dict[str, str]) -> None:
    one.hires()
    assert call("GET", path, **query)[0] == 400


# --- the history


def test_c5_the_history_says_what_changed_and_why(one: Office, call: Caller) -> None:
    warning_id = raised(one)
    call(
        "POST",
        f"{TRAINING}/warnings/{warning_id}",
        {"decision": "accept", "proposals": ["coach"], "reason": REASON},
    )
    one.passes(days=1)
    one.learns("product", 100)
    one.relays()
    status, page = call("GET", f"{TRAINING}/history", language="en")
    assert (status, page["next"]) == (200, None)
    at = ["2026-03-02T01:00:00Z", "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"]
    warned = {
        "warning_id": warning_id,
        "item_id": "product",
        "course_id": "product",
        "cause": "exam",
        "value": 50.0,
        "threshold": 70.0,
        "times": 1,
    }
    decided = {
        "warning_id": warning_id,
        "item_id": "product",
        "cause": "exam",
        "proposals": ["coach"],
        "times": 1,
        "reason": REASON,
    }

    def changed(item_id: str, change: str, reason: str, rule: str) -> dict[str, Any]:
        course_id = item_id.partition("~")[0]
        return {
            "item_id": item_id,
            "course_id": course_id,
            "change": change,
            "reason": reason,
            "rule": rule,
        }

    def entry(
        time: str, type_: str, actor: str, data: dict[str, Any], text: str | None = None
    ) -> dict[str, Any]:
        return {"at": time, "type": type_, "actor": actor, "data": data | ({"text": text} if text else {})}

    made = "Where every salesperson begins\nThe interview showed room to grow in negotiation"
    scored = {"coverage": 0.3, "policy_version": 1}
    assert page["items"] == [
        entry(at[0], "plan.assigned", "rencai", {"role": "sales", "items": 4}, made),
        entry(at[0], "probation.scored", "rencai", {"score": 100.0, **scored}),
        entry(at[1], "training.warning_raised", "rencai", warned),
        entry(at[1], "probation.scored", "rencai", {"score": 66.67, **scored}),
        entry(at[1], "training.warning_decided", ACTOR, decided),
        entry(
            at[1], "plan.changed", ACTOR, changed("coaching~product", "added", "warning", "coach"), "Coaching"
        ),
        entry(
            at[2],
            "plan.changed",
            "rencai",
            changed("role-play", "removed", "progress", "masters_product"),
            "No role play needed any more",
        ),
        entry(
            at[2],
            "plan.changed",
            "rencai",
            changed("cases", "added", "progress", "knows_product"),
            "You know the product",
        ),
        entry(at[2], "probation.scored", "rencai", {"score": 83.33, **scored}),
    ]
    _, chinese = call("GET", f"{TRAINING}/history")
    assert [item["data"]["text"] for item in chinese["items"] if "text" in item["data"]] == [
        "每位销售都从这里开始\n面试中谈判技巧还有提升空间",
        "线下辅导",
        "不再需要角色扮演",
        "产品知识已掌握",
    ]
    read, query = list[Any](), {"limit": "4"}
    for _ in range(3):
        _, page = call("GET", f"{TRAINING}/history", **query)
        read += page["items"]
        query["cursor"] = page["next"] or ""
    assert (read, page["next"]) == (chinese["items"], None)


def test_an_employee_of_whom_nothing_was_told_has_an_empty_history(one: Office, call: Caller) -> None:
    one.hires()
    assert call("GET", f"{TRAINING}/history") == (200, {"items": [], "next": None})


# --- the documentation


_OURS = re.compile(r"/(training|probation|performance)\b")


def routes() -> set[tuple[str, str]]:
    """What the template lets through to HR's API about training and probation."""
    events = resources("AWS::Serverless::Function")["EmployeeApi"]["Events"].values()
    found = {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events}
    return {(method, path) for method, path in found if _OURS.search(path)}


def test_openapi_has_every_route_of_the_template_with_its_answer_and_scope() -> None:
    from api_docs.app import document

    paths = document()["paths"]
    documented = {
        (method, path) for path, operations in paths.items() for method in operations if _OURS.search(path)
    }
    assert documented == routes()
    assert len(documented) == 7
    for method, path in documented:
        operation = paths[path][method]
        assert operation["security"] == [{"oauth": ["rencai/api"]}]
        assert sorted(operation["responses"]) == ["200", "default"]
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                assert parameter["required"]
                assert {"maxLength", "pattern"} & set(parameter["schema"])


def test_openapi_names_the_values_the_domain_has() -> None:
    from api_docs.app import document

    schemas = document()["components"]["schemas"]
    for view, field, of in (
        ("TrainingPlanView", "status", PlanStatus),
        ("PlanItemView", "kind", CourseKind),
        ("PlanItemView", "status", ItemStatus),
        ("ReasonView", "kind", ReasonKind),
        ("TrainingWarningView", "cause", Cause),
        ("TrainingWarningView", "status", WarningStatus),
        ("CourseScoreView", "standing", Standing),
    ):
        assert schemas[view]["properties"][field]["enum"] == [member.value for member in of]
    assert schemas["PerformanceReport"]["properties"] == {
        "score": {"anyOf": [{"type": "number"}, {"type": "null"}], "title": "Score"},
        "out_of": {
            "type": "number",
            "title": "Out Of",
            "default": 100,
            "exclusiveMinimum": 0,
            "maximum": 1000,
        },
        "metrics": {
            "type": "array",
            "title": "Metrics",
            "default": [],
            "items": {"$ref": "#/components/schemas/MetricReport"},
            "maxItems": 30,
        },
    }
    assert schemas["MetricReport"]["required"] == ["id", "value"]
