"""Queue consumers, through real SQS events: what fails comes back, what is hopeless is parked, nobody else suffers."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import DomainError, IllegalTransition, LostRace, VendorRefusal, VendorUnavailable
from rencai.kernel.events import Subject, SubjectKind
from rencai.platform.consumer import (
    DEATHS,
    MAX_RECEIVES,
    Attempts,
    BusEvent,
    GiveUp,
    Queue,
    Retry,
    backoff_seconds,
    consume,
    consume_events,
)
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


class Attempting:
    """Counts as the table does, in a file, so that it outlives the process that counted."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._counts: dict[str, list[int]] = {}

    def begun(self, message_id: str) -> int:
        begun, ended = self._add(message_id, 0)
        return begun - ended

    def ended(self, message_id: str) -> None:
        self._add(message_id, 1)

    def _add(self, message_id: str, which: int) -> list[int]:
        if self._file and self._file.exists():
            self._counts = json.loads(self._file.read_text())
        counts = self._counts.setdefault(message_id, [0, 0])
        counts[which] += 1
        if self._file:
            self._file.write_text(json.dumps(self._counts))
        return counts


def never(record: dict[str, Any], reason: DomainError) -> None:
    raise AssertionError(f"{record['messageId']} was given up: {reason}")


def consumed(
    event: dict[str, Any],
    queue: Queue,
    act: Callable[[str], object],
    attempts: Attempts | None = None,
    give_up: GiveUp = never,
    *,
    in_the_end: bool = False,
) -> dict[str, Any]:
    return consume(event, CONTEXT, queue, attempts or Attempting(), act, give_up, in_the_end=in_the_end)


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
    assert consume_events(EVENT, CONTEXT, queue, Attempting(), told.append, never) == failures()
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
        answer = consumed(messages(*bodies, tries=3), queue, acting(errors, done))
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
    assert consumed(messages("x", "y"), queue, acting(errors, [])) == failures("m0", "m1")
    assert queue.delayed == [("r0", 5), ("r1", 5)]


def test_a_queue_that_cannot_hide_a_message_loses_none() -> None:
    class Failing(RecordingQueue):
        def delay(self, receipt_handle: str, seconds: int) -> None:
            raise ConnectionError

    done: list[str] = []
    assert consumed(messages("x", "a"), Failing(), acting({"x": Retry("no")}, done)) == failures("m0")
    assert done == ["a"]


def test_a_message_that_cannot_be_parked_comes_back() -> None:
    class Failing(RecordingQueue):
        def park(self, body: str, reason: str) -> None:
            raise ConnectionError

    errors: dict[str, Exception] = {"x": VendorRefusal("ats", "answered 400")}
    assert consumed(messages("x"), Failing(), acting(errors, [])) == failures("m0")


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
        assert consume_events(messages(body), CONTEXT, queue, Attempting(), told.append, never) == failures(
            "m0"
        )
    assert (told, queue.delayed, queue.parked) == ([], [("r0", 5)], [])
    assert SECRET not in log.text


def test_the_log_knows_whose_event_it_was_and_forgets_it_before_the_next() -> None:
    def act(told: BusEvent) -> None:
        raise Retry("later")

    (real,) = EVENT["Records"]
    with logged() as log:
        consume_events(messages(real["body"], "{}"), CONTEXT, RecordingQueue(), Attempting(), act, never)
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
    consumed(messages("x", tries=tries), queue, acting({"x": Retry("no")}, []))
    assert queue.delayed == [("r0", seconds)]


@given(st.integers(1, 10_000))
def test_backoff_never_shrinks(tries: int) -> None:
    assert 5 <= backoff_seconds(tries) <= backoff_seconds(tries + 1) <= 900


def test_forty_tries_ride_out_eight_hours() -> None:
    """What template.yaml says of the dead letters; maxReceiveCount there is 40."""
    assert sum(backoff_seconds(tries) for tries in range(1, 40)) >= 8 * 3600 - 600


# --- whoever has a message dies with it -------------------------------------------------------------------------------


