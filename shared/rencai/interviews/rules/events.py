"""Shapes of the events that an interview tells: thin (ids, role, score), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class InterviewReceived(EventData):
    interview_id: str
    vendor: str
    requisition_id: str
    role: str


class CandidateProfiled(EventData):
    """``qualifies``: ``overall`` (0-100) reaches the pass score. It routes, true to the offer and false to the talent
    pool, unless ``review`` is true: then too little was shown, and a person looks whatever the score is.
    """

    role: str
    overall: float | None
    coverage: float
    qualifies: bool
    review: bool = False
    model_version: int


class TranscriptViewed(EventData):
    """A person has read what was said in this interview."""

    interview_id: str
    vendor: str


SHAPES: Final[Shapes] = {
    EventName.INTERVIEW_RECEIVED: InterviewReceived,
    EventName.CANDIDATE_PROFILED: CandidateProfiled,
    EventName.TRANSCRIPT_VIEWED: TranscriptViewed,
}
