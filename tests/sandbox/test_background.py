"""Background checks: the verdict and its callback."""

from typing import Any

import pytest

from tests.sandbox.stage import CALLBACK_URL, Stage, check
from vendor_contract.callback import webhook_id


def findings(callback: dict[str, Any]) -> dict[str, bool]:
    return {one["kind"]: one["verified"] for one in callback["data"]["findings"]}


def test_a_check_is_completed_after_the_delay(stage: Stage) -> None:
    reply = stage.post("/background/checks", check())
    assert reply.status == 202
    ((callback, delay),) = stage.queued
    check_id = reply.json["check_id"]
    assert delay == 1
    assert {**callback, "data": {**callback["data"], "findings": []}} == {
        "vendor": "background",
        "webhook_id": webhook_id(check_id, "check.completed"),
        "url": CALLBACK_URL,
        "type": "check.completed",
        "timestamp": "2026-11-22T04:00:01Z",
        "data": {"check_id": check_id, "reference": "cand_1", "result": "clear", "findings": []},
        "copy": 0,
    }
    assert findings(callback) == dict.fromkeys(("identity", "education", "employment", "criminal"), True)


@pytest.mark.parametrize("name", ["Consider Wang", "王 CONSIDER", "王待核实"])
def test_some_names_are_to_be_considered(stage: Stage, name: str) -> None:
    stage.post("/background/checks", check(name))
    ((callback, _),) = stage.queued
    assert callback["data"]["result"] == "consider"
    assert findings(callback) == {"identity": True, "education": True, "employment": False, "criminal": True}


def test_the_callback_holds_nothing_personal(stage: Stage) -> None:
    stage.post("/background/checks", check())
    assert not [text for text in ("李四", "110101199003071234", "某某公司") if text in str(stage.queued)]


def test_a_check_whose_callback_did_not_reach_the_queue_sends_the_first_one_when_asked_again(
    stage: Stage,
) -> None:
    stage.queue_is_down = True
    assert stage.post("/background/checks", check()).status == 500
    stage.queue_is_down = False
    stage.later(seconds=10)
    stage.post("/background/checks", check())
    assert stage.queued == []  # the first claim may still be at work
    stage.later(seconds=60)
    stage.post("/background/checks", check())
    stage.post("/background/checks", check())
    assert [callback["timestamp"] for callback, _ in stage.queued] == ["2026-11-22T04:00:01Z"]


def test_whoever_asks_is_told_once_its_time_has_come(stage: Stage) -> None:
    made = stage.post("/background/checks", check("王待核实")).json["check_id"]
    pending = {"check_id": made, "status": "pending", "reference": "cand_1"}
    assert stage.get(f"/background/checks/{made}").json == pending
    stage.later(seconds=1)
    ((callback, _),) = stage.queued
    assert stage.get(f"/background/checks/{made}").json == {
        **pending,
        "status": "complete",
        "result": "consider",
        "findings": callback["data"]["findings"],
    }
    assert stage.get("/background/checks/chk_0").status == 404
