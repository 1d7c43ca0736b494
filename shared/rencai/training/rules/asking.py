"""HR says what a mentor's review counts that nothing read for sure (C3, C4)."""

from dataclasses import replace
from datetime import datetime

from rencai.kernel.errors import Conflict, NotFound

from .courses import Enrolment
from .mentors import MentorPolicy
from .ratings import Answer, RatedBy, Rating
from .refusals import TrainingRefusal


def answered(
    enrolment: Enrolment,
    rating_id: str,
    level: int | None,
    policy: MentorPolicy,
    version: int,
    actor: str,
    now: datetime,
) -> Enrolment:
    """The enrolment after HR's answer: the review counts what ``policy``, which is ``version``, says of ``level``
    (1-5), or with None nothing. The same again gives the same object.

    Raises ``NotFound`` when nothing is asked by this id (any more), ``Conflict`` (RATING_DECIDED) for another answer.
    """
    asked = enrolment.asked
    if asked is None or asked.rating_id != rating_id:
        raise NotFound("rating", rating_id)
    if asked.answer:
        if asked.answer.level == level:
            return enrolment
        raise Conflict(TrainingRefusal.RATING_DECIDED)
    rating = Rating(policy.counts(level), RatedBy.HR, version, level) if level is not None else None
    return replace(enrolment, rating=rating, asked=replace(asked, answer=Answer(level, actor, now)))
