"""Reading what was said in a candidate's interview. It stands here because it needs ``hiring``, a floor above."""

from dataclasses import dataclass
from datetime import datetime

from rencai.hiring.rules.profiled import vendors_of
from rencai.hiring.store.journeys import Journeys
from rencai.interviews.rules.transcript import Transcript, transcript_in
from rencai.interviews.store.interviews import Interviews, StoredInterview
from rencai.interviews.store.raw_results import read_raw
from rencai.kernel.errors import NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.store.objects import Bucket
from rencai.store.timeline import Timeline
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class TranscriptDesk:
    """The use case and its collaborators."""

    journeys: Journeys
    interviews: Interviews
    timeline: Timeline
    bucket: Bucket

    def read(
        self, candidate_id: str, interview_id: str | None, *, actor: str, key: str, now: datetime
    ) -> tuple[StoredInterview, Transcript]:
        """An interview on this candidate's record (None: the one that decided), in words. That it is read is put on
        record before it is shown, by the call's ``key``. Raises ``NotFound``.
        """
        stored = self._found(candidate_id, interview_id)
        said = transcript_in(read_raw(self.bucket, stored.raw))
        subject = Subject(kind=SubjectKind.CANDIDATE, id=candidate_id)
        data = {"interview_id": stored.interview_id, "vendor": stored.vendor}
        self.timeline.viewed(subject, EventName.TRANSCRIPT_VIEWED, data, actor, key, now)
        return stored, said

    def _found(self, candidate_id: str, interview_id: str | None) -> StoredInterview:
        record = self.journeys.get(candidate_id)
        if interview_id is None:
            return self.interviews.get(record.card.vendor, record.card.profile_of)
        for vendor in vendors_of(record.journey, interview_id):
            try:
                stored = self.interviews.get(vendor, interview_id)
            except NotFound:
                continue
            # What a merge brought and its undoing took away is on somebody else's record.
            if stored.candidate_id == candidate_id:
                return stored
        raise NotFound("interview", interview_id)


def transcript_desk_of(wired: Wired) -> TranscriptDesk:
    """The use case with the tenant's collaborators."""
    return TranscriptDesk(wired.hiring.journeys, wired.interviews.interviews, wired.timeline, wired.bucket)
