"""Whole classes of learners: enrolled and reported by the hundred, and read like any other progress."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.stage import CALLBACK_URL, NOW, SECRETS, Stage
from vendor_api.classes import WeeklyReport, weekly_report
from vendor_contract.table import put_new

ENDED_AT = "2026-11-20T18:00:00+08:00"


def report(stage: Stage, **body: Any) -> dict[str, Any]:
    reply = stage.test("/lms/classes", {"class_id": "spring", "ended_at": ENDED_AT, **body})
    assert reply.status == 201, reply.text
    answer: dict[str, Any] = reply.json
    return answer


def feed(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    since = ""
    while True:
        page = stage.get(f"/lms/progress?since={since}").json
        if not page["items"]:
            return found
        found += page["items"]
        since = page["next"]


def ledger(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = stage.get(f"/ledger?vendor=lms&limit=100&cursor={cursor}").json
        found += page["items"]
        cursor = page["next"]
    return found


def test_a_class_is_in_the_ledger_and_in_the_feed_in_its_order(stage: Stage) -> None:
    answer = report(stage, first=3, size=130)
    assert answer["reported"] == 130
    assert [one["reference"] for one in answer["items"]] == [f"spring-{number}" for number in range(3, 133)]
    made = [one["enrolment_id"] for one in answer["items"]]
    assert [entry["enrolment_id"] for entry in feed(stage)] == made
    listed = ledger(stage)
    assert [one["id"] for one in listed] == sorted(made)
    first = next(one for one in listed if one["id"] == made[0])
    assert first == {
        "vendor": "lms",
        "kind": "enrolment",
        "id": made[0],
        "idempotency_key": "class-spring-3",
        "reference": "spring-3",
        "created_at": "2026-11-22T04:00:00Z",
        "requests": 1,
    }
    assert stage.queued == []


def test_the_feed_tells_of_a_class_what_follows_from_its_name(stage: Stage) -> None:
    answer = report(stage, first=40, size=60, week=2)
    ended_at = datetime.fromisoformat(ENDED_AT)
    told = []
    for number, item in enumerate(answer["items"], start=40):
        if one := weekly_report("spring", number, 2, ended_at):
            told.append(
                {
                    "enrolment_id": item["enrolment_id"],
                    "completion_percent": one.completion_percent,
                    "exam_score": one.exam_score,
                    "mentor_review": one.mentor_review,
                    "occurred_at": one.occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                }
            )
    assert feed(stage) == told
    assert answer["reported"] == len(told) < 60


def test_a_class_called_in_parts_is_the_class_called_at_once(stage: Stage) -> None:
    parts = [report(stage, first=first, size=20) for first in (1, 21)]
    entries = feed(stage)
    whole = report(stage, size=40)
    assert [item for part in parts for item in part["items"]] == whole["items"]
    # Told again, in the same words; enrolled again is nobody.
    assert feed(stage) == [*entries, *entries]
    assert Counter(one["requests"] for one in ledger(stage)) == {1: 40}


def test_two_classes_have_nobody_in_common(stage: Stage) -> None:
    spring, autumn = report(stage, size=30), report(stage, class_id="autumn", size=30)
    ids = {item["enrolment_id"] for one in (spring, autumn) for item in one["items"]}
    assert len(ids) == 60
    completions = [entry["completion_percent"] for entry in feed(stage)]
    assert completions[:30] != completions[30:]


def test_a_class_may_have_some_who_were_enrolled_before(stage: Stage) -> None:
    report(stage, first=50, size=10)
    before = {one["id"]: one for one in ledger(stage)}
    stage.later(days=1)
    report(stage, size=120, week=2)
    after = {one["id"]: one for one in ledger(stage)}
    assert len(after) == 120
    assert {id: after[id] for id in before} == before


def test_one_of_a_class_takes_progress_of_their_own(stage: Stage) -> None:
    (item,) = report(stage, size=1)["items"]
    told = {"completion_percent": 100, "callback_url": CALLBACK_URL}
    assert stage.test(f"/lms/enrolments/{item['enrolment_id']}/progress", told).status == 201
    assert [entry["completion_percent"] for entry in feed(stage)][1:] == [100]
    assert len(stage.queued) == 1


def test_a_week_ends_now_unless_it_is_said_when(stage: Stage) -> None:
    stage.test("/lms/classes", {"class_id": "spring", "size": 20})
    moments = [datetime.fromisoformat(entry["occurred_at"]) for entry in feed(stage)]
    assert all(NOW - timedelta(days=1) < moment <= NOW for moment in moments)
    assert len(set(moments)) > 15


def test_the_learners_of_a_week_are_as_different_as_it_is_written() -> None:
    reports = [weekly_report("spring", number, 1, NOW) for number in range(1, 4_001)]
    told = [one for one in reports if one]
    assert len(told) == 4_000
    assert {one.completion_percent for one in told} == {*range(101)}
    done = [one for one in told if one.completion_percent == 100]
    others = [one for one in told if one.completion_percent < 100]
    assert 0.18 < len(done) / 4_000 < 0.23
    assert 0.87 < share_with_exam(done) < 0.93
    assert 0.17 < share_with_exam(others) < 0.23
    scores = [one.exam_score for one in told if one.exam_score is not None]
    assert (min(scores), max(scores)) == (40, 100)
    assert {score % 0.5 for score in scores} == {0}
    reviews = Counter(one.mentor_review for one in told if one.mentor_review)
    assert len(reviews) == 6
    assert 0.13 < reviews.total() / 4_000 < 0.17


def share_with_exam(reports: list[WeeklyReport]) -> float:
    return sum(one.exam_score is not None for one in reports) / len(reports)


def test_nobody_falls_back_and_who_is_done_has_nothing_more_to_report() -> None:
    for number in range(1, 201):
        weeks = [weekly_report("spring", number, week, NOW) for week in range(1, 13)]
        told = [one.completion_percent for one in weeks if one]
        assert told == sorted(told)
        assert told.count(100) == 1
        assert all(weeks[: len(told)])
        assert not any(weeks[len(told) :])


@pytest.mark.parametrize(
    "change",
    [
        {"class_id": None},
        {"class_id": ""},
        {"class_id": "x" * 101},
        {"size": None},
        {"size": 0},
        {"size": 501},
        {"first": 0},
        {"first": 19_902, "size": 100},
        {"week": 0},
        {"week": 53},
        {"ended_at": "2026-11-21T00:00:00"},
        {"callback_url": CALLBACK_URL},
    ],
)
def test_a_class_that_is_none_is_refused_and_nobody_enrolled(stage: Stage, change: dict[str, Any]) -> None:
    body = {"class_id": "spring", "size": 10, **change}
    reply = stage.test("/lms/classes", {name: value for name, value in body.items() if value is not None})
    assert reply.status == 400
    assert (feed(stage), ledger(stage)) == ([], [])


def test_the_last_of_a_class_are_taken(stage: Stage) -> None:
    assert report(stage, first=19_996, size=5)["items"][-1]["reference"] == "spring-20000"


def test_it_takes_any_vendors_token_and_no_fault_strikes_it(stage: Stage) -> None:
    stage.put("/faults/lms", {"mode": "down"})
    body = '{"class_id": "spring", "size": 1}'
    for secret in SECRETS.values():
        headers = {"Authorization": f"Bearer {secret.token}"}
        assert stage.raw("POST", "/lms/classes", headers=headers, body=body).status == 201
    assert stage.raw("POST", "/lms/classes", body=body).status == 401
    # A class is made, not looked at.
    assert stage.get("/lms/classes").status == 503


class Contended:
    """A table whose transactions meet another writer's `conflicts` times."""

    name = "sandbox"

    def __init__(self, conflicts: int, code: str = "TransactionConflict") -> None:
        self.calls = 0
        self._conflicts = conflicts
        self._code = code
        self.meta = SimpleNamespace(client=self)

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:  # noqa: N803  boto3's
        self.calls += 1
        if self.calls <= self._conflicts:
            reasons = [{"Code": "None"}, {"Code": self._code}]
            response = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(response, "TransactWriteItems")  # type: ignore[arg-type]  # reasons come beside


@pytest.mark.parametrize(("conflicts", "calls"), [(0, 1), (4, 5)])
def test_a_transaction_that_meets_another_is_tried_again(conflicts: int, calls: int) -> None:
    table = Contended(conflicts)
    assert put_new(table, [{}, {}]) == frozenset()  # type: ignore[arg-type]  # of a table only what is called
    assert table.calls == calls


@pytest.mark.parametrize(("code", "calls"), [("TransactionConflict", 5), ("ThrottlingError", 1)])
def test_a_transaction_that_never_gets_through_is_an_error(code: str, calls: int) -> None:
    table = Contended(99, code)
    with pytest.raises(ClientError):
        put_new(table, [{}, {}])  # type: ignore[arg-type]  # as above
    assert table.calls == calls
