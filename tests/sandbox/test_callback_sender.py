"""Delivery: signed, patient, one message at a time."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import urllib3
from aws_lambda_powertools.utilities.typing import LambdaContext
from standardwebhooks import Webhook

from callback_sender.app import CallbackSender, pause_after, post_once, respond
from callback_sender.forgery import forged, forgers_secret
from tests.sandbox.stage import NOW, SECRETS, WEBHOOK_SECRET
from vendor_contract.callback import Callback, webhook_id
from vendor_contract.faults import Fault, FaultBook
from vendor_contract.table import Table
from vendor_contract.tally import Tally


@dataclass
class Receiver:
    """Answers with the statuses given; remembers what came. An exception instead of a status is raised.

    Also the queue and the table of the sender: one test, one double.
    """

    answers: list[int | Exception]
    fault: Fault = Fault("background")  # noqa: RUF009  frozen
    counts: Counter[str] = field(default_factory=Counter)
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

    def get_item(self, **request: Any) -> dict[str, Any]:
        assert request["Key"] == {"pk": "faults", "sk": "background"}
        return {"Item": {"settings": json.dumps(asdict(self.fault))}}

    def update_item(self, **request: Any) -> dict[str, Any]:
        assert request["Key"] == {"pk": "deliveries", "sk": "background"}
        self.counts += Counter({name[1:]: n for name, n in request["ExpressionAttributeValues"].items()})
        return {}

    def deliver(self, *records: dict[str, Any]) -> list[object]:
        """The ids of the messages to be delivered again."""
        table = cast(Table, self)
        sender = CallbackSender(
            SECRETS, FaultBook(table), Tally(table), self, "queue", self.post, lambda: self.now
        )
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


# --- faults. The draws are digests: what these ids are given they are given for ever.


def test_what_is_taken_is_counted_and_so_is_each_further_attempt() -> None:
    receiver = Receiver([500, 202])
    receiver.deliver(record())
    assert receiver.counts == {}
    receiver.deliver(record(attempt=2))
    assert receiver.counts == {"retried": 1, "genuine_accepted": 1}


def whole(number: int) -> dict[str, Any]:
    """A record of a callback such as the vendor sends it."""
    completed = Callback.about(
        f"chk_{number}",
        vendor="background",
        url="https://tenant.example/hook",
        type="check.completed",
        at=NOW,
        data={
            "check_id": f"chk_{number}",
            "reference": f"cand_{number}",
            "result": "clear",
            "findings": [{"kind": "identity", "verified": True, "detail": "一致"}],
        },
    )
    return record(completed.to_message(), message_id=f"m{number}")


def is_authentic(body: bytes, headers: Mapping[str, str]) -> bool:
    signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = Webhook(WEBHOOK_SECRET).sign(headers["webhook-id"], signed_at, body.decode())
    return headers["webhook-signature"] == expected


def test_a_forgery_goes_beside_the_genuine_delivery_with_its_id_and_the_opposite_content() -> None:
    receiver = Receiver([202, 202], Fault("background", forged_signature=1))
    assert receiver.deliver(whole(1)) == []
    told = {is_authentic(body, headers): json.loads(body) for _, body, headers in receiver.posts}
    assert {headers["webhook-id"] for _, _, headers in receiver.posts} == {
        webhook_id("chk_1", "check.completed")
    }
    assert told[True]["data"]["result"] == "clear"
    assert told[False] == {
        **told[True],
        "data": {
            "check_id": "chk_1",
            "reference": "cand_1",
            "result": "consider",
            "findings": [{"kind": "identity", "verified": False, "detail": "一致"}],
        },
    }
    assert receiver.counts == {"genuine_accepted": 1, "forged_accepted": 1}


def test_forgeries_come_before_as_well_as_after() -> None:
    receiver = Receiver([202] * 40, Fault("background", forged_signature=1))
    receiver.deliver(*map(whole, range(20)))
    came = [is_authentic(body, headers) for _, body, headers in receiver.posts]
    assert {(came[n], came[n + 1]) for n in range(0, 40, 2)} == {(True, False), (False, True)}


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (200, "forged_accepted"),
        (401, "forged_refused"),
        (400, "unclear"),
        (500, "unclear"),
        (urllib3.exceptions.ConnectTimeoutError(), "unclear"),
    ],
)
def test_what_becomes_of_a_forgery_is_counted_and_changes_nothing_else(
    answer: int | Exception, count: str
) -> None:
    @dataclass
    class Discerning(Receiver):
        def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
            self.answers = [202 if is_authentic(body, headers) else answer]
            return super().post(url, body, headers)

    receiver = Discerning([], Fault("background", forged_signature=1))
    assert receiver.deliver(whole(1)) == []
    assert receiver.counts == {"genuine_accepted": 1, count: 1}
    assert receiver.hidden == []


@pytest.mark.parametrize(
    ("type", "data", "lie"),
    [
        ("envelope.completed", {}, ("envelope.declined", {})),
        ("envelope.declined", {"reason": "x"}, ("envelope.completed", {"reason": "x"})),
        ("envelope.expired", {}, ("envelope.completed", {})),
        ("envelope.voided", {}, ("envelope.completed", {})),
        (
            "assessment.completed",
            {"scales": {"stress_tolerance": 40}},
            ("assessment.completed", {"scales": {"stress_tolerance": 60}}),
        ),
        (
            "enrolment.progressed",
            {"completion_percent": 20},
            ("enrolment.progressed", {"completion_percent": 100, "exam_score": 100}),
        ),
        (
            "application.updated",
            {"external_id": "a", "evaluation": {"score": 3}},
            ("application.updated", {"external_id": "a", "evaluation": {"score": 100}}),
        ),
    ],
)
def test_a_forgery_says_what_is_not_so(
    type: str, data: dict[str, Any], lie: tuple[str, dict[str, Any]]
) -> None:
    told = Callback.about("id", vendor="esign", url="https://t.example", type=type, at=NOW, data=data)
    forgery = forged(told)
    assert (forgery.type, forgery.data) == lie
    assert forgery.webhook_id == told.webhook_id
    assert forgers_secret("esign") not in {WEBHOOK_SECRET, forgers_secret("lms")}


def test_a_malformed_body_is_authentic_and_the_callback_comes_again_whatever_was_answered() -> None:
    receiver = Receiver([400, 202, 500], Fault("background", malformed_body=1))
    assert receiver.deliver(whole(1), whole(2), whole(3)) == ["m1", "m2", "m3"]
    assert all(is_authentic(body, headers) for _, body, headers in receiver.posts)
    for _, body, _ in receiver.posts:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            json.loads(body)
    assert receiver.counts == {"malformed_refused": 1, "malformed_accepted": 1, "unclear": 1}


def test_malformed_bodies_are_cut_or_no_json_at_all() -> None:
    receiver = Receiver([400] * 20, Fault("background", malformed_body=1))
    receiver.deliver(*map(whole, range(20)))
    assert {body[:1] for _, body, _ in receiver.posts} == {b"{", b"<"}


def test_each_attempt_draws_anew_and_the_same_attempt_the_same() -> None:
    def counts() -> Counter[str]:
        receiver = Receiver([400] * 40, Fault("background", malformed_body=0.5))
        for attempt in range(1, 41):
            receiver.deliver({**whole(1), "attributes": record(attempt=attempt)["attributes"]})
        return receiver.counts

    assert counts() == counts()
    assert 10 < counts()["malformed_refused"] < 30


@pytest.mark.parametrize(
    ("seconds", "answer", "counts"),
    [
        (-301, 401, {"stale_refused": 1}),
        (301, 401, {"stale_refused": 1}),
        (-3600, 202, {"stale_accepted": 1}),
        (-3600, 503, {"unclear": 1}),
        (200, 202, {"genuine_accepted": 1}),
        (200, 401, {}),
    ],
)
def test_a_clock_that_is_off(seconds: int, answer: int, counts: dict[str, int]) -> None:
    receiver = Receiver([answer], Fault("background", clock_skew_seconds=seconds))
    assert receiver.deliver(whole(1)) == ([] if answer == 202 else ["m1"])
    ((_, body, headers),) = receiver.posts
    assert int(headers["webhook-timestamp"]) - int(NOW.timestamp()) == seconds
    assert is_authentic(body, headers)
    assert receiver.counts == counts


def test_a_clock_may_be_off_at_some_attempts_only() -> None:
    fault = Fault("background", clock_skew_seconds=-600, clock_skew_rate=0.5)
    receiver = Receiver([202] * 40, fault)
    receiver.deliver(*map(whole, range(40)))
    assert 10 < receiver.counts["stale_accepted"] < 30
    assert receiver.counts.total() == 40


def test_copies_of_a_callback_have_luck_of_their_own() -> None:
    fault = Fault("background", malformed_body=0.5)
    ((body, attributes),) = [(one["body"], one["attributes"]) for one in [whole(1)]]
    fates = set()
    for copy in range(6):
        receiver = Receiver([202], fault)
        message = json.dumps({**json.loads(body), "copy": copy})
        receiver.deliver({**record(message), "attributes": attributes})
        fates.add(next(iter(receiver.counts)))
    assert fates == {"genuine_accepted", "malformed_accepted"}


def test_a_callback_queued_before_there_were_copies_is_still_delivered() -> None:
    message = json.loads(callback().to_message())
    del message["copy"]
    assert Receiver([202]).deliver(record(json.dumps(message))) == []
