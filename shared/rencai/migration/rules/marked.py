"""Cells that a spreadsheet has made something else of than what was meant, and those that it keeps as numbers (F1).

A code like ``3-12`` becomes a day, one of eighteen digits a number of fifteen, ``1.10`` the number 1.1: what was meant
cannot be known any more, and somebody else may have that number. So where a word or a code belongs, nothing stands for
it that is none. A file of text has such cells too, as they were shown; there they are known by their look.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from .fields import CellType, Field
from .names import compact
from .not_read import NotReadError
from .refusals import MigrationRefusal
from .sheet.currencies import CODES
from .sheet.number_formats import MACHINES_CURRENCY
from .sheet.source import UNKNOWN, Mark, MarkKind
from .units import UNITS, Scale

Read = Callable[[str, Scale | None], Any]
UNCLEAR: Final = frozenset(
    {
        MigrationRefusal.CELL_TWO_READINGS,
        MigrationRefusal.CELL_FORMAT_UNKNOWN,
        MigrationRefusal.CELL_CURRENCY_UNKNOWN,
        MigrationRefusal.CELL_ZERO_LOST,
        MigrationRefusal.CELL_MONTH_AMBIGUOUS,
        MigrationRefusal.CELL_MERGED,
    }
)
"""Rules against cells whose text alone would not be refused."""
NUMERIC: Final = frozenset({CellType.NUMBER, CellType.PERCENT, CellType.MONEY, CellType.SCORE})
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_LOOKS_LIKE_A_DAY: Final = re.compile(
    "|".join(
        (
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
            r"\d{4}年\d{1,2}月(?:\d{1,2}日)?",
            r"\d{1,2}月\d{1,2}日",
            rf"\d{{1,2}}-{_MONTH}(?:-\d{{2}}(?:\d{{2}})?)?",
            rf"{_MONTH}-\d{{2}}",
        )
    ),
    re.ASCII,
)
_LOOKS_LIKE_A_TIME: Final = re.compile(r"\d{1,2}:[0-5]\d(?::[0-5]\d)?(?: ?[AP]M)?", re.ASCII)
_LOOKS_TRUE_OR_FALSE: Final = re.compile("TRUE|FALSE")
_POWER_OF_TEN: Final = re.compile(r"-?\d(?:\.\d+)?E\+\d{1,3}", re.ASCII)
"""How a spreadsheet shows a number for which its column is too narrow."""
_CUT: Final = re.compile(r"[1-9]\d{14}0{3,}", re.ASCII)
"""Fifteen digits, and zeros: what a spreadsheet leaves of eighteen."""
_ZEROS: Final = re.compile(r"(?<=\d)\.0+$", re.ASCII)
_WITH_DECIMALS: Final = re.compile(r"-?\d+\.\d+", re.ASCII)
_LAST_ZEROS: Final = re.compile(r"(\.\d*?)0+$", re.ASCII)
_LARGE: Final = re.compile(r"[十百千万亿萬億]|(?:k|m|mm|mn|bn?|t|thousand|million|billion)(?![a-z])")
_DECORATED: Final = re.compile(r"(-?)([^\d-]*)(\d+(?:\.\d+)?)([^\d]*)", re.ASCII)


def is_a_name(field: Field) -> bool:
    """Whether a word or a code belongs there, and no value."""
    return field.type is CellType.IDENTIFIER or (field.type is CellType.TEXT and ":" not in field.id)


def refuse_damaged(text: str, field: Field, mark: Mark | None) -> None:
    """Raises ``NotReadError`` for a cell of which nobody can know what it says in this field."""
    if mark and mark.kind is MarkKind.NO_VALUE:
        raise NotReadError(MigrationRefusal.CELL_NOT_CALCULATED)
    if mark and mark.kind is MarkKind.MERGED:
        raise NotReadError(MigrationRefusal.CELL_MERGED)
    if not is_a_name(field):
        return
    kind = mark.kind if mark else None
    shown = (mark.other if mark else "") or text
    if kind is MarkKind.DATE or _LOOKS_LIKE_A_DAY.fullmatch(text):
        raise NotReadError(MigrationRefusal.CELL_BECAME_A_DATE, shown=shown)
    if kind is MarkKind.TIME or _LOOKS_LIKE_A_TIME.fullmatch(text):
        raise NotReadError(MigrationRefusal.CELL_BECAME_A_TIME, shown=shown)
    if kind is MarkKind.BOOLEAN or _LOOKS_TRUE_OR_FALSE.fullmatch(text):
        raise NotReadError(MigrationRefusal.CELL_BECAME_YES_OR_NO, shown=text)
    if _POWER_OF_TEN.fullmatch(text) or (field.type is CellType.IDENTIFIER and _CUT.fullmatch(text)):
        raise NotReadError(MigrationRefusal.CELL_DIGITS_LOST)
    if kind is MarkKind.NUMBER:
        _refuse_money(text)
        if field.type is CellType.IDENTIFIER:
            _refuse_fraction(_ZEROS.sub("", text), field)


def _refuse_money(text: str) -> None:
    """A format for money, over a column of numbers of people, makes no other people of them."""
    found = _DECORATED.fullmatch(text)
    if not found:
        return
    around = (found[2].strip(), found[4].strip())
    if any(one in CODES or any(unicodedata.category(sign) == "Sc" for sign in one) for one in around):
        raise NotReadError(
            MigrationRefusal.CELL_TWO_READINGS, value=_ZEROS.sub("", found[1] + found[3]), shown=text
        )


def _refuse_fraction(text: str, field: Field) -> None:
    if _WITH_DECIMALS.fullmatch(text):
        raise NotReadError(MigrationRefusal.CELL_ZERO_LOST, one=text, other=f"{text}0")
    if "%" in text:
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, example=field.example)


def read_marked(text: str, field: Field, mark: Mark, read: Read, settled: Callable[[Any], Any]) -> Any:
    """The value of a cell that is no text; raises ``NotReadError``. ``read`` reads a text of this field, by another
    scale than the header's where one is given; ``settled`` says of a value what goes without saying.

    Where a cell holds one thing and shows another, it has a value if this field takes both for the same.
    """
    if mark.kind is MarkKind.UNSHOWN and mark.other == UNKNOWN:
        raise NotReadError(MigrationRefusal.CELL_FORMAT_UNKNOWN, value=text)
    if mark.kind is MarkKind.UNSHOWN:
        return _same(text, mark.other, lambda one: settled(read(one, None)))
    if mark.kind is not MarkKind.NUMBER:
        return read(text, None)
    if field.type not in NUMERIC:
        # Nothing is calculated with it: what is shown counts.
        text = text if field.type is CellType.TEXT else _ZEROS.sub("", text)
        # But 2026.10 is 2026.1 to two places.
        return read(_LAST_ZEROS.sub(r"\1", text) if field.type is CellType.MONTH else text, None)
    if mark.other:
        return _same(mark.other, text, lambda one: settled(_number(one, field, read)))
    return _number(text, field, read)


def _same(holds: str, shows: str, read: Callable[[str], Any]) -> Any:
    try:
        first, second = read(holds), read(shows)
    except NotReadError:
        pass
    else:
        if first == second:
            return second
    raise NotReadError(MigrationRefusal.CELL_TWO_READINGS, value=holds, shown=shows)


def _number(text: str, field: Field, read: Read) -> Any:
    """A number with what its format puts around it: a currency, its unit, words that do not say how large it is."""
    found = _DECORATED.fullmatch(text)
    if not found:
        return read(text, None)
    before, digits, after = found[2].strip(), found[1] + found[3], found[4].strip()
    if field.type is CellType.MONEY:
        if before == MACHINES_CURRENCY:
            raise NotReadError(MigrationRefusal.CELL_CURRENCY_UNKNOWN, example=field.example)
        if (code := before or after) in CODES and not (before and after):
            # By itself, and not as the header counts.
            return replace(read(f"CNY{digits}", None), currency=code)
        return read(f"{before}{digits}{after}", None)
    factor = UNITS[field.unit].get(compact(after)) if field.unit and after and not before else None
    if factor is not None:
        return read(digits, Scale(Fraction(factor), stated=True))
    if field.type is CellType.NUMBER and field.unit is None and not _says_how_large(before, after):
        return read(digits, None)
    return read(f"{before}{digits}{after}", None)


def _says_how_large(before: str, after: str) -> bool:
    around = (before + after).casefold()
    return "%" in around or "‰" in around or bool(_LARGE.match(after.casefold()))
