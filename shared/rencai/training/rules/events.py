"""Shapes of the events that training tells: thin (ids, percentages, scores), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class TrainingProgressed(EventData):
    enrolment_id: str
    item_id: str
    completion_percent: float | None
    exam_score: float | None


class TrainingCompleted(EventData):
    """All of a course is done."""

    item_id: str


class MentorTold(EventData):
    """HR has named an item's mentor, or has the invitation sent again; or the mentor has rated by link. ``number``
    counts the mentors of the item.
    """

    item_id: str
    number: int


class PlanAssigned(EventData):
    role: str
    items: int


class PlanChanged(EventData):
    """``change``: added, removed, restored or rescheduled. ``rule`` names the rule or the proposal behind it."""

    item_id: str
    course_id: str
    change: str
    reason: str
    rule: str


class TrainingWarned(EventData):
    """``value`` and ``threshold`` 0-100; ``value`` is None when the LMS told nothing. ``times`` counts its returns."""

    warning_id: str
    item_id: str
    course_id: str
    cause: str
    value: float | None
    threshold: float
    times: int


class TrainingWarningDecided(EventData):
    """``proposals`` are those HR accepted, none when it declined. Its reason is sealed in the table: ``note``
    names it.
    """

    warning_id: str
    item_id: str
    cause: str
    proposals: list[str]
    times: int
    note: str | None


class TrainingRatingAsked(EventData):
    """HR is asked what a mentor's review counts: ``cause`` is unread, unsure or differs."""

    rating_id: str
    item_id: str
    cause: str


class TrainingRatingDecided(EventData):
    """``level`` 1-5 is what HR says the review comes to, None: it rates nothing."""

    rating_id: str
    item_id: str
    level: int | None


class ProbationScored(EventData):
    """``score`` 0-100 of what is there; ``coverage`` 0-1 is the weight of what is there."""

    score: float | None
    coverage: float
    policy_version: int


SHAPES: Final[Shapes] = {
    EventName.PLAN_ASSIGNED: PlanAssigned,
    EventName.PLAN_CHANGED: PlanChanged,
    EventName.TRAINING_PROGRESSED: TrainingProgressed,
    EventName.TRAINING_COMPLETED: TrainingCompleted,
    EventName.MENTOR_NAMED: MentorTold,
    EventName.MENTOR_REMINDED: MentorTold,
    EventName.MENTOR_RATED: MentorTold,
    EventName.TRAINING_WARNING_RAISED: TrainingWarned,
    EventName.TRAINING_WARNING_RETURNED: TrainingWarned,
    EventName.TRAINING_WARNING_CLEARED: TrainingWarned,
    EventName.TRAINING_WARNING_DECIDED: TrainingWarningDecided,
    EventName.TRAINING_RATING_ASKED: TrainingRatingAsked,
    EventName.TRAINING_RATING_DECIDED: TrainingRatingDecided,
    EventName.PROBATION_SCORED: ProbationScored,
}
