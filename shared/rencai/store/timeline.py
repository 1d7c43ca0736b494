"""What happened to a candidate or an employee, oldest first: the events, kept by the relay as it publishes them, and
who read what of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rencai.kernel.events import Event, EventName, Subject

from .table import Item, Key, Page, Table, compact, from_cursor, instant, to_cursor

_HISTORY: Final = 25


def event_key(subject: Subject, event: Event) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``EVENT#2026-03-02T01:00:00.000Z#evt_01ABC_3_0``."""
    return Key(f"{subject.kind.upper()}#{subject.id}", f"EVENT#{instant(event.at)}#{event.id}")


class Timeline:
    """A candidate's or an employee's events."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, events: Sequence[tuple[Subject, Event]]) -> None:
        """Keep events, each with whose it is; the same event again writes the same item."""
        self._table.put_all(
            [
                (
                    event_key(subject, event),
                    {"type": event.name, "data": compact(event.data), "actor": event.actor},
                )
                for subject, event in events
            ]
        )

    def viewed(
        self, subject: Subject, name: EventName, data: Mapping[str, Any], actor: str, key: str, now: datetime
    ) -> None:
        """Keep that somebody is about to read what is sealed or personal; ``key`` names the call. Nobody acts on it, so
        it is put here by itself and not published. What cannot be put on record is not shown.
        """
        event = Event(f"evt_{subject.id.partition('_')[2]}_viewed_{key}", name, now, data, actor)
        self.record([(subject, event)])

    def since(self, subject: Subject, at: str) -> Iterator[Item]:
        """Events from an instant on (empty: all), oldest first, 25 a read, as ``page`` has them."""
        return self._table.query_all(
            f"{subject.kind.upper()}#{subject.id}", prefix="EVENT#", after=at, batch=_HISTORY
        )

    def page(self, subject: Subject, limit: int, cursor: str | None) -> Page:
        """Events, oldest first, as items with ``sk``, ``type``, ``data`` (JSON) and ``actor``."""
        items, last = self._table.query(
            f"{subject.kind.upper()}#{subject.id}", prefix="EVENT#", limit=limit, start=from_cursor(cursor)
        )
        return Page(items, to_cursor(last))
