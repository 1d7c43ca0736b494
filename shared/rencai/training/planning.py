"""Training plans made, assigned, reviewed, decided about and added to (C1, C3-C5, F5): what several triggers share."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rencai.interviews.rules.profile import Profile
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import EventName
from rencai.kernel.ids import Ids
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.store.configurations import Configurations, Versioned
from rencai.store.table import decided
from rencai.training.rules.plan import (
    Calendar,
    Change,
    Gap,
    Learner,
    PlanStatus,
    TrainingPlan,
    begun_on,
    make_plan,
)
from rencai.training.rules.review import decide, rescheduled, review_plan, support
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.training.store.plans import Scored, TrainingFile, TrainingPlans

if TYPE_CHECKING:
    from rencai.employees.rules.employee import Employee
    from rencai.employees.store.performances import Performances
    from rencai.training.rules.probation import ProbationPolicy, ProbationScore
    from rencai.training.rules.rules import Course

_REVIEWS: Final = 5
"""How often a review looks again before it leaves the rest to the next try."""


def gaps_of(profile: Profile) -> tuple[Gap, ...]:
    """The areas to improve (待提升方向) of a profile, with their scores."""
    return tuple(
        Gap(one.id, one.score)
        for one in profile.competencies
        if one.id in profile.improve and one.score is not None
    )


def courses_of(plan: TrainingPlan, configurations: Configurations) -> "Mapping[str, Course]":
    """A plan's courses by item id, removed ones too, each as the catalogue had it that brought it."""
    return {
        item.item_id: configurations.of_version(
            COURSE_CATALOGUE, item.catalogue_version or plan.catalogue_version
        ).document.courses[item.course_id]
        for item in plan.items
    }


def _not_before(file: TrainingFile, now: datetime) -> datetime:
    """``now``, or the plan's last write if that is later: what is decided again must not turn back the clock."""
    return max(now, file.updated_at) if file.updated_at else now


