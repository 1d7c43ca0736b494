"""What was under way goes on: at whatever message the old queues are lost, the journey comes to the same end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from infra.admin.restore.resuming import Resumed, resume
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.store.table import Table, to_events
from rencai.store.timeline import Timeline
from tests.aws import client
from tests.journey.deliveries import REFERENCE, check, envelope, qualifying
from tests.journey.world import Message, World, world
from tests.moto_table import TABLE
from tests.restore.before import AT

DAY = timedelta(hours=24)


class Lost(Exception):
    """The moment that is gone back to."""


@contextmanager
def lost_at(one: World, message: int) -> Iterator[None]:
    """The ``message``-th message finds nobody any more, nor does what waits behind it, nor what is not relayed yet."""
    taken = one._consumed
    seen = 0

    def consumed(told: Message) -> bool:
        nonlocal seen
        if seen == message:
            raise Lost
        seen += 1
        return taken(told)

    one._consumed = consumed  # type: ignore[method-assign,assignment]  # put back below
    try:
        yield
    finally:
        one._consumed = taken  # type: ignore[method-assign]


def restored(one: World) -> Resumed:
    """The queues are gone, and what the relay had not read; then what was under way is told again."""
    one.queue, one._unrelayed = [], []
    one._read = len(one._stream)
    return resume(client("dynamodb"), TABLE, one.wired.bus, one.now - DAY, one.now, one.now)


def hire(one: World, *, lost: int = -1) -> bool:
    """The journey to its end, restored where it was lost; whether it was."""
    steps: list[Callable[[], object]] = [
        lambda: one.hand_in(qualifying()),
        one.settle,
        lambda: one.webhook("esign", "msg-1", envelope()),
        one.settle,
        lambda: one.webhook("background", "msg-2", check()),
        one.settle,
    ]
    with lost_at(one, lost):
        left = list(steps)
        try:
            while left:
                left[0]()
                left.pop(0)
        except Lost:
            pass
        else:
            return False
    restored(one)
    for step in left:
        step()
    return True


def ended(one: World) -> dict[str, Any]:
    state = one.end_state()
    for item in state["items"].values():
        item.pop("relayed_again", None)
    return state


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    with world() as one:
        hire(one)
        return ended(one)


MESSAGES: Final = 15
"""That a hire takes; each can be the one that finds nobody."""


@pytest.mark.parametrize("message", range(MESSAGES))
def test_a_journey_whose_queues_are_lost_comes_to_the_same_end(
    undisturbed: dict[str, Any], message: int
) -> None:
    with world() as one:
        assert hire(one, lost=message)
        assert ended(one) == undisturbed


def test_without_it_the_journey_would_stand_still() -> None:
    """So the test above can fail."""
    with world() as one:
        one.hand_in(qualifying())
        one.queue, one._read = [], len(one._stream)
        one.settle()
        assert one.published == []
        assert restored(one) == Resumed(told=0, touched=1)
        one.settle()
        assert one.wired.hiring.journeys.get(REFERENCE).journey.stage == "offer_sent"


class Published:
    """A bus that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Subject, Event]] = []

    def publish(self, told: list[tuple[Subject, Event]]) -> None:
        assert len(told) <= 10
        self.told += told


def event(number: int, at: datetime) -> Event:
    return Event(f"evt_1_{number}_0", EventName.OFFER_SENT, at, {"offer_id": "off_1"}, "rencai")


@pytest.fixture
def bus() -> Any:
    return Published()


def test_what_happened_in_those_hours_is_told_oldest_first_and_nothing_else(dynamodb: Any, bus: Any) -> None:
    whose = [
        Subject(kind=SubjectKind.CANDIDATE, id="cand_1"),
        Subject(kind=SubjectKind.EMPLOYEE, id="emp_2"),
    ]
    times = [
        AT - DAY - timedelta(seconds=1),
        AT - DAY,
        AT - timedelta(hours=1),
        AT,
        AT + timedelta(seconds=1),
    ]
    told = [(subject, event(number, at)) for number, at in enumerate(times) for subject in whose]
    Timeline(Table(dynamodb, TABLE)).record(told)
    assert resume(dynamodb, TABLE, bus, AT - DAY, AT, AT) == Resumed(told=6, touched=0)
    assert [(one.at, one.id) for _, one in bus.told] == [
        (at, f"evt_1_{n}_0") for n, at in enumerate(times) for _ in whose
    ][2:8]
    assert sorted(bus.told, key=str) == sorted(told[2:8], key=str)


def test_an_item_whose_events_are_on_no_timeline_is_relayed_again_and_no_other(
    dynamodb: Any, bus: Any
) -> None:
    known, unknown, long_ago = event(1, AT), event(2, AT), event(3, AT - 2 * DAY)
    Timeline(Table(dynamodb, TABLE)).record([(Subject(kind=SubjectKind.CANDIDATE, id="cand_1"), known)])
    for name, one in (("known", known), ("unknown", unknown), ("long ago", long_ago)):
        item = {"pk": {"S": f"CANDIDATE#{name}"}, "sk": {"S": "JOURNEY"}, "events": {"S": to_events([one])}}
        dynamodb.put_item(TableName=TABLE, Item=item)
    assert resume(dynamodb, TABLE, bus, AT - DAY, AT, AT) == Resumed(told=1, touched=1)
    items = dynamodb.scan(TableName=TABLE)["Items"]
    assert [one["pk"]["S"] for one in items if "relayed_again" in one] == ["CANDIDATE#unknown"]


def test_an_item_that_has_been_written_meanwhile_is_left_alone(dynamodb: Any, bus: Any) -> None:
    key = {"pk": {"S": "CANDIDATE#1"}, "sk": {"S": "JOURNEY"}}
    dynamodb.put_item(TableName=TABLE, Item={**key, "events": {"S": to_events([event(1, AT)])}})

    class Overtaken:
        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb, name)

        def update_item(self, **asked: Any) -> Any:
            dynamodb.put_item(TableName=TABLE, Item={**key, "version": {"N": "2"}})
            return dynamodb.update_item(**asked)

    overtaken: Any = Overtaken()
    assert resume(overtaken, TABLE, bus, AT - DAY, AT, AT) == Resumed(0, 0)
    assert dynamodb.get_item(TableName=TABLE, Key=key)["Item"] == {**key, "version": {"N": "2"}}
