"""The import report: rejected lines, part by part in the bucket, put together when the last part is counted.

It is put together on the disk: memory does not grow with it.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, Final, cast

from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.store.uploads import LineError, Upload, Uploads, UploadStatus
from rencai.kernel.errors import DomainError
from rencai.store.objects import Bucket

SHOWN: Final = 100
"""Errors the API shows; the whole list is in the report."""
MAX_BYTES: Final = 256 * 1024 * 1024
"""Of the report; the disk of a function has 512 MB. Only a file of hundreds of megabytes, bad from end to end and with
names as long as they may be, comes to that; the report then says how far it goes.
"""
_CONTENT_TYPE: Final = "application/jsonl; charset=utf-8"


def _encoded(errors: Sequence[LineError]) -> bytes:
    lines = [
        json.dumps({"line": error.line, "path": error.path, "message": error.message}, ensure_ascii=False)
        + "\n"
        for error in errors
    ]
    return "".join(lines).encode()


def _part_key(upload_id: str, number: int) -> str:
    return f"reports/{upload_id}/part-{number:05d}.jsonl"


def _report_key(upload_id: str) -> str:
    return f"reports/{upload_id}.jsonl"


def write_part(bucket: Bucket, upload_id: str, number: int, errors: Sequence[LineError]) -> None:
    """Write a part's rejected lines, if there are any."""
    if errors:
        bucket.put(_part_key(upload_id, number), _encoded(errors), _CONTENT_TYPE)


def write(bucket: Bucket, upload_id: str, errors: Sequence[LineError]) -> str:
    """Write the whole report."""
    return bucket.put(_report_key(upload_id), _encoded(errors), _CONTENT_TYPE)


def finish_when_complete(upload: Upload, uploads: Uploads, bucket: Bucket, now: datetime) -> None:
    """Close an upload whose parts are all counted. Whoever counts the last part comes here; twice does no harm."""
    if upload.status is not UploadStatus.RUNNING or len(upload.parts_done) != upload.parts_total:
        return
    with tempfile.TemporaryFile() as file:
        file.writelines(_put_together(upload, bucket))
        file.seek(0)
        first = [json.loads(line) for line, _ in zip(file, range(SHOWN), strict=False)]
        file.seek(0)
        key = bucket.put_file(_report_key(upload.upload_id), cast(BinaryIO, file), _CONTENT_TYPE)
    errors = [LineError(error["line"], error["path"], error["message"]) for error in first]
    uploads.finished(upload, errors, key, now)


def _put_together(upload: Upload, bucket: Bucket) -> Iterator[bytes]:
    """The parts' reports in the order of the file, up to ``MAX_BYTES``."""
    size = 0
    for number in sorted(upload.parts_with_errors):
        # A hundred lines, twenty mistakes each: never more than a few megabytes.
        part = bucket.get(_part_key(upload.upload_id, number))
        size += len(part)
        if size > MAX_BYTES:
            cut = DomainError(InterviewRefusal.REPORT_CUT, limit=MAX_BYTES // 1024**2)
            yield _encoded([LineError(0, "", cut.text(upload.language))])
            return
        yield part
