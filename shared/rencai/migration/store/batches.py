"""What an import writes, and how it is taken back (F1).

An item an import wrote says so (``batch``: ``Written.marker``) until something else writes it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rencai.employees.store.employees import contact_kept, number_key
from rencai.employees.store.signals import answers_partition
from rencai.kernel.errors import DomainError, LostRace
from rencai.kernel.events import EventName
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.store.corrections import Correctable, put_beside, write
from rencai.store.table import Condition, Item, Key, Table

from .objects import Written

_OWN: Final = ("EMPLOYEE", "EVENT#", "CONTACT#")
"""What is on the file of an employee of whom nothing else is known: the employee, where they were reached before, and
what the timeline tells of.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """An item that a row is about. ``told`` says what is to be written, given what is known; it raises ``DomainError``
    when the two do not go together.
    """

    row: int
    key: Key
    told: Callable[[Item | None], Correctable]


def number_target(row: int, employee_no: str, employee_id: str) -> Target:
    """That a number is the employee's, whose id it did not make; raises ``DomainError`` (EMPLOYEE_NO_TAKEN)."""
    key = number_key(employee_no)

    def told(known: Item | None) -> Correctable:
        if known and known["employee_id"] != employee_id:
            raise DomainError(
                MigrationRefusal.EMPLOYEE_NO_TAKEN,
                "employee_no",
                number=employee_no,
                employee=known["employee_id"],
            )
        return Correctable(
            key,
            f"{employee_id}_number",
            EventName.EMPLOYEE_RECORDED,
            {},
            lambda _: True,
            lambda _: {"employee_id": employee_id},
        )

    return Target(row, key, told)


class PartReads:
    """What a part of a file has read: every item once, 100 a call, unless it has to be certain of it.

    What is read eventually consistent, at half the price, may be a moment old. Where that leads to a write, the write's
    condition finds it out (``version``); where it leads to none, for a row is refused or what it says is so already,
    the caller reads once more. ``certain``: it is a part that was tried before, and what that try wrote has to be seen;
    then every read is consistent.
    """

    def __init__(self, table: Table, *, certain: bool) -> None:
        self._table = table
        self._always = certain
        self._found: dict[Key, Item | None] = {}
        self._certain: set[Key] = set()

    def get_all(self, keys: Collection[Key], *, consistent: bool = True) -> dict[Key, Item]:
        """The items there are of ``keys``."""
        consistent = consistent or self._always
        before = self._certain if consistent else self._found
        wanted = [key for key in keys if key not in before]
        if wanted:
            found = self._table.get_all(wanted, consistent=consistent)
            self._found |= {key: found.get(key) for key in wanted}
            if consistent:
                self._certain.update(wanted)
        return {key: item for key in keys if (item := self._found[key])}

    def item(self, key: Key) -> Item | None:
        """An item as it was read last; None: there is none, or nobody looked."""
        return self._found.get(key)


class Batches:
    """Items written by imports."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def known(self, keys: Collection[Key]) -> Mapping[Key, Item]:
        """What there is of ``keys``, 100 a call."""
        return self._table.get_all(keys)

    def reads(self, *, certain: bool) -> PartReads:
        """What a part reads with, from its beginning to its end."""
        return PartReads(self._table, certain=certain)

    def get(self, key: Key) -> Item | None:
        """One item as it is now."""
        return self._table.get(key)

    def write(
        self,
        written: Written,
        told: Correctable,
        *,
        import_id: str,
        actor: str,
        now: datetime,
        silent: bool,
    ) -> None:
        """Write an item over what was there before, which the undo log holds by now; raises ``LostRace``."""
        write(
            self._table,
            told,
            written.before,
            actor,
            now,
            batch=written.marker(import_id),
            silent=silent,
        )

    def has_more(self, key: Key) -> bool:
        """Whether anything else is on the file of an employee than the employee."""
        kind, _, id_ = key.pk.partition("#")
        for pk in (key.pk, answers_partition(id_)) if kind == "EMPLOYEE" else (key.pk,):
            items = self._table.query_all(pk, consistent=True)
            if any(not item["sk"].startswith(_OWN) for item in items):
                return True
        return False

    def restore(self, written: Written, known: Item | None, import_id: str, now: datetime) -> bool:
        """Have an item again as it was before, whose present state is ``known``. False when something else has written
        it since: that stays.

        The version goes on, for events are named by it; the events it told before are not told again. Where an employee
        was reached by what the import said stays on record.
        """
        marker = written.marker(import_id)
        while known and known.get("batch") == marker:
            unchanged = Condition(
                "#batch = :batch AND #version = :version",
                {"#batch": "batch", "#version": "version"},
                {":batch": marker, ":version": known["version"]},
            )
            try:
                if written.before is None:
                    self._table.delete(written.key, unchanged)
                else:
                    before = {**_content(written.before), "version": known["version"] + 1}
                    beside: list[tuple[Key, Item]] = []
                    if written.key.sk == "EMPLOYEE" and written.key.pk.startswith("EMPLOYEE#"):
                        _, beside = contact_kept(written.key.pk.partition("#")[2], known, before, now)
                    put_beside(self._table, written.key, before, unchanged, beside)
            except LostRace:
                known = self._table.get(written.key)
            else:
                return True
        # Restored by a try that was cut short, or written by somebody else?
        return _content(known) == _content(written.before)


def _content(item: Item | None) -> Item:
    return {name: value for name, value in (item or {}).items() if name not in ("version", "events")}
