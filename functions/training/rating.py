"""Mentors' reviews that nothing read for sure: HR says what they count (C3, C4)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body

from rencai.platform.api import Cursor, Limit, PathId
from rencai.platform.operations import refuses
from rencai.training.rules.refusals import TrainingRefusal
from rencai.wiring.routes import API, Routes

from .plans import shown_plan
from .ratings import shown_scale, shown_waiting
from .views import RatingAnswer, TrainingPlanView, WaitingPage

router = Routes()


@router.get("/training/ratings", security=API, summary="Mentors' reviews that wait for HR", tags=["Training"])
def list_ratings(limit: Limit = 25, cursor: Cursor = None) -> WaitingPage:
    """A page of reviews that count nothing until HR rates them, longest first, and the scale. It may hold fewer than
    ``limit`` and still have a next one: the list is a moment behind.
    """
    desk, language = router.wired.training.rating_desk, router.language
    waiting, following = desk.waiting(limit, cursor)
    return WaitingPage(
        scale=shown_scale(desk.scale(), language),
        items=[shown_waiting(one, language) for one in waiting],
        next=following,
    )


@router.post(
    "/employees/<employee_id>/training/ratings/<rating_id>",
    security=API,
    summary="Say what a mentor's review counts",
    description="404 when it is not asked any more: another review has come since. 409 when it was said otherwise.",
    tags=["Training"],
    openapi_extensions=refuses({409: [TrainingRefusal.RATING_DECIDED]}),
)
def post_rating(
    employee_id: PathId, rating_id: PathId, answer: Annotated[RatingAnswer, Body()]
) -> TrainingPlanView:
    """Rate it on the scale, or say that it rates nothing. The same again changes nothing."""
    wired = router.wired
    now = wired.clock()
    wired.training.rating_desk.rate(employee_id, rating_id, answer.level, router.actor, now)
    return shown_plan(wired.training.desk.plan_of_employee(employee_id, now), router.language)
