"""Inbound webhooks: is it authentic (Standard Webhooks), and is it what its vendor's contract says."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from rencai.domain.background import Finding
from rencai.vendors.webhooks import (
    CheckData,
    CheckEvent,
    EnvelopeData,
    EnvelopeEvent,
    Message,
    NotAuthentic,
    NotInContract,
    OtherEvent,
    parse,
    verify,
)

# facts.md, from the specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_" + base64.b64encode(b"an older key of 24 bytes").decode()
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(AT, UTC)


def headers(signature: str = SIGNATURE, timestamp: str = str(AT), message_id: str = ID) -> dict[str, str]:
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def sign(body: bytes, secret: str = SECRET, at: int = AT, message_id: str = ID) -> str:
    """By the library the specification's authors publish."""
    return Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), body.decode())


def refused(
    body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW, **changed: str
) -> str:
    with pytest.raises(NotAuthentic) as caught:
        verify(body, headers(**changed), secrets, now)
    return str(caught.value.params["reason"])


# --- verify -------------------------------------------------------------------------------------------------


def test_the_specifications_vector() -> None:
    assert verify(BODY, headers(), [SECRET], NOW) == Message(ID, NOW)


words = st.text(st.characters(exclude_categories=["Cs"]))
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
).map(lambda value: json.dumps(value, ensure_ascii=False).encode())
keys = st.binary(min_size=24, max_size=64).map(lambda key: "whsec_" + base64.b64encode(key).decode())
ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


@given(documents | words.map(str.encode), keys, ids)
def test_what_the_library_signs_we_accept(body: bytes, secret: str, message_id: str) -> None:
    signature = sign(body, secret, AT, message_id)
    assert verify(body, headers(signature, message_id=message_id), [secret], NOW) == Message(message_id, NOW)


@given(documents, keys, ids, st.integers(0, 3), st.binary(min_size=1, max_size=3))
def test_what_we_accept_the_library_accepts_and_what_was_changed_neither_does(
    body: bytes, secret: str, message_id: str, change: int, noise: bytes
) -> None:
    """The library takes only JSON, reads the clock itself, and lets a ``ValueError`` out on what is no text."""
    signature = sign(body, secret, AT, message_id)
    changed = (
        (body + noise, message_id, AT),
        (noise + body, message_id, AT),
        (body, message_id + "x", AT),
        (body, message_id, AT + 1),
    )[change]
    for (sent, id_, when), genuine in (((body, message_id, AT), True), (changed, False)):
        given_headers = headers(signature, str(when), id_)
        try:
            with time_machine.travel(NOW, tick=False):
                Webhook(secret).verify(sent, given_headers)
            theirs = True
        except (WebhookVerificationError, ValueError):
            theirs = False
        try:
            verify(sent, given_headers, [secret], NOW)
            ours = True
        except NotAuthentic:
            ours = False
        assert (ours, theirs) == (genuine, genuine)


def test_a_key_rotates_with_two_secrets_or_with_two_signatures() -> None:
    old = sign(BODY, OLD_SECRET)
    message = Message(ID, NOW)
    assert verify(BODY, headers(old), [SECRET, OLD_SECRET], NOW) == message
    assert verify(BODY, headers(f"{old} {SIGNATURE}"), [SECRET], NOW) == message
    assert verify(BODY, headers(f"{SIGNATURE} {old}"), [OLD_SECRET], NOW) == message
    assert verify(BODY, headers(f"v2,xyz nonsense {SIGNATURE}"), [SECRET], NOW) == message
    assert refused(signature=old) == "no signature matches"


