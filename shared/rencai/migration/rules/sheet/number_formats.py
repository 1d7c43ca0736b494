"""A number format as its parts: the language in which a spreadsheet keeps how a cell is shown (F1).

``"$"#,##0.00;[Red]-0.00;"-";@`` has up to four sections: for positive numbers, negative ones, zero and texts, or for
what ``[>=100]`` in front of them says. What is in quotation marks, or behind ``\\`` or ``!``, is shown as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from .currencies import currency_of

MAX_FORMAT: Final = 500
"""Characters of a format; a spreadsheet takes 255."""
GENERAL: Final = "General"
MACHINES_CURRENCY: Final = "¤"
"""Stands for the sign of the currency of whoever's machine shows it."""
BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¤#,##0;-¤#,##0", 6: "¤#,##0;[Red]-¤#,##0",
    7: "¤#,##0.00;-¤#,##0.00", 8: "¤#,##0.00;[Red]-¤#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: 'AM/PMh"时"mm"分"', 35: 'AM/PMh"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 41: '#,##0;-#,##0;"-"',
    42: '¤#,##0;-¤#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"??', 44: '¤#,##0.00;-¤#,##0.00;"-"??', 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'AM/PMh"时"mm"分"', 56: 'AM/PMh"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"', 67: "0%", 68: "0.00%", 69: "# ?/?", 70: "# ??/??", 71: "d/m/yyyy",
    72: "d-mmm-yy", 73: "d-mmm", 74: "mmm-yy", 75: "h:mm", 76: "h:mm:ss", 77: "d/m/yyyy h:mm", 78: "mm:ss",
    79: "[h]:mm:ss", 80: "mm:ss.0", 81: "d/m/bb",
}  # fmt: skip
"""What a file may name by number only, without saying what it is; other numbers show a value as it is."""

_COLOURS: Final = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}|[黑蓝青绿洋红白黄]色?|洋红色?|颜色 ?\d{1,2}",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,9})?)")
_ELAPSED: Final = re.compile(r"h{1,9}|m{1,9}|s{1,9}", re.IGNORECASE)
_IGNORED: Final = re.compile(r"DBNum\d|NatNum\d{1,2}|ENG", re.IGNORECASE)
_GENERAL: Final = re.compile(r"General|G/通用格式", re.IGNORECASE)
_HALF_DAY: Final = re.compile(r"AM/PM|A/P|上午/下午", re.IGNORECASE)
_LETTERS: Final = re.compile(r"([ymdhsegb])\1*|a{3,4}", re.IGNORECASE)


class UnknownFormatError(Exception):
    """A format that nobody can say what it shows."""


class Part(StrEnum):
    """What a part of a section is."""

    LITERAL = "literal"
    CURRENCY = "currency"
    DIGIT = "digit"
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    EXPONENT = "exponent"
    SLASH = "slash"
    GENERAL = "general"
    TEXT = "text"
    DATE = "date"
    """A run of letters, ``yyyy``; AM/PM; tenths of a second."""
    ELAPSED = "elapsed"
    CONDITION = "condition"
    COLOUR = "colour"
    LOCALE = "locale"
    """Digits, or the order of a date, of a locale."""


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a section as it is written; of what is shown as it is, that."""

    part: Part
    text: str


@dataclass(frozen=True, eq=False)
class Section:
    """One section, the same as itself only: its tokens, the condition in front of it, and whether it has a colour."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    coloured: bool = False
    local: bool = False
    """Whether digits, or the order of a date, are those of a locale."""

    @cached_property
    def parts(self) -> frozenset[Part]:
        """Which there are."""
        return frozenset(token.part for token in self.tokens)

    @cached_property
    def is_date(self) -> bool:
        """Whether it shows a day or a time."""
        return bool(self.parts & {Part.DATE, Part.ELAPSED})

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """What each token shows of a day or a time, "": it is shown as it is. ``M`` are months, ``m`` minutes, which
        stand behind hours or before seconds; ``p`` the half of the day, ``.`` parts of a second.
        """
        before = _nearest(self.tokens)
        behind = _nearest(self.tokens[::-1])[::-1]
        return tuple(map(_letter, self.tokens, before, behind))


def _letter(token: Token, before: str, behind: str) -> str:
    if token.part is not Part.DATE:
        return ""
    if "/" in token.text:
        return "p"
    if token.text[0] == "m" and len(token.text) <= 2 and (before == "h" or behind == "s"):
        return "m"
    return token.text[0].replace("m", "M")


def _nearest(tokens: Sequence[Token]) -> list[str]:
    """Of each token the letter of the last before it that is of days, hours, minutes or seconds."""
    found: list[str] = []
    letter = ""
    for token in tokens:
        found.append(letter)
        if _tells(token):
            letter = token.text[0]
    return found


def _tells(token: Token) -> bool:
    """Whether it is of days, hours, minutes or seconds."""
    return token.part is Part.ELAPSED or (token.part is Part.DATE and token.text[0] in "ymdhs")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format's sections for numbers, and the one for texts (None: they are shown as they are)."""

    sections: tuple[Section, ...]
    text: Section | None

    def section(self, value: Decimal) -> tuple[Section, bool]:
        """The one that shows ``value``, and whether it is there for negative numbers, whose sign it has to show itself.

        Raises ``UnknownFormatError``.
        """
        sections = self.sections
        if any(one.condition for one in sections):
            return _conditional(sections, value), False
        if value < 0 and len(sections) > 1:
            return sections[1], True
        return sections[2 if value == 0 and len(sections) > 2 else 0], False


