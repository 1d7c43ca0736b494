"""Leave of one file that leaves no room for other leave of it, however far apart the rows are (F1).

The parts of a file are written at once, by several, so what overlaps within it is found out before the first is.
"""

import struct
from bisect import bisect_right, insort
from datetime import date
from decimal import Decimal
from typing import Final

from rencai.employees.rules.overlaps import overlapped
from rencai.employees.rules.signals import Leave, LeaveKind

_PACKED: Final = struct.Struct(">IIII")
_SCALE: Final = 10_000


class Away:
    """Who is on leave when, by the rows so far: some 60 bytes a row, in order of their first days."""

    def __init__(self) -> None:
        self._of: dict[bytes, list[bytes]] = {}

    def overlapped(self, who: bytes, row: int, leave: Leave) -> tuple[int, str, str, str] | None:
        """The row before, of the same person, that leaves no room for ``leave``: see ``CutRow.overlaps``. A leave that
        has room is remembered.
        """
        if leave.cancelled:
            return None
        rows = self._of.setdefault(who, [])
        # Those that have room beside one another share no day but an end, so that who begins later ends later: from the
        # last that begins in time backwards, until one is over before.
        place = bisect_right(rows, _PACKED.pack(leave.ends_on.toordinal() + 1, 0, 0, 0))
        beside: list[tuple[int, Leave]] = []
        while place > 0:
            place -= 1
            number, other = _unpacked(rows[place])
            if other.ends_on < leave.starts_on:
                break
            beside.append((number, other))
            if found := overlapped(leave, [one for _, one in beside]):
                taken = next(number for number, one in beside if one == found)
                days = f"{found.days.normalize():f}"
                return taken, found.starts_on.isoformat(), found.ends_on.isoformat(), days
        insort(rows, _packed(row, leave))
        return None


def _packed(row: int, leave: Leave) -> bytes:
    days = int(leave.days * _SCALE)
    return _PACKED.pack(leave.starts_on.toordinal(), leave.ends_on.toordinal(), row, days)


def _unpacked(packed: bytes) -> tuple[int, Leave]:
    first, last, row, days = _PACKED.unpack(packed)
    # Its row stands for it: of the same leave told twice only the first is here.
    name = f"row-{row}"
    return row, Leave(
        name, LeaveKind.OTHER, date.fromordinal(first), date.fromordinal(last), Decimal(days) / _SCALE
    )
