"""The consumers' queues with time: backoff by visibility, receive counts, dead letters - hours pass in a moment."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from rencai.kernel.errors import VendorUnavailable
from rencai.platform.consumer import BusEvent, consume_events
from rencai.vendors.circuit import SharedCircuit
from rencai.vendors.circuits import Circuits
from rencai.wiring.consumers import giving_up
from tests.journey.world import World, consumer_of
from tests.template import resources


@dataclass(order=True)
class _Message:
    visible_at: datetime
    number: int
    queue: str = field(compare=False)
    body: str = field(compare=False)
    received: int = field(compare=False, default=0)
    parked: bool = field(compare=False, default=False)


class _Handle:
    """What a consumer may do to the message it holds."""

    def __init__(self, message: _Message, now: datetime, dead: list[_Message]) -> None:
        self._message = message
        self._now = now
        self._dead = dead

    def delay(self, receipt_handle: str, seconds: int) -> None:
        self._message.visible_at = self._now + timedelta(seconds=seconds)

    def park(self, body: str, reason: str) -> None:
        self._message.parked = True
        self._dead.append(self._message)


class Outage:
    """A vendor behind its circuit, as its client is; down between two moments. ``calls`` are those that were made."""

    def __init__(self, vendor: str, target: Any, one: World, begins: datetime, ends: datetime) -> None:
        self._vendor, self._target, self._one = vendor, target, one
        self._begins, self._ends = begins, ends
        self._circuit = SharedCircuit(vendor, Circuits(one.wired.table), one.clock, lambda *_, **__: None)
        self.calls: list[datetime] = []

    def __getattr__(self, operation: str) -> Any:
        value = getattr(self._target, operation)
        if not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            self._circuit.admit()
            self.calls.append(self._one.now)
            if self._begins <= self._one.now < self._ends:
                self._circuit.failed()
                raise VendorUnavailable(self._vendor, "answered 503")
            answer = value(*args, **kwargs)
            self._circuit.succeeded()
            return answer

        return call


class Clocked:
    """Runs a world's consumers through the real consumer loop, from one moment something is visible to the next."""

    def __init__(self, one: World) -> None:
        self._one = one
        self._waiting: list[_Message] = []
        self._numbers = itertools.count()
        self.dead: list[_Message] = []
        self.limit = {
            queue: properties["RedrivePolicy"]["maxReceiveCount"]
            for queue, properties in resources("AWS::SQS::Queue").items()
            if "RedrivePolicy" in properties
        }

    def run(self, until: datetime, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Until ``until``, or nothing is left to do. ``meanwhile`` is what outsiders do whenever something happened."""
        while True:
            self._take_in()
            meanwhile()
            self._take_in()
            if not self._waiting or self._waiting[0].visible_at > until:
                self._one.now = max(self._one.now, until)
                return
            message = heapq.heappop(self._waiting)
            self._one.now = max(self._one.now, message.visible_at)
            self._receive(message)

    def redrive(self) -> int:
        """``python -m infra.admin redrive``: dead letters go back to their queues, counted anew."""
        back, self.dead = self.dead, []
        for message in back:
            message.received, message.parked, message.visible_at = 0, False, self._one.now
            heapq.heappush(self._waiting, message)
        return len(back)

    def _take_in(self) -> None:
        self._one._relay()
        for message in self._one.queue:
            heapq.heappush(
                self._waiting, _Message(self._one.now, next(self._numbers), message.consumer, message.body)
            )
        self._one.queue.clear()

    def _receive(self, message: _Message) -> None:
        message.received += 1
        if message.received > self.limit[message.queue]:
            self.dead.append(message)
            return

        def act(told: BusEvent) -> None:
            consumer_of(message.queue)(self._one.wired, told)

        record = {
            "messageId": str(message.number),
            "receiptHandle": "handle",
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.received)},
        }
        handle = _Handle(message, self._one.now, self.dead)
        wired = self._one.wired
        answer = consume_events(
            {"Records": [record]}, cast("Any", None), handle, wired.attempts, act, giving_up(wired, None)
        )
        if answer["batchItemFailures"]:
            heapq.heappush(self._waiting, message)
