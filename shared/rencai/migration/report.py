"""An import's report and error file, put together from what its parts left in the bucket."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, BinaryIO, Final, cast

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rows import CellError
from rencai.migration.store.imports import Import, ImportStatus
from rencai.migration.store.objects import BadRow, ImportPartResult, Summary, report_lines

from .importing import Importing

SHOWN: Final = 100
"""Errors, and people not found, that the API shows; all of them are in the report."""
MAX_REPORT_BYTES: Final = 256 * 1024 * 1024
"""Where the report ends, with the part that comes to it, and says so: 400 KB of rows without a required cell make as
much. The error files have every row.
"""


def finish_when_complete(known: Import, importing: Importing, now: datetime) -> None:
    """Close an import whose parts are all counted. Whoever counts the last part comes here; twice does no harm."""
    if known.status is not ImportStatus.RUNNING or not known.complete:
        return
    if known.counts.rejected:
        _write(known, importing)
    importing.imports.finished(known, now)


def _write(known: Import, importing: Importing) -> None:
    """On the disk first: an error file may be longer than memory."""
    # How files are written comes with it, and most parts need none.
    from rencai.migration.rules.rejected import ErrorRows, csv_header, csv_row, xlsx_into

    objects = importing.objects
    shown: list[tuple[int, CellError]] = []
    unmatched: dict[str, None] = {}
    error_rows = ErrorRows([column.header for column in known.columns or ()])
    with (
        tempfile.TemporaryFile() as book,
        tempfile.TemporaryFile() as text,
        tempfile.TemporaryFile() as lines,
    ):
        text.write(csv_header(error_rows.header))
        with xlsx_into(cast(BinaryIO, book)) as sheet:
            sheet.row(error_rows.header)
            for result in _results(known, importing):
                for reference in result.unmatched[: SHOWN - len(unmatched)]:
                    unmatched[reference] = None
                _report(known, result, lines)
                for row in result.rejected:
                    shown.extend((row.number, error) for error in row.errors[: SHOWN - len(shown)])
                    cells = error_rows.row(row.cells, row.errors)
                    sheet.row(cells)
                    text.write(csv_row(cells))
        for file in (book, text, lines):
            file.seek(0)
        objects.put_error_file(known.import_id, "xlsx", cast(BinaryIO, book))
        objects.put_error_file(known.import_id, "csv", cast(BinaryIO, text))
        objects.put_report(known.import_id, cast(BinaryIO, lines))
    objects.put_summary(known.import_id, Summary(tuple(shown), tuple(unmatched)[:SHOWN]))


def _report(known: Import, result: ImportPartResult, lines: IO[bytes]) -> None:
    """The part's errors, unless the report is at its end."""
    size = lines.tell()
    if size < MAX_REPORT_BYTES:
        lines.writelines(report_lines(result.rejected))
        if lines.tell() >= MAX_REPORT_BYTES:
            cut = DomainError(MigrationRefusal.REPORT_CUT, limit=MAX_REPORT_BYTES // 1024**2)
            error = CellError("", "", "", str(cut.code), cut.text(known.language), "")
            lines.writelines(report_lines([BadRow(0, [], (error,))]))


def _results(known: Import, importing: Importing) -> Iterator[ImportPartResult]:
    return (importing.objects.result(known.import_id, part) for part in sorted(known.parts_done))
