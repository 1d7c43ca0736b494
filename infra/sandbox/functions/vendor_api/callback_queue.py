"""Callbacks on their way to the queue, and the faults that strike them there: late, twice, out of order, never."""

from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from vendor_contract.callback import Callback
from vendor_contract.faults import FaultBook
from vendor_contract.tally import Outcome, Tally

LONGEST_DELAY_SECONDS: Final = 900
"""What SQS allows."""
REORDERED_TOGETHER: Final = 4
REORDER_STEP_SECONDS: Final = 3


class QueueClient(Protocol):
    """The one call used of the SQS client."""

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803  boto3's own spelling, here and below
        MessageBody: str,  # noqa: N803
        DelaySeconds: int,  # noqa: N803
    ) -> Any: ...


def held_back(place: int) -> int:
    """Seconds that the callback at a place (from 1) waits: 9, 6, 3, 0, 9 ... Four of quick succession, each less than
    three seconds after the one before, leave last first.
    """
    return (REORDERED_TOGETHER - 1 - (place - 1) % REORDERED_TOGETHER) * REORDER_STEP_SECONDS


@dataclass(frozen=True, slots=True)
class CallbackQueue:
    client: QueueClient
    url: str
    faults: FaultBook
    tally: Tally

    def put(self, callback: Callback, delay_seconds: int) -> None:
        """Queues a callback to leave after `delay_seconds` and what its vendor's faults add, 900 s at the most.

        Whether an event is kept silent hangs on the event alone: asked again, the same ones are.
        """
        fault = self.faults.read(callback.vendor, callback.said())
        if fault.draw("silence", callback.webhook_id) < fault.silence:
            self.tally.add(callback.vendor, [Outcome.SILENCED])
            return
        delay_seconds += fault.delay_seconds
        if fault.reorder:
            delay_seconds += held_back(self.faults.next_place(callback.vendor))
        for copy in range(1 + fault.duplicate):
            # One by one: for a batch the embedded stack wants a permission that AWS does not know.
            self.client.send_message(
                QueueUrl=self.url,
                MessageBody=replace(callback, copy=copy).to_message(),
                DelaySeconds=min(delay_seconds, LONGEST_DELAY_SECONDS),
            )
