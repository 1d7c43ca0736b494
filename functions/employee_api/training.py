"""Training plans (C1, C5): the plan with its reasons, its history, and what HR is warned of and decides (C4)."""

import json
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import DomainError, NotFound, Refusal
from rencai.domain.events import EventName, Subject, SubjectKind
from rencai.platform.api import Cursor, Limit, TimelineEntry, TimelinePage
from rencai.store.table import Item

from .training_views import TrainingPlanView, WarnedEmployeeView, WarnedPage, WarningDecision

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.domain.competency import LocalizedText
    from rencai.store.training_plans import TrainingFile

    from .training_presenter import PlanPresenter

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

PathId = Annotated[str, Path(max_length=128)]

_WITH_TEXT: Final = (EventName.PLAN_ASSIGNED, EventName.PLAN_CHANGED)


@router.get("/employees/<employee_id>/training", summary="An employee's training plan", tags=["Training"])
def get_training(employee_id: PathId) -> TrainingPlanView:
    """Courses with why, how far, and what mentors said; warnings; the next step."""
    file = wiring.training_plans().get(employee_id)
    if file.plan.status == "draft":
        # Nobody's employee yet: the candidate's route shows it.
        raise NotFound("training plan", employee_id)
    return _view(file)


@router.get(
    "/candidates/<candidate_id>/training", summary="The plan a candidate can expect", tags=["Training"]
)
def get_candidate_training(candidate_id: PathId) -> TrainingPlanView:
    """A draft until onboarding, then what was assigned."""
    employee_id = ids.employee_id(candidate_id)
    ours = ids.candidate_of(employee_id) == candidate_id
    file = wiring.training_plans().find(employee_id) if ours else None
    if file is None:
        raise NotFound("training plan", candidate_id)
    return _view(file)


@router.get(
    "/employees/<employee_id>/training/history", summary="What happened, oldest first", tags=["Training"]
)
def get_training_history(employee_id: PathId, limit: Limit = 25, cursor: Cursor = None) -> TimelinePage:
    """A page of the employee's events; of those about the plan ``data.text`` says why, in the rules' words."""
    if wiring.employees().get(employee_id) is None:
        raise NotFound("employee", employee_id)
    page = wiring.timeline().page(Subject(kind=SubjectKind.EMPLOYEE, id=employee_id), limit, cursor)
    of_the_plan = any(item["type"] in _WITH_TEXT for item in page.items)
    shown = _presented(wiring.training_plans().get(employee_id)) if of_the_plan else None
    return TimelinePage(items=[_entry(employee_id, item, shown) for item in page.items], next=page.next)


@router.post(
    "/employees/<employee_id>/training/warnings/<warning_id>",
    summary="Decide about a warning",
    description="409 when it was decided otherwise, or its cause is gone.",
    tags=["Training"],
)
def post_warning_decision(
    employee_id: PathId, warning_id: PathId, decision: Annotated[WarningDecision, Body()]
) -> TrainingPlanView:
    """Accept what is proposed, and the plan changes; or decline. The same again changes nothing."""
    plans, now, actor = wiring.training_plans(), wiring.clock(), router.context["actor"]
    accepted: list[str] = []
    if decision.decision == "accept":
        accepted = decision.proposals or _presented(plans.get(employee_id)).proposals(warning_id)
        if not accepted:
            # To accept nothing would be to decline.
            raise DomainError(Refusal.PROPOSAL_UNKNOWN, "decision", proposal="accept", known="-")
    wiring.training().decide(employee_id, warning_id, accepted, decision.reason, actor, now)
    return _view(plans.get(employee_id))


@router.get("/training/warnings", summary="Employees with open warnings", tags=["Training"])
def list_warnings(limit: Limit = 25, cursor: Cursor = None) -> WarnedPage:
    """A page of employees, who has something due next first. It may hold fewer than ``limit`` and still have a next
    one: the list is a moment behind the plans.
    """
    # Some 0.5 read units for 20 of the list, then 2-4 for each employee: the plan with its courses, and the name.
    employees = wiring.employees()
    files, following = wiring.training_plans().warned(limit, cursor)
    items = []
    for file in files:
        warnings = _presented(file).open_warnings()
        if not warnings:
            continue
        employee = employees.get(file.plan.employee_id)
        items.append(
            WarnedEmployeeView(
                employee_id=file.plan.employee_id,
                name=employee.name if employee else None,
                role=file.plan.role,
                warnings=warnings,
            )
        )
    return WarnedPage(items=items, next=following)


def _entry(employee_id: str, item: Item, shown: "PlanPresenter | None") -> TimelineEntry:
    data = json.loads(item["data"])
    if item["type"] == EventName.TRAINING_WARNING_DECIDED:
        note = data.pop("note")
        plans = wiring.training_plans()
        data["reason"] = plans.explanation(employee_id, note) if note else None
    if shown and item["type"] == EventName.PLAN_ASSIGNED:
        data["text"] = shown.why_assigned()
    if shown and item["type"] == EventName.PLAN_CHANGED:
        data["text"] = shown.why(data["reason"], data["rule"])
    return TimelineEntry(at=item["sk"].split("#")[1], type=item["type"], actor=item["actor"], data=data)


def _presented(file: "TrainingFile") -> "PlanPresenter":
    from .training_presenter import PlanPresenter

    return PlanPresenter.of(file, wiring.configurations(), router.context["language"])


def _view(file: "TrainingFile") -> TrainingPlanView:
    employee_id = file.plan.employee_id
    reviewed = any(enrolment.review for enrolment in file.enrolments.values())
    return _presented(file).plan(
        _competencies(file.plan.role),
        wiring.enrolments().reviews(employee_id) if reviewed else {},
        wiring.training_plans().explanation,
        wiring.clock(),
        wiring.training().zone,
    )


def _competencies(role: str) -> "dict[str, LocalizedText]":
    """The role's competencies by id, as its model has them now."""
    try:
        model = wiring.configurations().competency_model(role).document
    except NotFound:
        return {}
    return {id_: competency.name for id_, competency in model.competencies.items()}
