"""A file from the bucket to its report, on moto's bucket and table: crashed at every call, and once more."""

import json
from collections import deque
from typing import Any

import pytest

from functions.interviews.ingest import ingestion_of
from functions.interviews.lines import FilePart
from functions.interviews.part import ingest_part
from functions.interviews.split import DroppedObject, split_upload
from rencai.interviews.store.uploads import Upload
from tests.aws import client
from tests.journey.faults import Crash, Faults
from tests.journey.world import BUCKET, START, World, world
from tests.keyed import IDS
from tests.worked_example import worked_example

KEY = "interviews/march.jsonl"


def content() -> bytes:
    """Three people, the second twice, one broken line, one unknown role; 130 lines make two parts."""
    lines: list[str] = []
    for number in (1, 2, 2, 3):
        one = worked_example()
        one["interview_id"] = f"itv-{number}"
        one["candidate"]["external_id"] = f"ats-{number}"
        lines.append(json.dumps(one, ensure_ascii=False))
    unknown = worked_example()
    unknown["position"]["role"] = "astronaut"
    lines[1:1] = ["{", *[""] * 124, json.dumps(unknown)]
    return "\n".join(lines).encode()


def run(one: World) -> Upload:
    """S3's notification and the parts queue, each delivered again after a crash."""
    uploads = one.wired.interviews.uploads
    dropped = DroppedObject(KEY, "v1", None, START)
    parts: deque[FilePart] = deque()
    work: deque[Any] = deque(
        [
            lambda: split_upload(
                dropped,
                uploads=uploads,
                bucket=one.wired.bucket,
                send=lambda _, part: parts.append(part),
                ids=IDS,
                language="zh-CN",
                now=START,
            )
        ]
    )
    upload_id = IDS.upload_id(START, KEY, "v1")
    while work or parts:
        if work:
            act = work.popleft()
        else:
            part = parts.popleft()

            def act(part: FilePart = part) -> None:
                ingest_part(
                    uploads.get(upload_id),
                    part,
                    ingestion=ingestion_of(one.wired),
                    uploads=uploads,
                    bucket=one.wired.bucket,
                    now=START,
                )

        try:
            act()
        except Crash:
            work.append(act)
    one.faults.at = None  # whoever looks at the outcome is not to die of it
    return uploads.get(upload_id)


def outcome(one: World, upload: Upload) -> tuple[Any, ...]:
    people = {item["pk"] for item in one.items() if item["sk"] == "JOURNEY"}
    report = one.wired.bucket.get(upload.report_key or "").decode().splitlines()
    counts = (upload.status, upload.accepted, upload.rejected, upload.duplicates)
    return counts, upload.errors, sorted(people), [json.loads(line)["line"] for line in report]


_CALLS = 97


def test_every_call_of_the_import_is_crashed_at() -> None:
    faults = Faults()
    with world(faults) as one:
        client("s3").put_object(Bucket=BUCKET, Key=KEY, Body=content())
        upload = run(one)
        assert (upload.accepted, upload.duplicates, upload.rejected, upload.parts_total) == (3, 1, 2, 2)
        assert [(error.line, error.path) for error in upload.errors] == [(2, ""), (127, "position.role")]
    assert len(faults.calls) <= _CALLS


@pytest.fixture(scope="module")
def expected() -> tuple[Any, ...]:
    with world() as undisturbed:
        client("s3").put_object(Bucket=BUCKET, Key=KEY, Body=content())
        return outcome(undisturbed, run(undisturbed))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(4))
def test_a_crash_at_any_call_of_an_import_loses_no_line_and_counts_none_twice(
    expected: tuple[Any, ...], chunk: int, when: Any
) -> None:
    for at in range(1 + chunk, _CALLS + 1, 4):
        faults = Faults(at, when)
        with world(faults) as one:
            client("s3").put_object(Bucket=BUCKET, Key=KEY, Body=content())
            assert outcome(one, run(one)) == expected, f"crash {when} call {at}: {faults.crashed_at}"
