"""A file was put under ``imports/uploads/``, or its columns were confirmed: it is looked at and cut into parts.

The whole file is read before a row of it is written: what breaks off in the middle has changed nothing.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from urllib.parse import unquote_plus

from rencai import wiring
from rencai.domain.errors import DomainError, LostRace, NotFound, Refusal
from rencai.domain.import_columns import guess, needs_confirmation
from rencai.domain.import_files import MAX_FILE_BYTES, SourceTable, read_table
from rencai.domain.import_rows import ImportRow
from rencai.platform.consumer import BusEvent, consume
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.import_objects import UPLOADED, CutRow
from rencai.store.imports import Import, ImportStatus

from . import report
from .importing import Importing, Reading, wired_importing

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

PART_ROWS: Final = 500
MAX_HEADER: Final = 200
"""Characters of a column's name."""
_DIGEST_BYTES: Final = 16


class PartsQueue:
    """Where parts wait to be read."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, import_id: str, part: int) -> None:
        """Hand over a part. One at a time: a file has at most 400."""
        body = json.dumps({"import_id": import_id, "part": part})
        self._client.send_message(QueueUrl=self._url, MessageBody=body)


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
        mapping = importing.configurations.import_mapping(known.source)
        known = imports.started(import_id, version_id, mapping.version, now)
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
    if size > MAX_FILE_BYTES:
        raise DomainError(Refusal.FILE_TOO_LARGE, size=size, limit=MAX_FILE_BYTES)
    with tempfile.NamedTemporaryFile() as copy:
        # A spreadsheet is a zip, whose directory is at its end; and a file may be looked at more than once.
        importing.objects.fetch(known.object_key, known.version_id, cast(BinaryIO, copy))
        copy.flush()
        table = read_table(known.filename, partial(_opened, copy.name))
        if known.columns is None:
            known = _looked(known, table, importing)
        if known.status is not ImportStatus.READING:
            return known
        rows = parts = 0
        for part in cut(table.rows(), importing.reading(known)):
            parts += 1
            rows += len(part)
            importing.objects.put_rows(known.import_id, parts, part)
    logger.info("file split", extra={"import_id": known.import_id, "parts": parts, "bytes": size})
    return importing.imports.running(known.import_id, rows, parts)


def _opened(path: str) -> BinaryIO:
    return Path(path).open("rb")


def _looked(known: Import, table: SourceTable, importing: Importing) -> Import:
    for header in table.headers:
        if len(header) > MAX_HEADER:
            raise DomainError(Refusal.CELL_TOO_LONG, size=len(header), limit=MAX_HEADER)
    mapping = importing.configurations.import_mapping(known.source, known.mapping_version).document
    columns = guess(known.kind, table.headers, mapping)
    confirming = needs_confirmation(known.kind, columns)
    return importing.imports.looked(known.import_id, columns, confirming=confirming)


def cut(rows: Iterator[tuple[int, list[str]]], reading: Reading) -> Iterator[list[CutRow]]:
    """Parts of at most ``PART_ROWS`` rows, blank ones left out; one part is in memory at a time.

    Beside it, of every row what it is about and what it says, as digests: about 280 bytes a row, 55 MB for the longest
    file. So a row that repeats another is known wherever the other is.
    """
    part: list[CutRow] = []
    first: dict[bytes, tuple[int, bytes]] = {}
    for number, cells in rows:
        read = reading.row(number, cells)
        if read is None:
            continue
        repeats, same = _repeated(read, first) if isinstance(read, ImportRow) else (None, False)
        part.append(CutRow(number, cells, repeats, same))
        if len(part) == PART_ROWS:
            yield part
            part = []
    if part:
        yield part


def _repeated(row: ImportRow, first: dict[bytes, tuple[int, bytes]]) -> tuple[int | None, bool]:
    said = _digest(row.record)
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


def told_imports(body: str) -> Iterator[tuple[str, str | None]]:
    """The imports a message speaks of, with the version of the object S3 tells of; its test message speaks of none."""
    message = json.loads(body)
    if "detail-type" in message:
        yield BusEvent.model_validate(message).detail.subject.id, None
        return
    for record in message.get("Records", []):
        described = record["s3"]["object"]
        import_id, _, filename = unquote_plus(described["key"]).removeprefix(UPLOADED).partition("/")
        if filename:
            yield import_id, described.get("versionId")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of S3 notifications and confirmed columns calls this."""
    queue = PartsQueue(wiring.client("sqs"), settings()["PARTS_QUEUE_URL"])

    def act(body: str) -> None:
        for import_id, version_id in told_imports(body):
            try:
                split_import(
                    import_id,
                    version_id,
                    importing=wired_importing(),
                    send=queue.send,
                    now=wiring.clock(),
                )
            except NotFound:
                # Nobody asked for a URL: dropped there by hand, and of no kind that is known.
                logger.warning("file without an import", extra={"import_id": import_id[:40]})

    return consume(event, context, wiring.queue(), act)
