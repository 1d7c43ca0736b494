"""What is said of a line that is no interview, and where (A1)."""

import tracemalloc
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from functions.interviews import report
from functions.interviews.ingest import Ingested
from functions.interviews.lines import FilePart, Line
from functions.interviews.part import ingest_part, parsed, rejection
from rencai.interviews.rules.interview import MAX_BYTES, Interview
from rencai.interviews.rules.speakers import Speaker
from rencai.interviews.store.uploads import LineError, Upload, UploadPartResult
from rencai.kernel.errors import DomainError
from rencai.kernel.wording import MOST
from tests.builders import NOW, encoded
from tests.interviews.imports import (
    DROPPED,
    UPLOAD_ID,
    Import,
    MemoryBucket,
    MemoryIngestion,
    MemoryUploads,
    person,
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Not valid JSON: at character 1, a value is expected"),
        (
            b"{'a': 1}",
            "Not valid JSON: at character 2, a name in double quotes is expected",
        ),
        ('{"姓名": }'.encode(), "Not valid JSON: at character 8, a value is expected"),
        (
            b'{"a": "\\ud800"}',
            "Not valid JSON: at character 1, a number is too long, or it is nested too deep",
        ),
        ('{"姓名": 1}'.encode("gbk"), "Not UTF-8: byte 3 is 0xd0; save it as UTF-8"),
        (b"{} {}", "Not valid JSON: at character 4, something follows the end of the JSON"),
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
            self,
            interview: Interview,
            *,
            speaker: Speaker,
            source: str,
            keep_raw: Callable[[], str],
            now: datetime,
        ) -> Ingested:
            if source.endswith(":1"):
                raise KeyError("a bug")
            return super().ingest(interview, speaker=speaker, source=source, keep_raw=keep_raw, now=now)

    content = b"\n".join(encoded(person(number)) for number in (1, 2))
    uploads = MemoryUploads(Upload("upl_1", DROPPED.key, DROPPED.key, NOW, "en"))
    bucket = MemoryBucket()
    bucket.objects[DROPPED.key] = content
    part = FilePart(1, 0, len(content), 1, version_id=DROPPED.version_id)
    ingest_part(uploads.get("upl_1"), part, ingestion=Mistaken(), uploads=uploads, bucket=bucket, now=NOW)
    assert uploads.results[1] == UploadPartResult(1, accepted=1, rejected=1, duplicates=0, has_errors=True)


# --- what is said of an input is not many times as long as it is ------------------------------------------------------

BOMBS: dict[str, Callable[[dict[str, Any]], object]] = {
    "pauses": lambda d: d["answers"][0].update(signals={"pause_seconds": ["x"] * 200_000}),
    "pauses that are right": lambda d: d["answers"][0].update(signals={"pause_seconds": [0] * 300_000}),
    "demographics": lambda d: d["candidate"].update(demographics={f"k{n}": n for n in range(60_000)}),
    "answers": lambda d: d.update(answers=[{}] * 200_000),
    "a hundred answers": lambda d: d.update(answers=[{"signals": {"frown_count": "x"}}] * 100),
    "nested": lambda d: d.update(extra=[[[]]] * 150_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_line_of_a_megabyte_is_rejected_with_twenty_errors_and_their_number(name: str) -> None:
    document = person(1)
    BOMBS[name](document)
    content = encoded(document)
    assert len(content) <= MAX_BYTES
    tracemalloc.start()
    try:
        try:
            parsed(content)
            told = []
        except (ValidationError, DomainError) as error:
            told = rejection(Line(1, 0, content), error, "en")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(told) <= MOST + 1
    assert peak < 40 * MAX_BYTES, "200,000 errors took 120 MB"
    if name == "a hundred answers":
        assert told[-1] == LineError(1, "", "and 480 more, not listed")
    if name == "demographics":
        assert told == [LineError(1, "candidate.demographics", "should have at most 50 items")]


def test_a_file_whose_every_field_is_wrong_makes_a_report_of_a_bounded_size() -> None:
    line = b'{"answers":[' + b",".join([b"{}"] * 100) + b"]}\n"
    content = line * 1000
    done = Import(content).run()
    report_ = done.bucket.objects[f"reports/{UPLOAD_ID}.jsonl"]
    assert done.upload.rejected == 1000
    assert len(report_.splitlines()) == 1000 * (MOST + 1)
    assert len(report_) < 8 * len(content)
    assert len(done.upload.errors) == report.SHOWN


def test_a_report_that_would_not_fit_the_disk_says_how_far_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_BYTES", 200_000)
    lines = Import(b"{}\n" * 1000).run().bucket.report()
    assert 100 <= len(lines) < 7000
    assert lines[-1][0] == 0
    assert "not listed" in lines[-1][2] or "未列出" in lines[-1][2]
