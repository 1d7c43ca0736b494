"""Import files: how far each has come; a part that is delivered again counts once."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from rencai.interviews.rules.speakers import DROPPED_FILE, Door, Speaker
from rencai.kernel import ids
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.store.file_requests import put_once
from rencai.store.table import (
    ABSENT,
    Condition,
    Item,
    Key,
    Table,
    compact,
    from_cursor,
    instant,
    to_cursor,
    to_events,
)

MAX_FILE_BYTES: Final = 1024 * 1024 * 1024
"""1 GiB; a larger file is refused by its size, before a byte of it is read."""


def upload_key(upload_id: str) -> Key:
    """``UPLOADS`` / ``upl_01ABC``: one partition, newest last; a tenant has few files and many lines."""
    return Key("UPLOADS", upload_id)


def own_key(client_id: str, upload_id: str) -> Key:
    """``UPLOADS#4k2mexampleclient`` / ``upl_01ABC``: the files of one client, newest last."""
    return Key(f"UPLOADS#{client_id}", upload_id)


def file_key(filename: str, upload_id: str) -> Key:
    """``FILE#interviews/x.jsonl`` / ``upl_01ABC``: what came of a file, by its name."""
    return Key(f"FILE#{filename}", upload_id)


def request_key(idempotency_key: str) -> Key:
    """``REQUEST#client#key-1`` / ``UPLOAD``: what a request with that Idempotency-Key made."""
    return Key(f"REQUEST#{idempotency_key}", "UPLOAD")


class UploadStatus(StrEnum):
    """``waiting`` for the file, ``running``, ``finished`` (errors of single lines included), ``failed`` as a whole."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line was rejected; ``line`` counts from 1 (0: the file as a whole), ``path`` is the field."""

    line: int
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Upload:
    """An import file. ``language`` is what its report is written in, ``size`` the bytes that the client said it has,
    ``client_id`` the OAuth client that asked for its URL: None for one that was dropped in the bucket.
    """

    upload_id: str
    filename: str
    object_key: str
    created_at: datetime
    language: str
    status: UploadStatus = UploadStatus.WAITING
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    parts_done: frozenset[int] = frozenset()
    parts_with_errors: frozenset[int] = frozenset()
    parts_total: int | None = None
    version_id: str | None = None
    errors: tuple[LineError, ...] = ()
    report_key: str | None = None
    request_digest: str | None = None
    size: int | None = None
    client_id: str | None = None

    @property
    def speaker(self) -> Speaker:
        """Who brings what it holds."""
        return DROPPED_FILE if self.client_id is None else Speaker(Door.CLIENT, self.client_id)


@dataclass(frozen=True, slots=True)
class UploadPartResult:
    """What came of one part. ``has_errors``: it left a report of its own in the bucket."""

    number: int
    accepted: int
    rejected: int
    duplicates: int
    has_errors: bool


