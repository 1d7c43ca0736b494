"""A mentor's rating, and what the reader made of the words, as they are shown."""

from typing import TYPE_CHECKING

from rencai.training.rules.ratings import Asked, Rating, ReadWith, WordsRead

from .views import (
    RatingAnswerView,
    RatingAskedView,
    RatingView,
    ReaderView,
    ReadingView,
    ScaleLevelView,
    WaitingView,
)

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.training.rating_desk import Waiting
    from rencai.training.rules.mentors import MentorPolicy


def shown_rating(rating: Rating | None) -> RatingView | None:
    """What counts of a mentor's review."""
    if rating is None:
        return None
    return RatingView(
        score=rating.score,
        by=rating.by,
        level=rating.level,
        rule=rating.rule,
        certainty=rating.certainty,
        reader=_reader(rating.reader) if rating.reader else None,
    )


def shown_reading(read: WordsRead | None, words: str | None) -> ReadingView | None:
    """What was read, with its phrase cut out of ``words``, where these are there."""
    if read is None:
        return None
    return ReadingView(
        level=read.level,
        certainty=read.certainty,
        sure=read.sure,
        phrase=words[read.start : read.end] if words is not None else None,
        start=read.start,
        end=read.end,
        by=read.by,
        reader=_reader(read.reader),
    )


def shown_asked(asked: Asked | None) -> RatingAskedView | None:
    """What HR is or was asked about a review."""
    if asked is None:
        return None
    answer = asked.answer
    return RatingAskedView(
        rating_id=asked.rating_id,
        cause=asked.cause,
        answer=RatingAnswerView(level=answer.level, actor=answer.actor, at=answer.at) if answer else None,
    )


def shown_scale(policy: "MentorPolicy", language: str) -> list[ScaleLevelView]:
    """The scale, from the lowest level."""
    return [
        ScaleLevelView(
            level=level, counts=one.counts, name=one.name.text(language), anchor=one.anchor.text(language)
        )
        for level, one in enumerate(policy.scale, 1)
    ]


def shown_waiting(waiting: "Waiting", language: str) -> WaitingView:
    """A review that waits for HR."""
    enrolment, words = waiting.to_rate.enrolment, waiting.to_rate.words
    asked = waiting.to_rate.asked
    return WaitingView(
        rating_id=asked.rating_id,
        employee_id=enrolment.employee_id,
        name=waiting.employee.name if waiting.employee else None,
        item_id=enrolment.item_id,
        course=waiting.course.name.text(language) if waiting.course else None,
        cause=asked.cause,
        asked_at=waiting.to_rate.asked_at,
        words=words,
        reading=shown_reading(enrolment.reading, words),
        mark=enrolment.mark.level if enrolment.mark else None,
    )


def _reader(version: ReadWith) -> ReaderView:
    lexicon, classifier, words, model = version
    return ReaderView(lexicon=lexicon, classifier=classifier, words=words, model=model)
