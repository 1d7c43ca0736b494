"""The import functions as AWS calls them: what their queues bring, and what they send (F1)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.migration import part, split, undo
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.platform.settings import Settings
from tests.aws import client
from tests.logs import logged
from tests.migration.import_office import BUCKET, Office, csv, office
from tests.wired import serves

WEEKS = csv(("工号", "周", "工时"), ("10001", "2026-W07", "40"), ("10001", "2026-W08", "55"))


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        sqs = client("sqs")
        urls = {
            name: sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("QUEUE_URL", "PARTS_QUEUE_URL", "DEAD_LETTER_URL")
        }
        fresh.wired.settings = Settings({**fresh.wired.settings.environment, **urls})
        serves(monkeypatch, fresh.wired)
        yield fresh


def delivered(body: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": "m-1",
                "receiptHandle": "r-1",
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
            }
        ]
    }


def told_by_s3(key: str, version: str) -> dict[str, Any]:
    named = {"key": key.replace(" ", "+"), "versionId": version}
    return {"Records": [{"eventTime": "2026-03-02T01:20:00Z", "s3": {"object": named}}]}


def told_by_the_bus(name: str, import_id: str) -> dict[str, Any]:
    return {
        "detail-type": name,
        "detail": {
            "event_id": "evt_1",
            "tenant_id": "test",
            "occurred_at": "2026-03-02T01:20:00Z",
            "correlation_id": import_id,
            "subject": {"kind": "import", "id": import_id},
            "data": {"kind": "attendance"},
        },
    }


def sent(name: str) -> list[Any]:
    """What is on a queue, taken off it."""
    url = client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def test_f1_a_file_goes_over_the_queues_and_back(one: Office) -> None:
    one.hires("10001")
    before = one.image()
    made = one.asks("attendance", filename="三月 考勤.csv")
    version = client("s3").put_object(Bucket=BUCKET, Key=made.object_key, Body=WEEKS)["VersionId"]

    with logged() as log:
        done: dict[str, list[Any]] = {"batchItemFailures": []}
        assert split.handler(delivered(told_by_s3(made.object_key, version)), Context()) == done
        (message,) = sent("PARTS_QUEUE_URL")
        assert message == {"import_id": made.import_id, "part": 1}
        assert part.handler(delivered(message), Context()) == done
        finished = one.imports.get(made.import_id)
        assert (finished.status, finished.counts) == (ImportStatus.FINISHED, Counts(created=2))

        one.imports.undo_asked(finished, "hr", one.now)
        assert (
            undo.handler(delivered(told_by_the_bus("import.undo_asked", made.import_id)), Context()) == done
        )
        for step in ("check", "restore"):
            (message,) = sent("QUEUE_URL")
            assert message == {"import_id": made.import_id, "step": step, "part": 1}
            assert undo.handler(delivered(message), Context()) == done
    assert one.imports.get(made.import_id).status is ImportStatus.UNDONE
    assert one.image() == before
    assert "10001" not in log.text
    assert "三月" not in log.text


def confirming(one: Office) -> Import:
    one.hires("10001")
    return one.brings("attendance", csv(("谁", "周", "工时"), ("10001", "2026-W08", "55")))


def test_confirmed_columns_come_over_the_bus(one: Office) -> None:
    waits = confirming(one)
    assert waits.columns
    columns = [replace(waits.columns[0], field="employee_no", how="confirmed"), *waits.columns[1:]]
    one.imports.confirmed(waits, waits.place, columns, "hr", one.now)
    event = delivered(told_by_the_bus("import.confirmed", waits.import_id))
    assert split.handler(event, Context()) == {"batchItemFailures": []}
    assert sent("PARTS_QUEUE_URL") == [{"import_id": waits.import_id, "part": 1}]


@pytest.mark.parametrize(
    "body",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET},
        told_by_s3("imports/uploads/", "v1"),
        told_by_s3("imports/uploads/imp_unknown/by hand.csv", "v1"),
    ],
)
def test_what_is_no_file_of_an_import_is_passed_over(one: Office, body: Any) -> None:
    assert split.handler(delivered(body), Context()) == {"batchItemFailures": []}
    assert sent("PARTS_QUEUE_URL") == []


def test_an_outage_brings_the_message_back(one: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(one.importing.imports, "get", unreachable)
    monkeypatch.setattr(one.wired.queue, "delay", lambda *_: None)
    event = delivered({"import_id": "imp_1", "part": 1})
    assert part.handler(event, Context()) == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_the_collaborators_are_wired(one: Office) -> None:
    wired = one.wired.migration.importing
    assert (wired.imports, wired.vault) == (one.imports, one.wired.vault)
