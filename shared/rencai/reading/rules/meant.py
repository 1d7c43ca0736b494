"""Whether what a place of a text says is meant: not denied, said of others, over, supposed, wished for or heard of."""

from collections.abc import Callable, Mapping

from rencai.kernel.patterns import Patterns

from .clauses import Parsed, Scope, Scopes, ScopeWords, plain


class Meant:
    """Scope words made ready for patterns and examples that HR wrote: no claim is looked for. ``taken_back`` are the
    scopes that take back what is said; ``simplified``: of a traditional character the simplified one, as the words are
    written.
    """

    def __init__(
        self, words: ScopeWords, taken_back: Scope, simplified: Mapping[int, str] | None = None
    ) -> None:
        self._scopes = Scopes(words)
        self._simplified = simplified
        self.taken_back = taken_back

    def parsed(self, text: str) -> Parsed:
        """``text`` in clauses."""
        return self._scopes.parsed(plain(text, self._simplified))

    def within(self, text: str) -> Callable[[int], bool]:
        """Tells of a place in ``text`` whether what begins there is meant. A pattern that has the denial in itself
        (没时间休息) begins before it, and is not denied by it.
        """
        parsed = self.parsed(text)

        def is_meant(place: int) -> bool:
            clause = parsed.at(place)
            return clause is None or not clause.scope_at(place) & self.taken_back

        return is_meant


class Excused:
    """Tells of a place in ``text``, which is ``parsed``, whether a clause of its sentence has a pattern of ``unless``.
    A sentence is looked through once, however many of its places are asked for.
    """

    def __init__(self, text: str, parsed: Parsed, unless: Patterns) -> None:
        self._text = text
        self._parsed = parsed
        self._unless = unless
        self._of_sentence: dict[int, bool] = {}

    def __call__(self, place: int) -> bool:
        number = self._parsed.sentence_number(place)
        if number is None:
            return False
        known = self._of_sentence.get(number)
        if known is None:
            clauses = self._parsed.sentence_at(place)
            known = any(self._unless.found_in(self._text[one.start : one.end]) for one in clauses)
            self._of_sentence[number] = known
        return known
