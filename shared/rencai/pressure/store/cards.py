"""What the nightly scan reads (F4): a compact card an employee, by shard; with the alert about them, if there is one.

A card is a copy: it is made anew from the employee's file whenever something is told of them. The alert lives on it, so
that the scan knows what it said before without another read, and writes only what changed.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.events import Event, EventName
from rencai.pressure.rules.policy import RiskLevel
from rencai.pressure.rules.signals import Alert, Judgement, from_values, to_values
from rencai.store.table import (
    Item,
    Key,
    Table,
    compact,
    to_events,
    version_is,
)

SHARDS: Final = 32
"""Partitions the cards are spread over: a million employees are some 31,000 cards, 4 MB, each."""

_PAGE: Final = 2000
"""Cards a page, some 300 KB: memory does not grow with the company, and half a read unit more for a page is little."""

MOST_URGENT_FIRST: Final = (RiskLevel.RED, RiskLevel.ORANGE, RiskLevel.YELLOW)


def shard_of(employee_id: str, shards: int = SHARDS) -> int:
    """Which shard an employee's card is in, for good."""
    return int.from_bytes(hashlib.sha256(employee_id.encode()).digest()[:4], "big") % shards


def card_key(employee_id: str, shards: int = SHARDS) -> Key:
    """``CARDS#07`` / ``emp_01ABC``."""
    return Key(f"CARDS#{shard_of(employee_id, shards):02}", employee_id)


@dataclass(frozen=True, slots=True)
class PressureCard:
    """A card as it was read. ``card`` is what ``make_card`` made; ``alert`` is the open one, None: none is.
    ``written_by`` is the run of the scan that raised, changed or cleared it last, None: there never was one;
    ``raised``: that run raised it.
    """

    employee_id: str
    card: bytes
    version: int
    alert: Alert | None = None
    written_by: str | None = None
    raised: bool = False


class Cards:
    """Employees' cards and alerts."""

    def __init__(self, table: Table, shards: int = SHARDS) -> None:
        self._table = table
        self.shards = shards

    def get(self, employee_id: str) -> PressureCard | None:
        """One card, or None."""
        item = self._table.get(card_key(employee_id, self.shards))
        return _from_item(item) if item else None

    def pages(self, shard: int) -> Iterator[list[dict[str, Any]]]:
        """A shard's cards, page by page, in DynamoDB's own form: what the scan does not look at is not made.

        0.5 read units for 4 KB; eventually consistent, so what is told this very second is seen the next night.
        """
        return self._table.raw_pages(f"CARDS#{shard:02}", _PAGE)

    def employee_ids(self, shard: int) -> Iterator[str]:
        """Whose cards are in a shard."""
        for page in self.pages(shard):
            for item in page:
                yield item["sk"]["S"]

    def replace(self, before: PressureCard | None, employee_id: str, card: bytes) -> None:
        """Write the card made anew over ``before``; the alert stays. Raises ``LostRace`` when that is no longer so."""
        version = before.version if before else 0
        after = replace(before or PressureCard(employee_id, card, 0), card=card, version=version + 1)
        self._table.put(card_key(employee_id, self.shards), to_item(after, []), version_is(version))

    def remove(self, before: PressureCard) -> None:
        """Take away the card of who is no employee; raises ``LostRace`` when it is no longer ``before``."""
        self._table.delete(card_key(before.employee_id, self.shards), version_is(before.version))

    def tell(self, before: PressureCard, alert: Alert | None, run: str, now: datetime) -> PressureCard:
        """Write what a run of the scan found of ``before``, and return it; None clears the alert. Raises ``LostRace``
        when something was told of the employee in the meantime. An alert whose level stays is written without an event.
        """
        told = alert or before.alert
        name = _event_name(before.alert, alert)
        raised = before.alert is None or (before.raised and before.written_by == run)
        after = PressureCard(before.employee_id, before.card, before.version + 1, alert, run, raised)
        events = []
        if told and name:
            data = {"alert_id": told.alert_id, "level": told.judgement.level.value}
            aggregate = f"{before.employee_id}_card"
            events = [Event(ids.event_id(aggregate, after.version, 0), name, now, data)]
        self._table.put(
            card_key(before.employee_id, self.shards), to_item(after, events), version_is(before.version)
        )
        return after

    def alert(self, alert_id: str) -> Alert | None:
        """The alert, while it is open."""
        card = self.get(ids.employee_of_alert(alert_id))
        return card.alert if card and card.alert and card.alert.alert_id == alert_id else None

    def alerts(
        self, level: RiskLevel | None, limit: int, cursor: str | None
    ) -> tuple[list[Alert], str | None]:
        """A page of open alerts, the most urgent first and of those the oldest; and where to go on."""
        found, following = self._table.page_of_lists(
            {one.value: f"RISK#{one}" for one in ([level] if level else MOST_URGENT_FIRST)},
            limit,
            cursor,
            lambda _, items: items,
        )
        # The list is a moment behind the cards, and what it shows is read from them.
        cards = self._table.get_all([Key(item["pk"], item["sk"]) for item in found])
        alerts = [
            _from_item(cards[key]).alert for item in found if (key := Key(item["pk"], item["sk"])) in cards
        ]
        return [alert for alert in alerts if alert], following


def raw_card(item: dict[str, Any]) -> PressureCard:
    """A card of ``Cards.pages``."""
    told = item.get("alert")
    return _card(item["sk"]["S"], item["card"]["B"], int(item["version"]["N"]), told["S"] if told else None)


def _event_name(before: Alert | None, after: Alert | None) -> EventName | None:
    if after is None:
        return EventName.ALERT_CLEARED if before else None
    if before is None:
        return EventName.ALERT_RAISED
    return EventName.ALERT_CHANGED if before.judgement.level is not after.judgement.level else None


def to_item(card: PressureCard, events: Sequence[Event]) -> Item:
    """A card as it is in the table, but for its key."""
    alert = card.alert
    return {
        "card": card.card,
        "version": card.version,
        "alert": compact([card.written_by, int(card.raised), *(_from_alert(alert) if alert else ())])
        if card.written_by
        else None,
        "gsi1pk": f"RISK#{alert.judgement.level.value}" if alert else None,
        "gsi1sk": f"{alert.raised_on}#{card.employee_id}" if alert else None,
        "events": to_events(events),
    }


def _from_item(item: Item) -> PressureCard:
    return _card(item["sk"], item["card"], item["version"], item.get("alert"))


def _card(employee_id: str, card: bytes, version: int, told: str | None) -> PressureCard:
    if told is None:
        return PressureCard(employee_id, card, version)
    written_by, raised, *alert = json.loads(told)
    found = _to_alert(employee_id, *alert) if alert else None
    return PressureCard(employee_id, card, version, found, written_by, bool(raised))


def _from_alert(alert: Alert) -> tuple[Any, ...]:
    judgement = alert.judgement
    signals = [to_values(signal) for signal in judgement.signals]
    return alert.raised_on.isoformat(), alert.scan_id, alert.policy_version, judgement.level.value, signals


def _to_alert(
    employee_id: str, raised_on: str, scan_id: str, policy_version: int, level: str, signals: list[list[Any]]
) -> Alert:
    day = date.fromisoformat(raised_on)
    judgement = Judgement(RiskLevel(level), tuple(from_values(values) for values in signals))
    return Alert(ids.alert_id(employee_id, day), employee_id, judgement, day, scan_id, policy_version)
