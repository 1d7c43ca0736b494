"""A part of a run -> every card of its shards judged, alerts raised, changed and cleared, and its share of the
company's figures.

It may be scanned twice, or by two at once: an alert that says so already is not written, and a part counts once.
"""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Any

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import LostRace
from rencai.domain.risk import Alert, Judgement, RiskPolicy, Scan, measured
from rencai.platform.consumer import consume
from rencai.platform.observability import logger
from rencai.store.cards import Card, Cards, raw_card
from rencai.store.configurations import Configurations
from rencai.store.scans import Counts, PartResult, ScanRecord, Scans, ScanStatus

from .messages import Part


def scan_a_part(
    body: str,
    *,
    scans: Scans,
    cards: Cards,
    configurations: Configurations,
    clock: Callable[[], datetime],
) -> None:
    """Scan the part of one message; one of a run that is over is let go, and so is one that comes after a later day's
    scan has begun: what that said of today's cards would be taken back by how they looked on an earlier day.
    """
    part = Part(**json.loads(body))
    record = scans.get(part.scan_id)
    if record.run != part.run or record.status is not ScanStatus.RUNNING:
        logger.info("this run is over", extra={"scan_id": part.scan_id, "run": part.run})
        return
    if scans.overtaken(record.scan_id):
        logger.warning("a later day's scan has begun", extra={"scan_id": part.scan_id, "run": part.run})
        return
    if part.number not in record.parts_done:
        policy = configurations.risk_policy(record.policy_version).document
        scans.part_done(record, scan_part(part, record, policy, cards, clock))
    # Also when all were counted before: whoever counted the last may not have lived to finish.
    scans.finish_when_complete(record.scan_id, record.run, clock())


def scan_part(
    part: Part, record: ScanRecord, policy: RiskPolicy, cards: Cards, clock: Callable[[], datetime]
) -> PartResult:
    """Judge the cards of its shards, page by page, and write what changed."""
    scan = Scan(policy, record.day)
    verdicts = _Verdicts(record, policy, cards, clock)
    for page in chain.from_iterable(map(cards.pages, part.shards)):
        judged = dict(scan.judge_all([item["card"]["B"] for item in page]))
        for place, item in enumerate(page):
            # Of most cards nothing speaks of pressure, and nothing did.
            if "alert" in item or place in judged:
                verdicts.settle(raw_card(item), judged.get(place))
    return PartResult(part.number, scan.totals, verdicts.counts)


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

    def settle(self, card: Card, judgement: Judgement | None) -> None:
        """Write what was found of ``card``; lost to somebody who told of the employee, it is judged again, once."""
        try:
            self._settle(card, judgement)
        except LostRace:
            fresh = self._cards.get(card.employee_id)
            if fresh:
                self._settle(fresh, measured(self._policy, fresh.card, self._record.day))

    def _settle(self, card: Card, judgement: Judgement | None) -> None:
        run = self._record.marker
        if (card.alert.judgement if card.alert else None) != judgement:
            card = self._cards.tell(card, self._alert(card, judgement), run, self._clock())
        # Or written by an earlier delivery of this part, which may not have lived to count it.
        self._count(card, card.written_by == run)

    def _alert(self, card: Card, judgement: Judgement | None) -> Alert | None:
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

    def _count(self, card: Card, ours: bool) -> None:
        counts, is_open = self.counts, card.alert is not None
        self.counts = Counts(
            counts.raised + (ours and is_open and card.raised),
            counts.changed + (ours and is_open and not card.raised),
            counts.cleared + (ours and not is_open),
            counts.open + is_open,
        )


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of parts calls this."""

    def act(body: str) -> None:
        scan_a_part(
            body,
            scans=wiring.scans(),
            cards=wiring.cards(),
            configurations=wiring.configurations(),
            clock=wiring.clock,
        )

    return consume(event, context, wiring.queue(), act)
