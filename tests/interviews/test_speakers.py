"""A result's vendor is one that who brings it may speak for: by a client, in a file, by a webhook."""

import json
from typing import Any

import pytest

from functions.interviews.post import handler
from infra.admin.configuration import read_all
from infra.local.defaults import OWN
from rencai.interviews.rules.speakers import (
    DROPPED_FILE,
    INTERVIEW_VENDORS,
    Door,
    InterviewVendors,
    Speaker,
)
from rencai.interviews.store.uploads import Upload
from rencai.kernel.errors import Forbidden
from tests.builders import NOW, encoded, result
from tests.interviews.imports import DROPPED, EVENTS, Import, MemoryUploads, jsonl, person
from tests.journey.world import world
from tests.shipped import SHIPPED
from tests.wired import serves

OWN_CLIENTS = {"3ingest": "ingest", "4hr": "hr"}
BOUND = InterviewVendors.model_validate(
    {
        "clients": {"ingest": ["aiview", "talk"], "5other": ["talk"], "4hr": "all"},
        "webhook": ["talk"],
        "dropped_files": ["aiview"],
    }
)


@pytest.mark.parametrize(
    ("speaker", "vendor", "may"),
    [
        (Speaker(Door.CLIENT, "3ingest"), "aiview", True),
        (Speaker(Door.CLIENT, "3ingest"), "talk", True),
        (Speaker(Door.CLIENT, "3ingest"), "other", False),
        # To the letter: what looks alike is another vendor, with other candidates.
        (Speaker(Door.CLIENT, "3ingest"), "Aiview", False),
        (Speaker(Door.CLIENT, "3ingest"), "aiview ", False),
        (Speaker(Door.CLIENT, "3ingest"), "a", False),
        (Speaker(Door.CLIENT, "4hr"), "whoever", True),
        (Speaker(Door.CLIENT, "5other"), "talk", True),
        (Speaker(Door.CLIENT, "5other"), "aiview", False),
        (Speaker(Door.CLIENT, "6unknown"), "aiview", False),
        (Speaker(Door.CLIENT, ""), "aiview", False),
        # The name is the stack's to give: nobody gets it by being called so.
        (Speaker(Door.CLIENT, "webhook"), "talk", False),
        (DROPPED_FILE, "aiview", True),
        (DROPPED_FILE, "talk", False),
        (Speaker(Door.WEBHOOK), "talk", True),
        (Speaker(Door.WEBHOOK), "aiview", False),
        (Speaker(Door.WEBHOOK, "aiview"), "aiview", True),
        (Speaker(Door.WEBHOOK, "aiview"), "talk", False),
    ],
)
def test_who_speaks_for_whom(speaker: Speaker, vendor: str, may: bool) -> None:
    if may:
        BOUND.refuse_unbound(speaker, vendor, OWN_CLIENTS)
    else:
        with pytest.raises(Forbidden):
            BOUND.refuse_unbound(speaker, vendor, OWN_CLIENTS)


@pytest.mark.parametrize(
    "speaker",
    [Speaker(Door.CLIENT, "3ingest"), Speaker(Door.CLIENT, "4hr"), Speaker(Door.WEBHOOK), DROPPED_FILE],
)
def test_without_a_document_nobody_speaks_for_anybody(speaker: Speaker) -> None:
    with pytest.raises(Forbidden):
        InterviewVendors().refuse_unbound(speaker, "aiview", OWN_CLIENTS)


def test_the_shipped_document_binds_nobody_and_the_local_one_says_that_it_binds_all() -> None:
    assert SHIPPED[INTERVIEW_VENDORS, "default"] == InterviewVendors()
    (local,) = read_all(OWN)
    assert (local.kind, local.name) == (INTERVIEW_VENDORS, "default")
    bound = InterviewVendors.model_validate(local.content)
    for speaker in (Speaker(Door.CLIENT, "3ingest"), Speaker(Door.WEBHOOK), DROPPED_FILE):
        bound.refuse_unbound(speaker, "any", OWN_CLIENTS)
    with pytest.raises(Forbidden):
        bound.refuse_unbound(Speaker(Door.CLIENT, "6unknown"), "any", OWN_CLIENTS)
    assert "A deployed tenant lists them" in local.path.read_text("utf-8")


