"""DocuSign Connect: e-signature, JSON messages (``restv2.1``).

Signed: ``X-DocuSign-Signature-1`` to ``-100``, one header for each active HMAC key of the account, each the base64 of
HMAC-SHA256 of the raw body; one that matches is enough. A key is used as it is shown in DocuSign, as UTF-8.

There is no time tolerance: the only time in a message is ``generatedDateTime``, and a retry, which may come days later,
still carries the first one. What guards against a replay is that a message is acted on once (``message_id``), and that
an envelope ends once.

In Connect, include custom fields, recipients and the envelope's data, or neither our reference nor why it was declined
or voided is told.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.inbox.dialect import (
    Delivered,
    Message,
    NotAuthentic,
    NotInContract,
    any_matches,
    body_id,
    body_signatures,
    in_contract,
)
from rencai.inbox.facts import NotActedOn
from rencai.inbox.refusals import InboxReason
from rencai.kernel.facts import VendorFact

VENDORS: Final = frozenset({"esign"})
ACCEPTED: Final = 202
ONE_CONTENT_PER_ID: Final = False
_SIGNATURE: Final = re.compile(r"x-docusign-signature-([1-9][0-9]?|100)")
_REFERENCE: Final = "reference"
_MAX_REFERENCE: Final = 128
_EXPIRED: Final = "envelope has expired"
"""An envelope whose time is over is voided by DocuSign with this reason ("How can I differentiate between Expired and
Voided envelopes?", DocuSign Support); there is no event of its own."""

_Guid = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class _Name(BaseModel):
    accountId: _Guid  # noqa: N815 - the vendor's name for it
    envelopeId: _Guid  # noqa: N815


class _Named(BaseModel):
    """What makes up the name of a message."""

    event: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    data: _Name


class _Event(BaseModel):
    event: Annotated[str, Field(min_length=1, max_length=100)]


class _TextField(BaseModel):
    name: str | None = None
    value: str | None = None


class _CustomFields(BaseModel):
    textCustomFields: Annotated[list[_TextField], Field(fail_fast=True)] | None = None  # noqa: N815


class _Signer(BaseModel):
    declinedReason: str | None = None  # noqa: N815


class _Recipients(BaseModel):
    signers: Annotated[list[_Signer], Field(fail_fast=True)] | None = None


class _Summary(BaseModel):
    recipients: _Recipients | None = None
    voidedReason: str | None = None  # noqa: N815
    customFields: _CustomFields | None = None  # noqa: N815


class _EnvelopeData(BaseModel):
    envelopeId: Annotated[str, Field(min_length=1, max_length=128)]  # noqa: N815
    envelopeSummary: _Summary | None = None  # noqa: N815


class _Envelope(BaseModel):
    data: _EnvelopeData


_OUTCOMES: Final[Mapping[str, EnvelopeOutcome]] = {
    "envelope-completed": EnvelopeOutcome.COMPLETED,
    "envelope-declined": EnvelopeOutcome.DECLINED,
    "envelope-voided": EnvelopeOutcome.VOIDED,
}


def verify(delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:  # noqa: ARG001 - nothing to hold against it
    """Check a Connect message. There is no event id: it is named by account, envelope and event."""
    given = [delivered.header(name).encode() for name in delivered.headers if _SIGNATURE.fullmatch(name)]
    if not given:
        raise NotAuthentic(InboxReason.HEADER_MISSING, header="x-docusign-signature-1")
    if not any_matches(map(base64.b64encode, body_signatures(keys, delivered.body)), given):
        raise NotAuthentic(InboxReason.SIGNATURE_WRONG)
    try:
        told = in_contract(_Named, delivered.body)
    except NotInContract:
        return Message(body_id(delivered.body))
    name = f"{told.data.accountId}:{told.data.envelopeId}:{told.event}"
    return Message(name, given=name)


def parse(vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """The one fact of a message. Only how an envelope ended is acted on."""
    event = in_contract(_Event, body).event
    outcome = _OUTCOMES.get(event)
    if vendor not in VENDORS or outcome is None:
        return (NotActedOn(event),)
    data = in_contract(_Envelope, body).data
    summary = data.envelopeSummary or _Summary()
    if outcome is EnvelopeOutcome.VOIDED and _has_expired(summary):
        outcome = EnvelopeOutcome.EXPIRED
    return (EnvelopeClosed(data.envelopeId, outcome, _reference(summary), _reason(summary, outcome)),)


def _has_expired(summary: _Summary) -> bool:
    return (summary.voidedReason or "").strip().rstrip(".").casefold() == _EXPIRED


def _reason(summary: _Summary, outcome: EnvelopeOutcome) -> str | None:
    """Why it ended, in the words of whoever ended it."""
    if outcome is EnvelopeOutcome.VOIDED:
        return summary.voidedReason or None
    signers = (summary.recipients or _Recipients()).signers or []
    if outcome is EnvelopeOutcome.DECLINED:
        return next((signer.declinedReason for signer in signers if signer.declinedReason), None)
    return None


def _reference(summary: _Summary) -> str | None:
    fields = (summary.customFields or _CustomFields()).textCustomFields or []
    given = (field.value or "" for field in fields if field.name == _REFERENCE)
    return next((value for value in given if 0 < len(value) <= _MAX_REFERENCE), None)
