"""HR's API over the warnings of training plans: one decided (C4), and the list of the open ones."""

import json
from typing import Any

import pytest

from rencai.kernel.errors import LostRace
from rencai.training.rules.rules import TRAINING_RULES
from tests.keyed import IDS
from tests.logs import logged
from tests.training.training_answers import ACTOR, REASON, REQUEST_ID, REVIEW, TRAINING, named, raised, shown
from tests.training.training_office import EMPLOYEE, RULES, Caller, Office

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
        assert (status, problem["detail"]) == (409, "这条预警的状态是“已解除”;只有“未处理”的预警可以处理")


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
        ({"decision": "accept", "proposals": []}, "proposals", "should not be empty"),
        ({"decision": "accept", "proposals": ["x"] * 51}, "proposals", "should have at most 50 items"),
        ({"decision": "accept", "proposals": [1]}, "proposals[0]", "should be a string"),
        (
            {"decision": "accept", "proposals": ["x" * 65]},
            "proposals[0]",
            "should have at most 64 characters",
        ),
        ({"decision": "accept", "reason": ""}, "reason", "should not be empty"),
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
    assert problem["errors"] == [{"path": "proposals", "message": "“decision”为“accept”时才能有"}]


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
    one.configure(TRAINING_RULES, rules)
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
    assert (status, problem["detail"]) == (404, "没有这个培训计划:emp_2")


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
    one.wired.employees.employees = type(one.employees)(EmptyTable(), IDS)  # type: ignore[arg-type]
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
