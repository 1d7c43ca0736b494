"""How the parts of a run are handed out: when the cards that wait are made, or it has waited long enough."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from rencai.platform.observability import logger
from rencai.pressure.store.scans import ScanRecord, Scans
from rencai.wiring import Wired

from .scan_messages import ScanPart, ScanWait

AT_ONCE: Final = 8
"""Shards a part: four parts a night, of some fifteen seconds each for a million employees."""
WAITS_AT_MOST: Final = 1800
"""Seconds that a scan waits for cards. What is not made by then is stuck, or more than a night should wait for."""


@dataclass(frozen=True, slots=True)
class Handing:
    """Hands out the parts of a run, at once or after it has waited. ``behind``: how many messages wait to be made
    cards; ``send`` puts a message on the scan's own queue, to come after so many seconds.
    """

    scans: Scans
    shards: int
    behind: Callable[[], int]
    send: Callable[[ScanPart | ScanWait, int], None]

    @property
    def groups(self) -> list[range]:
        """The shards of each part."""
        return [range(first, min(first + AT_ONCE, self.shards)) for first in range(0, self.shards, AT_ONCE)]

    def go_on(self, record: ScanRecord, waited: int) -> None:
        """Wait once more, or hand the parts out. Done twice it hands the same ones out again, which count once."""
        if not record.handed_out:
            behind = self.behind()
            waits = behind > 0 and waited < WAITS_AT_MOST
            self.scans.seen(record, behind, None if waits else waited)
            logger.info("cards behind", extra={"scan_id": record.scan_id, "behind": behind, "waited": waited})
            if waits:
                delay = _next_look(waited)
                self.send(ScanWait(record.scan_id, record.run, waited + delay), delay)
                return
        for number, group in enumerate(self.groups):
            self.send(ScanPart(record.scan_id, record.run, number, tuple(group)), 0)


def _next_look(waited: int) -> int:
    """Seconds to the next look: soon at first, for mostly a card or two is being made; a minute at most.

    >>> [_next_look(waited) for waited in (0, 5, 10, 40, 80, 1790)]
    [5, 5, 10, 40, 60, 10]
    """
    return min(max(waited, 5), 60, WAITS_AT_MOST - waited)


def handing_of(wired: Wired) -> Handing:
    """How the functions of the scan hand out."""
    outbox = wired.outbox("SCAN_QUEUE_URL")
    return Handing(
        wired.pressure.scans,
        wired.pressure.cards.shards,
        wired.backlog("CARD_QUEUE_URL").waiting,
        lambda message, delay: outbox.send(asdict(message), delay_seconds=delay),
    )
