"""The readers of each kind of words, made of the tenant's documents and kept until a version changes."""

from enum import StrEnum

from rencai.kernel.configuration import DEFAULT
from rencai.store.configurations import Configurations

from .rules.classifier import CLASSIFIER, Classifier
from .rules.clauses import SCOPE_WORDS, ScopeWords
from .rules.levels import LevelReader
from .rules.lexicon import LEXICON, Lexicon
from .rules.reader import Reader, ReaderVersion


class Words(StrEnum):
    """The kinds of words; their documents are named so."""

    COMPETENCY = "competency"
    MENTOR = "mentor"
    SURVEY = "survey"


class Readers:
    """Made once a version: 3 reads of the table, of some ten read units, and the work that ``make bench`` measures."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self._made: dict[tuple[Words, ReaderVersion], Reader] = {}
        self._levels: dict[ReaderVersion, LevelReader] = {}

    def of(self, words: Words, version: ReaderVersion | None = None) -> Reader:
        """The reader of ``words`` by the newest documents, or by those of ``version``; raises ``NotFound``."""
        version = version or self._newest(words)
        made = self._made.get((words, version))
        if made is None:
            made = self._made[words, version] = Reader(*self._documents(words, version), version)
        return made

    def mentors(self, version: ReaderVersion | None = None) -> LevelReader:
        """The reader of what mentors write; raises ``NotFound``."""
        version = version or self._newest(Words.MENTOR)
        made = self._levels.get(version)
        if made is None:
            made = self._levels[version] = LevelReader(*self._documents(Words.MENTOR, version), version)
        return made

    def _newest(self, words: Words) -> ReaderVersion:
        latest = self._configurations.latest
        return ReaderVersion(
            latest(LEXICON, words).version, latest(CLASSIFIER, words).version, latest(SCOPE_WORDS).version
        )

    def _documents(self, words: Words, version: ReaderVersion) -> tuple[Lexicon, Classifier, ScopeWords]:
        of_version = self._configurations.of_version
        return (
            of_version(LEXICON, version.lexicon, words).document,
            of_version(CLASSIFIER, version.classifier, words).document,
            of_version(SCOPE_WORDS, version.words, DEFAULT).document,
        )
