"""Circuits: whether a vendor is left alone for a while, known to every function of the tenant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.kernel import ids
from rencai.kernel.events import Event, EventName
from rencai.store.table import Condition, Item, Key, Table, from_instant, instant, to_events


def circuit_key(vendor: str) -> Key:
    """``VENDOR#esign`` / ``CIRCUIT``."""
    return Key(f"VENDOR#{vendor}", "CIRCUIT")


@dataclass(frozen=True, slots=True)
class CircuitState:
    """A circuit as it was read; all zero and None for one that nothing ever happened to.

    ``failures`` in a row. ``openings`` in a row, 0 when it is closed. ``open_until`` is None when it is closed;
    once it is past, one caller may try, whose lease is ``probe_until``. ``outages`` counts how often it went from
    closed to open, ever: it names the event.
    """

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None
    probe_until: datetime | None = None
    outages: int = 0


class Circuits:
    """One small item a vendor, written when something goes wrong and when it is well again."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, vendor: str) -> CircuitState:
        """The circuit, read eventually consistently: 0.5 read units."""
        return _from_item(self._table.get(circuit_key(vendor), consistent=False) or {})

    def count_failure(self, vendor: str) -> CircuitState:
        """One more failure, whoever else counts at the same time; the circuit as it is afterwards."""
        return _from_item(self._table.update(circuit_key(vendor), {}, add={"failures": 1}))

    def open(self, vendor: str, seen: CircuitState, until: datetime, now: datetime) -> CircuitState:
        """Open until ``until``; the first opening of an outage tells ``vendor.unreachable``.

        Raises ``LostRace`` when it is not as ``seen``: another opened or closed it.
        """
        values: dict[str, Any] = {
            "openings": seen.openings + 1,
            "open_until": instant(until),
            # Nobody has tried since; and a time is simpler to compare with than one that may be missing.
            "probe_until": instant(until),
        }
        if seen.open_until is None:
            outages = seen.outages + 1
            event_id = ids.event_id(f"vendor_{vendor}", outages, 0)
            told = Event(event_id, EventName.VENDOR_UNREACHABLE, now, {"vendor": vendor})
            values |= {"outages": outages, "events": to_events([told])}
        return _from_item(self._table.update(circuit_key(vendor), values, _as_seen(seen)))

    def claim_probe(self, vendor: str, seen: CircuitState, until: datetime, now: datetime) -> CircuitState:
        """Become the one caller who tries, until ``until``; raises ``LostRace`` when another is that."""
        as_seen = _as_seen(seen)
        free = Condition(
            f"{as_seen.expression} AND probe_until <= :now",
            values={**as_seen.values, ":now": instant(now)},
        )
        return _from_item(self._table.update(circuit_key(vendor), {"probe_until": instant(until)}, free))

    def close(self, vendor: str, seen: CircuitState) -> CircuitState:
        """Close, and forget the failures; raises ``LostRace`` when it has failed or been opened again meanwhile."""
        closed = CircuitState(outages=seen.outages)
        item = {"failures": closed.failures, "openings": closed.openings, "outages": closed.outages}
        self._table.put(circuit_key(vendor), item, _as_seen(seen))
        return closed


def _as_seen(seen: CircuitState) -> Condition:
    """Open until then, or closed with so many failures."""
    if seen.open_until is not None:
        return Condition("open_until = :seen_until", values={":seen_until": instant(seen.open_until)})
    return Condition(
        "attribute_not_exists(open_until) AND failures = :seen_failures",
        values={":seen_failures": seen.failures},
    )


def _from_item(item: Item) -> CircuitState:
    return CircuitState(
        failures=int(item.get("failures", 0)),
        openings=int(item.get("openings", 0)),
        open_until=_moment(item.get("open_until")),
        probe_until=_moment(item.get("probe_until")),
        outages=int(item.get("outages", 0)),
    )


def _moment(text: str | None) -> datetime | None:
    return from_instant(text) if text else None
