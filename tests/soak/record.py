"""What the tenant's table holds, read whole: no access pattern of the application, so nothing but a test does this."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Review, Stage
from rencai.hiring.store.journeys import CandidateRecord, from_journey_item
from rencai.kernel.events import EventName
from rencai.store.table import Item, from_instant, from_item
from rencai.training.rules.plan import PlanStatus

TOLD_THE_ATS: Final = frozenset(
    {
        EventName.CANDIDATE_PROFILED,
        EventName.CANDIDATE_DECLINED_BY_US,
        EventName.OFFER_SENT,
        EventName.OFFER_SIGNED,
        EventName.OFFER_DECLINED,
        EventName.OFFER_EXPIRED,
        EventName.OFFER_VOIDED,
        EventName.CHECK_CLEARED,
        EventName.REVIEW_REQUESTED,
        EventName.REVIEW_DECIDED,
        EventName.EMPLOYEE_ONBOARDED,
    }
)
"""What the ATS hears of (B8), as far as it decides anything."""
OURS_ALONE: Final = frozenset({Stage.INTERVIEWED, Stage.OFFER_DRAFTED, Stage.CHECKING})
"""Stages the ATS is not told."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An event that was published about a candidate."""

    candidate_id: str
    event_id: str
    name: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """An enrolment on record."""

    employee_id: str
    item_id: str
    enrolment_id: str
    completion: Decimal | None
    exam: Decimal | None
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Application:
    """An application on record; ``candidate_id`` None: nobody's."""

    external_id: str
    status: str | None
    candidate_id: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that we say was sent to a candidate or an employee; ``message_id`` None: claimed and never sent."""

    candidate_id: str
    kind: str
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook in the inbox."""

    delivery_id: str
    vendor: str
    status: str
    verdict: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """The table, by what its items are."""

    journeys: dict[str, CandidateRecord] = field(default_factory=dict)
    offers: dict[str, str | None] = field(default_factory=dict)
    """Candidate -> the envelope on record."""
    assessments: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Candidate -> the assessment, and whether its result is merged in."""
    employees: set[str] = field(default_factory=set)
    plans: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Employee -> what is in their training plan now."""
    courses: list[Course] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    linked: dict[str, str] = field(default_factory=dict)
    """Candidate -> the application that is theirs, as the ATS calls it."""
    timeline: list[TimelineEntry] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    outages: dict[str, int] = field(default_factory=dict)
    """Vendor -> how often its circuit went from closed to open."""
    merges: dict[str, str] = field(default_factory=dict)
    """Merge or question -> its status."""
    undeliverable: list[str] = field(default_factory=list)
    """Who could not be written to, once for each letter."""
    answered: list[str] = field(default_factory=list)
    """Employees whose answer to a month's survey is on record, once for each."""
    cards: list[str] = field(default_factory=list)
    """Employees whom the nightly scan looks at."""

    def qualifies(self, candidate_id: str) -> bool:
        """Whether they met the pass score."""
        record = self.journeys.get(candidate_id)
        return record is not None and any(one.stage is Stage.QUALIFIED for one in record.journey.stages)

    def reached(self, stage: Stage) -> set[str]:
        """Everybody who was at this stage."""
        return {
            candidate_id
            for candidate_id, record in self.journeys.items()
            if any(entry.stage is stage for entry in record.journey.stages)
        }

    def told_the_ats(self) -> list[TimelineEntry]:
        """The events the ATS must hear of: every decision, and where a candidate stood when their application was
        found.
        """
        return [
            entry
            for entry in self.timeline
            if (entry.name in TOLD_THE_ATS and _decides(entry))
            or (entry.name == EventName.CANDIDATE_MERGED and self._had_been_decided_on(entry))
        ]

    def _had_been_decided_on(self, merged: TimelineEntry) -> bool:
        found = self.journeys.get(merged.candidate_id)
        of_an_application = str(merged.data["other"]).startswith("app_")
        return of_an_application and any(
            entry.stage not in OURS_ALONE and entry.entered_at <= merged.at
            for entry in (found.journey.stages if found else ())
        )

    def facts(self, kind: FactKind) -> list[tuple[str, str]]:
        """``(candidate, what it was about)`` of every fact of a kind that moved a journey."""
        return [
            (candidate_id, key.partition(":")[2])
            for candidate_id, record in self.journeys.items()
            for key in record.journey.applied
            if key.partition(":")[0] == kind
        ]