def test_a_secret_without_its_prefix_is_the_same_key() -> None:
    assert verify(BODY, headers(), [SECRET.removeprefix("whsec_")], NOW).message_id == ID


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), ("", "whsec_")])
def test_without_a_key_nobody_is_authentic(secrets: tuple[str, ...]) -> None:
    """An empty key is one that everybody has: a placeholder secret must not open the door."""
    import hashlib
    import hmac

    forged = hmac.new(b"", f"{ID}.{AT}.".encode() + BODY, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(forged).decode()
    assert refused(secrets=secrets, signature=signature) == "no signature matches"


@pytest.mark.parametrize(
    ("seconds", "fresh"),
    [
        (0, True),
        (299, True),
        (300, True),
        (301, False),
        (-299, True),
        (-300, True),
        (-301, False),
        (10**6, False),
    ],
)
def test_five_minutes_either_way(seconds: int, fresh: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    if fresh:
        assert verify(BODY, headers(), [SECRET], now) == Message(ID, NOW)
    else:
        assert refused(now=now) == "webhook-timestamp is more than 5 minutes off"


def test_part_of_a_second_over_is_over() -> None:
    assert (
        refused(now=NOW + timedelta(seconds=300, milliseconds=1))
        == "webhook-timestamp is more than 5 minutes off"
    )


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("empty", [True, False])
def test_each_header_is_required(missing: str, empty: bool) -> None:
    given_headers = headers()
    given_headers[missing] = ""
    if not empty:
        del given_headers[missing]
    with pytest.raises(NotAuthentic, match="are required"):
        verify(BODY, given_headers, [SECRET], NOW)


@pytest.mark.parametrize(
    "timestamp",
    [
        "now",
        "-1614265330",
        "+1614265330",
        " 1614265330",
        "1614265330.0",
        "1.6e9",
        "0x6037",
        "1_614_265_330",
        "１６１４２６５３３０",
        "١٦١٤٢٦٥٣٣٠",
        "²",
        "1614265330,1614265330",
        "9999999999999",
    ],
)
def test_a_timestamp_is_unix_seconds(timestamp: str) -> None:
    assert refused(timestamp=timestamp) == "webhook-timestamp is not unix seconds"


@pytest.mark.parametrize("timestamp", ["0", "253402300800", "999999999999"])
def test_a_timestamp_of_another_age_is_stale(timestamp: str) -> None:
    assert refused(timestamp=timestamp) == "webhook-timestamp is more than 5 minutes off"


def test_a_header_sent_twice_or_too_long_is_refused() -> None:
    assert {
        refused(message_id=f"{ID},{ID}"),
        refused(message_id="x" * 2001),
        refused(signature="v1," + "A" * 2000),
    } == {"a webhook header is too long or was sent twice"}


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE.removeprefix("v1,"),
        SIGNATURE.replace("v1", "v2"),
        SIGNATURE.replace("v1", "V1"),
        SIGNATURE[:-1],
        SIGNATURE[:-4],
        SIGNATURE + "=",
        SIGNATURE.replace("v1,", "v1, "),
        SIGNATURE.replace(",", ":"),
        "v1,",
        "v1",
        ",",
        "v1,é",
        "v1,====",
        "v1a," + SIGNATURE[3:],
    ],
)
def test_a_signature_that_is_not_one(signature: str) -> None:
    assert refused(signature=signature) == "no signature matches"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "webhook-id": st.text() | st.just(ID) | st.just("\ud800"),
            "webhook-timestamp": st.text() | st.integers().map(str) | st.just(str(AT)),
            "webhook-signature": st.one_of(
                st.text(),
                st.just(SIGNATURE),
                st.text().map(lambda text: f"v1,{text}"),
                st.lists(st.sampled_from(["v1,", "v1,AAAA", "v1a,x", SIGNATURE[:20], "\ud800", ""])).map(
                    " ".join
                ),
            ),
        },
    ),
    st.binary(max_size=40),
)
def test_garbage_is_not_authentic_and_nothing_else(given_headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotAuthentic):
        verify(b"x" + body, given_headers, [SECRET, OLD_SECRET], NOW)


def test_the_text_of_a_refusal_quotes_nothing() -> None:
    for text in (
        refused(signature="v1,private"),
        refused(timestamp="private"),
        refused(message_id="private,"),
    ):
        assert "private" not in text


# --- parse --------------------------------------------------------------------------------------------------

OFFER = "off_7Z0717V3KVSZ46D65KY3XYD9Q5"
CANDIDATE = "cand_7Z0717V3KVSZ46D65KY3XYD9Q5"
AT_TEXT = "2026-03-02T01:20:00Z"
AT_TIME = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)


def envelope(type_: str = "envelope.completed", **data: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "timestamp": AT_TEXT,
        "data": {"envelope_id": "env_1", "reference": OFFER, "occurred_at": AT_TEXT, **data},
    }


def check(type_: str = "check.completed", **data: Any) -> dict[str, Any]:
    found = [{"kind": "identity", "verified": True, "detail": "ok"}, {"kind": "criminal", "verified": False}]
    return {
        "type": type_,
        "timestamp": AT_TEXT,
        "data": {"check_id": "chk_1", "reference": CANDIDATE, "result": "clear", "findings": found, **data},
    }


def parsed(vendor: str, document: Any) -> Any:
    return parse(vendor, json.dumps(document, ensure_ascii=False).encode())


def not_in_contract(vendor: str, document: Any) -> str:
    with pytest.raises(NotInContract) as caught:
        parsed(vendor, document)
    return str(caught.value.params["reason"])