def test_the_refusal_says_what_to_write_into_the_document() -> None:
    with pytest.raises(Forbidden) as refused:
        BOUND.refuse_unbound(Speaker(Door.CLIENT, "3ingest"), "other", OWN_CLIENTS)
    assert "clients.ingest" in refused.value.text("en")
    assert "clients.ingest" in refused.value.text("zh-CN")
    with pytest.raises(Forbidden, match=r"clients\.6unknown"):
        BOUND.refuse_unbound(Speaker(Door.CLIENT, "6unknown"), "other", OWN_CLIENTS)


def test_a_line_of_an_unbound_vendor_is_refused_in_the_report_and_stops_no_other() -> None:
    done = Import(jsonl(person(1), person(2, vendor="other"), person(3)))
    object.__setattr__(done.ingestion, "binding", BOUND)
    assert done.run().outcome == ("finished", 2, 1, 0)
    ((line, path, message),) = done.bucket.report()
    assert (line, path) == (2, "vendor")
    assert message.startswith("dropped_files may not hand in results of interview vendor 'other'")


def _uploaded(version_id: str | None) -> Import:
    key = "interviews/uploads/upl_1/x.jsonl"
    done = Import(b"")
    asked = Upload("upl_1", "x.jsonl", key, NOW, "en", version_id=version_id, client_id="5other")
    done.uploads = MemoryUploads(asked)
    done.bucket.objects[key] = encoded(result())
    done.split(DROPPED.__class__(key, "v1", "v1", NOW))
    return done


def test_a_file_put_to_a_url_is_its_clients() -> None:
    known = _uploaded(None).uploads.known
    assert known.keys() == {"upl_1"}
    assert known["upl_1"].speaker == Speaker(Door.CLIENT, "5other")


def test_a_file_put_to_the_same_url_again_is_its_clients_as_well() -> None:
    """It gets an upload of its own, and must not count as one that was dropped in the bucket."""
    known = _uploaded("v0").uploads.known
    assert len(known) == 2
    assert {upload.speaker for upload in known.values()} == {Speaker(Door.CLIENT, "5other")}


def test_a_dropped_file_is_nobodys() -> None:
    done = Import(encoded(result()))
    done.split()
    assert done.upload.speaker is DROPPED_FILE


class _Context:
    function_name = "interview_ingestion"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:interview_ingestion"
    aws_request_id = "request"


def _posted(document: dict[str, Any], client_id: str, language: str = "en") -> tuple[int, dict[str, Any]]:
    event = json.loads((EVENTS / "apigw_rest.json").read_text())
    event["requestContext"]["authorizer"]["claims"]["client_id"] = client_id
    headers = {"content-type": "application/json", "accept-language": language}
    event |= {
        "body": json.dumps(document),
        "isBase64Encoded": False,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "httpMethod": "POST",
        "path": "/interviews",
    }
    answer = handler(event, _Context())
    return int(answer["statusCode"]), json.loads(answer["body"])


@pytest.mark.parametrize(("language", "says"), [("en", "may not hand in"), ("zh", "不能提交面试供应商")])
def test_a_client_that_is_not_bound_is_answered_403(
    monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    with world() as one:
        serves(monkeypatch, one.wired)
        assert _posted(result(), "ingestclient")[0] == 202
        before = one.items()
        status, problem = _posted({**result(), "interview_id": "itv-2"}, "anotherclient", language)
        assert (status, problem["type"]) == (403, "urn:rencai:problem:vendor_not_bound")
        assert says in problem["detail"]
        assert problem["errors"][0]["path"] == "vendor"
        assert one.items() == before
        # Nor does it learn what is on record: the same content, other content, a role that is unknown.
        for document in (result(), {**result(), "answers": result()["answers"][:1]}):
            assert _posted(document, "anotherclient")[0] == 403
