"""How often whoever had a message died with it, in the table; and who is told that it was given up."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.hiring import offer_generation
from functions.interviews import delivery as interview_delivery
from functions.interviews import split
from functions.relay.relay import told_by
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.interviews.store.uploads import UploadStatus
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.platform.consumer import DEATHS
from rencai.platform.queues import SqsQueue
from rencai.store.attempts import Attempts, attempts_key, given_up_key
from rencai.wiring.events import DATA_MODELS
from tests.aws import client
from tests.journey.world import START, World, world
from tests.wired import serves

BODY = {
    "detail-type": "candidate.profiled",
    "detail": {
        "event_id": "evt_1",
        "tenant_id": "test",
        "occurred_at": "2026-03-02T01:20:00Z",
        "correlation_id": "cand_1",
        "subject": {"kind": "candidate", "id": "cand_1"},
        "data": {},
    },
}


@pytest.fixture
def one() -> Iterator[World]:
    with world() as made:
        yield made


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


def test_only_receipts_that_came_to_no_end_count(one: World) -> None:
    attempts = Attempts(one.wired.table, lambda: START)
    assert [attempts.begun("m") for _ in range(3)] == [1, 2, 3]
    attempts.ended("m")
    attempts.ended("m")
    assert attempts.begun("m") == 2
    assert attempts.begun("other") == 1
    kept = one.wired.table.get(attempts_key("m"))
    assert kept
    assert kept["forget_at"] == int(START.timestamp()) + 15 * 24 * 3600


def test_a_message_that_was_put_back_at_first_has_no_death(one: World) -> None:
    attempts = Attempts(one.wired.table, lambda: START)
    attempts.ended("m")
    assert attempts.begun("m") == 0


def killed(handler: Any, body: Any, one: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    sqs = client("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("QUEUE_URL", "DEAD_LETTER_URL")}
    one.wired.queue = SqsQueue(sqs, urls["QUEUE_URL"], urls["DEAD_LETTER_URL"])
    serves(monkeypatch, one.wired)
    for _ in range(DEATHS - 1):
        one.wired.attempts.begun("m-1")
    record = {
        "messageId": "m-1",
        "receiptHandle": "r-1",
        "body": json.dumps(body),
        "eventSourceARN": "arn:aws:sqs:eu-central-1:1:OfferQueue",
        "attributes": {"ApproximateReceiveCount": str(DEATHS + 1)},
    }
    assert handler({"Records": [record]}, Context()) == {"batchItemFailures": []}
    parked = sqs.receive_message(QueueUrl=urls["DEAD_LETTER_URL"], MessageAttributeNames=["All"])["Messages"]
    assert [json.loads(one["Body"]) for one in parked] == [body]
    assert "broke off 3 times" in parked[0]["MessageAttributes"]["reason"]["StringValue"]


def test_of_an_event_that_kills_its_subject_is_told(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(offer_generation.handler, BODY, one, monkeypatch)
    key = given_up_key("m-1", Subject(kind=SubjectKind.CANDIDATE, id="cand_1"))
    answer = client("dynamodb").get_item(
        TableName=one.wired.table._name, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    )
    ((subject, event),) = told_by({"dynamodb": {"NewImage": answer["Item"]}})
    assert (subject.kind, subject.id, event.name) == ("candidate", "cand_1", EventName.WORK_ABANDONED)
    assert event.data == {"event": "candidate.profiled", "by": "OfferQueue"}
    DATA_MODELS[event.name].model_validate(event.data)


def test_a_delivery_that_kills_is_failed_with_the_reason(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    came = Delivery("dlv_1", "interview", "generic", "m", b"{}", {}, "1.2.3.4", START)
    one.wired.inbox.deliveries.receive(came)
    subject = {"kind": "delivery", "id": "dlv_1"}
    detail = {**BODY["detail"], "subject": subject, "data": {"vendor": "interview", "delivery_id": "dlv_1"}}  # type: ignore[dict-item]
    body = {"detail-type": "delivery.received", "detail": detail}
    killed(interview_delivery.handler, body, one, monkeypatch)
    known = one.wired.inbox.deliveries.get("dlv_1")
    assert known.status is DeliveryStatus.FAILED
    assert known.reason
    assert "broke off" in known.reason.english
    assert "中断" in known.reason.chinese


def test_a_file_that_kills_whoever_cuts_it_fails(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"key": "interviews/x.jsonl", "versionId": "v1"}
    killed(
        split.handler,
        {"Records": [{"eventTime": "2026-03-02T01:20:00Z", "s3": {"object": named}}]},
        one,
        monkeypatch,
    )
    (upload,), _ = one.wired.interviews.uploads.page(None, 10, None)
    assert (upload.status, upload.filename) == (UploadStatus.FAILED, "interviews/x.jsonl")
    assert [error.line for error in upload.errors] == [0]
    assert "中断" in upload.errors[0].message