class Uploads:
    """Import files and their progress."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, upload: Upload, idempotency_key: str | None = None) -> Upload:
        """Put an upload on record. The one that is there already - under this id, or made with this key - stays, and
        is returned.
        """
        writes = [
            self._table.put_action(upload_key(upload.upload_id), _to_item(upload), ABSENT),
            self._table.put_action(file_key(upload.filename, upload.upload_id), {}),
        ]
        if upload.client_id:
            writes.append(
                self._table.put_action(
                    own_key(upload.client_id, upload.upload_id), {"filename": upload.filename}
                )
            )
        request = request_key(idempotency_key) if idempotency_key else None
        known = put_once(self._table, writes, {"upload_id": upload.upload_id}, request)
        return self.get(known) if known else upload

    def get(self, upload_id: str, of: str | None = None) -> Upload:
        """One upload; raises ``NotFound``, with ``of`` also for one that is not that client's."""
        item = self._table.get(upload_key(upload_id))
        if item is None or (of is not None and item.get("client_id") != of):
            raise NotFound("upload", upload_id)
        return _from_item(item)

    def page(
        self, filename: str | None, limit: int, cursor: str | None, of: str | None = None
    ) -> tuple[list[Upload], str | None]:
        """Uploads, newest first; with ``filename`` those of that file. With ``of`` those of that client: of a file
        perhaps fewer than ``limit`` and still a next page, so that nobody hears of another's file of that name.
        """
        pk = own_key(of, "").pk if of is not None else f"FILE#{filename}" if filename else "UPLOADS"
        items, last = self._table.query(pk, limit=limit, start=from_cursor(cursor), newest_first=True)
        if of is not None and filename:
            items = [item for item in items if item["filename"] == filename]
        found = (
            [self.get(item["sk"]) for item in items] if of is not None or filename else map(_from_item, items)
        )
        return [*found], to_cursor(last)

    def started(self, upload_id: str, version_id: str | None) -> None:
        """The file has come and is being split."""
        running = {"status": UploadStatus.RUNNING.value, "version_id": version_id or ""}
        open_ = Condition(
            "#status IN (:waiting, :running)",
            {"#status": "status"},
            {":waiting": UploadStatus.WAITING.value, ":running": UploadStatus.RUNNING.value},
        )
        with suppress(LostRace):
            self._table.update(upload_key(upload_id), running, open_)

    def split(self, upload_id: str, parts_total: int) -> Upload:
        """All parts are handed out; now it is known how many there are."""
        return _from_item(self._table.update(upload_key(upload_id), {"parts_total": parts_total}))

    def part_done(self, upload_id: str, result: UploadPartResult) -> Upload:
        """Count a part, once however often it is delivered: one conditional write, so parts that finish together do
        not get in each other's way.
        """
        number = frozenset({result.number})
        add: dict[str, int | frozenset[int]] = {
            "accepted": result.accepted,
            "rejected": result.rejected,
            "duplicates": result.duplicates,
            "parts_done": number,
        }
        if result.has_errors:
            add["parts_with_errors"] = number
        uncounted = Condition("NOT contains(parts_done, :part)", values={":part": result.number})
        try:
            return _from_item(self._table.update(upload_key(upload_id), {}, uncounted, add=add))
        except LostRace:
            return self.get(upload_id)

    def finished(self, upload: Upload, errors: list[LineError], report_key: str, now: datetime) -> None:
        """Every part is counted and the report is written; tells ``import.finished``."""
        counts = {"accepted": upload.accepted, "rejected": upload.rejected, "duplicates": upload.duplicates}
        self._close(upload.upload_id, UploadStatus.FINISHED, errors, report_key, counts, now)

    def failed(self, upload_id: str, error: LineError, report_key: str | None, now: datetime) -> None:
        """The file as a whole cannot be read; the original stays where it is."""
        counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
        self._close(upload_id, UploadStatus.FAILED, [error], report_key, counts, now)

    def given_up(self, upload: Upload, reason: str, now: datetime, *, counted: bool) -> None:
        """Whoever had it died with it, or failed to the last: it is closed with what is counted so far. ``counted``:
        that is all of it, and only its report is missing.
        """
        counts = {"accepted": upload.accepted, "rejected": upload.rejected, "duplicates": upload.duplicates}
        status = UploadStatus.FINISHED if counted else UploadStatus.FAILED
        self._close(upload.upload_id, status, [LineError(0, "", reason)], None, counts, now)

    def _close(
        self,
        upload_id: str,
        status: UploadStatus,
        errors: list[LineError],
        report_key: str | None,
        counts: dict[str, int],
        now: datetime,
    ) -> None:
        event = Event(ids.event_id(upload_id, 1, 0), EventName.IMPORT_FINISHED, now, counts)
        values: dict[str, Any] = {
            "status": status.value,
            "errors": compact([[e.line, e.path, e.message] for e in errors]),
            "events": to_events([event]),
        }
        if report_key:
            values["report_key"] = report_key
        still_open = Condition(
            "#status = :open", {"#status": "status"}, {":open": UploadStatus.RUNNING.value}
        )
        with suppress(LostRace):
            self._table.update(upload_key(upload_id), values, still_open)


def _to_item(upload: Upload) -> Item:
    return {
        "filename": upload.filename,
        "object_key": upload.object_key,
        "created_at": instant(upload.created_at),
        "language": upload.language,
        "status": upload.status.value,
        "version_id": upload.version_id,
        "request_digest": upload.request_digest,
        "size": upload.size,
        "client_id": upload.client_id,
        "accepted": 0,
        "rejected": 0,
        "duplicates": 0,
    }


def _from_item(item: Item) -> Upload:
    return Upload(
        upload_id=item["sk"],
        filename=item["filename"],
        object_key=item["object_key"],
        created_at=datetime.fromisoformat(item["created_at"]).astimezone(UTC),
        language=item["language"],
        status=UploadStatus(item["status"]),
        accepted=item["accepted"],
        rejected=item["rejected"],
        duplicates=item["duplicates"],
        parts_done=item.get("parts_done", frozenset()),
        parts_with_errors=item.get("parts_with_errors", frozenset()),
        parts_total=item.get("parts_total"),
        version_id=item.get("version_id") or None,
        errors=tuple(LineError(*error) for error in json.loads(item.get("errors", "[]"))),
        report_key=item.get("report_key"),
        request_digest=item.get("request_digest"),
        size=item.get("size"),
        client_id=item.get("client_id"),
    )
