"""Candidates: lists, one of them, the profile with its evidence, the timeline, and a person's decision."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import ConfigDict, Field

from rencai import wiring
from rencai.domain.events import EventName, Subject, SubjectKind
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.scoring import Profile
from rencai.platform.api import Cursor, Limit, Score, TimelineEntry, TimelinePage, View
from rencai.store.journeys import CandidateRecord
from rencai.store.merges import merged_into
from rencai.store.table import Item

if TYPE_CHECKING:
    from rencai.domain.competency import CompetencyModel

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped


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


class CandidateView(View):
    """A candidate and the way they came. ``merged_into`` is who this candidate is, where HR said so."""

    candidate_id: str
    name: str
    role: str
    stage: Stage
    stages: list[StageView]
    interview_ids: list[str]
    offer_id: str | None = None
    employee_id: str | None = None
    findings: list[FindingView] | None = None
    application: ApplicationView | None = None
    merged_into: str | None = None


class EvidenceView(View):
    """Why a rule gave its points; ``counted`` is false for a facial signal that is only shown."""

    rule: str
    points: int
    kind: Literal["signal", "present", "absent"]
    topic: str
    detail: dict[str, Any]
    facial: bool
    counted: bool


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


class AssessmentView(View):
    """A psychometric assessment (A7); ``scales`` 0-100 by name."""

    assessment_id: str
    scales: dict[str, Score]
    summary: str | None
    completed_at: datetime


class ProfileView(View):
    """The candidate profile (候选人画像). ``coverage`` is the share of the model that was measured, 0-1."""

    candidate_id: str
    interview_id: str
    role: str
    model: ModelView
    pass_score: Score
    facial_policy: str
    overall: Score | None
    overall_without_facial: Score | None
    coverage: Score
    qualifies: bool
    competencies: list[CompetencyView]
    strengths: list[str]
    improve: list[str]
    inputs_digest: str
    assessment: AssessmentView | None


class ReviewDecision(View):
    """A person's decision on a flagged background check."""

    decision: Literal["approve", "reject"]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/candidates", summary="Candidates by stage and role", tags=["Candidates"])
