"""Candidates: lists, one of them, the profile with its evidence, the timeline, and a person's decision."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import ConfigDict, Field

from rencai.employees.rules.signals import Day
from rencai.hiring.rules.first_day import starts_on
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Review, Stage
from rencai.hiring.rules.withdrawal import WithdrawalCode, WithdrawnBy
from rencai.interviews.rules.profile import claim_of
from rencai.kernel.errors import CommonRefusal
from rencai.people.store.merges import merged_into
from rencai.platform.api import Cursor, Limit, Request, Score, TimelineEntry, TimelinePage, View
from rencai.platform.operations import refuses
from rencai.reading.rules.marks import reading_id
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.hiring.store.assessments import Assessment
    from rencai.interviews.rules.competency import CompetencyModel
    from rencai.interviews.rules.profile import Evidence, Profile
    from rencai.interviews.store.interviews import StoredInterview

    from .candidate_desk import CandidateDesk, CandidateFile, Withdrawal

router = Routes()


class CandidateSummary(View):
    """A candidate in a list; ``overall`` 0-100, null when nothing was measured."""

    candidate_id: str
    name: str
    role: str
    stage: Stage
    overall: Score | None
    due_at: datetime | None
    updated_at: datetime


class CandidatePage(View):
    """A page of candidates."""

    items: list[CandidateSummary]
    next: str | None


class StageView(View):
    """A stage the candidate entered."""

    stage: Stage
    entered_at: datetime
    due_at: datetime | None


class FindingView(View):
    """What the background check found; shown while a person has to decide."""

    kind: str
    verified: bool
    detail: str | None


class MissingView(View):
    """A required competency that was not measured."""

    id: str
    name: str


class ReviewView(View):
    """What waits for a person's decision, and why: ``reasons`` are sentences. Of an interview: which, its ``coverage``
    and what the model asks for (0-1), and the required competencies that were not measured.
    """

    about: Review
    requested_at: datetime
    due_at: datetime | None
    reasons: list[str]
    interview_id: str | None = None
    overall: Score | None = None
    coverage: Score | None = None
    minimum_coverage: Score | None = None
    missing: list[MissingView] = Field(default_factory=list)


class EvaluationView(View):
    """HR's own evaluation in the ATS, ``score`` 0-100; beside the profile, and no part of it."""

    score: Score | None
    comment: str | None
    by: str | None
    at: datetime | None


class EmploymentView(View):
    """A job in the résumé; ``to`` is null for the present one. Dates to the year, month or day."""

    model_config = ConfigDict(defer_build=True, populate_by_name=True)

    employer: str
    title: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None


class ApplicationView(View):
    """The candidate's application in the ATS (A6)."""

    application_id: str
    external_id: str
    status: str | None
    evaluation: EvaluationView | None
    work_history: list[EmploymentView]


class GoesOnView(View):
    """What a withdrawal does not end by itself; ``note`` says what HR is to know, in the caller's language."""

    what: str
    note: str


class WithdrawalView(View):
    """Whose word ended the journey, the reason in short and in words, and what goes on all the same."""

    by: WithdrawnBy
    code: WithdrawalCode
    reason: str | None
    at: datetime
    goes_on: list[GoesOnView]


class CandidateView(View):
    """A candidate and the way they came. ``review``: while they are ``in_review``; ``findings``, while that is of a
    check. ``merged_into`` is who this candidate is, where HR said so. ``closing_reason``: why the offer was declined or
    voided, in the words of whoever did it.
    """

    candidate_id: str
    name: str
    role: str
    stage: Stage
    stages: list[StageView]
    interview_ids: list[str]
    offer_id: str | None = None
    employee_id: str | None = None
    review: ReviewView | None = None
    findings: list[FindingView] | None = None
    application: ApplicationView | None = None
    starts_on: date | None = None
    withdrawal: WithdrawalView | None = None
    closing_reason: str | None = None
    merged_into: str | None = None


