"""The generic dialect, Standard Webhooks: who is authentic, and what each of our vendors tells."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from rencai.hiring.rules.background import Employment, Finding
from rencai.hiring.rules.facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.inbox.dialect import Delivered, Message, NotAuthentic, NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.interviews.rules.facts import InterviewCompleted
from rencai.interviews.rules.interview import Interview
from rencai.people.rules.application import Application
from rencai.people.rules.facts import ApplicationUpdated
from rencai.training.rules.facts import CourseProgressed
from rencai.vendors.dialects.standard_webhooks import parse, verify

# facts.md, from the specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_" + base64.b64encode(b"an older key of 24 bytes").decode()
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(AT, UTC)


def delivered(
    body: bytes = BODY, signature: str = SIGNATURE, timestamp: str = str(AT), message_id: str = ID
) -> Delivered:
    return Delivered(
        body, {name: [value] for name, value in headers(signature, timestamp, message_id).items()}
    )


def headers(signature: str, timestamp: str, message_id: str) -> dict[str, str]:
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def sign(body: bytes, secret: str = SECRET, at: int = AT, message_id: str = ID) -> str:
    """By the library the specification's authors publish."""
    return Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), body.decode())


def refused(
    body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW, **changed: str
) -> str:
    with pytest.raises(NotAuthentic) as caught:
        verify(delivered(body, **changed), secrets, now)
    return str(caught.value.params["reason"])


# --- verify -------------------------------------------------------------------------------------------------


def test_the_specifications_vector() -> None:
    assert verify(delivered(), [SECRET], NOW) == Message(ID, ID)


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
    message = verify(delivered(body, signature, message_id=message_id), [secret], NOW)
    assert message == Message(message_id, message_id)


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
        try:
            with time_machine.travel(NOW, tick=False):
                Webhook(secret).verify(sent, headers(signature, str(when), id_))
            theirs = True
        except (WebhookVerificationError, ValueError):
            theirs = False
        try:
            verify(delivered(sent, signature, str(when), id_), [secret], NOW)
            ours = True
        except NotAuthentic:
            ours = False
        assert (ours, theirs) == (genuine, genuine)


def test_a_key_rotates_with_two_secrets_or_with_two_signatures() -> None:
    old = sign(BODY, OLD_SECRET)
    for signature, secrets in (
        (old, [SECRET, OLD_SECRET]),
        (f"{old} {SIGNATURE}", [SECRET]),
        (f"{SIGNATURE} {old}", [OLD_SECRET]),
        (f"v2,xyz nonsense {SIGNATURE}", [SECRET]),
    ):
        assert verify(delivered(signature=signature), secrets, NOW) == Message(ID, ID)
    assert refused(signature=old) == "no signature matches"


def test_a_secret_without_its_prefix_is_the_same_key() -> None:
    assert verify(delivered(), [SECRET.removeprefix("whsec_")], NOW).message_id == ID


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), ("", "whsec_")])
def test_without_a_key_nobody_is_authentic(secrets: tuple[str, ...]) -> None:
    """An empty key is one that everybody has: a placeholder secret must not open the door."""
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
        assert verify(delivered(), [SECRET], now) == Message(ID, ID)
    else:
        assert refused(now=now) == "webhook-timestamp is more than 5 minutes off"


def test_part_of_a_second_over_is_over() -> None:
    assert (
        refused(now=NOW + timedelta(seconds=300, milliseconds=1))
        == "webhook-timestamp is more than 5 minutes off"
    )


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("values", [None, [], [""]])
def test_each_header_is_required(missing: str, values: list[str] | None) -> None:
    given_headers = dict(delivered().headers)
    del given_headers[missing]
    if values is not None:
        given_headers[missing] = values
    with pytest.raises(NotAuthentic, match=f"{missing} is required"):
        verify(Delivered(BODY, given_headers), [SECRET], NOW)


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
        "1614265330,1614265330",
        "9999999999999",
    ],
)
def test_a_timestamp_is_unix_seconds(timestamp: str) -> None:
    assert refused(timestamp=timestamp) == "webhook-timestamp is not unix seconds"


@pytest.mark.parametrize("timestamp", ["１６１４２６５３３０", "١٦١٤٢٦٥٣٣٠", "²", "1614265330\n"])
def test_what_looks_like_a_digit_is_none(timestamp: str) -> None:
    assert refused(timestamp=timestamp) == "webhook-timestamp is not plain text"


@pytest.mark.parametrize("timestamp", ["0", "253402300800", "999999999999"])
def test_a_timestamp_of_another_age_is_stale(timestamp: str) -> None:
    assert refused(timestamp=timestamp) == "webhook-timestamp is more than 5 minutes off"


