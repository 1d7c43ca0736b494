"""Shapes of the events' ``data``: thin (ids, stage, scores), never personal data.

A contract for consumers and for the tests, which hold every event that is told and every rule in template.yaml against
it. No function validates with it, so it is no function's import.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from .events import EventName


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
