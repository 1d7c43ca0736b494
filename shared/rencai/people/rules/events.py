"""Shapes of the events that who is who tells: thin (ids), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class CandidateMerged(EventData):
    """``other`` is the candidate or application that is one with this candidate now, or no more. Both of two candidates
    hear of it, each with the other's id.
    """

    merge_id: str
    other: str


class MergeQuestioned(EventData):
    """A person has to say whether these are one; ``candidates`` are those it may be."""

    merge_id: str
    candidates: list[str]


class ApplicationReceived(EventData):
    application_id: str


SHAPES: Final[Shapes] = {
    EventName.CANDIDATE_MERGED: CandidateMerged,
    EventName.CANDIDATE_UNMERGED: CandidateMerged,
    EventName.MERGE_QUESTIONED: MergeQuestioned,
    EventName.APPLICATION_RECEIVED: ApplicationReceived,
}
