"""What answers about training look like; words are in the caller's language."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from rencai.platform.api import NamedView, Request, Score, View


class GapView(NamedView):
    """An area to improve (待提升方向), and its score in the interview, 0-100."""

    score: int


class ReasonView(View):
    """Why a course is in the plan: the rule (of a warning the proposal, of support the intervention) and what it says.
    A gap's names the area to improve, a warning's the item it was about.
    """

    kind: str = Field(json_schema_extra={"enum": ["required", "gap", "progress", "warning", "support"]})
    rule: str
    why: str
    competency: GapView | None
    about: str | None


class ReaderView(View):
    """The versions of what a reader was made of, and the language model that helped it, if one did."""

    lexicon: int
    classifier: int
    words: int
    model: str | None


class ReadingView(View):
    """What the reader made of a mentor's words: a level, 1-5, by the ``phrase`` at ``start`` to ``end`` of them, with
    the ``certainty`` (0-1) that it is at most one level off. Where it is not ``sure`` it counts nothing.
    """

    level: int
    certainty: Score
    sure: bool
    phrase: str | None
    start: int
    end: int
    by: str = Field(json_schema_extra={"enum": ["lexicon", "classifier", "examples", "model"]})
    reader: ReaderView


class RatingView(View):
    """What a mentor's review counts, 0-100: ``by`` words that were read for sure (``certainty``, ``reader``), a
    ``rule`` of HR's own, HR, or the mentor's own mark by link. ``level`` 1-5 of the scale of the probation policy.
    """

    score: Score
    by: str = Field(json_schema_extra={"enum": ["words", "rule", "hr", "link"]})
    level: int | None
    rule: str | None
    certainty: Score | None
    reader: ReaderView | None


class RatingAnswerView(View):
    """What HR said of a review: a ``level``, 1-5, or null, it rates nothing."""

    level: int | None
    actor: str
    at: datetime


class RatingAskedView(View):
    """HR is asked what a review counts, since nothing read it for sure; ``answer`` null: not answered yet."""

    rating_id: str
    cause: str = Field(json_schema_extra={"enum": ["unread", "unsure", "differs"]})
    answer: RatingAnswerView | None


class PlanItemView(View):
    """A course of the plan. ``starts_on`` and ``due_on`` are days in the tenant's time zone; ``told_at`` is what the
    learning platform's latest news is of. ``materials`` are the forms that suit the learning style.
    """

    item_id: str
    course_id: str
    name: str
    kind: str = Field(json_schema_extra={"enum": ["online", "workshop", "mentoring", "coaching", "material"]})
    lessons: int | None
    days: Score | None
    sessions_per_week: int | None
    about: str | None
    materials: list[NamedView]
    reasons: list[ReasonView]
    starts_on: date
    due_on: date
    due_at: datetime
    status: str = Field(
        json_schema_extra={"enum": ["planned", "in_progress", "completed", "overdue", "removed"]}
    )
    removed_by: str | None
    completion_percent: Score | None
    exam_score: Score | None
    mentor_review: str | None
    mentor_rating: RatingView | None
    mentor_reading: ReadingView | None
    mentor_asked: RatingAskedView | None
    enrolled: bool
    told_at: datetime | None


class ProposalView(NamedView):
    """What may be done about a warning: the course it would add."""

    course_id: str


class DecisionView(View):
    """What HR decided about a warning; ``proposals`` are those accepted."""

    accepted: bool
    proposals: list[str]
    reason: str | None
    actor: str
    at: datetime


class TrainingWarningView(View):
    """A warning, one for each course and cause; ``times`` counts its returns. ``value`` is as of now, 0-100, null when
    nothing was told.
    """

    warning_id: str
    item_id: str
    course_id: str
    name: str
    cause: str = Field(json_schema_extra={"enum": ["completion", "exam"]})
    value: Score | None
    threshold: Score
    raised_at: datetime
    times: int
    status: str = Field(json_schema_extra={"enum": ["open", "accepted", "declined", "cleared"]})
    proposals: list[ProposalView]
    decision: DecisionView | None
    cleared_at: datetime | None


class UnansweredView(View):
    """An area to improve for which the rules name no course."""

    competency: GapView


class NextStepView(View):
    """What comes next, as a sentence; ``starts_on`` has passed when it is to be finished."""

    text: str
    course_id: str
    starts_on: date


class MadeByView(View):
    """The versions of the configuration that made the plan."""

    rules_version: int
    catalogue_version: int


class TrainingPlanView(View):
    """A personal training plan; a draft is what a candidate can expect. Courses by when they start, open warnings
    first.
    """

    employee_id: str
    status: str = Field(json_schema_extra={"enum": ["draft", "assigned"]})
    role: str
    learning_style: Literal["visual", "auditory", "reading", "kinesthetic"] | None
    starts_on: date
    time_zone: str
    made_by: MadeByView
    items: list[PlanItemView]
    unanswered: list[UnansweredView]
    warnings: list[TrainingWarningView]
    next_step: NextStepView | None


class WarnedEmployeeView(View):
    """An employee with open warnings."""

    employee_id: str
    name: str | None
    role: str
    warnings: list[TrainingWarningView]


class WarnedPage(View):
    """A page of employees with open warnings."""

    items: list[WarnedEmployeeView]
    next: str | None


class WarningDecision(Request):
    """``proposals``: with ``accept``, those to be done; without, all that were made."""

    decision: Literal["accept", "decline"]
    proposals: (
        Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=50)] | None
    ) = None
    reason: Annotated[str | None, Field(min_length=1, max_length=2000)] = None

    @field_validator("proposals")
    @classmethod
    def _of_an_acceptance(cls, proposals: list[str] | None, info: ValidationInfo) -> list[str] | None:
        if proposals and info.data.get("decision") == "decline":
            raise PydanticCustomError("proposals_declined", "goes with decision 'accept' only")
        return proposals


class ScaleLevelView(View):
    """A level of the scale: what it counts, 0-100, and by what one knows it."""

    level: int
    counts: Score
    name: str
    anchor: str


class WaitingView(View):
    """A mentor's review that waits for HR: the words, what the reader made of them, null: nothing, and the
    mentor's own mark by link, 1-5, where the words surely say something else (``differs``).
    """

    rating_id: str
    employee_id: str
    name: str | None
    item_id: str
    course: str | None
    cause: str = Field(json_schema_extra={"enum": ["unread", "unsure", "differs"]})
    asked_at: datetime
    words: str
    reading: ReadingView | None
    mark: int | None


class WaitingPage(View):
    """A page of reviews that wait for HR, and the scale they are rated on."""

    scale: list[ScaleLevelView]
    items: list[WaitingView]
    next: str | None


class RatingAnswer(Request):
    """``level`` 1-5 of the scale; null: the review rates nothing."""

    level: Annotated[int, Field(strict=True, ge=1, le=5)] | None
