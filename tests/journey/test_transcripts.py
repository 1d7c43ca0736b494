"""HR reads what was said in an interview, however it came, and that it did is on record."""

import json
from typing import Any

import pytest

from functions.api.contact import handler as contact_handler
from functions.api.transcripts import handler
from functions.interviews.ingest import ingestion_of
from functions.interviews.lines import FilePart, lines_of
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.speakers import DROPPED_FILE
from rencai.interviews.store.raw_results import line_of
from tests.aws import client
from tests.journey.deliveries import NATIONAL_ID, REFERENCE, envelope, failing, qualifying
from tests.journey.edge import EMPLOYEE, hired
from tests.journey.hr import asking
from tests.journey.world import BUCKET, World, world
from tests.logs import logged

PATH = f"/candidates/{REFERENCE}/transcript"
SAID = [answer["transcript"] for answer in qualifying()["answers"]]
INTERVIEW = qualifying()["interview_id"]


def dropped(one: World, key: str, content: bytes, number: int = 1) -> None:
    """A file's ``number``-th line, as the part that reads it takes it in."""
    version = client("s3").put_object(Bucket=BUCKET, Key=key, Body=content).get("VersionId")
    document = number == 0
    part = FilePart(1, 0, len(content), 1, document=document, version_id=version)
    line = next(line for line in lines_of(part, content) if document or line.number == number)
    ingestion_of(one.wired).ingest(
        Interview.model_validate_json(line.content),
        speaker=DROPPED_FILE,
        source="upl_1:1",
        keep_raw=lambda: line_of(key, version, line.offset, len(line.content)),
        now=one.now,
    )


def by_api(one: World) -> None:
    one.hand_in(qualifying())


def by_webhook(one: World) -> None:
    body = {"type": "interview.completed", "timestamp": "2026-03-02T01:00:00Z", "data": qualifying()}
    one.webhook("interview", "msg-0", body)
    one.settle()


def _line(interview: dict[str, Any]) -> bytes:
    return json.dumps(interview, ensure_ascii=False).encode()


def by_first_line_behind_a_mark(one: World) -> None:
    dropped(one, "interviews/march#1?x.jsonl", b"\xef\xbb\xbf" + _line(qualifying()) + b"\r\n{}\n")


def by_a_later_line(one: World) -> None:
    dropped(one, "interviews/march.jsonl", b"{}\n" + _line(qualifying()) + b"\n{}", number=2)


def by_a_document_behind_a_mark(one: World) -> None:
    document = json.dumps(qualifying(), ensure_ascii=False, indent=2).encode()
    dropped(one, "interviews/one.json", b"\xef\xbb\xbf" + document, number=0)


@pytest.mark.parametrize(
    "came",
    [by_api, by_webhook, by_first_line_behind_a_mark, by_a_later_line, by_a_document_behind_a_mark],
)
def test_what_was_said_is_read_however_it_came(came: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        came(one)
        ask = asking(one, monkeypatch, handler)
        for query in ("", f"?interview_id={INTERVIEW}"):
            with logged() as log:
                status, shown = ask("GET", f"{PATH}{query}")
            assert status == 200, shown
            assert (shown["candidate_id"], shown["interview_id"], shown["vendor"]) == (
                REFERENCE,
                INTERVIEW,
                "aiview",
            )
            assert [spoken["transcript"] for spoken in shown["answers"]] == SAID
            assert shown["answers"][0].keys() == {
                "question_id",
                "topic",
                "question",
                "transcript",
                "duration_seconds",
            }
            assert SAID[0] not in log.text


def views(one: World) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (item["type"], json.loads(item["data"]), item["actor"])
        for item in one.items()
        if item["sk"].startswith("EVENT#") and item["type"].endswith(".viewed")
    ]