class EvidenceView(View):
    """Why a rule gave its points; ``counted`` is false for a facial signal that is only shown, and for what the reader
    was ``unsure`` of: that moves no score. Of words that were read, ``detail`` has the phrase in its context,
    ``certainty`` (0-1) and ``by`` what it was read; ``reading_id`` names such a reading, which HR may mark.
    """

    rule: str
    reading_id: str | None
    points: int
    kind: Literal["signal", "present", "absent", "says", "unsaid", "examples"]
    topic: str
    detail: dict[str, Any]
    facial: bool
    counted: bool
    unsure: bool


class CompetencyView(View):
    """A competency's score, 0-100; null means not measured."""

    id: str
    name: str
    weight: Score
    score: int | None
    score_without_facial: int | None
    evidence: list[EvidenceView]


class ModelView(View):
    """The competency model version that scored."""

    id: str
    version: int


class InterviewReaderView(View):
    """The reader that read what was said: the versions of its documents, and of the language model if one helped."""

    lexicon: int
    classifier: int
    words: int
    model: str | None


class AssessmentView(View):
    """A psychometric assessment (A7); ``scales`` 0-100 by name."""

    assessment_id: str
    scales: dict[str, Score]
    summary: str | None
    completed_at: datetime


class ProfileView(View):
    """The candidate profile (候选人画像). ``coverage`` is the share of the model that was measured, 0-1, and what the
    reader was unsure of was not; below ``minimum_coverage``, or where a required competency is ``missing``, a person
    decides and not the score. ``reader`` is null where no words were read.
    """

    candidate_id: str
    vendor: str
    interview_id: str
    role: str
    model: ModelView
    reader: InterviewReaderView | None
    pass_score: Score
    facial_policy: str
    overall: Score | None
    overall_without_facial: Score | None
    coverage: Score
    minimum_coverage: Score
    missing: list[str]
    qualifies: bool
    competencies: list[CompetencyView]
    strengths: list[str]
    improve: list[str]
    inputs_digest: str
    assessment: AssessmentView | None


class ReviewDecision(Request):
    """A person's decision on an interview that shows too little, or on a flagged background check. ``about`` says
    which is meant; without it, it is the one that waits.
    """

    decision: Literal["approve", "reject"]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    about: Review | None = None


