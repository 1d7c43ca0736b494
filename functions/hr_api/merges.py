"""Who is who (A6): what HR is asked about people from two sources, their answer, and its undoing."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import NotFound
from rencai.domain.identity import IdentifierKind
from rencai.domain.journey import Stage
from rencai.platform.api import Cursor, Limit, View
from rencai.store.merges import Entry, Merge, MergeStatus

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

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


class MergeDecision(View):
    """``into``: who stands; needed for ``same`` when several were asked about."""

    decision: Literal["same", "different"]
    into: Annotated[str | None, Field(max_length=64)] = None
    reason: Reason


class Undoing(View):
    """Why a merge is undone."""

    reason: Reason


@router.get("/merges", summary="Merges and open questions", tags=["Merges"])
def list_merges(
    status: Annotated[MergeStatus | None, Query()] = None, limit: Limit = 25, cursor: Cursor = None
) -> MergePage:
    """A page of merges."""
    merges, following = wiring.merges().page(status, limit, cursor)
    return MergePage(items=[_summary(merge) for merge in merges], next=following)


@router.get("/merges/<merge_id>", summary="One merge with both sides", tags=["Merges"])
def get_merge(merge_id: str) -> MergeView:
    """Who it is about, what agreed, and what was decided."""
    return _view(wiring.merges().get(merge_id))


@router.post(
    "/merges/<merge_id>/decision",
    summary="Say whether they are one person",
    description="409 when it is decided already, or an offer is out to the one that would end.",
    tags=["Merges"],
)
def post_decision(merge_id: str, decision: Annotated[MergeDecision, Body()]) -> MergeView:
    """Answer a question."""
    merging, now, actor = wiring.merging(), wiring.clock(), router.context["actor"]
    if decision.decision == "same":
        return _view(merging.same(merge_id, decision.into, decision.reason, actor, now))
    return _view(merging.different(merge_id, decision.reason, actor, now))


@router.post(
    "/merges/<merge_id>/undo",
    summary="Undo a merge",
    description="409 when it is no merge, or the candidate's journey rests on what would be taken from it.",
    tags=["Merges"],
)
def post_undo(merge_id: str, undoing: Annotated[Undoing, Body()]) -> MergeView:
    """They were not one person after all."""
    actor = router.context["actor"]
    return _view(wiring.merging().undo(merge_id, undoing.reason, actor, wiring.clock()))


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


def _view(merge: Merge) -> MergeView:
    return MergeView(
        **_summary(merge).model_dump(),
        sides=[_side(party) for party in merge.parties],
        history=[_entry(merge, entry, wiring.merges().reason) for entry in merge.history],
    )


def _entry(merge: Merge, entry: Entry, reason: Callable[[str, Entry], str | None]) -> MergeEntryView:
    return MergeEntryView(
        status=entry.status, at=entry.at, actor=entry.actor, reason=reason(merge.merge_id, entry)
    )


def _side(party: str) -> SideView:
    return _candidate(party) if ids.is_candidate(party) else _application(party)


def _candidate(candidate_id: str) -> SideView:
    side = SideView(id=candidate_id, kind="candidate")
    try:
        person = wiring.people().get(candidate_id)
    except NotFound:
        # Seen while it was being taken in, by a delivery that never came to its end.
        return side
    side.name, side.email, side.phone = person.name, person.email, person.phone
    record = wiring.journeys().find(candidate_id)
    if record:
        side.role, side.stage = record.card.role, record.journey.stage
    return side


def _application(application_id: str) -> SideView:
    stored = wiring.applications().get(application_id)
    told = stored.told
    return SideView(
        id=application_id,
        kind="application",
        name=told.name,
        email=told.email,
        phone=told.phone,
        role=told.role,
        external_id=told.external_id,
        status=told.status,
    )
