"""Hundreds of patterns looked for in a sentence: first the few that can be in it, then those alone.

A paraphrase is verbs times objects (``(?:lead|run|manage).{0,9}(?:team|crew|shift)``); held together, hundreds of them
with their gaps are an automaton of millions of states, which no cache holds. But each has words of which one must be
there, its gates: the sentence's characters, two and four in a row, open some, and a pattern whose gates are not open
need not be tried.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from typing import Final

from rencai.kernel.patterns import Spans

_Gate = frozenset[str]
_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()]")
_MARK: Final = re.compile(r"\\.|\[.[^\]]*\]|([()|])", re.DOTALL)
_UNGATED: Final = re.compile(
    r"""\\\\                                              # a backslash itself, and what follows is not behind one
      | ( [?*+}]\?                                       # as little as possible
        | \(\?(?!:)                                      # flags, names
        | \\(?![dDwWsSAzZtnrfva])[0-9A-Za-z]            # a letter by its number, a class by its name
        | \\\] | \[\^?\]                                # a bracket in brackets
        | \{(?!(?:[0-9]+(?:,[0-9]*)?|,[0-9]*)\})         # a brace that is one
        )""",
    re.VERBOSE,
)
"""What is in few patterns, and whose words are not looked for here: such a pattern is always tried, and whole. Some
that only look like these are among them.
"""
_ASCII: Final = re.compile("[\\x00-\\x7f]{3}")
_GATES: Final = 3
"""Looked at of each pattern, the narrowest: more are seldom there, and none saves more than it costs."""
_REPEATS: Final = "?*+{"
_RARE: Final = {1: 400.0, 2: 80.0, 3: 20.0, 4: 5.0}
"""How often one, two, three and four letters in a row are met, against two Han characters."""


class Gated:
    """Patterns made ready to be looked for; each must have passed ``checked``; told apart by place."""

    def __init__(self, patterns: Sequence[str]) -> None:
        branches = [(place, branch) for place, one in enumerate(patterns) for branch in _branches(one)]
        self._places = [place for place, _ in branches]
        self._spans = Spans([branch for _, branch in branches])
        # A bit a gate: first all branches' narrowest ones, then their next ones.
        self._count = len(branches)
        self._always = 0
        self._opens: dict[str, int] = {}
        for at, (_, branch) in enumerate(branches):
            gates = [] if _ungated(branch) else sorted(_gates(branch), key=_width)[:_GATES]
            for number in range(_GATES):
                bit = 1 << (at + number * self._count)
                if number >= len(gates):
                    self._always |= bit
                else:
                    for gram in gates[number]:
                        self._opens[gram] = self._opens.get(gram, 0) | bit
        self._grams = frozenset(self._opens)

    def found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """The place of each pattern that ``text`` has, and where each of its finds begins and ends."""
        span, every = self._spans.span, self._spans.every
        for at in self._candidates(text):
            if span(at)(text):  # most are not there
                for start, end in every(at, text):
                    yield self._places[at], start, end

    def _candidates(self, text: str) -> Iterator[int]:
        opened, opens = self._always, self._opens
        for gram in _grams(text) & self._grams:
            opened |= opens[gram]
        left = opened & ((1 << self._count) - 1)
        for number in range(1, _GATES):
            left &= opened >> (number * self._count)
        # From the lowest bit on: a text is quicker gone through than a number of thousands of bits is shifted.
        bits = f"{left:b}"[::-1]
        at = bits.find("1")
        while at >= 0:
            yield at
            at = bits.find("1", at + 1)


def _grams(text: str) -> set[str]:
    """One to four characters in a row."""
    found = set(text)
    found.update(map("".join, pairwise(text)))
    if _ASCII.search(text):
        found.update([text[at : at + 3] for at in range(len(text) - 2)])
        found.update([text[at : at + 4] for at in range(len(text) - 3)])
    return found


def _gram(run: str) -> str:
    return run[:4] if run[0].isascii() and run[:4].isascii() else run[:2]


def _width(gate: Set[str]) -> float:
    """How often it is open, roughly."""
    return sum(_RARE[len(gram)] if gram.isascii() else 60.0 if len(gram) == 1 else 1.0 for gram in gate)


def _ungated(pattern: str) -> bool:
    return any(found[1] for found in _UNGATED.finditer(pattern))


def _branches(pattern: str) -> list[str]:
    return [pattern] if _ungated(pattern) else _alternatives(pattern)


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars that are in no group."""
    parts, depth, start = [], 0, 0
    for at, kind in _marks(pattern):
        depth += (kind == "(") - (kind == ")")
        if kind == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
    return [*parts, pattern[start:]]


def _marks(pattern: str) -> Iterator[tuple[int, str]]:
    """Where its groups begin and end, and its bars; what stands in brackets or behind a backslash is none."""
    for found in _MARK.finditer(pattern):
        if found[1]:
            yield found.start(), found[1]


def _gates(pattern: str) -> list[_Gate]:
    """Of each gate one must be in whatever the pattern, one without bars outside groups, finds."""
    if pattern and not _SPECIAL.search(pattern):  # nine in ten are words
        return [frozenset([_gram(pattern)])]
    gates: list[_Gate] = []
    run, at = "", 0
    while at < len(pattern):
        one = pattern[at]
        if one == "(":
            end = (
                at
                + 1
                + next(end for end, kind, depth in _depths(pattern[at + 1 :]) if kind == ")" and depth < 0)
            )
            inner, end = pattern[at + 1 : end], end + 1
        elif one == "[":
            inner, end = None, pattern.index("]", at + 2) + 1
        elif one == "\\":
            inner, end = None, at + 2
        else:
            inner, end = None, at + 1
        repeat = pattern[end] if end < len(pattern) and pattern[end] in _REPEATS else ""
        optional = repeat in ("?", "*") or pattern.startswith(("{0", "{,"), end)
        if one not in "([.\\^$" and not optional:
            run += one
        if run and (one in "([.\\^$" or optional or repeat):
            gates.append(frozenset([_gram(run)]))
            run = ""
        if inner is not None and not optional and inner.startswith("?:"):
            gates += _either(_alternatives(inner[2:]))
        at = end + (pattern.index("}", end) - end + 1 if repeat == "{" else len(repeat))
    if run:
        gates.append(frozenset([_gram(run)]))
    return gates


def _depths(pattern: str) -> Iterator[tuple[int, str, int]]:
    depth = 0
    for at, kind in _marks(pattern):
        depth += (kind == "(") - (kind == ")")
        yield at, kind, depth


def _either(alternatives: Iterable[str]) -> list[_Gate]:
    """The gate of a group: one of each alternative's; none where an alternative has none."""
    grams: set[str] = set()
    for alternative in alternatives:
        gates = _gates(alternative)
        if not gates:
            return []
        grams |= min(gates, key=_width)
    return [frozenset(grams)]
