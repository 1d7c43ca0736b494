"""What is said of a line that is no interview, and where (A1)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from pydantic import ValidationError

from functions.interviews import report
from functions.interviews.ingest import Ingested
from functions.interviews.lines import FilePart, Line
from functions.interviews.part import ingest_part, parsed, rejection
from rencai.interviews.rules.interview import Interview
from rencai.interviews.store.uploads import LineError, Upload, UploadPartResult
from rencai.kernel.errors import DomainError
from tests.builders import NOW, encoded
from tests.interviews.imports import DROPPED, MemoryBucket, MemoryIngestion, MemoryUploads, person


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
    part = FilePart(1, 0, len(content), 1, version_id=DROPPED.version_id)
    ingest_part(uploads.get("upl_1"), part, ingestion=Mistaken(), uploads=uploads, bucket=bucket, now=NOW)
    assert uploads.results[1] == UploadPartResult(1, accepted=1, rejected=1, duplicates=0, has_errors=True)
