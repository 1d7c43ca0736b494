"""An import's report and error file, put together from what its parts left in the bucket."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final, cast

from rencai.migration.rules.rows import CellError
from rencai.migration.store.imports import Import, ImportStatus
from rencai.migration.store.objects import ImportPartResult, Summary, report_lines

from .importing import Importing

SHOWN: Final = 100
"""Errors, and people not found, that the API shows; all of them are in the report."""


def finish_when_complete(known: Import, importing: Importing, now: datetime) -> None:
    """Close an import whose parts are all counted. Whoever counts the last part comes here; twice does no harm."""
    if known.status is not ImportStatus.RUNNING or not known.complete:
        return
    if known.counts.rejected:
        _write(known, importing)
    importing.imports.finished(known, now)


def _write(known: Import, importing: Importing) -> None:
    """On the disk first: an error file may be longer than memory."""
    # How files are read comes with it, and most parts need neither.
    from rencai.migration.rules.files import error_file

    objects = importing.objects
    shown: list[tuple[int, CellError]] = []
    unmatched: dict[str, None] = {}
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as lines:

        def rejected() -> Iterator[tuple[list[str], tuple[CellError, ...]]]:
            for result in _results(known, importing):
                unmatched.update(dict.fromkeys(result.unmatched))
                lines.writelines(report_lines(result.rejected))
                for row in result.rejected:
                    shown.extend((row.number, error) for error in row.errors[: SHOWN - len(shown)])
                    yield row.cells, row.errors

        headers = [column.header for column in known.columns or ()]
        file.writelines(error_file(headers, rejected()))
        file.seek(0)
        lines.seek(0)
        objects.put_error_file(known.import_id, cast(BinaryIO, file))
        objects.put_report(known.import_id, cast(BinaryIO, lines))
    objects.put_summary(known.import_id, Summary(tuple(shown), tuple(unmatched)[:SHOWN]))


def _results(known: Import, importing: Importing) -> Iterator[ImportPartResult]:
    return (importing.objects.result(known.import_id, part) for part in sorted(known.parts_done))
