"""What a cell of a spreadsheet says to who reads it there: its value, the way its number format shows it (F1).

The digits are those of the value, all of them, for ``12.35`` in place of 12.3456 is a way of showing it and no other
number; what divides thousands is left out. All else that a format makes of a value is a part of what is read: zeros in
front, a percent sign, a currency, words. Where the two say different things, both are given, and what the cell is for
decides (``cells``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from typing import Final

from .number_formats import NumberFormat, Part, Section, Token, UnknownFormatError
from .shown_dates import date_shown
from .source import FAILED, UNKNOWN, Mark, MarkKind

_NUMBER: Final = Mark(MarkKind.NUMBER)
_EXACT: Final = Decimal(10) ** 15
"""A spreadsheet keeps fifteen digits; those behind them are zeros, whatever was typed."""
_LEAST: Final = 1e-15
"""What is nearer to zero is what is left of a sum that is zero."""
_MOST_PLACES: Final = 12
_NO_OTHER_NUMBER: Final = re.compile(r"[^\d.,()+\-\u2212\u2013]*")
"""What may stand before or behind digits without making them another number."""
_NEGATIVE: Final = re.compile(r"[-\u2212\u2013\u2014()\u25b2\u25b3]|负")
_DASHES: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]*")
_TIMES: Final = {
    "k": 3, "千": 3, "thousand": 3, "万": 4, "十万": 5, "m": 6, "mm": 6, "mn": 6, "mio": 6, "million": 6, "百万": 6,
    "千万": 7, "亿": 8, "萬": 4, "億": 8, "十亿": 9, "b": 9, "bn": 9, "billion": 9, "万亿": 12, "t": 12,
}  # fmt: skip
"""Words for powers of ten, which formats put behind what they divide by a thousand."""
_WORD: Final = re.compile(r"\s*([A-Za-z]+|[十百千万亿萬億]+)")


def number_shown(format_: NumberFormat | None, content: str, *, since_1904: bool) -> tuple[str, Mark | None]:
    """A number as a cell shows it, and what it is. ``format_``: None, one that cannot be read.

    Raises ``ValueError`` where ``content`` is no number.
    """
    number = float(content)
    if not isfinite(number):
        return FAILED, None
    # A spreadsheet keeps sixteen digits and shows fifteen: 0.3, not 0.30000000000000004.
    value = Decimal(f"{number:.15g}") if abs(number) >= _LEAST else Decimal(0)
    plain = _plain(value)
    try:
        if format_ is None:
            raise UnknownFormatError
        section, own_sign = format_.section(value)
        if section.is_date:
            return date_shown(section, number, plain, since_1904=since_1904)
        return _Number(section, value, own_sign=own_sign).read()
    except UnknownFormatError:
        return plain, Mark(MarkKind.UNSHOWN, UNKNOWN)


def text_shown(section: Section | None, text: str) -> tuple[str, Mark | None]:
    """A text as a cell shows it: ``"EMP"@`` puts a word before it, ``;;;`` hides it."""
    if section is None or not text:
        return text, None
    shown = "".join(
        text if token.part is Part.TEXT else token.text
        for token in section.tokens
        if token.part in (Part.TEXT, Part.LITERAL, Part.CURRENCY)
    )
    if Part.TEXT in section.parts:
        return (shown if shown.strip() != text.strip() else text), None
    return text, Mark(MarkKind.UNSHOWN, shown.strip())


def _plain(value: Decimal) -> str:
    """A number's digits; of one that has more than a spreadsheet keeps, no more than it has."""
    if abs(value) >= _EXACT:
        return f"{value.normalize():E}"
    return f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The digits of a section: what stands before the point and behind it, by how much the value is divided, and
    whether more than digits stands between them.
    """

    before: tuple[Token, ...]
    behind: tuple[Token, ...]
    power: int
    parted: bool

    def digits(self, number: Decimal, places: int | None = None) -> str:
        """The digits of a number that is not negative: all of them, or rounded to ``places``; "": it shows none."""
        if places is not None:
            number = number.quantize(Decimal(1).scaleb(-min(places, _MOST_PLACES)), ROUND_HALF_UP)
        whole, _, fraction = f"{number:f}".partition(".")
        places_shown = [token.text == "0" for token in self.behind]
        fraction = fraction.rstrip("0").ljust(len(places_shown) - _leading_false(reversed(places_shown)), "0")
        slots = [token.text for token in self.before if token.part is Part.DIGIT]
        whole = whole.lstrip("0").rjust(len(slots) - _leading_false(one == "0" for one in slots), "0")
        if not whole and fraction:
            whole = "0"
        return f"{self._spread(whole)}.{fraction}" if fraction else self._spread(whole)

    def _spread(self, whole: str) -> str:
        """Digits with what stands between their places: ``00-0000``."""
        if not self.parted:
            return whole
        shown: list[str] = []
        left = list(whole)
        places = sum(token.part is Part.DIGIT for token in self.before)
        for token in reversed(self.before):
            if token.part is not Part.DIGIT:
                shown.append(token.text)
                continue
            places -= 1
            if left:
                shown.append("".join(left) if places == 0 else left.pop())
        return "".join(reversed(shown))


def _leading_false(flags: Iterator[bool]) -> int:
    count = 0
    for flag in flags:
        if flag:
            return count
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class _Plan:
    """A section of numbers as it is gone by for every value: what stands around the digits, and how they stand.
    ``pattern``: None, all digits there are; ``digits``: whether there are any.
    """

    prefix: str
    suffix: str
    hundreds: int
    digits: bool
    pattern: _Pattern | None


@lru_cache(maxsize=1024)
def _plan(section: Section) -> _Plan:
    """Raises ``UnknownFormatError``."""
    tokens = section.tokens
    places = [at for at, token in enumerate(tokens) if token.part in (Part.DIGIT, Part.GENERAL)]
    first, last = (places[0], places[-1]) if places else (len(tokens), len(tokens) - 1)
    if first and tokens[first - 1].part is Part.POINT:
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1].part in (Part.COMMA, Part.POINT):
        last += 1
    if last + 1 < len(tokens) and tokens[last + 1].part is Part.SLASH:
        # A fraction in eighths.
        end = last + 2
        while end < len(tokens) and tokens[end].text.isdecimal():
            end += 1
        last = end - 1 if end > last + 2 else last
    core = tokens[first : last + 1]
    parts = {token.part for token in core}
    if Part.GENERAL in parts and len(core) > 1:
        raise UnknownFormatError
    simple = not parts or bool(parts & {Part.GENERAL, Part.EXPONENT, Part.SLASH})
    hundreds = sum(token.part is Part.PERCENT for token in tokens)
    around = (_text(tokens[:first]), _text(tokens[last + 1 :]))
    return _Plan(*around, hundreds, bool(core), None if simple else _pattern(core))


class _Number:
    """A value in a section that shows numbers, or words in their place."""

    def __init__(self, section: Section, value: Decimal, *, own_sign: bool) -> None:
        self._value = value
        self._section = section
        self._own_sign = own_sign
        self._plan = _plan(section)

    def read(self) -> tuple[str, Mark]:
        """The text it shows, with all of its digits, and what it is."""
        value = self._value.scaleb(2 * self._plan.hundreds)
        pattern = self._plan.pattern
        if not self._plan.digits:
            return self._without_digits()
        if abs(value) >= _EXACT:
            return _plain(value), _NUMBER
        if pattern is None:
            return self._whole(_plain(abs(value)), parted=False)
        number = abs(value).scaleb(-pattern.power)
        rounded = pattern.digits(number, len(pattern.behind))
        if not rounded:
            return self._without_digits()
        if pattern.power and value:
            return self._divided(rounded, pattern.power)
        return self._whole(pattern.digits(number), parted=pattern.parted)

    def _whole(self, digits: str, *, parted: bool) -> tuple[str, Mark]:
        text, signed = self._with_signs(digits, self._plan.suffix)
        if not signed:
            return _plain(self._value), Mark(MarkKind.UNSHOWN, text)
        if parted or self._is_mistakable(self._plan.suffix):
            return text, Mark(MarkKind.NUMBER, _plain(self._value))
        return text, _NUMBER

    def _divided(self, shown: str, power: int) -> tuple[str, Mark]:
        """12,345 as 1.2万: the value, where a word says by how much it is divided."""
        plain = _plain(abs(self._value))
        suffix = self._plan.suffix
        found = _WORD.match(suffix)
        shown, signed = self._with_signs(shown, suffix)
        if signed and found and _TIMES.get(found[1].casefold()) == power:
            rest = suffix[found.end() :]
            if not self._is_mistakable(rest):
                return self._with_signs(plain, rest)[0], _NUMBER
        return self._with_signs(plain, "")[0] if signed else _plain(self._value), Mark(
            MarkKind.UNSHOWN, shown
        )

    def _without_digits(self) -> tuple[str, Mark]:
        """Words, a dash for nothing, or nothing at all."""
        shown = (self._plan.prefix + self._plan.suffix).strip()
        words = shown
        for token in self._section.tokens:
            if token.part is Part.CURRENCY:
                words = words.replace(token.text, "")
        if not self._value and words and _DASHES.fullmatch(re.sub(r"[^\W\d_]{0,3}\$|[¥€£￥]", "", words)):
            return "0", _NUMBER
        return _plain(self._value), Mark(MarkKind.UNSHOWN, shown)

    def _with_signs(self, digits: str, suffix: str) -> tuple[str, bool]:
        """The text, and whether it shows a negative value as one: by a minus sign, brackets, or a colour."""
        sign = ""
        signed = True
        if self._value < 0:
            around = self._plan.prefix + suffix
            signed = not self._own_sign or self._section.coloured or bool(_NEGATIVE.search(around))
            sign = "-" if signed else ""
        return f"{sign}{self._bare(self._plan.prefix).lstrip()}{digits}{self._bare(suffix)}".strip(), signed

    def _is_mistakable(self, suffix: str) -> bool:
        """Whether what stands around the digits may be taken for a part of the number."""
        around = (self._bare(self._plan.prefix), self._bare(suffix))
        return not all(_NO_OTHER_NUMBER.fullmatch(one) for one in around)

    def _bare(self, around: str) -> str:
        """What stands around a number without its sign."""
        if self._value < 0 and self._own_sign:
            return _NEGATIVE.sub("", around)
        return "" if around.strip() == "+" else around


def _text(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text for token in tokens)


def _pattern(core: tuple[Token, ...]) -> _Pattern:
    """The places of digits of a number's section; raises ``UnknownFormatError``."""
    point = next((i for i, token in enumerate(core) if token.part is Part.POINT), len(core))
    before, behind = core[:point], core[point + 1 :]
    thousands = 0
    kept: list[Token] = []
    for half in (before, behind):
        last = max((i for i, token in enumerate(half) if token.part is Part.DIGIT), default=-1)
        thousands += sum(token.part is Part.COMMA for token in half[last + 1 :])
    for token in behind:
        if token.part not in (Part.DIGIT, Part.COMMA):
            raise UnknownFormatError
    for token in before:
        if token.part in (Part.DIGIT, Part.LITERAL):
            kept.append(token)
        elif token.part is not Part.COMMA:
            raise UnknownFormatError
    places = tuple(token for token in behind if token.part is Part.DIGIT)
    between = [i for i, token in enumerate(kept) if token.part is Part.LITERAL]
    if len(between) == 1 and kept[between[0]].text == "." and not places and thousands:
        # 0!.0,"万" has no point but a sign that looks like one: its digits are ten times what it seems.
        places = tuple(kept[between[0] + 1 :])
        return _Pattern(tuple(kept[: between[0]]), places, 3 * thousands + len(places), parted=False)
    return _Pattern(tuple(kept), places, 3 * thousands, parted=bool(between))
