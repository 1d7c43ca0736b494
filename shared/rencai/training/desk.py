"""What HR reads of training plans and probations, and decides about warnings (C1, C3-C5)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import Employees
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel import ids
from rencai.kernel.errors import DomainError, NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.kernel.texts import LocalizedText
from rencai.store.configurations import Configurations, Versioned
from rencai.store.table import Item, from_instant
from rencai.store.timeline import Timeline
from rencai.training.planning import Training, courses_of
from rencai.training.rules.plan import PlanStatus, Warned, WarningStatus
from rencai.training.rules.probation import ProbationPolicy, ProbationScore
from rencai.training.rules.refusals import TrainingRefusal
from rencai.training.rules.review import proposals_for
from rencai.training.rules.rules import TRAINING_RULES, Course, TrainingRules
from rencai.training.store.enrolments import Enrolments
from rencai.training.store.plans import TrainingFile, TrainingPlans

_OF_THE_PLAN: Final = (EventName.PLAN_ASSIGNED, EventName.PLAN_CHANGED)


@dataclass(frozen=True, slots=True)
class PlanAsMade:
    """A plan, the rules that made it, and its courses by item id: each in the version that the plan names."""

    file: TrainingFile
    rules: TrainingRules
    courses: Mapping[str, Course]

    @property
    def open_warnings(self) -> list[Warned]:
        """Those that wait for a decision."""
        return [one for one in self.file.plan.warnings if one.status is WarningStatus.OPEN]

    def proposals(self, warning_id: str) -> list[str]:
        """Ids of all that was proposed for a warning; raises ``NotFound``."""
        for warned in self.file.plan.warnings:
            if warned.warning_id == warning_id:
                return list(proposals_for(self.file.plan, warned, self.rules))
        raise NotFound("warning", warning_id)


@dataclass(frozen=True, slots=True)
class WholePlan:
    """A plan with all that is known of it at ``now``: what the role's competencies are called, by id; the mentors'
    words by item id; why HR decided so, by note.
    """

    made: PlanAsMade
    competencies: Mapping[str, LocalizedText]
    reviews: Mapping[str, str]
    notes: Mapping[str, str | None]
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class WarnedEmployee:
    """An employee with open warnings; None: the file is not there (yet)."""

    made: PlanAsMade
    employee: Employee | None


@dataclass(frozen=True, slots=True)
class PastEvent:
    """Something that happened to an employee; of a decision ``data`` has the ``reason`` that was given."""

    at: datetime
    name: str
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """A page of an employee's events, oldest first, and the plan where some are about it."""

    events: list[PastEvent]
    made: PlanAsMade | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Probation:
    """A probation's score by what is known now, the policy it is by, and what of the plan belongs to its trace."""

    file: TrainingFile
    score: ProbationScore
    policy: Versioned[ProbationPolicy]
    courses: Mapping[str, Course]
    reviews: Mapping[str, str]
    ended: bool

    @property
    def final(self) -> bool:
        """Whether it was over, and stays as it was then."""
        return bool(self.file.scored and self.file.scored.final)