def test_two_headers_that_a_proxy_has_folded_into_one_are_refused() -> None:
    assert refused(message_id=f"{ID},{ID}") == "webhook-id was sent twice"
    assert refused(signature=f"{SIGNATURE}, {SIGNATURE}") == "webhook-signature was sent twice"


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE.removeprefix("v1,"),
        SIGNATURE.replace("v1", "v2"),
        SIGNATURE.replace("v1", "V1"),
        SIGNATURE[:-1],
        SIGNATURE[:-4],
        SIGNATURE + "=",
        SIGNATURE.replace("OE=", "OF="),  # the same 32 bytes: the last letter has bits that nobody reads
        SIGNATURE.replace("v1,", "v1,,"),
        SIGNATURE.replace(",", ":"),
        "v1,",
        "v1",
        ",",
        "v1,====",
        "v1a," + SIGNATURE[3:],
    ],
)
def test_a_signature_that_is_not_one(signature: str) -> None:
    assert refused(signature=signature) == "no signature matches"


def test_the_text_of_a_refusal_quotes_nothing() -> None:
    for text in (
        refused(signature="v1,private"),
        refused(timestamp="private"),
        refused(message_id="private,"),
    ):
        assert "private" not in text


def test_a_secret_that_was_pasted_wrong_does_not_stop_the_others() -> None:
    """Found in review: it raised, and the vendor was answered 500 for everything."""
    assert verify(delivered(), ["whsec_abc", "密钥", SECRET], NOW).message_id == ID
    assert refused(secrets=("whsec_abc", "密钥")) == "no signature matches"


# --- parse --------------------------------------------------------------------------------------------------

OFFER = "off_7Z0717V3KVSZ46D65KY3XYD9Q5"
CANDIDATE = "cand_7Z0717V3KVSZ46D65KY3XYD9Q5"
AT_TEXT = "2026-03-02T01:20:00Z"
AT_TIME = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
FIXTURES = Path(__file__).parents[1] / "fixtures"


def event(type_: str, data: Any) -> dict[str, Any]:
    return {"type": type_, "timestamp": AT_TEXT, "data": data}


def envelope(type_: str = "envelope.completed", **data: Any) -> dict[str, Any]:
    return event(type_, {"envelope_id": "env_1", "reference": OFFER, "occurred_at": AT_TEXT, **data})


def check(**data: Any) -> dict[str, Any]:
    found = [{"kind": "identity", "verified": True, "detail": "ok"}, {"kind": "criminal", "verified": False}]
    data = {"check_id": "chk_1", "reference": CANDIDATE, "result": "clear", "findings": found, **data}
    return event("check.completed", data)


def assessment(**data: Any) -> dict[str, Any]:
    data = {"assessment_id": "as_1", "reference": CANDIDATE, "scales": {"stress_tolerance": 62.5}, **data}
    return event("assessment.completed", data)


def progress(**data: Any) -> dict[str, Any]:
    data = {"enrolment_id": "enr_1", "completion_percent": 80, "occurred_at": AT_TEXT, **data}
    return event("enrolment.progressed", data)


def parsed(vendor: str, document: Any) -> Any:
    (fact,) = parse(vendor, json.dumps(document, ensure_ascii=False).encode())
    return fact


def not_in_contract(vendor: str, document: Any) -> str:
    with pytest.raises(NotInContract) as caught:
        parsed(vendor, document)
    return str(caught.value.fault)


@pytest.mark.parametrize("outcome", EnvelopeOutcome)
def test_b4_what_e_signature_tells(outcome: EnvelopeOutcome) -> None:
    told = envelope(f"envelope.{outcome}", reason="说不", more="ignored")
    assert parsed("esign", told) == EnvelopeClosed("env_1", outcome, OFFER, "说不")


@pytest.mark.parametrize("result", ["clear", "consider"])
def test_b5_what_a_background_check_tells(result: Any) -> None:
    findings = (
        Finding(kind="identity", verified=True, detail="ok"),
        Finding(kind="criminal", verified=False),
    )
    assert parsed("background", check(result=result)) == CheckCompleted("chk_1", result, findings, CANDIDATE)


def test_a7_what_an_assessment_tells() -> None:
    told = assessment(scales={"stress_tolerance": 62.5, "外向性": "40"}, summary="抗压能力较强")
    assert parsed("psychometric", told) == AssessmentCompleted(
        "as_1",
        {"stress_tolerance": Decimal("62.5"), "外向性": Decimal(40)},
        "抗压能力较强",
        CANDIDATE,
    )


