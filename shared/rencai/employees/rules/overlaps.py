"""Leave that overlaps other leave of the same person: nobody is away twice on one day (F4).

Parts of days fit together where they are on the one day that two leaves share, the last of the one and the first of
the other (or all there is of it), and come to a day at most: a morning and an afternoon, or an afternoon before a week.
Which half of a day a leave takes is not on record; that it takes one, its days say: 0.5, 2.5.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import Leave
from rencai.kernel.errors import Conflict

_LEAST: Final = Decimal("0.05")


def overlapped(told: Leave, others: Iterable[Leave]) -> Leave | None:
    """The first of ``others``, by when they start, that ``told`` has no room beside; None: there is room. Among
    ``others`` may be what is on record of ``told`` itself, and leave that was cancelled.
    """
    if told.cancelled:
        return None
    beside = [
        one
        for one in others
        if one.leave_id != told.leave_id
        and not one.cancelled
        and one.starts_on <= told.ends_on
        and told.starts_on <= one.ends_on
    ]
    taken: dict[date, Decimal] = {}
    for one in sorted(beside, key=lambda one: (one.starts_on, one.leave_id)):
        day = _shared_end(told, one)
        if day is None:
            return one
        taken[day] = taken.get(day, _part(told)) + _part(one)
        if taken[day] > 1:
            return one
    return None


def check_overlaps(told: Leave, others: Iterable[Leave]) -> None:
    """Raises ``Conflict`` (LEAVE_OVERLAPS) with the leave that ``told`` has no room beside."""
    other = overlapped(told, others)
    if other:
        raise Conflict(
            EmployeeRefusal.LEAVE_OVERLAPS,
            "starts_on",
            leave=other.leave_id,
            starts_on=other.starts_on.isoformat(),
            ends_on=other.ends_on.isoformat(),
            days=f"{other.days.normalize():f}",
        )


def is_part_of_a_day(leave: Leave) -> bool:
    """Whether it takes half of its one day or less, so that the day has room for the same once more."""
    return leave.starts_on == leave.ends_on and leave.days * 2 <= 1


def _shared_end(one: Leave, other: Leave) -> date | None:
    """The one day that both have, if it is an end of each and each may take a part of it only."""
    first, last = max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on)
    if first != last or not _part(one) or not _part(other):
        return None
    ends = all(first in (leave.starts_on, leave.ends_on) for leave in (one, other))
    return first if ends else None


def _part(leave: Leave) -> Decimal:
    """The part of a day that is over when whole days are counted; 0: it takes whole days. A twentieth at least counts,
    so that a day has room for twenty.

    >>> from rencai.employees.rules.signals import LeaveKind
    >>> _part(Leave("a", LeaveKind.SICK, date(2026, 3, 2), date(2026, 3, 4), Decimal("2.5")))
    Decimal('0.5')
    """
    part = leave.days % 1
    return max(part, _LEAST) if part else part
