"""Work performance, month by month, as the tenant's own scale has it (C3)."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from rencai.domain import ids
from rencai.domain.errors import LostRace
from rencai.domain.events import Event, EventName
from rencai.domain.probation import MonthlyPerformance

from .table import Item, Key, Table, instant, to_events, version_is

_PREFIX: Final = "PERFORMANCE#"


def performance_key(employee_id: str, month: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``PERFORMANCE#2026-11``: a month has one."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}{month}")


class Performances:
    """An employee's months. A month can be corrected; the same again changes nothing and tells nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, employee_id: str, performance: MonthlyPerformance, actor: str, now: datetime) -> bool:
        """Put a month on record, or correct it; False when it was so already. A lost race is decided again."""
        try:
            return self._record(employee_id, performance, actor, now)
        except LostRace:
            return self._record(employee_id, performance, actor, now)

    def of(self, employee_id: str) -> list[MonthlyPerformance]:
        """Every month on record, oldest first."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_PREFIX, consistent=True)
        return [_from_item(item) for item in items]

    def _record(self, employee_id: str, performance: MonthlyPerformance, actor: str, now: datetime) -> bool:
        key = performance_key(employee_id, performance.month)
        known = self._table.get(key)
        if known and _from_item(known) == performance:
            return False
        version = (known["version"] if known else 0) + 1
        event = Event(
            ids.event_id(f"{employee_id}_{performance.month}", version, 0),
            EventName.PERFORMANCE_RECORDED,
            now,
            {"month": performance.month},
            actor,
        )
        item = {
            "score": performance.score,
            "out_of": performance.out_of,
            "recorded_at": instant(now),
            "actor": actor,
            "version": version,
            "events": to_events([event]),
        }
        self._table.put(key, item, version_is(version - 1))
        return True


def _from_item(item: Item) -> MonthlyPerformance:
    return MonthlyPerformance(
        item["sk"].removeprefix(_PREFIX), Decimal(item["score"]), Decimal(item["out_of"])
    )
