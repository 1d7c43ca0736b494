"""The words rules of the policy with the tenant's readers. Apart from the rest, for what reads words costs a start."""

from rencai.kernel.errors import NotFound
from rencai.pressure.rules.policy import WordsRule
from rencai.pressure.rules.words import WordsRules
from rencai.reading.readers import Readers, Words
from rencai.reading.rules.reader import ReaderVersion

_Key = tuple[tuple[WordsRule, ...], ReaderVersion | None]


class SurveyWords:
    """Makes words rules ready, and keeps them until they or their reader change."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._made: tuple[_Key, WordsRules] | None = None

    def by(self, rules: tuple[WordsRule, ...]) -> WordsRules:
        """The rules with the newest reader of surveys.

        Patterns are held against the scope words of that reader; a tenant that has stored none yet has the patterns'
        own ``unless``, as before. Raises ``NotFound`` where a rule names claims and there is no reader.
        """
        named = any(rule.says for rule in rules)
        try:
            meant, version = self._readers.meant(Words.SURVEY)
        except NotFound:
            if named:
                raise
            meant, version = None, None
        key = rules, version
        if self._made is None or self._made[0] != key:
            reader = self._readers.of(Words.SURVEY, version) if named else None
            self._made = key, WordsRules(rules, reader, meant, version)
        return self._made[1]
