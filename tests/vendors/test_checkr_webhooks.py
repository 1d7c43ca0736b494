"""Checkr: its own test vector, and what a report says."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rencai.hiring.rules.facts import CheckCompleted
from rencai.inbox.dialect import Delivered, NotAuthentic, NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.vendors.dialects.checkr import parse, verify

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
# facts.md, from Checkr's documentation.
KEY = "test-secret"
BODY = b'{"monday":"75F","tuesday":"80F"}'
SIGNATURE = "b7412f05e981a473b5ecbdb5393afaea02a679db6d7c8e56803512ec4ba98151"


def delivered(body: bytes, *signatures: str) -> Delivered:
    given = signatures or (hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest(),)
    return Delivered(body, {"x-checkr-signature": list(given), "user-agent": ["Checkr-Webhook/2.0"]})


def test_checkrs_vector() -> None:
    message = verify(delivered(BODY, SIGNATURE), [KEY], NOW)
    assert message.message_id == f"body-{hashlib.sha256(BODY).hexdigest()}"
    assert verify(delivered(BODY, SIGNATURE), ["another", KEY], NOW) == message


@pytest.mark.parametrize(
    "signature",
    [
        "Please create an API key to check the authenticity of our webhooks",
        SIGNATURE.upper(),
        SIGNATURE[:-1],
        SIGNATURE + "0",
        f"sha256={SIGNATURE}",
    ],
)
def test_anything_else_in_its_place_is_refused(signature: str) -> None:
    with pytest.raises(NotAuthentic, match="no signature matches"):
        verify(delivered(BODY, signature), [KEY], NOW)


def test_a_message_is_named_by_the_events_id() -> None:
    body = json.dumps(event()).encode()
    assert verify(delivered(body), [KEY], NOW).message_id == "1002d6bca6acdfcbb8442178"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": 7}', b'{"id": ""}', b'{"id": "' + b"x" * 129 + b'"}']
)
def test_a_body_without_an_id_is_named_by_its_bytes(body: bytes) -> None:
    assert verify(delivered(body), [KEY], NOW).message_id == f"body-{hashlib.sha256(body).hexdigest()}"


# --- parse --------------------------------------------------------------------------------------------------


def event(type_: str = "report.completed", **report: Any) -> dict[str, Any]:
    told = {
        "id": "4722c07dd9a10c3985ae432a",
        "object": "report",
        "uri": "/v1/reports/4722c07dd9a10c3985ae432a",
        "status": "complete",
        "result": "clear",
        "adjudication": None,
        "candidate_id": "e44aa283528e6fde7d542194",
        **report,
    }
    return {
        "id": "1002d6bca6acdfcbb8442178",
        "object": "event",
        "type": type_,
        "created_at": "2026-03-02T01:19:43Z",
        "data": {"object": told},
    }


def parsed(document: Any, vendor: str = "background") -> Any:
    (fact,) = parse(vendor, json.dumps(document).encode())
    return fact


@pytest.mark.parametrize("result", ["clear", "consider"])
def test_b5_a_report_that_is_complete(result: Any) -> None:
    """Its findings have to be asked for, and it does not know our reference."""
    assert parsed(event(result=result)) == CheckCompleted("e44aa283528e6fde7d542194", result, None, None)


def test_a_report_without_its_candidate_goes_by_its_own_id() -> None:
    assert parsed(event(candidate_id=None)) == CheckCompleted("4722c07dd9a10c3985ae432a", "clear", None, None)


@pytest.mark.parametrize("adjudication", [None, "engaged", "pre_adverse_action", "post_adverse_action"])
def test_b5_what_somebody_clicked_at_checkr_clears_nobody(adjudication: str | None) -> None:
    told = event(result="consider", adjudication=adjudication)
    assert parsed(told) == CheckCompleted("e44aa283528e6fde7d542194", "consider", None)


def test_a_report_whose_checks_were_all_canceled_has_no_result() -> None:
    assert parsed(event(status="canceled", result=None)) == NotActedOn("report.completed")


@pytest.mark.parametrize(
    "type_",
    [
        "report.created",
        "report.updated",
        "report.suspended",
        "report.resumed",
        "report.canceled",
        "report.disputed",
        "report.engaged",
        "report.pre_adverse_action",
        "report.post_adverse_action",
        "candidate.created",
        "invitation.expired",
    ],
)
def test_what_else_happens_is_not_acted_on(type_: str) -> None:
    assert parsed(event(type_, result="consider")) == NotActedOn(type_)
    assert parsed({"type": type_, "data": "of any shape"}) == NotActedOn(type_)


def test_without_include_object_the_result_is_missing_and_that_is_said() -> None:
    told = event()
    told["data"]["object"] = {"id": "rep", "object": "report", "uri": "/v1/reports/rep"}
    with pytest.raises(NotInContract, match=r"data\.object\.result: is required"):
        parsed(told)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "body: model_type"),
        ({}, "type: missing"),
        ({"type": None}, "type: string_type"),
        ({"type": "x" * 101}, "type: string_too_long"),
        ({"type": "report.completed"}, "data: missing"),
        ({"type": "report.completed", "data": {"object": []}}, "data.object: model_type"),
        (event(id=7), "data.object.id: string_type"),
        (event(id=""), "data.object.id: string_too_short"),
        (event(result="maybe"), "data.object.result: literal_error"),
        (event(result=True), "data.object.result: literal_error"),
    ],
)
def test_an_event_that_is_not_one(document: Any, why: str) -> None:
    with pytest.raises(NotInContract) as caught:
        parsed(document)
    assert caught.value.fault == why
