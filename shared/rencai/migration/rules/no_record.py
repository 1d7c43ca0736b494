"""Rows of a table that are no record: its total, a note under it, its header once more on the next page (F1)."""

import re
from collections.abc import Sequence
from typing import Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .fields import WHO
from .names import compact
from .sheet.source import SourceRow
from .taken import Column

_TOTALS: Final = ("合计", "总计", "小计", "共计", "总和", "汇总", "平均")
_TOTAL: Final = frozenset(("total", "totals", "subtotal", "grandtotal", "sum", "average", "mean"))
_NOTE: Final = re.compile(
    r"\s*(?:制表|填表|制单|编制|审核|审批|复核|签字|打印|导出|备注|注|说明|数据来源|统计|"
    r"prepared by|approved by|printed|exported|note)[^:\uff1a]{0,10}[:\uff1a]",
    re.IGNORECASE,
)
_WHO: Final = frozenset(one.id for one in WHO)


def no_record(row: SourceRow, columns: Sequence[Column]) -> DomainError | None:
    """Why a row is no record; None: it may be one. Whoever has a number of their own is one, whatever else is written
    there.
    """
    filled = [(one, cell) for one in columns if one.field and (cell := _cell(row, one.index))]
    if len(filled) > 1 and all(cell == one.header for one, cell in filled):
        return DomainError(MigrationRefusal.ROW_IS_HEADER, filled[0][0].field or "")
    first = next((cell.strip() for cell in row.cells if cell.strip()), "")
    who = [cell for one, cell in filled if one.field in _WHO]
    if who in ([], [first]) and (_is_total(first) or _NOTE.match(first)):
        return DomainError(MigrationRefusal.ROW_IS_NO_RECORD, said=first[:40])
    return None


def _cell(row: SourceRow, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _is_total(text: str) -> bool:
    if text.isdecimal():
        return False
    name = compact(text)
    return name.startswith(_TOTALS) or name in _TOTAL
