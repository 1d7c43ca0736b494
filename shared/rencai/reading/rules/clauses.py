"""What was said, in sentences and clauses, and of whom, when and how seriously each clause speaks.

A clause that has a claim's words need not make the claim: it may deny it (没有带过团队), say it of somebody else
(我以前的领导带过二十人), of a time that is over, suppose it, wish for it, or have it from hearsay. ``Scope`` says which
of these a place in a clause is under. Which words do that is a versioned document: a reader of before reads as it did.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from operator import attrgetter, itemgetter
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from rencai.kernel.configuration import Kind

Word = Annotated[str, Field(min_length=1, max_length=40)]
_Words = Annotated[tuple[Word, ...], Field(max_length=400)]


class Scope(IntFlag):
    """What takes a clause's words back, in part or whole; nothing: the speaker says it of themself, and so it is."""

    DENIED = 1
    OTHERS = 2
    OVER = 4
    SUPPOSED = 8
    WISHED = 16
    HEARSAY = 32
    ASKED = 64


class ScopeWords(BaseModel):
    """The words that put what stands beside them under a scope. Literal, small letters, simplified characters.

    ``denies`` reaches from itself to the clause's end, ``denies_before`` back to its beginning (压力大谈不上). Longer
    words of ``no_denial`` are looked for first: 不仅. ``others`` at the head of a clause makes somebody else its
    subject, up to a word of ``mine``; ``others_of_mine`` are others though they begin with one (我领导). ``over`` and
    ``supposed`` hold until a word of ``now``, or the sentence's end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    denies: _Words = ()
    denies_before: _Words = ()
    no_denial: _Words = ()
    mine: _Words = ()
    others: _Words = ()
    others_of_mine: _Words = ()
    over: _Words = ()
    now: _Words = ()
    supposed: _Words = ()
    wished: _Words = ()
    no_wish: _Words = ()
    hearsay: _Words = ()
    asked: _Words = ()
    turns: _Words = ()
    """What follows weighs more than what stood before: 但是, but."""

    def joined(self, more: "ScopeWords") -> "ScopeWords":
        """These and ``more``."""
        return ScopeWords.model_validate(
            {name: (*getattr(self, name), *getattr(more, name)) for name in ScopeWords.model_fields}
        )


SCOPE_WORDS: Final = Kind("scope_words", ScopeWords)
"""One for all kinds of words."""


# --- letters ----------------------------------------------------------------------------------------------------------


@cache
def _table() -> dict[int, str]:
    # Full-width to ASCII, one character for one, so that places stay what they are.
    table = {0xFF01 + at: chr(0x21 + at) for at in range(94)}
    table |= {
        0x3000: " ",
        0xA0: " ",
        0x2019: "'",
        0x2018: "'",
        0x201C: '"',
        0x201D: '"',
        0x3002: ".",
        0x3001: "、",
    }
    table |= {at: chr(at + 32) for at in range(0x41, 0x5B)}
    table |= {0xFF21 + at: chr(0x61 + at) for at in range(26)}
    return table


def plain(text: str, simplified: Mapping[int, str] | None = None) -> str:
    """Small letters, half width, simplified characters, as long as ``text``: character for character."""
    flat = text.translate(_table())
    return flat.translate(simplified) if simplified else flat


def simplified_of(pairs: str) -> dict[int, str]:
    """Pairs of a traditional character and its simplified one, as ``plain`` takes them."""
    return {ord(traditional): simple for traditional, simple in zip(pairs[::2], pairs[1::2], strict=True)}


# --- sentences and clauses --------------------------------------------------------------------------------------------

_SENTENCE_END: Final = re.compile(r"[!?;\n\uff1b]+|\.(?![0-9a-z])|(?<=[\u3400-\u9fff])\.")
_CLAUSE_END: Final = re.compile(
    r"(?<![0-9]),|,(?![0-9])|:(?![0-9])|\.\.+|\u2026+|\u2014+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)


_BESIDE: Final = frozenset("跟和与对被给向替帮找陪为把让")
"""Before somebody whom the speaker deals with, at the head of a clause too: 跟客户打交道."""


@dataclass(slots=True)
class Clause:
    """``text[start:end]`` of what was said. ``subject`` is a ``Scope``'s number, for all of it. ``turned``: it comes
    after a word that turns the sentence (但是).
    """

    start: int
    end: int
    subject: int
    turned: bool
    denials: Sequence[int]
    denied_before: int
    """Places where a denial ends, in order, which reaches from there on; and up to where one reaches back."""

    def scope_at(self, place: int) -> int:
        """What the words at ``place`` of the text are under: a ``Scope``'s number."""
        if place < self.denied_before or (self.denials and place >= self.denials[0]):
            return self.subject | _DENIED
        return self.subject


