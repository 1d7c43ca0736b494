"""Training plans (C1, C5): the plan with its reasons, its history, and what HR is warned of and decides (C4)."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body

from rencai.kernel.events import EventName
from rencai.platform.api import Cursor, Limit, PathId, TimelineEntry, TimelinePage
from rencai.platform.operations import refuses
from rencai.training.rules.refusals import TrainingRefusal
from rencai.wiring.routes import API, Routes

from .views import TrainingPlanView, WarnedEmployeeView, WarnedPage, WarningDecision

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.training.desk import PastEvent, PlanAsMade, WholePlan

    from .presenter import PlanPresenter

router = Routes()


@router.get(
    "/employees/<employee_id>/training",
    security=API,
    summary="An employee's training plan",
    tags=["Training"],
)
def get_training(employee_id: PathId) -> TrainingPlanView:
    """Courses with why, how far, and what mentors said; warnings; the next step."""
    wired = router.wired
    return _view(wired.training.desk.plan_of_employee(employee_id, wired.clock()))


@router.get(
    "/candidates/<candidate_id>/training",
    security=API,
    summary="The plan a candidate can expect",
    tags=["Training"],
)
def get_candidate_training(candidate_id: PathId) -> TrainingPlanView:
    """A draft until onboarding, then what was assigned."""
    wired = router.wired
    return _view(wired.training.desk.plan_of_candidate(candidate_id, wired.clock()))


@router.get(
    "/employees/<employee_id>/training/history",
    security=API,
    summary="What happened, oldest first",
    tags=["Training"],
)
def get_training_history(employee_id: PathId, limit: Limit = 25, cursor: Cursor = None) -> TimelinePage:
    """A page of the employee's events; of those about the plan ``data.text`` says why, in the rules' words."""
    history = router.wired.training.desk.history(employee_id, limit, cursor)
    shown = _presenter(history.made) if history.made else None
    return TimelinePage(items=[_entry(event, shown) for event in history.events], next=history.next)


@router.post(
    "/employees/<employee_id>/training/warnings/<warning_id>",
    security=API,
    summary="Decide about a warning",
    description="409 when it was decided otherwise, or its cause is gone.",
    tags=["Training"],
    openapi_extensions=refuses(
        {409: [TrainingRefusal.WARNING_NOT_OPEN], 422: [TrainingRefusal.PROPOSAL_UNKNOWN]}
    ),
)
def post_warning_decision(
    employee_id: PathId, warning_id: PathId, decision: Annotated[WarningDecision, Body()]
) -> TrainingPlanView:
    """Accept what is proposed, and the plan changes; or decline. The same again changes nothing."""
    wired = router.wired
    decided = wired.training.desk.decide(
        employee_id,
        warning_id,
        accept=decision.decision == "accept",
        proposals=decision.proposals,
        reason=decision.reason,
        actor=router.actor,
        now=wired.clock(),
    )
    return _view(decided)


@router.get("/training/warnings", security=API, summary="Employees with open warnings", tags=["Training"])
def list_warnings(limit: Limit = 25, cursor: Cursor = None) -> WarnedPage:
    """A page of employees, who has something due next first. It may hold fewer than ``limit`` and still have a next
    one: the list is a moment behind the plans.
    """
    warned, following = router.wired.training.desk.warned(limit, cursor)
    items = [
        WarnedEmployeeView(
            employee_id=one.made.file.plan.employee_id,
            name=one.employee.name if one.employee else None,
            role=one.made.file.plan.role,
            warnings=_presenter(one.made).open_warnings(),
        )
        for one in warned
    ]
    return WarnedPage(items=items, next=following)


def _entry(event: "PastEvent", shown: "PlanPresenter | None") -> TimelineEntry:
    data = dict(event.data)
    if shown and event.name == EventName.PLAN_ASSIGNED:
        data["text"] = shown.why_assigned()
    if shown and event.name == EventName.PLAN_CHANGED:
        data["text"] = shown.why(data["reason"], data["rule"])
    return TimelineEntry(at=event.at, type=event.name, actor=event.actor, data=data)


def _presenter(made: "PlanAsMade") -> "PlanPresenter":
    from .presenter import PlanPresenter

    return PlanPresenter(made, router.language)


def _view(known: "WholePlan") -> TrainingPlanView:
    return shown_plan(known, router.language)


def shown_plan(known: "WholePlan", language: str) -> TrainingPlanView:
    """A plan as the routes show it."""
    from .presenter import PlanPresenter

    return PlanPresenter(known.made, language).whole(known)
