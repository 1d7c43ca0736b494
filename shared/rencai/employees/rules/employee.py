"""An employee, hired through Rencai or brought from another system (B6, F1)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel.errors import DomainError

_EARLIEST: Final = date(1950, 1, 1)
_AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Employee:
    """A person employed. ``profile_of`` is the interview whose competency profile goes with them; it and
    ``candidate_id`` are None for who was not hired through Rencai.

    ``employee_no`` is the tenant's own number (工号), ``level`` one of the career ladder's, ``left_on`` the last day.
    ``email`` and ``locale`` are where and how to write to them, ``phone`` where to call: what was pinned with the
    offer, or what HR's systems say, until HR says otherwise.
    """

    employee_id: str
    name: str
    role: str
    location: str
    starts_on: date
    created_at: datetime
    candidate_id: str | None = None
    profile_of: str | None = None
    employee_no: str | None = None
    department: str | None = None
    level: str | None = None
    email: str | None = None
    phone: str | None = None
    locale: str | None = None
    left_on: date | None = None
    changed_at: datetime | None = field(default=None, compare=False)
    """When a file, or a correction, last gave them another e-mail address or group of a survey; None: never."""

    def works_on(self, day: date) -> bool:
        """Whether ``day`` is not after the last one; who has not begun yet counts as well."""
        return self.left_on is None or day <= self.left_on


def check_first_day(starts_on: date, today: date) -> None:
    """Raises ``DomainError`` (FIRST_DAY_OUT_OF_RANGE) for a first day that is a slip: long ago, or far ahead."""
    latest = today + _AHEAD
    if not _EARLIEST <= starts_on <= latest:
        limits = {"earliest": _EARLIEST.isoformat(), "latest": latest.isoformat()}
        raise DomainError(EmployeeRefusal.FIRST_DAY_OUT_OF_RANGE, "starts_on", **limits)
