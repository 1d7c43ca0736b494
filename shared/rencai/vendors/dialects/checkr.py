"""Checkr: background checks.

Signed: ``X-Checkr-Signature``, the hex of HMAC-SHA256 of the raw body, keyed by the account's API key. An account
without a key sends a sentence in its place ("Please create an API key ..."): a wrong signature like any other. Checkr
signs no time, so there is no tolerance; an event is acted on once, by its id.

In Checkr, switch ``include_object`` on for the webhook: without it a message does not tell the result of a report.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from rencai.hiring.rules.facts import CheckCompleted
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

VENDORS: Final = frozenset({"background"})
ACCEPTED: Final = 202
ONE_CONTENT_PER_ID: Final = False
_COMPLETED: Final = "report.completed"

_Id = Annotated[str, Field(min_length=1, max_length=128)]


class _Named(BaseModel):
    id: _Id


class _Event(BaseModel):
    type: Annotated[str, Field(min_length=1, max_length=100)]


class _Report(BaseModel):
    id: _Id
    candidate_id: _Id | None = None
    result: Literal["clear", "consider"] | None


class _Data(BaseModel):
    object: _Report


class _ReportEvent(BaseModel):
    data: _Data


def verify(delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:  # noqa: ARG001 - nothing to hold against it
    """Check a Checkr webhook; it is named by the event's id."""
    given = delivered.header("x-checkr-signature").encode()
    expected = (signature.hex().encode() for signature in body_signatures(keys, delivered.body))
    if not any_matches(expected, [given]):
        raise NotAuthentic(InboxReason.SIGNATURE_WRONG)
    try:
        event_id = in_contract(_Named, delivered.body).id
    except NotInContract:
        return Message(body_id(delivered.body))
    return Message(event_id, given=event_id)


def parse(vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """The one fact of an event: that a report is complete. What was found has to be asked for.

    A check is called by Checkr's candidate: it is ordered by an invitation, when there is no report yet. A report that
    names no candidate goes by its own id.

    ``consider`` stays ``consider`` whatever the ``adjudication`` says: that somebody engaged the candidate at Checkr is
    not the review the candidate has with us. A report whose checks were all canceled has no result, and a dispute ends
    with another ``report.completed``; neither is acted on.
    """
    event = in_contract(_Event, body).type
    if vendor not in VENDORS or event != _COMPLETED:
        return (NotActedOn(event),)
    report = in_contract(_ReportEvent, body).data.object
    if report.result is None:
        return (NotActedOn(event),)
    return (CheckCompleted(report.candidate_id or report.id, report.result, findings=None),)