def list_candidates(
    stage: Annotated[Stage | None, Query()] = None,
    role: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> CandidatePage:
    """A page of candidates."""
    page = wiring.journeys().page(stage, role, limit, cursor)
    items = [CandidateSummary.model_validate(item) for item in page.items]
    return CandidatePage(items=items, next=page.next)


@router.get("/candidates/<candidate_id>", summary="One candidate", tags=["Candidates"])
def get_candidate(candidate_id: str) -> CandidateView:
    """Where a candidate stands."""
    return _view(wiring.journeys().get(candidate_id))


@router.get(
    "/candidates/<candidate_id>/profile", summary="The profile with its evidence", tags=["Candidates"]
)
def get_profile(candidate_id: str) -> ProfileView:
    """The profile that decided, by the model version that made it."""
    card = wiring.journeys().get(candidate_id).card
    stored = wiring.interviews().get(card.vendor, card.profile_of)
    profile = stored.profile
    model = wiring.configurations().competency_model(profile.model_id, profile.model_version).document
    language = router.context["language"]
    return ProfileView(
        candidate_id=candidate_id,
        interview_id=stored.interview_id,
        role=profile.role,
        model=ModelView(id=profile.model_id, version=profile.model_version),
        pass_score=profile.pass_score,
        facial_policy=profile.facial_policy,
        overall=profile.overall,
        overall_without_facial=profile.overall_without_facial,
        coverage=profile.coverage,
        qualifies=profile.qualifies,
        competencies=_competencies(profile, model, language),
        strengths=list(profile.strengths),
        improve=list(profile.improve),
        inputs_digest=profile.inputs_digest,
        assessment=_assessment(candidate_id),
    )


@router.get("/candidates/<candidate_id>/timeline", summary="What happened, oldest first", tags=["Candidates"])
def get_timeline(candidate_id: str, limit: Limit = 25, cursor: Cursor = None) -> TimelinePage:
    """A page of the candidate's events."""
    wiring.journeys().get(candidate_id)
    page = wiring.timeline().page(Subject(kind=SubjectKind.CANDIDATE, id=candidate_id), limit, cursor)
    return TimelinePage(items=[_entry(candidate_id, item) for item in page.items], next=page.next)


@router.post(
    "/candidates/<candidate_id>/review", summary="Decide on a flagged background check", tags=["Candidates"]
)
def post_review(candidate_id: str, review: Annotated[ReviewDecision, Body()]) -> CandidateView:
    """Approve or reject; the decision, its reason and who made it go on the timeline. 409 when nothing waits."""
    journeys, now = wiring.journeys(), wiring.clock()
    actor, review_id = router.context["actor"], router.context["request_key"]
    record = journeys.get(candidate_id)
    if record.journey.stage is Stage.IN_REVIEW:
        # The reason may speak of the person, so it is sealed beside the journey and the event only names it.
        wiring.checks().decided(candidate_id, review_id, review.reason, now)
    kind = FactKind.REVIEW_APPROVED if review.decision == "approve" else FactKind.REVIEW_REJECTED
    data = {"decision": review.decision, "review_id": review_id}
    journeys.apply(candidate_id, Fact(kind, review_id, data=data, actor=actor), now, record)
    return _view(journeys.get(candidate_id))


def _entry(candidate_id: str, item: Item) -> TimelineEntry:
    data = json.loads(item["data"])
    if item["type"] == EventName.REVIEW_DECIDED:
        data["reason"] = wiring.checks().reason(candidate_id, data["review_id"])
    if item["type"] == EventName.OFFER_RESENT:
        data["reason"] = wiring.offers().resend_reason(candidate_id, data["attempt"])
    return TimelineEntry(at=item["sk"].split("#")[1], type=item["type"], actor=item["actor"], data=data)


def _view(record: CandidateRecord) -> CandidateView:
    journey, card = record.journey, record.card
    view = CandidateView(
        candidate_id=journey.candidate_id,
        name=card.name,
        role=card.role,
        stage=journey.stage,
        stages=[StageView(stage=e.stage, entered_at=e.entered_at, due_at=e.due_at) for e in journey.stages],
        interview_ids=list(card.interview_ids),
        offer_id=journey.about.get("offer"),
        employee_id=journey.about.get("employee"),
        application=_application(journey.candidate_id),
        merged_into=merged_into(journey),
    )
    if journey.stage is Stage.IN_REVIEW:
        found = wiring.checks().findings(journey.candidate_id, journey.about["check"])
        view.findings = [FindingView(kind=f.kind, verified=f.verified, detail=f.detail) for f in found]
    return view


def _application(candidate_id: str) -> ApplicationView | None:
    applications = wiring.applications()
    link = applications.of(candidate_id)
    if link is None:
        return None
    told = applications.get(link.application_id).told
    evaluation = told.evaluation
    return ApplicationView(
        application_id=link.application_id,
        external_id=link.external_id,
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


def _assessment(candidate_id: str) -> AssessmentView | None:
    assessment = wiring.assessments().find(candidate_id)
    if assessment is None or assessment.completed is None or assessment.completed_at is None:
        return None
    told = assessment.completed
    return AssessmentView(
        assessment_id=told.assessment_id,
        scales=dict(told.scales),
        summary=told.summary,
        completed_at=assessment.completed_at,
    )


def _competencies(profile: Profile, model: "CompetencyModel", language: str) -> list[CompetencyView]:
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
                    points=e.points,
                    kind=e.kind,  # type: ignore[arg-type]  # one of the three, by the scorer
                    topic=e.topic,
                    detail=e.detail,
                    facial=e.facial,
                    counted=e.counted,
                )
                for e in competency.evidence
            ],
        )
        for competency in profile.competencies
    ]
