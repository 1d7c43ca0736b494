"""Queue consumers, through real SQS events: what fails comes back, what is hopeless is parked, nobody else suffers."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import IllegalTransition, LostRace, VendorRefusal, VendorUnavailable
from rencai.kernel.events import Subject, SubjectKind
from rencai.platform.consumer import BusEvent, Retry, backoff_seconds, consume, consume_events
from tests.logs import logged
from tests.template import ROOT

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "sqs_bus_event.json").read_text())
SECRET = "身份证110105194912310021"


class RecordingQueue:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.delayed: list[tuple[str, int]] = []
        self.parked: list[tuple[str, str]] = []

    def delay(self, receipt_handle: str, seconds: int) -> None:
        self.delayed.append((receipt_handle, seconds))

    def park(self, body: str, reason: str) -> None:
        self.parked.append((body, reason))


def messages(*bodies: str, tries: int = 1) -> dict[str, Any]:
    """The real event with a message for each body: ids ``m0``, ``m1`` ..., receipts ``r0``, ``r1`` ..."""
    (record,) = EVENT["Records"]
    records = []
    for number, body in enumerate(bodies):
        one = copy.deepcopy(record) | {"messageId": f"m{number}", "receiptHandle": f"r{number}", "body": body}
        one["attributes"]["ApproximateReceiveCount"] = str(tries)
        records.append(one)
    return {"Records": records}


def failures(*ids: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ids]}


CONTEXT: Any = object()


def acting(errors: dict[str, Exception], done: list[str]) -> Callable[[str], None]:
    def act(body: str) -> None:
        if body in errors:
            raise errors[body]
        done.append(body)

    return act


def test_a_real_bus_event_is_read_whole() -> None:
    queue, told = RecordingQueue(), list[BusEvent]()
    assert consume_events(EVENT, CONTEXT, queue, told.append) == failures()
    candidate = "cand_7Z0717V3KVSZ46D65KY3XYD9Q5"
    (event,) = told
    assert (
        event.name,
        event.detail.subject,
        event.detail.correlation_id,
        event.detail.data["qualifies"],
    ) == (
        "candidate.profiled",
        Subject(kind=SubjectKind.CANDIDATE, id=candidate),
        candidate,
        True,
    )
    assert (queue.delayed, queue.parked) == ([], [])


def test_only_what_failed_comes_back() -> None:
    queue, done = RecordingQueue(), list[str]()
    errors: dict[str, Exception] = {
        "retry": Retry("not yet"),
        "down": VendorUnavailable("finance", "answered 503"),
        "refused": VendorRefusal("finance", "answered 404 to GET salary-bands"),
        "illegal": IllegalTransition("onboarded", "offer_signed"),
        "bug": KeyError(SECRET),
    }
    bodies = ("a", "retry", "b", "down", "refused", "illegal", "bug", "c")
    with logged() as log:
        answer = consume(messages(*bodies, tries=3), CONTEXT, queue, acting(errors, done))
    assert answer == failures("m1", "m3", "m6")
    assert done == ["a", "b", "c"]
    assert queue.delayed == [("r1", 20), ("r3", 20), ("r6", 20)]
    assert queue.parked == [("refused", "finance: answered 404 to GET salary-bands")]
    told = log.lines("reason", "message_id", "fact", "stage", "seconds", "tries")
    lines = [line for line in told if line["message"] != "done"]
    assert len(told) - len(lines) == len(done)
    assert lines[:4] == [
        {
            "message": "will be tried again",
            "reason": "not yet",
            "message_id": "m1",
            "tries": 3,
            "seconds": 20,
        },
        {
            "message": "will be tried again",
            "reason": "finance: answered 503",
            "message_id": "m3",
            "tries": 3,
            "seconds": 20,
        },
        {
            "message": "parked",
            "reason": "finance: answered 404 to GET salary-bands",
            "message_id": "m4",
        },
        {"message": "refused", "fact": "offer_signed", "stage": "onboarded"},
    ]
    assert lines[4]["reason"].startswith("builtins.KeyError at test_consumer.py:")
    assert SECRET not in log.text


def test_a_batch_that_fails_whole_is_an_outage_and_no_crash() -> None:
    queue = RecordingQueue()
    errors: dict[str, Exception] = {"x": VendorUnavailable("esign", "ConnectTimeoutError"), "y": LostRace()}
    assert consume(messages("x", "y"), CONTEXT, queue, acting(errors, [])) == failures("m0", "m1")
    assert queue.delayed == [("r0", 5), ("r1", 5)]


def test_a_queue_that_cannot_hide_a_message_loses_none() -> None:
    class Failing(RecordingQueue):
        def delay(self, receipt_handle: str, seconds: int) -> None:
            raise ConnectionError

    done: list[str] = []
    assert consume(messages("x", "a"), CONTEXT, Failing(), acting({"x": Retry("no")}, done)) == failures("m0")
    assert done == ["a"]


def test_a_message_that_cannot_be_parked_comes_back() -> None:
    class Failing(RecordingQueue):
        def park(self, body: str, reason: str) -> None:
            raise ConnectionError

    errors: dict[str, Exception] = {"x": VendorRefusal("ats", "answered 400")}
    assert consume(messages("x"), CONTEXT, Failing(), acting(errors, [])) == failures("m0")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "{}",
        json.dumps({"detail-type": "something.else", "detail": {}}),
        json.dumps({"detail-type": "offer.sent", "detail": {"event_id": SECRET}}),
        "[" * 5000,
    ],
)
def test_a_message_nobody_can_read_comes_back_until_the_queue_gives_it_up(body: str) -> None:
    queue, told = RecordingQueue(), list[BusEvent]()
    with logged() as log:
        assert consume_events(messages(body), CONTEXT, queue, told.append) == failures("m0")
    assert (told, queue.delayed, queue.parked) == ([], [("r0", 5)], [])
    assert SECRET not in log.text


def test_the_log_knows_whose_event_it_was_and_forgets_it_before_the_next() -> None:
    def act(told: BusEvent) -> None:
        raise Retry("later")

    (real,) = EVENT["Records"]
    with logged() as log:
        consume_events(messages(real["body"], "{}"), CONTEXT, RecordingQueue(), act)
    assert log.lines("event_id", "subject", "message_id") == [
        {
            "message": "will be tried again",
            "event_id": "evt_7Z0717V3KVSZ46D65KY3XYD9Q5_1_1",
            "subject": "cand_7Z0717V3KVSZ46D65KY3XYD9Q5",
            "message_id": "m0",
        },
        {"message": "will be tried again", "message_id": "m1"},
    ]


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [
        (1, 5),
        (2, 10),
        (3, 20),
        (4, 40),
        (5, 80),
        (6, 160),
        (7, 320),
        (8, 640),
        (9, 900),
        (10, 900),
        (40, 900),
        (9999, 900),
    ],
)
def test_backoff(tries: int, seconds: int) -> None:
    assert backoff_seconds(tries) == seconds
    queue = RecordingQueue()
    consume(messages("x", tries=tries), CONTEXT, queue, acting({"x": Retry("no")}, []))
    assert queue.delayed == [("r0", seconds)]


@given(st.integers(1, 10_000))
def test_backoff_never_shrinks(tries: int) -> None:
    assert 5 <= backoff_seconds(tries) <= backoff_seconds(tries + 1) <= 900


def test_forty_tries_ride_out_eight_hours() -> None:
    """What template.yaml says of the dead letters; maxReceiveCount there is 40."""
    assert sum(backoff_seconds(tries) for tries in range(1, 40)) >= 8 * 3600 - 600
