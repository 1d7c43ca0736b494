"""Courses of an employee: enrolled, and how far they have come (C2).

What is kept of each course is made so that facts can come in any order, and any number of times: the latest value of
each kind by the time it was so, and the earliest time at which each progress mark was reached.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Final

from .facts import CourseProgressed
from .ratings import Asked, AskedFor, Mark, Rated, Rating, WordsRead


class Cause(StrEnum):
    """Why HR is warned of a learner (C4)."""

    COMPLETION = "completion"
    EXAM = "exam"


ABOUT: Final = "~"
"""In an item's id, between its course and what it is about: who has one is helped."""
_OTHER: Final = 2
"""Levels apart at which words say something else than a mark."""
_FULL: Final = Decimal(100)
_KEPT: Final = Decimal("0.0001")
_CLOCKS_DIFFER: Final = timedelta(days=366)
"""What a vendor's clock may be ahead. A wrong year is taken in, and put right by what is told once that year has come;
a moment at the end of time, as some systems write for none, would never be.
"""

MARK_STEP: Final = 5
"""Percent: progress marks are its multiples, so that an enrolment remembers when each was first reached."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value an LMS told, and when it was so."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """A progress mark (percent, a multiple of ``MARK_STEP``), and when a learner was first seen at or above it."""

    mark: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One employee in one item of their plan. Completion and exam are percentages, 0-100; None until one was told.

    ``review`` is the digest of the mentor's latest words, which are kept apart, for they are about a person;
    ``rating`` is what they count, None when nothing, ``reading`` what the reader made of them, and ``asked`` what HR is
    asked about them. ``mark`` is the mentor's own, by link. ``reached``: rising marks at rising times. ``version``
    counts the writes; 0 is not yet written.
    """

    employee_id: str
    item_id: str
    enrolment_id: str
    due_at: datetime
    completion: Told | None = None
    exam: Told | None = None
    review: Told | None = None
    rating: Rating | None = None
    reading: WordsRead | None = None
    asked: Asked | None = None
    mark: Mark | None = None
    reached: tuple[Reached, ...] = ()
    version: int = 0

    @property
    def completion_percent(self) -> Decimal | None:
        """How much of the course is done, 0-100."""
        return Decimal(self.completion.value) if self.completion else None

    @property
    def exam_score(self) -> Decimal | None:
        """The exam's score, 0-100."""
        return Decimal(self.exam.value) if self.exam else None

    @property
    def completed(self) -> bool:
        """Whether all of the course is done."""
        return (self.completion_percent or 0) >= _FULL

    def reached_at(self, mark: int) -> datetime | None:
        """When the learner was first at or above ``mark`` percent; None: never seen there."""
        return min((one.at for one in self.reached if one.mark >= mark), default=None)


def is_ahead(fact: CourseProgressed, now: datetime) -> bool:
    """Whether it is said to have happened in time to come. What is told latest counts, so that would count for ever."""
    return fact.occurred_at > now + _CLOCKS_DIFFER


def progressed(
    enrolment: Enrolment,
    fact: CourseProgressed,
    rate: Callable[[str], Rated],
    mark: Callable[[str, str], str],
) -> Enrolment:
    """The enrolment after ``fact``; the same object when the fact is no news. ``rate`` says what a review counts,
    ``mark`` tells an enrolment's review from another without saying what it says.

    Each value is the one told latest by the time it was so, whatever order the facts come in, so a late, repeated or
    decreasing report needs no rule of its own. Of two values of one moment the greater counts.
    """
    text, at = fact.mentor_review, fact.occurred_at
    percent, score = _cut(fact.completion_percent), _cut(fact.exam_score)
    review = _newer(enrolment.review, mark(enrolment.enrolment_id, text) if text else None, at)
    rated, asked = Rated(enrolment.rating, enrolment.reading), enrolment.asked
    if text and review and review is not enrolment.review and not _is_answered(enrolment, review):
        rated, asked = _judged(enrolment.item_id, review, rate(text), enrolment.mark)
    after = replace(
        enrolment,
        completion=_newer(enrolment.completion, _number(percent), at),
        exam=_newer(enrolment.exam, _number(score), at),
        review=review,
        rating=rated.rating,
        reading=rated.reading,
        asked=asked,
        reached=_reached(enrolment.reached, percent, at),
    )
    return enrolment if after == enrolment else after


def _is_answered(enrolment: Enrolment, review: Told) -> bool:
    """Whether HR has said what these words count: told again they are the same words."""
    asked, known = enrolment.asked, enrolment.review
    return asked is not None and not asked.is_open and known is not None and known.value == review.value


def _judged(item_id: str, review: Told, rated: Rated, mark: Mark | None) -> tuple[Rated, Asked | None]:
    """What counts of a review that was read as ``rated``, beside the mentor's mark, and what HR is asked about it:
    nothing of help, which counts nothing anyway.
    """
    reading = rated.reading
    cause = None
    if mark:
        says_other = reading is not None and reading.sure and abs(reading.level - mark.level) >= _OTHER
        cause = AskedFor.DIFFERS if says_other and review.at >= mark.at else None
        rated = replace(rated, rating=mark.rating)
    elif rated.rating is None:
        cause = AskedFor.UNSURE if reading else AskedFor.UNREAD
    if cause is None or ABOUT in item_id:
        return rated, None
    about = f"{review.value}_{round(mark.at.timestamp() * 1000)}" if mark else review.value
    return rated, Asked(f"rtg_{about}", cause)


def marked_by_link(
    enrolment: Enrolment,
    mark: Mark,
    words: str | None,
    rate: Callable[[str], Rated],
    digest: Callable[[str, str], str],
) -> Enrolment:
    """The enrolment after a mentor's mark by link, with the ``words`` beside it; the same object for one that is no
    later than what is known. The mark counts; words that surely say two or more levels else are for HR to look at.
    """
    known = enrolment.mark
    if known and mark.at <= known.at:
        return enrolment
    review = _newer(enrolment.review, digest(enrolment.enrolment_id, words) if words else None, mark.at)
    rated = Rated(mark.rating, enrolment.reading)
    if words and review is not enrolment.review:
        rated = rate(words)
    asked = None
    if review:
        rated, asked = _judged(enrolment.item_id, review, rated, mark)
    return replace(
        enrolment, mark=mark, review=review, rating=mark.rating, reading=rated.reading, asked=asked
    )


def _cut(value: Decimal | None) -> Decimal | None:
    # Not rounded: what is below a threshold stays below it.
    return value.quantize(_KEPT, ROUND_DOWN) if value is not None else None


def _number(value: Decimal | None) -> str | None:
    # Fixed width before the point, so that comparing texts compares numbers.
    return f"{value:010.4f}" if value is not None else None


def _newer(known: Told | None, value: str | None, at: datetime) -> Told | None:
    if value is None:
        return known
    if known is None or (at, value) > (known.at, known.value):
        return Told(value, at)
    return known


def _reached(known: tuple[Reached, ...], percent: Decimal | None, at: datetime) -> tuple[Reached, ...]:
    """With the mark that ``percent`` is at or above; of marks reached later and no higher nothing is kept."""
    # To the millisecond, which is what is kept of it.
    at -= timedelta(microseconds=at.microsecond % 1000)
    mark = int(percent) // MARK_STEP * MARK_STEP if percent is not None else 0
    if mark == 0 or any(one.mark >= mark and one.at <= at for one in known):
        return known
    kept = [one for one in known if not (one.mark <= mark and one.at >= at)]
    return tuple(sorted([*kept, Reached(mark, at)], key=lambda one: one.mark))
