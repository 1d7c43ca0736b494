"""The import report: rejected lines, part by part in the bucket, put together when the last part is counted."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rencai.interviews.store.uploads import LineError, Upload, Uploads, UploadStatus
from rencai.store.objects import Bucket

SHOWN: Final = 100
"""Errors the API shows; the whole list is in the report."""
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


def write_part(bucket: Bucket, upload_id: str, number: int, errors: Sequence[LineError]) -> None:
    """Write a part's rejected lines, if there are any."""
    if errors:
        bucket.put(_part_key(upload_id, number), _encoded(errors), _CONTENT_TYPE)


def write(bucket: Bucket, upload_id: str, errors: Sequence[LineError]) -> str:
    """Write the whole report."""
    return bucket.put(f"reports/{upload_id}.jsonl", _encoded(errors), _CONTENT_TYPE)


def finish_when_complete(upload: Upload, uploads: Uploads, bucket: Bucket, now: datetime) -> None:
    """Close an upload whose parts are all counted. Whoever counts the last part comes here; twice does no harm."""
    if upload.status is not UploadStatus.RUNNING or len(upload.parts_done) != upload.parts_total:
        return
    keys = [_part_key(upload.upload_id, number) for number in sorted(upload.parts_with_errors)]
    content = b"".join(bucket.get(key) for key in keys)
    key = bucket.put(f"reports/{upload.upload_id}.jsonl", content, _CONTENT_TYPE)
    first = [json.loads(line) for line in content.splitlines()[:SHOWN]]
    errors = [LineError(error["line"], error["path"], error["message"]) for error in first]
    uploads.finished(upload, errors, key, now)
