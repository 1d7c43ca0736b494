"""What HR configures of training: the courses there are, and the rules that make and change a plan."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from rencai.interviews.rules.learning_style import LearningStyle
from rencai.kernel.configuration import Kind
from rencai.kernel.texts import IDENTIFIER, LocalizedText, Slug
from rencai.kernel.wording import wrong

from .courses import MARK_STEP, Cause
from .refusals import TrainingDocumentRefusal

CourseId = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
"""The learning platform's id of a course: letters, digits, dots, underscores and hyphens."""
WorkingDays = Annotated[int, Field(ge=0, le=250)]
_Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class CourseKind(StrEnum):
    """How a course is taken."""

    ONLINE = "online"
    WORKSHOP = "workshop"
    MENTORING = "mentoring"
    COACHING = "coaching"
    MATERIAL = "material"


class Course(BaseModel):
    """A course of the catalogue: ``lessons`` of an online one, ``days`` of one that is attended, ``sessions_per_week``
    of one with a mentor. ``weight`` is what it counts beside the others of a plan.
    """

    model_config = _Config

    name: LocalizedText
    kind: CourseKind
    lessons: Annotated[int | None, Field(ge=1, le=500)] = None
    days: Annotated[Decimal | None, Field(gt=0, le=100)] = None
    sessions_per_week: Annotated[int | None, Field(ge=1, le=7)] = None
    about: LocalizedText | None = None
    weight: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.kind is not CourseKind.MATERIAL and not (self.lessons or self.days or self.sessions_per_week):
            raise wrong(TrainingDocumentRefusal.COURSE_LENGTH)
        return self


class CourseCatalogue(BaseModel):
    """Every course a rule may name, by the learning platform's id."""

    model_config = _Config

    courses: Annotated[dict[CourseId, Course], Field(min_length=1, max_length=1000)]


COURSE_CATALOGUE: Final = Kind("course_catalogue", CourseCatalogue)


class Assignment(BaseModel):
    """A course to be added to a plan; both are working days, from the day that the plan or the change begins."""

    model_config = _Config

    course: CourseId
    starts_after_days: WorkingDays = 0
    due_after_days: WorkingDays

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.due_after_days < self.starts_after_days:
            raise wrong(TrainingDocumentRefusal.DUE_BEFORE_START)
        return self


class RequiredRule(BaseModel):
    """Courses that everyone takes, or everyone in ``roles``."""

    model_config = _Config

    id: Slug
    roles: tuple[Slug, ...] = ()
    add: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]
    why: LocalizedText


class GapRule(BaseModel):
    """Courses for who has a competency among the areas to improve; ``at_most``: and scored no more than that."""

    model_config = _Config

    id: Slug
    competency: Slug
    roles: tuple[Slug, ...] = ()
    at_most: _Percent | None = None
    add: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]
    why: LocalizedText


class ProgressRule(BaseModel):
    """What is added and removed once a course has come so far (C5); ``styles``: for these learners only."""

    model_config = _Config

    id: Slug
    course: CourseId
    completion_at_least: Annotated[int, Field(ge=MARK_STEP, le=100, multiple_of=MARK_STEP)]
    roles: tuple[Slug, ...] = ()
    styles: tuple[LearningStyle, ...] = ()
    add: Annotated[tuple[Assignment, ...], Field(max_length=20)] = ()
    remove: Annotated[tuple[CourseId, ...], Field(max_length=20)] = ()
    why: LocalizedText

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.add and not self.remove:
            raise wrong(TrainingDocumentRefusal.RULE_DOES_NOTHING)
        if self.course in {*self.remove, *(one.course for one in self.add)}:
            raise wrong(TrainingDocumentRefusal.RULE_OF_ITS_OWN_COURSE)
        return self


class Proposal(BaseModel):
    """What HR may do about a warning; ``courses``: about these only."""

    model_config = _Config

    id: Slug
    name: LocalizedText
    causes: Annotated[tuple[Cause, ...], Field(min_length=1)] = (Cause.COMPLETION, Cause.EXAM)
    courses: tuple[CourseId, ...] = ()
    add: Assignment

    def answers(self, course_id: str, cause: Cause) -> bool:
        """Whether it is proposed for a warning of ``course_id`` by ``cause``."""
        return cause in self.causes and (not self.courses or course_id in self.courses)


class WarningRules(BaseModel):
    """When HR is warned, and what is proposed."""

    model_config = _Config

    completion_below: _Percent = Decimal(80)
    exam_below: _Percent = Decimal(70)
    proposals: Annotated[tuple[Proposal, ...], Field(min_length=1, max_length=50)]

    def made_for(self, course_id: str, cause: Cause) -> tuple[Proposal, ...]:
        """What is proposed for a warning of ``course_id`` by ``cause``."""
        return tuple(one for one in self.proposals if one.answers(course_id, cause))


class MaterialForm(BaseModel):
    """A form in which a course's material comes."""

    model_config = _Config

    id: Slug
    name: LocalizedText


class TrainingRules(BaseModel):
    """How plans are made (C1), warned about (C4) and changed (C5)."""

    model_config = _Config

    required: tuple[RequiredRule, ...] = ()
    gaps: tuple[GapRule, ...] = ()
    progress: tuple[ProgressRule, ...] = ()
    warnings: WarningRules
    learning_styles: dict[LearningStyle, Annotated[tuple[MaterialForm, ...], Field(min_length=1)]] = {}

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [
            *(rule.id for rule in self.required),
            *(rule.id for rule in self.gaps),
            *(rule.id for rule in self.progress),
            *(proposal.id for proposal in self.warnings.proposals),
        ]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise wrong(TrainingDocumentRefusal.RULE_ID_REPEATED, twice=twice)
        return self

    def why(self, rule: str) -> LocalizedText:
        """What a rule, or a proposal, says of the courses it brings; raises ``KeyError`` for none of ours."""
        says = {
            **{required.id: required.why for required in self.required},
            **{gap.id: gap.why for gap in self.gaps},
            **{progress.id: progress.why for progress in self.progress},
            **{proposal.id: proposal.name for proposal in self.warnings.proposals},
        }
        return says[rule]

    def named_courses(self) -> Iterator[tuple[str, str]]:
        """What names a course, and the course: ``("gap rule 'negotiation'", "fmcg-negotiation")``; a pair once."""
        named: dict[tuple[str, str], None] = {}
        for required in self.required:
            named |= {(f"required rule '{required.id}'", one.course): None for one in required.add}
        for gap in self.gaps:
            named |= {(f"gap rule '{gap.id}'", one.course): None for one in gap.add}
        for progress in self.progress:
            courses = (progress.course, *(one.course for one in progress.add), *progress.remove)
            named |= {(f"progress rule '{progress.id}'", course): None for course in courses}
        for proposal in self.warnings.proposals:
            courses = (proposal.add.course, *proposal.courses)
            named |= {(f"proposal '{proposal.id}'", course): None for course in courses}
        return iter(named)

    def courses(self) -> frozenset[str]:
        """Every course that a rule names; the catalogue must have them."""
        return frozenset(course for _, course in self.named_courses())


TRAINING_RULES: Final = Kind("training_rules", TrainingRules)
