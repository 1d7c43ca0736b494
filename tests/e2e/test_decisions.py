"""A person's word on the embedded stack: withdrawn, taken on after all, read, and a first day said (B1, B4, B9)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e

WORDS = "候选人来电:家里老人生病,去不了"


def post(outsider: Outsider, path: str, body: dict[str, Any]) -> Any:
    answer = outsider.call("POST", path, json=body)
    assert answer.status_code == 200, (path, answer.status_code, answer.text)
    return answer.json()


def happened(outsider: Outsider, candidate_id: str, name: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        return next((line for line in outsider.timeline(candidate_id) if line["type"] == name), None)

    return eventually(f"{name} of {candidate_id}", look)


def test_a_journey_is_withdrawn_and_its_envelope_voided(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    offer_id = outsider.at(candidate_id, "offer_sent")["offer_id"]
    page = outsider.get(f"/offers/{offer_id}")["sign_url"]
    body = {"by": "candidate", "code": "personal", "reason": WORDS}
    shown = post(outsider, f"/candidates/{candidate_id}/withdrawal", body)
    assert (shown["stage"], shown["withdrawal"]["reason"]) == ("withdrawn", WORDS)
    assert "envelope" in {one["what"] for one in shown["withdrawal"]["goes_on"]}

    def voided() -> bool | None:
        return True if "已撤回" in outsider.http.get(page).text else None

    eventually("the envelope is voided", voided)
    assert outsider.http.post(page).status_code >= 400, "nobody signs it any more"
    assert happened(outsider, candidate_id, "candidate.withdrawn")["data"]["reason"] == WORDS
    assert "transition.refused" not in [line["type"] for line in outsider.timeline(candidate_id)]
    assert WORDS not in "\n".join(outsider.logs()) + json.dumps(outsider.events(), ensure_ascii=False)


def test_who_is_taken_on_after_all_gets_an_offer(outsider: Outsider, interview: dict[str, Any]) -> None:
    interview["answers"][1]["transcript"] = "记不清了。"
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "talent_pool")
    answer = outsider.call(
        "POST", f"/candidates/{candidate_id}/reconsideration", json={"reason": "复听录音后认为达标"}
    )
    assert (answer.status_code, answer.json()["stage"]) == (200, "qualified"), answer.text
    outsider.at(candidate_id, "offer_sent")
    again = outsider.call("POST", f"/candidates/{candidate_id}/reconsideration", json={"reason": "-"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:rencai:problem:nothing_to_reconsider")


def test_hr_reads_why_it_was_declined_and_what_was_said(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id, action="decline", reason="薪资低于另一家公司")
    found = outsider.at(candidate_id, "offer_declined")
    assert found["closing_reason"] == "薪资低于另一家公司"
    assert outsider.get(f"/offers/{found['offer_id']}")["closing_reason"] == "薪资低于另一家公司"
    said = outsider.get(f"/candidates/{candidate_id}/transcript")
    assert [one["transcript"] for one in said["answers"]] == [
        one["transcript"] for one in interview["answers"]
    ]
    assert outsider.get(f"/candidates/{candidate_id}/contact")["email"] == interview["candidate"]["email"]
    for name in ("transcript.viewed", "contact.viewed"):
        assert happened(outsider, candidate_id, name)["actor"]
    seen = "\n".join(outsider.logs()) + json.dumps(outsider.events(), ensure_ascii=False)
    assert "另一家公司" not in seen
    assert interview["answers"][0]["transcript"] not in seen


def test_the_first_day_is_said_and_corrected(outsider: Outsider, interview: dict[str, Any]) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "offer_sent")
    day = (datetime.now(UTC) + timedelta(days=40)).date()
    body = {"starts_on": day.isoformat(), "reason": "要交接前公司的工作"}
    assert post(outsider, f"/candidates/{candidate_id}/first-day", body)["starts_on"] == str(day)
    outsider.sign(candidate_id)
    employee_id = outsider.at(candidate_id, "onboarded")["employee_id"]
    assert outsider.get(f"/employees/{employee_id}")["starts_on"] == str(day)
    assert outsider.get(f"/employees/{employee_id}/training")["starts_on"] == str(day)
    later = day + timedelta(days=7)
    corrected = post(
        outsider, f"/employees/{employee_id}/first-day", {**body, "starts_on": later.isoformat()}
    )
    assert corrected["corrections"][0]["before"] == str(day)

    def followed() -> bool | None:
        plan = outsider.get(f"/employees/{employee_id}/training")
        return True if plan["starts_on"] == str(later) else None

    eventually("the plan follows", followed)
