"""Contact data over HTTP: questions, corrections, and an employee's request (A6)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.contact import handler
from rencai.people.rules.refusals import PeopleRefusal
from tests.people.tenant import FIRST, PASSPORT, ZHOU, Tenant
from tests.people.test_contact_employees import BROUGHT, brought
from tests.people.test_contact_facts import OTHER_EMAIL, WHOLE, counts
from tests.template import ROOT
from tests.wired import serves

EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
Call = Callable[..., tuple[int, Any]]


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def call(one: Tenant, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The API of contact data over this tenant: method, path, body, key -> status and body."""
    serves(monkeypatch, one.wired)
    requests = iter(range(100))

    def called(method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        event = json.loads(json.dumps(EVENT))
        path, _, query = path.partition("?")
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        given = dict(part.split("=") for part in query.split("&") if part)
        event["queryStringParameters"] = given or None
        event["multiValueQueryStringParameters"] = {name: [value] for name, value in given.items()} or None
        event["requestContext"]["requestId"] = f"request-{next(requests)}"
        if key:
            event["headers"]["Idempotency-Key"] = key
            event["multiValueHeaders"]["Idempotency-Key"] = [key]
        answer = handler(event, Context())
        return answer["statusCode"], json.loads(answer["body"])

    return called


def test_hr_is_asked_looks_and_decides(one: Tenant, call: Call) -> None:
    one.hand_in(WHOLE)
    one.sends_offer(FIRST)
    one.hand_in({**WHOLE, "email": OTHER_EMAIL}, interview_id="itv-2")
    (listed,) = call("GET", "/identity-questions?status=open")[1]["items"]
    assert (listed["subject"], listed["fields"], listed["source"]["id"]) == (FIRST, ["email"], "aiview/itv-2")
    path = f"/identity-questions/{listed['question_id']}"
    shown = call("GET", path)[1]
    assert (shown["old"]["email"], shown["new"]["email"]) == (ZHOU["email"], OTHER_EMAIL)
    assert shown["new"]["phone"] is None
    decision = {"decision": "accept", "reason": "打电话核实过"}
    status, decided = call("POST", f"{path}/decision", decision)
    assert (status, decided["status"], decided["history"][-1]["reason"]) == (200, "accepted", "打电话核实过")
    assert call("POST", f"{path}/decision", decision)[0] == 200
    status, problem = call("POST", f"{path}/decision", {"decision": "refuse", "reason": "-"})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:question_not_open")
    contact = call("GET", f"/candidates/{FIRST}/contact")[1]
    assert (contact["email"], contact["national_id"], contact["pinned"]) == (OTHER_EMAIL, PASSPORT, True)
    assert contact["before"][0]["email"] == ZHOU["email"]
    assert call("GET", "/identity-questions?status=open")[1] == {"items": [], "next": None}


def test_hr_corrects_with_a_key(one: Tenant, call: Call) -> None:
    brought(one)
    path = f"/employees/{BROUGHT}/contact"
    body = {"email": OTHER_EMAIL, "reason": "换了邮箱"}
    for _ in range(2):
        status, contact = call("POST", path, body, "key-1")
        assert (status, contact["email"], len(contact["before"])) == (200, OTHER_EMAIL, 1)
    status, problem = call("POST", path, {**body, "email": "x@example.com"}, "key-1")
    assert (status, problem["type"]) == (409, "urn:rencai:problem:key_reused")
    assert call("POST", path, {"reason": "-"})[1]["type"].endswith(PeopleRefusal.NOTHING_CORRECTED)
    assert call("POST", path, {"email": "no address", "reason": "-"})[0] == 400
    assert call("POST", path, {"email": OTHER_EMAIL})[0] == 400, "without a reason"
    # A national id is the check's, and that is over.
    assert call("POST", path, {"national_id": PASSPORT, "reason": "-"})[0] in (400, 422)


def test_a_request_in_an_employees_name_is_a_question(one: Tenant, call: Call) -> None:
    brought(one)
    status, asked = call(
        "POST", f"/employees/{BROUGHT}/contact/requests", {"email": OTHER_EMAIL, "reason": "员工来电"}
    )
    assert (status, asked["status"], asked["source"]["kind"]) == (200, "open", "employee")
    assert call("GET", f"/employees/{BROUGHT}/contact")[1]["email"] == "li@example.com"


@pytest.mark.parametrize(
    "path",
    [
        f"/candidates/{BROUGHT}/contact",
        f"/employees/{FIRST}/contact",
        "/candidates/cand_nobody/contact",
        "/employees/emp_nobody/contact",
        "/identity-questions/idq_nothing",
        f"/identity-questions/idq_{FIRST}_ff",
        f"/identity-questions/{FIRST}",
        "/identity-questions/mrg_nothing",
    ],
)
def test_what_is_not_there_is_404(one: Tenant, call: Call, path: str) -> None:
    brought(one)
    one.hand_in(WHOLE)
    assert call("GET", path)[0] == 404
    post = f"{path}/decision" if "questions" in path else path
    body = {"decision": "accept", "reason": "-"} if "questions" in path else {"name": "周小", "reason": "-"}
    assert call("POST", post, body)[0] == 404
    assert counts(one) == WHOLE


# --- cleared -----------------------------------------------------------------------------------------------


def test_hr_clears_an_employee_s_address_and_the_file_may_give_another(one: Tenant, call: Call) -> None:
    brought(one)
    path = f"/employees/{BROUGHT}/contact"
    body = {"clear": ["email"], "reason": "邮箱属于别人"}
    assert call("POST", path, body, "key-1")[0] == 200
    status, contact = call("POST", path, body, "key-1")
    assert (status, contact["email"], len(contact["before"])) == (200, None, 1)
    assert contact["before"][0]["email"] == "li@example.com"
    assert [
        (fact["field"], fact["source"]["kind"]) for fact in contact["facts"] if fact["field"] == "email"
    ] == [("email", "hr")]
    employee = one.wired.employees.employees.get(BROUGHT)
    assert employee is not None
    assert (employee.email, employee.changed_at) == (None, one.now)
    assert call("POST", path, {"email": OTHER_EMAIL, "reason": "新邮箱"}, "key-2")[1]["email"] == OTHER_EMAIL


def test_hr_clears_a_candidate_s_phone_before_and_after_the_draft(one: Tenant, call: Call) -> None:
    one.hand_in(WHOLE)
    path = f"/candidates/{FIRST}/contact"
    status, contact = call("POST", path, {"clear": ["phone"], "reason": "空号"}, "key-1")
    assert (status, contact["phone"], contact["email"]) == (200, None, ZHOU["email"])
    assert one.wired.people.people.get(FIRST).phone is None
    one.sends_offer(FIRST)
    assert call("GET", path)[1]["phone"] is None, "the draft pins what counts"
    status, contact = call("POST", path, {"clear": ["email"], "phone": "13911112222", "reason": "-"}, "key-2")
    assert (status, contact["email"]) == (200, None)
    assert contact["phone"] == "13911112222"
    person = one.wired.people.people.get(FIRST)
    assert (person.email, person.phone) == (None, "13911112222")
    # An interview that says so again is a question, and its answer counts.
    one.hand_in({**WHOLE, "phone": "+8613911112222"}, interview_id="itv-9")
    (asked,) = call("GET", "/identity-questions?status=open")[1]["items"]
    assert asked["fields"] == ["email"]
    decision = {"decision": "accept", "reason": "核实过"}
    call("POST", f"/identity-questions/{asked['question_id']}/decision", decision)
    assert one.wired.people.people.get(FIRST).email == ZHOU["email"]


def test_given_and_cleared_at_once_is_refused_in_whole_words(one: Tenant, call: Call) -> None:
    brought(one)
    path = f"/employees/{BROUGHT}/contact"
    both = {"email": OTHER_EMAIL, "clear": ["email"], "reason": "-"}
    status, problem = call("POST", path, both)
    assert (status, problem["type"]) == (422, "urn:rencai:problem:contact_both")
    for wrong in (["name"], ["national_id"], ["email", "phone", "email"], "email"):
        assert call("POST", path, {"clear": wrong, "reason": "-"})[0] == 400
    assert call("POST", path, {"clear": [], "reason": "-"})[1]["type"].endswith(
        PeopleRefusal.NOTHING_CORRECTED
    )
    assert call("POST", path, {"clear": ["email"], "reason": "-"}, "key-1")[0] == 200
    assert call("POST", path, {"clear": ["phone"], "reason": "-"}, "key-1")[0] == 409


def test_a_correction_says_what_has_gone_out_by_the_data_of_before(one: Tenant, call: Call) -> None:
    one.hand_in(WHOLE)
    path = f"/candidates/{FIRST}/contact"
    body = {"name": "周小", "reason": "身份证上是这个名字"}
    assert call("POST", path, body, "key-1")[1]["already_out"] == []
    one.sends_offer(FIRST)
    (out,) = call("POST", path, {**body, "name": "周晓晓"}, "key-2")[1]["already_out"]
    assert (out["what"], "撤回" in out["note"]) == ("envelope", True)
    assert call("GET", path)[1]["already_out"] == []
