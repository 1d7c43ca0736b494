"""Employees: who was onboarded, and the profile that came with them (B6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from rencai.domain.errors import LostRace

from .table import ABSENT, Key, Table, instant


def employee_key(employee_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``EMPLOYEE``."""
    return Key(f"EMPLOYEE#{employee_id}", "EMPLOYEE")


@dataclass(frozen=True, slots=True)
class Employee:
    """A person hired; ``profile_of`` names the interview whose competency profile goes with them."""

    employee_id: str
    candidate_id: str
    name: str
    role: str
    location: str
    profile_of: str
    starts_on: date
    created_at: datetime


class Employees:
    """The employee file's first page."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def hire(self, employee: Employee) -> Employee:
        """Put the employee on record. When one is there already, that one stays and is returned."""
        key = employee_key(employee.employee_id)
        item = {
            "candidate_id": employee.candidate_id,
            "name": employee.name,
            "role": employee.role,
            "location": employee.location,
            "profile_of": employee.profile_of,
            "starts_on": employee.starts_on.isoformat(),
            "created_at": instant(employee.created_at),
        }
        try:
            self._table.put(key, item, ABSENT)
        except LostRace:
            return self.get(employee.employee_id) or employee
        return employee

    def get(self, employee_id: str) -> Employee | None:
        """One employee, or None."""
        item = self._table.get(employee_key(employee_id))
        if item is None:
            return None
        return Employee(
            employee_id=employee_id,
            candidate_id=item["candidate_id"],
            name=item["name"],
            role=item["role"],
            location=item["location"],
            profile_of=item["profile_of"],
            starts_on=date.fromisoformat(item["starts_on"]),
            created_at=datetime.fromisoformat(item["created_at"]),
        )

    def known(self, employee_ids: Collection[str]) -> set[str]:
        """Those of the ids that are employees', 100 a call; each costs what ``get`` does."""
        keys = {employee_key(employee_id): employee_id for employee_id in employee_ids}
        return {keys[key] for key in self._table.get_all(keys)}
