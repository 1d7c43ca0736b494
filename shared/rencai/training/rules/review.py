"""How a training plan adapts (C5), what HR is warned of and decides (C4), and what an intervention adds (F5): pure
functions of the plan and of how far each course has come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from rencai.kernel import ids
from rencai.kernel.errors import Conflict, DomainError, NotFound
from rencai.kernel.events import EventName

from .courses import ABOUT, Cause, Enrolment
from .plan import (
    Calendar,
    Change,
    Decision,
    PlanItem,
    Reason,
    ReasonKind,
    TrainingPlan,
    Warned,
    WarningStatus,
    dated_items,
    for_role,
)
from .refusals import TrainingRefusal

if TYPE_CHECKING:
    # Models cost at cold start, and are made when the first configuration is read.
    from .rules import ProgressRule, Proposal, TrainingRules, WarningRules


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan after a review, what there is to tell of it, and when time alone will next change it (None: never)."""

    plan: TrainingPlan
    changes: tuple[Change, ...]
    next_review_at: datetime | None


def review_plan(
    plan: TrainingPlan,
    enrolments: Mapping[str, Enrolment],
    rules: "TrainingRules",
    calendar: Calendar,
    now: datetime,
) -> Reviewed:
    """The plan as it should be by what is known (C4, C5); ``enrolments`` by item id, ``rules`` of the plan's version.

    Rules about progress look at the highest mark ever reached, warnings at what was told last. A rule that removes a
    course wins over one that adds it, and leaves what was completed, examined or reviewed, and what HR decided.
    """
    items = _adapted(plan, enrolments, rules, calendar)
    adapted = replace(plan, items=items)
    warnings, warned = _warnings(adapted, enrolments, rules.warnings, now)
    changes = (*_differences(plan, adapted), *warned)
    return Reviewed(replace(adapted, warnings=warnings), changes, _next_review_at(adapted, enrolments, now))


def decide(
    plan: TrainingPlan,
    enrolments: Mapping[str, Enrolment],
    warning_id: str,
    proposals: Sequence[str],
    rules: "TrainingRules",
    calendar: Calendar,
    actor: str,
    now: datetime,
    *,
    note: str | None = None,
) -> tuple[TrainingPlan, tuple[Change, ...]]:
    """HR's decision about an open warning: accept these of the proposals made for it, or, with none, decline.
    ``note`` names the reason, where there is one.

    The same decision again changes nothing. Raises ``NotFound``, ``Conflict`` (WARNING_NOT_OPEN) when it was decided
    otherwise or its cause is gone, ``DomainError`` (PROPOSAL_UNKNOWN) for one that was not made.
    """
    warned = next((one for one in plan.warnings if one.warning_id == warning_id), None)
    if warned is None:
        raise NotFound("warning", warning_id)
    chosen = tuple(dict.fromkeys(proposals))
    if warned.decision and not warned.cleared_at and set(warned.decision.proposals) == set(chosen):
        return plan, ()
    if warned.status is not WarningStatus.OPEN:
        raise Conflict(TrainingRefusal.WARNING_NOT_OPEN, status=warned.status)
    about = plan.item(warned.item_id)
    made = {one.id: one for one in rules.warnings.made_for(about.course_id, warned.cause)} if about else {}
    unknown = next((id_ for id_ in chosen if id_ not in made), None)
    if unknown is not None:
        raise DomainError(TrainingRefusal.PROPOSAL_UNKNOWN, "proposals", proposal=unknown, known=tuple(made))
    items = list(plan.items)
    for id_ in chosen:
        items += _help(warned, made[id_], items, enrolments, calendar, now)
    decided = replace(warned, decision=Decision(chosen, actor, now, note))
    after = replace(
        plan,
        items=tuple(items),
        warnings=tuple(decided if one is warned else one for one in plan.warnings),
    )
    told = Change(
        EventName.TRAINING_WARNING_DECIDED,
        {
            "warning_id": warning_id,
            "item_id": warned.item_id,
            "cause": warned.cause,
            "proposals": list(chosen),
            "times": warned.times,
            "note": note,
        },
        actor,
    )
    return after, (told, *_differences(plan, after, actor))


