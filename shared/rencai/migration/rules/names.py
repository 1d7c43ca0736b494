"""A name of another system - a header, a value - as it is compared (F1)."""

import unicodedata

from rencai.kernel.seen import visible


def compact(text: str) -> str:
    """A header, or another name, as it is compared: no case, width, white space or punctuation.

    >>> compact("工时 （小时）"), compact("Employee-No.")
    ('工时小时', 'employeeno')
    """
    # Twice: folding may leave what NFKC would change again.
    folded = visible(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible(text)).casefold()))
    return "".join(
        one for one in folded if one == "%" or unicodedata.category(one)[0] in "LNM" or _is_money(one)
    )


def compared(text: str) -> str:
    """A header, or a value, as it is compared; one of nothing but signs is what it is."""
    return compact(text) or unicodedata.normalize("NFKC", text).strip()


def _is_money(character: str) -> bool:
    return unicodedata.category(character) == "Sc"
