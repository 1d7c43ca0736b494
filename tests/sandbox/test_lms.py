"""Learning management: enrolments, progress as testers report it, and the feed of it."""

from typing import Any

import pytest

from tests.sandbox.stage import CALLBACK_URL, SECRETS, Stage, enrolment
from vendor_contract.callback import webhook_id

REPORT = {
    "completion_percent": 80,
    "exam_score": 85.5,
    "mentor_review": "谈判技巧有明显提升",
    "occurred_at": "2026-11-21T08:00:00+08:00",
}


def enrolled(stage: Stage, **changes: Any) -> str:
    reply = stage.post("/lms/enrolments", enrolment(**changes))
    assert reply.status == 201
    made: str = reply.json["enrolment_id"]
    return made


def feed(stage: Stage, limit: int, since: str = "") -> list[list[dict[str, Any]]]:
    """All pages, the last of which is empty."""
    pages = []
    while True:
        page = stage.get(f"/lms/progress?limit={limit}&since={since}").json
        pages.append(page["items"])
        if not page["items"]:
            return pages
        since = page["next"]


def test_progress_comes_back_as_it_was_reported(stage: Stage) -> None:
    made = enrolled(stage)
    told = {"enrolment_id": made, **REPORT, "occurred_at": "2026-11-21T00:00:00Z"}
    reply = stage.test(f"/lms/enrolments/{made}/progress", REPORT)
    assert (reply.status, reply.json) == (201, told)
    stage.test(f"/lms/enrolments/{made}/progress", {"completion_percent": 100})
    begun = {
        "enrolment_id": made,
        "completion_percent": 100,
        "exam_score": None,
        "mentor_review": None,
        "occurred_at": "2026-11-22T04:00:00Z",
    }
    assert stage.get("/lms/progress").json["items"] == [told, begun]
    assert stage.queued == []  # nobody said where to


def test_progress_is_told_where_the_enrolment_or_the_report_says(stage: Stage) -> None:
    made = enrolled(stage, callback_url=CALLBACK_URL)
    stage.test(f"/lms/enrolments/{made}/progress", REPORT)
    elsewhere = {"completion_percent": 90, "callback_url": "https://other.example/hook"}
    stage.test(f"/lms/enrolments/{made}/progress", elsewhere)
    first, second = (callback for callback, _ in stage.queued)
    assert first == {
        "vendor": "lms",
        "webhook_id": webhook_id(f"{made}/1", "enrolment.progressed"),
        "url": CALLBACK_URL,
        "type": "enrolment.progressed",
        "timestamp": "2026-11-22T04:00:00Z",
        "data": {"enrolment_id": made, **REPORT, "occurred_at": "2026-11-21T00:00:00Z"},
        "copy": 0,
    }
    assert second["url"] == "https://other.example/hook"
    assert second["webhook_id"] != first["webhook_id"]
    # What is not known is left out of a webhook.
    assert set(second["data"]) == {"enrolment_id", "completion_percent", "occurred_at"}


def test_the_feed_is_in_the_order_recorded_whatever_the_times_say(stage: Stage) -> None:
    made = enrolled(stage)
    for percent, day in ((10, 5), (20, 3), (30, 5), (40, 5), (50, 1), (60, 5), (70, 5)):
        report = {"completion_percent": percent, "occurred_at": f"2026-11-0{day}T00:00:00Z"}
        stage.test(f"/lms/enrolments/{made}/progress", report)
    for limit in (1, 2, 3, 4, 7, 200):
        pages = feed(stage, limit)
        assert [one["completion_percent"] for page in pages for one in page] == [10, 20, 30, 40, 50, 60, 70]
        assert max(map(len, pages)) == min(limit, 7)


