"""DocuSign against a server on loopback that answers as DocuSign's reference shows."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.ports import Envelope, Esign, Signer
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.docusign import DocusignEsign, DocusignSettings
from rencai.vendors.http import Line, NotNow
from tests.vendors.http_client import Forgetful
from tests.vendors.loopback import NOW, Clock, Heard, Said, Talk, Vendor

ACCOUNT = "11111111-1111-4111-8111-111111111111"
USER = "22222222-2222-4222-8222-222222222222"
KEY = "33333333-3333-4333-8333-333333333333"
ENVELOPE = "44444444-4444-4444-8444-444444444444"
TOKEN = "POST /oauth/token"
ENVELOPES = f"/restapi/v2.1/accounts/{ACCOUNT}/envelopes"
LIST, CREATE, STATUS = f"GET {ENVELOPES}", f"POST {ENVELOPES}", f"GET {ENVELOPES}/{ENVELOPE}"
GRANTED = Said({"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600})
NONE = Said({"resultSetSize": "0", "totalSetSize": "0", "startPosition": "0"})
SENT = Said(
    {
        "envelopeId": ENVELOPE,
        "uri": f"/envelopes/{ENVELOPE}",
        "statusDateTime": "2026-03-02T01:00:01.2430000Z",
        "status": "sent",
    },
    201,
)
UNTIL = NOW + timedelta(days=14, seconds=1, microseconds=243_000)


def settings(vendor: Vendor, **more: Any) -> DocusignSettings:
    return DocusignSettings(
        account_id=ACCOUNT, user_id=USER, integration_key=KEY, auth_url=vendor.url, **more
    )


def sign(content: bytes) -> bytes:
    """Stands in for KMS."""
    return b"signed:" + content[-9:]


@pytest.fixture
def esign(vendor: Vendor, line: Line) -> Esign:
    return DocusignEsign(settings(vendor), line, f"{vendor.url}/restapi", sign, Forgetful())


def send(
    esign: Esign, *, email: str | None = "z@example.com", html: str = "<p>你好</p>", key: str = "k"
) -> Envelope:
    return esign.send(
        title="录用通知",
        html=html,
        signer=Signer("周晓", email, "13800000000"),
        reference="off_1",
        idempotency_key=key,
    )


def part(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def letter(asked: Any) -> str:
    return base64.b64decode(asked.json["documents"][0]["documentBase64"]).decode()


def test_b4_an_envelope(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: SENT})
    assert send(esign) == Envelope(ENVELOPE, None, UNTIL)
    assert not esign.echoes_reference
    assert vendor.routes == [TOKEN, LIST, CREATE]
    asked = vendor.asked[2]
    assert asked.headers["authorization"] == "Bearer token-1"
    transaction = asked.json["transactionId"]
    assert len(transaction) == 36
    assert vendor.asked[1].query == {"transaction_ids": transaction}
    assert asked.json == {
        "status": "sent",
        "transactionId": transaction,
        "emailSubject": "录用通知",
        "documents": [
            {
                "documentId": "1",
                "name": "录用通知",
                "fileExtension": "html",
                "documentBase64": asked.json["documents"][0]["documentBase64"],
            }
        ],
        "recipients": {
            "signers": [
                {
                    "recipientId": "1",
                    "routingOrder": "1",
                    "name": "周晓",
                    "email": "z@example.com",
                    "tabs": {
                        "signHereTabs": [{"anchorString": "/rencai-sign-here/", "anchorUnits": "pixels"}]
                    },
                }
            ]
        },
        "customFields": {
            "textCustomFields": [
                {"name": "reference", "value": "off_1", "show": "false", "required": "false"}
            ]
        },
        "notification": {
            "useAccountDefaults": "false",
            "expirations": {"expireEnabled": "true", "expireAfter": "14", "expireWarn": "0"},
        },
    }


@pytest.mark.parametrize(
    ("html", "before", "after"),
    [
        ("<p>你好</p>", "<p>你好</p>", ""),
        ("<html><body><p>x</p></body></html>", "<html><body><p>x</p>", "</body></html>"),
    ],
)
def test_the_signature_has_its_place_at_the_letters_end(
    vendor: Vendor, esign: Esign, html: str, before: str, after: str
) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: SENT})
    send(esign, html=html)
    sent = letter(vendor.asked[2])
    assert sent.startswith(before)
    assert sent.endswith(after)
    assert sent.count("/rencai-sign-here/") == 1


def test_a_signer_without_e_mail_is_refused_before_anything_is_asked(vendor: Vendor, esign: Esign) -> None:
    with pytest.raises(VendorRefusal, match="needs the signer's e-mail address"):
        send(esign, email=None)
    assert vendor.asked == []


def test_a_long_title_fits_the_subject(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: SENT})
    esign.send(
        title="录" * 150,
        html="",
        signer=Signer("周晓", "z@example.com", None),
        reference="off_1",
        idempotency_key="k",
    )
    assert vendor.asked[2].json["emailSubject"] == "录" * 100


# --- the same envelope again --------------------------------------------------------------------------------


def test_a_retry_finds_the_envelope_whose_answer_was_never_heard(vendor: Vendor, line: Line) -> None:
    made: list[Any] = []

    def docusign(talk: Talk) -> None:
        asked = vendor.asked[-1]
        if asked.route == TOKEN:
            talk.answer(200, GRANTED.body)
        elif asked.route == CREATE:
            made.append(asked.json)
            talk.close_connection = True  # and no answer
        else:
            same = [one for one in made if one["transactionId"] == asked.query["transaction_ids"]]
            found = [{"envelopeId": ENVELOPE, "sentDateTime": SENT.body["statusDateTime"]} for _ in same]
            talk.answer(200, {"envelopes": found, "resultSetSize": str(len(found))})

    vendor.answering = docusign

    def afresh() -> Esign:
        return DocusignEsign(settings(vendor), line, f"{vendor.url}/restapi", sign, Forgetful())

    with pytest.raises(VendorUnavailable):
        send(afresh())
    assert send(afresh()) == Envelope(ENVELOPE, None, UNTIL)
    assert len(made) == 1


def test_another_key_is_another_envelope(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: SENT})
    send(esign, key="off_1")
    send(esign, key="off_1-2")
    assert len({asked.json["transactionId"] for asked in vendor.asked if asked.route == CREATE}) == 2


# --- how it stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"status": "sent"}, None),
        ({"status": "delivered"}, None),
        ({"status": "created"}, None),
        ({"status": "completed"}, EnvelopeOutcome.COMPLETED),
        ({"status": "declined"}, EnvelopeOutcome.DECLINED),
        ({"status": "voided", "voidedReason": "周晓改了主意"}, EnvelopeOutcome.VOIDED),
        ({"status": "voided", "voidedReason": "Envelope has expired."}, EnvelopeOutcome.EXPIRED),
        ({"status": "voided"}, EnvelopeOutcome.VOIDED),
        ({"status": "deleted"}, EnvelopeOutcome.VOIDED),
    ],
)
def test_b7_how_an_envelope_stands(
    vendor: Vendor, esign: Esign, told: dict[str, Any], outcome: EnvelopeOutcome | None
) -> None:
    fields = [{"name": "other", "value": "x"}, {"name": "reference", "value": "off_1"}]
    body = {"envelopeId": ENVELOPE, **told, "customFields": {"textCustomFields": fields}}
    vendor.says({TOKEN: GRANTED, STATUS: Said(body)})
    reason = told.get("voidedReason") if outcome is EnvelopeOutcome.VOIDED else None
    assert esign.status(ENVELOPE) == (EnvelopeClosed(ENVELOPE, outcome, "off_1", reason) if outcome else None)
    assert vendor.asked[1].query == {"include": "custom_fields,recipients"}


@pytest.mark.parametrize(
    ("recipients", "reason"),
    [
        ({"signers": [{"declinedReason": "薪资低于预期", "status": "declined"}]}, "薪资低于预期"),
        ({"signers": [{"status": "sent"}, {"declinedReason": "去了别处"}]}, "去了别处"),
        ({"signers": [{"declinedReason": ""}]}, None),
        ({"signers": []}, None),
        ({"signers": None}, None),
        (None, None),
    ],
)
def test_b4_why_it_was_declined(vendor: Vendor, esign: Esign, recipients: Any, reason: str | None) -> None:
    vendor.says({TOKEN: GRANTED, STATUS: Said({"status": "declined", "recipients": recipients})})
    told = esign.status(ENVELOPE)
    assert told == EnvelopeClosed(ENVELOPE, EnvelopeOutcome.DECLINED, None, reason)


def test_an_envelope_is_voided(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: GRANTED, f"PUT {ENVELOPES}/{ENVELOPE}": Said({"envelopeId": ENVELOPE})})
    esign.void(ENVELOPE, "招聘流程已结束" * 50)
    asked = vendor.asked[1]
    assert asked.json == {"status": "voided", "voidedReason": ("招聘流程已结束" * 50)[:200]}


def test_an_envelope_that_cannot_be_voided_any_more_is_a_refusal(vendor: Vendor, esign: Esign) -> None:
    said = Said({"errorCode": "ENVELOPE_CANNOT_VOID_INVALID_STATE", "message": "Only envelopes..."}, 400)
    vendor.says({TOKEN: GRANTED, f"PUT {ENVELOPES}/{ENVELOPE}": said})
    with pytest.raises(VendorRefusal, match="answered 400"):
        esign.void(ENVELOPE, "招聘流程已结束")


@pytest.mark.parametrize("fields", [None, {}, {"textCustomFields": None}, {"textCustomFields": []}])
def test_an_envelope_that_does_not_name_us(vendor: Vendor, esign: Esign, fields: Any) -> None:
    vendor.says({TOKEN: GRANTED, STATUS: Said({"status": "completed", "customFields": fields})})
    assert esign.status(ENVELOPE) == EnvelopeClosed(ENVELOPE, EnvelopeOutcome.COMPLETED)


@pytest.mark.parametrize("body", [{}, {"status": 7}, [], b"<html>"])
def test_rubbish_is_no_status(vendor: Vendor, esign: Esign, body: Any) -> None:
    vendor.says({TOKEN: GRANTED, STATUS: Said(body)})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        esign.status(ENVELOPE)


# --- who we are ---------------------------------------------------------------------------------------------


def test_the_assertion(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: SENT})
    send(esign)
    asked = vendor.asked[0]
    assert "authorization" not in asked.headers
    assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    header, claims, signature = asked.form["assertion"].split(".")
    assert part(header) == {"alg": "RS256", "typ": "JWT"}
    assert part(claims) == {
        "iss": KEY,
        "sub": USER,
        "aud": vendor.url.removeprefix("http://"),
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 600,
        "scope": "signature impersonation",
    }
    signed = sign(f"{header}.{claims}".encode())
    assert signature == base64.urlsafe_b64encode(signed).decode().rstrip("=")


def test_a_token_serves_many_calls_and_is_renewed_before_it_ends(
    vendor: Vendor, esign: Esign, clock: Clock
) -> None:
    vendor.says({TOKEN: GRANTED, STATUS: Said({"status": "sent"})})
    for wait in (0, 3539, 1):
        clock.wait(wait)
        esign.status(ENVELOPE)
    assert vendor.routes == [TOKEN, STATUS, STATUS, TOKEN, STATUS]


def test_a_token_that_was_revoked_is_renewed(vendor: Vendor, esign: Esign) -> None:
    other = Said({"access_token": "token-2", "token_type": "Bearer", "expires_in": 3600})
    vendor.says(
        {
            TOKEN: [GRANTED, other],
            STATUS: [Said({"errorCode": "AUTHORIZATION_INVALID_TOKEN"}, 401), Said({"status": "sent"})],
        }
    )
    assert esign.status(ENVELOPE) is None
    assert vendor.asked[-1].headers["authorization"] == "Bearer token-2"


def test_consent_that_was_never_given_is_for_a_person(vendor: Vendor, esign: Esign) -> None:
    vendor.says({TOKEN: Said({"error": "consent_required"}, 400)})
    with pytest.raises(VendorRefusal, match="answered 400 to POST oauth"):
        esign.status(ENVELOPE)
    assert vendor.routes == [TOKEN]


@pytest.mark.parametrize(
    "said", [Said(status=503), Said({"token": "x"}), Said({"access_token": "", "expires_in": 1})]
)
def test_an_auth_server_that_is_not_well_is_the_vendors_outage(
    vendor: Vendor, line: Line, said: Said
) -> None:
    heard = Heard()
    esign = DocusignEsign(
        settings(vendor), replace(line, circuit=heard), f"{vendor.url}/restapi", sign, Forgetful()
    )
    vendor.says({TOKEN: said})
    with pytest.raises(VendorUnavailable):
        esign.status(ENVELOPE)
    assert heard.told == ["admit", "failed"]


def test_a_call_and_its_token_are_one_to_the_circuit(vendor: Vendor, line: Line) -> None:
    heard = Heard()
    vendor.says({TOKEN: GRANTED, STATUS: Said({"status": "sent"})})
    DocusignEsign(
        settings(vendor), replace(line, circuit=heard), f"{vendor.url}/restapi", sign, Forgetful()
    ).status(ENVELOPE)
    assert heard.told == ["admit", "succeeded"]


# --- limits and refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED"), (400, "BURST_APIINVOCATION_LIMIT_EXCEEDED"), (429, "x")],
)
def test_calls_that_are_used_up_come_back(vendor: Vendor, esign: Esign, status: int, code: str) -> None:
    vendor.says({TOKEN: GRANTED, STATUS: Said({"errorCode": code}, status, {"Retry-After": "60"})})
    with pytest.raises(NotNow, match=f"answered {status}") as caught:
        esign.status(ENVELOPE)
    assert caught.value.retry_after_seconds == 60


@pytest.mark.parametrize("body", [{"errorCode": "INVALID_REQUEST_PARAMETER"}, [], b"no"])
def test_another_400_is_for_a_person(vendor: Vendor, esign: Esign, body: Any) -> None:
    vendor.says({TOKEN: GRANTED, LIST: NONE, CREATE: Said(body, 400)})
    with pytest.raises(VendorRefusal, match="answered 400 to POST accounts"):
        send(esign)


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_id": "../x"},
        {"auth_url": "https://account.docusign.com/oauth"},
        {"auth_url": "account.docusign.com"},
        {"expires_after_days": 0},
        {"secret": "x"},
    ],
)
def test_settings_without_sense(wrong: dict[str, Any]) -> None:
    right = {"account_id": ACCOUNT, "user_id": USER, "integration_key": KEY}
    assert DocusignSettings.model_validate(right).auth_url == "https://account.docusign.com"
    with pytest.raises(ValueError, match="validation error"):
        DocusignSettings.model_validate({**right, **wrong})
