"""Totals, notes, signatures and repeated headers under a table are refused as what they are, and make nobody (F1)."""

from collections.abc import Iterator, Sequence

import pytest

from rencai.kernel.errors import Refusal
from rencai.migration.rules.columns import guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import ImportMapping
from rencai.migration.rules.no_record import no_record
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.store.imports import Counts
from tests.migration.import_office import Office, csv, office

HEADER = ("序号", "工号", "姓名", "部门")


def of(cells: Sequence[str], headers: Sequence[str] = HEADER) -> Refusal | None:
    found = no_record(SourceRow(9, list(cells)), guess(ImportKind.PEOPLE, headers, ImportMapping()))
    return found.code if found else None


@pytest.mark.parametrize(
    "cells",
    [
        *(("合计", "", "12人", ""), ("", "合计", "", ""), ("总计:12", "", "", ""), ("", "", "小 计", "")),
        *(("Total", "", "", ""), ("", "Grand total", "", ""), ("制表人:张三", "", "", "审核人:李四")),
        *(("备注:以上人员均已确认", "", "", ""), ("打印日期: 2026-03-01",), ("Prepared by: HR", "", "", "")),
    ],
)
def test_a_total_or_a_note_is_no_record(cells: Sequence[str]) -> None:
    assert of(cells) is MigrationRefusal.ROW_IS_NO_RECORD


@pytest.mark.parametrize(
    "cells",
    [
        *(("1", "10001", "合计", "汇总部"), ("合计", "10001", "张三", ""), ("备注:新人", "10001", "", "")),
        *(("", "TOTAL-1", "张三", ""), ("1", "", "张三", "汇总部"), ("", "", "", "")),
    ],
)
def test_who_has_a_number_is_a_record(cells: Sequence[str]) -> None:
    assert of(cells) is None


def test_the_header_once_more_is_no_record() -> None:
    assert of(HEADER) is MigrationRefusal.ROW_IS_HEADER
    assert of(("", "工号", "", "")) is None


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        yield fresh


def test_f1_what_stands_under_a_table_makes_nobody(one: Office) -> None:
    header = ("工号", "姓名", "岗位", "工作地点", "入职日期")
    done = one.brings(
        "people",
        csv(
            *(("人员名单",), header, ("10001", "张三", "sales", "深圳", "2025-03-03")),
            *(header, ("合计", "1人"), ("制表人:李四", "", "", "", "2026-03-02")),
        ),
    )
    assert done.counts == Counts(created=1, rejected=3)
    assert [(line["row"], line["rule"]) for line in one.report(done.import_id)] == [
        (4, "row_is_header"),
        (5, "row_is_no_record"),
        (6, "row_is_no_record"),
    ]
