"""An import that whoever has it dies with ends, with a reason HR sees; it stayed "running" for ever (F1)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.migration import part, split, undo
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.platform.consumer import DEATHS, MAX_RECEIVES
from rencai.platform.settings import Settings
from tests.aws import client
from tests.migration.import_office import BUCKET, Office, csv, office
from tests.migration.test_imports_handlers import Context, delivered, sent, told_by_s3, told_by_the_bus
from tests.wired import serves

WEEKS = csv(("工号", "周", "工时"), ("10001", "2026-W07", "40"), ("10001", "2026-W08", "55"))
TEXT = "处理时连续 3 次中途中断(内存或时间不够),已停止处理"
Handler = Callable[[dict[str, Any], Any], Any]


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        sqs = client("sqs")
        urls = {
            name: sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("QUEUE_URL", "PARTS_QUEUE_URL", "DEAD_LETTER_URL")
        }
        fresh.wired.settings = Settings({**fresh.wired.settings.environment, **urls})
        serves(monkeypatch, fresh.wired)
        fresh.hires("10001")
        yield fresh


def killed(one: Office, handler: Handler, body: Any, *, times: int = DEATHS) -> Any:
    """Three receipts came to no end - the first leaves no trace - and the message comes once more."""
    for _ in range(times - 1):
        one.wired.attempts.begun("m-1")
    event = delivered(body)
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(times + 1)
    return handler(event, Context())


def put(one: Office, content: bytes = WEEKS) -> tuple[Import, dict[str, Any]]:
    made = one.asks("attendance")
    version = client("s3").put_object(Bucket=BUCKET, Key=made.object_key, Body=content)["VersionId"]
    return made, told_by_s3(made.object_key, version)


def given_up(one: Office, made: Import, body: Any) -> Import:
    assert sent("DEAD_LETTER_URL") == [body]
    return one.imports.get(made.import_id)


def test_a_file_that_kills_whoever_reads_it_fails(one: Office) -> None:
    made, told = put(one)
    assert killed(one, split.handler, told) == {"batchItemFailures": []}
    known = given_up(one, made, told)
    assert (known.status, known.failure) == (ImportStatus.FAILED, ("broken_off", TEXT))
    assert [event.name for event in one.told() if event.name == "import.finished"] == ["import.finished"]
    assert one.wired.migration.desk.show(made.import_id).known.failure


def test_two_deaths_are_not_enough(one: Office) -> None:
    made, told = put(one)
    assert killed(one, split.handler, told, times=DEATHS - 1) == {"batchItemFailures": []}
    assert one.imports.get(made.import_id).status is ImportStatus.RUNNING
    assert sent("DEAD_LETTER_URL") == []


def test_another_file_put_to_the_same_url_says_nothing_of_the_first(one: Office) -> None:
    made, told = put(one)
    one.splits(made.import_id, told["Records"][0]["s3"]["object"]["versionId"])
    again = client("s3").put_object(Bucket=BUCKET, Key=made.object_key, Body=b"x")["VersionId"]
    killed(one, split.handler, told_by_s3(made.object_key, again))
    assert one.imports.get(made.import_id).status is ImportStatus.RUNNING


def test_a_part_that_kills_whoever_has_it_is_rejected_row_by_row_and_can_be_undone(one: Office) -> None:
    made, told = put(one)
    split.handler(delivered(told), Context())
    (message,) = sent("PARTS_QUEUE_URL")
    before = one.image()

    class Killed(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.import_objects, "put_result", dies)
        with pytest.raises(Killed):
            part.handler(delivered(message), Context())
    assert one.image() != before, "it was written, and not counted"

    assert killed(one, part.handler, message) == {"batchItemFailures": []}
    known = given_up(one, made, message)
    assert (known.status, known.counts) == (ImportStatus.FINISHED, Counts(rejected=2))
    first, second = one.report(made.import_id)
    assert (first["row"], second["row"], first["rule"]) == (2, 3, "row_given_up")
    assert first["message"] == TEXT + ";这一行可能已写入,请核对后重新导入"
    assert one.import_objects.result(made.import_id, 1).employees, "whose cards are made anew"
    assert "import.part_done" in [event.name for event in one.told()]
    one.undoes(made.import_id)
    assert one.image() == before


def test_a_report_that_kills_whoever_makes_it_is_left_out(
    one: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = put(one, csv(("工号", "周", "工时"), ("10001", "2026-W99", "40")))
    split.handler(delivered(told), Context())
    (message,) = sent("PARTS_QUEUE_URL")
    monkeypatch.setattr(one.imports, "finished", lambda *_: None)
    part.handler(delivered(message), Context())
    killed(one, part.handler, message)
    known = given_up(one, made, message)
    assert (known.status, known.counts.rejected) == (ImportStatus.FINISHED, 1)
    assert known.failure == ("broken_off", TEXT)


def test_a_part_that_fails_forty_times_is_given_up_as_well(
    one: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = put(one)
    split.handler(delivered(told), Context())
    (message,) = sent("PARTS_QUEUE_URL")

    def fails(*_: Any, **__: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(one.importing.employees, "of_numbers", fails, raising=False)
    monkeypatch.setattr(one.importing.batches, "reads", fails)
    event = delivered(message)
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVES)
    assert part.handler(event, Context()) == {"batchItemFailures": []}
    known = given_up(one, made, message)
    assert (known.status, known.counts) == (ImportStatus.FINISHED, Counts(rejected=2))


@pytest.mark.parametrize("step", ["begin", "check", "restore"])
def test_an_undo_that_kills_whoever_has_it_ends(one: Office, step: str) -> None:
    made = one.brings("attendance", WEEKS)
    one.imports.undo_asked(made, "hr", one.now)
    message: Any = told_by_the_bus("import.undo_asked", made.import_id)
    if step != "begin":
        undo.handler(delivered(message), Context())
        (message,) = sent("QUEUE_URL")
    if step == "restore":
        undo.handler(delivered(message), Context())
        (message,) = sent("QUEUE_URL")
    killed(one, undo.handler, message)
    known = given_up(one, made, message)
    if step == "restore":
        assert (known.status, known.undo.kept, known.undo.restored) == (ImportStatus.UNDONE, 2, 0)
        assert one.wired.migration.desk.show(made.import_id).kept_rows == [2, 3]
        return
    assert (known.status, known.failure) == (ImportStatus.UNDO_REFUSED, ("broken_off", TEXT))
    again = one.undoes(made.import_id)
    assert (again.status, again.failure) == (ImportStatus.UNDONE, None)