def _decides(entry: TimelineEntry) -> bool:
    """Who does not qualify, who is rejected for their interview, and who waits for a person is told by another event of
    the same write.
    """
    data = entry.data
    if entry.name == EventName.CANDIDATE_PROFILED:
        return data["qualifies"] and not data.get("review")
    return (data.get("about"), data.get("decision")) != (Review.INTERVIEW, "reject")


def read(items: Sequence[Mapping[str, Any]]) -> Record:
    """The record in the items of a scan, as DynamoDB gives them."""
    record = Record()
    for raw in items:
        item = from_item(raw)
        kind, _, owner = item["pk"].partition("#")
        name, _, rest = item["sk"].partition("#")
        if kind == "CARDS":
            record.cards.append(item["sk"])
        reader = _READERS.get((kind, name))
        if reader:
            reader(record, item, owner, rest)
    return record


def _journey(record: Record, item: Item, owner: str, rest: str) -> None:
    # JOURNEY#ALIAS is a merged source's
    if not rest:
        record.journeys[owner] = from_journey_item(item)
    elif rest == "APPLICATION" and item["application_id"]:
        record.linked[owner] = item["external_id"]


def _offer(record: Record, item: Item, owner: str, _: str) -> None:
    record.offers[owner] = item.get("envelope_id")


def _assessment(record: Record, item: Item, owner: str, _: str) -> None:
    record.assessments[owner] = (item["assessment_id"], "result" in item)


def _event(record: Record, item: Item, owner: str, rest: str) -> None:
    at, _, event_id = rest.partition("#")
    entry = TimelineEntry(owner, event_id, item["type"], from_instant(at), json.loads(item["data"]))
    record.timeline.append(entry)


def _letter(record: Record, item: Item, owner: str, rest: str) -> None:
    if item.get("undeliverable"):
        # Nobody was written to: they gave no address, and HR was told.
        record.undeliverable.append(owner)
        return
    record.letters.append(Letter(owner, rest.partition("#")[0], item.get("message_id")))


def _employee(record: Record, _item: Item, owner: str, _: str) -> None:
    record.employees.add(owner)


def _training(record: Record, item: Item, owner: str, rest: str) -> None:
    if rest == "PLAN":
        # A draft is nobody's yet.
        if item["status"] == PlanStatus.ASSIGNED:
            items = json.loads(item["items"])
            record.plans[owner] = tuple(item_id for item_id, *_, removed_by in items if removed_by is None)
        return
    record.courses.append(
        Course(
            employee_id=owner,
            item_id=rest.removeprefix("COURSE#"),
            enrolment_id=item["enrolment_id"],
            completion=_told(item, "completion"),
            exam=_told(item, "exam"),
            reviewed="review" in item,
        )
    )


def _application(record: Record, item: Item, _owner: str, _: str) -> None:
    owner = item.get("candidate_id") or None
    record.applications.append(Application(item["external_id"], item.get("status"), owner))


def _delivery(record: Record, item: Item, owner: str, _: str) -> None:
    status = item["gsi1pk"].partition("#")[2]
    reason = item.get("reason") or None
    record.deliveries.append(Delivery(owner, item["vendor"], status, item["verdict"], reason))


def _circuit(record: Record, item: Item, owner: str, _: str) -> None:
    record.outages[owner] = int(item.get("outages", 0))


def _merge(record: Record, item: Item, owner: str, _: str) -> None:
    record.merges[owner] = item["gsi1pk"].partition("#")[2]


def _answer(record: Record, _item: Item, owner: str, _: str) -> None:
    record.answered.append(owner)


def _told(item: Item, name: str) -> Decimal | None:
    return Decimal(item[name][0]) if name in item else None


_Reader = Callable[[Record, Item, str, str], None]
_READERS: Final[Mapping[tuple[str, str], _Reader]] = {
    ("CANDIDATE", "JOURNEY"): _journey,
    ("CANDIDATE", "OFFER"): _offer,
    ("CANDIDATE", "ASSESSMENT"): _assessment,
    ("CANDIDATE", "EVENT"): _event,
    ("CANDIDATE", "NOTICE"): _letter,
    ("EMPLOYEE", "EMPLOYEE"): _employee,
    ("EMPLOYEE", "TRAINING"): _training,
    ("EMPLOYEE", "NOTICE"): _letter,
    ("ANSWERS", "SURVEY"): _answer,
    ("APPLICATION", "APPLICATION"): _application,
    ("DELIVERY", "DELIVERY"): _delivery,
    ("VENDOR", "CIRCUIT"): _circuit,
    ("MERGE", "MERGE"): _merge,
}
"""By the first part of each key."""
