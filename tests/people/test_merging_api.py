"""Merges and profiles over HTTP (A6)."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from functions.api.hr import handler
from rencai.hiring.rules.facts import AssessmentCompleted
from tests.people.answers import asked, different
from tests.people.tenant import APP, FIRST, SECOND, START, ZHOU, Tenant
from tests.template import ROOT
from tests.wired import serves

EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def call(one: Tenant, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Any]]:
    """HR's API over this tenant: method, path, body or query -> status and body."""
    serves(monkeypatch, one.wired)

    def called(method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        event = json.loads(json.dumps(EVENT))
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        answer = handler(event, Context())
        return answer["statusCode"], json.loads(answer["body"])

    return called


def test_a6_over_http(one: Tenant, call: Callable[..., tuple[int, Any]]) -> None:
    merge = asked(one)
    _, listed = call("GET", "/merges", status="question")
    assert [item["merge_id"] for item in listed["items"]] == [merge.merge_id]
    assert call("GET", "/merges", status="merged")[1] == {"items": [], "next": None}
    path = f"/merges/{merge.merge_id}"
    status, shown = call("GET", path)
    assert (status, shown["matched"], shown["status"]) == (200, ["phone"], "question")
    assert [(side["id"], side["name"], side["stage"]) for side in shown["sides"]] == [
        (SECOND, "周小", "qualified"),
        (FIRST, "周晓", "qualified"),
    ]
    status, answered = call("POST", f"{path}/decision", {"decision": "same", "reason": "同一个人"})
    assert (status, answered["status"], answered["into"]) == (200, "merged", FIRST)
    assert answered["history"][-1]["reason"] == "同一个人"
    assert call("GET", f"/candidates/{SECOND}")[1]["merged_into"] == FIRST
    status, problem = call("POST", f"{path}/decision", {"decision": "different", "reason": "-"})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:merge_not_open")
    status, undone = call("POST", f"{path}/undo", {"reason": "看错了"})
    assert (status, undone["status"]) == (200, "undone")
    assert call("GET", f"/candidates/{SECOND}")[1]["merged_into"] is None
    assert call("POST", f"{path}/undo", {"reason": ""})[0] == 400
    assert call("GET", "/merges/mrg_nothing")[0] == 404
    for cursor in ("nonsense", "e30x"):
        assert call("GET", "/merges", cursor=cursor)[0] == 400


def test_merges_are_listed_page_by_page_questions_first(
    one: Tenant, call: Callable[..., tuple[int, Any]]
) -> None:
    for number in range(5):
        person = {"name": f"甲{number}", "phone": f"+861390000000{number}"}
        one.passes(minutes=1)
        one.hand_in(person, interview_id=f"a-{number}", external_id=str(number))
        one.hand_in(
            {**person, "name": "乙"}, vendor="other", interview_id=f"b-{number}", external_id=str(number)
        )
    settled = one.all_merges()[0]
    different(one, settled)
    found: list[dict[str, Any]] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        _, page = call("GET", "/merges", **query)
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [item["status"] for item in found] == ["question"] * 4 + ["different"]
    asked_at = [item["asked_at"] for item in found[:4]]
    assert asked_at == sorted(asked_at, reverse=True)


def test_a6_a_candidate_is_shown_with_the_application(
    one: Tenant, call: Callable[..., tuple[int, Any]]
) -> None:
    one.hand_in(ZHOU)
    assert call("GET", f"/candidates/{FIRST}")[1]["application"] is None
    job = {"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}
    judged = {"score": 85, "comment": "踏实", "by": "王", "at": "2026-03-01T00:00:00Z"}
    one.applied(ZHOU, status="interview", resume={"work_history": [job]}, evaluation=judged)
    _, shown = call("GET", f"/candidates/{FIRST}")
    assert shown["application"] == {
        "application_id": APP,
        "external_id": "app-1",
        "status": "interview",
        "evaluation": {**judged, "score": 85.0},
        "work_history": [job],
    }
    # An application among the sides.
    assert call("GET", f"/merges/{one.the_merge().merge_id}")[1]["sides"][0] == {
        "id": APP,
        "kind": "application",
        **ZHOU,
        "role": None,
        "stage": None,
        "external_id": "app-1",
        "status": "interview",
    }


def test_assessments_are_shown_with_the_profile(one: Tenant, call: Callable[..., tuple[int, Any]]) -> None:
    one.hand_in(ZHOU)
    assessments = one.wired.hiring.assessments
    path = f"/candidates/{FIRST}/profile"
    assert call("GET", path)[1]["assessment"] is None
    told = AssessmentCompleted("asm-1", {"stress_tolerance": Decimal("72.5")}, "稳定", FIRST)
    assessments.complete(FIRST, told, "psychometric", START + timedelta(hours=1))
    assert call("GET", path)[1]["assessment"] == {
        "assessment_id": "asm-1",
        "scales": {"stress_tolerance": 72.5},
        "summary": "稳定",
        "completed_at": "2026-03-02T02:00:00Z",
    }
