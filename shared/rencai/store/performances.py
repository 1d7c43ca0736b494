"""Work performance, month by month, as the tenant's own scale has it (C3)."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from rencai.domain.events import EventName
from rencai.domain.probation import MonthlyPerformance

from .corrections import Correctable, record
from .table import Item, Key, Table

_PREFIX: Final = "PERFORMANCE#"


def performance_key(employee_id: str, month: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``PERFORMANCE#2026-11``: a month has one."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}{month}")


class Performances:
    """An employee's months. A month can be corrected; the same again changes nothing and tells nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, employee_id: str, performance: MonthlyPerformance, actor: str, now: datetime) -> bool:
        """Put a month on record, or correct it; False when it was so already."""
        told = Correctable(
            performance_key(employee_id, performance.month),
            f"{employee_id}_{performance.month}",
            EventName.PERFORMANCE_RECORDED,
            {"month": performance.month},
            lambda known: _from_item(known) == performance,
            lambda: {"score": performance.score, "out_of": performance.out_of},
        )
        return record(self._table, told, actor, now)

    def of(self, employee_id: str) -> list[MonthlyPerformance]:
        """Every month on record, oldest first."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_PREFIX, consistent=True)
        return [_from_item(item) for item in items]


def _from_item(item: Item) -> MonthlyPerformance:
    return MonthlyPerformance(
        item["sk"].removeprefix(_PREFIX), Decimal(item["score"]), Decimal(item["out_of"])
    )
