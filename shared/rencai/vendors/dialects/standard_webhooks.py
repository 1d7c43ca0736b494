"""The generic dialect: Standard Webhooks (spec/standard-webhooks.md), body ``{type, timestamp, data}``.

Signed: ``{id}.{timestamp}.{raw body}``, HMAC-SHA256. A key is the base64 after ``whsec_``.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.inbox.dialect import TOLERANCE, Delivered, Message, Moment, NotAuthentic, any_matches, in_contract
from rencai.inbox.facts import NotActedOn
from rencai.inbox.refusals import InboxReason
from rencai.interviews.rules.facts import InterviewCompleted
from rencai.kernel.bounds import at_most_members
from rencai.kernel.facts import VendorFact
from rencai.people.rules.facts import ApplicationUpdated
from rencai.training.rules.facts import CourseProgressed

VENDORS: Final = frozenset({"esign", "background", "psychometric", "ats", "lms", "interview"})
ACCEPTED: Final = 202
ONE_CONTENT_PER_ID: Final = False
_PREFIX: Final = "whsec_"


def verify(delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:
    """Check a Standard Webhooks delivery: its signature and that its timestamp is within five minutes of ``now``."""
    message_id, timestamp, signatures = (
        delivered.header(name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    # Two headers that a proxy has folded into one.
    if "," in message_id:
        raise NotAuthentic(InboxReason.HEADER_TWICE, header="webhook-id")
    if ", " in signatures:
        raise NotAuthentic(InboxReason.HEADER_TWICE, header="webhook-signature")
    if not (timestamp.isdigit() and len(timestamp) <= 12):
        raise NotAuthentic(InboxReason.HEADER_NO_TIME, header="webhook-timestamp")
    # Compared as numbers: twelve digits reach beyond the year 9999.
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise NotAuthentic(InboxReason.HEADER_STALE, header="webhook-timestamp")
    signed = b".".join((message_id.encode(), timestamp.encode(), delivered.body))
    # As text: several base64 texts decode to the same bytes, and only one of them was sent. An empty key is one that
    # everybody has.
    expected = [
        b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256")) for key in map(_key, keys) if key
    ]
    if not any_matches(expected, signatures.encode().split(b" ")):
        raise NotAuthentic(InboxReason.SIGNATURE_WRONG)
    return Message(message_id, given=message_id)


def _key(secret: str) -> bytes | None:
    """The key in a secret; None for one that was pasted wrong, so that the others still count."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None


_Id = Annotated[str, Field(min_length=1, max_length=128)]
# No more digits than the table keeps (38).
_Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False, max_digits=36)]


class _Body(BaseModel):
    """What every delivery has."""

    type: Annotated[str, Field(min_length=1, max_length=100)]
    timestamp: Moment
    data: dict[str, Any]


class _EnvelopeData(BaseModel):
    envelope_id: _Id
    reference: _Id
    occurred_at: Moment
    reason: Annotated[str | None, Field(max_length=2000)] = None


class _CheckData(BaseModel):
    check_id: _Id
    reference: _Id
    result: Literal["clear", "consider"]
    findings: Annotated[tuple[Finding, ...], Field(max_length=100), at_most_members(100)]


class _AssessmentData(BaseModel):
    assessment_id: _Id
    reference: _Id
    scales: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=64)], _Percent],
        Field(max_length=50),
        at_most_members(50),
    ]
    summary: Annotated[str | None, Field(max_length=4000)] = None


class _ProgressData(BaseModel):
    enrolment_id: _Id
    completion_percent: _Percent
    exam_score: _Percent | None = None
    mentor_review: Annotated[str | None, Field(max_length=4000)] = None
    occurred_at: Moment


# A delivery is read a second time with the model of its type, so that a wrong field is named as ``data.<field>``.
class _Envelope(BaseModel):
    data: _EnvelopeData


class _Check(BaseModel):
    data: _CheckData


class _Assessment(BaseModel):
    data: _AssessmentData


class _Progress(BaseModel):
    data: _ProgressData


def _envelope(outcome: EnvelopeOutcome) -> Callable[[bytes], VendorFact]:
    def read(body: bytes) -> VendorFact:
        data = in_contract(_Envelope, body).data
        return EnvelopeClosed(data.envelope_id, outcome, data.reference, data.reason)

    return read


def _check(body: bytes) -> VendorFact:
    data = in_contract(_Check, body).data
    return CheckCompleted(data.check_id, data.result, data.findings, data.reference)


def _assessment(body: bytes) -> VendorFact:
    data = in_contract(_Assessment, body).data
    return AssessmentCompleted(data.assessment_id, data.scales, data.summary, data.reference)


def _progress(body: bytes) -> VendorFact:
    data = in_contract(_Progress, body).data
    return CourseProgressed(
        data.enrolment_id, data.occurred_at, data.completion_percent, data.exam_score, data.mentor_review
    )


def _interview(body: bytes) -> VendorFact:
    # Its models cost at cold start, and most deliveries are of others.
    from rencai.interviews.rules.interview import Interview

    class Completed(BaseModel):
        data: Interview

    return InterviewCompleted(in_contract(Completed, body).data)


def _application(body: bytes) -> VendorFact:
    from rencai.people.rules.application import Application

    class Updated(BaseModel):
        data: Application

    return ApplicationUpdated(in_contract(Updated, body).data)


_READERS: Final[Mapping[str, Mapping[str, Callable[[bytes], VendorFact]]]] = {
    "esign": {f"envelope.{outcome}": _envelope(outcome) for outcome in EnvelopeOutcome},
    "background": {"check.completed": _check},
    "psychometric": {"assessment.completed": _assessment},
    "lms": {"enrolment.progressed": _progress},
    "interview": {"interview.completed": _interview},
    "ats": {"application.updated": _application},
}


def parse(vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """The one fact of a delivery. A type that is not of this vendor's subject is not acted on."""
    told = in_contract(_Body, body)
    reader = _READERS.get(vendor, {}).get(told.type)
    return (reader(body) if reader else NotActedOn(told.type),)
