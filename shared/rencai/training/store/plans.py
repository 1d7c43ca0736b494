"""Training plans: one item an employee, read together with their courses, and listed by when it has to be looked at."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.kernel.events import Event
from rencai.store.sealed import Vault
from rencai.store.table import (
    LISTS_INDEX,
    Item,
    Key,
    Table,
    compact,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
    version_is,
)
from rencai.training.rules.courses import Cause, Enrolment
from rencai.training.rules.plan import (
    Change,
    Decision,
    Gap,
    PlanItem,
    PlanStatus,
    Reason,
    ReasonKind,
    TrainingPlan,
    Warned,
    WarningStatus,
)

from .enrolment_items import COURSE_PREFIX, from_enrolment_item

_PREFIX: Final = "TRAINING#"
_RUNNING: Final = "TRAINING#running"
_WARNED: Final = "TRAINING#warned"
_NEVER: Final = "9999"


def plan_key(employee_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``TRAINING#PLAN``."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}PLAN")


def note_key(employee_id: str, note: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``NOTE#nte_01ABC``: why HR decided so, apart from what it decided."""
    return Key(f"EMPLOYEE#{employee_id}", f"NOTE#{note}")


@dataclass(frozen=True, slots=True)
class Scored:
    """The probation score as it was told last: 0-100, the weight of what was there, and by which policy. ``final``: the
    probation was over, and nothing that comes later changes it.
    """

    score: Decimal | None
    coverage: Decimal
    policy_version: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """Everything about an employee's training; ``enrolments`` by item id. ``updated_at``: the plan's last write."""

    plan: TrainingPlan
    enrolments: Mapping[str, Enrolment]
    scored: Scored | None
    next_review_at: datetime | None = None
    updated_at: datetime | None = None


class TrainingPlans:
    """Reads an employee's plan with their courses at once, and writes the plan with the events of what changed.

    The list holds who has something to come: those with open warnings apart from the others, each by the time at
    which the plan has to be looked at again.
    """

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def find(self, employee_id: str, *, consistent: bool = True) -> TrainingFile | None:
        """The plan and the courses, or None when there is no plan."""
        plan: Item | None = None
        enrolments: dict[str, Enrolment] = {}
        for item in self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_PREFIX, consistent=consistent):
            if item["sk"].startswith(COURSE_PREFIX):
                enrolment = from_enrolment_item(item)
                enrolments[enrolment.item_id] = enrolment
            else:
                plan = item
        return _from_item(employee_id, plan, enrolments) if plan else None

    def get(self, employee_id: str) -> TrainingFile:
        """The plan and the courses; raises ``NotFound``."""
        found = self.find(employee_id)
        if found is None:
            raise NotFound("training plan", employee_id)
        return found

    def save(
        self,
        plan: TrainingPlan,
        changes: Sequence[Change],
        scored: Scored | None,
        next_review_at: datetime | None,
        now: datetime,
    ) -> None:
        """Write the plan as the version after ``plan.version``; raises ``LostRace`` when somebody else did."""
        after = replace(plan, version=plan.version + 1)
        events = [
            Event(
                ids.event_id(f"{plan.employee_id}_plan", after.version, number),
                change.name,
                now,
                change.data,
                # The events of one write may have several authors: HR accepts, and the plan adapts.
                change.actor,
            )
            for number, change in enumerate(changes)
        ]
        self._table.put(
            plan_key(plan.employee_id),
            _to_item(after, scored, next_review_at, events, now),
            version_is(plan.version),
        )

    def explain(self, employee_id: str, note: str, reason: str, now: datetime) -> None:
        """Keep why HR decides so; it may speak of the person, so it is sealed and the event only names it."""
        sealed = self._vault.seal(reason, owner=employee_id, field="decision")
        self._table.put(note_key(employee_id, note), {"reason": sealed, "at": instant(now)})

    def explanation(self, employee_id: str, note: str) -> str | None:
        """Why HR decided so, or None for no such note."""
        item = self._table.get(note_key(employee_id, note))
        return self._vault.open(item["reason"], owner=employee_id, field="decision") if item else None

    def due(self, now: datetime, limit: int) -> list[str]:
        """Up to ``limit`` employees whose plan has to be looked at by now, the longest due first."""
        found: list[tuple[str, str]] = []
        for listed in (_RUNNING, _WARNED):
            items, _ = self._table.query(listed, limit=limit, index=LISTS_INDEX)
            found += [(str(item["gsi1sk"]), _employee(item)) for item in items]
        return [employee for at, employee in sorted(found)[:limit] if at < instant(now)]

    def warned(self, limit: int, cursor: str | None) -> tuple[list[TrainingFile], str | None]:
        """A page of employees with open warnings, and where to go on."""
        items, last = self._table.query(_WARNED, limit=limit, start=from_cursor(cursor), index=LISTS_INDEX)
        files = (self.find(_employee(item)) for item in items)
        return [file for file in files if file], to_cursor(last)


