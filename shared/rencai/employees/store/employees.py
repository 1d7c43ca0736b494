"""Employees: who was onboarded, and the profile that came with them (B6); who was brought from another system (F1)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol

from rencai.employees.rules.employee import Employee
from rencai.kernel.errors import LostRace
from rencai.kernel.events import EventName
from rencai.kernel.ids import Ids
from rencai.store.corrections import Correctable
from rencai.store.table import ABSENT, Item, Key, Table, compact, instant

MOVED_AT: Final = "moved_at"
"""The attribute of ``Employee.changed_at``."""
_CONTACT: Final = ("name", "email", "phone")
_COUNTED_BY: Final = ("email", "department", "location", "role")
"""Where a survey finds somebody, and among whom it counts them."""


def employee_key(employee_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``EMPLOYEE``."""
    return Key(f"EMPLOYEE#{employee_id}", "EMPLOYEE")


def number_key(employee_no: str) -> Key:
    """``EMPLOYEE_NO#10086`` / ``EMPLOYEE``: whose number this is, where the number does not make the id."""
    return Key(f"EMPLOYEE_NO#{employee_no}", "EMPLOYEE")


def employee_told(employee: Employee) -> Correctable:
    """An employee about to go on record as another system has them; ``created_at`` stays what it was."""
    return Correctable(
        employee_key(employee.employee_id),
        f"{employee.employee_id}_employee",
        EventName.EMPLOYEE_RECORDED,
        {},
        lambda known: employee_from(employee.employee_id, known) == _since(employee, known),
        lambda known: _to_item(_since(employee, known) if known else employee),
        lambda known, after, now: _kept(employee.employee_id, known, after, now),
    )


def _kept(employee_id: str, known: Item, after: Item, now: datetime) -> tuple[Item, list[tuple[Key, Item]]]:
    """As ``contact_kept``; and since when they are asked, or counted, elsewhere (``Employee.changed_at``)."""
    written, beside = contact_kept(employee_id, known, after, now)
    moved = any((after.get(name) or None) != (known.get(name) or None) for name in _COUNTED_BY)
    return {**written, MOVED_AT: instant(now) if moved else known.get(MOVED_AT)}, beside


def contact_kept(
    employee_id: str, known: Item, after: Item, now: datetime
) -> tuple[Item, list[tuple[Key, Item]]]:
    """``after`` as a file of HR's is about to write it over ``known``, and what is kept of the contact data that this
    replaces: as ``rencai.people`` keeps and reads them, a floor above.
    """
    facts = json.loads(known.get("contact_facts", "[]"))
    changed = [name for name in _CONTACT if (after.get(name) or None) != (known.get(name) or None)]
    if not changed:
        return {**after, "contact_facts": known.get("contact_facts")}, []
    source = str(after.get("batch") or known.get("batch") or "")
    rest = [
        [*said, left] for *said, fields in facts if (left := [one for one in fields if one not in changed])
    ]
    given = [name for name in changed if after.get(name)]
    now_so = [*rest, ["hr", source, round(now.timestamp() * 1000), given]] if given else rest
    before: Item = {name: known.get(name) for name in _CONTACT}
    kept = {
        **before,
        "facts": compact(facts),
        "by": ["hr", source, instant(now)],
        "actor": str(after.get("actor") or "hr"),
        "at": instant(now),
    }
    return {**after, "contact_facts": compact(now_so)}, [(contact_key(employee_id, known["version"]), kept)]


def contact_key(employee_id: str, version: int) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``CONTACT#000003``: the contact data that counted in the employee's third version."""
    return Key(f"EMPLOYEE#{employee_id}", f"CONTACT#{version:06d}")


class Reads(Protocol):
    """What reads items by their keys: the table, or who has read some of them already."""

    def get_all(self, keys: Collection[Key], *, consistent: bool = True) -> Mapping[Key, Item]:
        """The items there are; see ``Table.get_all``."""
        ...


