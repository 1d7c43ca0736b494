"""How often whoever had a message died with it: the queue counts receipts, and does not know which of them ended.

Nothing is kept of a message that is done at its first receipt, which is nearly all of them.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from rencai.kernel import ids
from rencai.kernel.errors import LostRace
from rencai.kernel.events import Event, EventName, Subject

from .table import ABSENT, Key, Table, to_events

KEPT: Final = timedelta(days=15)
"""A message is on its queue for 14 days at most."""


def attempts_key(message_id: str) -> Key:
    """``ATTEMPTS#<SQS message id>`` / ``ATTEMPTS``."""
    return Key(f"ATTEMPTS#{message_id}", "ATTEMPTS")


def given_up_key(message_id: str, subject: Subject) -> Key:
    """``ATTEMPTS#<SQS message id>`` / ``candidate#cand_01ABC``: tells of the subject that work on it was given up."""
    return Key(f"ATTEMPTS#{message_id}", f"{subject.kind}#{subject.id}")


class Attempts:
    """A message's receipts, from the second on: begun, and ended - done, or put back with a back-off of ours."""

    def __init__(self, table: Table, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock

    def begun(self, message_id: str) -> int:
        """A message that was received before is begun again. How many receipts have ended with neither: the process
        died of memory or time, or the message was received and never begun, which can be said of the first only.
        """
        item = self._table.update(
            attempts_key(message_id), {"forget_at": self._forget_at()}, add={"begun": 1}
        )
        # The first receipt is taken as begun, for it leaves no trace, and this one is in the count: they even out.
        return int(item["begun"]) - int(item.get("ended", 0))

    def ended(self, message_id: str) -> None:
        """A receipt has come to an end, well or with a back-off."""
        self._table.update(attempts_key(message_id), {"forget_at": self._forget_at()}, add={"ended": 1})

    def given_up(self, message_id: str, subject: Subject, event: EventName, by: str) -> None:
        """Have it told (``work.abandoned``) that what follows from ``event`` was given up ``by`` a queue's function;
        once for a message, however often it is said.
        """
        now = self._clock()
        told = Event(
            ids.event_id(f"{subject.id}_{message_id}", 1, 0),
            EventName.WORK_ABANDONED,
            now,
            {"event": event.value, "by": by},
        )
        item = {"events": to_events([told]), "forget_at": self._forget_at()}
        with suppress(LostRace):  # told already
            self._table.put(given_up_key(message_id, subject), item, ABSENT)

    def _forget_at(self) -> int:
        return int((self._clock() + KEPT).timestamp())
