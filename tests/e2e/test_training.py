"""From the plan to the probation score, as HR, the learning platform and its learners live it (C1-C5)."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rencai.kernel import ids
from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e

ORIENTATION = "company-orientation"


def _employee(outsider: Outsider, interview: dict[str, Any]) -> str:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    return ids.employee_id(candidate_id)


def _enrolment(outsider: Outsider, employee_id: str, item_id: str) -> str:
    """The learning platform's id, once it has the enrolment: there is one."""

    def enrolled() -> list[str] | None:
        rows = outsider.ledger("lms")
        return [row["id"] for row in rows if row["reference"] == f"{employee_id}/{item_id}"] or None

    (id_,) = eventually(f"the enrolment in {item_id}", enrolled)
    return id_


def _learns(outsider: Outsider, enrolment_id: str, **told: Any) -> None:
    callback = {"callback_url": f"{outsider.stack.api_url}/webhooks/lms"}
    outsider.sandbox("POST", f"/lms/enrolments/{enrolment_id}/progress", json=told | callback)


def _training(outsider: Outsider, employee_id: str) -> dict[str, Any]:
    found: dict[str, Any] = outsider.get(f"/employees/{employee_id}/training")
    return found


def _item(plan: dict[str, Any], item_id: str) -> dict[str, Any] | None:
    return next((item for item in plan["items"] if item["item_id"] == item_id), None)


def _warning(outsider: Outsider, employee_id: str, status: str) -> dict[str, Any] | None:
    warnings = _training(outsider, employee_id)["warnings"]
    return next((one for one in warnings if (one["item_id"], one["status"]) == (ORIENTATION, status)), None)


def test_c1_a_candidates_gaps_become_a_plan_that_travels_with_the_onboarding_notice(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    interview["candidate"]["learning_style"] = "visual"
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "offer_sent")

    def drafted() -> dict[str, Any] | None:
        answer = outsider.call("GET", f"/candidates/{candidate_id}/training")
        return answer.json() if answer.status_code == 200 else None

    draft = eventually("the draft", drafted)
    assert draft["status"] == "draft"
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    employee_id = ids.employee_id(candidate_id)
    plan = _training(outsider, employee_id)
    assert (plan["status"], plan["time_zone"]) == ("assigned", "Asia/Shanghai")
    assert {item["item_id"] for item in plan["items"]} == {item["item_id"] for item in draft["items"]}
    improve = outsider.get(f"/candidates/{candidate_id}/profile")["improve"]
    answered = {
        reason["competency"]["id"]
        for item in plan["items"]
        for reason in item["reasons"]
        if reason["kind"] == "gap"
    }
    assert answered | {one["competency"]["id"] for one in plan["unanswered"]} == set(improve)
    assert answered
    online = [item for item in plan["items"] if item["kind"] == "online"]
    assert online
    assert all([form["name"] for form in item["materials"]] == ["视频", "思维导图"] for item in online)
    (letter,) = [
        one
        for one in outsider.letters()
        if one["To"] == [interview["candidate"]["email"]] and "入职通知" in one["Subject"]
    ]
    assert all(item["name"] in str(letter) for item in plan["items"])
    for item in plan["items"]:
        _enrolment(outsider, employee_id, item["item_id"])