@dataclass(slots=True)
class Parsed:
    """A text as it is looked at, character for character (``plain``), and its clauses by sentence."""

    plain: str
    sentences: Sequence[tuple[int, int]]
    clauses: Sequence[Clause]

    def at(self, place: int) -> Clause | None:
        """The clause in which ``place`` is, or the next: a pattern may begin with what stands before one."""
        number = bisect_right(self.clauses, place, key=_end)
        return self.clauses[number] if number < len(self.clauses) else None

    def sentence_at(self, place: int) -> Sequence[Clause]:
        """The clauses of the sentence in which ``place`` is."""
        number = self.sentence_number(place)
        if number is None:
            return ()
        first, last = self.sentences[number]
        return self.clauses[
            bisect_left(self.clauses, first, key=_start) : bisect_left(self.clauses, last, key=_start)
        ]

    def sentence_number(self, place: int) -> int | None:
        """Which of the sentences ``place`` is in; None: it is between two."""
        number = bisect_right(self.sentences, place, key=_last)
        return number if number < len(self.sentences) and self.sentences[number][0] <= place else None


_start: Final = attrgetter("start")
_end: Final = attrgetter("end")
_last: Final = itemgetter(1)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where the sentences of ``text[start:end]`` of a ``plain`` text begin and end, blank ones left out."""
    return _parts(text, start, len(text) if end is None else end, _SENTENCE_END)


def _parts(text: str, start: int, end: int, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for found in ends.finditer(text, start, end):
        if found.start() > start and not text[start : found.start()].isspace():
            yield start, found.start()
        start = found.end()
    if end > start and not text[start:end].isspace():
        yield start, end


class Scopes:
    """Scope words made ready."""

    def __init__(self, words: ScopeWords) -> None:
        self._find = _Found(
            ("no_denial", words.no_denial),
            ("no_wish", words.no_wish),
            ("denies_before", words.denies_before),
            ("denies", words.denies),
            ("others_of_mine", words.others_of_mine),
            ("others", words.others),
            ("mine", words.mine),
            ("over", words.over),
            ("now", words.now),
            ("supposed", words.supposed),
            ("wished", words.wished),
            ("hearsay", words.hearsay),
            ("asked", words.asked),
            ("turns", words.turns),
        )

    def parsed(self, text: str) -> Parsed:
        """A whole ``plain`` text."""
        found = list(sentences(text))
        return Parsed(text, found, [clause for one in found for clause in self.clauses(text, *one)])

    def clauses(self, text: str, start: int, end: int) -> list[Clause]:
        """The clauses of the sentence ``text[start:end]`` of a ``plain`` text, each with what it is under."""
        found: list[Clause] = []
        held = 0
        turned = False
        for begin, stop in _parts(text, start, end, _CLAUSE_END):
            at, before = begin, 0
            denials: list[int] = []
            scope = held & _HELD
            for kind, first, last in self._find(text, begin, stop):
                match kind:
                    case "turns":
                        if first > at:
                            found.append(Clause(at, first, scope, turned, denials, before))
                        at, denials, before, turned = first, [], 0, True
                        scope &= _TURNED
                    case "denies":
                        denials.append(last)
                    case "denies_before":
                        before = first
                    case "others" | "others_of_mine":
                        # Somebody later in the clause is whom the speaker deals with: 我跟同事说.
                        beside = first > at and text[first - 1] in _BESIDE
                        if kind == "others_of_mine" or (first - at <= 2 and not beside):
                            scope |= _OTHERS
                    case _:
                        scope = scope & ~_ENDS.get(kind, 0) | _BEGINS.get(kind, 0)
            found.append(Clause(at, stop, scope, turned, denials, before))
            held = scope
        return found


# Numbers, for a ``Scope`` is slow to reckon with: three hundred are in an interview.
_DENIED: Final = int(Scope.DENIED)
_OTHERS: Final = int(Scope.OTHERS)
_HELD: Final = int(Scope.DENIED | Scope.OTHERS | Scope.OVER | Scope.SUPPOSED)
_TURNED: Final = int(Scope.DENIED | Scope.HEARSAY | Scope.ASKED)
_BEGINS: Final = {
    "over": int(Scope.OVER),
    "supposed": int(Scope.SUPPOSED),
    "wished": int(Scope.WISHED),
    "hearsay": int(Scope.HEARSAY),
    "asked": int(Scope.ASKED),
}
_ENDS: Final = {"mine": _OTHERS, "now": int(Scope.OVER)}


class _Found:
    """Words of several kinds, the longest at a place first; letters not within longer words."""

    def __init__(self, *kinds: tuple[str, Iterable[str]]) -> None:
        of_word: dict[str, str] = {}
        for kind, words in kinds:
            for word in words:
                of_word.setdefault(unicodedata.normalize("NFKC", word).lower(), kind)
        self._of_word = of_word
        ordered = sorted(of_word, key=len, reverse=True)
        latin = _either(word for word in ordered if word.isascii())
        others = _either(word for word in ordered if not word.isascii())
        parts = [rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else "", others]
        self._search = re.compile("|".join(filter(None, parts)) or r"(?!)")

    def __call__(self, text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        for found in self._search.finditer(text, start, end):
            yield self._of_word[found.group()], found.start(), found.end()


def _either(words: Iterable[str]) -> str:
    """A pattern for the first of the words that is there; by first letters, for ``re`` tries alternatives in turn."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
