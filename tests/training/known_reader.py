"""A reader of mentors' words that knows some, for tests of what becomes of readings; what it reads is said here."""

from typing import Final, cast

from rencai.reading.readers import Readers, Words
from rencai.reading.rules.clauses import Scope, ScopeWords
from rencai.reading.rules.levels import LevelReader, LevelReading
from rencai.reading.rules.meant import Meant
from rencai.reading.rules.reader import By, ReaderVersion

KNOWN: Final = {
    "进步神速": (5, True),
    "有所进步": (4, True),
    "中规中矩": (3, True),
    "没什么长进": (1, True),
    "还行吧": (3, False),
}
"""Words: the level, 1-5, and whether the reader is sure."""
SURE, UNSURE = 0.92, 0.41
VERSION: Final = ReaderVersion(lexicon=3, classifier=2, words=1)


class KnownReader:
    """Reads the words that it knows, the first of them that is there."""

    version = VERSION

    def mentors(self) -> LevelReader:
        """Stands for the readers as well."""
        return cast(LevelReader, self)

    def meant(self, _: Words) -> tuple[Meant, ReaderVersion]:
        """What is denied or supposed is not."""
        words = ScopeWords(denies=("没有",), supposed=("如果",))
        return Meant(words, Scope.DENIED | Scope.SUPPOSED), VERSION

    def read(self, text: str) -> LevelReading | None:
        for words, (level, sure) in KNOWN.items():
            start = text.find(words)
            if start >= 0:
                certainty = SURE if sure else UNSURE
                return LevelReading(level, certainty, sure, start, start + len(words), By.LEXICON)
        return None


def known_readers() -> Readers:
    """What a container has in place of its readers."""
    return cast(Readers, KnownReader())
