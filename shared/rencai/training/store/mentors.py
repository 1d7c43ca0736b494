"""Who mentors an employee, by item, and what they marked by link: in a partition of its own, since whoever may put
into a partition may put anything there, and the page that takes marks is open to all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import event_id
from rencai.store.sealed import Vault
from rencai.store.table import Item, Key, Table, decided, from_instant, instant, to_events, version_is
from rencai.training.rules.mentor_links import Entered, Mentor

_FIELD: Final = "mentor"


def mentor_key(employee_id: str, item_id: str) -> Key:
    """``MENTOR#emp_01ABC`` / ``ITEM#negotiation-101``: who mentors the employee in an item of the plan."""
    return Key(f"MENTOR#{employee_id}", f"ITEM#{item_id}")


def mark_key(employee_id: str, item_id: str) -> Key:
    """``MENTOR#emp_01ABC`` / ``MARK#negotiation-101``: what the mentor marked last by link."""
    return Key(f"MENTOR#{employee_id}", f"MARK#{item_id}")


@dataclass(frozen=True, slots=True)
class Mentoring:
    """An item's mentor: the ``number``-th who was named, asked ``reminded`` times by HR; ``course`` is what the item is
    called, by language. ``language`` is the mentor's. None of it is who the mentor is.
    """

    employee_id: str
    item_id: str
    number: int
    reminded: int
    language: str
    course: Mapping[str, str]
    version: int


@dataclass(frozen=True, slots=True)
class MarkOnRecord:
    """What a mentor sent by link last, and when."""

    number: int
    entered: Entered
    at: datetime
    version: int


class Mentors:
    """Mentors and their marks; names, addresses and words are sealed."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def find(self, employee_id: str, item_id: str) -> Mentoring | None:
        """Whether an item has a mentor, and how they are asked."""
        item = self._table.get(mentor_key(employee_id, item_id))
        return _mentoring(employee_id, item_id, item) if item else None

    def who(self, employee_id: str, item_id: str) -> Mentor | None:
        """The item's mentor."""
        item = self._table.get(mentor_key(employee_id, item_id))
        return self._mentor(employee_id, item) if item else None

    def name(
        self,
        employee_id: str,
        item_id: str,
        mentor: Mentor,
        course: Mapping[str, str],
        actor: str,
        now: datetime,
    ) -> Mentoring:
        """Name an item's mentor; links of one before are good no more. The same again changes nothing."""
        return decided(lambda: self._name(employee_id, item_id, mentor, course, actor, now))

    def remind(self, known: Mentoring, actor: str, now: datetime) -> Mentoring:
        """Have the invitation sent now, whether or not it was; raises ``LostRace``."""
        item = self._table.get(mentor_key(known.employee_id, known.item_id)) or {}
        after = replace(known, reminded=known.reminded + 1, version=known.version + 1)
        self._put(after, item["mentor"], EventName.MENTOR_REMINDED, actor, now)
        return after

    def mark(
        self,
        employee_id: str,
        item_id: str,
        number: int,
        entered: Entered,
        digests: Sequence[str],
        now: datetime,
    ) -> None:
        """Put what the ``number``-th mentor sent on record, in place of what was sent before, unless that was the same
        by one of its ``digests``, of which the first is kept: HR may have answered since. Raises ``LostRace`` when the
        same is sent from somewhere else at this moment.
        """
        key = mark_key(employee_id, item_id)
        known = self._table.get(key)
        if known and known.get("digest") in digests:
            return
        version = known["version"] if known else 0
        words = entered.words
        told = Event(
            event_id(f"{employee_id}_mark_{item_id}", version + 1, 0),
            EventName.MENTOR_RATED,
            now,
            {"item_id": item_id, "number": number},
            "mentor",
        )
        item = {
            "number": number,
            "level": entered.level,
            "words": self._vault.seal(words, owner=employee_id, field="review") if words else None,
            "digest": digests[0],
            "at": instant(now),
            "version": version + 1,
            "events": to_events([told]),
        }
        self._table.put(key, item, version_is(version))

    def marked(self, employee_id: str, item_id: str) -> MarkOnRecord | None:
        """What the item's mentor sent last."""
        item = self._table.get(mark_key(employee_id, item_id))
        if item is None:
            return None
        words = item.get("words")
        opened = self._vault.open(words, owner=employee_id, field="review") if words else None
        entered = Entered(item["level"], opened)
        return MarkOnRecord(item["number"], entered, from_instant(item["at"]), item["version"])

    def _name(
        self,
        employee_id: str,
        item_id: str,
        mentor: Mentor,
        course: Mapping[str, str],
        actor: str,
        now: datetime,
    ) -> Mentoring:
        item = self._table.get(mentor_key(employee_id, item_id))
        known = _mentoring(employee_id, item_id, item) if item else None
        if item and known and self._mentor(employee_id, item) == mentor:
            return known
        number, version = (known.number, known.version) if known else (0, 0)
        after = Mentoring(employee_id, item_id, number + 1, 0, mentor.language, course, version + 1)
        said = json.dumps(
            [mentor.name, mentor.language, mentor.employee_id, mentor.email], ensure_ascii=False
        )
        sealed = self._vault.seal(said, owner=employee_id, field=_FIELD)
        self._put(after, sealed, EventName.MENTOR_NAMED, actor, now)
        return after

    def _put(self, after: Mentoring, sealed: Any, name: EventName, actor: str, now: datetime) -> None:
        told = Event(
            event_id(f"{after.employee_id}_mentor_{after.item_id}", after.version, 0),
            name,
            now,
            {"item_id": after.item_id, "number": after.number},
            actor,
        )
        item = {
            "mentor": sealed,
            "number": after.number,
            "reminded": after.reminded,
            "language": after.language,
            "course": dict(after.course),
            "version": after.version,
            "events": to_events([told]),
        }
        self._table.put(mentor_key(after.employee_id, after.item_id), item, version_is(after.version - 1))

    def _mentor(self, employee_id: str, item: Item) -> Mentor:
        said = json.loads(self._vault.open(item["mentor"], owner=employee_id, field=_FIELD))
        return Mentor(*said)


def _mentoring(employee_id: str, item_id: str, item: Item) -> Mentoring:
    return Mentoring(
        employee_id,
        item_id,
        item["number"],
        item["reminded"],
        item["language"],
        item["course"],
        item["version"],
    )
