"""A training plan as it is shown. Imported by the routes that show one: rules and courses cost at cold start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from rencai.platform.api import NamedView
from rencai.training.desk import PlanAsMade, WholePlan
from rencai.training.rules.plan import Gap, PlanItem, Reason, ReasonKind, Warned, WarningStatus
from rencai.training.rules.review import measured
from rencai.training.rules.rules import CourseKind
from rencai.training.rules.wording import item_status, next_step, next_step_text, support_text

from .ratings import shown_asked, shown_rating, shown_reading
from .views import (
    DecisionView,
    GapView,
    MadeByView,
    NextStepView,
    PlanItemView,
    ProposalView,
    ReasonView,
    TrainingPlanView,
    TrainingWarningView,
    UnansweredView,
)

_AT_THE_BEGINNING: Final = (ReasonKind.REQUIRED, ReasonKind.GAP)
_WITH_MATERIALS: Final = (CourseKind.ONLINE, CourseKind.MATERIAL)


@dataclass(frozen=True, slots=True)
class PlanPresenter:
    """Shows one employee's plan in ``language``."""

    made: PlanAsMade
    language: str

    def whole(self, known: WholePlan) -> TrainingPlanView:
        """The whole plan; ``known`` is what is known of ``made``."""
        plan = self.made.file.plan
        names = {id_: name.text(self.language) for id_, name in known.competencies.items()}
        items = sorted(plan.items, key=lambda item: (item.starts_on, item.due_at))
        warnings = sorted(
            plan.warnings, key=lambda one: (one.status is not WarningStatus.OPEN, one.raised_at)
        )
        return TrainingPlanView(
            employee_id=plan.employee_id,
            status=plan.status,
            role=plan.role,
            learning_style=plan.style,
            starts_on=plan.starts_on,
            time_zone=known.zone.key,
            made_by=MadeByView(rules_version=plan.rules_version, catalogue_version=plan.catalogue_version),
            items=[self._item(item, names, known.reviews.get(item.item_id), known.now) for item in items],
            unanswered=[UnansweredView(competency=_gap(gap, names)) for gap in plan.unanswered],
            warnings=[self._warning(warned, known.notes) for warned in warnings],
            next_step=self._next_step(known.now, known.zone),
        )

    def open_warnings(self) -> list[TrainingWarningView]:
        """The warnings that wait for a decision."""
        return [self._warning(warned, {}) for warned in self.made.open_warnings]

    def why(self, kind: str, rule: str) -> str:
        """What a rule, a proposal or an intervention says of the courses it brings or takes."""
        if kind == ReasonKind.SUPPORT:
            return support_text(self.language)
        return self.made.rules.why(rule).text(self.language)

    def why_assigned(self) -> str:
        """What the rules that made the plan say, a line each; what came later has an entry of its own."""
        reasons = (
            (reason.kind, reason.rule)
            for item in self.made.file.plan.items
            for reason in item.reasons
            if reason.kind in _AT_THE_BEGINNING
        )
        said = {rule: self.why(kind, rule) for kind, rule in reasons}
        return "\n".join(said.values())

    def _item(
        self, item: PlanItem, names: Mapping[str, str], review: str | None, now: datetime
    ) -> PlanItemView:
        course = self.made.courses[item.item_id]
        plan, enrolment = self.made.file.plan, self.made.file.enrolments.get(item.item_id)
        told = (enrolment.completion, enrolment.exam, enrolment.review, enrolment.mark) if enrolment else ()
        forms = self.made.rules.learning_styles.get(plan.style, ()) if plan.style else ()
        return PlanItemView(
            item_id=item.item_id,
            course_id=item.course_id,
            name=course.name.text(self.language),
            kind=course.kind,
            lessons=course.lessons,
            days=course.days,
            sessions_per_week=course.sessions_per_week,
            about=course.about.text(self.language) if course.about else None,
            materials=[
                NamedView(id=form.id, name=form.name.text(self.language))
                for form in forms
                if course.kind in _WITH_MATERIALS
            ],
            reasons=[self._reason(reason, names) for reason in item.reasons],
            starts_on=item.starts_on,
            due_on=item.due_on,
            due_at=item.due_at,
            status=item_status(plan, item, enrolment, now),
            removed_by=item.removed_by,
            completion_percent=enrolment.completion_percent if enrolment else None,
            exam_score=enrolment.exam_score if enrolment else None,
            mentor_review=review,
            mentor_rating=shown_rating(enrolment.rating if enrolment else None),
            mentor_reading=shown_reading(enrolment.reading if enrolment else None, review),
            mentor_asked=shown_asked(enrolment.asked if enrolment else None),
            enrolled=enrolment is not None,
            told_at=max((one.at.astimezone(UTC) for one in told if one), default=None),
        )

    def _reason(self, reason: Reason, names: Mapping[str, str]) -> ReasonView:
        gap = None
        if reason.competency is not None and reason.score is not None:
            gap = _gap(Gap(reason.competency, reason.score), names)
        return ReasonView(
            kind=reason.kind,
            rule=reason.rule,
            why=self.why(reason.kind, reason.rule),
            competency=gap,
            about=reason.about,
        )

    def _warning(self, warned: Warned, notes: Mapping[str, str | None]) -> TrainingWarningView:
        plan = self.made.file.plan
        course_id = next(item.course_id for item in plan.items if item.item_id == warned.item_id)
        value, threshold = measured(
            self.made.file.enrolments.get(warned.item_id), warned.cause, self.made.rules.warnings
        )
        decided = warned.decision
        return TrainingWarningView(
            warning_id=warned.warning_id,
            item_id=warned.item_id,
            course_id=course_id,
            name=self.made.courses[warned.item_id].name.text(self.language),
            cause=warned.cause,
            value=value,
            threshold=threshold,
            raised_at=warned.raised_at,
            times=warned.times,
            status=warned.status,
            proposals=[
                ProposalView(id=one.id, name=one.name.text(self.language), course_id=one.add.course)
                for one in self.made.rules.warnings.made_for(course_id, warned.cause)
            ],
            decision=DecisionView(
                accepted=decided.accepted,
                proposals=list(decided.proposals),
                reason=notes.get(decided.note) if decided.note else None,
                actor=decided.actor,
                at=decided.at,
            )
            if decided
            else None,
            cleared_at=warned.cleared_at,
        )

    def _next_step(self, now: datetime, zone: ZoneInfo) -> NextStepView | None:
        step = next_step(self.made.file.plan, self.made.file.enrolments, now, zone)
        if step is None:
            return None
        course = self.made.courses[step.item.item_id]
        return NextStepView(
            text=next_step_text(step, course, self.language, now, zone),
            course_id=step.item.course_id,
            starts_on=step.item.starts_on,
        )


def _gap(gap: Gap, names: Mapping[str, str]) -> GapView:
    return GapView(id=gap.competency, name=names.get(gap.competency, gap.competency), score=gap.score)