def test_c3_c4_a_learner_who_falls_behind_is_warned_coached_recovers_and_is_scored(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    employee_id = _employee(outsider, interview)
    enrolment = _enrolment(outsider, employee_id, ORIENTATION)
    # In this suite's configuration the course is due on the first day, which has begun.
    _learns(outsider, enrolment, completion_percent=40)
    warning = eventually("the warning", lambda: _warning(outsider, employee_id, "open"))
    assert (warning["cause"], warning["threshold"]) == ("completion", 80)
    assert {one["id"] for one in warning["proposals"]} >= {"offline_coaching", "extra_material"}
    listed = outsider.get("/training/warnings?limit=100")["items"]
    assert employee_id in {one["employee_id"] for one in listed}

    decision = {
        "decision": "accept",
        "proposals": ["offline_coaching"],
        "reason": "直属主管建议先安排线下辅导",
    }
    path = f"/employees/{employee_id}/training/warnings/{warning['warning_id']}"
    for _ in range(2):
        assert outsider.call("POST", path, json=decision).status_code == 200
    assert outsider.call("POST", path, json={"decision": "decline"}).status_code == 409
    coaching = f"offline-coaching~{ORIENTATION}"
    item = _item(_training(outsider, employee_id), coaching)
    assert item is not None
    assert (item["kind"], item["reasons"][0]["about"]) == ("coaching", ORIENTATION)
    coached = _enrolment(outsider, employee_id, coaching)

    _learns(outsider, coached, completion_percent=100)
    _learns(outsider, enrolment, completion_percent=100, exam_score=85, mentor_review="谈判技巧有明显提升")
    eventually("it clears", lambda: _warning(outsider, employee_id, "cleared"))
    month = f"{datetime.now(UTC).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"
    recorded = outsider.call("PUT", f"/employees/{employee_id}/performance/{month}", json={"score": 80})
    assert recorded.status_code == 200, recorded.text

    def scored() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/employees/{employee_id}/probation")
        return found if found["complete"] and found["training"]["score"] == 94 else None

    probation = eventually("the score", scored)
    # 0.4 x 100 + 0.4 x 85 + 0.2 x 100 = 94.00, and the coaching counts nothing; 0.3 x 94 + 0.7 x 80 = 84.20
    assert (probation["score"], probation["coverage"], probation["missing"]) == (84.2, 1, [])
    counted = {
        one["item_id"]: (
            one["completion"],
            one["exam"],
            one["mentor"] and one["mentor"]["score"],
            one["score"],
        )
        for one in probation["training"]["courses"]
        if one["standing"] == "counted"
    }
    assert counted == {ORIENTATION: (100, 85, 100, 94)}
    (help_,) = [one for one in probation["training"]["courses"] if one["item_id"] == coaching]
    assert (help_["standing"], help_["score"]) == ("help", None)
    assert [(one["month"], one["percent"]) for one in probation["performance"]["months"]] == [(month, 80)]

    def told() -> list[dict[str, Any]] | None:
        found = [
            e["detail"]["data"]
            for e in outsider.events()
            if e["detail"]["subject"]["id"] == employee_id and e["detail-type"] == "probation.scored"
        ]
        return found if found and found[-1]["score"] == 84.2 else None

    eventually("the event", told)
    about = [
        event["detail-type"]
        for event in outsider.events()
        if event["detail"]["subject"]["id"] == employee_id
        and event["detail"]["data"].get("warning_id") == warning["warning_id"]
    ]
    assert {name: about.count(name) for name in set(about)} == {
        "training.warning_raised": 1,
        "training.warning_decided": 1,
        "training.warning_cleared": 1,
    }
    history = outsider.get(f"/employees/{employee_id}/training/history?limit=100")["items"]
    types = [entry["type"] for entry in history]
    assert types.index("plan.assigned") < types.index("training.warning_raised")
    assert types.index("training.warning_decided") < types.index("training.warning_cleared")
    (decided,) = [entry for entry in history if entry["type"] == "training.warning_decided"]
    assert decided["data"]["reason"] == decision["reason"]
    assert decided["actor"] != "rencai"


def test_c5_product_knowledge_at_80_percent_adds_the_case_analysis(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    employee_id = _employee(outsider, interview)
    enrolment = _enrolment(outsider, employee_id, "product-knowledge")
    _learns(outsider, enrolment, completion_percent=80)

    def added() -> dict[str, Any] | None:
        return _item(_training(outsider, employee_id), "product-case-study")

    item = eventually("the case analysis", added)
    assert (item["name"], item["kind"]) == ("产品案例分析", "workshop")
    assert [reason["kind"] for reason in item["reasons"]] == ["progress"]
    _enrolment(outsider, employee_id, "product-case-study")
    history = outsider.get(f"/employees/{employee_id}/training/history?limit=100")["items"]
    (change,) = [entry for entry in history if entry["type"] == "plan.changed"]
    assert (change["data"]["item_id"], change["data"]["change"]) == ("product-case-study", "added")
    assert change["data"]["text"]


def _counted(outsider: Outsider, employee_id: str, score: float) -> dict[str, Any] | None:
    courses = outsider.get(f"/employees/{employee_id}/probation")["training"]["courses"]
    return next((one for one in courses if (one["item_id"], one["score"]) == (ORIENTATION, score)), None)


def test_c3_c4_words_nobody_can_rate_go_to_hr_and_a_mentor_rates_by_link(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    employee_id = _employee(outsider, interview)
    enrolment = _enrolment(outsider, employee_id, ORIENTATION)
    _learns(outsider, enrolment, completion_percent=100, exam_score=85, mentor_review="请假两天")

    def waiting() -> dict[str, Any] | None:
        items = outsider.get("/training/ratings?limit=100")["items"]
        return next((one for one in items if one["employee_id"] == employee_id), None)

    asked = eventually("the task", waiting)
    assert (asked["item_id"], asked["words"]) == (ORIENTATION, "请假两天")
    # (40 + 34) / 0.8: what nobody rated has no weight.
    eventually("the score without a rating", lambda: _counted(outsider, employee_id, 92.5))
    rating = f"/employees/{employee_id}/training/ratings/{asked['rating_id']}"
    for _ in range(2):
        assert outsider.call("POST", rating, json={"level": 3}).status_code == 200
    assert outsider.call("POST", rating, json={"level": 1}).status_code == 409
    # 40 + 34 + 14.
    by_hr = eventually("HR's rating", lambda: _counted(outsider, employee_id, 88))
    assert (by_hr["mentor"]["rating"]["by"], waiting()) == ("hr", None)

    address = f"mentor-{employee_id.lower()}@example.com"
    mentor = {"name": "李敏", "email": address, "language": "en"}
    path = f"/employees/{employee_id}/training/items/{ORIENTATION}/mentor"
    assert outsider.post(path, mentor)["number"] == 1
    letters = eventually(
        "the invitation", lambda: [str(one) for one in outsider.letters() if address in str(one)] or None
    )
    link = re.search(r"https?://[^\s\"'<>\\]+/mentor/[A-Za-z0-9_.~-]+", letters[0])
    assert link, letters[0][:500]
    page = outsider.http.get(link[0])
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert outsider.http.get(f"{link[0]}x").status_code == 404
    assert outsider.http.post(link[0], data={"level": "9"}).status_code == 422
    for level in ("2", "5"):
        assert outsider.http.post(link[0], data={"level": level}).status_code == 200
    # 40 + 34 + 20: what is sent last counts.
    by_link = eventually("the mark", lambda: _counted(outsider, employee_id, 94))
    assert by_link["mentor"]["rating"]["by"] == "link"
