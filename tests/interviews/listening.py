"""A reader that was told beforehand what sentences say; it keeps what it was asked to read."""

from collections.abc import Mapping, Sequence

from rencai.reading.rules.clauses import Parsed, Scopes, ScopeWords, plain
from rencai.reading.rules.reader import By, Hears, ReaderVersion, Reading

VERSION = ReaderVersion(lexicon=3, classifier=5, words=2)
SCOPES = Scopes(
    ScopeWords(
        denies=("没有", "没", "不", "not", "never"),
        no_denial=("不仅",),
        others=("他", "我领导"),
        mine=("我", "我们"),
        wished=("希望", "以后想"),
        hearsay=("听说",),
    )
)


class Told(Hears):
    """``says``: of a part of a text, the claims it makes, each with a certainty; sure from 0.8 on."""

    def __init__(self, says: Mapping[str, Mapping[str, float]] | None = None) -> None:
        self.version = VERSION
        self.asked: list[str] = []
        self._says = says or {}

    def read(self, text: str, topic: str | None = None) -> tuple[Reading, ...]:
        self.asked.append(text)
        return tuple(
            Reading(
                claim,
                certainty,
                certainty >= 0.8,
                text.index(part),
                text.index(part) + len(part),
                By.CLASSIFIER,
            )
            for part, claims in self._says.items()
            if part in text
            for claim, certainty in claims.items()
        )

    def read_all(
        self, texts: Sequence[str], topics: Sequence[str | None] | None = None
    ) -> list[tuple[Reading, ...]]:
        return [self.read(text) for text in texts]

    def parsed(self, text: str) -> Parsed:
        return SCOPES.parsed(plain(text))
