"""What a value probably means, by the names of what there is (F1). A person looks at each such guess."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from rencai.kernel.seen import numbered, visible

from .fields import CellType, Field
from .names import compared
from .options import SCORES
from .points import BEST_WHEN_HIGH
from .scales import PointScale

_CLOSE = 0.84
"""How close a name comes to a value that is a slip of it."""
_POINTS = re.compile(r"\d{1,7}(?:\.\d{1,4})?(?![\d.,])", re.ASCII)
_NOT = ("not", "non", "no", "un")
_NOT_HAN = "未不无非没"


def likely(value: str, field: Field, names: Mapping[str, str], scale: PointScale | None = None) -> str | None:
    """The option that a value probably means, None: nobody could say. ``names`` are those of the options.

    A name within the value (亚马逊运营专员, Sales Executive), unless names of two options are, or it is denied; else
    the value within a name (年休); else a slip of the pen. A state has to begin with its name. ``scale`` is
    that of the source's points, where it is known.

    >>> likely("Sales Executive", Field("role", CellType.ROLE, True, "", ""), {"Sales": "sales", "HR": "general"})
    'sales'
    """
    if field.type is CellType.SCORE:
        return _points(value, field, scale)
    spoken = _spaced(value)
    spaced = {_spaced(name): option for name, option in names.items()}
    if field.type is CellType.FLAG:
        begins = {name for name in spaced if len(name) > 1 and f"{spoken} ".startswith(f"{name} ")}
        return _only({spaced[name] for name in begins})
    found = _within(spoken, spaced)
    if found:
        return _only(found)
    if len(spoken) > 1:
        around = {name: option for name, option in spaced.items() if _place(spoken, name) is not None}
        if around:
            near = any(2 * len(spoken) > len(name) for name in around)
            return _only(set(around.values())) if near else None
    return _slip(compared(value), {compared(name): option for name, option in names.items()})


def _points(value: str, field: Field, scale: PointScale | None) -> str | None:
    """The score of points with words behind them (4 - 满意), where it is known which of them are the best."""
    begun = _POINTS.match(numbered(value))
    if begun and scale:
        score = scale.scored(Decimal(begun[0]))
        return None if score is None else str(score)
    return begun[0] if begun and field.id in BEST_WHEN_HIGH and begun[0] in SCORES else None


def _only(options: set[str]) -> str | None:
    return options.pop() if len(options) == 1 else None


def _spaced(text: str) -> str:
    """Words with one space between them; what is written together in two scripts is two."""
    folded = unicodedata.normalize("NFKC", visible(text).replace("_", " ")).casefold()
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"([a-z0-9]+)", r" \1 ", folded)))


def _place(name: str, text: str) -> int | None:
    """Where a text has a name: Latin ones as whole words, of two letters at least, others anywhere."""
    if len(name) < 2:
        return None
    at = f" {text} ".find(f" {name} ") if name.isascii() else text.find(name)
    return None if at < 0 else at


def _within(text: str, names: Mapping[str, str]) -> set[str]:
    """The options whose names are in a text, but for names that are part of a longer one that is."""
    places = {name: at for name in names if (at := _place(name, text)) is not None}
    return {
        names[name]
        for name, at in places.items()
        if not _denied(text, at)
        and not any(
            len(other) > len(name) and start <= at and at + len(name) <= start + len(other)
            for other, start in places.items()
        )
    }


def _denied(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return before.endswith(tuple(_NOT_HAN)) or before.rpartition(" ")[2] in _NOT


def _slip(value: str, names: Mapping[str, str]) -> str | None:
    if len(value) < 3:
        return None
    from difflib import SequenceMatcher

    close: dict[str, float] = {}
    for name, option in names.items():
        matcher = SequenceMatcher(None, value, name, autojunk=False)
        if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
            close[option] = max(close.get(option, 0), matcher.ratio())
    return _only({option for option, ratio in close.items() if ratio >= _CLOSE})
