"""Work performance, month by month, as the tenant's own scale has it (C3), with the figures behind it (F6)."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.kernel.events import EventName
from rencai.store.corrections import Check, Correctable, nothing_against, record
from rencai.store.table import Item, Key, Table

_PREFIX: Final = "PERFORMANCE#"
_HISTORY: Final = 25


def performance_key(employee_id: str, month: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``PERFORMANCE#2026-11``: a month has one."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}{month}")


def performance_told(employee_id: str, performance: MonthlyPerformance) -> Correctable:
    """A month about to go on record."""
    return Correctable(
        performance_key(employee_id, performance.month),
        f"{employee_id}_{performance.month}",
        EventName.PERFORMANCE_RECORDED,
        {"month": performance.month},
        lambda known: _from_item(known) == performance,
        lambda _: {
            "score": performance.score,
            "out_of": performance.out_of,
            "metrics": [[one.id, one.value, one.target, one.currency] for one in performance.metrics] or None,
        },
    )


class Performances:
    """An employee's months. A month can be corrected; the same again changes nothing and tells nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(
        self,
        employee_id: str,
        performance: MonthlyPerformance,
        actor: str,
        now: datetime,
        check: Check = nothing_against,
    ) -> bool:
        """Put a month on record, or correct it; False when it was so already."""
        return record(self._table, performance_told(employee_id, performance), actor, now, check)

    def latest(self, employee_id: str, months: int) -> list[MonthlyPerformance]:
        """The latest ``months`` on record, oldest first."""
        items, _ = self._table.query(
            f"EMPLOYEE#{employee_id}", prefix=_PREFIX, limit=months, newest_first=True, consistent=True
        )
        return [_from_item(item) for item in items[::-1]]

    def of(self, employee_id: str) -> list[MonthlyPerformance]:
        """Every month on record, oldest first."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_PREFIX, consistent=True)
        return [_from_item(item) for item in items]

    def history(self, employee_id: str, after: str = "") -> Iterator[tuple[MonthlyPerformance, bool]]:
        """The months after ``after``, oldest first, 25 a read; each with whether an import wrote it."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_PREFIX, after=after, batch=_HISTORY)
        return ((_from_item(item), "batch" in item) for item in items)


def _from_item(item: Item) -> MonthlyPerformance:
    score = item.get("score")
    return MonthlyPerformance(
        item["sk"].removeprefix(_PREFIX),
        Decimal(score) if score is not None else None,
        Decimal(item["out_of"]),
        tuple(_metric(*value) for value in item.get("metrics", ())),
    )


def _metric(id_: str, value: Any, target: Any, currency: str | None) -> Metric:
    return Metric(id_, Decimal(value), Decimal(target) if target is not None else None, currency)