def _employee(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _to_item(
    plan: TrainingPlan,
    scored: Scored | None,
    next_review_at: datetime | None,
    events: Sequence[Event],
    now: datetime,
) -> Item:
    open_warning = any(one.status is WarningStatus.OPEN for one in plan.warnings)
    listed = plan.status is PlanStatus.ASSIGNED and (open_warning or next_review_at is not None)
    at = instant(next_review_at) if next_review_at else _NEVER
    return {
        "gsi1pk": (_WARNED if open_warning else _RUNNING) if listed else None,
        "gsi1sk": f"{at}#{plan.employee_id}" if listed else None,
        "role": plan.role,
        "profile_of": plan.profile_of,
        "style": plan.style,
        "status": plan.status,
        "starts_on": plan.starts_on.isoformat(),
        "made_by": [plan.rules_version, plan.catalogue_version],
        "items": compact([_to_plan_item(item) for item in plan.items]),
        "unanswered": compact([[gap.competency, gap.score] for gap in plan.unanswered])
        if plan.unanswered
        else None,
        "warnings": compact([_to_warned(one) for one in plan.warnings]) if plan.warnings else None,
        "scored": [
            str(scored.score) if scored.score is not None else None,
            str(scored.coverage),
            scored.policy_version,
            scored.final,
        ]
        if scored
        else None,
        "review_at": instant(next_review_at) if next_review_at else None,
        "updated_at": instant(now),
        "version": plan.version,
        "events": to_events(events),
    }


def _from_item(employee_id: str, item: Item, enrolments: Mapping[str, Enrolment]) -> TrainingFile:
    plan = TrainingPlan(
        employee_id=employee_id,
        role=item["role"],
        profile_of=item["profile_of"],
        style=item.get("style"),
        status=PlanStatus(item["status"]),
        starts_on=date.fromisoformat(item["starts_on"]),
        rules_version=item["made_by"][0],
        catalogue_version=item["made_by"][1],
        items=tuple(_from_plan_item(one) for one in json.loads(item["items"])),
        unanswered=tuple(Gap(*one) for one in json.loads(item.get("unanswered", "[]"))),
        warnings=tuple(_from_warned(one) for one in json.loads(item.get("warnings", "[]"))),
        version=item["version"],
    )
    told = item.get("scored")
    scored = (
        Scored(Decimal(told[0]) if told[0] is not None else None, Decimal(told[1]), told[2], told[3])
        if told
        else None
    )
    review_at = from_instant(item["review_at"]) if "review_at" in item else None
    return TrainingFile(plan, enrolments, scored, review_at, from_instant(item["updated_at"]))


def _to_plan_item(item: PlanItem) -> list[Any]:
    return [
        item.item_id,
        [[one.kind, one.rule, one.competency, one.score, one.about] for one in item.reasons],
        item.starts_on.isoformat(),
        item.due_on.isoformat(),
        instant(item.due_at),
        instant(item.since),
        item.dated_by,
        item.removed_by,
        *([item.catalogue_version] if item.catalogue_version else []),
    ]


def _from_plan_item(value: Sequence[Any]) -> PlanItem:
    item_id, reasons, starts_on, due_on, due_at, since, dated_by, removed_by, *later = value
    return PlanItem(
        item_id=item_id,
        reasons=tuple(
            Reason(ReasonKind(kind), rule, competency, score, about)
            for kind, rule, competency, score, about in reasons
        ),
        starts_on=date.fromisoformat(starts_on),
        due_on=date.fromisoformat(due_on),
        due_at=from_instant(due_at),
        since=from_instant(since),
        removed_by=removed_by,
        catalogue_version=later[0] if later else None,
        dated_by=dated_by,
    )


def _to_warned(warned: Warned) -> list[Any]:
    decision = warned.decision
    return [
        warned.warning_id,
        warned.item_id,
        warned.cause,
        instant(warned.raised_at),
        instant(warned.cleared_at) if warned.cleared_at else None,
        [list(decision.proposals), decision.actor, instant(decision.at), decision.note] if decision else None,
        warned.times,
    ]


def _from_warned(value: Sequence[Any]) -> Warned:
    warning_id, item_id, cause, raised_at, cleared_at, decision, times = value
    return Warned(
        warning_id=warning_id,
        item_id=item_id,
        cause=Cause(cause),
        raised_at=from_instant(raised_at),
        cleared_at=from_instant(cleared_at) if cleared_at else None,
        decision=Decision(tuple(decision[0]), decision[1], from_instant(decision[2]), decision[3])
        if decision
        else None,
        times=times,
    )
