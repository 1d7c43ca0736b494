"""A part of a file: each line is a result by itself, and a bad one stops no other."""

import json
from datetime import datetime
from functools import partial
from typing import Final

from pydantic import ValidationError

from rencai.interviews.rules.interview import MAX_BYTES, Interview
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.store.raw_results import line_of
from rencai.interviews.store.uploads import LineError, Upload, UploadPartResult, Uploads, UploadStatus
from rencai.kernel.errors import CommonRefusal, DomainError, LostRace
from rencai.kernel.mistakes import TOO_DEEP
from rencai.kernel.wording import at_most, field_errors, json_fault
from rencai.platform.observability import described, logger
from rencai.store.objects import Bucket
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

from . import report
from .ingest import Ingestion, ingestion_of
from .lines import FilePart, Line, lines_of


def parsed(content: bytes) -> Interview:
    """A line as an interview; raises ``DomainError`` or pydantic's ``ValidationError``."""
    if len(content) > MAX_BYTES:
        raise DomainError(InterviewRefusal.LINE_TOO_LONG, size=len(content), limit=MAX_BYTES)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DomainError(
            CommonRefusal.NOT_UTF8, position=error.start + 1, byte=f"{content[error.start]:02x}"
        ) from None
    try:
        return Interview.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise _not_json(text) from None
        raise


def _not_json(text: str) -> DomainError:
    """The standard parser says where better than the fast one: by character, not by line of a one-line text."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return DomainError(CommonRefusal.NOT_JSON, column=error.pos + 1, reason=json_fault(error.msg))
    except (ValueError, RecursionError):
        pass  # a number of thousands of digits, or nested thousands deep: below
    return DomainError(CommonRefusal.NOT_JSON, column=1, reason=json_fault(TOO_DEEP))


def rejection(line: Line, error: DomainError | ValidationError, language: str) -> list[LineError]:
    """Why a line was rejected, in the report's language: its first 20 wrong fields, and how many more there are."""
    if isinstance(error, DomainError):
        return [LineError(line.number, error.path, error.text(language))]
    details = error.errors(include_url=False, include_input=False)
    told = at_most(field_errors(details, language), language)
    return [LineError(line.number, found.path, found.message) for found in told]


_OUR_FAULT: Final = (ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, ValueError)
"""What a bug raises. An outage raises otherwise, and the part is tried again."""


def ingest_part(
    upload: Upload, part: FilePart, *, ingestion: Ingestion, uploads: Uploads, bucket: Bucket, now: datetime
) -> None:
    """Take in a part's lines and count them. Done again it finds its own lines and counts nothing twice."""
    errors: list[LineError] = []
    accepted = rejected = duplicates = 0
    if part.oversized:
        content = b""
        too_long = DomainError(InterviewRefusal.LINE_TOO_LONG, size=part.end - part.start, limit=MAX_BYTES)
        errors.append(LineError(part.first_line, "", too_long.text(upload.language)))
        rejected = 1
    else:
        content = bucket.read(upload.object_key, part.version_id, part.start, part.end)
    for line in lines_of(part, content) if content else ():
        where = line_of(upload.object_key, part.version_id, line.offset, len(line.content))
        try:
            interview = parsed(line.content)
            done = ingestion.ingest(
                interview,
                speaker=upload.speaker,
                source=f"{upload.upload_id}:{line.number}",
                keep_raw=partial(str, where),
                now=now,
            )
        except LostRace:
            raise
        except (DomainError, ValidationError) as error:
            rejected += 1
            errors += rejection(line, error, upload.language)
        except _OUR_FAULT as error:
            # A mistake of ours must not keep the lines after it out, however often the part is tried.
            logger.error("line failed", extra={"line": line.number, "reason": described(error)})
            rejected += 1
            internal = DomainError(CommonRefusal.INTERNAL)
            errors.append(LineError(line.number, "", internal.text(upload.language)))
        else:
            accepted += done.created
            duplicates += not done.created
    report.write_part(bucket, upload.upload_id, part.number, errors)
    result = UploadPartResult(part.number, accepted, rejected, duplicates, has_errors=bool(errors))
    counted = uploads.part_done(upload.upload_id, result)
    report.finish_when_complete(counted, uploads, bucket, now)


def give_up_part(
    upload: Upload, part: FilePart, reason: DomainError, *, uploads: Uploads, bucket: Bucket, now: datetime
) -> None:
    """Count a part's lines as rejected, none of which is read: one of them kills whoever does."""
    if upload.status is not UploadStatus.RUNNING:
        return
    if part.number in upload.parts_done:
        # It is the report of the whole that cannot be made.
        uploads.given_up(upload, reason.text(upload.language), now, counted=True)
        return
    content = b"" if part.oversized else bucket.read(upload.object_key, part.version_id, part.start, part.end)
    numbers = [line.number for line in lines_of(part, content)] or [part.first_line]
    lines = DomainError(
        InterviewRefusal.LINES_GIVEN_UP, last=numbers[-1], reason=reason.text(upload.language)
    )
    report.write_part(
        bucket, upload.upload_id, part.number, [LineError(numbers[0], "", lines.text(upload.language))]
    )
    result = UploadPartResult(part.number, 0, len(numbers), 0, has_errors=True)
    report.finish_when_complete(uploads.part_done(upload.upload_id, result), uploads, bucket, now)


def give_up(wired: Wired, body: str, reason: DomainError) -> None:
    """A part that kills whoever reads it."""
    message = json.loads(body)
    uploads = wired.interviews.uploads
    give_up_part(
        uploads.get(message["upload_id"]),
        FilePart(**message["part"]),
        reason,
        uploads=uploads,
        bucket=wired.bucket,
        now=wired.clock(),
    )


def act(wired: Wired, body: str) -> None:
    """The parts queue calls this."""
    message = json.loads(body)
    uploads = wired.interviews.uploads
    ingest_part(
        uploads.get(message["upload_id"]),
        FilePart(**message["part"]),
        ingestion=ingestion_of(wired),
        uploads=uploads,
        bucket=wired.bucket,
        now=wired.clock(),
    )


handler = on_message(act, give_up)
