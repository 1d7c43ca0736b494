"""What the company is like (F4): sums that can be added in any order and from any shard, and the means they come to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from .card import HUNDREDTH, month_of_number, unscaled


class Totals:
    """What some of the company's employees add up to; the sums of several, in any order, are those of all of them."""

    __slots__ = (
        "employees", "hours", "leave_days", "leave_times", "metrics", "overtime", "scores", "weeks", "with_overtime",
    )  # fmt: skip

    def __init__(self) -> None:
        self.employees = 0
        self.hours = 0
        """Hours of the policy's weeks, and how many ``weeks`` were told."""
        self.weeks = 0
        self.overtime = 0
        """Overtime of the policy's weeks, and of how many employees any was told: ``with_overtime``."""
        self.with_overtime = 0
        self.leave_times = 0
        self.leave_days = 0
        self.scores: dict[int, list[int]] = {}
        """By month: scores of 10, and how many."""
        self.metrics: dict[tuple[int, str], list[int]] = {}
        """By month and metric (money: of one currency): values, and how many."""

    def add(self, other: "Totals") -> None:
        """Take in what others add up to."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for month, theirs in other.scores.items():
            add_up(self.scores.setdefault(month, [0, 0]), *theirs)
        for key, theirs in other.metrics.items():
            add_up(self.metrics.setdefault(key, [0, 0]), *theirs)

    def to_json(self) -> str:
        """As text, for the table."""
        return json.dumps(
            [
                {name: getattr(self, name) for name in _SUMS},
                sorted([month, *both] for month, both in self.scores.items()),
                sorted([month, id_, *both] for (month, id_), both in self.metrics.items()),
            ],
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> "Totals":
        """What ``to_json`` wrote."""
        totals = cls()
        sums, scores, metrics = json.loads(text)
        for name in _SUMS:
            setattr(totals, name, sums[name])
        totals.scores = {month: [value, count] for month, value, count in scores}
        totals.metrics = {(month, id_): [value, count] for month, id_, value, count in metrics}
        return totals


_SUMS: Final = (
    "employees", "hours", "weeks", "overtime", "with_overtime", "leave_times", "leave_days",
)  # fmt: skip


def add_up(both: list[int], value: int, count: int = 1) -> None:
    """Take ``value``, which is of ``count``, into a sum and how many it is of."""
    both[0] += value
    both[1] += count


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month of the company: the mean score of 10 and the mean of each metric, of those of whom it was told; metrics
    by ``company_metric``.
    """

    score: Decimal | None = None
    metrics: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """The company as a scan found it; None: nothing was told.

    ``hours`` a week and ``overtime_hours`` in all, over the policy's weeks; ``leave_times`` and ``leave_days`` an
    employee, over the policy's days, of the kinds that count; ``months`` by month (``2026-11``).
    """

    employees: int
    hours: Decimal | None
    overtime_hours: Decimal | None
    leave_times: Decimal | None
    leave_days: Decimal | None
    months: Mapping[str, MonthFigures]


def company_figures(totals: Totals) -> CompanyFigures:
    """The means of what the employees add up to, to hundredths, half up."""
    people = totals.employees
    months: dict[str, MonthFigures] = {}
    numbers = {*totals.scores, *(month for month, _ in totals.metrics)}
    for number in sorted(numbers):
        metrics = {
            id_: unscaled(*both) for (month, id_), both in sorted(totals.metrics.items()) if month == number
        }
        scores = totals.scores.get(number)
        months[month_of_number(number)] = MonthFigures(unscaled(*scores) if scores else None, metrics)
    return CompanyFigures(
        employees=people,
        hours=_mean(totals.hours, totals.weeks),
        overtime_hours=_mean(totals.overtime, totals.with_overtime),
        leave_times=(Decimal(totals.leave_times) / people).quantize(HUNDREDTH, ROUND_HALF_UP)
        if people
        else None,
        leave_days=unscaled(totals.leave_days, people) if people else None,
        months=months,
    )


def _mean(total: int, count: int) -> Decimal | None:
    return unscaled(total, count) if count else None
