"""A file dropped in the bucket, without AWS: split, read part by part, reported (A1)."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from functions.interviews import report
from functions.interviews.ingest import Ingested
from functions.interviews.split import DroppedObject, dropped_objects
from rencai.interviews.rules.interview import MAX_BYTES, Interview
from rencai.interviews.store.uploads import MAX_FILE_BYTES, LineError, Upload, UploadStatus
from rencai.kernel.errors import CommonRefusal, DomainError, LostRace
from tests.builders import NOW, encoded
from tests.interviews.imports import (
    DROPPED,
    EVENTS,
    MIXED,
    UPLOAD_ID,
    Import,
    MemoryIngestion,
    MemoryUploads,
    jsonl,
    person,
)
from tests.keyed import IDS


def test_a1_a_bad_line_never_stops_the_good_ones() -> None:
    done = Import(MIXED).run()
    assert done.outcome == ("finished", 3, 8, 1)
    assert done.bucket.report() == [
        (2, "", "Not valid JSON: at character 33, a name in double quotes is expected"),
        (5, "vendor", "should not be empty"),
        (6, "position.role", "No competency model for role 'chef'; there are: sales"),
        (7, "", "Not UTF-8: byte 1 is 0xff; save it as UTF-8"),
        (
            9,
            "interview_id",
            "Interview id itv-1 was already used for other content; use a new id, or send the same content",
        ),
        (10, "", "should be an object"),
        (11, "", "Not valid JSON: at character 1, a number is too long, or it is nested too deep"),
        (12, "", "Not valid JSON: at character 1, a number is too long, or it is nested too deep"),
    ]
    assert done.upload.errors == tuple(LineError(*error) for error in done.bucket.report())
    assert done.bucket.objects[DROPPED.key] == MIXED


def test_a1_the_report_speaks_the_uploads_language() -> None:
    done = Import(jsonl(person(1, vendor=""), b"{"), language="zh-CN").run()
    assert done.bucket.report() == [
        (1, "vendor", "不能为空"),
        (2, "", "不是合法的 JSON:第 2 个字符处,此处应有双引号括起的字段名"),
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


@pytest.mark.parametrize("said", [12, len(jsonl(person(1))) + 1])
def test_a_file_of_another_size_than_was_said_is_refused_before_it_is_read(said: int) -> None:
    done = Import(jsonl(person(1)))
    upload = Upload("upl_1", "x.jsonl", "interviews/uploads/upl_1/x.jsonl", NOW, "en", size=said)
    done.uploads.create(upload)
    done.bucket.objects[upload.object_key] = jsonl(person(1))
    done.split(replace(DROPPED, key=upload.object_key))
    (error,) = done.uploads.get(upload.upload_id).errors
    assert f"was to have {said}" in error.message
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
    assert done.uploads.known[IDS.upload_id(NOW, key, "v1")].filename == key


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


# --- whoever has a part dies with it ----------------------------------------------------------------------------------

BROKEN_OFF = DomainError(CommonRefusal.BROKEN_OFF, times=3)


def test_a_part_that_kills_whoever_reads_it_is_rejected_and_the_file_is_finished() -> None:
    """It stayed "running" for ever."""
    done = Import(jsonl(*(person(number) for number in range(150))), language="zh-CN")
    done.split()
    first, second = done.parts
    done.read(second)
    done.give_up(first, BROKEN_OFF)
    assert done.outcome == ("finished", 50, 100, 0)
    ((line, path, message),) = done.bucket.report()
    assert (line, path) == (1, "")
    assert message == (
        "截至第 100 行(含此行):处理时连续 3 次中途中断(内存或时间不够),已停止处理;"
        "其中可能有已入库的行,请把这些行另存后重新上传"
    )
    done.give_up(first, BROKEN_OFF)
    assert done.outcome == ("finished", 50, 100, 0)


def test_a_line_too_long_that_kills_whoever_reports_it_is_one_line() -> None:
    done = Import(b"x" * (MAX_BYTES + 5) + b"\n")
    done.split()
    done.give_up(done.parts[0], BROKEN_OFF)
    assert done.outcome == ("finished", 0, 1, 0)


def test_a_report_that_kills_whoever_makes_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Import(jsonl(person(1), b"{"))
    done.split()
    with monkeypatch.context() as patch:
        patch.setattr(report, "finish_when_complete", lambda *_: None)
        done.read(done.parts[0])
    done.give_up(done.parts[0], BROKEN_OFF)
    assert done.outcome == ("finished", 1, 1, 0)
    assert done.upload.report_key is None
    assert [(error.line, error.message) for error in done.upload.errors] == [(0, str(BROKEN_OFF))]