def _in_a_process_of_its_own(act: Callable[[], object]) -> int:
    """How the process ended."""
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_message_that_kills_whoever_has_it_is_given_up_after_three_deaths(tmp_path: Path) -> None:
    """Out of memory or of time, Lambda is killed: no exception, nothing put back, and the same again forty times."""
    given_up: list[tuple[str, str]] = []
    done = tmp_path / "done"

    def act(body: str) -> None:
        if body == "bomb":
            os._exit(137)
        with done.open("a") as file:
            file.write(body)

    attempts = Attempting(tmp_path / "attempts.json")
    for tries in range(1, DEATHS + 1):
        event = messages("a", "bomb", "c", tries=tries)
        died = _in_a_process_of_its_own(lambda event=event: consumed(event, RecordingQueue(), act, attempts))  # type: ignore[misc]
        assert died == 137
    assert done.read_text() == "a" * DEATHS, (
        "what comes before it in its batch is done again, what comes after waits"
    )

    queue = RecordingQueue()
    answer = consumed(
        messages("a", "bomb", "c", tries=DEATHS + 1),
        queue,
        act,
        attempts,
        lambda record, reason: given_up.append((record["body"], reason.text("zh-CN"))),
    )
    assert answer == failures(), "the message is off its queue"
    assert given_up == [("bomb", "处理时连续 3 次中途中断(内存或时间不够),已停止处理")]
    assert queue.parked == [
        ("bomb", "Work on it broke off 3 times (out of memory or of time) and was given up")
    ]
    assert done.read_text() == "a" * DEATHS + "ac", "its neighbours have nothing to do with it"


def test_back_offs_of_ours_are_no_deaths_however_many_there_are() -> None:
    queue, attempts = RecordingQueue(), Attempting()
    for tries in range(1, MAX_RECEIVES + 1):
        consumed(messages("x", tries=tries), queue, acting({"x": Retry("no")}, []), attempts)
    assert (len(queue.delayed), queue.parked) == (MAX_RECEIVES, [])


def test_back_offs_and_deaths_are_told_apart() -> None:
    queue, attempts, given_up = RecordingQueue(), Attempting(), list[str]()
    tries = 0
    for dies in (True, False, False, True, False, True, False):
        tries += 1
        if dies:
            if tries > 1:
                attempts.begun("m0")
            continue
        assert given_up == []
        consumed(
            messages("x", tries=tries),
            queue,
            acting({"x": Retry("no")}, []),
            attempts,
            lambda record, _: given_up.append(record["messageId"]),
        )
    assert (given_up, len(queue.delayed), len(queue.parked)) == (["m0"], 3, 1)


def test_messages_that_were_received_and_never_begun_are_not_counted() -> None:
    """Lambda was throttled, or a neighbour died first."""
    done: list[str] = []
    consumed(messages("x", tries=MAX_RECEIVES), RecordingQueue(), acting({}, done))
    assert done == ["x"]


def test_who_cannot_be_given_up_comes_back_and_is_parked_when_that_kills_too(tmp_path: Path) -> None:
    attempts, queue = Attempting(tmp_path / "attempts.json"), RecordingQueue()

    def kills(*_: Any) -> None:
        os._exit(137)

    def fails(*_: Any) -> None:
        raise ConnectionError

    event = messages("bomb", tries=2)
    for _ in range(DEATHS - 1):
        attempts.begun("m0")
    assert consumed(event, queue, kills, attempts, fails) == failures("m0")
    for _ in range(DEATHS):
        assert _in_a_process_of_its_own(lambda: consumed(event, queue, kills, attempts, kills)) == 137
    assert consumed(event, queue, kills, attempts, kills) == failures()
    assert len(queue.parked) == 1


def test_what_fails_at_its_last_receipt_is_given_up_where_somebody_waits_for_it() -> None:
    queue, given_up = RecordingQueue(), list[str]()

    def told(record: dict[str, Any], reason: DomainError) -> None:
        given_up.append(str(reason))

    for tries in (MAX_RECEIVES - 1, MAX_RECEIVES):
        consumed(
            messages("x", tries=tries), queue, acting({"x": Retry("no")}, []), None, told, in_the_end=True
        )
    assert given_up == ["Work on it failed 40 times and was given up"]
    assert (len(queue.delayed), len(queue.parked)) == (1, 1)


def test_a_table_that_cannot_count_holds_nothing_up() -> None:
    class Down(Attempting):
        def _add(self, message_id: str, which: int) -> list[int]:
            raise ConnectionError

    queue, done = RecordingQueue(), list[str]()
    assert consumed(messages("x"), queue, acting({"x": Retry("no")}, done), Down()) == failures("m0")
    assert consumed(messages("x", tries=2), queue, acting({}, done), Down()) == failures("m0")
    assert (queue.delayed, done) == ([("r0", 5), ("r0", 10)], [])
