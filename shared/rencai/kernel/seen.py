"""What a person sees of a text. Of what nobody sees - zero widths, marks of order and of direction, soft hyphens,
fillers - two texts must not differ: it comes along when something is copied, and would make another one of it.

``visible`` is for what is compared letter by letter, an id or an option; ``numbered`` for what is read off, a number of
any kind; ``legible`` for names and words, in which some scripts need what joins their letters or keeps them apart.
"""

import re
import unicodedata
from functools import cache
from typing import Any, Final

from pydantic import BeforeValidator

# Patterns are compiled when they are first needed: most cold starts read nothing but ASCII.
_UNSEEN: Final = (
    "[\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""The category Cf, and what is as invisible and not of it: fillers, variation selectors, what is reserved for such."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
"""What is no character at all, but for what breaks a line or divides."""
_BLANK: Final = "\u2800"
"""Braille without a dot: a symbol by its category, and a space to who looks at it."""
_DASHES: Final = "[\u2010-\u2015\u2212\ufe58]"
_JOINERS: Final = "\u200c\u200d"
_ZWJ: Final = "\u200d"
_VIRAMA: Final = 9
"""The combining class of what takes a consonant's vowel away."""
_JOINING: Final = (
    "[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1c4f\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
"""Scripts whose letters have joined and separate forms: Arabic and its relatives, those of India and around, Mongolian.
"""
_MONGOLIAN: Final = "[\u1820-\u18aa]"
_HAN: Final = (
    "[\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufa6d\ufa70-\ufad9\U00016fe2\U00016fe3\U00016ff0-\U00016ff6\U00020000-\U0003fffd]+"
)
"""The script Han of Unicode; its second and third plane are set aside for nothing else."""
_RAISED: Final = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>")


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(_UNSEEN)


def visible(text: str) -> str:
    r"""``text`` without the characters that nobody sees.

    >>> visible("zhou\u200b@example.com")
    'zhou@example.com'
    """
    if text.isascii():
        return text
    return _unseen().sub("", text)


def numbered(text: str) -> str:
    r"""A number of a person's or a thing's - an employee's, a phone, a national id - as it is read off: without what
    nobody sees, and with the digits, letters and dashes of a keyboard where others of their kind look or mean the same.

    >>> numbered("\ufeffＢＣ‑８0１\u200b "), numbered("٢٠٢٦")
    ('BC-801', '2026')
    """
    if text.isascii():
        return text.strip()
    # Without what stood between, a mark may have found its letter; and a wide filler is one only after folding.
    folded = visible(unicodedata.normalize("NFKC", visible(text)))
    return re.sub(_DASHES, "-", _in_ascii_digits(folded)).replace(_BLANK, " ").strip()


def _in_ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(one)) if not one.isascii() and one.isdecimal() else one for one in text
    )


def legible(text: str) -> str:
    r"""``text`` without what nobody sees, but for what its script needs: a joiner or its contrary between two letters
    of Persian, say, or behind a virama; the variant of an ideograph; what makes one picture of several. Of what shows
    nothing at all nothing is left.

    >>> legible("\u202e张\u200b三\ufeff"), legible("\u200c\u200d"), legible("Zhang\x1b San")
    ('张三', '', 'Zhang San')
    """
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    if text.isascii() or not (_unseen().search(text) or text.isspace() or _BLANK in text):
        return text
    kept: list[str] = []
    for at, one in enumerate(text):
        if _is_unseen(one) and not _is_needed(one, kept, text, at):
            continue
        kept.append(one)
    if not any(map(_is_seen, kept)):
        return ""
    return "".join(kept)


def _is_unseen(character: str) -> bool:
    return _unseen().fullmatch(character) is not None


def _is_seen(character: str) -> bool:
    return not (character.isspace() or character == _BLANK or _is_unseen(character))


def _is_needed(one: str, kept: list[str], text: str, at: int) -> bool:
    before = kept[-1] if kept else ""
    if not before:
        return False
    if one in _JOINERS:
        # Of what follows, the next that is seen counts; of a run of joiners the first.
        after = next((other for other in text[at + 1 :] if not _is_unseen(other)), "")
        if one == _ZWJ and _is_picture(before) and _is_picture(after):
            return True
        if one == _ZWJ and unicodedata.combining(before) == _VIRAMA:
            return True
        return _is_joining(before) and _is_joining(after)
    if "\u180b" <= one <= "\u180f":
        return re.fullmatch(_MONGOLIAN, before) is not None
    if one in "\ufe00\ufe01\ufe02" or "\U000e0100" <= one <= "\U000e01ef":
        return re.fullmatch(_HAN, before) is not None
    return one == "\ufe0f" and unicodedata.category(before) == "So"


def _is_joining(character: str) -> bool:
    return (
        bool(character)
        and re.fullmatch(_JOINING, character) is not None
        and character.isalpha() | (unicodedata.category(character)[0] == "M")
    )


def _is_picture(character: str) -> bool:
    return bool(character) and (unicodedata.category(character) in ("So", "Sk") or character == "\ufe0f")


def is_han(text: str) -> bool:
    """Whether ``text`` is written in the script Han and nothing else; what selects a variant is no letter.

    >>> is_han("𠮷"), is_han("王〇"), is_han("Wang"), is_han("")
    (True, True, False, False)
    """
    return re.fullmatch(_HAN, visible(text)) is not None


def is_raised(text: str) -> bool:
    """Whether a digit stands above, below or in a circle: a note at a number, which folding would make a part of it.

    >>> is_raised("10086¹"), is_raised("１0086")
    (True, False)
    """
    return not text.isascii() and any(
        unicodedata.numeric(one, None) is not None and unicodedata.decomposition(one).startswith(_RAISED)
        for one in text
    )


def _of(read: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


AS_VISIBLE: Final = _of(visible)
"""Reads a field by ``visible``: an id of ours or the tenant's, an option."""
AS_NUMBERED: Final = _of(numbered)
"""Reads a field by ``numbered``."""
AS_LEGIBLE: Final = _of(legible)
"""Reads a field by ``legible``."""
