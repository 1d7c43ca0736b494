"""Names and shapes of everything that is published: past tense, thin (ids, stage, scores), never personal data.

The one list of names: every rule pattern in template.yaml is held against it by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

SOURCE: Final = "rencai"


class EventName(StrEnum):
    """``detail-type`` on the bus."""

    INTERVIEW_RECEIVED = "interview.received"
    CANDIDATE_PROFILED = "candidate.profiled"
    CANDIDATE_DECLINED_BY_US = "candidate.declined_by_us"
    OFFER_DRAFTED = "offer.drafted"
    OFFER_SENT = "offer.sent"
    OFFER_SIGNED = "offer.signed"
    OFFER_DECLINED = "offer.declined"
    OFFER_EXPIRED = "offer.expired"
    OFFER_VOIDED = "offer.voided"
    CHECK_REQUESTED = "check.requested"
    CHECK_CLEARED = "check.cleared"
    CHECK_FLAGGED = "check.flagged"
    REVIEW_REQUESTED = "review.requested"
    REVIEW_DECIDED = "review.decided"
    EMPLOYEE_ONBOARDED = "employee.onboarded"
    TRANSITION_REFUSED = "transition.refused"
    DELIVERY_RECEIVED = "delivery.received"
    IMPORT_FINISHED = "import.finished"


class _Data(BaseModel):
    # Built when first used: what an event holds is checked by the tests, and no function pays for it at its start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class InterviewReceived(_Data):
    interview_id: str
    vendor: str
    requisition_id: str
    role: str


class CandidateProfiled(_Data):
    """``qualifies`` routes: true goes on to the offer, false to the talent pool. ``overall`` 0-100."""

    role: str
    overall: float | None
    coverage: float
    qualifies: bool
    model_version: int


class CandidateDeclinedByUs(_Data):
    role: str
    reason: str


class OfferProgressed(_Data):
    offer_id: str


class OfferSent(_Data):
    offer_id: str
    envelope_id: str


class OfferClosed(_Data):
    """``reason`` is free text from the vendor and may hold personal data, so it stays in the table."""

    offer_id: str
    envelope_id: str


class CheckProgressed(_Data):
    check_id: str


class ReviewRequested(_Data):
    check_id: str


class ReviewDecided(_Data):
    """``review_id`` names the decision; its reason is sealed in the table."""

    decision: str
    review_id: str


class EmployeeOnboarded(_Data):
    employee_id: str
    role: str


class TransitionRefused(_Data):
    fact: str
    stage: str


class DeliveryReceived(_Data):
    vendor: str
    delivery_id: str


class ImportFinished(_Data):
    accepted: int
    rejected: int
    duplicates: int


DATA_MODELS: Final[Mapping[EventName, type[_Data]]] = {
    EventName.INTERVIEW_RECEIVED: InterviewReceived,
    EventName.CANDIDATE_PROFILED: CandidateProfiled,
    EventName.CANDIDATE_DECLINED_BY_US: CandidateDeclinedByUs,
    EventName.OFFER_DRAFTED: OfferProgressed,
    EventName.OFFER_SENT: OfferSent,
    EventName.OFFER_SIGNED: OfferClosed,
    EventName.OFFER_DECLINED: OfferClosed,
    EventName.OFFER_EXPIRED: OfferClosed,
    EventName.OFFER_VOIDED: OfferClosed,
    EventName.CHECK_REQUESTED: CheckProgressed,
    EventName.CHECK_CLEARED: CheckProgressed,
    EventName.CHECK_FLAGGED: CheckProgressed,
    EventName.REVIEW_REQUESTED: ReviewRequested,
    EventName.REVIEW_DECIDED: ReviewDecided,
    EventName.EMPLOYEE_ONBOARDED: EmployeeOnboarded,
    EventName.TRANSITION_REFUSED: TransitionRefused,
    EventName.DELIVERY_RECEIVED: DeliveryReceived,
    EventName.IMPORT_FINISHED: ImportFinished,
}


class SubjectKind(StrEnum):
    """What an event is about."""

    CANDIDATE = "candidate"
    DELIVERY = "delivery"
    UPLOAD = "upload"


class Subject(BaseModel):
    """``kind`` and id of the aggregate whose write carried the event."""

    model_config = ConfigDict(frozen=True)

    kind: SubjectKind
    id: str


class Envelope(BaseModel):
    """The ``detail`` of a published event."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    version: int = 1
    tenant_id: str
    occurred_at: AwareDatetime
    correlation_id: str
    subject: Subject
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it rides on the item whose write it tells of; the relay adds tenant, subject and correlation.

    ``id`` is derived from the aggregate's id and version, so that a write retried after a crash tells the same event.
    """

    id: str
    name: EventName
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = "rencai"
