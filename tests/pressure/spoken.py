"""Survey words as hand-written readers hear them."""

from collections.abc import Mapping, Sequence
from typing import Final

from rencai.pressure.rules.card import MetRule, WordsRead
from rencai.reading.rules.reader import By, ReaderVersion, Reading

READER: Final = (4, 7, 2)
"""Versions of lexicon, classifier and scope words."""
UNSPOKEN: Final = WordsRead((), READER)
"""There were words, and they meet no rule."""


def words(*rules: str, percent: int | None = 92, reader: tuple[int, int, int] | None = READER) -> WordsRead:
    """Words that meet ``rules``."""
    return WordsRead(tuple(MetRule(rule, percent) for rule in rules), reader)


class Hears:
    """Hears of a text the claims it was told that it says, with their certainty; sure from 0.8 on."""

    version = ReaderVersion(*READER)

    def __init__(self, said: Mapping[str, Mapping[str, float]]) -> None:
        self._said = said

    def read(self, text: str, topic: str | None = None) -> tuple[Reading, ...]:
        return tuple(
            Reading(claim, certainty, certainty >= 0.8, 0, len(text), By.CLASSIFIER)
            for claim, certainty in self._said.get(text, {}).items()
        )

    def read_all(
        self, texts: Sequence[str], topics: Sequence[str | None] | None = None
    ) -> list[tuple[Reading, ...]]:
        return [self.read(text) for text in texts]
