"""HR's API over the history of a training plan: what changed and why (C5)."""

from typing import Any

from tests.training.training_answers import ACTOR, REASON, TRAINING, raised
from tests.training.training_office import Caller, Office


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
