"""What a pattern asks for, as a person is told it: nobody reads a regular expression.

A pattern is written where its type is, with its form: ``SLUG = formed(r"^...$", "...", "...")``.
"""

from typing import Final

from .terms import Said

_FORMS: Final[dict[str, Said]] = {}


def formed(pattern: str, chinese: str, english: str) -> str:
    """``pattern``, of which people are told what should be written; both texts give an example.

    Raises ``ValueError`` for one pattern with two forms.
    """
    said = Said(chinese, english)
    if _FORMS.setdefault(pattern, said) != said:
        raise ValueError(f"{pattern} has another form already: {_FORMS[pattern].english}")
    return pattern


def form_of(pattern: str) -> Said | None:
    """What should be written; None for a pattern that has no form."""
    return _FORMS.get(pattern)
