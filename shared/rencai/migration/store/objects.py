"""What an import keeps in the bucket: its parts, what each came to, what was there before, its report (F1).

Rows of employees' data are here and not in the table: they are gone after ``KEPT``, and with them the way back.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

from rencai.kernel.errors import NotFound
from rencai.migration.rules.look import Look, ShownSheet
from rencai.migration.rules.sheet.source import NO_MARKS, Mark, MarkKind, SourceRow
from rencai.migration.rules.taken import Asked, Unknown
from rencai.store.objects import IMPORTS, Bucket
from rencai.store.table import Item, Key, compact, from_item, to_item

if TYPE_CHECKING:
    # How a row is read costs a cold start more than all the rest, and the API reads none.
    from rencai.migration.rules.rows import CellError

KEPT: Final = timedelta(days=90)
"""What template.yaml's lifecycle rule for ``imports/`` says."""
UPLOADED: Final = f"{IMPORTS}uploads/"
"""Files are put here, and S3 tells of those only: not of what is written beside."""
_JSONL: Final = "application/jsonl; charset=utf-8"
ErrorFormat = Literal["xlsx", "csv"]
_ERROR_FILES: Final[Mapping[ErrorFormat, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row of a part as it was read. ``repeats`` is the row before it that is about the same; ``same``: and says the
    same. ``overlaps`` is the leave of a row before it that leaves no room for this one: the row, its first day, its
    last, and how many days.
    """

    source: SourceRow
    repeats: int | None = None
    same: bool = False
    overlaps: tuple[int, str, str, str] | None = None

    @property
    def number(self) -> int:
        """The row's in the file."""
        return self.source.number

    @property
    def cells(self) -> list[str]:
        """Its texts."""
        return self.source.cells


@dataclass(frozen=True, slots=True)
class BadRow:
    """A rejected row, and why."""

    number: int
    cells: list[str]
    errors: "tuple[CellError, ...]"


class RowOutcome(StrEnum):
    """What came of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class DoneRow:
    """What came of a row: whose file it is about, and which record of it, by the record's own name within the file (a
    week, a month, a leave's id; "": the employee themselves). A rejected one is about nobody's.
    """

    row: int
    outcome: RowOutcome
    employee_id: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class ImportPartResult:
    """What came of a part: whose files it changed, what it rejected, whom it did not find, and what came of each row
    that was not rejected.
    """

    employees: tuple[str, ...]
    rejected: tuple[BadRow, ...]
    unmatched: tuple[str, ...]
    done: tuple[DoneRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An item that a row wrote, and what was there before (None: nothing)."""

    row: int
    key: Key
    before: Item | None

    def marker(self, import_id: str) -> str:
        """The item's ``batch`` while it is as this row wrote it: by what, and over which version.

        >>> Written(17, Key("EMPLOYEE#emp_1", "EMPLOYEE"), None).marker("imp_1")
        'imp_1:17:0'
        """
        return f"{import_id}:{self.row}:{(self.before or {}).get('version', 0)}"


@dataclass(frozen=True, slots=True)
class Summary:
    """The first of the rejected cells and of the people not found, as the API shows them."""

    errors: "tuple[tuple[int, CellError], ...]" = ()
    unmatched: tuple[str, ...] = ()


def upload_object_key(import_id: str, filename: str) -> str:
    """``imports/uploads/imp_01ABC/people.csv``."""
    return f"{UPLOADED}{import_id}/{filename}"


def report_key(import_id: str) -> str:
    """``imports/imp_01ABC/report.jsonl``: every rejected cell, one a line."""
    return f"{IMPORTS}{import_id}/report.jsonl"


def error_file_key(import_id: str, format_: ErrorFormat = "xlsx") -> str:
    """``imports/imp_01ABC/errors.xlsx``: every rejected row with its reasons, to be corrected and uploaded."""
    return f"{IMPORTS}{import_id}/errors.{format_}"


def summary_key(import_id: str) -> str:
    """``imports/imp_01ABC/summary.json``."""
    return f"{IMPORTS}{import_id}/summary.json"


def result_key(import_id: str, part: int) -> str:
    """``imports/imp_01ABC/results/00001.json``."""
    return f"{IMPORTS}{import_id}/results/{part:05d}.json"


def cut_key(import_id: str, part: int) -> str:
    """``imports/imp_01ABC/parts/00001.jsonl``."""
    return f"{IMPORTS}{import_id}/parts/{part:05d}.jsonl"


def asked_key(import_id: str, number: int) -> str:
    """``imports/imp_01ABC/values/00001.json``: what a person was asked about values, the first time."""
    return f"{IMPORTS}{import_id}/values/{number:05d}.json"


def undo_log_key(import_id: str, part: int) -> str:
    """``imports/imp_01ABC/undo/00001.json``."""
    return f"{IMPORTS}{import_id}/undo/{part:05d}.json"


def lost_rows_key(import_id: str, what: str, part: int) -> str:
    """``imports/imp_01ABC/refused/00001.json``: rows whose undo would lose something, or (``kept``) would have."""
    return f"{IMPORTS}{import_id}/{what}/{part:05d}.json"


def look_key(import_id: str) -> str:
    """``imports/imp_01ABC/look.json``: the first rows of the file, as they are shown to who confirms its columns."""
    return f"{IMPORTS}{import_id}/look.json"


class ImportObjects:
    """An import's objects. Each is written whole, and written again the same by whoever does a part again; but for the
    undo log, which may differ, and is written only by who has seen the one before.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def fetch(self, object_key: str, version_id: str | None, into: BinaryIO) -> None:
        """Copy the uploaded file, in pieces of at most 1 MB."""
        into.writelines(self._bucket.stream(object_key, version_id))

    def size(self, object_key: str, version_id: str | None) -> int:
        """Bytes of the uploaded file; raises ``NotFound``."""
        return self._bucket.head(object_key, version_id).size

    # --- what a person is asked

    def put_asked(self, import_id: str, number: int, asked: Iterable[Asked]) -> None:
        """Keep which values a person is asked about."""
        content = [asdict(one) for one in asked]
        self._bucket.put(asked_key(import_id, number), compact(content).encode())

    def asked(self, import_id: str, number: int) -> tuple[Asked, ...]:
        """Which values a person is asked about; none once they are forgotten."""
        try:
            content = json.loads(self._bucket.get(asked_key(import_id, number)))
        except NotFound:
            return ()
        return tuple(
            Asked(
                one["field"],
                one["header"],
                one["column"],
                tuple(one["options"]),
                tuple(Unknown(**value) for value in one["values"]),
                one["more"],
            )
            for one in content
        )

    def put_look(self, import_id: str, look: Look) -> None:
        """Keep what is shown of the file."""
        content = {
            "sheets": [
                [sheet.name, sheet.rows, sheet.header_row, sheet.header_rows] for sheet in look.sheets
            ],
            "samples": look.samples,
            "encodings": look.encodings,
        }
        self._bucket.put(look_key(import_id), compact(content).encode())

    def look(self, import_id: str) -> Look:
        """What is shown of the file; nothing once it is forgotten."""
        try:
            content = json.loads(self._bucket.get(look_key(import_id)))
        except NotFound:
            return Look()
        return Look(
            tuple(
                ShownSheet(name, tuple((number, tuple(cells)) for number, cells in rows), *header)
                for name, rows, *header in content["sheets"]
            ),
            tuple(map(tuple, content["samples"])),
            tuple((encoding, tuple(texts)) for encoding, texts in content["encodings"]),
        )

    # --- the parts and what came of them

    def put_rows(self, import_id: str, part: int, rows: Iterable[CutRow]) -> None:
        """Keep a part's rows."""
        lines = [compact(_cut_values(row)) + "\n" for row in rows]
        self._bucket.put(cut_key(import_id, part), "".join(lines).encode(), _JSONL)

    def rows(self, import_id: str, part: int) -> list[CutRow]:
        """A part's rows."""
        # At line feeds only: a cell may hold other line ends, which splitlines() would cut at.
        lines = self._bucket.get(cut_key(import_id, part)).split(b"\n")
        return [_cut_row(*json.loads(line)) for line in lines if line]

    def put_result(self, import_id: str, part: int, result: ImportPartResult) -> None:
        """Keep what came of a part."""
        content = {
            "employees": result.employees,
            "rejected": [
                [row.number, row.cells, [_error_values(error) for error in row.errors]]
                for row in result.rejected
            ],
            "unmatched": result.unmatched,
            "done": [[one.row, one.outcome.value, one.employee_id, one.record] for one in result.done],
        }
        self._bucket.put(result_key(import_id, part), compact(content).encode())

    def result(self, import_id: str, part: int) -> ImportPartResult:
        """What came of a part; raises ``NotFound`` before it is counted."""
        from rencai.migration.rules.rows import CellError

        content = json.loads(self._bucket.get(result_key(import_id, part)))
        return ImportPartResult(
            tuple(content["employees"]),
            tuple(
                BadRow(number, cells, tuple(CellError(*error) for error in errors))
                for number, cells, errors in content["rejected"]
            ),
            tuple(content["unmatched"]),
            _done(content),
        )

    def done_rows(self, import_id: str, part: int) -> list[DoneRow]:
        """What came of each row of a part that is counted, in their order; none once they are forgotten."""
        try:
            content = json.loads(self._bucket.get(result_key(import_id, part)))
        except NotFound:
            return []
        rejected = (DoneRow(number, RowOutcome.REJECTED) for number, _, _ in content["rejected"])
        return sorted((*_done(content), *rejected), key=lambda one: one.row)

    # --- the way back

    def put_undo_log(self, import_id: str, part: int, written: Iterable[Written], etag: str | None) -> str:
        """Keep what was there before, sealed values as they are: sealed. ``etag`` is of the log that this one replaces,
        None: it is the first; returns its own. Raises ``LostRace`` when another has kept one since.
        """
        content = [
            [one.row, one.key.pk, one.key.sk, to_item(one.before) if one.before else None] for one in written
        ]
        return self._bucket.put_over(undo_log_key(import_id, part), _with_bytes(content), etag)

    def undo_log(self, import_id: str, part: int) -> list[Written]:
        """What a part wrote, in its order; empty when it wrote nothing."""
        return self.tagged_undo_log(import_id, part)[0]

    def tagged_undo_log(self, import_id: str, part: int) -> tuple[list[Written], str | None]:
        """The same, and its ETag; None: none was ever kept."""
        try:
            body, etag = self._bucket.get_tagged(undo_log_key(import_id, part))
        except NotFound:
            return [], None
        written = [
            Written(row, Key(pk, sk), from_item(before) if before else None)
            for row, pk, sk, before in json.loads(body, object_hook=_bytes_back)
        ]
        return written, etag

    def put_lost_rows(self, import_id: str, what: str, part: int, rows: Sequence[int]) -> None:
        """Keep which rows of a part an undo would lose (``refused``), or left alone (``kept``)."""
        self._bucket.put(lost_rows_key(import_id, what, part), compact(rows).encode())

    def lost_rows(self, import_id: str, what: str, parts: Iterable[int], limit: int) -> list[int]:
        """The first such rows of ``parts`` that have any, in order; none once they are forgotten."""
        found: list[int] = []
        for part in sorted(parts):
            if len(found) >= limit:
                break
            try:
                found += json.loads(self._bucket.get(lost_rows_key(import_id, what, part)))
            except NotFound:
                continue
        return found[:limit]

    # --- the report

    def put_report(self, import_id: str, content: BinaryIO) -> None:
        """Write the report from a file."""
        self._bucket.put_file(report_key(import_id), content, _JSONL)

    def put_error_file(self, import_id: str, format_: ErrorFormat, content: BinaryIO) -> None:
        """Write the error file from a file."""
        self._bucket.put_file(error_file_key(import_id, format_), content, _ERROR_FILES[format_])

    def put_summary(self, import_id: str, summary: Summary) -> None:
        """Keep what the API shows first."""
        content = {
            "errors": [[row, _error_values(error)] for row, error in summary.errors],
            "unmatched": summary.unmatched,
        }
        self._bucket.put(summary_key(import_id), compact(content).encode())

    def summary(self, import_id: str) -> Summary:
        """What the API shows first; empty once it is forgotten."""
        from rencai.migration.rules.rows import CellError

        try:
            content = json.loads(self._bucket.get(summary_key(import_id)))
        except NotFound:
            return Summary()
        return Summary(
            tuple((row, CellError(*error)) for row, error in content["errors"]), tuple(content["unmatched"])
        )

    def download_url(self, object_key: str, valid: timedelta) -> str:
        """A URL from which a report is read."""
        return self._bucket.download_url(object_key, valid)


def report_lines(rows: Iterable[BadRow]) -> Iterator[bytes]:
    """The report: a rejected cell a line."""
    for row in rows:
        for error in row.errors:
            line = {"row": row.number, **error_document(error)}
            yield (compact(line) + "\n").encode()


def error_document(error: "CellError") -> dict[str, str]:
    """A cell's error as the report and the API show it."""
    return {
        "column": error.column,
        "field": error.field,
        "value": error.value,
        "rule": str(error.rule),
        "message": error.message,
        "suggestion": error.suggestion,
    }


def _done(content: Mapping[str, Any]) -> tuple[DoneRow, ...]:
    return tuple(
        DoneRow(row, RowOutcome(outcome), employee_id, record)
        for row, outcome, employee_id, record in content.get("done", ())
    )


def _cut_values(row: CutRow) -> list[Any]:
    marks = {
        str(index): [mark.kind, mark.other] if mark.other else [mark.kind]
        for index, mark in row.source.marks.items()
    }
    return [row.number, row.cells, row.repeats, row.same, marks, row.overlaps]


def _cut_row(
    number: int,
    cells: list[str],
    repeats: int | None,
    same: bool,
    marks: Mapping[str, list[str]],
    overlaps: list[Any] | None = None,
) -> CutRow:
    read = {int(index): Mark(MarkKind(kind), *other) for index, (kind, *other) in marks.items()}
    found = (overlaps[0], overlaps[1], overlaps[2], overlaps[3]) if overlaps else None
    return CutRow(SourceRow(number, cells, read or NO_MARKS), repeats, same, found)


def _error_values(error: "CellError") -> list[str]:
    return list(error_document(error).values())


def _with_bytes(content: Any) -> bytes:
    def encoded(value: Any) -> str:
        return base64.b64encode(value).decode()

    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=encoded).encode()


def _bytes_back(node: dict[str, Any]) -> dict[str, Any]:
    # DynamoDB's own form says what is binary: {"B": ...}, a name no item of ours has within a map.
    return {"B": base64.b64decode(node["B"])} if node.keys() == {"B"} else node