class Reconsideration(Request):
    """Why somebody in the talent pool is taken on after all."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class FirstDay(Request):
    """The day on which somebody is to begin work, in the tenant's time zone, and why it is that one."""

    starts_on: Day
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class WithdrawalRequest(Request):
    """Who ends the journey, and why: ``code`` for figures, ``reason`` in words."""

    by: WithdrawnBy
    code: WithdrawalCode
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/candidates", security=API, summary="Candidates by stage and role", tags=["Candidates"])
def list_candidates(
    stage: Annotated[Stage | None, Query()] = None,
    role: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> CandidatePage:
    """A page of candidates."""
    page = router.wired.hiring.journeys.page(stage, role, limit, cursor)
    items = [CandidateSummary.model_validate(item) for item in page.items]
    return CandidatePage(items=items, next=page.next)


@router.get("/candidates/<candidate_id>", security=API, summary="One candidate", tags=["Candidates"])
def get_candidate(candidate_id: str) -> CandidateView:
    """Where a candidate stands."""
    return _view(_desk().look(candidate_id), router.language)


@router.get(
    "/candidates/<candidate_id>/profile",
    security=API,
    summary="The profile with its evidence",
    tags=["Candidates"],
)
def get_profile(candidate_id: str) -> ProfileView:
    """The profile that decided, by the model version that made it."""
    found, language = _desk().profile(candidate_id), router.language
    profile = found.interview.profile
    return ProfileView(
        candidate_id=candidate_id,
        vendor=found.interview.vendor,
        interview_id=found.interview.interview_id,
        role=profile.role,
        model=ModelView(id=profile.model_id, version=profile.model_version),
        reader=_reader(profile),
        pass_score=profile.pass_score,
        facial_policy=profile.facial_policy,
        overall=profile.overall,
        overall_without_facial=profile.overall_without_facial,
        coverage=profile.coverage,
        minimum_coverage=profile.minimum_coverage,
        missing=list(profile.missing),
        qualifies=profile.qualifies,
        competencies=_competencies(found.interview, found.model, language),
        strengths=list(profile.strengths),
        improve=list(profile.improve),
        inputs_digest=profile.inputs_digest,
        assessment=_assessment(found.assessment),
    )


@router.get(
    "/candidates/<candidate_id>/timeline",
    security=API,
    summary="What happened, oldest first",
    tags=["Candidates"],
)
def get_timeline(candidate_id: str, limit: Limit = 25, cursor: Cursor = None) -> TimelinePage:
    """A page of the candidate's events."""
    happened, following = _desk().history(candidate_id, limit, cursor)
    entries = [TimelineEntry(at=one.at, type=one.type, actor=one.actor, data=one.data) for one in happened]
    return TimelinePage(items=entries, next=following)


@router.post(
    "/candidates/<candidate_id>/review",
    security=API,
    summary="Decide on what waits for a person: an interview, or a background check",
    tags=["Candidates"],
    openapi_extensions=refuses(
        {
            409: [
                CommonRefusal.KEY_REUSED,
                HiringRefusal.NOTHING_TO_REVIEW,
                HiringRefusal.REVIEW_OF_CHECK,
                HiringRefusal.REVIEW_OF_INTERVIEW,
            ]
        }
    ),
)
def post_review(candidate_id: str, review: Annotated[ReviewDecision, Body()]) -> CandidateView:
    """Approve or reject; the decision, its reason and who made it go on the timeline. 409 when nothing waits, or
    something else than the decision is about.
    """
    decided = _desk().review(
        candidate_id,
        review.decision,
        review.reason,
        about=review.about,
        review_id=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(decided, router.language)


@router.post(
    "/candidates/<candidate_id>/reconsideration",
    security=API,
    summary="Take somebody in the talent pool on after all",
    description="They qualify from now on, and an offer is drafted. 409 for who is not in the talent pool.",
    tags=["Candidates"],
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED, HiringRefusal.NOTHING_TO_RECONSIDER]}),
)
def post_reconsideration(candidate_id: str, asked: Annotated[Reconsideration, Body()]) -> CandidateView:
    """A person's word against the score's, or another person's."""
    decided = _desk().reconsider(
        candidate_id,
        asked.reason,
        decision_id=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(decided, router.language)


@router.post(
    "/candidates/<candidate_id>/first-day",
    security=API,
    summary="Say when a candidate is to begin work",
    description="From `qualified` on until they are cleared; an employee's is corrected in their own file. The offer's "
    "letter names no day, and need not be sent again.",
    tags=["Candidates"],
    openapi_extensions=refuses(
        {
            409: [CommonRefusal.KEY_REUSED, HiringRefusal.NOTHING_TO_RESCHEDULE],
            422: [HiringRefusal.FIRST_DAY_TOO_FAR],
        }
    ),
)
def post_candidate_first_day(candidate_id: str, asked: Annotated[FirstDay, Body()]) -> CandidateView:
    """The first day that onboarding goes by."""
    decided = _desk().reschedule(
        candidate_id,
        asked.starts_on,
        asked.reason,
        decision_id=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(decided, router.language)


@router.post(
    "/candidates/<candidate_id>/withdrawal",
    security=API,
    summary="End a journey",
    description="The candidate has said no, or HR stops. The answer says what goes on all the same. 409 when nothing "
    "is open.",
    tags=["Candidates"],
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED, HiringRefusal.NOTHING_TO_WITHDRAW]}),
)
def post_withdrawal(candidate_id: str, asked: Annotated[WithdrawalRequest, Body()]) -> CandidateView:
    """From any open stage."""
    decided = _desk().withdraw(
        candidate_id,
        asked.by,
        asked.code,
        asked.reason,
        decision_id=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(decided, router.language)


def _reader(profile: "Profile") -> InterviewReaderView | None:
    if profile.reader is None:
        return None
    read = profile.reader
    return InterviewReaderView(
        lexicon=read.lexicon, classifier=read.classifier, words=read.words, model=read.model
    )


def _desk() -> "CandidateDesk":
    # Imported when it is needed: the other routes of the Lambda cost nothing.
    from .candidate_desk import candidate_desk_of

    return candidate_desk_of(router.wired)


def _view(found: "CandidateFile", language: str) -> CandidateView:
    journey, card = found.record.journey, found.record.card
    view = CandidateView(
        candidate_id=journey.candidate_id,
        name=card.name,
        role=card.role,
        stage=journey.stage,
        stages=[StageView(stage=e.stage, entered_at=e.entered_at, due_at=e.due_at) for e in journey.stages],
        interview_ids=list(card.interview_ids),
        offer_id=journey.about.get("offer"),
        employee_id=journey.about.get("employee"),
        review=_review(found, language),
        application=_application(found),
        merged_into=merged_into(journey),
        closing_reason=found.closing_reason,
        starts_on=starts_on(journey),
    )
    if found.withdrawal is not None:
        view.withdrawal = _withdrawal(found.withdrawal)
    if found.findings is not None:
        view.findings = [
            FindingView(kind=f.kind, verified=f.verified, detail=f.detail) for f in found.findings
        ]
    return view


def _withdrawal(withdrawal: "Withdrawal") -> WithdrawalView:
    return WithdrawalView(
        by=withdrawal.by,
        code=withdrawal.code,
        reason=withdrawal.reason,
        at=withdrawal.at,
        goes_on=[GoesOnView(what=one.value, note=one.text(router.language)) for one in withdrawal.goes_on],
    )


def _review(found: "CandidateFile", language: str) -> ReviewView | None:
    journey = found.record.journey
    if journey.review is None:
        return None
    # Only who waits is shown why.
    from rencai.hiring.rules import review

    entry = journey.stages[-1]
    view = ReviewView(
        about=journey.review,
        requested_at=entry.entered_at,
        due_at=entry.due_at,
        reasons=review.of_check(language),
    )
    if found.scored is not None:
        profile, competencies = found.scored.interview.profile, found.scored.model.competencies
        names = {id_: competency.name for id_, competency in competencies.items()}
        view.reasons = review.of_interview(profile, names, language)
        view.interview_id = found.scored.interview.interview_id
        view.overall = profile.overall
        view.coverage, view.minimum_coverage = profile.coverage, profile.minimum_coverage
        view.missing = [MissingView(id=id_, name=names[id_].text(language)) for id_ in profile.missing]
    return view


def _application(found: "CandidateFile") -> ApplicationView | None:
    if found.link is None or found.application is None:
        return None
    told = found.application.told
    evaluation = told.evaluation
    return ApplicationView(
        application_id=found.link.application_id,
        external_id=found.link.external_id,
        status=told.status,
        evaluation=EvaluationView(
            score=evaluation.score, comment=evaluation.comment, by=evaluation.by, at=evaluation.at
        )
        if evaluation
        else None,
        work_history=[
            EmploymentView(employer=job.employer, title=job.title, from_=job.from_, to=job.to)
            for job in told.work_history
        ],
    )


def _assessment(assessment: "Assessment | None") -> AssessmentView | None:
    if assessment is None or assessment.completed is None or assessment.completed_at is None:
        return None
    told = assessment.completed
    return AssessmentView(
        assessment_id=told.assessment_id,
        scales=dict(told.scales),
        summary=told.summary,
        completed_at=assessment.completed_at,
    )


def _competencies(found: "StoredInterview", model: "CompetencyModel", language: str) -> list[CompetencyView]:
    return [
        CompetencyView(
            id=competency.id,
            name=model.competencies[competency.id].name.text(language),
            weight=competency.weight,
            score=competency.score,
            score_without_facial=competency.score_without_facial,
            evidence=[
                EvidenceView(
                    rule=e.rule,
                    reading_id=_reading_id(found, competency.id, e),
                    points=e.points,
                    kind=e.kind,  # type: ignore[arg-type]  # one of the six, by the scorer
                    topic=e.topic,
                    detail=e.detail,
                    facial=e.facial,
                    counted=e.counted,
                    unsure=e.unsure,
                )
                for e in competency.evidence
            ],
        )
        for competency in found.profile.competencies
    ]


def _reading_id(found: "StoredInterview", competency: str, evidence: "Evidence") -> str | None:
    claim = claim_of(found.profile.model_id, competency, evidence)
    if claim is None:
        return None
    return reading_id(found.vendor, found.interview_id, evidence.detail["question_id"], claim)
