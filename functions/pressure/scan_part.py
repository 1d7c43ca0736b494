"""A part of a run -> every card of its shards judged, alerts raised, changed and cleared, and its share of the
company's figures. A run that waits for cards comes here as well.

It may be scanned twice, or by two at once: an alert that says so already is not written, and a part counts once.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import chain

from rencai.kernel import ids
from rencai.kernel.errors import DomainError, LostRace
from rencai.platform.observability import logger
from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy
from rencai.pressure.rules.scan import Scan, measured
from rencai.pressure.rules.signals import Alert, Judgement
from rencai.pressure.store.cards import Cards, PressureCard, raw_card
from rencai.pressure.store.scans import Counts, ScanPartResult, ScanRecord, Scans, ScanStatus
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

from .handing import Handing, handing_of
from .scan_messages import ScanPart, ScanWait, message_of


def wait_or_hand_out(wait: ScanWait, *, handing: Handing) -> None:
    """A run has waited: it waits on, or its parts are handed out, unless it is over or a later day's has begun."""
    record = handing.scans.get(wait.scan_id)
    if _goes_on(record, wait, handing.scans):
        handing.go_on(record, wait.waited)


def _goes_on(record: ScanRecord, message: ScanWait | ScanPart, scans: Scans) -> bool:
    """Whether a message is of a run that is still under way. One that comes after a later day's scan has begun is let
    go: what that said of today's cards would be taken back by how they looked on an earlier day.
    """
    if record.run != message.run or record.status is not ScanStatus.RUNNING:
        logger.info("this run is over", extra={"scan_id": message.scan_id, "run": message.run})
        return False
    if scans.overtaken(record.scan_id):
        logger.warning("a later day's scan has begun", extra={"scan_id": message.scan_id, "run": message.run})
        return False
    return True


def scan_a_part(
    part: ScanPart,
    *,
    scans: Scans,
    cards: Cards,
    configurations: Configurations,
    clock: Callable[[], datetime],
) -> None:
    """Scan the part of one message, unless its run is over or a later day's has begun."""
    record = scans.get(part.scan_id)
    if not _goes_on(record, part, scans):
        return
    if part.number not in record.parts_done:
        policy = configurations.of_version(RISK_POLICY, record.policy_version).document
        scans.part_done(record, scan_part(part, record, policy, cards, clock))
    # Also when all were counted before: whoever counted the last may not have lived to finish.
    scans.finish_when_complete(record.scan_id, record.run, clock())


def scan_part(
    part: ScanPart, record: ScanRecord, policy: RiskPolicy, cards: Cards, clock: Callable[[], datetime]
) -> ScanPartResult:
    """Judge the cards of its shards, page by page, and write what changed."""
    scan = Scan(policy, record.day)
    verdicts = _Verdicts(record, policy, cards, clock)
    for page in chain.from_iterable(map(cards.pages, part.shards)):
        judged = dict(scan.judge_all([item["card"]["B"] for item in page]))
        for place, item in enumerate(page):
            # Of most cards nothing speaks of pressure, and nothing did.
            if "alert" in item or place in judged:
                verdicts.settle(raw_card(item), judged.get(place))
    return ScanPartResult(part.number, scan.totals, verdicts.counts)


class _Verdicts:
    """What a run says of cards, written where it is news, and counted whether or not it was this delivery's."""

    def __init__(
        self, record: ScanRecord, policy: RiskPolicy, cards: Cards, clock: Callable[[], datetime]
    ) -> None:
        self._record = record
        self._policy = policy
        self._cards = cards
        self._clock = clock
        self.counts = Counts()

    def settle(self, card: PressureCard, judgement: Judgement | None) -> None:
        """Write what was found of ``card``; lost to somebody who told of the employee, it is judged again, once."""
        try:
            self._settle(card, judgement)
        except LostRace:
            fresh = self._cards.get(card.employee_id)
            if fresh:
                self._settle(fresh, measured(self._policy, fresh.card, self._record.day))

    def _settle(self, card: PressureCard, judgement: Judgement | None) -> None:
        run = self._record.marker
        if (card.alert.judgement if card.alert else None) != judgement:
            card = self._cards.tell(card, self._alert(card, judgement), run, self._clock())
        # Or written by an earlier delivery of this part, which may not have lived to count it.
        self._count(card, card.written_by == run)

    def _alert(self, card: PressureCard, judgement: Judgement | None) -> Alert | None:
        if judgement is None:
            return None
        raised_on = card.alert.raised_on if card.alert else self._record.day
        return Alert(
            ids.alert_id(card.employee_id, raised_on),
            card.employee_id,
            judgement,
            raised_on,
            self._record.scan_id,
            self._record.policy_version,
        )

    def _count(self, card: PressureCard, ours: bool) -> None:
        counts, is_open = self.counts, card.alert is not None
        self.counts = Counts(
            counts.raised + (ours and is_open and card.raised),
            counts.changed + (ours and is_open and not card.raised),
            counts.cleared + (ours and not is_open),
            counts.open + is_open,
        )


def act(wired: Wired, body: str) -> None:
    """The scan's queue calls this."""
    message = message_of(body)
    if isinstance(message, ScanWait):
        wait_or_hand_out(message, handing=handing_of(wired))
        return
    scan_a_part(
        message,
        scans=wired.pressure.scans,
        cards=wired.pressure.cards,
        configurations=wired.configurations,
        clock=wired.clock,
    )


def give_up(wired: Wired, body: str, _: DomainError) -> None:
    """A part that kills whoever scans it."""
    message = message_of(body)
    wired.pressure.scans.given_up(message.scan_id, message.run)


handler = on_message(act, give_up)
