"""The words rules of the policy with the tenant's readers. Apart from the rest, for what reads words costs a start."""

from rencai.kernel.errors import NotFound
from rencai.platform.observability import logger
from rencai.pressure.rules.policy import WordsRule
from rencai.pressure.rules.words import WordsRules
from rencai.reading.readers import Readers, Words
from rencai.reading.rules.reader import ReaderVersion

_Key = tuple[tuple[WordsRule, ...], ReaderVersion]


class SurveyWords:
    """Makes words rules ready, and keeps them until they or their reader change."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._made: tuple[_Key, WordsRules] | None = None

    def by(self, rules: tuple[WordsRule, ...]) -> WordsRules:
        """The rules with the newest reader of surveys.

        Patterns are held against the scope words of that reader. Where a tenant lacks one of its documents, patterns go
        by their own ``unless``, as before there was a reader, and no rule of claims or examples is met: the log says
        so, and a card is made of all else that was told.
        """
        try:
            meant, version = self._readers.meant(Words.SURVEY)
        except NotFound as error:
            logger.warning("no reader of survey words", extra={"missing": str(error)})
            return WordsRules(rules, None, None, None)
        key = rules, version
        if self._made is None or self._made[0] != key:
            reader = self._readers.of(Words.SURVEY, version) if any(rule.says for rule in rules) else None
            self._made = key, WordsRules(rules, reader, meant, version)
        return self._made[1]
