"""Which words rules of the policy an answer's words meet, and how surely (F4)."""

from collections.abc import Iterable, Iterator, Sequence

from rencai.kernel.clauses import ClauseRules
from rencai.reading.rules.meant import Meant
from rencai.reading.rules.reader import ReaderVersion, Reads

from .card import MetRule, WordsRead
from .policy import WordsRule


class WordsRules:
    """A policy's words rules made ready: make once, read many.

    ``reader`` reads surveys; None where no rule names a claim. ``meant`` tells what a pattern finds from what is taken
    back; None: all is meant. ``version`` is that of both.
    """

    def __init__(
        self,
        rules: Sequence[WordsRule],
        reader: Reads | None,
        meant: Meant | None,
        version: ReaderVersion | None,
    ) -> None:
        self._rules = rules
        self._reader = reader
        self._meant = meant
        self._version = (version.lexicon, version.classifier, version.words) if version else None
        self._patterns = ClauseRules([rule for rule in rules if rule.present])
        self._of_patterns = [rule.id for rule in rules if rule.present]

    def read(self, texts: Iterable[str]) -> WordsRead:
        """What an answer's ``texts`` come to together, in the order of the rules: of several readings the surest.

        What the reader is not sure of is nothing here: it leaves no trace of whoever wrote it.
        """
        found: dict[str, int | None] = {}
        for text in texts:
            found |= dict.fromkeys(self._matched(text))
            for id_, percent in self._said(text):
                found[id_] = max(percent, found.get(id_) or 0)
        met = tuple(MetRule(rule.id, found[rule.id]) for rule in self._rules if rule.id in found)
        return WordsRead(met, self._version)

    def _matched(self, text: str) -> list[str]:
        """The rules of patterns, by id."""
        is_meant = self._meant.within(text) if self._meant else None
        return [self._of_patterns[place] for place in self._patterns.met_by(text, is_meant)]

    def _said(self, text: str) -> Iterator[tuple[str, int]]:
        """The rules of claims, by id, each with its certainty in percent; some come several times."""
        if self._reader is None:
            return
        sure = {one.claim: round(one.certainty * 100) for one in self._reader.read(text) if one.sure}
        for rule in self._rules:
            for claim in sure.keys() & set(rule.says):
                yield rule.id, sure[claim]
