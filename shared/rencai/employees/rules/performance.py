"""Work performance of a month: a score on the tenant's own scale, and the figures behind it (C3, F2-F4, F6).

``PerformanceReport`` is the form it comes in, whichever way it comes; ``monthly_performance`` makes of it what goes on
record, or says which rule is against it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel.bounds import at_most_members
from rencai.kernel.errors import DomainError
from rencai.kernel.texts import CURRENCY, SHORT_SLUG

from .signals import Number, Report, one_of_them

METRIC: Final = SHORT_SLUG
"""What a metric is called, in the career ladder and the scorecard as well: ``sales``, ``acos``."""
SALES: Final = "sales"
"""The metric that career ladders and the life cycle speak of: sales of the month, in money."""

_CENT: Final = Decimal("0.01")


_MOST: Final = 1_000_000_000


class MetricReport(Report):
    """A figure of the month, at most 4 decimals: money with its ``currency``, a share in percent (35 is 35 %)."""

    id: Annotated[str, Field(pattern=METRIC)]
    value: Annotated[
        Number,
        Field(ge=-_MOST, le=_MOST),
        WithJsonSchema({"type": "number", "minimum": -_MOST, "maximum": _MOST}),
    ]
    target: (
        Annotated[
            Number,
            Field(gt=0, le=_MOST),
            WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": _MOST}),
        ]
        | None
    ) = None
    currency: Annotated[str, Field(pattern=CURRENCY)] | None = None


class PerformanceReport(Report):
    """Work performance in a month on the tenant's own scale: ``score``, 0 to ``out_of``, at most 4 decimals; and the
    figures behind it. One of the two is required.
    """

    model_config = ConfigDict(json_schema_extra=one_of_them(score="number", metrics="array"))

    score: Number | None = None
    out_of: Annotated[Number, Field(gt=0, le=1000)] = Field(
        Decimal(100), json_schema_extra={"default": 100, "exclusiveMinimum": 0, "maximum": 1000}
    )
    metrics: Annotated[tuple[MetricReport, ...], Field(max_length=30), at_most_members(30)] = ()

    @model_validator(mode="after")
    def _something_told(self) -> Self:
        if self.score is None and not self.metrics:
            raise PydanticCustomError("untold", "a score or a metric is required")
        return self


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a month; ``target`` is what it was to be, None: none was set. ``currency``: it is money."""

    id: str
    value: Decimal
    target: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class MonthlyPerformance:
    """Work performance of a month (``2026-11``): ``score`` of ``out_of``, as the tenant's own scale has it; None: only
    the metrics were told, which are sorted by id.
    """

    month: str
    score: Decimal | None
    out_of: Decimal
    metrics: tuple[Metric, ...] = ()

    @property
    def percent(self) -> Decimal | None:
        """The score, 0-100, to hundredths, half up."""
        if self.score is None:
            return None
        return (self.score * 100 / self.out_of).quantize(_CENT, ROUND_HALF_UP)

    def metric(self, id_: str) -> Metric | None:
        """One of the metrics, None: it was not told."""
        return next((one for one in self.metrics if one.id == id_), None)


def company_metric(id_: str, currency: str | None) -> str:
    """What the company's mean of a metric goes by: money in one currency is not added to that in another.

    >>> company_metric("sales", "USD"), company_metric("acos", None)
    ('sales:USD', 'acos')
    """
    return f"{id_}:{currency}" if currency else id_


def monthly_performance(month: str, report: PerformanceReport, today: date) -> MonthlyPerformance:
    """A month as it goes on record; ``today`` is the tenant's.

    Raises ``DomainError`` (MONTH_TO_COME, SCORE_OUT_OF_RANGE, METRIC_REPEATED).
    """
    latest = f"{today:%Y-%m}"
    if month > latest:
        raise DomainError(EmployeeRefusal.MONTH_TO_COME, "month", month=month, latest=latest)
    if report.score is not None and not 0 <= report.score <= report.out_of:
        raise DomainError(
            EmployeeRefusal.SCORE_OUT_OF_RANGE, "score", out_of=f"{report.out_of.normalize():f}"
        )
    metrics = {one.id: Metric(one.id, one.value, one.target, one.currency) for one in report.metrics}
    if len(metrics) < len(report.metrics):
        ids = [one.id for one in report.metrics]
        place = next(index for index, id_ in enumerate(ids) if id_ in ids[:index])
        raise DomainError(EmployeeRefusal.METRIC_REPEATED, f"metrics[{place}].id", metric=ids[place])
    return MonthlyPerformance(
        month, report.score, report.out_of, tuple(metrics[id_] for id_ in sorted(metrics))
    )
