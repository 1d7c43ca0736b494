r"""Regular expressions that HR writes, held against what people wrote.

They are RE2's (https://github.com/google/re2/wiki/Syntax), whose work grows with the length of the text and no faster,
whatever is written. What it would read otherwise than HR means it - ``\d``, ``\w``, ``\s`` are ASCII to it - is written
out for it, and what cannot be is refused with the reason.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import StringConstraints

if TYPE_CHECKING:
    import re2

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_WORD: Final = r"\p{L}\p{N}_"
_SPACE: Final = r"\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""What ``str.isspace`` holds for, the full-width space among it."""
_BARE: Final = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "s": f"[{_SPACE}]",
    "S": f"[^{_SPACE}]",
    "Z": r"\z",
}
_LISTED: Final = {"d": r"\p{Nd}", "D": r"\P{Nd}", "w": _WORD, "s": _SPACE}
"""Those that may stand in ``[...]``."""

_LOOK_AROUND: Final = (
    "looks ahead or behind, which RE2 cannot; write what stands beside it, such as (?:^|[^不])好"
)
_BACK_REFERENCE: Final = "refers back to a group, which RE2 cannot; write the alternatives out"
_BOUNDARY: Final = (
    "\\b and \\B know ASCII letters only, so beside Chinese they would hold anywhere or nowhere; write what may stand "
    "there, such as (?:^|[^A-Za-z])team"
)
_QUOTED: Final = r"\Q and \C are not read; escape each character with \ instead"
_NEGATED_IN_LIST: Final = (
    r"\W and \S cannot stand in [...]; list the characters, or negate the whole list: [^...]"
)
_NAMED_LIST: Final = r"[:...:] knows ASCII letters only; write \d, \w, \s or a Unicode class such as \p{L}"
_REFUSED_BARE: Final = {"b": _BOUNDARY, "B": _BOUNDARY, "Q": _QUOTED, "C": _QUOTED}
_REFUSED_LISTED: Final = {"W": _NEGATED_IN_LIST, "S": _NEGATED_IN_LIST}

_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()]")
_ALIKE: Final = re.compile(
    r"(?:[^\\.^$*+?{}\[\]|()]|\.|\((?!\?)|\(\?:|\)(?!\{)|\||\[\^?[^\\^\[\]&~|-]+\]|\?(?![?+])|\{\d*,\d+\}(?![?+]))+"
)
"""What ``re`` and RE2 read alike, with nothing in it that repeats without end."""
_MAYBE: Final = re.compile(r"(?<!\()\?")
_GAP: Final = re.compile(r"\{(\d*),(\d+)\}")
_PAREN: Final = re.compile(r"[()]")
_FEW: Final = 500
"""Ways at one place of a text: 20,000 places of an answer are tried in a quarter of a second."""
_TOKEN: Final = re.compile(
    r"""(?P<code>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))
      | (?P<reference>\\[1-9]|\(\?P=)
      | (?P<around>\(\?<?[=!])
      | (?P<escaped>\\.)
      | (?P<list>\[\^?\]?)
      | (?P<at_most>\{,(?P<most>\d*)\})
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN_IN_LIST: Final = re.compile(
    r"""(?P<code>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))
      | (?P<escaped>\\.)
      | (?P<named>\[:.*?:\])
      | (?P<end>\])
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


class _Unreadable(Exception):
    """Why RE2 cannot read it as it is meant."""


def checked(pattern: str) -> str:
    """The pattern as it was written, once it is sure that it can be looked for.

    Raises ``ValueError`` with the reason for what RE2 cannot express or would read otherwise than written, for what is
    no regular expression, and for what matches nothing at all and so would always hold.
    """
    import re2

    try:
        compiled = _compiled(_for_re2(pattern))
    except _Unreadable as reason:
        raise ValueError(f"pattern {pattern!r}: {reason}") from None
    except re2.error as error:
        said = error.args[0].decode(errors="replace")
        raise ValueError(f"pattern {pattern!r} is not a regular expression: {said}") from None
    if compiled.search(b""):
        raise ValueError(f"pattern {pattern!r} matches nothing at all, so it would always hold")
    return pattern


