r"""Regular expressions that HR writes, held against what people wrote.

They are RE2's (https://github.com/google/re2/wiki/Syntax), whose work grows with the length of the text and no faster,
whatever is written. What it would read otherwise than HR means it - ``\d``, ``\w``, ``\s`` are ASCII to it - is written
out for it, and what cannot be is refused with the reason.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import StringConstraints

from .refusals import DocumentRefusal
from .terms import Said
from .wording import wrong

if TYPE_CHECKING:
    import re2

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]

MOST_STEPS: Final = 2_500
"""Of RE2's program for one pattern: a character in a gap is some ten, a letter one to three."""
MOST_STEPS_TOGETHER: Final = 50_000
"""Of all that are looked for at once: what an answer of 20,000 characters is held against within seconds at worst."""

# --- what is written, as RE2 is told it -----------------------------------------------------------------------------

_Ranges = Sequence[tuple[int, int]]
_DIGITS: Final[_Ranges] = ((0x30, 0x39), (0xFF10, 0xFF19))
_LETTERS: Final[_Ranges] = (
    *(
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xAA, 0xAA),
        (0xB5, 0xB5),
        (0xBA, 0xBA),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x2AF),
    ),
    *(
        (0x386, 0x386),
        (0x388, 0x3F5),
        (0x3F7, 0x481),
        (0x48A, 0x52F),
        (0x1E00, 0x1FBC),
    ),  # Greek, Cyrillic, Latin
    *(
        (0x3005, 0x3007),
        (0x3041, 0x3096),
        (0x309D, 0x309F),
        (0x30A1, 0x30FA),
        (0x30FC, 0x30FF),
        (0x3105, 0x312F),
    ),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF)),
    *((0xFF21, 0xFF3A), (0xFF41, 0xFF5A), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF)),
)
"""Of the Latin, Greek, Cyrillic, Chinese, Japanese and Korean scripts. All there are would be 1,300 steps.
"""
_WORD: Final[_Ranges] = tuple(sorted((*_DIGITS, (0x5F, 0x5F), *_LETTERS)))
_SPACE: Final[_Ranges] = (
    *((0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
"""What ``str.isspace`` holds for, the full-width space among it."""


def _listed(ranges: _Ranges) -> str:
    return "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges)


def _others(ranges: _Ranges) -> _Ranges:
    ends = [-1, *(last for _, last in ranges)]
    begins = [*(first for first, _ in ranges), 0x110000]
    return [(end + 1, begin - 1) for end, begin in zip(ends, begins, strict=True) if end + 1 < begin]


_CLASSES: Final = {
    name: _listed(ranges)
    for lower, those in (("d", _DIGITS), ("w", _WORD), ("s", _SPACE))
    for name, ranges in ((lower, those), (lower.upper(), _others(those)))
}

_BOUNDARY: Final = Said(
    "\\b 和 \\B 只认 ASCII 字母,在中文旁边会处处成立或处处不成立;请写明旁边可以是什么,"
    "例如 (?:^|[^A-Za-z])team(?:[^A-Za-z]|$)",
    "\\b and \\B know ASCII letters only, so beside Chinese they would hold anywhere or nowhere; write what may stand "
    "there, such as (?:^|[^A-Za-z])team(?:[^A-Za-z]|$)",
)
_QUOTED: Final = Said(
    r"不支持 \Q 和 \C;请用 \ 逐个转义字符", r"\Q and \C are not read; escape each character with \ instead"
)
_REFUSED: Final = {"b": _BOUNDARY, "B": _BOUNDARY, "Q": _QUOTED, "C": _QUOTED}

_TOKEN: Final = re.compile(
    r"""(?P<code>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))
      | (?P<reference>\\(?![0-7]{3})[1-9]|\(\?P=)
      | (?P<around>\(\?<?[=!])
      | (?P<escaped>\\.)
      | (?P<list>\[\^?\]?)
      | (?P<at_most>\{,(?P<most>[0-9]*)\})
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN_IN_LIST: Final = re.compile(
    r"""(?P<code>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))
      | (?P<range>\\[dDwWsS]-(?!\])|(?<!\[)(?<!\[\^)-\\[dDwWsS])
      | (?P<escaped>\\.)
      | (?P<named>\[:[^\]]*:\])
      | (?P<end>\])
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_REASONS: Final = {
    "reference": Said(
        "引用了前面的组,RE2 不支持;请把各种情况都写出来",
        "refers back to a group, which RE2 cannot; write the alternatives out",
    ),
    "around": Said(
        "使用了环视,RE2 不支持;请写明旁边是什么,例如 (?:^|[^不])好",
        "looks ahead or behind, which RE2 cannot; write what stands beside it, such as (?:^|[^A-Z])good",
    ),
    "range": Said(
        r"范围的两端不能是 \d、\w 或 \s;请把 - 写在方括号的最后,或写成 \-",
        r"a range cannot begin or end with \d, \w or \s; write the - at the end of the list, or \-",
    ),
    "named": Said(
        r"[:...:] 只认 ASCII 字母;请写 \d、\w、\s 或 Unicode 类别,例如 \p{L}",
        r"[:...:] knows ASCII letters only; write \d, \w, \s or a Unicode class such as \p{L}",
    ),
}


class _Unreadable(Exception):
    """Why RE2 cannot read it as it is meant."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason.english)
        self.reason = reason


def _for_re2(pattern: str) -> str:
    """The pattern so that RE2 reads it as it is meant. Raises ``_Unreadable``."""
    made: list[str] = []
    at, in_list = 0, False
    while token := (_TOKEN_IN_LIST if in_list else _TOKEN).match(pattern, at):
        at, kind, text = token.end(), str(token.lastgroup), token.group()
        if kind in _REASONS:
            raise _Unreadable(_REASONS[kind])
        match kind:
            case "code":
                text = f"\\x{{{text[2:]}}}"
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
    if character in _CLASSES:
        return _CLASSES[character] if in_list else f"[{_CLASSES[character]}]"
    if not character.isascii():
        return character  # nothing outside ASCII needs escaping, but RE2 refuses it
    if in_list:
        return text
    if character in _REFUSED:
        raise _Unreadable(_REFUSED[character])
    return r"\z" if character == "Z" else text


# --- whether it can be looked for -----------------------------------------------------------------------------------


def checked(pattern: str) -> str:
    """The pattern as it was written, once it is sure that it can be looked for.

    Raises ``ValueError`` with the reason for what RE2 cannot express or would read otherwise than written, for what is
    no regular expression, what is too large, and for what matches nothing at all and so would always hold.
    """
    _steps(pattern)
    return pattern


def checked_together(patterns: Iterable[str], most: int = MOST_STEPS_TOGETHER) -> None:
    """Raises ``ValueError`` when they are too much to be looked for at once, more than ``most`` steps. Each must have
    passed ``checked``.
    """
    steps = sum(map(_steps, patterns))
    if steps > most:
        raise wrong(DocumentRefusal.PATTERNS_TOO_LARGE, steps=steps, limit=most)


@lru_cache(maxsize=4096)
def _steps(pattern: str) -> int:
    """How large RE2's program for it is."""
    import re2

    try:
        compiled = _compiled(_for_re2(pattern))
    except _Unreadable as unreadable:
        raise wrong(DocumentRefusal.PATTERN_NOT_READ, pattern=pattern, reason=unreadable.reason) from None
    except re2.error as error:
        said = error.args[0].decode(errors="replace")
        if "repetition size" in said or "too large" in said:
            raise wrong(DocumentRefusal.PATTERN_REPEATS, pattern=pattern) from None
        raise wrong(DocumentRefusal.PATTERN_NO_EXPRESSION, pattern=pattern) from None
    if compiled.search(b""):
        raise wrong(DocumentRefusal.PATTERN_ALWAYS_HOLDS, pattern=pattern)
    steps: int = compiled.programsize
    if steps > MOST_STEPS:
        raise wrong(DocumentRefusal.PATTERN_TOO_LARGE, pattern=pattern, steps=steps, limit=MOST_STEPS)
    return steps


def _compiled(written: str) -> Any:
    import re2

    return re2.compile(written.encode(), _options())


def _options() -> Any:
    import re2

    options = re2.Options()
    options.never_capture = True
    options.log_errors = False  # it would write what HR wrote to stderr; it is told to them instead
    return options


# --- looking for it -------------------------------------------------------------------------------------------------


_MOST_IN_SET: Final = 40
"""More would need more states at once than RE2 keeps (8 MB a set): it would make them anew for every text, which takes
four times as long for 280 patterns as seven sets do.
"""


class Spans:
    """Patterns each looked for alone. Each must have passed ``checked``; they are told apart by their place."""

    def __init__(self, patterns: Sequence[str]) -> None:
        # Made when it is first asked for: an interview has a few of the hundreds.
        self.span: Callable[[int], Span] = cache(lambda place: _span_of(patterns[place]))
        """Looks for the pattern of a place."""

    def every(self, place: int, text: str) -> Iterator[tuple[int, int]]:
        """Where each of what ``place`` finds in ``text`` begins and ends, in characters, from left to right."""
        start, span = 0, self.span(place)
        while found := span(text[start:] if start else text):
            first, last = found
            yield start + first, start + last
            start += last


class Patterns(Spans):
    """Patterns made ready to be looked for together: one pass over a text finds which of them it holds."""

    def __init__(self, patterns: Sequence[str]) -> None:
        super().__init__(patterns)
        self._sets = _sets([_for_re2(pattern) for pattern in patterns], 0) if patterns else []

    def found_in(self, text: str) -> list[int]:
        """The places of those that ``text`` holds, in order."""
        raw = text.encode()
        found: list[int] = []
        for one in self._sets:
            found += one.found_in(raw)
        found.sort()
        return found

    def first(self, places: Iterable[int], text: str) -> tuple[int, int]:
        """Where the first of ``places`` begins and ends in ``text``, in characters; of those that begin at once, it is
        the first named. Each has to be one that ``found_in`` has found in ``text``.
        """
        found = [self.span(place)(text) for place in places]
        spans = [span for span in found if span]
        if len(spans) < len(found):
            raise LookupError(_GONE)
        return spans[0] if len(spans) == 1 else min(spans, key=_begin)


class _Set:
    """Some of the patterns, those from place ``first`` on; ``together`` finds which, unless it has no memory left."""

    def __init__(self, together: "re2.Set | None", written: Sequence[str], first: int) -> None:
        self._match = together.Match if together else _nothing
        self._written = written
        self._alone: list[Any] = []
        self._first = first
        self._sentinel = len(written)

    def found_in(self, raw: bytes) -> list[int]:
        held: list[int] = self._match(raw) or []
        if self._sentinel in held:
            held.remove(self._sentinel)
        else:
            held = self._one_by_one(raw)
        return [self._first + place for place in held] if self._first else held

    def _one_by_one(self, raw: bytes) -> list[int]:
        self._alone = self._alone or [_compiled(one) for one in self._written]
        return [place for place, one in enumerate(self._alone) if one.search(raw)]


def _nothing(_: bytes) -> None:
    return None


def _sets(written: Sequence[str], first: int) -> list[_Set]:
    """As few as are quick: what does not fit the memory of one, or would fill it, is halved."""
    import re2

    if len(written) > _MOST_IN_SET:
        half = len(written) // 2
        return _sets(written[:half], first) + _sets(written[half:], first + half)
    together = re2.Set.SearchSet(_options())
    for one in written:
        together.Add(one)
    # A set that runs out of memory on a text answers as if it held nothing. This one, the last, is held by every text.
    together.Add("")
    try:
        together.Compile()
    except re2.error:
        if len(written) == 1:
            return [_Set(None, written, first)]
        half = len(written) // 2
        return _sets(written[:half], first) + _sets(written[half:], first + half)
    return [_Set(together, written, first)]


# --- where it is ----------------------------------------------------------------------------------------------------

Span = Callable[[str], tuple[int, int] | None]
"""Where something begins and ends in a text, in characters; None: nowhere."""
_GONE: Final = "the pattern is not in the text"
_begin: Final = itemgetter(0)
_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()]")
_ALIKE: Final = re.compile(
    r"(?:[^\\.^$*+?{}\[\]|()]|\.|\((?!\?)|\(\?:|\)(?!\{)|\||\[\^?[^\\^\[\]&~|-]+\]|\?(?![?+])|\{[0-9]*,[0-9]+\}(?![?+]))+"
)
"""What ``re`` and RE2 read alike, with nothing in it that repeats without end."""
_MAYBE: Final = re.compile(r"(?<!\()\?")
_GAP: Final = re.compile(r"\{([0-9]*),([0-9]+)\}")
_PAREN: Final = re.compile(r"[()]")
_LITTLE: Final = 5_000
"""Work at one place of a text: the 20,000 of the longest answer are tried within a second or two."""


def _span_of(pattern: str) -> Span:
    if not _SPECIAL.search(pattern):
        length = len(pattern)

        def of_words(text: str) -> tuple[int, int] | None:
            start = text.find(pattern)
            return None if start < 0 else (start, start + length)

        return of_words
    if _ALIKE.fullmatch(pattern) and _work(pattern) <= _LITTLE:
        # RE2's binding takes ten times as long over an answer, for it is written in Python.
        search_text = re.compile(pattern).search

        def of_text(text: str) -> tuple[int, int] | None:
            found = search_text(text)
            return found and found.span()

        return of_text
    search = _compiled(_for_re2(pattern)).search

    def of_bytes(text: str) -> tuple[int, int] | None:
        raw = text.encode()
        found = search(raw)
        if found is None:
            return None
        start, end = found.span()
        begins = len(raw[:start].decode())
        return begins, begins + len(raw[start:end].decode())

    return of_bytes


def _work(pattern: str) -> int:
    """No less than the characters that ``re`` may look at for a pattern that is ``_ALIKE`` at one place of a text: the
    ways to try times the length of each.
    """
    ways: int = 2 ** len(_MAYBE.findall(pattern))
    length = len(pattern)
    for least, most in _GAP.findall(pattern):
        ways *= max(1, int(most) - int(least or 0) + 1)
        length += int(most)
    for part in _PAREN.split(pattern):
        ways *= part.count("|") + 1
    return ways * length
