"""DocuSign eSignature REST API v2.1.

The signer gets DocuSign's own e-mail, so an envelope has no ``sign_url``: an embedded signing page (recipient view)
is valid for five minutes from when it is asked for, and of no use in a letter.
"""

import base64
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.ports import Envelope, Signer
from rencai.kernel import ids
from rencai.kernel.errors import VendorRefusal
from rencai.kernel.forms import formed
from rencai.kernel.texts import WEB_ADDRESS

from .asked import Asked
from .auth import CachedToken, Token, bearer, nobody
from .http import Answered, Line, VendorHttp, is_busy, segment

_GUID: Final = formed(
    r"^[0-9a-fA-F-]{36}$",
    "应为 GUID,例如 0f8fad5b-d9cb-469f-a165-70867728950e",
    "should be a GUID, as in 0f8fad5b-d9cb-469f-a165-70867728950e",
)
_Guid = Annotated[str, Field(pattern=_GUID)]
_ASSERTION_VALID: Final = timedelta(minutes=10)
_REFERENCE: Final = "reference"
_MAX_SUBJECT: Final = 100
_MAX_VOIDED_REASON: Final = 200
_TRANSACTIONS: Final = uuid.UUID("5d1f6f3a-4d0c-5f0e-9a37-2f4f5b1f7c11")
"""Name space of our transaction ids, so that they are nobody else's."""
_SIGN_HERE: Final = "/rencai-sign-here/"
_SIGN_HERE_HTML: Final = f'<p style="margin-top:4em;color:white">{_SIGN_HERE}</p>'
"""Where DocuSign puts the signature: white on white at the letter's end."""
_LIMITS: Final = frozenset({"HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "BURST_APIINVOCATION_LIMIT_EXCEEDED"})


class DocusignSettings(BaseModel):
    """``auth_url``: ``https://account.docusign.com``, or ``https://account-d...`` for a developer account. The user is
    the one in whose name envelopes are sent; they must have consented to ``signature impersonation``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_id: _Guid
    user_id: _Guid
    integration_key: _Guid
    auth_url: Annotated[str, Field(pattern=WEB_ADDRESS)] = "https://account.docusign.com"
    expires_after_days: Annotated[int, Field(ge=1, le=999)] = 14


class _TokenAnswer(BaseModel):
    access_token: Annotated[str, Field(min_length=1)]
    expires_in: Annotated[int, Field(gt=0)]


class _Created(BaseModel):
    envelope_id: Annotated[str, Field(alias="envelopeId", min_length=1, max_length=128)]
    at: Annotated[AwareDatetime | None, Field(alias="statusDateTime")] = None


class _Found(BaseModel):
    envelope_id: Annotated[str, Field(alias="envelopeId", min_length=1, max_length=128)]
    at: Annotated[AwareDatetime | None, Field(alias="sentDateTime")] = None


class _FoundPage(BaseModel):
    """DocuSign leaves the list out when it is empty."""

    envelopes: list[_Found] = []


class _TextField(BaseModel):
    name: str | None = None
    value: str | None = None


class _CustomFields(BaseModel):
    text: Annotated[list[_TextField] | None, Field(alias="textCustomFields")] = None


class _Signer(BaseModel):
    declined_reason: Annotated[str | None, Field(alias="declinedReason")] = None


class _Recipients(BaseModel):
    signers: list[_Signer] | None = None


class _Status(BaseModel):
    status: str
    recipients: _Recipients | None = None
    voided_reason: Annotated[str | None, Field(alias="voidedReason")] = None
    custom_fields: Annotated[_CustomFields | None, Field(alias="customFields")] = None


class _Error(BaseModel):
    code: Annotated[str, Field(alias="errorCode")]


_OUTCOMES: Final[Mapping[str, EnvelopeOutcome]] = {
    "completed": EnvelopeOutcome.COMPLETED,
    "declined": EnvelopeOutcome.DECLINED,
    "voided": EnvelopeOutcome.VOIDED,
    "deleted": EnvelopeOutcome.VOIDED,
    "timedout": EnvelopeOutcome.EXPIRED,
}
"""What ends an envelope; at any other status it is open."""


class DocusignEsign:
    """One account. ``base_url`` is the account's, with ``/restapi``: ``https://eu.docusign.net/restapi``."""

    echoes_reference: ClassVar[bool] = False

    def __init__(
        self,
        settings: DocusignSettings,
        line: Line,
        base_url: str,
        sign: Callable[[bytes], bytes],
        asked: Asked,
    ) -> None:
        """``sign`` is RSASSA-PKCS1-v1_5 with SHA-256 under the integration's key: KMS holds it, we never do."""
        token = access_token(settings, line, sign)
        self._settings = settings
        self._asked = asked
        self._clock = line.clock
        self._http = VendorHttp(line, base_url, bearer(token), renew=token.drop, busy=_is_busy)
        self._envelopes = f"/v2.1/accounts/{settings.account_id}/envelopes"

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        """Send a document to be signed. Raises ``VendorRefusal`` for a signer without e-mail.

        DocuSign has no idempotency key, but finds an envelope by the sender's transaction id, for seven days. So the
        envelope of an earlier try, whose answer we never heard, is looked for first. ``title`` is cut to 100 characters
        in the mail's subject.
        """
        if not signer.email:
            raise VendorRefusal(self._http.vendor, "needs the signer's e-mail address")
        transaction = str(uuid.uuid5(_TRANSACTIONS, idempotency_key))
        found = self._http.get(self._envelopes, {"transaction_ids": transaction}, _FoundPage).envelopes
        if found:
            return self._envelope(found[0].envelope_id, found[0].at)
        definition = self._definition(title, html, signer, reference, transaction)
        call = self._asked.of(ids.candidate_of(reference), self._http.vendor, idempotency_key)
        created = self._http.post(self._envelopes, definition, call, _Created)
        return self._envelope(created.envelope_id, created.at)

    def status(self, envelope_id: str) -> EnvelopeClosed | None:
        """How an envelope ended; None while it is open."""
        path = f"{self._envelopes}/{segment(envelope_id)}"
        told = self._http.get(path, {"include": "custom_fields,recipients"}, _Status)
        outcome = _OUTCOMES.get(told.status.casefold())
        if outcome is None:
            return None
        # DocuSign voids what has expired, and says so in words only.
        if (told.voided_reason or "").strip().rstrip(".").casefold() == "envelope has expired":
            outcome = EnvelopeOutcome.EXPIRED
        fields = (told.custom_fields and told.custom_fields.text) or []
        reference = next((field.value for field in fields if field.name == _REFERENCE and field.value), None)
        signers = (told.recipients and told.recipients.signers) or []
        declined = next((signer.declined_reason for signer in signers if signer.declined_reason), None)
        reasons = {EnvelopeOutcome.DECLINED: declined, EnvelopeOutcome.VOIDED: told.voided_reason}
        return EnvelopeClosed(envelope_id, outcome, reference, reasons.get(outcome))

    def void(self, envelope_id: str, reason: str) -> None:
        """End an open envelope; DocuSign tells the signer, with ``reason`` (200 characters)."""
        body = {"status": "voided", "voidedReason": reason[:_MAX_VOIDED_REASON]}
        self._http.call("PUT", f"{self._envelopes}/{segment(envelope_id)}", lambda _: None, body=body)

    def _definition(
        self, title: str, html: str, signer: Signer, reference: str, transaction: str
    ) -> dict[str, Any]:
        head, body_end, tail = html.rpartition("</body>")
        letter = f"{head}{_SIGN_HERE_HTML}{body_end}{tail}" if body_end else html + _SIGN_HERE_HTML
        return {
            "status": "sent",
            "transactionId": transaction,
            "emailSubject": title[:_MAX_SUBJECT],
            "documents": [
                {
                    "documentId": "1",
                    "name": title[:_MAX_SUBJECT],
                    "fileExtension": "html",
                    "documentBase64": base64.b64encode(letter.encode()).decode(),
                }
            ],
            "recipients": {
                "signers": [
                    {
                        "recipientId": "1",
                        "routingOrder": "1",
                        "name": signer.name,
                        "email": signer.email,
                        "tabs": {
                            "signHereTabs": [{"anchorString": _SIGN_HERE, "anchorUnits": "pixels"}],
                        },
                    }
                ]
            },
            "customFields": {
                "textCustomFields": [
                    {"name": _REFERENCE, "value": reference, "show": "false", "required": "false"}
                ]
            },
            "notification": {
                "useAccountDefaults": "false",
                "expirations": {
                    "expireEnabled": "true",
                    "expireAfter": str(self._settings.expires_after_days),
                    "expireWarn": "0",
                },
            },
        }

    def _envelope(self, envelope_id: str, sent_at: datetime | None) -> Envelope:
        valid = timedelta(days=self._settings.expires_after_days)
        return Envelope(envelope_id, sign_url=None, expires_at=(sent_at or self._clock()) + valid)


def access_token(settings: DocusignSettings, line: Line, sign: Callable[[bytes], bytes]) -> CachedToken:
    """Tokens by JWT grant: an assertion signed by us against an access token, valid for an hour."""
    http = VendorHttp(line.unguarded(), settings.auth_url, nobody)

    def fetch() -> Token:
        now = line.clock()
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": _assertion(settings, now, sign),
        }
        told = http.call(
            "POST",
            "/oauth/token",
            lambda answered: _TokenAnswer.model_validate_json(answered.body),
            form=form,
        )
        return Token(told.access_token, now + timedelta(seconds=told.expires_in))

    return CachedToken(fetch, line.clock)


def _assertion(settings: DocusignSettings, now: datetime, sign: Callable[[bytes], bytes]) -> str:
    """A JWT (RFC 7519), RS256."""
    issued = int(now.timestamp())
    claims = {
        "iss": settings.integration_key,
        "sub": settings.user_id,
        "aud": urlsplit(settings.auth_url).netloc,
        "iat": issued,
        "exp": issued + int(_ASSERTION_VALID.total_seconds()),
        "scope": "signature impersonation",
    }
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_base64url(sign(signed.encode()))}"


def _part(value: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _is_busy(answered: Answered) -> bool:
    """DocuSign says that the hour's calls are used up with a 400."""
    if is_busy(answered):
        return True
    try:
        return answered.status == 400 and _Error.model_validate_json(answered.body).code in _LIMITS
    except ValidationError:
        return False
