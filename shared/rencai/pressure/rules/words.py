"""Which words rules of the policy an answer's words meet, and how surely (F4)."""

from collections.abc import Iterable, Iterator, Sequence

from rencai.kernel.clauses import ClauseRules
from rencai.kernel.patterns import Patterns
from rencai.reading.rules.clauses import Scope
from rencai.reading.rules.examples import Examples
from rencai.reading.rules.meant import Excused, Meant
from rencai.reading.rules.reader import ReaderVersion, Reads

from .card import MetRule, WordsRead
from .policy import WordsRule


class WordsRules:
    """A policy's words rules made ready: make once, read many.

    ``reader`` reads surveys; None where no rule names a claim. ``meant`` tells what a pattern finds from what is taken
    back, and takes texts apart for examples; None: all is meant, and no rule of examples is met. ``version`` is that of
    both.
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
        self._of_examples = [(rule.id, _Likened(rule, meant)) for rule in rules if rule.examples and meant]

    def read(self, texts: Iterable[str]) -> WordsRead:
        """What an answer's ``texts`` come to together, in the order of the rules: of several readings the surest.

        What the reader is not sure of is nothing here: it leaves no trace of whoever wrote it.
        """
        found: dict[str, int | None] = {}
        for text in texts:
            found |= dict.fromkeys(self._matched(text))
            for id_, percent in (*self._said(text), *self._like(text)):
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

    def _like(self, text: str) -> Iterator[tuple[str, int]]:
        """The rules of examples that it is surely like, by id, each with how surely in percent."""
        for id_, likened in self._of_examples:
            percent = likened.surely(text)
            if percent is not None:
                yield id_, percent


class _Likened:
    """A rule's examples made ready. What is taken back is not like them, but what is denied may be: so may they."""

    def __init__(self, rule: WordsRule, meant: Meant) -> None:
        self._parsed = meant.parsed
        left_out = meant.taken_back & ~Scope.DENIED
        self._examples = Examples(rule.examples, rule.counterexamples, meant.parsed, left_out)
        self._unless = Patterns(rule.unless) if rule.unless else None

    def surely(self, text: str) -> int | None:
        """How like the text is to the nearest, in percent; None where that is not sure."""
        parsed = self._parsed(text)
        excused = Excused(text, parsed, self._unless) if self._unless else None
        nearest = self._examples.nearest(parsed, excused)
        return round(nearest.certainty * 100) if nearest and nearest.sure else None
