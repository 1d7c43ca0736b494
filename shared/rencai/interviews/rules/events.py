"""Shapes of the events that an interview tells: thin (ids, role, score), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class InterviewReceived(EventData):
    interview_id: str
    vendor: str
    requisition_id: str
    role: str


class CandidateProfiled(EventData):
    """``qualifies`` routes: true goes on to the offer, false to the talent pool. ``overall`` 0-100."""

    role: str
    overall: float | None
    coverage: float
    qualifies: bool
    model_version: int


SHAPES: Final[Shapes] = {
    EventName.INTERVIEW_RECEIVED: InterviewReceived,
    EventName.CANDIDATE_PROFILED: CandidateProfiled,
}
