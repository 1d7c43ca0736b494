"""Interventions (F5): opened from an alert, noted, changed, closed with what they came to, and how many worked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, StringConstraints

from rencai.employees.rules.signals import Day
from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import Cursor, Limit, Request, Score, View
from rencai.platform.operations import refuses
from rencai.pressure.rules.policy import RiskLevel, SignalKind
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.pressure.rules.wording import shown
from rencai.wiring.routes import API, Routes

from .alerts import ActionView, AlertId

if TYPE_CHECKING:
    # What costs at cold start, and the alerts' routes do not need.
    from rencai.pressure.intervening import InterventionFile
    from rencai.pressure.rules.intervention import Measures
    from rencai.pressure.rules.policy import RiskPolicy
    from rencai.pressure.rules.signals import RaisedSignal
    from rencai.pressure.store.interventions import Note

router = Routes()

InterventionId = Annotated[str, Path(max_length=128)]
Actions = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=20)]
Owner = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class InterventionRequest(Request):
    """What is to be done, by ids of the intervention catalogue, who answers for it, and until when."""

    actions: Actions
    owner: Owner
    due_on: Day
    note: Text | None = None


class InterventionChange(Request):
    """What is to be otherwise; null: it stays."""

    actions: Actions | None = None
    owner: Owner | None = None
    due_on: Day | None = None


class InterventionNote(Request):
    """A note; it is encrypted."""

    text: Text


class InterventionClosing(Request):
    """The end of an intervention, with a last note where there is one."""

    note: Text | None = None


class RaisedView(View):
    """A signal that was raised."""

    kind: SignalKind
    name: str
    text: str


class MeasuresView(View):
    """The figures behind the signals by the risk policy of that day, also those that raised none. Null: nothing was
    told within the policy's weeks and months; leave that was not told was not taken.
    """

    hours_per_week: Score | None
    weeks: int
    performance: Score | None = Field(description="The latest month's, of 10")
    performance_month: str | None
    leave_times: int
    leave_days: Score
    survey_lowest: int | None = Field(
        description="1-5; null also where it is more than what the policy calls pressure (F7)"
    )
    survey_words: list[str] = Field(description="Names of the rules that its words meet")
    survey_month: str | None


class MomentView(View):
    """What was measured, and the signals that were raised."""

    measures: MeasuresView
    signals: list[RaisedView]


class InterventionNoteView(View):
    """A note, and who wrote it."""

    note_id: str
    text: str
    actor: str
    at: datetime


class InterventionView(View):
    """An intervention. ``outcome``, ``after`` and what follows them are null while it is open. ``not_measured`` are
    signals of which nothing was told since the opening: they count as no success, and where those are all of them the
    outcome is ``unknown``. ``notes`` are null in a list.
    """

    intervention_id: str
    alert_id: str
    employee_id: str
    name: str | None
    status: str = Field(json_schema_extra={"enum": ["open", "closed"]})
    actions: list[ActionView]
    owner: str
    due_on: date
    level: RiskLevel
    opened_at: datetime
    opened_by: str
    before: MomentView
    outcome: str | None = Field(
        json_schema_extra={"enum": ["worked", "partly", "not_worked", "left", "unknown", None]}
    )
    after: MomentView | None
    not_measured: list[SignalKind] | None
    closed_at: datetime | None
    closed_by: str | None
    notes: list[InterventionNoteView] | None


class InterventionSummaryView(View):
    """How many are open, and how many of the closed ones came to what."""

    open: int
    worked: int
    partly: int
    not_worked: int
    left: int


class InterventionPage(View):
    """Interventions; ``summary`` counts all there are, and comes with the first page only; so does ``unknown``: closed
    ones of which nothing was measured, so that they are no part of how many worked.
    """

    items: list[InterventionView]
    summary: InterventionSummaryView | None
    unknown: int | None
    next: str | None


@router.post(
    "/risk/alerts/<alert_id>/interventions",
    security=API,
    summary="Open an intervention",
    description="With an Idempotency-Key the same call again answers the same. 409 while one is open for the alert, "
    "and when the alert is no longer the present one.",
    tags=["Risk"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses(
        {
            409: [
                PressureRefusal.ALERT_NOT_OPEN,
                PressureRefusal.INTERVENTION_OPEN,
                CommonRefusal.KEY_REUSED,
            ],
            422: [PressureRefusal.ACTION_UNKNOWN, PressureRefusal.DUE_IN_THE_PAST],
        }
    ),
)
def post_intervention(
    alert_id: AlertId, request: Annotated[InterventionRequest, Body()]
) -> Response[InterventionView]:
    """Support training among the actions enrols the employee in its courses, a moment later."""
    from rencai.pressure.intervening import Opening

    wired = router.wired
    opening = Opening(request.actions, request.owner, request.due_on, request.note)
    opened = wired.pressure.intervening.open(alert_id, opening, router.actor, _request(), wired.clock())
    return Response(
        status_code=201, content_type="application/json", body=_intervention(opened, router.language)
    )


@router.get("/risk/interventions", security=API, summary="Interventions, and how many worked", tags=["Risk"])
def list_interventions(
    status: Annotated[Literal["open", "closed"], Query()] = "open", limit: Limit = 25, cursor: Cursor = None
) -> InterventionPage:
    """Open ones the first due first, closed ones the last closed first. A page may hold fewer than ``limit`` and still
    have a next one: the list is a moment behind.
    """
    intervening = router.wired.pressure.intervening
    page = (intervening.running if status == "open" else intervening.ended)(limit, cursor)
    counts = dict(page.counts) if page.counts is not None else None
    unknown = counts.pop("unknown") if counts is not None else None
    return InterventionPage(
        items=[_intervention(one, router.language) for one in page.files],
        summary=InterventionSummaryView(**counts) if counts is not None else None,
        unknown=unknown,
        next=page.following,
    )


@router.get(
    "/risk/interventions/<intervention_id>",
    security=API,
    summary="One intervention with its notes",
    tags=["Risk"],
)
def get_intervention(intervention_id: InterventionId) -> InterventionView:
    """What was measured before, and once it is closed after; the notes, oldest first."""
    return _intervention(router.wired.pressure.intervening.get(intervention_id), router.language)


@router.patch(
    "/risk/interventions/<intervention_id>",
    security=API,
    summary="Change actions, owner or due date",
    description="409 when it is closed.",
    tags=["Risk"],
    openapi_extensions=refuses(
        {
            409: [PressureRefusal.INTERVENTION_CLOSED, CommonRefusal.KEY_REUSED],
            422: [PressureRefusal.ACTION_UNKNOWN, PressureRefusal.DUE_IN_THE_PAST],
        }
    ),
)
def patch_intervention(
    intervention_id: InterventionId, change: Annotated[InterventionChange, Body()]
) -> InterventionView:
    """The same again changes nothing. Courses that were enrolled in stay in the employee's plan."""
    wired = router.wired
    after = wired.pressure.intervening.change(
        intervention_id, change.actions, change.owner, change.due_on, router.actor, wired.clock()
    )
    return _intervention(after, router.language)


