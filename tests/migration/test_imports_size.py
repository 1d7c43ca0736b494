"""The longest file there may be (F1): its memory does not grow with it, but for a digest a row."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import pytest

from rencai.employees.rules.signals import AttendanceWeek
from rencai.migration.importing import Importing
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.limits import MAX_ROWS
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import ImportRow, Reference
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.split import split_import
from rencai.migration.store.imports import Import, Imports, ImportStatus
from rencai.migration.store.objects import ImportObjects
from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket, ObjectHead
from rencai.store.table import Table
from tests.keyed import IDS
from tests.migration.import_office import START

_MB: Final = 1024 * 1024
_PIECE: Final = 1000


class BigBucket:
    """Holds one file, made while it is read; of what is written it keeps the sizes."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.sizes: dict[str, int] = {}

    def head(self, key: str, version_id: str | None) -> ObjectHead:
        return ObjectHead(self._rows * 20, None)

    def stream(self, key: str, version_id: str | None) -> Iterator[bytes]:
        yield "工号,周,工时\r\n".encode()
        for first in range(0, self._rows, _PIECE):
            numbers = range(first, min(first + _PIECE, self._rows))
            yield "".join(f"{10000 + n // 50},2025-W{n % 50 + 1:02},40\r\n" for n in numbers).encode()

    def put(self, key: str, body: bytes, content_type: str) -> str:
        self.sizes[key] = len(body)
        return key


class OneImport:
    """Stands for the table: a single import."""

    def __init__(self) -> None:
        self.known = Import("imp_1", ImportKind.ATTENDANCE, "x.csv", False, "default", "k", START, "en", "hr")

    def get(self, import_id: str) -> Import:
        return self.known

    def started(
        self, import_id: str, version_id: str | None, mapping_version: int, now: Any, default_version: None
    ) -> Import:
        self.known = replace(
            self.known, status=ImportStatus.READING, mapping_version=mapping_version, started_at=now
        )
        return self.known

    def looked(self, known: Import, place: Any, columns: Any, doubts: Any, hidden: Any, **_: Any) -> Import:
        assert not doubts
        self.known = replace(self.known, place=place, columns=columns)
        return self.known

    def running(self, import_id: str, rows: int, parts_total: int) -> Import:
        self.known = replace(self.known, status=ImportStatus.RUNNING, rows=rows, parts_total=parts_total)
        return self.known


class NoTable:
    """Holds nothing."""

    def query(self, pk: str, **_: Any) -> tuple[list[Any], None]:
        return [], None


def quickly(_: RowReader, row: SourceRow) -> ImportRow:
    """A row read without its rules, which are measured elsewhere; watched for memory, they would take minutes."""
    cells = row.cells
    record = AttendanceWeek(cells[1], cast(Any, cells[2]), None)
    return ImportRow(row.number, Reference(cells[0], None), record, (cells[0], cells[1]))


def split(rows: int, monkeypatch: pytest.MonkeyPatch) -> tuple[OneImport, BigBucket, list[int]]:
    monkeypatch.setattr(RowReader, "read", quickly)
    imports, bucket, sent = OneImport(), BigBucket(rows), list[int]()
    collaborators = Importing(
        cast(Imports, imports),
        ImportObjects(cast(Bucket, bucket)),
        cast(Any, None),
        cast(Any, None),
        cast(Any, None),
        Configurations(cast(Table, NoTable()), lambda: START),
        cast(Any, None),
        ZoneInfo("Asia/Shanghai"),
        IDS,
        dict,
    )
    split_import("imp_1", None, importing=collaborators, send=lambda _, part: sent.append(part), now=START)
    return imports, bucket, sent


def test_f1_the_longest_file_is_cut_into_parts_of_500_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    imports, bucket, sent = split(MAX_ROWS, monkeypatch)
    assert (imports.known.rows, imports.known.parts_total) == (200_000, 400)
    assert sent == list(range(1, 401))
    assert len(bucket.sizes) == 400
    assert max(bucket.sizes.values()) < 100_000


def test_f1_a_file_is_cut_in_memory_that_grows_by_a_digest_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        try:
            split(rows, monkeypatch)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    split(10, monkeypatch)  # what is imported and compiled on the way is not the file's
    few, many = peak(10_000), peak(40_000)
    per_row = (many - few) / 30_000
    assert per_row < 400, "200,000 rows: less than 80 MB of the function's 1,024"
    assert few + per_row * (MAX_ROWS - 10_000) < 100 * _MB


def test_a_longer_file_is_refused_and_nothing_of_it_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    monkeypatch.setattr(OneImport, "failed", lambda *told: failures.append(told[2].code), raising=False)
    imports, _, sent = split(MAX_ROWS + 1, monkeypatch)
    assert (failures, sent, imports.known.parts_total) == (["file_too_many_rows"], [], None)
