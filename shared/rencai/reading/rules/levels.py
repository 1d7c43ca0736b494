"""A mentor's words as a level of an anchored scale of five.

The classifier says of each level how likely what was written reaches it, and whether anything is rated at all; the
level is the expectation of these, one and the sum of the four (Frank and Hall 2001, ordinal classification by binary
ones).
"""

from dataclasses import dataclass
from typing import Final

from .classifier import Classifier
from .clauses import ScopeWords
from .lexicon import Lexicon
from .reader import By, Reader, ReaderVersion

RATED: Final = "rated"
LEVELS: Final = (2, 3, 4, 5)


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
        certain, spans = self._reader.certainties(text)
        rated = certain.get(RATED, 0.0)
        if rated < self._unsure:
            return None
        reached = [certain[f"at_least_{level}"] for level in LEVELS]
        level = min(5, max(1, round(1 + sum(reached))))
        certainty = rated * _within_one(reached, level)
        start, end = spans.get(f"level_{level}") or next(iter(spans.values()), (0, len(text)))
        by = By.LEXICON if spans else By.CLASSIFIER
        return LevelReading(level, round(certainty, 2), certainty >= self._sure, start, end, by)


def _within_one(reached: list[float], level: int) -> float:
    """How likely the level is between ``level`` - 1 and ``level`` + 1."""
    lowest = 1.0 if level <= 2 else reached[level - 3]
    above = 0.0 if level >= 4 else reached[level]
    return max(0.0, lowest - above)
