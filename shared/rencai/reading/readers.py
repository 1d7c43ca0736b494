"""The readers of each kind of words, made of the tenant's documents and kept until a version changes."""

from collections.abc import Callable
from enum import StrEnum

from rencai.kernel.configuration import DEFAULT
from rencai.platform.observability import described, logger
from rencai.store.configurations import Configurations

from .helped import HelpedReader
from .rules.asking import LanguageModel
from .rules.classifier import CLASSIFIER, Classifier
from .rules.clauses import SCOPE_WORDS, ScopeWords, simplified_of
from .rules.levels import LevelReader
from .rules.lexicon import LEXICON, Lexicon, scopes_of
from .rules.meant import Meant
from .rules.reader import Hears, Reader, ReaderVersion


class Words(StrEnum):
    """The kinds of words; their documents are named so."""

    COMPETENCY = "competency"
    MENTOR = "mentor"
    SURVEY = "survey"


class Readers:
    """Made once a version: 3 reads of the table, of ten read units or, for interviews, 37, and the work that
    ``make bench`` measures.

    ``helper`` gives the language model that is asked about interviews' words that stay unsure; None: nobody is. Words
    of surveys, which are sealed, and of mentors, which HR is asked about, are told to no model.
    """

    def __init__(
        self, configurations: Configurations, helper: Callable[[], LanguageModel | None] = lambda: None
    ) -> None:
        self._configurations = configurations
        self._helper = helper
        self._made: dict[tuple[Words, ReaderVersion], Hears] = {}
        self._helped: tuple[Hears, LanguageModel, HelpedReader] | None = None
        self._levels: dict[ReaderVersion, LevelReader] = {}
        self._meant: dict[tuple[Words, ReaderVersion], Meant] = {}

    def of(self, words: Words, version: ReaderVersion | None = None) -> Hears:
        """The reader of ``words`` by the newest documents, or, with no model to help it, by those of ``version``;
        raises ``NotFound``.
        """
        key = words, version or self._newest(words)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Reader(*self._documents(*key), key[1])
        # Asked each time: who turns the model off wants it off within the minute.
        model = self._helper() if version is None and words is Words.COMPETENCY else None
        return self._with_help(made, model) if model else made

    def _with_help(self, reader: Hears, model: LanguageModel) -> Hears:
        if self._helped is None or self._helped[0] is not reader or self._helped[1] is not model:
            lexicon, *_ = self._documents(Words.COMPETENCY, reader.version)
            self._helped = reader, model, HelpedReader(reader, lexicon, model, _unanswered)
        return self._helped[2]

    def mentors(self, version: ReaderVersion | None = None) -> LevelReader:
        """The reader of what mentors write; raises ``NotFound``."""
        version = version or self._newest(Words.MENTOR)
        made = self._levels.get(version)
        if made is None:
            made = self._levels[version] = LevelReader(*self._documents(Words.MENTOR, version), version)
        return made

    def meant(self, words: Words) -> tuple[Meant, ReaderVersion]:
        """Tells what of ``words`` is meant, by the newest documents of their reader: for patterns that HR wrote. Raises
        ``NotFound``.
        """
        version = self._newest(words)
        made = self._meant.get((words, version))
        if made is None:
            made = self._meant[words, version] = meant_by(*self._documents(words, version))
        return made, version

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


def meant_by(lexicon: Lexicon, classifier: Classifier, scope_words: ScopeWords) -> Meant:
    """Tells what is meant by these documents."""
    return Meant(
        scope_words.joined(lexicon.words),
        scopes_of(lexicon.taken_back_by),
        simplified_of(classifier.simplified),
    )


def _unanswered(reason: Exception) -> None:
    logger.warning("the model was not heard", extra={"reason": described(reason)})
