"""A file was put under ``imports/uploads/``, or its columns were confirmed: it is looked at and cut into parts.

The whole file is read before a row of it is written: what breaks off in the middle has changed nothing.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from rencai.employees.rules.signals import Leave
from rencai.kernel.configuration import DEFAULT
from rencai.kernel.errors import DomainError, LostRace
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.files import HiddenRowsError, Source, SourceTable, open_source
from rencai.migration.rules.finding import find, is_name
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.rules.limits import MAX_FILE_BYTES
from rencai.migration.rules.no_record import no_record
from rencai.migration.rules.points import PointWatch
from rencai.migration.rules.rows import ImportRow
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.rules.taken import Asked, AskedScale
from rencai.migration.rules.values import Watch
from rencai.migration.store.imports import Import, ImportStatus
from rencai.migration.store.objects import CutRow
from rencai.platform.observability import logger
from rencai.store.file_requests import refuse_by_size

from . import report
from .away import Away
from .importing import Importing
from .mapping import mapping_of
from .reading import Reading, today

PART_ROWS: Final = 500
PART_CHARACTERS: Final = 4 * 1024 * 1024
"""A part ends with the row that comes to so many: it is held whole, its cells several times."""
_DIGEST_BYTES: Final = 16


def split_import(
    import_id: str,
    version_id: str | None,
    *,
    importing: Importing,
    send: Callable[[str, int], None],
    now: datetime,
) -> None:
    """Look at an import's file and cut it. Done again it hands out the same parts, which count once.

    ``version_id`` is the object S3 tells of, None when it is not S3 that tells. The file is the first that comes:
    another, put to the same URL later, is not looked at.
    """
    imports = importing.imports
    known = imports.get(import_id)
    if known.status is ImportStatus.WAITING:
        # What was remembered of the file before counts at once: nobody is asked again within the minute.
        mapping = importing.configurations.newest(IMPORT_MAPPING, known.source).version
        default = None
        if known.source != DEFAULT:
            default = importing.configurations.newest(IMPORT_MAPPING, DEFAULT).version
        known = imports.started(import_id, version_id, mapping, now, default)
    if version_id and version_id != known.version_id:
        return
    if known.status is ImportStatus.READING:
        try:
            known = _read(known, importing)
        except LostRace:
            raise
        except DomainError as error:
            logger.info("file refused", extra={"import_id": import_id, "reason": error.code})
            imports.failed(known, error, now)
            return
    if known.status is not ImportStatus.RUNNING:
        return
    for part in range(1, (known.parts_total or 0) + 1):
        if part not in known.parts_done:
            send(import_id, part)
    report.finish_when_complete(known, importing, now)


def _read(known: Import, importing: Importing) -> Import:
    """Read the file to its end, unless a person has to look at its columns first."""
    size = importing.objects.size(known.object_key, known.version_id)
    refuse_by_size(size, MAX_FILE_BYTES, known.size)
    with tempfile.NamedTemporaryFile() as copy:
        # A spreadsheet is a zip, whose directory is at its end; and a file may be looked at more than once.
        importing.objects.fetch(known.object_key, known.version_id, cast(BinaryIO, copy))
        copy.flush()
        mapping = mapping_of(known, importing.configurations)
        encoding = known.place.encoding if known.place else None
        source = open_source(
            known.filename, partial(_opened, copy.name), is_name(known.kind, mapping), encoding
        )
        if known.columns is None:
            known = _looked(known, source, importing)
        if known.status is not ImportStatus.READING:
            return known
        table = source.table(known.place or find(source, known.kind, mapping).place)
        rows = parts = 0
        watch, points = _watch(known, importing), _points(known, importing)
        try:
            for part in cut(_seen_by(table.rows(), known, watch, points), Reading.of(known, importing)):
                parts += 1
                rows += len(part)
                importing.objects.put_rows(known.import_id, parts, part)
        except HiddenRowsError:
            return importing.imports.hidden_found(known, *_seen(known, table, importing))
        asked, scales = _asked(watch, points)
        if asked or scales:
            # What it was cut into is cut again when it is known what these mean: no row is read before.
            number = known.asked + 1
            importing.objects.put_asked(known.import_id, number, asked)
            return importing.imports.values_asked(known.import_id, number, scales)
    logger.info("file split", extra={"import_id": known.import_id, "parts": parts, "bytes": size})
    return importing.imports.running(known.import_id, rows, parts)


def _opened(path: str) -> BinaryIO:
    return Path(path).open("rb")


def _looked(known: Import, source: Source, importing: Importing) -> Import:
    roles = dict(importing.roles()) if known.kind is ImportKind.PEOPLE else {}
    known = replace(known, roles=roles)
    found = find(source, known.kind, mapping_of(known, importing.configurations), known.place)
    doubts, hidden, asked = found.doubts, None, 0
    scales: Sequence[AskedScale] = ()
    if known.confirm and "columns" not in doubts:
        doubts = (*doubts, "columns")
    if doubts:
        # Whoever is asked is asked of everything at once.
        looked = replace(known, columns=found.columns)
        hidden, asked, scales = _seen(looked, source.table(found.place), importing)
        doubts = (*doubts, "hidden_rows") if hidden and found.place.hidden_rows is None else doubts
    if doubts or known.dry_run:
        look = found.look
        if known.place:
            # Who has chosen an encoding may choose again.
            look = replace(look, encodings=importing.objects.look(known.import_id).encodings)
        importing.objects.put_look(known.import_id, look)
    return importing.imports.looked(
        known, found.place, found.columns, doubts, hidden, asked=asked, roles=roles, scales=scales
    )


def _seen(known: Import, table: SourceTable, importing: Importing) -> tuple[int, int, Sequence[AskedScale]]:
    """Look at all rows, those that the sheet does not show as well: how many of these there are, the number of what a
    person is asked about values, and of which points they are asked which are the best.
    """
    watch, points = _watch(known, importing), _points(known, importing)
    every = replace(table, place=replace(table.place, hidden_rows="read"))
    hidden = sum(row.hidden for row in _seen_by(every.rows(), known, watch, points))
    asked, scales = _asked(watch, points)
    if not asked:
        return hidden, known.asked, scales
    importing.objects.put_asked(known.import_id, known.asked + 1, asked)
    return hidden, known.asked + 1, scales


def _asked(watch: Watch, points: PointWatch) -> tuple[tuple[Asked, ...], tuple[AskedScale, ...]]:
    """What a person is asked about values and about points. Where it is asked which points are the best, nothing is
    guessed of words behind them.
    """
    asked, scales = watch.asked(), points.asked()
    doubted = {one.field for one in scales}
    bare = (
        replace(one, values=tuple(replace(value, guess=None) for value in one.values))
        if one.field in doubted
        else one
        for one in asked
    )
    return tuple(bare), scales


def _seen_by(rows: Iterator[SourceRow], known: Import, *watches: Watch | PointWatch) -> Iterator[SourceRow]:
    """The rows, looked at as they go by; of what is no record nobody is asked."""
    awake = [one for one in watches if one.is_awake]
    for row in rows:
        if awake and no_record(row, known.columns or ()) is None:
            for watch in awake:
                watch.see(row)
        yield row


def _watch(known: Import, importing: Importing) -> Watch:
    mapping = mapping_of(known, importing.configurations)
    return Watch(known.kind, known.columns or (), mapping, today(known, importing), known.said)


def _points(known: Import, importing: Importing) -> PointWatch:
    stated = mapping_of(known, importing.configurations).scales.get(known.kind, {})
    return PointWatch(known.kind, known.columns or (), stated)


def cut(rows: Iterator[SourceRow], reading: Reading) -> Iterator[list[CutRow]]:
    """Parts of at most ``PART_ROWS`` rows, or ``PART_CHARACTERS``, blank ones left out; one part is in memory at once.

    Beside it, of every row what it is about and what it says, as digests, and of leave its days: about 340 bytes a row,
    70 MB for the longest file. So a row that repeats another is known wherever the other is, and leave that leaves no
    room for it.
    """
    part: list[CutRow] = []
    size = 0
    first: dict[bytes, tuple[int, bytes]] = {}
    away = Away()
    for row in rows:
        read = reading.row(row)
        if read is None:
            continue
        repeats, same = _repeated(read, first) if isinstance(read, ImportRow) else (None, False)
        overlaps = None
        if isinstance(read, ImportRow) and isinstance(read.record, Leave) and not repeats:
            # Whose it is; what else a row is about comes behind.
            overlaps = away.overlapped(_digest(read.identity[:3]), read.number, read.record)
        part.append(CutRow(row, repeats, same, overlaps))
        size += sum(map(len, row.cells)) + sum(len(mark.other) for mark in row.marks.values())
        if len(part) == PART_ROWS or size >= PART_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _repeated(row: ImportRow, first: dict[bytes, tuple[int, bytes]]) -> tuple[int | None, bool]:
    said = _digest((row.record, row.period))
    before, said_before = first.setdefault(_digest(row.identity), (row.number, said))
    return (None, False) if before == row.number else (before, said == said_before)


def _digest(value: Any) -> bytes:
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _plain(value: Any) -> Any:
    """A record so that equal ones are the same text: 8 and 8.0 are one number."""
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, tuple | list):
        return [_plain(member) for member in value]
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(member)) for key, member in value.items())
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if value is None or isinstance(value, bool | int) else str(value)
