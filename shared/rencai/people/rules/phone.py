"""Phone numbers as people write them (A6). No country is guessed: what does not say its own is itself only, but for a
Chinese mobile, which eleven digits make on their own.
"""

import re
from itertools import pairwise
from typing import Final

from rencai.kernel.seen import numbered

_LABEL: Final = re.compile(
    r"(?:[^\d+():]{1,12}:|tel|phone|mobile|mob|cell|电话|手机号?|联系电话|座机)\s*[:.]?\s*", re.IGNORECASE
)
_AROUND: Final = " \t\r\n'\"“”‘’,;、。."
"""What a list or a sentence leaves around a number, and a spreadsheet before one that is to stay a text."""
_OF_A_FLOAT: Final = re.compile(r"(\d{10,})\.0+$", re.ASCII)
"""A spreadsheet took the number for one to calculate with."""
_REMARK: Final = re.compile(r"\([^\d()]+\)")
"""Words in brackets: (微信同号), (home)."""
_EXTENSION: Final = re.compile(
    r"[\s,;(]*(?:转接|转|分机号|分机|ext(?:ension|n)?|extn|x|#)[\s.:=号]*([0-9]{1,7})\)?$", re.IGNORECASE
)
_TRUNK: Final = re.compile(r"\(\s*0\s*\)")
_NOISE: Final = re.compile(r"[\s\-()\[\]【】.·・/_]")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_KEEPS_ITS_ZERO: Final = ("+39", "+378", "+379")
"""Italy and what dials as it: the zero is part of the number."""
_CHINESE_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_CHINESE: Final = re.compile(r"1[3-9][0-9]{9}|(?:10|2[0-9])[0-9]{8}|[3-9][0-9]{2}[0-9]{7,8}", re.ASCII)
"""Of China, without country code and leading zero: mobiles, and fixed lines with their area's code."""
_AS_CHINESE: Final = re.compile(r"\+?(?:00|0)?860?([1-9][0-9]{9,10})", re.ASCII)
_NORTH_AMERICAN: Final = re.compile(
    r"1[\s\-.(]+([2-9][0-9]{2})[\s\-.)]*([2-9][0-9]{2})[\s\-.]*([0-9]{4})", re.ASCII
)
_SHORTEST_OF_NO_COUNTRY: Final = 10
"""Digits from which on two people hardly have the same by chance."""
_LONGEST: Final = 60


def international(text: str) -> str | None:
    """E.164; a Chinese mobile without a country code gets +86. None for what is no such number, or has an extension:
    nobody can send a message there.

    >>> international(" 138-0000 0001"), international("(86)0755-8888 6666"), international("8888")
    ('+8613800000001', '+8675588886666', None)
    """
    number, extension = _parted(text)
    return number if number.startswith("+") and not extension else None


def textable(text: str | None) -> str | None:
    """E.164 of a phone that can get a text message; None for what is none. A fixed line in China gets none: a carrier
    may take the message and say nothing of it.

    >>> textable("138-0000 0001"), textable("+86 755 8888 6666"), textable("+44 20 7946 0958"), textable(None)
    ('+8613800000001', None, '+442079460958', None)
    """
    number = international(text) if text else None
    if number and number.startswith("+86") and not _CHINESE_MOBILE.fullmatch(number[3:]):
        return None
    return number


def compared(text: str) -> str | None:
    """By which a number is the same again: E.164, with its extension as RFC 3966 has it; of what says no country its
    digits, where there are ten or more. None for what is no number.

    >>> compared("+86 (0)755 8888 6666 转8001"), compared("0755-88886666")
    ('+8675588886666;ext=8001', '075588886666')
    """
    number, extension = _parted(text)
    if not number.startswith("+") and (len(number) < _SHORTEST_OF_NO_COUNTRY or is_filler(number)):
        return None
    return f"{number};ext={extension}" if extension else number


def is_filler(digits: str) -> bool:
    """Whether these are no digits, one over and over, or a run up or down, with 0 after 9: what people write to get
    past a form.
    """
    numbers = [int(one) for one in digits if one.isdecimal()]
    steps = {(after - before) % 10 for before, after in pairwise(numbers)}
    return not steps or steps in ({0}, {1}, {9})


def _parted(text: str) -> tuple[str, str]:
    """The number, "": there is none; and its extension."""
    written = _OF_A_FLOAT.sub(r"\1", numbered(text).strip(_AROUND))
    if len(written) > _LONGEST:
        return "", ""
    if label := _LABEL.match(written):
        written = written[label.end() :]
    written = _REMARK.sub("", written).strip(_AROUND)
    # As ``compared`` gives it, and as people do.
    extension = ""
    if found := _EXTENSION.search(written):
        written, extension = written[: found.start()], found[1]
    if american := _NORTH_AMERICAN.fullmatch(written):
        # A 1 that stands by itself is a country code, and no mobile's first digit; yet nothing says so for sure.
        return f"1-{''.join(american.groups())}", extension
    digits = _NOISE.sub("", written)
    if (china := _AS_CHINESE.fullmatch(digits)) and _CHINESE.fullmatch(china[1]):
        return f"+86{china[1]}", extension
    whole = digits
    if not digits.startswith(_KEEPS_ITS_ZERO):
        digits = _NOISE.sub("", _TRUNK.sub("", written))
    digits = re.sub(r"^\+?00", "+", digits)
    if _CHINESE_MOBILE.fullmatch(digits):
        digits = f"+86{digits}"
    if _E164.fullmatch(digits):
        return digits, extension
    return (whole, extension) if re.fullmatch(r"[0-9]{3,15}", whole) else ("", "")