def support(
    plan: TrainingPlan,
    courses: Iterable[str],
    intervention: str,
    due_on: date,
    catalogue_version: int,
    calendar: Calendar,
    actor: str,
    now: datetime,
) -> tuple[TrainingPlan, tuple[Change, ...]]:
    """What an intervention adds to a plan (F5): of ``courses``, which version ``catalogue_version`` has, those that are
    not in it yet, from ``now`` to ``due_on``.

    The same again adds nothing, whatever has become of the courses since.
    """
    there = {item.course_id for item in plan.current}
    reason = Reason(ReasonKind.SUPPORT, intervention)
    starts_on = calendar.days.on_or_after(now.astimezone(calendar.zone).date())
    due_on = max(due_on, starts_on)
    added = tuple(
        PlanItem(
            item_id=f"{course}{ABOUT}{intervention}",
            reasons=(reason,),
            starts_on=starts_on,
            due_on=due_on,
            due_at=calendar.days.due_at(due_on, calendar.zone),
            since=now,
            catalogue_version=catalogue_version,
            dated_by=intervention,
        )
        for course in dict.fromkeys(courses)
        if course not in there
    )
    after = replace(plan, items=(*plan.items, *added))
    return after, _differences(plan, after, actor)


def rescheduled(before: TrainingPlan, after: TrainingPlan, actor: str) -> tuple[Change, ...]:
    """What there is to tell of a plan whose first day is another."""
    return _differences(before, after, actor)


def proposals_for(plan: TrainingPlan, warned: Warned, rules: "TrainingRules") -> tuple[str, ...]:
    """Ids of what may be done about a warning."""
    item = plan.item(warned.item_id)
    return tuple(one.id for one in rules.warnings.made_for(item.course_id, warned.cause)) if item else ()


def _help(
    warned: Warned,
    proposal: "Proposal",
    items: Sequence[PlanItem],
    enrolments: Mapping[str, Enrolment],
    calendar: Calendar,
    now: datetime,
) -> list[PlanItem]:
    """What accepting a proposal adds: nothing while the same help is under way; what was given is given again."""
    known = {item.item_id for item in items}
    reason = Reason(ReasonKind.WARNING, proposal.id, about=warned.item_id)
    for number in count(1):
        about = warned.item_id if number == 1 else f"{warned.item_id}{ABOUT}{number}"
        item = calendar.dated(proposal.add, (reason,), now, about=about)
        if item.item_id not in known:
            return [item]
        enrolment = enrolments.get(item.item_id)
        if enrolment is None or not enrolment.completed:
            return []
    raise AssertionError("numbers do not end")


def cause_holds(
    item: PlanItem, enrolment: Enrolment | None, cause: Cause, rules: "WarningRules", now: datetime
) -> bool:
    """Whether there is cause for a warning: an exam below its threshold, or, from the due date on, too little done.
    Nothing told by the due date is nothing done; no exam told is no cause.
    """
    value, threshold = measured(enrolment, cause, rules)
    if cause is Cause.EXAM:
        return value is not None and value < threshold
    return now >= item.due_at and (value or Decimal(0)) < threshold


def _adapted(
    plan: TrainingPlan, enrolments: Mapping[str, Enrolment], rules: "TrainingRules", calendar: Calendar
) -> tuple[PlanItem, ...]:
    # Who learns before the first day of work is given the same time as the others.
    first = calendar.begins(plan.starts_on)
    reached = [
        (rule, max(at, first)) for rule in rules.progress if (at := _reached_at(rule, plan, enrolments))
    ]
    begun = tuple(item for item in plan.items if not item.by_progress)
    there = {item.item_id for item in begun}
    known = {item.item_id: item for item in plan.items}
    added = dated_items(
        (
            (one, Reason(ReasonKind.PROGRESS, rule.id), at)
            for rule, at in reached
            for one in rule.add
            if one.course not in there
        ),
        calendar,
    )
    kept = (_as_dated(item, known.get(item.item_id)) for item in added)
    removers = {course: rule.id for rule, _ in reversed(reached) for course in rule.remove}
    return tuple(
        replace(item, removed_by=_remover(item, removers, enrolments.get(item.item_id)))
        for item in (*begun, *kept)
    )


def _reached_at(
    rule: "ProgressRule", plan: TrainingPlan, enrolments: Mapping[str, Enrolment]
) -> datetime | None:
    if not for_role(rule.roles, plan.role) or (rule.styles and plan.style not in rule.styles):
        return None
    enrolment = enrolments.get(rule.course)
    return enrolment.reached_at(rule.completion_at_least) if enrolment else None


