"""A file dropped in the bucket, without AWS: split, read part by part, reported (A1)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from interview_ingestion import report
from interview_ingestion.ingest import Ingested, Ingestion
from interview_ingestion.lines import MAX_FILE_BYTES, Line, Part
from interview_ingestion.part import ingest_part, parsed, rejection
from interview_ingestion.split import DroppedObject, dropped_objects, split_upload
from rencai.domain.errors import Conflict, DomainError, LostRace, NotFound, Refusal
from rencai.domain.ids import upload_id
from rencai.domain.interview import MAX_BYTES, Interview
from rencai.store.objects import Bucket, ObjectHead
from rencai.store.uploads import LineError, PartResult, Upload, Uploads, UploadStatus
from tests.template import ROOT
from tests.unit.builders import NOW, encoded, result

EVENTS = ROOT / "tests" / "fixtures" / "events"
DROPPED = DroppedObject("interviews/x.jsonl", "v1", "v1", NOW)
UPLOAD_ID = upload_id(NOW, DROPPED.key, "v1")


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
        self.results: dict[int, PartResult] = {}

    def create(self, upload: Upload, idempotency_key: str | None = None) -> Upload:
        return self.known.setdefault(upload.upload_id, upload)

    def get(self, upload_id: str) -> Upload:
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

    def part_done(self, upload_id: str, result: PartResult) -> Upload:
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

    def failed(self, upload_id: str, error: LineError, report_key: str | None, now: datetime) -> None:
        self._changed(upload_id, status=UploadStatus.FAILED, errors=(error,), report_key=report_key)


class MemoryIngestion(Ingestion):
    """Remembers contents by interview id, and knows one role."""

    def __init__(self) -> None:
        object.__setattr__(self, "seen", {})

    def ingest(
        self, interview: Interview, *, source: str, keep_raw: Callable[[], str], now: datetime
    ) -> Ingested:
        seen: dict[str, tuple[Interview, str, str]] = self.__dict__["seen"]
        if interview.position.role != "sales":
            raise DomainError(
                Refusal.UNKNOWN_ROLE, "position.role", role=interview.position.role, known="sales"
            )
        first = seen.setdefault(interview.interview_id, (interview, source, keep_raw()))
        if first[0] != interview:
            raise Conflict(Refusal.INTERVIEW_CHANGED, "interview_id", interview_id=interview.interview_id)
        return Ingested(interview.interview_id, "cand_1", created=first[1] == source)


class Import:
    """The whole way of a file, with nothing but memory around it."""

    def __init__(self, content: bytes, *, size: int | None = None, language: str = "en") -> None:
        self.bucket = MemoryBucket(content, size)
        self.uploads = MemoryUploads()
        self.ingestion = MemoryIngestion()
        self.language = language
        self.parts: list[Part] = []

    def split(self, dropped: DroppedObject = DROPPED) -> None:
        def send(upload_id: str, part: Part) -> None:
            assert self.uploads.known[upload_id].status is UploadStatus.RUNNING
            self.parts.append(part)

        split_upload(
            dropped, uploads=self.uploads, bucket=self.bucket, send=send, language=self.language, now=NOW
        )

    def read(self, part: Part) -> None:
        ingest_part(
            self.upload,
            part,
            ingestion=self.ingestion,
            uploads=self.uploads,
            bucket=self.bucket,
            now=NOW,
        )

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


def test_a1_a_bad_line_never_stops_the_good_ones() -> None:
    done = Import(MIXED).run()
    assert done.outcome == ("finished", 3, 8, 1)
    assert done.bucket.report() == [
        (2, "", "Not valid JSON: at character 33, Expecting property name enclosed in double quotes"),
        (5, "vendor", "should have at least 1 characters"),
        (6, "position.role", "No competency model for role 'chef'; there are: sales"),
        (7, "", "Not UTF-8: byte 1 is 0xff; save it as UTF-8"),
        (
            9,
            "interview_id",
            "Interview id itv-1 was already used for other content; use a new id, or send the same content",
        ),
        (10, "", "should be an object"),
        (11, "", "Not valid JSON: at character 1, not JSON"),
        (12, "", "Not valid JSON: at character 1, not JSON"),
    ]
    assert done.upload.errors == tuple(LineError(*error) for error in done.bucket.report())
    assert done.bucket.objects[DROPPED.key] == MIXED


def test_a1_the_report_speaks_the_uploads_language() -> None:
    done = Import(jsonl(person(1, vendor=""), b"{"), language="zh-CN").run()
    assert done.bucket.report() == [
        (1, "vendor", "至少 1 个字符"),
        (2, "", "不是合法的 JSON:第 2 个字符处,Expecting property name enclosed in double quotes"),
    ]


def test_every_wrong_field_of_a_line_is_named_and_the_line_counts_once() -> None:
    wrong = person(1, vendor="", answers=[])
    done = Import(jsonl(wrong, person(2))).run()
    assert done.outcome == ("finished", 1, 1, 0)
    assert [(line, path) for line, path, _ in done.bucket.report()] == [(1, "vendor"), (1, "answers")]


def test_parts_read_twice_and_in_any_order_count_once() -> None:
    done = Import(jsonl(*(person(number) for number in range(250)), b"{"))
    done.split()
    assert [part.first_line for part in done.parts] == [1, 101, 201]
    for part in (*reversed(done.parts), *done.parts):
        done.read(part)
    assert done.outcome == ("finished", 250, 1, 0)
    assert [line for line, _, _ in done.bucket.report()] == [251]


def test_a_file_split_twice_gives_the_same_parts() -> None:
    done = Import(jsonl(*(person(number) for number in range(250))))
    done.split()
    first = list(done.parts)
    done.parts.clear()
    done.split()
    assert done.parts == first


@pytest.mark.parametrize("content", [jsonl(person(1)), b"[{}]"])
def test_being_told_again_of_a_file_that_is_done_changes_nothing(content: bytes) -> None:
    done = Import(content).run()
    before = done.upload
    done.parts.clear()
    done.split()
    assert (done.parts, done.upload) == ([], before)


def test_a_file_of_2501_lines_is_26_parts() -> None:
    done = Import(b"{}\n" * 2501)
    done.split()
    assert (len(done.parts), done.upload.parts_total) == (26, 26)


def test_the_first_hundred_errors_are_shown_and_all_are_in_the_report() -> None:
    done = Import(b"{x\n" * 150)
    done.split()
    for part in done.parts:
        done.read(part)
    assert (len(done.upload.errors), len(done.bucket.report())) == (100, 150)


@pytest.mark.parametrize("content", [json.dumps(person(1), indent=2).encode(), encoded(person(1))])
def test_a1_one_json_document(content: bytes) -> None:
    assert Import(b"\xef\xbb\xbf" + content).run().outcome == ("finished", 1, 0, 0)


def test_a1_a_broken_document_is_one_error() -> None:
    done = Import(json.dumps(person(1), indent=2).encode()[:-5]).run()
    assert done.outcome == ("finished", 0, 1, 0)
    assert [(line, path) for line, path, _ in done.bucket.report()] == [(1, "")]


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (b"", None, "The file is empty: it holds no interview"),
        (b"\xef\xbb\xbf \n\n", None, "The file is empty: it holds no interview"),
        (b"\x1f\x8b\x08\x00", None, "The file is compressed (gzip); upload it as plain JSON or JSONL"),
        ("{}".encode("utf-16"), None, "The file is UTF-16; save it as UTF-8 and upload it again"),
        (b"[{}]", None, "The file is one JSON array; write one object a line (JSONL)"),
        (
            b"{}",
            2 * 1024**3,
            "The file has 2147483648 bytes; at most 1073741824 are accepted: split it and upload the parts",
        ),
    ],
)
def test_a1_a_file_that_is_refused_whole(content: bytes, size: int | None, message: str) -> None:
    done = Import(content, size=size)
    done.split()
    assert (done.parts, done.upload.parts_total) == ([], None)
    assert done.upload.status is UploadStatus.FAILED
    assert done.upload.errors == (LineError(0, "", message),)
    assert done.bucket.report() == [(0, "", message)]
    assert done.bucket.was_read <= MAX_BYTES
    assert done.bucket.objects[DROPPED.key] == content


def test_a_file_is_refused_by_its_size_before_it_is_read() -> None:
    done = Import(b"{}", size=MAX_FILE_BYTES + 1)
    done.split()
    assert done.bucket.was_read == 0


def test_a1_lines_before_the_limit_count_and_the_report_says_where_reading_stopped() -> None:
    done = Import(b"\n" * 49_999 + encoded(person(1)) + b"\n{}\n").run()
    assert done.outcome == ("finished", 1, 0, 0)
    assert done.bucket.report() == [
        (
            50_001,
            "",
            "The file has more than 50000 lines; nothing after line 50000 was read: upload the rest as another file",
        )
    ]


def test_a1_a_line_over_a_megabyte_is_reported_unread() -> None:
    done = Import(jsonl(person(1), b"x" * (MAX_BYTES + 5), b"y" * (MAX_BYTES + 1), person(2))).run()
    assert done.outcome == ("finished", 2, 2, 0)
    assert done.bucket.report() == [
        (2, "", "The line has 1048582 bytes; at most 1048576 are accepted"),
        (3, "", "The line has 1048577 bytes; at most 1048576 are accepted"),
    ]


def test_a_lost_race_is_not_a_bad_line() -> None:
    class Losing(MemoryIngestion):
        def ingest(self, interview: Interview, **_: Any) -> Ingested:
            raise LostRace

    done = Import(jsonl(person(1)))
    done.ingestion = Losing()
    done.split()
    with pytest.raises(LostRace):
        done.read(done.parts[0])
    assert done.uploads.results == {}


def test_each_lines_raw_place_is_kept() -> None:
    done = Import(jsonl(person(1), person(2))).run()
    seen = done.ingestion.__dict__["seen"]
    size = len(encoded(person(1)))
    assert [(source, raw) for _, source, raw in seen.values()] == [
        (f"{UPLOAD_ID}:1", f"interviews/x.jsonl?versionId=v1#bytes=0+{size}"),
        (f"{UPLOAD_ID}:2", f"interviews/x.jsonl?versionId=v1#bytes={size + 1}+{size}"),
    ]


# --- whose upload is it? ------------------------------------------------------------------------------------


def test_a_file_put_to_an_upload_url_belongs_to_that_upload() -> None:
    key = "interviews/uploads/upl_1/x.jsonl"
    done = Import(jsonl(person(1)))
    done.uploads = MemoryUploads(Upload("upl_1", "x.jsonl", key, NOW, "zh-CN"))
    done.bucket.objects[key] = jsonl(person(1))
    done.split(DroppedObject(key, "v1", "v1", NOW))
    assert done.uploads.known["upl_1"].status is UploadStatus.RUNNING
    assert list(done.uploads.known) == ["upl_1"]


@pytest.mark.parametrize("key", ["interviews/uploads/upl_9/x.jsonl", "interviews/uploads/upl_1/other.jsonl"])
def test_a_file_dropped_there_by_hand_gets_an_upload_of_its_own(key: str) -> None:
    done = Import(b"")
    done.uploads = MemoryUploads(Upload("upl_1", "x.jsonl", "interviews/uploads/upl_1/x.jsonl", NOW, "en"))
    done.bucket.objects[key] = jsonl(person(1))
    done.split(DroppedObject(key, "v1", "v1", NOW))
    assert done.uploads.known["upl_1"].status is UploadStatus.WAITING
    assert done.uploads.known[upload_id(NOW, key, "v1")].filename == key


def test_the_same_url_used_again_makes_another_upload() -> None:
    key = "interviews/uploads/upl_1/x.jsonl"
    done = Import(b"")
    first = Upload("upl_1", "x.jsonl", key, NOW, "en", UploadStatus.FINISHED, version_id="v0")
    done.uploads = MemoryUploads(first)
    done.bucket.objects[key] = jsonl(person(1))
    done.split(DroppedObject(key, "v1", "v1", NOW))
    assert done.uploads.known["upl_1"] == first
    assert len(done.uploads.known) == 2


# --- what S3 says -------------------------------------------------------------------------------------------


def test_an_s3_notification() -> None:
    event = json.loads(Path(EVENTS / "s3_notification.json").read_text())
    (record,) = event["Records"]
    assert list(dropped_objects(record["body"])) == [
        DroppedObject(
            "interviews/2026 春招/销售+市场.jsonl",
            "3HL4kqtJvjVBH40Nrjfkd.8y1bQ0e9aC",
            "3HL4kqtJvjVBH40Nrjfkd.8y1bQ0e9aC",
            datetime.fromisoformat("2026-03-02T01:20:00.123+00:00"),
        )
    ]


def test_s3s_test_message_speaks_of_no_object() -> None:
    body = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})
    assert list(dropped_objects(body)) == []


def test_an_unversioned_object_is_told_apart_by_its_content() -> None:
    record = {"eventTime": "2026-03-02T01:20:00Z", "s3": {"object": {"key": "interviews/a", "eTag": "abc"}}}
    assert list(dropped_objects(json.dumps({"Records": [record]}))) == [
        DroppedObject("interviews/a", "abc", None, datetime.fromisoformat("2026-03-02T01:20:00+00:00"))
    ]


# --- a line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Not valid JSON: at character 1, Expecting value"),
        (
            b"{'a': 1}",
            "Not valid JSON: at character 2, Expecting property name enclosed in double quotes",
        ),
        ('{"姓名": }'.encode(), "Not valid JSON: at character 8, Expecting value"),
        (b'{"a": "\\ud800"}', "Not valid JSON: at character 1, not JSON"),
        ('{"姓名": 1}'.encode("gbk"), "Not UTF-8: byte 3 is 0xd0; save it as UTF-8"),
        (b"{} {}", "Not valid JSON: at character 4, Extra data"),
    ],
)
def test_what_is_no_json_is_said_by_character(content: bytes, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        parsed(content)
    assert caught.value.text("en") == message


def test_a_rejected_line_quotes_nobody() -> None:
    document = person(1)
    document["candidate"]["phone"] = "机密13800000001"
    with pytest.raises(ValidationError) as caught:
        parsed(encoded(document))
    assert "机密" not in str(rejection(Line(7, 0, b""), caught.value, "zh-CN"))


def test_no_errors_are_no_report() -> None:
    bucket = MemoryBucket()
    report.write_part(bucket, "upl_1", 1, [])
    assert list(bucket.objects) == [DROPPED.key]


def test_reports_of_parts_are_in_order_by_name() -> None:
    bucket = MemoryBucket()
    for number in (9, 10, 500):
        report.write_part(bucket, "upl_1", number, [LineError(number, "a", "错")])
    written = [key for key in bucket.objects if key.startswith("reports/upl_1/")]
    assert written == sorted(written)
    assert len(written) == 3
    assert (
        bucket.objects["reports/upl_1/part-00009.jsonl"].decode()
        == '{"line": 9, "path": "a", "message": "错"}\n'
    )


def test_a_key_of_half_a_megabyte_is_not_reported_whole() -> None:
    """Found in review: the report of one hostile line outgrew its item, and the import never finished."""
    document = person(1)
    document["candidate"]["demographics"] = {"k" * 500_000: 1}
    with pytest.raises(ValidationError) as caught:
        parsed(encoded(document))
    assert max(len(error.path) for error in rejection(Line(1, 0, b""), caught.value, "en")) <= 300


def test_a_mistake_of_ours_costs_one_line_and_not_the_file() -> None:
    """Found in review: it kept the lines after it out for ever."""

    class Mistaken(MemoryIngestion):
        def ingest(
            self, interview: Interview, *, source: str, keep_raw: Callable[[], str], now: datetime
        ) -> Ingested:
            if source.endswith(":1"):
                raise KeyError("a bug")
            return super().ingest(interview, source=source, keep_raw=keep_raw, now=now)

    content = b"\n".join(encoded(person(number)) for number in (1, 2))
    uploads = MemoryUploads(Upload("upl_1", DROPPED.key, DROPPED.key, NOW, "en"))
    bucket = MemoryBucket()
    bucket.objects[DROPPED.key] = content
    part = Part(1, 0, len(content), 1, version_id=DROPPED.version_id)
    ingest_part(uploads.get("upl_1"), part, ingestion=Mistaken(), uploads=uploads, bucket=bucket, now=NOW)
    assert uploads.results[1] == PartResult(1, accepted=1, rejected=1, duplicates=0, has_errors=True)
