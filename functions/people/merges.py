"""Who is who (A6): what HR is asked about people from two sources, their answer, and its undoing."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from rencai.hiring.rules.stages import Stage
from rencai.people.rules.identity import IdentifierKind
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.applications import StoredApplication
from rencai.people.store.merges import Merge, MergeStatus
from rencai.platform.api import Cursor, Limit, Request, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.people.merge_desk import CandidateSide, MergeFile, Said

router = Routes()

Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class MergeSummary(View):
    """A merge in a list. ``other`` is, or may be, one of ``candidates``; once merged, ``into`` is who stands."""

    merge_id: str
    status: MergeStatus
    other: str
    candidates: list[str]
    into: str | None
    matched: list[IdentifierKind]
    asked_at: datetime
    updated_at: datetime


class MergePage(View):
    """A page of merges: open questions first, and of each status the newest first."""

    items: list[MergeSummary]
    next: str | None


class SideView(View):
    """One of those it is about: a candidate (``role`` and ``stage`` where there is a journey), or an application with
    the ATS's own id and status.
    """

    id: str
    kind: Literal["candidate", "application"]
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str | None = None
    stage: Stage | None = None
    external_id: str | None = None
    status: str | None = None


class MergeEntryView(View):
    """A line of its history."""

    status: MergeStatus
    at: datetime
    actor: str
    reason: str | None


class MergeView(MergeSummary):
    """A merge with both sides, and who decided what when."""

    sides: list[SideView]
    history: list[MergeEntryView]


class MergeDecision(Request):
    """``into``: who stands; needed for ``same`` when several were asked about."""

    decision: Literal["same", "different"]
    into: Annotated[str | None, Field(max_length=64)] = None
    reason: Reason


class Undoing(Request):
    """Why a merge is undone."""

    reason: Reason


@router.get("/merges", security=API, summary="Merges and open questions", tags=["Merges"])
def list_merges(
    status: Annotated[MergeStatus | None, Query()] = None, limit: Limit = 25, cursor: Cursor = None
) -> MergePage:
    """A page of merges."""
    merges, following = router.wired.people.merge_desk.page(status, limit, cursor)
    return MergePage(items=[_summary(merge) for merge in merges], next=following)


@router.get("/merges/<merge_id>", security=API, summary="One merge with both sides", tags=["Merges"])
def get_merge(merge_id: str) -> MergeView:
    """Who it is about, what agreed, and what was decided."""
    return _view(router.wired.people.merge_desk.look(merge_id))


@router.post(
    "/merges/<merge_id>/decision",
    security=API,
    summary="Say whether they are one person",
    description="409 when it is decided already, or an offer is out to the one that would end.",
    tags=["Merges"],
    openapi_extensions=refuses(
        {
            409: [PeopleRefusal.MERGE_NOT_OPEN, PeopleRefusal.MERGE_UNDER_WAY],
            422: [PeopleRefusal.MERGE_INTO_WHOM],
        }
    ),
)
def post_decision(merge_id: str, decision: Annotated[MergeDecision, Body()]) -> MergeView:
    """Answer a question."""
    decided = router.wired.people.merge_desk.decide(
        merge_id,
        decision.decision,
        into=decision.into,
        reason=decision.reason,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(decided)


@router.post(
    "/merges/<merge_id>/undo",
    security=API,
    summary="Undo a merge",
    description="409 when it is no merge, or the candidate's journey rests on what would be taken from it.",
    tags=["Merges"],
    openapi_extensions=refuses({409: [PeopleRefusal.MERGE_NOT_OPEN, PeopleRefusal.MERGE_RESTS_ON_IT]}),
)
def post_undo(merge_id: str, undoing: Annotated[Undoing, Body()]) -> MergeView:
    """They were not one person after all."""
    undone = router.wired.people.merge_desk.undo(
        merge_id, undoing.reason, actor=router.actor, now=router.wired.clock()
    )
    return _view(undone)


def _summary(merge: Merge) -> MergeSummary:
    return MergeSummary(
        merge_id=merge.merge_id,
        status=merge.status,
        other=merge.other,
        candidates=list(merge.candidates),
        into=merge.into,
        matched=sorted(merge.matched),
        asked_at=merge.asked_at,
        updated_at=merge.history[-1].at,
    )


def _view(file: "MergeFile") -> MergeView:
    return MergeView(
        **_summary(file.merge).model_dump(),
        sides=[_side(side) for side in file.sides],
        history=[_entry(said) for said in file.history],
    )


def _entry(said: "Said") -> MergeEntryView:
    entry = said.entry
    return MergeEntryView(status=entry.status, at=entry.at, actor=entry.actor, reason=said.reason)


def _side(side: "CandidateSide | StoredApplication") -> SideView:
    return _application(side) if isinstance(side, StoredApplication) else _candidate(side)


def _candidate(side: "CandidateSide") -> SideView:
    view = SideView(id=side.candidate_id, kind="candidate")
    if side.person:
        view.name, view.email, view.phone = side.person.name, side.person.email, side.person.phone
    if side.record:
        view.role, view.stage = side.record.card.role, side.record.journey.stage
    return view


def _application(stored: StoredApplication) -> SideView:
    told = stored.told
    return SideView(
        id=stored.application_id,
        kind="application",
        name=told.name,
        email=told.email,
        phone=told.phone,
        role=told.role,
        external_id=told.external_id,
        status=told.status,
    )