def test_a_cursor_goes_on_where_it_ended_and_is_good_more_than_once(stage: Stage) -> None:
    made = enrolled(stage)

    def report(percent: int) -> None:
        stage.test(f"/lms/enrolments/{made}/progress", {"completion_percent": percent})

    assert stage.get("/lms/progress").json == {"items": [], "next": None}
    report(10)
    first = stage.get("/lms/progress").json["next"]
    for _ in range(2):
        assert stage.get(f"/lms/progress?since={first}").json == {"items": [], "next": first}
    for percent in (20, 30, 40):
        report(percent)
    for _ in range(2):
        pages = feed(stage, 2, first)
        assert [[one["completion_percent"] for one in page] for page in pages] == [[20, 30], [40], []]


@pytest.mark.parametrize("query", ["since=x", "since=WzFd", "limit=0", "limit=201", "limit=x"])
def test_the_feed_refuses_nonsense(stage: Stage, query: str) -> None:
    stage.test(f"/lms/enrolments/{enrolled(stage)}/progress", {"completion_percent": 10})
    assert stage.get(f"/lms/progress?{query}").status == 400


def test_a_cursor_of_another_feed_is_refused(stage: Stage) -> None:
    stage.test("/ats/applications", {"external_id": "app-1"})
    stage.test(f"/lms/enrolments/{enrolled(stage)}/progress", {"completion_percent": 10})
    other = stage.get("/ats/applications").json["next"]
    assert stage.get(f"/lms/progress?since={other}").status == 400


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"completion_percent": 101},
        {"completion_percent": -1},
        {"completion_percent": None},
        {"completion_percent": 50, "exam_score": 100.5},
        {"completion_percent": 50, "occurred_at": "2026-11-21T00:00:00"},
        {"completion_percent": 50, "mentor_review": "x" * 4001},
        {"completion_percent": 50, "callback_url": "http://tenant.example/"},
        {"completion_percent": 50, "surprise": 1},
    ],
)
def test_a_report_that_is_none_is_refused_and_not_recorded(stage: Stage, report: dict[str, Any]) -> None:
    assert stage.test(f"/lms/enrolments/{enrolled(stage)}/progress", report).status == 400
    assert stage.get("/lms/progress").json["items"] == []


def test_an_enrolment_must_be_known(stage: Stage) -> None:
    assert stage.test("/lms/enrolments/enr_0/progress", {"completion_percent": 10}).status == 404


def test_any_vendors_token_will_do_to_report_but_one_is_needed(stage: Stage) -> None:
    path = f"/lms/enrolments/{enrolled(stage)}/progress"
    for secret in SECRETS.values():
        headers = {"Authorization": f"Bearer {secret.token}"}
        assert stage.raw("POST", path, headers=headers, body='{"completion_percent": 1}').status == 201
    assert stage.raw("POST", path, body='{"completion_percent": 1}').status == 401
    headers = {"Authorization": f"Bearer {SECRETS['finance'].token}"}
    assert stage.raw("GET", "/lms/progress", headers=headers).status == 401
    assert stage.raw("POST", "/lms/enrolments", headers=headers).status == 401


def test_a_long_page_ends_early_and_nothing_is_lost(stage: Stage) -> None:
    made = enrolled(stage)
    for percent in range(50):
        review = {"completion_percent": percent, "mentor_review": "评" * 4000}
        stage.test(f"/lms/enrolments/{made}/progress", review)
    pages = feed(stage, 200)
    assert [one["completion_percent"] for page in pages for one in page] == [*range(50)]
    assert [len(page) for page in pages] == [41, 9, 0]


def test_the_ledger_pages_through_many_enrolments_in_order(stage: Stage) -> None:
    made = [stage.post("/lms/enrolments", enrolment(), key=f"key-{n}").json for n in range(40)]
    stage.post("/esign/envelopes", {})
    listed, cursor = [], ""
    while cursor is not None:
        page = stage.get(f"/ledger?limit=7&cursor={cursor}").json
        listed += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert listed == sorted(one["enrolment_id"] for one in made)


def test_nothing_of_the_learner_is_stored(stage: Stage) -> None:
    enrolled(stage, learner="emp_李四")
    assert "李四" not in str(stage.table.scan()["Items"])