@router.post(
    "/risk/interventions/<intervention_id>/notes",
    security=API,
    summary="Add a note",
    description="Also to a closed one. With an Idempotency-Key the same call again adds nothing.",
    tags=["Risk"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses({409: [PressureRefusal.INTERVENTION_CLOSED, CommonRefusal.KEY_REUSED]}),
)
def post_intervention_note(
    intervention_id: InterventionId, note: Annotated[InterventionNote, Body()]
) -> Response[InterventionNoteView]:
    """Notes are encrypted, and stay as they are."""
    wired = router.wired
    added = wired.pressure.intervening.note(
        intervention_id, note.text, router.actor, _request(), wired.clock()
    )
    return Response(status_code=201, content_type="application/json", body=_note(added))


@router.post(
    "/risk/interventions/<intervention_id>/close",
    security=API,
    summary="Close, and measure what it came to",
    description="With an Idempotency-Key the same call again answers the same; 409 when another one closed it.",
    tags=["Risk"],
    openapi_extensions=refuses({409: [PressureRefusal.INTERVENTION_CLOSED, CommonRefusal.KEY_REUSED]}),
)
def post_intervention_close(
    intervention_id: InterventionId, closing: Annotated[InterventionClosing, Body()]
) -> InterventionView:
    """The figures of before are measured again by the present policy; the outcome follows from them."""
    wired = router.wired
    after = wired.pressure.intervening.close(
        intervention_id, closing.note, router.actor, _request(), wired.clock()
    )
    return _intervention(after, router.language)


def _request() -> str:
    """What names the present request, and the same one again."""
    return router.wired.ids.request_digest(router.request_key)


def _intervention(file: "InterventionFile", language: str) -> InterventionView:
    intervention = file.intervention
    closing = intervention.closing
    before = intervention.signals
    names = {id_: action.name.text(language) for id_, action in file.catalogue.actions.items()}
    after = None
    if closing and file.closing_policy:
        after = _moment(closing.after, closing.signals, file.closing_policy, language)
    return InterventionView(
        intervention_id=intervention.intervention_id,
        alert_id=intervention.alert_id,
        employee_id=intervention.employee_id,
        name=file.name,
        status="closed" if closing else "open",
        # One that the catalogue has no more is shown by its id.
        actions=[ActionView(id=id_, name=names.get(id_, id_)) for id_ in intervention.actions],
        owner=intervention.owner,
        due_on=intervention.due_on,
        level=intervention.level,
        opened_at=intervention.opened_at,
        opened_by=intervention.opened_by,
        before=_moment(intervention.before, before, file.policy, language),
        outcome=closing.outcome if closing else None,
        after=after,
        not_measured=list(closing.not_measured) if closing else None,
        closed_at=closing.at if closing else None,
        closed_by=closing.actor if closing else None,
        notes=[_note(one) for one in file.notes] if file.notes is not None else None,
    )


def _moment(
    measures: "Measures",
    signals: "Sequence[RaisedSignal]",
    policy: "RiskPolicy",
    language: str,
) -> MomentView:
    """What somebody answered is told only where the answer itself speaks of pressure, by the policy of the moment: not
    because an earlier one did, which HR may have told, nor because words do.
    """
    lowest = measures.survey_lowest
    words = {rule.id: rule.name.text(language) for rule in policy.survey.words}
    said = [shown(signal, policy, None, language) for signal in signals]
    return MomentView(
        measures=MeasuresView(
            hours_per_week=measures.hours,
            weeks=measures.weeks,
            performance=measures.performance,
            performance_month=measures.performance_month,
            leave_times=measures.leave_times,
            leave_days=measures.leave_days,
            survey_lowest=lowest if lowest is not None and lowest <= policy.survey.at_most else None,
            survey_words=[words.get(id_, id_) for id_ in measures.survey_words],
            survey_month=measures.survey_month,
        ),
        signals=[RaisedView(kind=one.kind, name=one.name, text=one.text) for one in said],
    )


def _note(note: "Note") -> InterventionNoteView:
    return InterventionNoteView(note_id=note.note_id, text=note.text, actor=note.actor, at=note.at)