@dataclass(frozen=True, slots=True)
class Training:
    """The use cases around a plan. A lost race is decided again, once, on a fresh read.

    ``starts_after_days``: calendar days from clearance to the first day of work.
    """

    plans: TrainingPlans
    performances: "Performances"
    configurations: Configurations
    zone: ZoneInfo
    starts_after_days: Callable[[], int]
    ids: Ids

    def first_day(self, now: datetime, said: date | None = None) -> date:
        """The first day of work of who is cleared ``now``: the day HR has ``said``, unless that is over; else a working
        day after the days of grace.
        """
        if said and said >= now.astimezone(self.zone).date():
            return said
        day = (now.astimezone(self.zone) + timedelta(days=self.starts_after_days())).date()
        return self.configurations.latest(WORK_CALENDAR).document.on_or_after(day)

    def draft(self, learner: Learner, now: datetime, said: date | None = None) -> TrainingPlan:
        """The plan a candidate can expect; drafted again when another interview counts, or HR has ``said`` another
        first day. An assigned one stays.
        """
        return self._made(learner, self.first_day(now, said), PlanStatus.DRAFT, now)

    def assign(self, learner: Learner, starts_on: date, now: datetime) -> TrainingPlan:
        """The plan as it is at onboarding, by the rules of the day; it is made once, and stays."""
        return self._made(learner, starts_on, PlanStatus.ASSIGNED, now)

    def review(self, employee_id: str, now: datetime) -> TrainingPlan | None:
        """Adapt the plan to what is known by ``now``, warn, and score the probation. None: no plan was assigned."""
        return decided(lambda: self._review(employee_id, now))

    def follow(self, employee_id: str, starts_on: date, actor: str, now: datetime) -> bool:
        """Have the plan begin on the employee's first day, which has become another; False: no plan is assigned. Once
        the probation is over it stays as it is: its score is final by the days it was made of.
        """
        return decided(lambda: self._follow(employee_id, starts_on, actor, now))

    def decide(
        self,
        employee_id: str,
        warning_id: str,
        proposals: Sequence[str],
        reason: str | None,
        actor: str,
        now: datetime,
    ) -> None:
        """HR's decision about a warning; see ``review.decide`` for what it raises, and ``NotFound``."""
        decided(lambda: self._decide(employee_id, warning_id, proposals, reason, actor, now))

    def support(
        self,
        employee: "Employee",
        courses: Collection[str],
        intervention: str,
        due_on: date,
        actor: str,
        now: datetime,
    ) -> bool:
        """Add to the plan what an intervention brings, see ``review.support``; who has none gets one of nothing
        else. False: the plan is a draft, and may be added to once it is assigned. Raises ``NotFound`` for a course that
        the catalogue does not have.
        """
        return decided(lambda: self._support(employee, courses, intervention, due_on, actor, now))

    def score(self, file: TrainingFile, now: datetime) -> "tuple[ProbationScore, Versioned[ProbationPolicy]]":
        """The probation score with its trace, and the policy it is by; once it is final, as it was then."""
        # Whoever makes a plan scores nobody, and its models cost at cold start.
        from rencai.training.rules.probation import PROBATION_POLICY, probation_score

        final = file.scored if file.scored and file.scored.final else None
        catalogue = self.configurations.of_version(COURSE_CATALOGUE, file.plan.catalogue_version).document
        weights = {course_id: course.weight for course_id, course in catalogue.courses.items()}
        policy = self.configurations.of_version(PROBATION_POLICY, final.policy_version if final else None)
        performances = self.performances.of(file.plan.employee_id)
        score = probation_score(file.plan, file.enrolments, weights, performances, policy.document, now)
        if final:
            # Its parts go on showing what is known.
            score = replace(score, score=final.score, coverage=final.coverage)
        return score, policy

    def calendar(self) -> Calendar:
        """The tenant's working days in its time zone."""
        return Calendar(self.configurations.latest(WORK_CALENDAR).document, self.zone)

    def _made(self, learner: Learner, starts_on: date, status: PlanStatus, now: datetime) -> TrainingPlan:
        """The plan there is, or one made anew. Mostly there is none, and the write finds out whether there is: so what
        is there is looked at for half the price, and decides nothing but a write.
        """
        return decided(
            lambda: self._make(learner, starts_on, status, now, consistent=False),
            lambda: self._make(learner, starts_on, status, now, consistent=True),
        )

    def _make(
        self, learner: Learner, starts_on: date, status: PlanStatus, now: datetime, *, consistent: bool
    ) -> TrainingPlan:
        """Raises ``LostRace`` also where there is nothing to write, unless what is there was read consistently."""
        file = self.plans.find(learner.employee_id, consistent=consistent)
        before = file.plan if file else None
        if before and before.status is PlanStatus.ASSIGNED:
            if not consistent:
                raise LostRace
            return before
        rules = self.configurations.latest(TRAINING_RULES)
        catalogue = self.configurations.latest(COURSE_CATALOGUE)
        plan = make_plan(
            learner, rules.document, (rules.version, catalogue.version), starts_on, status, self.calendar()
        )
        plan = replace(plan, version=before.version if before else 0)
        if plan == before:
            if not consistent:
                raise LostRace
            return plan
        # The two are edited apart. A rule that may one day bring a course nobody knows must not make a plan today.
        unknown = sorted(rules.document.courses() - catalogue.document.courses.keys())
        if unknown:
            if not consistent:
                raise LostRace
            raise NotFound("course", unknown[0])
        assigned = status is PlanStatus.ASSIGNED
        told = Change(EventName.PLAN_ASSIGNED, {"role": plan.role, "items": len(plan.items)})
        next_review = min((item.due_at for item in plan.items), default=None) if assigned else None
        self.plans.save(plan, [told] if assigned else [], None, next_review, now)
        return plan

    def _review(self, employee_id: str, now: datetime) -> TrainingPlan | None:
        # Until nothing comes of it: what was read may have been overtaken while it was thought about, and a review
        # that found nothing to write would not have been in the way of this one's write.
        for _ in range(_REVIEWS):
            file = self.plans.find(employee_id)
            if file is None or file.plan.status is PlanStatus.DRAFT:
                return None
            if not self._save(file, file.plan, (), _not_before(file, now)):
                return file.plan
        raise LostRace

    def _follow(self, employee_id: str, starts_on: date, actor: str, now: datetime) -> bool:
        file = self.plans.find(employee_id)
        if file is None or file.plan.status is PlanStatus.DRAFT:
            return False
        if (file.scored and file.scored.final) or file.plan.starts_on == starts_on:
            return True
        rules = self.configurations.of_version(TRAINING_RULES, file.plan.rules_version).document
        plan = begun_on(file.plan, rules, starts_on, self.calendar())
        self._save(file, plan, rescheduled(file.plan, plan, actor), _not_before(file, now))
        return True

    def _decide(
        self,
        employee_id: str,
        warning_id: str,
        proposals: Sequence[str],
        reason: str | None,
        actor: str,
        now: datetime,
    ) -> None:
        file = self.plans.get(employee_id)
        rules = self.configurations.of_version(TRAINING_RULES, file.plan.rules_version).document
        now = _not_before(file, now)
        # About what is known now: the review of the latest progress may still be in its queue.
        known = review_plan(file.plan, file.enrolments, rules, self.calendar(), now)
        note = self.ids.note_id(warning_id, str(file.plan.version), actor, reason) if reason else None
        plan, changes = decide(
            known.plan, file.enrolments, warning_id, proposals, rules, self.calendar(), actor, now, note=note
        )
        if not changes:
            return
        if reason and note:
            self.plans.explain(employee_id, note, reason, now)
        self._save(file, plan, (*known.changes, *changes), now)

    def _support(
        self,
        employee: "Employee",
        courses: Collection[str],
        intervention: str,
        due_on: date,
        actor: str,
        now: datetime,
    ) -> bool:
        file = self.plans.find(employee.employee_id)
        if file and file.plan.status is PlanStatus.DRAFT:
            return False
        catalogue = self.configurations.latest(COURSE_CATALOGUE)
        unknown = sorted(set(courses) - catalogue.document.courses.keys())
        if unknown:
            raise NotFound("course", unknown[0])
        has_none = file is None
        file = file or self._empty(employee, catalogue.version, now)
        rules = self.configurations.of_version(TRAINING_RULES, file.plan.rules_version).document
        now = _not_before(file, now)
        # A rule may have taken a course out, or brought it, that the plan does not tell of yet.
        known = review_plan(file.plan, file.enrolments, rules, self.calendar(), now)
        plan, changes = support(
            known.plan, courses, intervention, due_on, catalogue.version, self.calendar(), actor, now
        )
        if not changes:
            return True
        made = Change(EventName.PLAN_ASSIGNED, {"role": plan.role, "items": len(plan.items)}, actor)
        self._save(file, plan, (*([made] if has_none else []), *known.changes, *changes), now)
        return True

    def _empty(self, employee: "Employee", catalogue_version: int, now: datetime) -> TrainingFile:
        """The plan of who came from another system. A probation that was over before is not scored now."""
        plan = TrainingPlan(
            employee_id=employee.employee_id,
            role=employee.role,
            profile_of=employee.profile_of or "",
            style=None,
            status=PlanStatus.ASSIGNED,
            starts_on=employee.starts_on,
            rules_version=self.configurations.latest(TRAINING_RULES).version,
            catalogue_version=catalogue_version,
            items=(),
        )
        file = TrainingFile(plan, {}, None)
        scored, _ = self._scored(file, now)
        over = scored is not None and scored.final
        return replace(
            file, scored=replace(scored, score=None, coverage=Decimal(0)) if scored and over else None
        )

    def _save(self, file: TrainingFile, plan: TrainingPlan, changes: Sequence[Change], now: datetime) -> bool:
        """Write what a review makes of ``plan``; False when that is what there was, and nothing is to be told."""
        rules = self.configurations.of_version(TRAINING_RULES, plan.rules_version).document
        reviewed = review_plan(plan, file.enrolments, rules, self.calendar(), now)
        scored, over_at = self._scored(replace(file, plan=reviewed.plan), now)
        told = [*changes, *reviewed.changes]
        if scored is not None and scored != file.scored and (scored.score is not None or file.scored):
            data = {
                "score": float(scored.score) if scored.score is not None else None,
                "coverage": float(scored.coverage),
                "policy_version": scored.policy_version,
            }
            told.append(Change(EventName.PROBATION_SCORED, data))
        # A due date, or the end of the probation, which makes its score final.
        next_review = min((at for at in (reviewed.next_review_at, over_at) if at), default=None)
        same = reviewed.plan == file.plan and scored == file.scored and next_review == file.next_review_at
        if same and not told:
            return False
        self.plans.save(reviewed.plan, told, scored, next_review, now)
        return True

    def _scored(self, file: TrainingFile, now: datetime) -> tuple[Scored | None, datetime | None]:
        """The score as it is to be kept, and when the probation will be over (None: it is)."""
        if file.scored and file.scored.final:
            return file.scored, None
        score, policy = self.score(file, now)
        over_at = self.calendar().begins(score.ends_on + timedelta(days=1))
        final = now >= over_at
        if score.score is None and file.scored is None and not final:
            return None, over_at
        return Scored(score.score, score.coverage, policy.version, final), None if final else over_at
