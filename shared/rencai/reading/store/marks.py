"""Marks of readings: all of them in the partition of whom they are about, the newest of each reading on a list."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from rencai.kernel import ids as kernel_ids
from rencai.kernel.errors import CommonRefusal, Conflict, LostRace
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids
from rencai.reading.rules.marks import Judged, Mark, MarkKind, Place, Shown
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Item,
    Key,
    Table,
    compact,
    decided,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
    version_is,
)

_FIELD: Final = "reading_mark"
_OWNERS: Final = {MarkKind.COMPETENCY: "CANDIDATE", MarkKind.MENTOR: "EMPLOYEE"}
_A_TIME: Final = 100


def mark_key(kind: MarkKind, owner: str, mark_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``MARK#mrk_01ABC``: one mark, which stays as it is."""
    return Key(f"{_OWNERS[kind]}#{owner}", f"MARK#{mark_id}")


def marked_key(place: Place, digest: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``MARKED#01ABC``: which mark of a reading, named by ``digest``, is the newest."""
    return Key(f"{_OWNERS[place.kind]}#{place.owner}", f"MARKED#{digest}")


def listed_as(kind: MarkKind) -> str:
    """``MARKS#competency``: the list of the newest marks, by time."""
    return f"MARKS#{kind.value}"


@dataclass(frozen=True, slots=True)
class Marker:
    """Who marks, and their note. ``request`` names the call, so that it marks once; ``asked`` is a digest of it."""

    actor: str
    request: str
    asked: str
    note: str | None = None


class Marks:
    """The marks on record. ``vault`` and ``ids`` are asked for when something is sealed, opened or named."""

    def __init__(self, table: Table, vault: Callable[[], Vault], ids: Callable[[], Ids]) -> None:
        self._table = table
        self._vault = vault
        self._ids = ids

    def put(
        self,
        place: Place,
        right: str,
        shown: Shown | None,
        words: str,
        by: Marker,
        now: datetime,
    ) -> Mark:
        """Mark a reading, with the ``words`` and the note sealed; an earlier mark of it is replaced and stays on
        record. The same request again finds its mark. Raises ``Conflict`` (KEY_REUSED) when it said otherwise before.
        """
        mark_id = self._ids().mark_id(place.owner, by.request)
        known = self.find(place.kind, place.owner, mark_id, by.asked)
        if known:
            return known
        mark = Mark(mark_id, place, right, shown, by.actor, from_instant(instant(now)))
        sealed = self._vault().seal(compact([words, by.note]), owner=place.owner, field=_FIELD)
        newest = marked_key(place, self._ids().digest("reading", place.kind, *place.parts))
        return decided(lambda: self._put(mark, sealed, by.asked, newest))

    def find(self, kind: MarkKind, owner: str, mark_id: str, asked: str) -> Mark | None:
        """One mark, if there is one; raises ``Conflict`` (KEY_REUSED) for one that was asked for otherwise."""
        item = self._table.get(mark_key(kind, owner, mark_id))
        if item is None:
            return None
        if item["asked"] != asked:
            raise Conflict(CommonRefusal.KEY_REUSED, "Idempotency-Key")
        return _from_item(item)

    def page(self, kind: MarkKind, limit: int, cursor: str | None) -> tuple[list[Mark], str | None]:
        """The newest mark of each reading, newest first, and where to go on."""
        items, last = self._table.query(
            listed_as(kind), limit=limit, start=from_cursor(cursor), newest_first=True, index=LISTS_INDEX
        )
        return [_from_item(item) for item in self._whole(items)], to_cursor(last)

    def of(self, kind: MarkKind, owner: str) -> list[Mark]:
        """Every mark about somebody, the replaced ones among them, newest first."""
        key = mark_key(kind, owner, "")
        found = map(_from_item, self._table.query_all(key.pk, prefix=key.sk))
        return sorted(found, key=lambda mark: (mark.at, mark.mark_id), reverse=True)

    def judging(self, kind: MarkKind) -> Iterator[tuple[Mark, Judged]]:
        """The newest mark of each reading with what it judges by, newest first; opening each is on KMS's record."""
        start: dict[str, Any] | None = None
        while True:
            items, start = self._table.query(
                listed_as(kind), limit=_A_TIME, start=start, newest_first=True, index=LISTS_INDEX
            )
            for item in self._whole(items):
                mark = _from_item(item)
                opened = self._vault().open(item["judged"], owner=mark.place.owner, field=_FIELD)
                yield mark, Judged(*json.loads(opened))
            if start is None:
                return

    def _whole(self, listed: Sequence[Item]) -> list[Item]:
        keys = [Key(item["pk"], f"MARK#{item['gsi1sk'].partition('#')[2]}") for item in listed]
        found = self._table.get_all(keys) if keys else {}
        # The list is a moment behind: of somebody erased just now nothing is left.
        return [found[key] for key in keys if key in found]

    def _put(self, mark: Mark, sealed: Sealed, asked: str, newest: Key) -> Mark:
        before = self._table.get(newest)
        version = (before["version"] if before else 0) + 1
        mark = replace(mark, replaces=before["mark_id"] if before else None)
        kind = mark.place.kind
        event = Event(
            kernel_ids.event_id(mark.mark_id, 1, 0),
            EventName.READING_MARKED,
            mark.at,
            {"mark_id": mark.mark_id, "kind": kind.value},
            mark.actor,
        )
        item = {**_to_item(mark), "judged": sealed, "asked": asked, "events": to_events([event])}
        pointer = {
            "mark_id": mark.mark_id,
            "version": version,
            "gsi1pk": listed_as(kind),
            "gsi1sk": f"{instant(mark.at)}#{mark.mark_id}",
        }
        key = mark_key(kind, mark.place.owner, mark.mark_id)
        try:
            self._table.transact(
                self._table.put_action(key, item, ABSENT),
                self._table.put_action(newest, pointer, version_is(version - 1)),
            )
        except LostRace:
            known = self.find(kind, mark.place.owner, mark.mark_id, asked)
            if known is None:
                raise
            return known
        return mark


def _to_item(mark: Mark) -> Item:
    shown = mark.shown
    return {
        "kind": mark.place.kind.value,
        "parts": list(mark.place.parts),
        "right": mark.right,
        "shown": compact([str(shown.certainty), shown.sure, shown.reader, shown.level]) if shown else None,
        "actor": mark.actor,
        "marked_at": instant(mark.at),
        "replaces": mark.replaces,
    }


def _from_item(item: Item) -> Mark:
    place = Place(MarkKind(item["kind"]), item["pk"].partition("#")[2], tuple(item["parts"]))
    return Mark(
        item["sk"].removeprefix("MARK#"),
        place,
        item["right"],
        _shown(json.loads(item["shown"])) if "shown" in item else None,
        item["actor"],
        from_instant(item["marked_at"]),
        item.get("replaces"),
    )


def _shown(value: Sequence[Any]) -> Shown:
    certainty, sure, reader, level = value
    return Shown(Decimal(certainty), sure, tuple(reader) if reader else None, level)
