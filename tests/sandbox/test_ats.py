"""Applicant tracking: applications as testers put them there, and stage changes."""

from typing import Any

import pytest

from tests.sandbox.stage import CALLBACK_URL, Stage, application, stage_change
from vendor_contract.callback import webhook_id


def test_an_application_comes_back_as_it_was_put_there(stage: Stage) -> None:
    odd = {"external_id": "app-2", "candidate": 7, "salary": 1.5, "tags": ["a", None]}
    for one in (application(), odd):
        reply = stage.test("/ats/applications", one)
        assert (reply.status, reply.json) == (201, {"external_id": one["external_id"]})
    assert stage.get("/ats/applications").json["items"] == [application(), odd]
    assert stage.queued == []


def test_a_change_is_one_more_entry(stage: Stage) -> None:
    stage.test("/ats/applications", application())
    cursor = stage.get("/ats/applications").json["next"]
    changed = application(evaluation={"score": 90})
    stage.test("/ats/applications", changed)
    assert stage.get(f"/ats/applications?since={cursor}").json["items"] == [changed]
    assert len(stage.get("/ats/applications?since=").json["items"]) == 2


def test_an_application_is_told_when_asked_to(stage: Stage) -> None:
    for _ in range(2):
        stage.test("/ats/applications", application(callback_url=CALLBACK_URL))
    first, second = (callback for callback, _ in stage.queued)
    assert first == {
        "vendor": "ats",
        "webhook_id": webhook_id("app-1/1", "application.updated"),
        "url": CALLBACK_URL,
        "type": "application.updated",
        "timestamp": "2026-11-22T04:00:00Z",
        "data": application(),
        "copy": 0,
    }
    assert second["webhook_id"] == webhook_id("app-1/2", "application.updated")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"external_id": ""},
        {"external_id": 7},
        {"external_id": "x" * 129},
        {"external_id": "a", "callback_url": "http://tenant.example/"},
        {"external_id": "a", "note": "注" * 17_000},
        [],
    ],
)
def test_an_application_that_is_none_is_refused(stage: Stage, body: Any) -> None:
    assert stage.test("/ats/applications", body).status == 400
    assert stage.get("/ats/applications").json == {"items": [], "next": None}


@pytest.mark.parametrize(("external_id", "status"), [("app-1", 204), ("unknown-1", 404), ("known-1", 204)])
def test_the_ats_takes_stage_changes_of_all_but_the_unknown(
    stage: Stage, external_id: str, status: int
) -> None:
    assert stage.post(f"/ats/applications/{external_id}/stage", stage_change()).status == status
    assert len(stage.get("/ledger?vendor=ats").json["items"]) == (status == 204)


def test_the_ledger_shows_the_stage_that_was_told_and_not_the_reason(stage: Stage) -> None:
    told = stage_change() | {"stage": "rejected", "reason": "要求的薪资超出范围"}
    stage.post("/ats/applications/app-1/stage", told)
    (row,) = stage.get("/ledger?vendor=ats").json["items"]
    assert (row["reference"], row["kind"], row["stage"]) == ("app-1", "stage_change", "rejected")
    assert told["reason"] not in str(row)


def test_everything_put_there_is_forgotten_after_30_days(stage: Stage) -> None:
    stage.test("/ats/applications", application())
    (entry,) = [item for item in stage.table.scan()["Items"] if "entry" in item]
    assert entry["forget_at"] == int(stage.now.timestamp()) + 30 * 86_400
