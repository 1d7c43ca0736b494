"""An import without AWS: bucket, uploads and ingestion in memory."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from functions.interviews.ingest import Ingested, Ingestion
from functions.interviews.lines import FilePart
from functions.interviews.part import give_up_part, ingest_part
from functions.interviews.split import DroppedObject, split_upload
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.rules.speakers import InterviewVendors, Speaker
from rencai.interviews.store.uploads import LineError, Upload, UploadPartResult, Uploads, UploadStatus
from rencai.kernel.errors import Conflict, DomainError, NotFound
from rencai.store.objects import Bucket, ObjectHead
from tests.builders import NOW, encoded, result
from tests.keyed import IDS
from tests.template import ROOT

EVENTS = ROOT / "tests" / "fixtures" / "events"
DROPPED = DroppedObject("interviews/x.jsonl", "v1", "v1", NOW)
UPLOAD_ID = IDS.upload_id(NOW, DROPPED.key, "v1")


class MemoryBucket(Bucket):
    """Objects in a dictionary; ``size`` can lie, so that a 2 GB file need not be there."""

    def __init__(self, content: bytes = b"", size: int | None = None) -> None:
        self.objects = {DROPPED.key: content}
        self.size = size
        self.was_read = 0

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> str:
        assert content_type == "application/jsonl; charset=utf-8"
        self.objects[key] = body
        return key

    def put_file(self, key: str, content: BinaryIO, content_type: str) -> str:
        return self.put(key, content.read(), content_type)

    def head(self, key: str, version_id: str | None) -> ObjectHead:
        return ObjectHead(len(self.objects[key]) if self.size is None else self.size, "v1")

    def get(self, key: str) -> bytes:
        return self.objects[key]

    def read(self, key: str, version_id: str | None, start: int, end: int) -> bytes:
        assert version_id == "v1"
        self.was_read += end - start
        return self.objects[key][start:end]

    def stream(self, key: str, version_id: str | None) -> Iterator[bytes]:
        content = self.objects[key]
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    def report(self) -> list[tuple[int, str, str]]:
        content = self.objects[f"reports/{UPLOAD_ID}.jsonl"].decode()
        return [(e["line"], e["path"], e["message"]) for e in map(json.loads, content.splitlines())]


class MemoryUploads(Uploads):
    """One upload; parts are counted once, as the table does."""

    def __init__(self, *known: Upload) -> None:
        self.known = {upload.upload_id: upload for upload in known}
        self.results: dict[int, UploadPartResult] = {}

    def create(self, upload: Upload, idempotency_key: str | None = None) -> Upload:
        return self.known.setdefault(upload.upload_id, upload)

    def get(self, upload_id: str, of: str | None = None) -> Upload:
        if upload_id not in self.known:
            raise NotFound("upload", upload_id)
        return self.known[upload_id]

    def _changed(self, upload_id: str, **changes: Any) -> Upload:
        self.known[upload_id] = replace(self.known[upload_id], **changes)
        return self.known[upload_id]

    def started(self, upload_id: str, version_id: str | None) -> None:
        self._changed(upload_id, status=UploadStatus.RUNNING, version_id=version_id)

    def split(self, upload_id: str, parts_total: int) -> Upload:
        return self._changed(upload_id, parts_total=parts_total)

    def part_done(self, upload_id: str, result: UploadPartResult) -> Upload:
        before = self.known[upload_id]
        if result.number in self.results:
            return before
        self.results[result.number] = result
        return self._changed(
            upload_id,
            parts_done=before.parts_done | {result.number},
            parts_with_errors=before.parts_with_errors | ({result.number} if result.has_errors else set()),
            accepted=before.accepted + result.accepted,
            rejected=before.rejected + result.rejected,
            duplicates=before.duplicates + result.duplicates,
        )

    def finished(self, upload: Upload, errors: list[LineError], report_key: str, now: datetime) -> None:
        self._changed(
            upload.upload_id, status=UploadStatus.FINISHED, errors=tuple(errors), report_key=report_key
        )

    def given_up(self, upload: Upload, reason: str, now: datetime, *, counted: bool) -> None:
        status = UploadStatus.FINISHED if counted else UploadStatus.FAILED
        self._changed(upload.upload_id, status=status, errors=(LineError(0, "", reason),))

    def failed(self, upload_id: str, error: LineError, report_key: str | None, now: datetime) -> None:
        self._changed(upload_id, status=UploadStatus.FAILED, errors=(error,), report_key=report_key)


class MemoryIngestion(Ingestion):
    """Remembers contents by interview id, and knows one role."""

    binding: InterviewVendors

    def __init__(self) -> None:
        object.__setattr__(self, "seen", {})
        object.__setattr__(self, "binding", InterviewVendors(dropped_files="all"))

    def ingest(
        self,
        interview: Interview,
        *,
        speaker: Speaker,
        source: str,
        keep_raw: Callable[[], str],
        now: datetime,
    ) -> Ingested:
        self.binding.refuse_unbound(speaker, interview.vendor, {})
        seen: dict[str, tuple[Interview, str, str]] = self.__dict__["seen"]
        if interview.position.role != "sales":
            raise DomainError(
                InterviewRefusal.UNKNOWN_ROLE, "position.role", role=interview.position.role, known="sales"
            )
        first = seen.setdefault(interview.interview_id, (interview, source, keep_raw()))
        if first[0] != interview:
            raise Conflict(
                InterviewRefusal.INTERVIEW_CHANGED, "interview_id", interview_id=interview.interview_id
            )
        return Ingested(interview.interview_id, "cand_1", created=first[1] == source)


class Import:
    """The whole way of a file, with nothing but memory around it."""

    def __init__(self, content: bytes, *, size: int | None = None, language: str = "en") -> None:
        self.bucket = MemoryBucket(content, size)
        self.uploads = MemoryUploads()
        self.ingestion = MemoryIngestion()
        self.language = language
        self.parts: list[FilePart] = []

    def split(self, dropped: DroppedObject = DROPPED) -> None:
        def send(upload_id: str, part: FilePart) -> None:
            assert self.uploads.known[upload_id].status is UploadStatus.RUNNING
            self.parts.append(part)

        split_upload(
            dropped,
            uploads=self.uploads,
            bucket=self.bucket,
            send=send,
            ids=IDS,
            language=self.language,
            now=NOW,
        )

    def read(self, part: FilePart) -> None:
        ingest_part(
            self.upload,
            part,
            ingestion=self.ingestion,
            uploads=self.uploads,
            bucket=self.bucket,
            now=NOW,
        )

    def give_up(self, part: FilePart, reason: DomainError) -> None:
        give_up_part(self.upload, part, reason, uploads=self.uploads, bucket=self.bucket, now=NOW)

    def run(self) -> "Import":
        self.split()
        for part in self.parts:
            self.read(part)
        return self

    @property
    def upload(self) -> Upload:
        return self.uploads.known[UPLOAD_ID]

    @property
    def outcome(self) -> tuple[str, int, int, int]:
        upload = self.upload
        return upload.status, upload.accepted, upload.rejected, upload.duplicates


def person(number: int, **changes: Any) -> dict[str, Any]:
    return {**result(), "interview_id": f"itv-{number}", **changes}


def jsonl(*documents: Any) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else encoded(one) for one in documents) + b"\n"


MIXED = jsonl(
    person(1),
    b'{"schema": "rencai.interview/1",',
    person(2),
    b"",
    person(3, vendor=""),
    person(4, position={"requisition_id": "R", "role": "chef", "location": "L"}),
    b"\xff\xfe",
    person(1),
    person(1, vendor="other"),
    b"[]",
    b'{"a":' * 3000,
    b'{"a": ' + b"1" * 5000 + b', "b": }',
    person(5),
)
