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


class IdentityChanged(EventData):
    """Contact data that count are others now: by a newer interview, or by HR. ``fields`` names them; what they are
    stays in the table. ``source``: ``interview``, ``hr``, ``merge`` (undone: what the other had given is theirs alone).
    """

    fields: list[str]
    source: str


class IdentityQuestioned(EventData):
    """Once an offer is drafted, or of an employee: a source says other contact data, and HR has to say whether they
    count. What they are is sealed in the table.
    """

    question_id: str
    fields: list[str]
    source: str


class IdentityDecided(EventData):
    """``decision``: ``accepted`` or ``refused``."""

    question_id: str
    fields: list[str]
    decision: str


class ContactViewed(EventData):
    """A person has read somebody's contact data; ``question_id``: those of a question."""

    question_id: str | None


SHAPES: Final[Shapes] = {
    EventName.CANDIDATE_MERGED: CandidateMerged,
    EventName.CANDIDATE_UNMERGED: CandidateMerged,
    EventName.MERGE_QUESTIONED: MergeQuestioned,
    EventName.IDENTITY_UPDATED: IdentityChanged,
    EventName.IDENTITY_QUESTIONED: IdentityQuestioned,
    EventName.IDENTITY_DECIDED: IdentityDecided,
    EventName.IDENTITY_CORRECTED: IdentityChanged,
    EventName.CONTACT_VIEWED: ContactViewed,
    EventName.APPLICATION_RECEIVED: ApplicationReceived,
}
