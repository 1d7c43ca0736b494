"""One tenant's training on a table in memory, and an LMS that may refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from functions.training.enrolment import enrol
from rencai.employees.store.performances import Performances
from rencai.hiring.rules.documents import ONBOARDING_KIT, OnboardingKit
from rencai.inbox.links import Links
from rencai.kernel import ids
from rencai.kernel.configuration import Kind
from rencai.kernel.events import EventName
from rencai.training.planning import Training
from rencai.training.rules.plan import TrainingPlan
from rencai.training.store.enrolments import Enrolments
from rencai.training.store.plans import TrainingPlans
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.training.training_builders import (
    CATALOGUE,
    POLICY,
    RULES,
    STARTS_ON,
    ZONE,
    KnownConfigurations,
    MemoryTable,
    OpenVault,
    RefusingLms,
    fact,
    learner,
    local,
    rate,
)

CLEARED_AT = local(16, month=2)
"""Fourteen days before the first day of work."""
NEGOTIATOR = learner(("negotiation", 70))
EXAM_WARNING = ids.warning_id(EMPLOYEE, "negotiation", "exam")


@dataclass
class Office:
    """One tenant's training."""

    table: MemoryTable = field(default_factory=MemoryTable)
    lms: RefusingLms = field(default_factory=RefusingLms)

    def __post_init__(self) -> None:
        self.configurations = KnownConfigurations(
            course_catalogue=[CATALOGUE],
            training_rules=[RULES],
            probation_policy=[POLICY],
            onboarding_kit=[OnboardingKit(everyone=())],
        )
        vault = OpenVault()
        self.plans = TrainingPlans(self.table, vault)
        self.performances = Performances(self.table)
        self.enrolments = Enrolments(self.table, vault, Links(self.table), rate, IDS)
        self.training = Training(
            self.plans,
            self.performances,
            self.configurations,
            ZONE,
            lambda: self.configurations.latest(ONBOARDING_KIT).document.starts_after_days,
            IDS,
        )

    def assigned(self) -> TrainingPlan:
        """The plan of who has to learn negotiating; enrolled, and nothing learnt so far."""
        plan = self.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
        self.enrols()
        self.table.told.clear()
        return plan

    def enrols(self, now: datetime = CLEARED_AT) -> None:
        enrol(EMPLOYEE, plans=self.plans, enrolments=self.enrolments, lms=self.lms, now=now)

    def tells(
        self, item_id: str, at: datetime, percent: Any = None, exam: Any = None, review: str | None = None
    ) -> None:
        self.enrolments.progress(fact(item_id, at, percent, exam, review), at)

    def warned(self) -> TrainingPlan:
        """HR has one open warning: the exam."""
        self.assigned()
        self.tells("negotiation", local(3), 10, 60)
        self.training.review(EMPLOYEE, local(3))
        self.table.told.clear()
        return self.plan()

    def decides(self, *proposals: str, reason: str | None = None, actor: str = "hr:1") -> None:
        self.training.decide(EMPLOYEE, EXAM_WARNING, proposals, reason, actor, local(4))

    def reviews(self, now: datetime) -> TrainingPlan | None:
        return self.training.review(EMPLOYEE, now)

    def edits(self, kind: Kind[Any], document: BaseModel) -> None:
        self.configurations.documents[kind.name].append(document)

    def plan(self) -> TrainingPlan:
        return self.plans.get(EMPLOYEE).plan

    def unchanged(self, act: Callable[[], object]) -> None:
        """Holds that nothing is written, nor told."""
        writes, told = self.table.writes, list(self.table.told)
        act()
        assert (self.table.writes, self.table.told) == (writes, told)

    def note(self) -> str | None:
        """Of the decision about the warning."""
        decision = self.plan().warnings[0].decision
        return decision.note if decision else None

    def why(self) -> str | None:
        note = self.note()
        return self.plans.explanation(EMPLOYEE, note) if note else None

    def changed_items(self) -> list[tuple[str, str]]:
        return [
            (data["change"], data["item_id"])
            for _, name, data in self.table.told
            if name == EventName.PLAN_CHANGED
        ]


def current(plan: TrainingPlan) -> list[str]:
    return [one.item_id for one in plan.current]