def _conditional(sections: Sequence[Section], value: Decimal) -> Section:
    if len(sections) > 2 and not sections[1].condition and not _meets(sections[0], value):
        # Whether the second is then for what is negative, spreadsheets do not agree on.
        raise UnknownFormatError
    for one in sections[:-1] if len(sections) > 1 else sections:
        if _meets(one, value):
            return one
    last = sections[-1]
    if last.condition and not _meets(last, value):
        raise UnknownFormatError
    return last


def _meets(section: Section, value: Decimal) -> bool:
    if section.condition is None:
        return False
    sign, other = section.condition
    return {
        "<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other, "=": value == other,
        "<>": value != other,
    }[sign]  # fmt: skip


def parsed_format(code: str) -> NumberFormat:
    """A format as its sections; raises ``UnknownFormatError``."""
    if len(code) > MAX_FORMAT:
        raise UnknownFormatError
    sections = [_section(part) for part in _split(code)]
    if len(sections) > 4:
        raise UnknownFormatError
    text = None
    if len(sections) == 4 or Part.TEXT in sections[-1].parts:
        text = sections.pop()
    if not sections:
        sections = [Section((Token(Part.GENERAL, GENERAL),))]
    if any(Part.TEXT in one.parts for one in sections):
        raise UnknownFormatError
    return NumberFormat(tuple(sections), text)


def _split(code: str) -> list[list[Token]]:
    """The tokens of each section."""
    sections: list[list[Token]] = [[]]
    at = 0
    while at < len(code):
        if code[at] == ";":
            sections.append([])
            at += 1
            continue
        token, at = _token(code, at)
        sections[-1].append(token)
    return sections


def _token(code: str, at: int) -> tuple[Token, int]:
    """The token that begins at a place, and where it ends."""
    one = code[at]
    if one == '"':
        end = code.find('"', at + 1)
        if end < 0:
            raise UnknownFormatError
        return Token(Part.LITERAL, code[at + 1 : end]), end + 1
    if one == "[":
        end = code.find("]", at)
        if end < 0:
            raise UnknownFormatError
        return _bracketed(code[at + 1 : end]), end + 1
    if one in "\\!_*":
        # After _ stands what it leaves the width of, after * what fills the cell.
        return Token(
            Part.LITERAL, code[at + 1 : at + 2] if one in "\\!" else " " if one == "_" else ""
        ), at + 2
    for form, part in ((_GENERAL, Part.GENERAL), (_HALF_DAY, Part.DATE)):
        if found := form.match(code, at):
            return Token(part, found[0]), found.end()
    if code[at : at + 2].upper() in ("E+", "E-"):
        return Token(Part.EXPONENT, code[at : at + 2]), at + 2
    if found := _LETTERS.match(code, at):
        return Token(Part.DATE, found[0].lower()), found.end()
    if one.isascii() and one.isalpha():
        raise UnknownFormatError
    return Token(_SIGNS.get(one, Part.LITERAL), one), at + 1


_SIGNS: Final = {
    ".": Part.POINT, ",": Part.COMMA, "%": Part.PERCENT, "/": Part.SLASH, "@": Part.TEXT, "0": Part.DIGIT,
    "#": Part.DIGIT, "?": Part.DIGIT,
}  # fmt: skip
_NOTHING: Final = Token(Part.LITERAL, "")
_ABOUT: Final = frozenset((Part.CONDITION, Part.COLOUR, Part.LOCALE))
"""What shows nothing by itself."""


def _bracketed(content: str) -> Token:
    if content.startswith("$"):
        symbol, _, locale = content[1:].partition("-")
        if not symbol:
            by_machine = locale.upper() in ("F800", "F400") or locale.startswith("x-sys")
            return Token(Part.LOCALE, locale) if by_machine else _NOTHING
        return Token(Part.CURRENCY, currency_of(symbol, locale))
    if _ELAPSED.fullmatch(content):
        return Token(Part.ELAPSED, content.lower())
    if _CONDITION.fullmatch(content):
        return Token(Part.CONDITION, content)
    if _COLOURS.fullmatch(content):
        return Token(Part.COLOUR, content)
    if _IGNORED.fullmatch(content):
        return Token(Part.LOCALE, content)
    raise UnknownFormatError


def _section(tokens: list[Token]) -> Section:
    about = {token.part: token.text for token in tokens if token.part in _ABOUT}
    found = _CONDITION.fullmatch(about.get(Part.CONDITION, ""))
    condition = (found[1], Decimal(found[2])) if found else None
    kept = [token for token in tokens if token.text and token.part not in _ABOUT]
    if any(token.part in (Part.DATE, Part.ELAPSED) for token in kept):
        kept = _of_a_date(kept)
    return Section(tuple(kept), condition, Part.COLOUR in about, Part.LOCALE in about)


def _of_a_date(tokens: list[Token]) -> list[Token]:
    """The tokens of what shows a day or a time: ``.00`` behind the seconds is a part of them, and other points and
    slashes are shown as they are.
    """
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1] if kept else _NOTHING
        if token.part is Part.DIGIT:
            if token.text != "0" or not (before.part is Part.DATE and before.text.startswith(".")):
                raise UnknownFormatError
            kept[-1] = Token(Part.DATE, before.text + "0")
        elif token.part is Part.POINT and before.text.startswith("s"):
            kept.append(Token(Part.DATE, "."))
        elif token.part in (Part.DATE, Part.ELAPSED, Part.LITERAL):
            kept.append(token)
        elif token.part in (Part.POINT, Part.SLASH, Part.COMMA):
            kept.append(Token(Part.LITERAL, token.text))
        else:
            raise UnknownFormatError
    return kept