class Patterns:
    """Patterns made ready to be looked for together: one pass over a text finds which of them it holds.

    Each must have passed ``checked``. They are told apart by their place in ``patterns``.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns
        self._spans = _Spans(patterns)
        self._sets = _sets([_for_re2(pattern) for pattern in patterns], 0) if patterns else []

    def found_in(self, text: str) -> list[int]:
        """The places of those that ``text`` holds, in order."""
        raw = text.encode()
        found: list[int] = []
        for together, first, count in self._sets:
            held = together.Match(raw) if together else None
            if held and count in held:
                held.remove(count)
                found += [first + place for place in held] if first else held
            else:
                # One by one, when there is no memory for all at once.
                found += [place for place in range(first, first + count) if self._alone(place).search(raw)]
        found.sort()
        return found

    def _alone(self, place: int) -> Any:
        return _compiled(_for_re2(self._patterns[place]))

    def first(self, places: Iterable[int], text: str) -> tuple[int, int]:
        """Where the first of ``places`` begins and ends in ``text``, in characters; of those that begin at once, it is
        the first named. Each has to be one that ``found_in`` has found in ``text``.
        """
        return min([self._spans[place](text) for place in places], key=itemgetter(0))


_Span = Callable[[str], tuple[int, int]]


class _Spans(dict[int, _Span]):
    """What tells where a pattern is, made when it is first asked for: an interview has a few of the hundreds."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns

    def __missing__(self, place: int) -> _Span:
        self[place] = made = _span_of(self._patterns[place])
        return made


def _span_of(pattern: str) -> _Span:
    if not _SPECIAL.search(pattern):
        length = len(pattern)

        def of_words(text: str) -> tuple[int, int]:
            start = text.index(pattern)
            return start, start + length

        return of_words
    if _ALIKE.fullmatch(pattern) and _ways(pattern) <= _FEW:
        # RE2's binding takes ten times as long over an answer, for its work is in Python.
        search_text = re.compile(pattern).search
        return lambda text: _found(search_text(text)).span()
    search = _compiled(_for_re2(pattern)).search

    def of_bytes(text: str) -> tuple[int, int]:
        raw = text.encode()
        start, end = _found(search(raw)).span()
        begins = len(raw[:start].decode())
        return begins, begins + len(raw[start:end].decode())

    return of_bytes


def _found(match: Any) -> Any:
    if match is None:
        raise LookupError("the pattern is not in the text")
    return match


def _ways(pattern: str) -> int:
    """No fewer than the ways in which ``re`` may try a pattern that is ``_ALIKE`` at one place of a text."""
    ways: int = 2 ** len(_MAYBE.findall(pattern))
    for least, most in _GAP.findall(pattern):
        ways *= max(1, int(most) - int(least or 0) + 1)
    for part in _PAREN.split(pattern):
        ways *= part.count("|") + 1
    return ways


def _sets(written: Sequence[str], first: int) -> "list[tuple[re2.Set | None, int, int]]":
    """Sets, as few as will do, each with the place of its first pattern and their number. What does not fit the memory
    of one is halved; None stands for a pattern that does not fit by itself.
    """
    import re2

    together = re2.Set.SearchSet(_options())
    for one in written:
        together.Add(one)
    # A set that runs out of memory on a text answers as if it held nothing. This one is held by every text.
    together.Add("")
    try:
        together.Compile()
    except re2.error:
        if len(written) == 1:
            return [(None, first, 1)]
        half = len(written) // 2
        return _sets(written[:half], first) + _sets(written[half:], first + half)
    return [(together, first, len(written))]


def _options() -> Any:
    import re2

    options = re2.Options()
    options.never_capture = True
    options.log_errors = False  # it would write what HR wrote to stderr; it is told to them instead
    return options


def _compiled(written: str) -> Any:
    import re2

    return re2.compile(written.encode(), _options())


def _for_re2(pattern: str) -> str:
    """The pattern so that RE2 reads it as it is meant. Raises ``_Unreadable``."""
    made: list[str] = []
    at, in_list = 0, False
    while token := (_TOKEN_IN_LIST if in_list else _TOKEN).match(pattern, at):
        at, kind, text = token.end(), token.lastgroup, token.group()
        match kind:
            case "code":
                text = f"\\x{{{text[2:]}}}"
            case "reference":
                raise _Unreadable(_BACK_REFERENCE)
            case "around":
                raise _Unreadable(_LOOK_AROUND)
            case "named":
                raise _Unreadable(_NAMED_LIST)
            case "escaped":
                text = _escaped(text, in_list=in_list)
            case "at_most":
                text = f"{{0,{token['most']}}}"
            case "list":
                in_list = True
            case "end":
                in_list = False
        made.append(text)
    return "".join(made)


def _escaped(text: str, *, in_list: bool) -> str:
    character = text[1]
    reason = (_REFUSED_LISTED if in_list else _REFUSED_BARE).get(character)
    if reason:
        raise _Unreadable(reason)
    if not character.isascii():
        return character  # nothing outside ASCII needs escaping, but RE2 refuses it
    return (_LISTED if in_list else _BARE).get(character, text)
