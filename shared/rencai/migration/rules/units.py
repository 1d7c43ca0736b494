"""What a header says of what is under it (F1): 加班(分钟) is minutes, 销售额(万元) is tens of thousands of CNY, and the
days under 周结束日期 are the last of their weeks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final, Literal

from .fields import CellType, Field, Unit
from .names import compact
from .sheet.currencies import CURRENCIES

TIMES: Final = {
    "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000,
    "萬": 10_000, "百萬": 1_000_000, "千萬": 10_000_000, "億": 100_000_000,
}  # fmt: skip
"""What money is counted in."""
UNITS: Final[Mapping[Unit, Mapping[str, Fraction | int]]] = {
    Unit.HOURS: {
        **dict.fromkeys(("小时", "小时数", "h", "hr", "hrs", "hour", "hours"), 1),
        **dict.fromkeys(("分钟", "分钟数", "min", "mins", "minute", "minutes"), Fraction(1, 60)),
    },
    Unit.DAYS: dict.fromkeys(("天", "日", "工作日", "d", "day", "days"), 1),
    Unit.PERCENT: dict.fromkeys(("%", "百分比", "百分数", "百分率", "percent", "percentage", "pct"), 1),
    Unit.POINTS: dict.fromkeys(
        ("分", "分数", "points", "pts", "15", "1到5", "1至5", "15分", "1到5分", "1至5分"), 1
    ),
}
_REMARKS: Final = (
    "必填项", "必填", "选填", "可选", "required", "optional", "yyyymmdd", "格式yyyymmdd", "yyyymm", "年月日",
)  # fmt: skip
"""What a header says of filling it in."""
Edge = Literal["first", "last"]
_EDGES: Final[Mapping[Edge, re.Pattern[str]]] = {
    "first": re.compile(
        r"start|begin|commenc|from|first|^wc$|开始|起始|始于|首日|起$|起止|第一天|周一|星期一"
    ),
    "last": re.compile(
        r"end|last|until|^we$|结束|截止|截至|终止|末|最后一天|起止|止$|周日(?!期)|星期日(?!期)|星期天"
    ),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What a header says of the numbers under it: they are ``factor`` of the field's unit each; ``currency`` and
    ``stated`` (the unit is named at all), as far as it says. ``edge``: the days under it are the first, or the last, of
    their weeks.
    """

    factor: Fraction = Fraction(1)
    currency: str | None = None
    stated: bool = False
    edge: Edge | None = None


def scale_of(field: Field, header: str) -> Scale:
    """What ``header`` says of the numbers under it.

    >>> overtime = Field("overtime_hours", CellType.NUMBER, False, "加班", "Overtime", (), unit=Unit.HOURS)
    >>> scale_of(overtime, "加班(分钟)").factor
    Fraction(1, 60)
    """
    name = compact(header)
    if field.type is CellType.WEEK:
        return Scale(edge=edge_of(name))
    return parted(field, name)[1]


def parted(field: Field, name: str) -> tuple[str, Scale]:
    """A header without what it says of its numbers and of filling it in, and what it says of its numbers."""
    bare = _without_remark(name)
    for ending, scale in _endings(field.unit):
        if bare.endswith(ending) and bare != ending:
            return bare.removesuffix(ending), scale
    return bare, Scale()


def _without_remark(name: str) -> str:
    return next((name[: -len(one)] for one in _REMARKS if name.endswith(one) and name != one), name)


@cache
def _endings(unit: Unit | None) -> tuple[tuple[str, Scale], ...]:
    """What a header may end in where its field has this unit, the longest first."""
    scales: dict[str, Scale] = {}
    if unit is Unit.MONEY:
        for name, currency in CURRENCIES.items():
            scales[name] = Scale(currency=currency, stated=True)
            for times, factor in TIMES.items():
                scales[times + name] = Scale(Fraction(factor), currency, stated=True)
        for times, factor in TIMES.items():
            scales[times] = Scale(Fraction(factor), stated=True)
            scales[f"人民币{times}元"] = Scale(Fraction(factor), "CNY", stated=True)
    elif unit is not None:
        scales = {name: Scale(Fraction(factor), stated=True) for name, factor in UNITS[unit].items()}
    return tuple(sorted(scales.items(), key=lambda one: -len(one[0])))


def edge_of(header: str) -> Edge | None:
    """Whether the days under a header (as ``compact`` gives it) are the first or the last of their weeks.

    >>> edge_of("weekstarting"), edge_of("周结束日期"), edge_of("周日期"), edge_of("周起止日期")
    ('first', 'last', None, None)
    """
    edges = [edge for edge, said in _EDGES.items() if said.search(header)]
    # From and to: it is a span.
    return edges[0] if len(edges) == 1 else None
