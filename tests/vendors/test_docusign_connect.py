"""DocuSign Connect: several signatures, no event id, and an expiry that is a void."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.inbox.dialect import Delivered, NotAuthentic, NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.vendors.dialects.docusign_connect import parse, verify

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
KEY, OTHER_KEY = "SUxzzu2lYLgzYQDEMUVsXaoL/2MlrfbSFJ88vmGIqhI=", "密钥二"
OFFER = "off_7Z0717V3KVSZ46D65KY3XYD9Q5"
ENVELOPE = "67179a9e-209e-428f-a17f-09eac742f749"
ACCOUNT = "67179a9e-0a1e-4fb2-bfa1-7bd9c742af8c"


def message(event: str = "envelope-completed", summary: Any = None, **data: Any) -> dict[str, Any]:
    told = {"accountId": ACCOUNT, "userId": "ad957f67", "envelopeId": ENVELOPE, **data}
    return {
        "event": event,
        "apiVersion": "v2.1",
        "uri": f"/restapi/v2.1/accounts/{ACCOUNT}/envelopes/{ENVELOPE}",
        "retryCount": 0,
        "configurationId": 10430604,
        "generatedDateTime": "2026-03-02T01:19:48.4147743Z",
        "data": told if summary is None else {**told, "envelopeSummary": summary},
    }


def signature(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def delivered(document: Any, *signatures: str) -> Delivered:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    given = signatures or (signature(body),)
    return Delivered(body, {f"x-docusign-signature-{n}": [one] for n, one in enumerate(given, 1)})


def message_id(document: Any) -> str:
    return verify(delivered(document), [KEY], NOW).message_id


def test_one_header_for_each_key_of_the_account_and_any_will_do() -> None:
    body = json.dumps(message()).encode()
    for signatures, keys in (
        ((signature(body),), (KEY,)),
        ((signature(body, OTHER_KEY), signature(body)), (KEY,)),
        ((signature(body), signature(body, OTHER_KEY)), (OTHER_KEY,)),
        ((signature(body, OTHER_KEY),), ("", KEY, OTHER_KEY)),
    ):
        assert verify(delivered(body, *signatures), keys, NOW).message_id
    late = Delivered(body, {"x-docusign-signature-100": [signature(body)]})
    assert verify(late, [KEY], NOW).message_id


def test_a_key_is_used_as_it_is_shown() -> None:
    """It looks like base64, and is not decoded."""
    body = b"{}"
    decoded = base64.b64encode(hmac.new(base64.b64decode(KEY), body, hashlib.sha256).digest()).decode()
    with pytest.raises(NotAuthentic, match="no signature matches"):
        verify(delivered(body, decoded), [KEY], NOW)


def test_without_a_signature_it_is_nobodys() -> None:
    with pytest.raises(NotAuthentic, match="x-docusign-signature-1 is required"):
        verify(Delivered(b"{}", {"x-docusign-signature": [signature(b"{}")]}), [KEY], NOW)


def test_a_retry_of_days_later_is_authentic_and_has_the_same_name() -> None:
    """``generatedDateTime`` stays as it was, so that there can be no tolerance."""
    first = verify(delivered(message()), [KEY], NOW)
    retry = verify(delivered({**message(), "retryCount": 7}), [KEY], NOW + timedelta(days=14))
    assert first == retry
    assert first.message_id == f"{ACCOUNT}:{ENVELOPE}:envelope-completed"


def test_each_event_of_an_envelope_has_its_own_name() -> None:
    events = ("envelope-sent", "envelope-delivered", "envelope-completed")
    names = {message_id(message(event)) for event in events}
    names |= {message_id(message(envelopeId="another")), message_id(message(accountId="another"))}
    assert len(names) == 5


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not JSON",
        b"[]",
        {},
        {"event": "envelope-completed"},
        message(accountId=None),
        message(envelopeId="a:b"),
        message(event="a:b"),
        message(envelopeId="x" * 65),
    ],
)
def test_a_body_that_does_not_say_what_it_is_is_named_by_its_bytes(document: Any) -> None:
    body = delivered(document).body
    assert message_id(document) == f"body-{hashlib.sha256(body).hexdigest()}"


# --- parse --------------------------------------------------------------------------------------------------


def parsed(document: Any, vendor: str = "esign") -> Any:
    (fact,) = parse(vendor, json.dumps(document, ensure_ascii=False).encode())
    return fact


def fields(*named: tuple[Any, Any]) -> dict[str, Any]:
    text = [{"fieldId": "1", "name": name, "show": "false", "value": value} for name, value in named]
    return {"customFields": {"textCustomFields": text, "listCustomFields": []}}


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("envelope-completed", EnvelopeOutcome.COMPLETED),
        ("envelope-declined", EnvelopeOutcome.DECLINED),
        ("envelope-voided", EnvelopeOutcome.VOIDED),
    ],
)
def test_b4_how_an_envelope_ended(event: str, outcome: EnvelopeOutcome) -> None:
    assert parsed(message(event)) == EnvelopeClosed(ENVELOPE, outcome)
    summary = {"status": "any", "envelopeId": ENVELOPE, **fields(("cost centre", "1"), ("reference", OFFER))}
    assert parsed(message(event, summary)) == EnvelopeClosed(ENVELOPE, outcome, OFFER)


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("Envelope has expired.", EnvelopeOutcome.EXPIRED),
        ("envelope has expired", EnvelopeOutcome.EXPIRED),
        (" Envelope has expired. ", EnvelopeOutcome.EXPIRED),
        ("The offer has expired.", EnvelopeOutcome.VOIDED),
        ("Envelope has expired. Or so we think", EnvelopeOutcome.VOIDED),
        ("", EnvelopeOutcome.VOIDED),
        (None, EnvelopeOutcome.VOIDED),
    ],
)
def test_b4_an_expiry_is_a_void_with_a_reason_of_its_own(
    reason: str | None, outcome: EnvelopeOutcome
) -> None:
    told = message("envelope-voided", {"voidedReason": reason, **fields(("reference", OFFER))})
    said = (reason or None) if outcome is EnvelopeOutcome.VOIDED else None
    assert parsed(told) == EnvelopeClosed(ENVELOPE, outcome, OFFER, said)


@pytest.mark.parametrize(
    ("recipients", "reason"),
    [
        ({"signers": [{"declinedReason": "薪资低于预期", "status": "declined"}], "ccs": []}, "薪资低于预期"),
        ({"signers": [{"status": "sent"}, {"declinedReason": "去了别处"}]}, "去了别处"),
        ({"signers": [{"declinedReason": None}, {"declinedReason": ""}]}, None),
        ({"signers": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_b4_why_it_was_declined(recipients: Any, reason: str | None) -> None:
    told = parsed(message("envelope-declined", {"recipients": recipients, "voidedReason": "not this"}))
    assert told == EnvelopeClosed(ENVELOPE, EnvelopeOutcome.DECLINED, None, reason)
    assert not reason or reason not in repr(told)


def test_the_reason_says_nothing_of_an_envelope_that_was_signed() -> None:
    told = message("envelope-completed", {"voidedReason": "Envelope has expired."})
    assert parsed(told) == EnvelopeClosed(ENVELOPE, EnvelopeOutcome.COMPLETED)


@pytest.mark.parametrize(
    "summary",
    [
        {},
        {"customFields": None},
        {"customFields": {}},
        {"customFields": {"textCustomFields": None}},
        fields(),
        fields(("Reference", OFFER), ("another", OFFER)),
        fields(("reference", "")),
        fields(("reference", None)),
        fields((None, OFFER)),
        fields(("reference", "x" * 129), ("another", "x" * 5000)),
    ],
)
def test_without_our_field_there_is_no_reference(summary: dict[str, Any]) -> None:
    assert parsed(message(summary=summary)) == EnvelopeClosed(ENVELOPE, EnvelopeOutcome.COMPLETED)


@pytest.mark.parametrize(
    "event",
    ["envelope-sent", "envelope-delivered", "envelope-resent", "envelope-purge", "recipient-completed"],
)
def test_what_happens_on_the_way_is_not_acted_on(event: str) -> None:
    assert parsed({"event": event, "data": "of any shape"}) == NotActedOn(event)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "body: model_type"),
        ({}, "event: missing"),
        ({"event": 7}, "event: string_type"),
        ({"event": "x" * 101}, "event: string_too_long"),
        ({"event": "envelope-completed"}, "data: missing"),
        (message(envelopeId=None), "data.envelopeId: string_type"),
        (message(envelopeId=""), "data.envelopeId: string_too_short"),
        (message(envelopeSummary=[]), "data.envelopeSummary: model_type"),
        (message(summary={"voidedReason": 7}), "data.envelopeSummary.voidedReason: string_type"),
        (
            message(summary={"customFields": {"textCustomFields": {}}}),
            "data.envelopeSummary.customFields.textCustomFields: list_type",
        ),
        (
            message(summary=fields(("reference", 7))),
            "data.envelopeSummary.customFields.textCustomFields.0.value: string_type",
        ),
    ],
)
def test_a_message_that_is_not_one(document: Any, why: str) -> None:
    with pytest.raises(NotInContract) as caught:
        parsed(document)
    assert caught.value.fault == why
