"""What a mentor's words count (C3, C4): read as a level of an anchored scale of five, or by a rule of HR's own."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

ReadWith = tuple[int, int, int, str | None]
"""The versions of a reader's lexicon, classifier and scope words, and the language model that helped it, if any."""


class RatedBy(StrEnum):
    """Who or what made a rating of it."""

    WORDS = "words"
    RULE = "rule"
    HR = "hr"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What the reader made of a mentor's words: ``level`` 1-5 by ``words[start:end]``, with a certainty of 0-1 that it
    is at most one level off. Where it is not ``sure`` nothing counts.
    """

    level: int
    certainty: Decimal
    sure: bool
    start: int
    end: int
    by: str
    reader: ReadWith


@dataclass(frozen=True, slots=True)
class Rating:
    """What a mentor's review counts, 0-100, by a version of the probation policy; ``level`` 1-5 of its scale.

    ``rule`` is HR's own that held, which knows no level. ``certainty`` and ``reader`` are of words that were read.
    """

    score: Decimal
    by: RatedBy
    policy_version: int
    level: int | None = None
    rule: str | None = None
    certainty: Decimal | None = None
    reader: ReadWith | None = None


class AskedFor(StrEnum):
    """Why HR is asked what a mentor's review counts."""

    UNREAD = "unread"
    UNSURE = "unsure"
    DIFFERS = "differs"
    """The words surely say something else than the mentor's own mark."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What HR said, who and when: a level, 1-5, or that the review rates nothing (None)."""

    level: int | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """HR is asked what a review counts. Another review has another ``rating_id``, and settles this one."""

    rating_id: str
    cause: AskedFor
    answer: Answer | None = None

    @property
    def is_open(self) -> bool:
        """Whether HR has yet to answer."""
        return self.answer is None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mentor chose on the scale by link, ``level`` 1-5, and what it counts by a version of the policy."""

    level: int
    score: Decimal
    policy_version: int
    at: datetime

    @property
    def rating(self) -> Rating:
        """What counts where there is a mark: what the mentor said on the scale comes before any words."""
        return Rating(self.score, RatedBy.LINK, self.policy_version, self.level)


@dataclass(frozen=True, slots=True)
class Rated:
    """What became of words: what they count (None: nothing), and what the reader made of them (None: they rate nothing,
    or a rule of HR's held before).
    """

    rating: Rating | None = None
    reading: WordsRead | None = None