def _as_dated(item: PlanItem, before: PlanItem | None) -> PlanItem:
    """An item is dated once: a holiday that is announced later moves nobody's due date. A cause that turns out to be
    older does, and another rule that asks for it sooner.
    """
    if before is None or (before.since, before.dated_by) != (item.since, item.dated_by):
        return item
    return replace(before, reasons=item.reasons)


def _remover(item: PlanItem, removers: Mapping[str, str], enrolment: Enrolment | None) -> str | None:
    has_results = enrolment is not None and (
        enrolment.completed or enrolment.exam or enrolment.review or enrolment.mark
    )
    return None if item.is_help or has_results else removers.get(item.course_id)


def _differences(before: TrainingPlan, after: TrainingPlan, actor: str = "rencai") -> tuple[Change, ...]:
    """A ``plan.changed`` for each item that is not as it was."""
    known = {item.item_id: item for item in before.items}
    changes = []
    for item in after.items:
        was = known.get(item.item_id)
        if was is None:
            change, reason = "added", item.reasons[-1]
        elif was.removed_by is None and item.removed_by is not None:
            change, reason = "removed", Reason(ReasonKind.PROGRESS, item.removed_by)
        elif was.removed_by is not None and item.removed_by is None:
            change, reason = "restored", Reason(ReasonKind.PROGRESS, was.removed_by)
        elif was.due_on != item.due_on:
            change, reason = "rescheduled", item.reasons[-1]
        else:
            continue
        data = {
            "item_id": item.item_id,
            "course_id": item.course_id,
            "change": change,
            "reason": reason.kind,
            "rule": reason.rule,
        }
        changes.append(Change(EventName.PLAN_CHANGED, data, actor))
    return tuple(changes)


def _warnings(
    plan: TrainingPlan, enrolments: Mapping[str, Enrolment], rules: "WarningRules", now: datetime
) -> tuple[tuple[Warned, ...], tuple[Change, ...]]:
    known = {(one.item_id, one.cause): one for one in plan.warnings}
    changes: list[Change] = []
    for item in plan.items:
        enrolment = enrolments.get(item.item_id)
        for cause in Cause:
            key = (item.item_id, cause)
            before = known.get(key)
            holds = item.removed_by is None and cause_holds(item, enrolment, cause, rules, now)
            if holds and before is None:
                id_ = ids.warning_id(plan.employee_id, item.item_id, cause)
                after, name = Warned(id_, item.item_id, cause, now), EventName.TRAINING_WARNING_RAISED
            elif holds and before and before.cleared_at:
                after = replace(before, cleared_at=None, decision=None, times=before.times + 1)
                name = EventName.TRAINING_WARNING_RETURNED
            elif not holds and before and not before.cleared_at:
                after, name = replace(before, cleared_at=now), EventName.TRAINING_WARNING_CLEARED
            else:
                continue
            known[key] = after
            changes.append(Change(name, _about(after, item, enrolment, rules)))
    return tuple(known.values()), tuple(changes)


def _about(
    warned: Warned, item: PlanItem, enrolment: Enrolment | None, rules: "WarningRules"
) -> dict[str, Any]:
    value, threshold = measured(enrolment, warned.cause, rules)
    return {
        "warning_id": warned.warning_id,
        "item_id": item.item_id,
        "course_id": item.course_id,
        "cause": warned.cause,
        "value": float(value) if value is not None else None,
        "threshold": float(threshold),
        "times": warned.times,
    }


def measured(
    enrolment: Enrolment | None, cause: Cause, rules: "WarningRules"
) -> tuple[Decimal | None, Decimal]:
    """What a warning's cause is about as it stands now, and the threshold; None: nothing was told."""
    if cause is Cause.EXAM:
        return enrolment.exam_score if enrolment else None, rules.exam_below
    return enrolment.completion_percent if enrolment else None, rules.completion_below


def _next_review_at(
    plan: TrainingPlan, enrolments: Mapping[str, Enrolment], now: datetime
) -> datetime | None:
    """The next due date of what is not completed: the one thing that changes a plan though nobody tells anything."""
    return min(
        (
            item.due_at
            for item in plan.current
            if item.due_at > now and not ((known := enrolments.get(item.item_id)) and known.completed)
        ),
        default=None,
    )
