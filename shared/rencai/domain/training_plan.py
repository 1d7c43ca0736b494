"""The personal training plan (C1), what HR is warned of (C4), and how it adapts (C5): pure functions.

A plan is a function of what is known: its own beginning, how far each course has come, and what HR decided. Nothing in
it remembers in which order that became known, so facts that come late, twice or backwards lead to the same plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from . import ids
from .errors import Conflict, DomainError, NotFound, Refusal
from .events import EventName
from .training import Cause, Enrolment

if TYPE_CHECKING:
    # Models cost at cold start, and are made when the first configuration is read.
    from .interview import LearningStyle
    from .training_rules import Assignment, ProgressRule, Proposal, TrainingRules, WarningRules
    from .work_calendar import WorkCalendar

_ABOUT: Final = "~"


class PlanStatus(StrEnum):
    """A draft is for the candidate to see; assigned is what the employee has."""

    DRAFT = "draft"
    ASSIGNED = "assigned"


class ReasonKind(StrEnum):
    """Why a course is in a plan."""

    REQUIRED = "required"
    GAP = "gap"
    PROGRESS = "progress"
    WARNING = "warning"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a course is in a plan: by which rule (of a warning: which proposal; of support: which intervention), and for
    a gap, which and how wide.

    ``about`` is the item that a warning was about.
    """

    kind: ReasonKind
    rule: str
    competency: str | None = None
    score: int | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """An area to improve, and its score in the interview, 0-100."""

    competency: str
    score: int


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A course in a plan. ``since`` is what its days were counted from, ``dated_by`` the rule or proposal that says how
    many; ``removed_by`` the rule that took it out. ``catalogue_version`` is the one that has the course, where the
    plan's may not.
    """

    item_id: str
    reasons: tuple[Reason, ...]
    starts_on: date
    due_on: date
    due_at: datetime
    since: datetime
    removed_by: str | None = None
    catalogue_version: int | None = None
    # Told by the dates and reasons already; kept so that they are not dated again.
    dated_by: str = field(default="", compare=False)

    @property
    def course_id(self) -> str:
        """The catalogue's course; two items may be the same course, each about another."""
        return self.item_id.partition(_ABOUT)[0]

    @property
    def by_progress(self) -> bool:
        """Whether it came by a rule about progress."""
        return self.reasons[0].kind is ReasonKind.PROGRESS

    @property
    def is_help(self) -> bool:
        """Whether HR added it to help: it counts for nothing, and no rule takes it out."""
        return self.reasons[0].kind in (ReasonKind.WARNING, ReasonKind.SUPPORT)


@dataclass(frozen=True, slots=True)
class Decision:
    """What HR decided about a warning; ``proposals`` are those accepted, none when it was declined.

    ``note`` names the reason, which is kept apart, for it may speak of the person. None: none was given.
    """

    proposals: tuple[str, ...]
    actor: str
    at: datetime
    note: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether something is done about it."""
        return bool(self.proposals)


class WarningStatus(StrEnum):
    """Where a warning stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that HR was told of: one for each item and cause, however often the cause comes back (``times``)."""

    warning_id: str
    item_id: str
    cause: Cause
    raised_at: datetime
    cleared_at: datetime | None = None
    decision: Decision | None = None
    times: int = 1

    @property
    def status(self) -> WarningStatus:
        """Where it stands."""
        if self.cleared_at:
            return WarningStatus.CLEARED
        if self.decision is None:
            return WarningStatus.OPEN
        return WarningStatus.ACCEPTED if self.decision.accepted else WarningStatus.DECLINED


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """An employee's plan, by the versions of the rules and the catalogue that made it.

    ``unanswered`` are areas to improve for which the rules name no course. ``version`` counts the writes.
    ``profile_of`` is empty of who was not interviewed.
    """

    employee_id: str
    role: str
    profile_of: str
    style: "LearningStyle | None"
    status: PlanStatus
    starts_on: date
    rules_version: int
    catalogue_version: int
    items: tuple[PlanItem, ...]
    unanswered: tuple[Gap, ...] = ()
    warnings: tuple[Warned, ...] = ()
    version: int = 0

    def item(self, item_id: str) -> PlanItem | None:
        """One item, also a removed one."""
        return next((item for item in self.items if item.item_id == item_id), None)

    @property
    def current(self) -> tuple[PlanItem, ...]:
        """What is to be done: without what was taken out."""
        return tuple(item for item in self.items if item.removed_by is None)


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell of a plan: an event's name, data and actor."""

    name: EventName
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = "rencai"


