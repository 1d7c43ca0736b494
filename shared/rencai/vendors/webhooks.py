"""Inbound webhooks: is it authentic, and what facts does it tell. The generic dialect is Standard Webhooks.

Signed: ``{id}.{timestamp}.{raw body}``, HMAC-SHA256 (spec/standard-webhooks.md). Verified on the raw bytes, in
constant time, with every current key, so that keys can rotate.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from rencai.domain.background import Finding
from rencai.domain.errors import DomainError, Refusal

TOLERANCE: Final = timedelta(minutes=5)
_PREFIX: Final = "whsec_"
_MAX_HEADER: Final = 2000


class NotAuthentic(DomainError):
    """The signature is missing or wrong, or the timestamp is stale. The text is safe to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(Refusal.NOT_AUTHENTIC, reason=reason)


class NotInContract(DomainError):
    """Authentic, but not what the dialect says it is. The text says where, and quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(Refusal.NOT_IN_CONTRACT, reason=reason)


@dataclass(frozen=True, slots=True)
class Message:
    """What an authentic delivery is called; a vendor's retry has the same id."""

    message_id: str
    sent_at: datetime


def verify(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Message:
    """Check a Standard Webhooks delivery. ``headers`` have lower-case names. Raises ``NotAuthentic``."""
    message_id, timestamp, signatures = (
        headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not message_id or not timestamp or not signatures:
        raise NotAuthentic("webhook-id, webhook-timestamp and webhook-signature are required")
    if max(len(message_id), len(timestamp), len(signatures)) > _MAX_HEADER or "," in message_id:
        raise NotAuthentic("a webhook header is too long or was sent twice")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotAuthentic("webhook-timestamp is not unix seconds")
    # Compared as numbers: twelve digits reach beyond the year 9999.
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise NotAuthentic("webhook-timestamp is more than 5 minutes off")
    sent_at = datetime.fromtimestamp(int(timestamp), now.tzinfo)
    signed = b".".join((message_id.encode("utf-8", "surrogatepass"), timestamp.encode(), body))
    # An empty key is one that everybody has.
    keys = [key for key in map(_key, secrets) if key]
    expected = [hmac.new(key, signed, hashlib.sha256).digest() for key in keys]
    given = [_signature(part) for part in signatures.split(" ")]
    # No early way out: how long it takes says nothing about which key or signature matched.
    matches = [
        hmac.compare_digest(ours, theirs) for ours in expected for theirs in given if theirs is not None
    ]
    if not any(matches):
        raise NotAuthentic("no signature matches")
    return Message(message_id, sent_at)


def _key(secret: str) -> bytes | None:
    """The key in a secret; None for one that was pasted wrong, so that the others still count."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None


def _signature(part: str) -> bytes | None:
    version, _, encoded = part.partition(",")
    if version != "v1":
        return None
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


_Id = Annotated[str, Field(min_length=1, max_length=128)]


class EnvelopeData(BaseModel):
    """What e-signature tells of an envelope; ``reference`` is our offer id."""

    envelope_id: _Id
    reference: _Id
    occurred_at: AwareDatetime
    reason: Annotated[str | None, Field(max_length=2000)] = None


class CheckData(BaseModel):
    """What a background check found; ``reference`` is our candidate id."""

    check_id: _Id
    reference: _Id
    result: Literal["clear", "consider"]
    findings: Annotated[list[Finding], Field(max_length=100)]


class EnvelopeEvent(BaseModel):
    """``envelope.*``"""

    type: Literal["envelope.completed", "envelope.declined", "envelope.expired", "envelope.voided"]
    timestamp: AwareDatetime
    data: EnvelopeData


class CheckEvent(BaseModel):
    """``check.completed``"""

    type: Literal["check.completed"]
    timestamp: AwareDatetime
    data: CheckData


class OtherEvent(BaseModel):
    """A type this stack does not act on: kept, answered with 202, and left."""

    type: Annotated[str, Field(min_length=1, max_length=100)]
    timestamp: AwareDatetime
    data: dict[str, Any]


_TYPES_BY_VENDOR: Final[Mapping[str, TypeAdapter[EnvelopeEvent] | TypeAdapter[CheckEvent]]] = {
    "esign": TypeAdapter(EnvelopeEvent),
    "background": TypeAdapter(CheckEvent),
}
_ACTED_ON: Final = frozenset(
    {"envelope.completed", "envelope.declined", "envelope.expired", "envelope.voided", "check.completed"}
)
_ANY: Final = TypeAdapter(OtherEvent)


def parse(vendor: str, body: bytes) -> EnvelopeEvent | CheckEvent | OtherEvent:
    """The delivery as its vendor's contract has it. Raises ``NotInContract``.

    A vendor is heard on its own subject only: the check vendor cannot sign an offer.
    """
    try:
        other = _ANY.validate_json(body)
        adapter = _TYPES_BY_VENDOR.get(vendor)
        if adapter is not None and other.type in _ACTED_ON:
            return adapter.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise NotInContract(f"{where}: {first['type']}") from None
    return other