@dataclass(frozen=True, slots=True)
class TrainingDesk:
    """The use cases and their collaborators."""

    training: Training
    plans: TrainingPlans
    enrolments: Enrolments
    employees: Employees
    timeline: Timeline
    configurations: Configurations

    def plan_of_employee(self, employee_id: str, now: datetime) -> WholePlan:
        """An employee's plan; raises ``NotFound``, also of a draft."""
        file = self.plans.get(employee_id)
        if file.plan.status is PlanStatus.DRAFT:
            # Nobody's employee yet: the candidate's plan shows it.
            raise NotFound("training plan", employee_id)
        return self._whole(file, now)

    def plan_of_candidate(self, candidate_id: str, now: datetime) -> WholePlan:
        """A draft until onboarding, then what was assigned; raises ``NotFound``."""
        employee_id = ids.employee_id(candidate_id)
        ours = ids.candidate_of(employee_id) == candidate_id
        file = self.plans.find(employee_id) if ours else None
        if file is None:
            raise NotFound("training plan", candidate_id)
        return self._whole(file, now)

    def history(self, employee_id: str, limit: int, cursor: str | None) -> History:
        """A page of what happened; raises ``NotFound``, ``DomainError`` (BAD_CURSOR)."""
        if self.employees.get(employee_id) is None:
            raise NotFound("employee", employee_id)
        page = self.timeline.page(Subject(kind=SubjectKind.EMPLOYEE, id=employee_id), limit, cursor)
        of_the_plan = any(item["type"] in _OF_THE_PLAN for item in page.items)
        made = self._made(self.plans.get(employee_id)) if of_the_plan else None
        return History([self._event(employee_id, item) for item in page.items], made, page.next)

    def decide(
        self,
        employee_id: str,
        warning_id: str,
        *,
        accept: bool,
        proposals: Sequence[str] | None,
        reason: str | None,
        actor: str,
        now: datetime,
    ) -> WholePlan:
        """Accept some proposals or, where none are named, all that were made; or decline. The plan afterwards.

        Raises ``DomainError`` (PROPOSAL_UNKNOWN) when there is nothing to accept, and what ``Training.decide`` does.
        """
        accepted: Sequence[str] = ()
        if accept:
            accepted = proposals or self._made(self.plans.get(employee_id)).proposals(warning_id)
            if not accepted:
                # To accept nothing would be to decline.
                raise DomainError(TrainingRefusal.PROPOSAL_UNKNOWN, "decision", proposal="accept", known=())
        self.training.decide(employee_id, warning_id, accepted, reason, actor, now)
        return self._whole(self.plans.get(employee_id), now)

    def warned(self, limit: int, cursor: str | None) -> tuple[list[WarnedEmployee], str | None]:
        """A page of employees with open warnings, who has something due next first, and where to go on. It may hold
        fewer than ``limit`` and still have a next one: the list is a moment behind the plans.
        """
        # Some 0.5 read units for 20 of the list, then 2-4 for each employee: the plan with its courses, and the name.
        files, following = self.plans.warned(limit, cursor)
        found = [
            WarnedEmployee(made, self.employees.get(made.file.plan.employee_id))
            for made in map(self._made, files)
            if made.open_warnings
        ]
        return found, following

    def probation(self, employee_id: str, now: datetime) -> Probation:
        """The score with every part of it; raises ``NotFound``, also while the plan is a draft."""
        file = self.plans.find(employee_id)
        if file is None or file.plan.status is PlanStatus.DRAFT:
            raise NotFound("probation", employee_id)
        score, policy = self.training.score(file, now)
        reviews = self._reviews(file)
        return Probation(
            file=file,
            score=score,
            policy=policy,
            courses=courses_of(file.plan, self.configurations),
            reviews=reviews,
            ended=now.astimezone(self.training.zone).date() > score.ends_on,
        )

    def _made(self, file: TrainingFile) -> PlanAsMade:
        return plan_as_made(file, self.configurations)

    def _whole(self, file: TrainingFile, now: datetime) -> WholePlan:
        made = self._made(file)
        competencies = self._competencies(file.plan.role)
        reviews = self._reviews(file)
        notes = [warned.decision.note for warned in file.plan.warnings if warned.decision]
        return WholePlan(
            made=made,
            competencies=competencies,
            reviews=reviews,
            notes={note: self.plans.explanation(file.plan.employee_id, note) for note in notes if note},
            now=now,
            zone=self.training.zone,
        )

    def _competencies(self, role: str) -> Mapping[str, LocalizedText]:
        """What the role's competencies are called by id, as its model has them now."""
        try:
            model = self.configurations.latest(COMPETENCY_MODEL, role).document
        except NotFound:
            return {}
        return {id_: competency.name for id_, competency in model.competencies.items()}

    def _reviews(self, file: TrainingFile) -> Mapping[str, str]:
        """The mentors' words by item id; not read where there are none."""
        reviewed = any(enrolment.review for enrolment in file.enrolments.values())
        return self.enrolments.reviews(file.plan.employee_id) if reviewed else {}

    def _event(self, employee_id: str, item: Item) -> PastEvent:
        data = json.loads(item["data"])
        if item["type"] == EventName.TRAINING_WARNING_DECIDED:
            note = data.pop("note")
            data["reason"] = self.plans.explanation(employee_id, note) if note else None
        return PastEvent(from_instant(item["sk"].split("#")[1]), item["type"], item["actor"], data)


def plan_as_made(file: TrainingFile, configurations: Configurations) -> PlanAsMade:
    """A plan with the versions that it names."""
    rules = configurations.of_version(TRAINING_RULES, file.plan.rules_version).document
    return PlanAsMade(file, rules, courses_of(file.plan, configurations))
