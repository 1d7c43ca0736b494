"""What the tests of a plan and its reviews share: small rules, a plan of a negotiator, and what a review came to."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from rencai.kernel import ids
from rencai.kernel.events import EventName
from rencai.training.rules.courses import Cause, Enrolment
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import Change, PlanItem, Reason, TrainingPlan
from rencai.training.rules.review import Reviewed, decide, review_plan
from rencai.training.rules.rules import TrainingRules
from tests.builders import EMPLOYEE
from tests.training.training_builders import (
    CALENDAR,
    RULES,
    RULES_DOCUMENT,
    ZONE,
    enrolled,
    fact,
    local,
    made,
)

MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZONE)
DUE = local(23, 18)
"""When the negotiation course is due."""
LATER = DUE + timedelta(days=1)
NEGOTIATOR = made(("negotiation", 70))
COMPLETION, EXAM = Cause.COMPLETION, Cause.EXAM
RAISED, RETURNED = EventName.TRAINING_WARNING_RAISED, EventName.TRAINING_WARNING_RETURNED
CLEARED, CHANGED = EventName.TRAINING_WARNING_CLEARED, EventName.PLAN_CHANGED


def ruled(**changes: Any) -> TrainingRules:
    return TrainingRules.model_validate({**RULES_DOCUMENT, **changes})


def item(
    course: str,
    starts: date,
    due: date,
    reason: Reason,
    since: datetime = MIDNIGHT,
    removed_by: str | None = None,
) -> PlanItem:
    return PlanItem(course, (reason,), starts, due, datetime.combine(due, time(18), ZONE), since, removed_by)


def reviewed(
    plan: TrainingPlan, *facts: CourseProgressed, now: datetime, rules: TrainingRules = RULES
) -> Reviewed:
    return review_plan(plan, enrolled(plan, *facts), rules, CALENDAR, now)


def active(plan: TrainingPlan) -> set[tuple[str, Cause]]:
    return {(one.item_id, one.cause) for one in plan.warnings if one.cleared_at is None}


def all_done(plan: TrainingPlan, *but: str) -> list[CourseProgressed]:
    """Every course completed long before it was due, except these."""
    return [fact(one.item_id, local(3), 100) for one in plan.items if one.item_id not in but]


WARNED = reviewed(NEGOTIATOR, fact("negotiation", local(3), 10, 60), now=local(4)).plan
WARNING_ID = ids.warning_id(EMPLOYEE, "negotiation", "exam")
FRIDAY = local(6, 15)


def decided(
    plan: TrainingPlan, *proposals: str, now: datetime = FRIDAY, learnt: Mapping[str, Enrolment] | None = None
) -> tuple[TrainingPlan, tuple[Change, ...]]:
    return decide(plan, learnt or {}, WARNING_ID, proposals, RULES, CALENDAR, "hr:1", now)