@dataclass(frozen=True, slots=True)
class Learner:
    """Who a plan is for: the areas to improve of the profile that decided, and the learning style if it is known."""

    employee_id: str
    role: str
    profile_of: str
    gaps: tuple[Gap, ...]
    style: "LearningStyle | None"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The tenant's working days in the tenant's time zone."""

    days: "WorkCalendar"
    zone: ZoneInfo

    def begins(self, day: date) -> datetime:
        """When a local day begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def dated(
        self, assignment: "Assignment", reasons: tuple[Reason, ...], since: datetime, about: str | None = None
    ) -> PlanItem:
        """An item whose days are counted from the local day of ``since``."""
        first = since.astimezone(self.zone).date()
        due_on = self.days.after(first, assignment.due_after_days)
        return PlanItem(
            item_id=f"{assignment.course}{_ABOUT}{about}" if about else assignment.course,
            reasons=reasons,
            starts_on=self.days.after(first, assignment.starts_after_days),
            due_on=due_on,
            due_at=self.days.due_at(due_on, self.zone),
            since=since,
            dated_by=reasons[0].rule,
        )


def make_plan(
    learner: Learner,
    rules: "TrainingRules",
    versions: tuple[int, int],
    starts_on: date,
    status: PlanStatus,
    calendar: Calendar,
) -> TrainingPlan:
    """The plan at its beginning (C1): what the role requires, and what answers each area to improve.

    ``versions`` are those of the rules and the catalogue. A course that several rules name is one item with all their
    reasons and the earliest of their dates. ``starts_on`` is the first day of work, as far as it is known.
    """
    wanted: list[tuple[Assignment, Reason]] = []
    for required in rules.required:
        if _for_role(required.roles, learner.role):
            wanted += [(one, Reason(ReasonKind.REQUIRED, required.id)) for one in required.add]
    unanswered = []
    for gap in learner.gaps:
        answers = [
            rule
            for rule in rules.gaps
            if rule.competency == gap.competency
            and _for_role(rule.roles, learner.role)
            and (rule.at_most is None or gap.score <= rule.at_most)
        ]
        if not answers:
            unanswered.append(gap)
        for rule in answers:
            reason = Reason(ReasonKind.GAP, rule.id, gap.competency, gap.score)
            wanted += [(one, reason) for one in rule.add]
    since = calendar.begins(starts_on)
    return TrainingPlan(
        employee_id=learner.employee_id,
        role=learner.role,
        profile_of=learner.profile_of,
        style=learner.style,
        status=status,
        starts_on=starts_on,
        rules_version=versions[0],
        catalogue_version=versions[1],
        items=_dated(((one, reason, since) for one, reason in wanted), calendar),
        unanswered=tuple(unanswered),
    )


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
        raise Conflict(Refusal.WARNING_NOT_OPEN, status=warned.status)
    about = plan.item(warned.item_id)
    made = {one.id: one for one in rules.warnings.made_for(about.course_id, warned.cause)} if about else {}
    unknown = next((id_ for id_ in chosen if id_ not in made), None)
    if unknown is not None:
        raise DomainError(
            Refusal.PROPOSAL_UNKNOWN, "proposals", proposal=unknown, known=", ".join(made) or "-"
        )
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
            item_id=f"{course}{_ABOUT}{intervention}",
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
        about = warned.item_id if number == 1 else f"{warned.item_id}{_ABOUT}{number}"
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


def _for_role(roles: Sequence[str], role: str) -> bool:
    return not roles or role in roles


def _dated(
    wanted: Iterable[tuple["Assignment", Reason, datetime]], calendar: Calendar
) -> tuple[PlanItem, ...]:
    """An item for each course, with all its reasons, and of its dates the earliest."""
    items: dict[str, PlanItem] = {}
    for assignment, reason, since in wanted:
        item = calendar.dated(assignment, (reason,), since)
        known = items.get(item.item_id)
        if known:
            first = min(known, item, key=lambda one: (one.due_at, one.starts_on, one.since))
            item = replace(
                first, reasons=(*known.reasons, *(r for r in item.reasons if r not in known.reasons))
            )
        items[item.item_id] = item
    return tuple(items.values())


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
    added = _dated(
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
    if not _for_role(rule.roles, plan.role) or (rule.styles and plan.style not in rule.styles):
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
    has_results = enrolment is not None and (enrolment.completed or enrolment.exam or enrolment.review)
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