def test_c2_what_the_lms_tells() -> None:
    told = progress(completion_percent=100, exam_score=85, mentor_review="谈判技巧有明显提升")
    assert parsed("lms", told) == CourseProgressed(
        "enr_1", AT_TIME, Decimal(100), Decimal(85), "谈判技巧有明显提升"
    )
    assert parsed("lms", progress()) == CourseProgressed("enr_1", AT_TIME, Decimal(80))


def test_a6_what_the_ats_tells() -> None:
    told = event(
        "application.updated",
        {
            "external_id": "ext_1",
            "candidate": {"name": "示例", "phone": "13800000000"},
            "position": {"role": "sales"},
            "resume": {"work_history": [{"employer": "示例公司", "title": "销售", "from": "2020-03"}]},
            "updated_at": AT_TEXT,
        },
    )
    assert parsed("ats", told) == ApplicationUpdated(
        Application.model_validate(
            {
                "external_id": "ext_1",
                "name": "示例",
                "phone": "13800000000",
                "role": "sales",
                "work_history": (Employment(employer="示例公司", title="销售", from_="2020-03"),),
                "updated_at": AT_TIME,
            }
        )
    )


def test_a1_what_the_interview_vendor_tells() -> None:
    interview = json.loads((FIXTURES / "sales-worked-example.json").read_text())
    assert parsed("interview", event("interview.completed", interview)) == InterviewCompleted(
        Interview.model_validate(interview)
    )


TYPES = {
    "esign": envelope(),
    "background": check(),
    "psychometric": assessment(),
    "lms": progress(),
    "ats": event("application.updated", {"external_id": "x"}),
    "interview": event("interview.completed", {}),
}


@pytest.mark.parametrize("vendor", [*TYPES, "finance"])
def test_b9_a_vendor_is_heard_on_its_own_subject_only(vendor: str) -> None:
    for subject, told in TYPES.items():
        if subject != vendor:
            assert parsed(vendor, told) == NotActedOn(told["type"])


@pytest.mark.parametrize("vendor", TYPES)
def test_a_type_that_nobody_acts_on_is_left_whatever_is_in_it(vendor: str) -> None:
    assert parsed(vendor, event("envelope.viewed", {"any": ["thing", 1]})) == NotActedOn("envelope.viewed")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "body: model_type"),
        (None, "body: model_type"),
        ({}, "type: missing"),
        ({**envelope(), "type": ""}, "type: string_too_short"),
        ({**envelope(), "type": 7}, "type: string_type"),
        ({**envelope(), "timestamp": "2026-03-02T01:20:00"}, "timestamp: timezone_aware"),
        ({**envelope(), "timestamp": 1772414400}, "timestamp: string_type"),
        ({**envelope(), "data": []}, "data: dict_type"),
        (envelope(envelope_id=""), "data.envelope_id: string_too_short"),
        (envelope(envelope_id="x" * 129), "data.envelope_id: string_too_long"),
        (envelope(occurred_at="soon"), "data.occurred_at: not_iso_8601"),
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
        (check(findings=None), "data.findings: tuple_type"),
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
    ("vendor", "document", "why"),
    [
        (
            "psychometric",
            assessment(scales={"stress_tolerance": 101}),
            "data.scales.stress_tolerance: less_than_equal",
        ),
        ("psychometric", assessment(scales={"张某某": 101}), "data.scales.*: less_than_equal"),
        ("psychometric", assessment(scales=[]), "data.scales: dict_type"),
        ("psychometric", assessment(reference=None), "data.reference: string_type"),
        ("psychometric", assessment(summary="x" * 4001), "data.summary: string_too_long"),
        ("lms", progress(completion_percent=-1), "data.completion_percent: greater_than_equal"),
        ("lms", progress(completion_percent=None), "data.completion_percent: decimal_type"),
        ("lms", progress(exam_score=100.5), "data.exam_score: less_than_equal"),
        ("lms", progress(exam_score="0." + "3" * 40), "data.exam_score: decimal_max_digits"),
        ("lms", progress(exam_score=float("nan")), "data.exam_score: finite_number"),
        ("lms", progress(occurred_at=5), "data.occurred_at: string_type"),
        ("ats", event("application.updated", {}), "data.external_id: missing"),
        ("interview", event("interview.completed", {}), "data.schema: missing"),
    ],
)
def test_an_event_of_another_vendor_that_is_not_one(vendor: str, document: Any, why: str) -> None:
    assert not_in_contract(vendor, document) == why


def test_what_is_not_in_contract_is_not_quoted() -> None:
    assert "机密" not in not_in_contract("esign", envelope(occurred_at="机密"))
