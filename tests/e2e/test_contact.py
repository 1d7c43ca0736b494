"""Where letters go is what was pinned with the offer, or what HR says: on the embedded stack, with IAM enforced."""

import copy
import json
import uuid
from typing import Any

import pytest

from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e


def another(interview: dict[str, Any]) -> dict[str, Any]:
    """A second result of the same vendor for the same person, who is reached elsewhere."""
    other = copy.deepcopy(interview)
    other["interview_id"] += "-2"
    other["candidate"]["email"] = f"{uuid.uuid4().hex}@example.com"
    return other


def asked(outsider: Outsider, subject: str) -> list[dict[str, Any]]:
    """The open questions about somebody."""
    items = outsider.get("/identity-questions?status=open&limit=100")["items"]
    return [one for one in items if one["subject"] == subject]


def to(outsider: Outsider, email: str) -> list[str]:
    """The subjects of the letters to an address."""
    return [letter["Subject"] for letter in outsider.letters() if email in json.dumps(letter)]


def decided(outsider: Outsider, question: dict[str, Any], decision: str) -> None:
    answer = outsider.call(
        "POST",
        f"/identity-questions/{question['question_id']}/decision",
        json={"decision": decision, "reason": "电话核实"},
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_the_letter_goes_where_hr_says(outsider: Outsider, interview: dict[str, Any], decision: str) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "offer_sent")
    other = another(interview)
    assert outsider.call("POST", "/interviews", "ingest", json=other).status_code == 202
    (question,) = asked(outsider, candidate_id)
    shown = outsider.get(f"/identity-questions/{question['question_id']}")
    old, new = interview["candidate"]["email"], other["candidate"]["email"]
    assert (shown["fields"], shown["old"]["email"], shown["new"]["email"]) == (["email"], old, new)
    decided(outsider, question, decision)
    outsider.sign(candidate_id)
    employee_id = outsider.at(candidate_id, "onboarded")["employee_id"]
    counts, does_not = (new, old) if decision == "accept" else (old, new)
    assert len(to(outsider, counts)) == 1
    assert to(outsider, does_not) == []
    assert outsider.get(f"/employees/{employee_id}/contact")["email"] == counts
    # None of it is in an event, and no national id or new address of a question lies in the table to be read.
    events = [event for event in outsider.events() if event["detail"]["subject"]["id"] == candidate_id]
    assert "identity.questioned" in {event["detail-type"] for event in events}
    assert new not in json.dumps(events)


def test_hr_corrects_an_employee_and_answers_what_one_asks_for(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id)
    employee_id = outsider.at(candidate_id, "onboarded")["employee_id"]
    path, old = f"/employees/{employee_id}/contact", interview["candidate"]["email"]
    corrected, wanted = (f"{uuid.uuid4().hex}@example.com" for _ in range(2))
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        answer = outsider.call("POST", path, json={"email": corrected, "reason": "换了邮箱"}, headers=key)
        assert (answer.status_code, answer.json()["email"]) == (200, corrected), answer.text
    assert [before["email"] for before in outsider.get(path)["before"]] == [old]
    assert outsider.get(f"/candidates/{candidate_id}/contact")["email"] == corrected

    question = outsider.call("POST", f"{path}/requests", json={"email": wanted, "reason": "员工来电"}).json()
    assert outsider.get(path)["email"] == corrected
    decided(outsider, question, "accept")
    assert outsider.get(path)["email"] == wanted

    def told() -> set[str] | None:
        names = {entry["type"] for entry in outsider.timeline(candidate_id)}
        found = {
            event["detail-type"]
            for event in outsider.events()
            if event["detail"]["subject"]["id"] == employee_id
        }
        return names if {"identity.corrected", "identity.questioned", "identity.decided"} <= found else None

    eventually("the employee's timeline is told", told)


def test_what_an_application_says_later_is_a_question(outsider: Outsider, interview: dict[str, Any]) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "offer_sent")
    # By name and phone it is theirs; with another national id it would be a question whether it is them at all.
    person = {name: interview["candidate"][name] for name in ("name", "phone")}
    person["email"] = f"{uuid.uuid4().hex}@example.com"
    told = {
        "type": "application.updated",
        "timestamp": "2026-03-02T03:00:00Z",
        "data": {"external_id": f"job-{uuid.uuid4().hex}", "candidate": person},
    }
    answer = outsider.webhook("ats", f"msg-{uuid.uuid4().hex}", json.dumps(told).encode())
    assert answer.status_code == 202, answer.text
    (question,) = eventually("HR is asked", lambda: asked(outsider, candidate_id) or None)
    assert (question["fields"], question["source"]["kind"]) == (["email"], "application")
    assert outsider.get(f"/candidates/{candidate_id}/contact")["email"] == interview["candidate"]["email"]