def test_each_reading_is_on_the_timeline_with_who_and_without_what(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        ask = asking(one, monkeypatch, handler)
        # An idempotency key makes no two readings one.
        for _ in range(2):
            ask("GET", PATH, key="same")
        ask_contact = asking(one, monkeypatch, contact_handler)
        assert ask_contact("GET", f"/candidates/{REFERENCE}/contact")[1]["national_id"] == NATIONAL_ID
        one.settle()
        read = ("transcript.viewed", {"interview_id": INTERVIEW, "vendor": "aiview"})
        actor = views(one)[0][2]
        assert actor
        assert sorted(views(one), key=str) == sorted(
            [(*read, actor), (*read, actor), ("contact.viewed", {"question_id": None}, actor)], key=str
        )
        assert not [event for event in one.published if event.name.endswith(".viewed")], "nobody acts on it"


def test_an_employee_s_contact_data_and_a_question_are_read_on_record_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        hired(one)
        other = qualifying()
        other["interview_id"] += "-2"
        other["candidate"]["email"] = "other@example.com"
        one.hand_in(other)
        one.settle()
        ask = asking(one, monkeypatch, contact_handler)
        (question,) = ask("GET", "/identity-questions")[1]["items"]
        assert views(one) == [], "a list names fields, and shows none"
        ask("GET", f"/identity-questions/{question['question_id']}")
        ask("GET", f"/employees/{EMPLOYEE}/contact")
        assert [told for told, _, _ in views(one)] == ["contact.viewed"] * 2
        assert {data["question_id"] for _, data, _ in views(one)} == {question["question_id"], None}


def test_each_interview_of_a_candidate_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(failing())
        again = qualifying()
        again["interview_id"] = "second/try"
        one.hand_in(again)
        ask = asking(one, monkeypatch, handler)
        assert ask("GET", PATH)[1]["interview_id"] == "second/try", "the one that decided"
        first = ask("GET", f"{PATH}?interview_id={INTERVIEW}")[1]
        assert first["answers"][1]["transcript"] == "记不清了。"
        assert ask("GET", f"{PATH}?interview_id=second/try")[1]["answers"][1]["transcript"] == SAID[1]


def test_what_is_not_theirs_or_not_there_is_404_and_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        stranger = qualifying()
        stranger["interview_id"] = "theirs"
        stranger["candidate"] |= {
            "external_id": "ats-2",
            "email": "li@example.com",
            "phone": "+8613900000022",
        }
        stranger["candidate"].pop("national_id")
        one.hand_in(stranger)
        ask = asking(one, monkeypatch, handler)
        for path in (
            "/candidates/cand_nobody/transcript",
            f"{PATH}?interview_id=theirs",
            f"{PATH}?interview_id=nothing",
            f"{PATH}?interview_id=try",
        ):
            assert ask("GET", path)[0] == 404, path
        assert views(one) == []


def test_a_raw_result_that_somebody_has_deleted_is_404(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        for found in client("s3").list_objects_v2(Bucket=BUCKET, Prefix="raw/")["Contents"]:
            client("s3").delete_object(Bucket=BUCKET, Key=found["Key"])
        assert asking(one, monkeypatch, handler)("GET", PATH)[0] == 404


def test_a_file_that_somebody_has_deleted_is_404(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        by_a_later_line(one)
        client("s3").delete_object(Bucket=BUCKET, Key="interviews/march.jsonl")
        assert asking(one, monkeypatch, handler)("GET", PATH)[0] == 404


def test_a_signed_offer_does_not_hinder_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        assert asking(one, monkeypatch, handler)("GET", PATH)[0] == 200


def test_an_interview_that_was_given_back_to_another_is_read_on_their_record_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a merge brought and its undoing took away stays among the facts of the journey it was on."""
    with world() as one:
        by_api(one)
        interviews = one.wired.interviews.interviews
        ask = asking(one, monkeypatch, handler)
        assert ask("GET", f"{PATH}?interview_id={INTERVIEW}")[0] == 200
        vendor = qualifying()["vendor"]
        interviews.attribute(interviews.get(vendor, INTERVIEW), "cand_00000000000000000000000000", None)
        assert ask("GET", f"{PATH}?interview_id={INTERVIEW}")[0] == 404
