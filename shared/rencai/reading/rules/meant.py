"""Whether what a place of a text says is meant: not denied, said of others, over, supposed, wished for or heard of."""

from collections.abc import Callable, Mapping, Sequence

from .clauses import Clause, Scope, Scopes, ScopeWords, plain, sentences


class Meant:
    """Scope words made ready for patterns that HR wrote. ``taken_back`` are the scopes that take back what is said;
    ``simplified``: of a traditional character the simplified one, as the words are written.
    """

    def __init__(
        self, words: ScopeWords, taken_back: Scope, simplified: Mapping[int, str] | None = None
    ) -> None:
        self._scopes = Scopes(words)
        self._simplified = simplified
        self._taken_back = taken_back

    def within(self, text: str) -> Callable[[int], bool]:
        """Tells of a place in ``text`` whether what begins there is meant. A pattern that has the denial in itself
        (没时间休息) begins before it, and is not denied by it.
        """
        said = plain(text, self._simplified)
        clauses: Sequence[Clause] = [
            clause for first, last in sentences(said) for clause in self._scopes.clauses(said, first, last)
        ]

        def is_meant(place: int) -> bool:
            # A pattern may begin with what stands before the clause: (?:^|[^A-Za-z])too much.
            clause = next((one for one in clauses if place < one.end), None)
            return clause is None or not clause.scope_at(place) & self._taken_back

        return is_meant
