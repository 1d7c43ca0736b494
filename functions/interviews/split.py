"""An object was dropped under ``interviews/``: look at it, cut it into parts, hand them to the parts queue."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from urllib.parse import unquote_plus

from rencai.interviews.rules.interview import MAX_BYTES
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.store.uploads import (
    MAX_FILE_BYTES,
    LineError,
    Upload,
    UploadPartResult,
    Uploads,
    UploadStatus,
)
from rencai.kernel.errors import DomainError, NotFound
from rencai.kernel.ids import Ids
from rencai.platform.observability import logger
from rencai.store.file_requests import refuse_by_size
from rencai.store.objects import INTERVIEWS, Bucket
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

from . import report
from .lines import MAX_LINES, FilePart, is_blank, is_one_document, parts, refuse_unreadable


@dataclass(frozen=True, slots=True)
class DroppedObject:
    """What S3 tells of an object; ``version`` tells two contents under one key apart."""

    key: str
    version: str
    version_id: str | None
    at: datetime


def dropped_objects(body: str) -> Iterator[DroppedObject]:
    """The objects an S3 notification speaks of; its test message speaks of none."""
    for record in json.loads(body).get("Records", []):
        described = record["s3"]["object"]
        if described["key"].endswith("/"):
            continue  # what S3's console calls a folder
        yield DroppedObject(
            key=unquote_plus(described["key"]),
            version=described.get("versionId") or described.get("eTag") or record["eventTime"],
            version_id=described.get("versionId"),
            at=datetime.fromisoformat(record["eventTime"]),
        )


def split_upload(
    dropped: DroppedObject,
    *,
    uploads: Uploads,
    bucket: Bucket,
    send: Callable[[str, FilePart], None],
    ids: Ids,
    language: str,
    now: datetime,
) -> None:
    """Cut one object into parts. Done again it hands out the same parts, which count once."""
    upload = _upload_of(dropped, uploads, ids, language)
    if upload.status in (UploadStatus.FINISHED, UploadStatus.FAILED):
        return
    uploads.started(upload.upload_id, dropped.version_id)
    try:
        head = bucket.head(dropped.key, dropped.version_id)
        refuse_by_size(head.size, MAX_FILE_BYTES, upload.size)
        start = bucket.read(dropped.key, dropped.version_id, 0, min(head.size, MAX_BYTES))
        if head.size <= MAX_BYTES and is_blank(start):
            raise DomainError(InterviewRefusal.FILE_EMPTY)
        refuse_unreadable(start)
    except DomainError as error:
        logger.info("file refused", extra={"upload_id": upload.upload_id, "reason": error.code})
        refused = LineError(0, "", error.text(upload.language))
        key = report.write(bucket, upload.upload_id, [refused])
        uploads.failed(upload.upload_id, refused, key, now)
        return
    if head.size <= MAX_BYTES and is_one_document(start):
        send(upload.upload_id, FilePart(1, 0, head.size, 1, document=True, version_id=dropped.version_id))
        total = 1
    else:
        total = _hand_out(upload, dropped, uploads, bucket, send)
    split = uploads.split(upload.upload_id, total)
    report.finish_when_complete(split, uploads, bucket, now)
    logger.info("file split", extra={"upload_id": upload.upload_id, "parts": total, "bytes": head.size})


def _hand_out(
    upload: Upload,
    dropped: DroppedObject,
    uploads: Uploads,
    bucket: Bucket,
    send: Callable[[str, FilePart], None],
) -> int:
    """Send every part; returns how many there are to be counted."""
    total = 0
    try:
        for part in parts(bucket.stream(dropped.key, dropped.version_id)):
            total += 1
            send(upload.upload_id, replace(part, version_id=dropped.version_id))
    except DomainError as error:
        # Too many lines: those before the limit count, and the report says where reading stopped.
        total += 1
        rest = LineError(MAX_LINES + 1, "", error.text(upload.language))
        report.write_part(bucket, upload.upload_id, total, [rest])
        uploads.part_done(upload.upload_id, UploadPartResult(total, 0, 0, 0, has_errors=True))
    return total


def _upload_of(dropped: DroppedObject, uploads: Uploads, ids: Ids, language: str) -> Upload:
    """The upload this object belongs to: the one whose URL it was PUT to, or one of its own.

    What is PUT to a URL once more gets an upload of its own as well, and stays its client's.
    """
    client_id = None
    claimed = dropped.key.removeprefix(f"{INTERVIEWS}uploads/").partition("/")[0]
    if claimed.startswith("upl_"):
        try:
            upload = uploads.get(claimed)
        except NotFound:
            pass  # dropped there by hand: it gets an upload of its own, below
        else:
            if upload.object_key == dropped.key:
                if upload.version_id in (None, dropped.version_id):
                    return upload
                client_id = upload.client_id
    upload_id = ids.upload_id(dropped.at, dropped.key, dropped.version)
    own = Upload(upload_id, dropped.key, dropped.key, dropped.at, language, client_id=client_id)
    return uploads.create(own)


def give_up(wired: Wired, body: str, reason: DomainError) -> None:
    """A file that kills whoever cuts it fails; parts that were handed out are read all the same."""
    uploads = wired.interviews.uploads
    for dropped in dropped_objects(body):
        upload = _upload_of(dropped, uploads, wired.ids, wired.settings.language)
        uploads.started(upload.upload_id, dropped.version_id)
        uploads.given_up(upload, reason.text(upload.language), wired.clock(), counted=False)


def act(wired: Wired, body: str) -> None:
    """The queue of S3 notifications calls this."""
    queue = wired.outbox("PARTS_QUEUE_URL")

    def send(upload_id: str, part: FilePart) -> None:
        queue.send({"upload_id": upload_id, "part": asdict(part)})

    for dropped in dropped_objects(body):
        split_upload(
            dropped,
            uploads=wired.interviews.uploads,
            bucket=wired.bucket,
            send=send,
            ids=wired.ids,
            language=wired.settings.language,
            now=wired.clock(),
        )


handler = on_message(act, give_up)
