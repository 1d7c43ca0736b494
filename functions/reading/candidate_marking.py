"""HR marks how a candidate was read. It stands here because it needs ``hiring`` and ``interviews``, floors above."""

from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal

from rencai.hiring.store.journeys import Journeys
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.rules.profile import Profile, claim_of
from rencai.interviews.rules.transcript import Spoken, transcript_in
from rencai.interviews.store.interviews import Interviews
from rencai.interviews.store.raw_results import read_raw
from rencai.kernel.errors import DomainError, NotFound
from rencai.reading.rules.lexicon import LEXICON
from rencai.reading.rules.marks import Mark, MarkKind, Place, Shown
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
        shown = shown_of(stored.profile, about.question_id, about.claim)
        if shown is None:
            self._refuse_unknown(about.claim, stored.profile)
        parts = (about.vendor, about.interview_id, about.question_id, about.claim)
        return self.marks.put(
            Place(MarkKind.COMPETENCY, candidate_id, parts),
            right,
            shown,
            answer.transcript,
            by,
            now,
        )

    def _refuse_unknown(self, claim: str, profile: Profile) -> None:
        known = [*self.configurations.latest(LEXICON, MarkKind.COMPETENCY.value).document.claims]
        if claim in known:
            return
        model = self.configurations.of_version(COMPETENCY_MODEL, profile.model_version, profile.model_id)
        known += model.document.example_claims()
        if claim not in known:
            raise DomainError(ReadingRefusal.UNKNOWN_CLAIM, "claim", claim=claim, known=tuple(known))


def shown_of(profile: Profile, question_id: str, claim: str) -> Shown | None:
    """What a profile shows of a claim in an answer; of several rules that show it the surest."""
    reader = astuple(profile.reader) if profile.reader else None
    found = [
        Shown(Decimal(str(one.detail["certainty"])), one.counted, reader)
        for competency in profile.competencies
        for one in competency.evidence
        if claim_of(profile.model_id, competency.id, one) == claim
        and one.detail.get("question_id") == question_id
    ]
    return max(found, key=lambda one: (one.sure, one.certainty), default=None)


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
