"""An import: what a row of attendance costs from the bucket to the table, in CPU time, request units and memory.

The functions' own code runs over botocore's own client; what answers is a table in memory, whose time is taken out
again, so that neither an emulator nor a network is measured. The bucket is in memory as well: what a part asks of S3 is
counted below and not measured. Every figure is CPU time on one core, of a child process; of the parts it is the median.

The file is a department's weekly hours in GB18030, week by week, so that every row of a part is somebody else's: of all
orders the dearest. Then it comes once more, and all of it is so already.

How long it takes on AWS is arithmetic: calls one after the other at ``_CALL_SECONDS`` each, and this machine's CPU time
at the share of a CPU that Lambda gives 1,024 MB.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, cast

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from rencai.employees.rules.employee import Employee
from rencai.kernel.errors import NotFound
from rencai.migration.importing import Importing
from rencai.migration.part import import_part
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.limits import MAX_ROWS
from rencai.migration.split import PART_ROWS, split_import
from rencai.migration.store.imports import Counts, Import
from rencai.platform.settings import Settings
from rencai.store.objects import Bucket, ObjectHead
from rencai.wiring import Wired
from tests.bench.capacity import item_size, read_units, write_units
from tests.bench.figures import Figures, median, peak_mb
from tests.keyed import IDS

ROWS: Final = 20_000
WEEKS: Final = 10
AT_ONCE: Final = 10
"""Parts that are read at the same time, as template.yaml has it."""

_CALL_SECONDS: Final = 0.005
_CPU_SHARE: Final = 1024 / 1769
_NOW: Final = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
_HEADER: Final = ("工号", "姓名", "部门", "周", "工时", "加班工时")
_BLOCK: Final = 1024 * 1024
_NAME: Final = "bench"


def measure() -> Figures:
    """Everything in processes of their own, the writing of the files too."""
    with tempfile.TemporaryDirectory() as folder:
        files = {
            (format_, rows): str(Path(folder) / f"{rows}.{format_}")
            for format_ in ("csv", "xlsx")
            for rows in (ROWS, MAX_ROWS)
        }
        for (_, rows), path in files.items():
            _child("write", path, rows)
        whole = _child("whole", files["csv", ROWS], ROWS)
        splits = {which: _child("split", path, which[1]) for which, path in files.items()}
    return _figures(whole, splits)


def _child(act: str, path: str, rows: int) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.migration", act, path, str(rows)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"POWERTOOLS_LOG_LEVEL": "WARNING"},
    )
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _figures(whole: dict[str, float], splits: dict[tuple[str, int], dict[str, float]]) -> Figures:
    figures = Figures()
    figures.values["import"] = whole | {
        f"split_{format_}_{rows}": one for (format_, rows), one in splits.items()
    }
    for key, told, what in (
        ("import_rows_per_second", "new", "read, cut, resolved, logged and written"),
        ("import_rows_per_second_unchanged", "again", "the same file again: read, compared, nothing written"),
    ):
        split, part = whole["split_us"], whole[f"{told}_part_us"]
        rate = 1e6 / (split + part)
        figures.add(
            key, round(rate), f"{rate:,.0f}", f"{what}; {split:.0f} us a row to split + {part:.0f} in a part"
        )
    figures.values["import_split_rows_per_second"] = rates = {}
    for (format_, rows), one in splits.items():
        if rows == ROWS:
            rates[format_] = round(1e6 / one["us"])
            figures.say(
                f"import_split_rows_per_second, {format_}",
                f"{1e6 / one['us']:,.0f}",
                f"{one['us']:.0f} us a row, {splits[format_, MAX_ROWS]['us']:.0f} of {MAX_ROWS:,}",
            )
    figures.add(
        "import_write_units_per_row",
        round(whole["new_write"], 3),
        f"{whole['new_write']:.3f}",
        f"1 a new row; 1 a part of {PART_ROWS} and 4 a file for the import itself; "
        f"the same again {whole['again_write']:.3f}",
    )
    figures.add(
        "import_read_units_per_row",
        round(whole["new_read"], 3),
        f"{whole['new_read']:.3f}",
        "half for what is there, half for who it is, each once a part: 0.6 where a file is in order of its people; "
        f"the same again, read once more to be certain, {whole['again_read']:.3f}",
    )
    few, many = splits["csv", ROWS], splits["csv", MAX_ROWS]
    growth = many["peak_mb"] / few["peak_mb"]
    figures.add(
        "import_memory_growth",
        round(growth, 3),
        f"{growth:.2f}",
        f"split, {MAX_ROWS:,} rows beside {ROWS:,}: {few['peak_mb']:.0f} to {many['peak_mb']:.0f} MB, "
        f"{(many['peak_mb'] - few['peak_mb']) * 1e6 / (MAX_ROWS - ROWS):.0f} bytes a row",
    )
    few, many = splits["xlsx", ROWS], splits["xlsx", MAX_ROWS]
    figures.say(
        "  of a spreadsheet",
        f"{many['peak_mb'] / few['peak_mb']:.2f}",
        f"{few['peak_mb']:.0f} to {many['peak_mb']:.0f} MB of the function's 1,024",
    )
    _say_duration(figures, whole, splits["csv", MAX_ROWS])
    return figures


def _say_duration(figures: Figures, whole: dict[str, float], split: dict[str, float]) -> None:
    """The longest file on AWS, by arithmetic."""
    parts = MAX_ROWS // PART_ROWS
    calls = whole["new_part_calls"]
    splitting = MAX_ROWS * split["us"] / 1e6 / _CPU_SHARE + 2 * parts * _CALL_SECONDS
    one = calls * _CALL_SECONDS + PART_ROWS * whole["new_part_us"] / 1e6 / _CPU_SHARE
    total = splitting + parts / AT_ONCE * one
    figures.values["import"]["aws_seconds_longest_file"] = round(total, 1)
    figures.say(
        f"import of {MAX_ROWS:,} rows",
        f"{total / 60:.1f} min",
        f"arithmetic, not measured: {splitting:.0f} s to split, then {parts} parts / {AT_ONCE} at once x {one:.1f} s "
        f"({calls:.0f} calls x {1000 * _CALL_SECONDS:.0f} ms, and this machine's CPU time / {_CPU_SHARE:.2f})",
    )


# --- in the child -----------------------------------------------------------------------------------------------------


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class _Answers:
    """Stands where the network is: a table that takes every write, for nothing here races. Items are kept as bytes,
    which the garbage collector does not walk.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], bytes] = {}
        self.spent = 0.0
        self.calls = 0
        self.read = 0.0
        self.write = 0

    def client(self) -> Any:
        """What stands before them: botocore's own client."""
        client: Any = botocore.session.get_session().create_client(
            "dynamodb", region_name="us-east-1", aws_access_key_id="bench", aws_secret_access_key="bench"
        )
        client.meta.events.register("before-send.dynamodb", self._take)
        return client

    def _take(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        began = time.process_time()
        act: dict[str, Callable[[Any], bytes]] = {
            "GetItem": self._get,
            "BatchGetItem": self._get_all,
            "PutItem": self._put,
            "UpdateItem": self._update,
            "TransactWriteItems": self._transact,
            "Query": self._query,
        }
        body = act[event_name.rpartition(".")[2]](json.loads(request.body))
        headers = HTTPHeaders()
        headers["x-amz-crc32"] = str(zlib.crc32(body))
        headers["content-type"] = "application/x-amz-json-1.0"
        answer = AWSResponse(request.url, 200, headers, _Raw(body))
        self.calls += 1
        self.spent += time.process_time() - began
        return answer

    def _found(self, key: Any, *, consistent: bool) -> bytes | None:
        found = self._items.get(_place(key))
        self.read += read_units(item_size(json.loads(found or b"{}")), consistent=consistent)
        return found

    def _keep(self, item: Any) -> bytes:
        self.write += write_units(item_size(item))
        kept = self._items[_place(item)] = json.dumps(item).encode()
        return kept

    def _get(self, asked: Any) -> bytes:
        found = self._found(asked["Key"], consistent=asked["ConsistentRead"])
        return b'{"Item":' + found + b"}" if found else b"{}"

    def _get_all(self, asked: Any) -> bytes:
        wanted = asked["RequestItems"][_NAME]
        found = [self._found(key, consistent=wanted["ConsistentRead"]) for key in wanted["Keys"]]
        members = b",".join(one for one in found if one)
        return b'{"Responses":{"' + _NAME.encode() + b'":[' + members + b']},"UnprocessedKeys":{}}'

    def _put(self, asked: Any) -> bytes:
        self._keep(asked["Item"])
        return b"{}"

    def _transact(self, asked: Any) -> bytes:
        for one in asked["TransactItems"]:
            self._keep(one["Put"]["Item"])
        return b"{}"

    def _query(self, _: Any) -> bytes:
        self.read += 0.5
        return b'{"Items":[],"Count":0,"ScannedCount":0}'

    def _update(self, asked: Any) -> bytes:
        """Sets and adds as ``Table.update`` writes them; whatever the condition."""
        item = json.loads(self._items[_place(asked["Key"])])
        told = asked["UpdateExpression"]
        for place, value in asked["ExpressionAttributeValues"].items():
            name = place.removeprefix(":")
            if f"#{name} = {place}" in told:
                item[name] = value
            elif f"#{name} {place}" in told:
                item[name] = _added(item.get(name), value)
        return b'{"Attributes":' + self._keep(item) + b"}"


def _place(item: Any) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _added(before: Any, value: Any) -> Any:
    if before is None:
        return value
    if "NS" in value:
        return {"NS": before["NS"] + value["NS"]}
    return {"N": str(int(before["N"]) + int(value["N"]))}


class _Bucket:
    """Has the file on the disk, as S3 has it elsewhere. What is written is kept where somebody is going to read it."""

    def __init__(self, file: Path, *, keeps: bool) -> None:
        self._file = file
        self._keeps = keeps
        self._kept: dict[str, bytes] = {}
        self.calls = 0

    def head(self, key: str, version_id: str | None) -> ObjectHead:
        return ObjectHead(self._file.stat().st_size, version_id)

    def stream(self, key: str, version_id: str | None) -> Iterator[bytes]:
        with self._file.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> str:
        self.calls += 1
        if self._keeps:
            self._kept[key] = body
        return key

    def put_over(self, key: str, body: bytes, etag: str | None) -> str:
        return self.put(key, body)

    def get(self, key: str) -> bytes:
        return self.get_tagged(key)[0]

    def get_tagged(self, key: str) -> tuple[bytes, str]:
        self.calls += 1
        try:
            return self._kept[key], key
        except KeyError:
            raise NotFound("object", key) from None


@dataclass(frozen=True, slots=True)
class _Office:
    """Where a file is imported."""

    answers: _Answers
    bucket: _Bucket
    importing: Importing

    @classmethod
    def of(cls, file: Path, *, keeps: bool) -> _Office:
        answers, bucket = _Answers(), _Bucket(file, keeps=keeps)
        settings = Settings(
            {"TENANT_ID": _NAME, "TABLE_NAME": _NAME, "KEY_ID": "none", "TIME_ZONE": "Asia/Shanghai"}
        )
        # Hours are not sealed: KMS is never asked.
        wired = Wired(settings, lambda: _NOW, {"dynamodb": answers.client(), "kms": None}.__getitem__)
        wired.bucket = cast("Bucket", bucket)
        wired.ids = IDS
        return cls(answers, bucket, wired.migration.importing)

    def asks(self, import_id: str, file: Path, *, dry_run: bool = False) -> None:
        self.importing.imports.create(
            Import(
                import_id,
                ImportKind.ATTENDANCE,
                file.name,
                dry_run,
                "default",
                f"imports/uploads/{import_id}/{file.name}",
                _NOW,
                "zh-CN",
                "hr",
            )
        )

    def splits(self, import_id: str) -> tuple[float, list[int]]:
        """CPU seconds, and the parts."""
        parts: list[int] = []

        def split() -> None:
            split_import(
                import_id,
                None,
                importing=self.importing,
                send=lambda _, part: parts.append(part),
                now=_NOW,
            )

        return self._seconds(split), parts

    def reads(self, import_id: str, part: int) -> float:
        """CPU seconds of a part."""
        return self._seconds(lambda: import_part(import_id, part, importing=self.importing, now=_NOW))

    def _seconds(self, act: Callable[[], None]) -> float:
        """CPU time of ``act`` without that of the answers."""
        began, spent = time.process_time(), self.answers.spent
        act()
        return time.process_time() - began - (self.answers.spent - spent)

    def done(self, import_id: str) -> Counts:
        """What came of it."""
        return self.importing.imports.get(import_id).counts


def _employee_no(number: int) -> str:
    return f"{10000 + number}"


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    """Week by week."""
    employees = count // WEEKS
    for number in range(count):
        who, week = number % employees, number // employees + 1
        hours, overtime = f"{40 + number % 31 / 2:g}", f"{number % 31 / 2:g}"
        yield _employee_no(who), f"张三{who}", "亚马逊运营部", f"2026-W{week:02}", hours, overtime


def _write(file: Path, rows: int) -> dict[str, float]:
    if file.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("考勤")
        sheet.append(_HEADER)
        for no, name, department, week, hours, overtime in _rows(rows):
            sheet.append((no, name, department, week, float(hours), float(overtime)))
        book.save(file)
    else:
        with file.open("w", encoding="gb18030", newline="") as text:
            text.writelines(",".join(row) + "\r\n" for row in (_HEADER, *_rows(rows)))
    return {}


def _split(file: Path, rows: int) -> dict[str, float]:
    """Split alone."""
    office = _Office.of(file, keeps=False)
    office.asks("imp_1", file)
    seconds, parts = office.splits("imp_1")
    assert len(parts) == rows // PART_ROWS, parts
    return {"us": seconds / rows * 1e6, "peak_mb": peak_mb()}


def _whole(file: Path, rows: int) -> dict[str, float]:
    """The file, and the same again."""
    office = _Office.of(file, keeps=True)
    for number in range(rows // WEEKS):
        no = _employee_no(number)
        office.importing.employees.hire(
            Employee(
                IDS.employee_of_number(no), "张三", "sales", "深圳", date(2025, 3, 3), _NOW, employee_no=no
            )
        )
    office.asks("imp_warm", file, dry_run=True)
    _, parts = office.splits("imp_warm")
    office.reads("imp_warm", parts[0])

    found: dict[str, float] = {}
    for told, expected in (("new", Counts(created=rows)), ("again", Counts(unchanged=rows))):
        import_id, answers = f"imp_{told}", office.answers
        office.asks(import_id, file)
        answers.read = answers.write = 0
        splitting, parts = office.splits(import_id)
        answers.calls = office.bucket.calls = 0
        spent = [office.reads(import_id, part) for part in parts]
        calls = answers.calls + office.bucket.calls
        assert office.done(import_id) == expected, office.done(import_id)
        found |= {
            "split_us": splitting / rows * 1e6,
            f"{told}_part_us": median(spent) / PART_ROWS * 1e6,
            f"{told}_part_calls": calls / len(parts),
            f"{told}_read": answers.read / rows,
            f"{told}_write": answers.write / rows,
        }
    return found


if __name__ == "__main__":
    _act, _path, _count = sys.argv[1:]
    print(json.dumps({"write": _write, "split": _split, "whole": _whole}[_act](Path(_path), int(_count))))
