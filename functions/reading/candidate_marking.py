"""HR marks how a candidate was read. It stands here because it needs ``hiring`` and ``interviews``, floors above."""

from dataclasses import dataclass
from datetime import datetime

from rencai.hiring.store.journeys import Journeys
from rencai.interviews.rules.transcript import Spoken, transcript_in
from rencai.interviews.store.interviews import Interviews
from rencai.interviews.store.raw_results import read_raw
from rencai.kernel.errors import DomainError, NotFound
from rencai.reading.rules.lexicon import LEXICON
from rencai.reading.rules.marks import Mark, MarkKind, Place
from rencai.reading.rules.refusals import ReadingRefusal
from rencai.reading.store.marks import Marker, Marks
from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class ClaimOfAnswer:
    """Which reading of an interview is meant: one claim of one answer."""

    vendor: str
    interview_id: str
    question_id: str
    claim: str


@dataclass(frozen=True, slots=True)
class CandidateMarking:
    """The use case of claims in interviews, and its collaborators."""

    journeys: Journeys
    interviews: Interviews
    bucket: Bucket
    configurations: Configurations
    marks: Marks

    def mark(self, candidate_id: str, about: ClaimOfAnswer, right: str, by: Marker, now: datetime) -> Mark:
        """Mark a reading of an interview on this candidate's record, whether it was shown or missed; ``right`` is
        ``said`` or ``not_said``. The answer is kept with it, sealed. No score changes.

        Raises ``NotFound`` (also for another candidate's interview), ``DomainError`` (UNKNOWN_CLAIM), ``Conflict``
        (KEY_REUSED).
        """
        self.journeys.get(candidate_id)
        stored = self.interviews.get(about.vendor, about.interview_id)
        if stored.candidate_id != candidate_id:
            raise NotFound("interview", about.interview_id)
        answer = _answer(transcript_in(read_raw(self.bucket, stored.raw)).answers, about.question_id)
        known = self.configurations.latest(LEXICON, MarkKind.COMPETENCY.value).document.claims
        if about.claim not in known:
            raise DomainError(ReadingRefusal.UNKNOWN_CLAIM, "claim", claim=about.claim, known=tuple(known))
        parts = (about.vendor, about.interview_id, about.question_id, about.claim)
        return self.marks.put(
            Place(MarkKind.COMPETENCY, candidate_id, parts),
            right,
            None,
            answer.transcript,
            by,
            now,
        )


def _answer(answers: tuple[Spoken, ...], question_id: str) -> Spoken:
    for answer in answers:
        if answer.question_id == question_id:
            return answer
    raise NotFound("answer", question_id)


def candidate_marking_of(wired: Wired) -> CandidateMarking:
    """The use case with the tenant's collaborators."""
    return CandidateMarking(
        wired.hiring.journeys,
        wired.interviews.interviews,
        wired.bucket,
        wired.configurations,
        wired.reading.marks,
    )
