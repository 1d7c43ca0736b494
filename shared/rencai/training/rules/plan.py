"""The personal training plan (C1): what it is made of, and how it begins. How it adapts is in ``review``.

A plan is a function of what is known: its own beginning, how far each course has come, and what HR decided. Nothing in
it remembers in which order that became known, so facts that come late, twice or backwards lead to the same plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rencai.kernel.events import EventName

from .courses import ABOUT, Cause

if TYPE_CHECKING:
    # Models cost at cold start, and are made when the first configuration is read.
    from rencai.interviews.rules.learning_style import LearningStyle
    from rencai.kernel.work_calendar import WorkCalendar

    from .rules import Assignment, TrainingRules


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
        return self.item_id.partition(ABOUT)[0]

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
            item_id=f"{assignment.course}{ABOUT}{about}" if about else assignment.course,
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
        if for_role(required.roles, learner.role):
            wanted += [(one, Reason(ReasonKind.REQUIRED, required.id)) for one in required.add]
    unanswered = []
    for gap in learner.gaps:
        answers = [
            rule
            for rule in rules.gaps
            if rule.competency == gap.competency
            and for_role(rule.roles, learner.role)
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
        items=dated_items(((one, reason, since) for one, reason in wanted), calendar),
        unanswered=tuple(unanswered),
    )


def begun_on(plan: TrainingPlan, rules: "TrainingRules", starts_on: date, calendar: Calendar) -> TrainingPlan:
    """An assigned plan of somebody whose first day is another: what was dated from it is dated anew, by the rules that
    brought it. What came since (by progress, as help) has dates of its own; the next review looks at those.
    """
    since = calendar.begins(starts_on)
    brought = {rule.id: rule.add for rule in rules.required} | {rule.id: rule.add for rule in rules.gaps}
    dated = {
        item.item_id: item
        for item in dated_items(
            (
                (one, reason, since)
                for item in plan.items
                for reason in item.reasons
                for one in brought.get(reason.rule, ())
                if one.course == item.item_id
            ),
            calendar,
        )
    }
    items = []
    for item in plan.items:
        again = dated.get(item.item_id)
        if again is None or item.by_progress or item.is_help:
            items.append(item)
        else:
            items.append(
                replace(
                    item,
                    starts_on=again.starts_on,
                    due_on=again.due_on,
                    due_at=again.due_at,
                    since=again.since,
                    dated_by=again.dated_by,
                )
            )
    return replace(plan, starts_on=starts_on, items=tuple(items))


def for_role(roles: Sequence[str], role: str) -> bool:
    """Whether a rule for ``roles`` (empty: for all) is for this one."""
    return not roles or role in roles


def dated_items(
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
