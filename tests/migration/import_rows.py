"""What the tests of imported rows share: columns as files have them, and a row read or refused."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rencai.kernel.errors import CHINESE
from rencai.migration.rules.columns import confirmed, guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow, Record
from rencai.migration.rules.sheet.source import SourceRow

TODAY = date(2026, 11, 22)
PLAIN = ImportMapping(roles={"sales": ("销售", "Sales rep"), "general": ("其他",)})
PEOPLE = ("工号", "姓名", "岗位", "工作地点", "入职日期", "离职日期", "邮箱", "级别", "语言")
MONTH = ("工号", "月份", "绩效得分", "满分", "销售额", "销售目标", "币种", "ACoS", "库存周转率")
WEEK = ("工号", "周", "工时", "加班")
LEAVE = ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数", "已取消")
SURVEY = ("工号", "月份", "满意度", "压力", "建议")
COURSE = ("工号", "课程", "完成率", "考试成绩", "完成日期")
FINDING = ("工号", "面试日期", "能力项", "得分", "满分")


def row(
    kind: ImportKind,
    headers: Sequence[str],
    *cells: str,
    mapping: ImportMapping = PLAIN,
    language: str = CHINESE,
) -> ImportRow | list[CellError] | None:
    columns = confirmed(kind, guess(kind, headers, mapping), {}, mapping)
    return RowReader(kind, columns, mapping, TODAY, language).read(SourceRow(7, list(cells)))


def record(kind: ImportKind, headers: Sequence[str], *cells: str, mapping: ImportMapping = PLAIN) -> Record:
    found = row(kind, headers, *cells, mapping=mapping)
    assert isinstance(found, ImportRow), found
    return found.record


def errors(
    kind: ImportKind,
    headers: Sequence[str],
    *cells: str,
    mapping: ImportMapping = PLAIN,
    language: str = CHINESE,
) -> list[CellError]:
    found = row(kind, headers, *cells, mapping=mapping, language=language)
    assert isinstance(found, list), found
    return found


def rules(kind: ImportKind, headers: Sequence[str], *cells: str, **how: Any) -> list[tuple[str, str]]:
    return [(error.field, error.rule) for error in errors(kind, headers, *cells, **how)]
