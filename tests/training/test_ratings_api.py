"""HR's API over mentors' reviews that wait to be rated (C3, C4)."""

from typing import Any

import pytest

from tests.training.training_answers import ACTOR, TRAINING
from tests.training.training_office import EMPLOYEE, Caller, Office

UNSURE = "谈判嘛,还行吧,总体。"


def waiting(call: Caller, language: str = "zh-CN") -> list[dict[str, Any]]:
    status, page = call("GET", "/training/ratings", language=language)
    assert (status, page["next"]) == (200, None)
    items: list[dict[str, Any]] = page["items"]
    return items


def item(call: Caller, item_id: str = "negotiation") -> dict[str, Any]:
    (found,) = [one for one in call("GET", TRAINING)[1]["items"] if one["item_id"] == item_id]
    return dict(found)


def reviewed(one: Office, words: str = UNSURE) -> None:
    one.hires()
    one.learns("negotiation", 100, 85, words)


def test_c4_hr_sees_the_words_the_phrase_and_how_sure_the_reader_was(one: Office, call: Caller) -> None:
    reviewed(one)
    (found,) = waiting(call)
    assert found == {
        "rating_id": found["rating_id"],
        "employee_id": EMPLOYEE,
        "name": "周晓",
        "item_id": "negotiation",
        "course": "谈判技巧实战",
        "cause": "unsure",
        "asked_at": "2026-03-02T01:00:00Z",
        "words": UNSURE,
        "reading": {
            "level": 3,
            "certainty": 0.41,
            "sure": False,
            "phrase": "还行吧",
            "start": 4,
            "end": 7,
            "by": "lexicon",
            "reader": {"lexicon": 3, "classifier": 2, "words": 1, "model": None},
        },
        "mark": None,
    }
    assert waiting(call, "en")[0]["course"] == "Negotiation"


def test_the_scale_stands_beside_the_list(one: Office, call: Caller) -> None:
    scale = call("GET", "/training/ratings", language="en")[1]["scale"]
    assert [(level["level"], level["counts"]) for level in scale] == [
        (1, 30.0), (2, 60.0), (3, 70.0), (4, 80.0), (5, 100.0),
    ]  # fmt: skip
    assert scale[2]["name"] == "Meets what is asked"


def test_c3_c4_from_words_to_the_task_to_hrs_rating_to_the_score(one: Office, call: Caller) -> None:
    reviewed(one)
    score = f"/employees/{EMPLOYEE}/probation"
    course = {"item_id": "negotiation", "completion": 100.0, "exam": 85.0}
    (before,) = [c for c in call("GET", score)[1]["training"]["courses"] if course.items() <= c.items()]
    # (40 + 34) / 0.8: what nobody rated has no weight.
    assert (before["score"], before["mentor"]["score"]) == (92.5, None)
    (found,) = waiting(call)
    one.passes(minutes=5)
    status, plan = call("POST", f"{TRAINING}/ratings/{found['rating_id']}", {"level": 4})
    assert status == 200
    (shown,) = [i for i in plan["items"] if i["item_id"] == "negotiation"]
    assert shown["mentor_rating"] == {
        "score": 80.0,
        "by": "hr",
        "level": 4,
        "rule": None,
        "certainty": None,
        "reader": None,
    }
    assert shown["mentor_asked"] == {
        "rating_id": found["rating_id"],
        "cause": "unsure",
        "answer": {"level": 4, "actor": ACTOR, "at": "2026-03-02T01:05:00Z"},
    }
    assert waiting(call) == []
    one.reviews()
    (after,) = [c for c in call("GET", score)[1]["training"]["courses"] if course.items() <= c.items()]
    # 40 + 34 + 16.
    assert (after["score"], after["mentor"]["rating"]["by"]) == (90.0, "hr")
    one.relays()
    events = [(event.name, event.data, event.actor) for _, event in one.published if "rating" in event.name]
    about = {"rating_id": found["rating_id"], "item_id": "negotiation"}
    assert events == [
        ("training.rating_asked", about | {"cause": "unsure"}, "rencai"),
        ("training.rating_decided", about | {"level": 4}, ACTOR),
    ]
    history = [e for e in call("GET", f"{TRAINING}/history")[1]["items"] if "rating" in e["type"]]
    assert [e["actor"] for e in history] == ["rencai", ACTOR]
    assert UNSURE not in str(history)


def test_hr_says_that_it_rates_nothing(one: Office, call: Caller) -> None:
    reviewed(one, "准时参加")
    (found,) = waiting(call)
    assert (found["cause"], found["reading"]) == ("unread", None)
    assert call("POST", f"{TRAINING}/ratings/{found['rating_id']}", {"level": None})[0] == 200
    assert waiting(call) == []
    assert (item(call)["mentor_rating"], item(call)["mentor_asked"]["answer"]["level"]) == (None, None)


def test_the_same_again_changes_nothing_and_another_answer_is_refused(one: Office, call: Caller) -> None:
    reviewed(one)
    path = f"{TRAINING}/ratings/{waiting(call)[0]['rating_id']}"
    assert call("POST", path, {"level": 2})[0] == 200
    version = one.training_plans.get(EMPLOYEE).enrolments["negotiation"].version
    assert call("POST", path, {"level": 2})[0] == 200
    assert one.training_plans.get(EMPLOYEE).enrolments["negotiation"].version == version
    status, problem = call("POST", path, {"level": 5})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:rating_decided")


def test_a_newer_review_settles_what_was_asked(one: Office, call: Caller) -> None:
    reviewed(one)
    path = f"{TRAINING}/ratings/{waiting(call)[0]['rating_id']}"
    one.passes(days=1)
    one.learns("negotiation", 100, review="进步神速")
    assert waiting(call) == []
    assert call("POST", path, {"level": 2})[0] == 404
    assert item(call)["mentor_rating"]["level"] == 5


def test_the_list_goes_page_by_page_longest_waiting_first(one: Office, call: Caller) -> None:
    for number in range(3):
        one.hires(f"emp_{number}", name=f"员工{number}")
        one.learns("product", 10, review="准时参加", employee_id=f"emp_{number}")
        one.passes(minutes=1)
    first = call("GET", "/training/ratings", limit="2")[1]
    rest = call("GET", "/training/ratings", limit="2", cursor=first["next"])[1]
    assert [i["employee_id"] for i in (*first["items"], *rest["items"])] == ["emp_0", "emp_1", "emp_2"]


@pytest.mark.parametrize("body", [{"level": 0}, {"level": 6}, {}, {"level": "gut"}])
def test_what_is_not_on_the_scale_is_refused(one: Office, call: Caller, body: dict[str, Any]) -> None:
    reviewed(one)
    path = f"{TRAINING}/ratings/{waiting(call)[0]['rating_id']}"
    assert call("POST", path, body)[0] == 400
    assert len(waiting(call)) == 1


def test_nobody_is_asked_about_what_is_not_there(one: Office, call: Caller) -> None:
    one.hires()
    assert call("POST", f"{TRAINING}/ratings/rtg_none", {"level": 3})[0] == 404
    assert call("POST", "/employees/emp_none/training/ratings/rtg_none", {"level": 3})[0] == 404
