"""A cell that is no value of its field, and what all readers of cells share (F1)."""

from typing import Final

from rencai.kernel.errors import CHINESE, DomainError, Refusal
from rencai.kernel.seen import is_raised, legible, numbered

from .names import compact

_NOTHING: Final = frozenset(("", "na", "null", "none", "nil", "nan", "无", "暂无", "空"))
"""What is written for an empty cell."""


class NotReadError(Exception):
    """A cell that is no value of its field: the rule as ``error``; what would be right, "": nobody knows, or it may be
    one of several that ``error`` names.
    """

    def __init__(self, code: Refusal, suggestion: str = "", **params: object) -> None:
        self.error = DomainError(code, "", **params)
        self.suggestion = suggestion
        super().__init__(str(code))


def shown(text: str) -> str:
    """A cell without the space around it; "" where it shows nothing."""
    bare = text.strip()
    if bare.isascii() and bare.isprintable():
        return bare
    return bare if legible(text).strip() else ""


def read_off(text: str) -> str:
    """A cell as it is read off, on a keyboard's characters; one with a raised digit stays as it is, and is no value."""
    return text.strip() if is_raised(text) else numbered(text)


def is_nothing(text: str) -> bool:
    """Whether this is what people write where there is nothing."""
    return compact(text) in _NOTHING


def leave_empty(language: str) -> str:
    """The advice to write nothing."""
    return "留空" if language == CHINESE else "leave it empty"
