"""Fields whose cells name one of few things, and what such a cell may be said to mean (F1)."""

import re
from collections.abc import Iterable
from typing import Any, Final

from rencai.kernel.errors import CHINESE

from .fields import CellType, Field

MAX_VALUE: Final = 100
"""Characters of a cell that a person is asked about, and of a department's name."""
SPELLED: Final = frozenset({"department", "location"})
"""Fields that are text, whose texts may be one thing spelled in several ways."""
ROLE_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
"""What a role is called in Rencai (``kernel.texts.Slug``)."""
SCORES: Final = ("1", "2", "3", "4", "5")
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_CHOSEN: Final = frozenset({CellType.ROLE, CellType.OPTION, CellType.FLAG, CellType.CURRENCY, CellType.SCORE})


def has_options(field: Field) -> bool:
    """Whether a person may say what the cells of a field mean."""
    return field.type in _CHOSEN or field.id in SPELLED


def takes(field: Field, option: str) -> bool:
    """Whether a cell of this field may be said to mean ``option``: a role's id, a kind of leave, ``true``, ``CNY``, a
    score, a department as it is to be written.
    """
    match field.type:
        case CellType.ROLE:
            return bool(ROLE_ID.fullmatch(option))
        case CellType.OPTION | CellType.FLAG:
            return option in field.options
        case CellType.CURRENCY:
            return bool(_CURRENCY.fullmatch(option))
        case CellType.SCORE:
            return option in SCORES
    return field.id in SPELLED and option == " ".join(option.split()) and 0 < len(option) <= MAX_VALUE


def options_of(field: Field, roles: Iterable[str], currencies: Iterable[str]) -> tuple[str, ...]:
    """The options there are, in an order that stays; what a text may be is not known."""
    match field.type:
        case CellType.ROLE:
            return tuple(sorted(set(roles)))
        case CellType.OPTION | CellType.FLAG:
            return tuple(field.options)
        case CellType.CURRENCY:
            return tuple(dict.fromkeys(currencies))
        case CellType.SCORE:
            return SCORES
    return ()


def hint(field_id: str, language: str) -> str:
    """What has to be known of a field's options by whoever chooses one; "": nothing."""
    if not field_id.startswith("score:"):
        return ""
    if language == CHINESE:
        return "1 为对员工最不利,5 为最好:压力很大、工作量很大是低分"
    return "1 is the worst for the person and 5 the best: much stress, or much work, is a low score"


def as_option(said: Any) -> Any:
    """An option as it is kept, where JSON or YAML has it as yes or no, or as a number."""
    if isinstance(said, bool):
        return str(said).lower()
    return str(said) if isinstance(said, int) else said