class Employees:
    """The employee file's first page. Where a method takes ``reads``, that stands for the table: what a caller keeps of
    what it has read.
    """

    def __init__(self, table: Table, ids: Ids) -> None:
        self._table = table
        self._ids = ids

    def hire(self, employee: Employee) -> Employee:
        """Put the employee on record. When one is there already, that one stays and is returned."""
        try:
            self._table.put(employee_key(employee.employee_id), {**_to_item(employee), "version": 1}, ABSENT)
        except LostRace:
            return self.get(employee.employee_id) or employee
        return employee

    def get(self, employee_id: str) -> Employee | None:
        """One employee, or None."""
        item = self._table.get(employee_key(employee_id))
        return employee_from(employee_id, item) if item else None

    def get_all(self, employee_ids: Collection[str]) -> dict[str, Employee]:
        """Those of the ids that are employees', 100 a call; each costs what ``get`` does."""
        keys = {employee_key(employee_id): employee_id for employee_id in employee_ids}
        return {keys[key]: employee_from(keys[key], item) for key, item in self._table.get_all(keys).items()}

    def known(
        self, employee_ids: Collection[str], *, reads: Reads | None = None, consistent: bool = True
    ) -> set[str]:
        """Those of the ids that are employees', 100 a call; each costs what ``get`` does, half when not consistent."""
        keys = {employee_key(employee_id): employee_id for employee_id in employee_ids}
        return {keys[key] for key in (reads or self._table).get_all(keys, consistent=consistent)}

    def of_numbers(
        self, numbers: Collection[str], *, reads: Reads | None = None, consistent: bool = True
    ) -> dict[str, str]:
        """The employee ids of the tenant's own numbers, of those that are known.

        A read for a number that makes its employee's id, as most do; another for one that does not. Should two imports
        at once have brought both about, the made id counts.
        """
        found = self.made_by(numbers, reads=reads, consistent=consistent)
        others = [number for number in numbers if number not in found]
        return found | self.pointed_at(others, reads=reads, consistent=consistent)

    def id_of_number(self, number: str) -> str:
        """The employee id that a number makes, whether or not it is an employee's."""
        return self._ids.employee_of_number(number)

    def made_by(
        self, numbers: Collection[str], *, reads: Reads | None = None, consistent: bool = True
    ) -> dict[str, str]:
        """The employee ids that numbers make, of those that are employees'; a read a number."""
        made = {self._ids.employee_of_number(number): number for number in sorted(numbers)}
        known = self.known(made, reads=reads, consistent=consistent)
        return {made[employee_id]: employee_id for employee_id in known}

    def pointed_at(
        self, numbers: Collection[str], *, reads: Reads | None = None, consistent: bool = True
    ) -> dict[str, str]:
        """The employee ids of numbers that make no id, of those that somebody was given; a read a number."""
        pointers = {number_key(number): number for number in sorted(numbers)}
        found = (reads or self._table).get_all(pointers, consistent=consistent)
        return {pointers[key]: str(item["employee_id"]) for key, item in found.items()}


def _since(employee: Employee, known: Item) -> Employee:
    """``employee`` as they are on record of what the other system does not say."""
    created_at = datetime.fromisoformat(known["created_at"])
    return replace(employee, created_at=created_at, phone=employee.phone or known.get("phone"))


def _to_item(employee: Employee) -> Item:
    return {
        "candidate_id": employee.candidate_id,
        "name": employee.name,
        "role": employee.role,
        "location": employee.location,
        "profile_of": employee.profile_of,
        "starts_on": employee.starts_on.isoformat(),
        "created_at": instant(employee.created_at),
        "employee_no": employee.employee_no,
        "department": employee.department,
        "level": employee.level,
        "email": employee.email,
        "phone": employee.phone,
        "locale": employee.locale,
        "left_on": employee.left_on.isoformat() if employee.left_on else None,
    }


def employee_from(employee_id: str, item: Item) -> Employee:
    """The employee whose item this is."""
    left_on = item.get("left_on")
    return Employee(
        employee_id=employee_id,
        candidate_id=item.get("candidate_id"),
        name=item["name"],
        role=item["role"],
        location=item["location"],
        profile_of=item.get("profile_of"),
        starts_on=date.fromisoformat(item["starts_on"]),
        created_at=datetime.fromisoformat(item["created_at"]),
        employee_no=item.get("employee_no"),
        department=item.get("department"),
        level=item.get("level"),
        email=item.get("email"),
        phone=item.get("phone"),
        locale=item.get("locale"),
        left_on=date.fromisoformat(left_on) if left_on else None,
        changed_at=datetime.fromisoformat(item[MOVED_AT]) if MOVED_AT in item else None,
    )
