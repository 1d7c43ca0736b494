"""A mentor's words as a level of an anchored scale of five.

The classifier says of each level how likely what was written reaches it, and whether anything is rated at all; the
level is the expectation of these, one and the sum of the four (Frank and Hall 2001, ordinal classification by binary
ones).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .classifier import Classifier
from .clauses import ScopeWords
from .lexicon import Lexicon
from .reader import By, Reader, ReaderVersion

RATED: Final = "rated"
LEVELS: Final = (2, 3, 4, 5)
_REACHED: Final = [f"at_least_{level}" for level in LEVELS]
OF_LEVELS: Final = (RATED, *_REACHED)
"""What a classifier of mentors' words has to know."""


@dataclass(frozen=True, slots=True)
class LevelReading:
    """``level`` 1-5, what ``text[start:end]`` comes to; ``certainty`` 0-1 that it is at most one level off."""

    level: int
    certainty: float
    sure: bool
    start: int
    end: int
    by: By


class LevelReader:
    """Reads what mentors write."""

    def __init__(
        self, lexicon: Lexicon, classifier: Classifier, words: ScopeWords, version: ReaderVersion
    ) -> None:
        self.version = version
        self._reader = Reader(lexicon, classifier, words, version)
        self._sure = classifier.claims[RATED].sure
        self._unsure = classifier.claims[RATED].unsure

    def read(self, text: str) -> LevelReading | None:
        """What ``text`` comes to; None: it rates nothing."""
        whole = self._reader.whole(text)
        if whole.says_nothing:
            return None
        rated = whole.certain[RATED]
        if rated < self._unsure:
            return None
        level, certainty = comes_to(rated, [whole.certain[reached] for reached in _REACHED])
        # A level of three and more is told by what speaks for reaching it, a lower one by what speaks against the next.
        start, end, by = whole.told_by(_REACHED[max(0, level - (2 if level > 2 else 1))], against=level <= 2)
        return LevelReading(level, round(certainty, 2), certainty >= self._sure, start, end, by)


def comes_to(rated: float, reached: Sequence[float]) -> tuple[int, float]:
    """The level and the certainty that it is at most one level off, of how likely anything is rated and each of
    ``LEVELS`` is reached.
    """
    level = min(5, max(1, round(1 + sum(reached))))
    lowest = 1.0 if level <= 2 else reached[level - 3]
    above = 0.0 if level >= 4 else reached[level]
    return level, rated * max(0.0, lowest - above)
