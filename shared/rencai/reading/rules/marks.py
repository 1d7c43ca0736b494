"""What HR says a reading should have been: marks, which become the tenant's own judging sentences.

A mark changes no score, no decision and no rating by itself: it says how well the reader reads. What happens to a
person is changed by reconsidering them, or by rating a review.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

ReadBy = tuple[int, int, int, str | None]
"""The versions of a reader's lexicon, classifier and scope words, and the language model that helped it, if any."""

SAID: Final = "said"
NOT_SAID: Final = "not_said"
RATES_NOTHING: Final = "nothing"


class MarkKind(StrEnum):
    """Whose words were read: a candidate's in an interview, or a mentor's review of an employee."""

    COMPETENCY = "competency"
    MENTOR = "mentor"


@dataclass(frozen=True, slots=True)
class Place:
    """What is read: one claim of one answer of a candidate, or one review of an employee's course.

    ``parts`` are vendor, interview, question and claim, or the plan's item; ``owner`` is whose record it is on.
    """

    kind: MarkKind
    owner: str
    parts: tuple[str, ...]

    @property
    def reading_id(self) -> str:
        """What names it wherever it is shown."""
        return reading_id(*self.parts)


def reading_id(*parts: str) -> str:
    """``vendor/interview/question/claim`` or ``item``; a slash within a part is escaped.

    >>> reading_id("aiview", "itv/1", "q1", "team_lead")
    'aiview/itv%2F1/q1/team_lead'
    """
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reader had said: with a ``certainty`` of 0-1 that the claim is made, or that the review comes to
    ``level`` 1-5. ``reader`` None: it is not on record which version that was.
    """

    certainty: Decimal
    sure: bool
    reader: ReadBy | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """``right`` is what HR says: ``said`` or ``not_said`` of a claim; of a review a level, ``1`` to ``5``, or
    ``nothing``. ``shown`` None: nothing was shown as read. ``replaces`` is the mark of the same reading before.
    """

    mark_id: str
    place: Place
    right: str
    shown: Shown | None
    actor: str
    at: datetime
    replaces: str | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether the reader had it right; None where it was not sure, and so had said neither."""
        if self.shown is None:
            return self.right in (NOT_SAID, RATES_NOTHING)
        if not self.shown.sure:
            return None
        if self.place.kind is MarkKind.COMPETENCY:
            return self.right == SAID
        return self.right == str(self.shown.level)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a mark judges by: the words as they were said or written, and HR's note."""

    words: str
    note: str | None