@pytest.mark.parametrize(
    "type_", ["envelope.completed", "envelope.declined", "envelope.expired", "envelope.voided"]
)
def test_what_e_signature_tells(type_: Any) -> None:
    assert parsed("esign", envelope(type_, reason="说不", more="ignored")) == EnvelopeEvent(
        type=type_,
        timestamp=AT_TIME,
        data=EnvelopeData(envelope_id="env_1", reference=OFFER, occurred_at=AT_TIME, reason="说不"),
    )


@pytest.mark.parametrize("result", ["clear", "consider"])
def test_what_a_background_check_tells(result: Any) -> None:
    assert parsed("background", check(result=result)) == CheckEvent(
        type="check.completed",
        timestamp=AT_TIME,
        data=CheckData(
            check_id="chk_1",
            reference=CANDIDATE,
            result=result,
            findings=[
                Finding(kind="identity", verified=True, detail="ok"),
                Finding(kind="criminal", verified=False),
            ],
        ),
    )


def test_b9_a_vendor_is_heard_on_its_own_subject_only() -> None:
    assert not_in_contract("background", envelope()) == "type: literal_error"
    assert not_in_contract("esign", check()) == "type: literal_error"


@pytest.mark.parametrize("vendor", ["esign", "background", "lms"])
@pytest.mark.parametrize(
    "type_",
    [
        "assessment.completed",
        "enrolment.progressed",
        "application.updated",
        "interview.completed",
        "envelope.viewed",
    ],
)
def test_a_type_that_is_not_acted_on_is_kept_as_it_is(vendor: str, type_: str) -> None:
    told = {"type": type_, "timestamp": AT_TEXT, "data": {"any": ["thing", 1]}}
    assert parsed(vendor, told) == OtherEvent(type=type_, timestamp=AT_TIME, data={"any": ["thing", 1]})


def test_a_vendor_of_another_subject_signs_and_clears_nothing() -> None:
    for told in (envelope(), check()):
        assert isinstance(parsed("lms", told), OtherEvent)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "body: model_type"),
        (None, "body: model_type"),
        ({}, "type: missing"),
        ({**envelope(), "type": ""}, "type: string_too_short"),
        ({**envelope(), "type": 7}, "type: string_type"),
        ({**envelope(), "timestamp": "2026-03-02T01:20:00"}, "timestamp: timezone_aware"),
        ({**envelope(), "data": []}, "data: dict_type"),
        (envelope(envelope_id=""), "data.envelope_id: string_too_short"),
        (envelope(envelope_id="x" * 129), "data.envelope_id: string_too_long"),
        (envelope(occurred_at="soon"), "data.occurred_at: datetime_from_date_parsing"),
        (envelope(reason="x" * 2001), "data.reason: string_too_long"),
    ],
)
def test_an_envelope_event_that_is_not_one(document: Any, why: str) -> None:
    assert not_in_contract("esign", document) == why


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (check(check_id=""), "data.check_id: string_too_short"),
        (check(result="maybe"), "data.result: literal_error"),
        (check(findings=None), "data.findings: list_type"),
        (check(findings=[{"kind": "gossip", "verified": True}]), "data.findings.0.kind: literal_error"),
        (check(findings=[{"kind": "criminal"}]), "data.findings.0.verified: missing"),
        (check(findings=[{"kind": "criminal", "verified": "true"}]), "data.findings.0.verified: bool_type"),
        (check(findings=[{"kind": "criminal", "verified": 1}]), "data.findings.0.verified: bool_type"),
        (check(findings=[{"kind": "identity", "verified": True}] * 101), "data.findings: too_long"),
    ],
)
def test_a_check_event_that_is_not_one(document: Any, why: str) -> None:
    assert not_in_contract("background", document) == why


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"nonsense", b'{"type":' * 5000, b'{"type": "\\ud800"}']
)
def test_a_body_that_is_no_json(body: bytes) -> None:
    with pytest.raises(NotInContract, match="body: json_invalid"):
        parse("esign", body)


@given(st.sampled_from(["esign", "background", "ats"]), st.binary(max_size=60))
def test_no_bytes_are_anything_but_not_in_contract(vendor: str, body: bytes) -> None:
    with pytest.raises(NotInContract):
        parse(vendor, body)


def test_what_is_not_in_contract_is_not_quoted() -> None:
    assert "机密" not in not_in_contract("esign", envelope(occurred_at="机密"))


def test_a_secret_that_was_pasted_wrong_does_not_stop_the_others() -> None:
    """Found in review: it raised, and the vendor was answered 500 for everything."""
    body, now = b"{}", datetime(2026, 3, 2, tzinfo=UTC)
    good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(good).sign("msg-1", now, body.decode()),
    }
    assert verify(body, headers, ["whsec_abc", good], now).message_id == "msg-1"
    with pytest.raises(NotAuthentic):
        verify(body, headers, ["whsec_abc"], now)
