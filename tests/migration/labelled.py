"""Files as HR departments have them, each labelled by hand with what a careful person would accept of its rows.

A label has alternatives, divided by `` | ``: the value that stands on record afterwards, exactly; ``no``: the row is
refused and the column that is looked at is named (``no:week``: another one); ``skip``: no record at all, and nothing
said of it. ``whole`` says what may come of the file: ``finished`` by itself, ``asked`` (a person says something first,
and the rows are then as labelled), ``failed`` with a reason. What nobody wrote is never accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tests.migration.labelled_files import Cell, sheet

NUMBER: Final = "10001"
"""Of somebody on record, as 10002, 10003 and 10004 are."""
FORMS: Final[Mapping[str, Mapping[str, Cell]]] = {
    "people": {
        "工号": "20001",
        "姓名": "李四",
        "岗位": "sales",
        "工作地点": "上海",
        "入职日期": "2026-02-02",
    },
    "attendance": {"工号": NUMBER, "周": "2026-W08", "工时": "40"},
    "performance": {"工号": NUMBER, "月份": "2026-01", "销售额": "1500"},
    "leave": {
        "工号": NUMBER,
        "类型": "病假",
        "开始日期": "2026-02-02",
        "结束日期": "2026-02-03",
        "天数": "2",
    },
    "training": {"工号": NUMBER, "课程": "onboarding", "完成率": "80%"},
    "recruiting": {"工号": NUMBER, "面试日期": "2020-01-03", "能力项": "communication", "得分": "8"},
    "surveys": {"工号": NUMBER, "月份": "2026-01", "满意度": "4"},
}
LOOKS: Final = (
    {"工号": "employee_no", "姓名": "name", "岗位": "role", "工作地点": "location", "部门": "department"}
    | {
        "入职日期": "starts_on",
        "离职日期": "left_on",
        "邮箱": "email",
        "职级": "level",
        "语言": "locale",
        "周": "week",
    }
    | {
        "工时": "hours",
        "加班": "overtime_hours",
        "月份": "month",
        "销售额": "sales",
        "得分": "score",
        "类型": "kind",
    }
    | {
        "开始日期": "starts_on",
        "结束日期": "ends_on",
        "天数": "days",
        "课程": "course",
        "完成率": "completion_percent",
    }
    | {
        "完成日期": "completed_on",
        "考试成绩": "exam_score",
        "面试日期": "interviewed_on",
        "满意度": "score:satisfaction",
    }
)


@dataclass(frozen=True)
class Labelled:
    """One file (or several of one source, one after the other), and what may come of it."""

    why: str
    kind: str
    content: bytes
    rows: Mapping[int, str]
    look: str
    whole: str = "finished"
    filename: str = "file.xlsx"
    source: str = "default"
    says: Sequence[Mapping[str, Any]] = ()
    confirm: bool = False


def serial(year: int, month: int, day: int) -> int:
    """A day as a spreadsheet counts it."""
    return (date(year, month, day) - date(1899, 12, 30)).days


def csv(*rows: Sequence[str], encoding: str = "utf-8", mark: str = ",", ends: str = "\r\n") -> bytes:
    """Rows of a file, the header first."""
    return ends.join(mark.join(row) for row in rows).encode(encoding)


def _form(kind: str, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {**FORMS[kind], **cells}


def x(
    kind: str, heading: str, cell: Cell, label: str, why: str, whole: str = "finished", **others: Cell
) -> Labelled:
    """A spreadsheet of one row, one cell of it odd."""
    row = _form(kind, {heading: cell, **others})
    return Labelled(why, kind, sheet(tuple(row), tuple(row.values())), {2: label}, LOOKS[heading], whole)


def c(
    kind: str, heading: str, cell: str, label: str, why: str, whole: str = "finished", **others: str
) -> Labelled:
    """A CSV file of one row, one cell of it odd."""
    row = _form(kind, {heading: cell, **others})
    quoted = [f'"{one}"' for one in row.values()]
    return Labelled(why, kind, csv(tuple(row), quoted), {2: label}, LOOKS[heading], whole, "file.csv")


def t(
    kind: str,
    why: str,
    content: bytes,
    look: str,
    rows: Mapping[int, str],
    whole: str,
    name: str = "",
    *,
    source: str = "default",
    says: Sequence[Mapping[str, Any]] = (),
    confirm: bool = False,
) -> Labelled:
    """A whole file; ``says`` is what a person answers, one request after the other."""
    called = name or ("f.xlsx" if content[:2] == b"PK" else "f.csv")
    return Labelled(why, kind, content, rows, look, whole, called, source, says, confirm)
