"""Delivery: signed, patient, one message at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import urllib3
from aws_lambda_powertools.utilities.typing import LambdaContext
from standardwebhooks import Webhook

from callback_sender.app import CallbackSender, pause_after, post_once, respond
from tests.sandbox.stage import NOW, SECRETS, WEBHOOK_SECRET
from vendor_contract.callback import Callback, webhook_id


@dataclass
class Receiver:
    """Answers with the statuses given; remembers what came. An exception instead of a status is raised."""

    answers: list[int | Exception]
    posts: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    hidden: list[tuple[str, str, int]] = field(default_factory=list)
    now: datetime = NOW

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.posts.append((url, body, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:  # noqa: N803
        self.hidden.append((QueueUrl, ReceiptHandle, VisibilityTimeout))

    def deliver(self, *records: dict[str, Any]) -> list[object]:
        """The ids of the messages to be delivered again."""
        sender = CallbackSender(SECRETS, self, "queue", self.post, lambda: self.now)
        failed = respond({"Records": list(records)}, LambdaContext(), sender)["batchItemFailures"]
        return [one["itemIdentifier"] for one in failed]


def callback(thing_id: str = "chk_1") -> Callback:
    return Callback.about(
        thing_id,
        vendor="background",
        url="https://tenant.example/hook",
        type="check.completed",
        at=NOW,
        data={"check_id": thing_id, "detail": "已核实"},
    )


def record(body: str | None = None, *, message_id: str = "m1", attempt: int = 1) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": f"handle-{message_id}",
        "body": callback().to_message() if body is None else body,
        "attributes": {
            "ApproximateReceiveCount": str(attempt),
            "SentTimestamp": "1795320000000",
            "SenderId": "AROAEXAMPLE:vendor-api",
            "ApproximateFirstReceiveTimestamp": "1795320001000",
        },
        "messageAttributes": {},
        "md5OfBody": "0",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:callbacks",
        "awsRegion": "eu-west-1",
    }


def test_a_callback_is_signed_as_standard_webhooks_asks() -> None:
    # The library's verify looks at the real clock.
    receiver = Receiver([202], now=datetime.now(UTC))
    assert receiver.deliver(record()) == []
    ((url, body, headers),) = receiver.posts
    assert url == "https://tenant.example/hook"
    assert Webhook(WEBHOOK_SECRET).verify(body, dict(headers)) == {
        "type": "check.completed",
        "timestamp": "2026-11-22T04:00:00Z",
        "data": {"check_id": "chk_1", "detail": "已核实"},
    }
    assert headers["webhook-id"] == webhook_id("chk_1", "check.completed")
    assert headers["webhook-timestamp"] == str(int(receiver.now.timestamp()))


@pytest.mark.parametrize(
    "answer",
    [301, 400, 401, 404, 410, 429, 500, 503, urllib3.exceptions.ReadTimeoutError(None, "/", "slow")],  # type: ignore[arg-type]
)
def test_anything_but_2xx_is_tried_again_later(answer: int | Exception) -> None:
    receiver = Receiver([answer])
    assert receiver.deliver(record(attempt=3)) == ["m1"]
    assert receiver.hidden == [("queue", "handle-m1", 8)]


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_2xx_will_do(status: int) -> None:
    receiver = Receiver([status])
    assert receiver.deliver(record()) == []
    assert receiver.hidden == []


def test_a_retry_has_the_same_id_and_bytes_and_a_new_time() -> None:
    receiver = Receiver([500, 202])
    receiver.deliver(record())
    receiver.now = datetime(2026, 11, 22, 4, 10, tzinfo=UTC)
    receiver.deliver(record(attempt=2))
    (_, first, first_headers), (_, second, second_headers) = receiver.posts
    assert first == second
    assert first_headers["webhook-id"] == second_headers["webhook-id"]
    assert int(second_headers["webhook-timestamp"]) - int(first_headers["webhook-timestamp"]) == 600
    assert first_headers["webhook-signature"] != second_headers["webhook-signature"]


def test_one_deaf_receiver_does_not_hold_up_the_others() -> None:
    receiver = Receiver([202, 500, 202])
    assert receiver.deliver(*(record(message_id=f"m{n}") for n in range(3))) == ["m1"]
    assert len(receiver.posts) == 3


def test_a_batch_that_fails_whole_is_still_an_answer() -> None:
    assert Receiver([500, 500]).deliver(record(message_id="a"), record(message_id="b")) == ["a", "b"]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"vendor": "esign"}'])
def test_a_message_that_is_none_of_ours_goes_to_the_dead_letters(body: str) -> None:
    receiver = Receiver([202])
    assert receiver.deliver(record(body, message_id="odd"), record(message_id="good")) == ["odd"]
    assert len(receiver.posts) == 1


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    assert [pause_after(attempt) for attempt in (1, 2, 3, 9, 10, 1000)] == [2, 4, 8, 512, 900, 900]


def test_the_ids_of_two_things_and_of_two_events_differ() -> None:
    ids = {webhook_id(*one) for one in (("env_1", "a"), ("env_1", "b"), ("env_2", "a"))}
    assert len(ids) == 3


def test_a_message_survives_the_queue() -> None:
    assert Callback.from_message(callback().to_message()) == callback()
    assert json.loads(callback().body())["data"]["detail"] == "已核实"


def test_one_post_neither_follows_redirects_nor_retries_nor_waits_for_long() -> None:
    asked: dict[str, Any] = {}

    def request(method: str, url: str, **options: Any) -> SimpleNamespace:
        asked.update(options, method=method, url=url)
        return SimpleNamespace(status=307, close=lambda: None)

    pool = cast(urllib3.PoolManager, SimpleNamespace(request=request))
    assert post_once(pool)("https://tenant.example/hook", b"{}", {"a": "b"}) == 307
    assert (asked["method"], asked["url"], asked["body"]) == ("POST", "https://tenant.example/hook", b"{}")
    assert (asked["redirect"], asked["retries"], asked["timeout"].total) == (False, False, 10)
