"""A cell of a file from another system as a value, or why it is none and what would be (F1).

What people write is understood where it can mean one thing only: full-width digits, 12,000, 1.2万, 90 %, 40:30 hours,
2026年3月2日. Where it can mean two it is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from rencai.employees.rules.signals import IDENTIFIER
from rencai.kernel.email_address import Email, addresses_in
from rencai.kernel.errors import CHINESE
from rencai.kernel.seen import is_raised, legible, visible
from rencai.migration.rules.refusals import MigrationRefusal

from .days import Days
from .escaped import unescaped
from .fields import CellType, Field, ImportKind
from .garbled import harm
from .import_mapping import ImportMapping
from .marked import is_a_name, read_marked, refuse_damaged
from .names import compact
from .not_read import NotReadError, is_nothing, leave_empty, read_off
from .numbers import DECIMAL_COMMA, Decimals, digits_of, in_digits, is_in_words, number_of, rounded, written
from .options import ROLE_ID
from .said import value_key
from .sheet.currencies import CURRENCIES, CURRENCY
from .sheet.source import Mark, MarkKind
from .taken import Options
from .units import TIMES, UNITS, Scale

MAX_CELL: Final = 10_000
"""Characters of a cell."""

_FAILED: Final = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
"""What a spreadsheet shows of a formula that failed."""
_FORMULA: Final = re.compile(r"=\s*[A-Za-z(+\-@\"]")
"""A formula that was exported as it is written."""
_WITH_UNIT: Final = re.compile(r"([+-]?[\d,]*\.?\d+)\s*([^\d\s]{1,8})", re.ASCII)
_DURATION: Final = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_NO: Final = re.compile(r"[^\s\"'=\x00-\x1f\x7f]{1,64}")
_EMPLOYEE_ID: Final = re.compile(r"emp_[0-9A-Za-z_-]{1,124}")
_OF_A_FLOAT: Final = re.compile(r"(\d+)\.0+|\d+(?:\.\d+)?[eE]\+?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as a cell has it; ``currency`` as far as the cell or its header says. ``by_comma`` is what it is in a
    currency whose decimals stand behind a comma, where that is another number and nothing said so far rules it out.
    """

    value: Decimal
    currency: str | None
    by_comma: Decimal | None = None


Value = str | Decimal | int | bool | date | Amount


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a cell needs to know besides its field; ``today`` is the tenant's, ``said`` what values were said to
    mean, by field. ``names`` keeps, by field, what its options are called, which is the same for all rows.
    """

    mapping: ImportMapping
    today: date
    language: str
    said: Mapping[str, Options] = dataclass_field(default_factory=dict)
    names: dict[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    is_kept: bool = False
    """The number is one that a spreadsheet keeps, and not a text: nothing of it is to be guessed."""

    @property
    def decimals(self) -> Decimals | None:
        """What divides decimals; None: nothing says so."""
        return "point" if self.is_kept else self.mapping.decimals

    @property
    def days(self) -> Days:
        """How days are read."""
        return Days(self.mapping.dates, self.today, self.language)

    def meant(self, text: str, field: Field, mark: Mark | None) -> str | None:
        """What a cell was said to mean, None: nothing; what a spreadsheet made something else of was said of nobody."""
        options = self.said.get(field.id)
        if options and (mark is None or mark.kind in (MarkKind.NUMBER, MarkKind.BOOLEAN)):
            return options.get(value_key(field.id, text))
        return None


def read_cell(text: str, field: Field, scale: Scale, reading: Reading, mark: Mark | None = None) -> Value:
    """The value of a cell that is not blank; raises ``NotReadError``. A text has no ``mark``."""
    if len(text) > MAX_CELL:
        raise NotReadError(MigrationRefusal.CELL_TOO_LONG, size=len(text), limit=MAX_CELL)
    refuse_damaged(text, field, mark)
    if text in _FAILED:
        raise NotReadError(MigrationRefusal.CELL_FORMULA_FAILED)
    is_name = field.type is CellType.TEXT and is_a_name(field)
    if is_name and _FORMULA.match(text):
        raise NotReadError(MigrationRefusal.CELL_NOT_CALCULATED)
    if is_name and (escaped := unescaped(text)):
        raise NotReadError(MigrationRefusal.CELL_ESCAPED, escaped[1], sign=escaped[0][:20])
    if harmed := harm(text, field.id, is_name=is_name):
        raise NotReadError(*harmed)
    meant = reading.meant(text, field, mark)
    if meant is not None and field.type is CellType.SCORE:
        # A word is said to mean a score, whatever scale the source's points are of.
        return int(meant)
    if mark is None or meant is not None:
        return _READERS[field.type](meant or text, field, scale, reading)
    if field.type in _COUNTED:
        reading = replace(reading, is_kept=True)

    def read(text: str, own: Scale | None) -> Value:
        return _READERS[field.type](text, field, own or scale, reading)

    def settled(value: Value) -> Value:
        return (
            replace(value, currency=value.currency or reading.mapping.currency)
            if isinstance(value, Amount)
            else value
        )

    value: Value = read_marked(text, field, mark, read, settled)
    return value


def _text(text: str, field: Field, _scale: Scale, _reading: Reading) -> str:
    # What people said in a survey keeps its lines; a name is one line.
    seen = legible(text)
    if field.id == "name" and (is_nothing(seen) or not any(map(str.isalpha, seen))):
        raise NotReadError(MigrationRefusal.CELL_NOT_A_NAME)
    return seen if ":" in field.id else " ".join(seen.split())


def _identifier(text: str, field: Field, _scale: Scale, reading: Reading) -> str:
    plain = read_off(text)
    if is_raised(plain):
        # A note at the number, which would be a part of it.
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, example=field.example)
    if field.id == "leave_id":
        if not re.fullmatch(IDENTIFIER, plain):
            close = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("._-")[:64]
            raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, close, example=field.example)
        return plain
    if field.id == "employee_id":
        if not _EMPLOYEE_ID.fullmatch(plain):
            raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, example=field.example)
        return plain
    if is_nothing(plain):
        raise NotReadError(
            MigrationRefusal.CELL_NOT_AN_IDENTIFIER, leave_empty(reading.language), example=field.example
        )
    if float_ := _OF_A_FLOAT.fullmatch(plain):
        # A spreadsheet took the number for one to calculate with; what it was may be lost.
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, float_[1] or "", example=field.example)
    if not _NO.fullmatch(plain):
        close = "".join(re.findall(r"[^\s\"'=\x00-\x1f\x7f]", plain))[:64]
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, close, example=field.example)
    return plain


def _email(text: str, field: Field, _scale: Scale, reading: Reading) -> str:
    plain = visible(text).strip()
    try:
        return _emails().validate_python(plain)
    except ValidationError:
        found = addresses_in(plain)
        if len(found) > 1:
            raise NotReadError(MigrationRefusal.CELL_SEVERAL_EMAILS, addresses=tuple(found)) from None
        close = leave_empty(reading.language) if is_nothing(plain) else "".join(found)
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_EMAIL, close, example=field.example) from None


@cache
def _emails() -> TypeAdapter[str]:
    # Only people have addresses.
    return TypeAdapter(Email)


# --- numbers ----------------------------------------------------------------------------------------------------------


_MOST: Final = {
    "hours": 168, "overtime_hours": 168, "days": 366, "exam_score": 100, "score": 1_000, "out_of": 1_000,
}  # fmt: skip
"""What a number of a field is at most; more is a decimal comma or a mistake."""


def _scaled(number: Decimal, scale: Scale) -> Decimal:
    if scale.factor == 1:
        return number
    return rounded(number * scale.factor.numerator / scale.factor.denominator)


def _two(one: Decimal, other: Decimal, mark: str = "") -> NotReadError:
    """Of a number whose mark may be either: both, the larger first."""
    larger, smaller = sorted((one, other), key=abs, reverse=True)
    return NotReadError(
        MigrationRefusal.CELL_NUMBER_AMBIGUOUS,
        large=f"{digits_of(larger)}{mark}",
        small=f"{digits_of(smaller)}{mark}",
    )


def _number(text: str, field: Field, scale: Scale, reading: Reading) -> Decimal:
    plain = read_off(text)
    if field.unit == "hours" and (duration := _DURATION.fullmatch(plain)):
        hours, minutes, seconds = duration.groups("0")
        return rounded(int(hours) + Decimal(int(minutes) * 60 + int(seconds)) / 3600)
    found = written(plain, reading.decimals)
    if found is None:
        raise _no_number(plain, field, reading)
    value, other = _scaled(found.value, scale), found.by_comma
    if other is not None:
        other = _scaled(other, scale)
        most = _MOST.get(field.id)
        is_foreign = reading.mapping.currency in DECIMAL_COMMA
        if most is not None and max(abs(value), abs(other)) > most:
            # What is beyond the field is no reading of it.
            smaller = min(value, other, key=abs)
            if found.is_grouped and not is_foreign:
                raise NotReadError(
                    MigrationRefusal.CELL_NOT_A_NUMBER, digits_of(smaller), example=field.example
                )
            return smaller
        if is_foreign or (most is not None and not found.is_grouped):
            raise _two(value, other)
    return value


def _no_number(plain: str, field: Field, reading: Reading) -> NotReadError:
    """Why a text is no number, with the number that is in it, where there is one."""
    example = field.example.rstrip("%")
    if is_in_words(plain):
        return NotReadError(MigrationRefusal.CELL_IN_WORDS, example=example)
    close = leave_empty(reading.language) if is_nothing(plain) else in_digits(plain)
    if not close and (found := _WITH_UNIT.fullmatch(plain)) and _counts(found[2], field):
        close = digits_of(number_of(found[1]))
    return NotReadError(MigrationRefusal.CELL_NOT_A_NUMBER, close, example=example)


def _counts(name: str, field: Field) -> bool:
    """Whether a unit is what the field is counted in: of five days nobody knows how many hours they are."""
    named = compact(name)
    own = UNITS.get(field.unit, {}) if field.unit else {}
    return own.get(named) == 1 or (field.type is CellType.MONEY and named in CURRENCIES)


def _percent(text: str, field: Field, scale: Scale, reading: Reading) -> Decimal:
    plain = read_off(text)
    found = written(plain.removesuffix("%").rstrip(), reading.decimals)
    if found is None:
        raise _no_number(plain, field, reading)
    number = found.value
    if found.by_comma is not None and found.is_grouped:
        # 1,200 % is seldom, and 12,345 % nothing at all.
        raise _two(number, found.by_comma, "%")
    if not plain.endswith("%") and not scale.stated and 0 < abs(number) <= 1:
        large, small = f"{digits_of(number * 100)}%", f"{digits_of(number)}%"
        raise NotReadError(MigrationRefusal.CELL_PERCENT_AMBIGUOUS, large, large=large, small=small)
    return number


def _money(text: str, field: Field, scale: Scale, reading: Reading) -> Amount:
    whole = read_off(text)
    plain, currency = whole.casefold(), None
    sign = plain[:1] if plain[:1] in ("+", "-") else ""
    plain = plain.removeprefix(sign).lstrip()
    for name, code in _BY_LENGTH:
        if plain.startswith(name):
            plain, currency = plain.removeprefix(name).lstrip(), _meant(name, code, reading)
            break
    for name, code in _BY_LENGTH:
        if plain.endswith(name) and plain != name:
            other = _meant(name, code, reading)
            if currency not in (None, other):
                raise NotReadError(MigrationRefusal.CELL_CURRENCY_DIFFERS, currency=other, other=currency)
            plain, currency = plain.removesuffix(name).rstrip(), other
            break
    times = next((one for one in _TIMES if plain.endswith(one)), "")
    plain = plain.removesuffix(times).rstrip()
    # ¥-5 has its sign behind its currency; two signs are none.
    found = None if sign and plain[:1] in ("+", "-") else written(f"{sign}{plain}", reading.decimals)
    if found is None:
        raise _no_number(f"{sign}{plain}" if in_digits(plain) and not times else whole, field, reading)

    def valued(number: Decimal) -> Decimal:
        # A cell that says what it counts in is not counted in what the header says as well.
        return rounded(number * TIMES[times]) if times else number if currency else _scaled(number, scale)

    value, known = valued(found.value), currency or scale.currency
    if found.by_comma is None:
        return Amount(value, known)
    other_value = valued(found.by_comma)
    is_counted = bool(times) or (scale.factor != 1 and not currency)
    # Money has no three decimals, but in ten thousands; and a comma that divides them is one of some countries only.
    if known in DECIMAL_COMMA or not (found.is_grouped or is_counted):
        raise _two(value, other_value)
    return Amount(value, known, None if known else other_value)


_TIMES: Final = sorted(TIMES, key=len, reverse=True)
_BY_LENGTH: Final = sorted(CURRENCIES.items(), key=lambda one: -len(one[0]))
_DOLLARS: Final = frozenset(("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"))


def _meant(name: str, code: str, reading: Reading) -> str:
    """The currency a cell names; ``$`` and ``¥`` are the source's own where it has one of that sign."""
    own = reading.mapping.currency
    if (name == "$" and own in _DOLLARS) or (name == "¥" and own == "JPY"):
        return own
    return code


def _currency(text: str, _field: Field, _scale: Scale, reading: Reading) -> str:
    plain = read_off(text)
    code = CURRENCIES.get(plain.casefold())
    if code is not None:
        return _meant(plain.casefold(), code, reading)
    if not re.fullmatch(CURRENCY, plain.upper()):
        options = tuple(dict.fromkeys(CURRENCIES.values()))
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_OPTION, reading.mapping.currency, options=options)
    return plain.upper()


def _score(text: str, field: Field, _scale: Scale, reading: Reading) -> int:
    plain = read_off(text)
    number = number_of(plain)
    stated = reading.mapping.scales.get(ImportKind.SURVEYS, {}).get(field.id)
    if stated and number is not None:
        score = stated.scored(number)
        if score is None:
            lowest, highest = stated.ends
            raise NotReadError(MigrationRefusal.CELL_NOT_ON_SCALE, lowest=lowest, highest=highest)
        return score
    if number is None or number not in (1, 2, 3, 4, 5):
        begun = re.match(r"[1-5](?![\d.,])", plain)
        raise NotReadError(
            MigrationRefusal.CELL_NOT_AN_OPTION, begun[0] if begun else "", options="1, 2, 3, 4, 5"
        )
    return int(number)


# --- options ----------------------------------------------------------------------------------------------------------


def _option(text: str, field: Field, _scale: Scale, reading: Reading) -> str:
    return _chosen(text, field, field.options, reading)


def _flag(text: str, field: Field, _scale: Scale, reading: Reading) -> bool:
    return _chosen(text, field, field.options, reading) == "true"


def _role(text: str, field: Field, _scale: Scale, reading: Reading) -> str:
    if reading.mapping.roles:
        return _chosen(text, field, reading.mapping.roles, reading)
    plain = read_off(text)
    if not ROLE_ID.fullmatch(plain):
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, example=field.example)
    return plain


def _chosen(text: str, field: Field, options: Mapping[str, Sequence[str]], reading: Reading) -> str:
    """The option that a cell names, however it is written."""
    names = reading.names.get(field.id)
    if names is None:
        names = reading.names[field.id] = {
            compact(name) or name: option for option, known in options.items() for name in (option, *known)
        }
    plain = read_off(text)
    name = compact(plain) or plain
    if name in names:
        return names[name]
    first = {option: _first(option, known, reading.language) for option, known in options.items()}
    near = [one for one in names if one in name or name in one] if len(name) > 1 else []
    if near:
        near = sorted(near, key=len, reverse=True)[:1]
    else:
        from difflib import get_close_matches

        near = get_close_matches(name, names, 1, 0.5)
    raise NotReadError(
        MigrationRefusal.CELL_NOT_AN_OPTION,
        first[names[near[0]]] if near else "",
        options=tuple(first.values()),
    )


def _first(option: str, names: Sequence[str], language: str) -> str:
    """What an option is called where it is proposed."""
    if option in ("true", "false"):
        return names[0] if language == CHINESE else names[1]
    return names[0] if language == CHINESE and names and option != "zh-CN" else option


# --- dates ------------------------------------------------------------------------------------------------------------


def _date(text: str, _field: Field, _scale: Scale, reading: Reading) -> date:
    return reading.days.day(read_off(text))


def _month(text: str, _field: Field, _scale: Scale, reading: Reading) -> str:
    return reading.days.month(read_off(text))


def _week(text: str, _field: Field, scale: Scale, reading: Reading) -> str:
    return reading.days.week(read_off(text), scale.edge)


_COUNTED: Final = frozenset((CellType.NUMBER, CellType.PERCENT, CellType.MONEY))
_Reader = Callable[[str, Field, Scale, Reading], Value]
_READERS: Final[Mapping[CellType, _Reader]] = {
    CellType.TEXT: _text,
    CellType.IDENTIFIER: _identifier,
    CellType.EMAIL: _email,
    CellType.NUMBER: _number,
    CellType.PERCENT: _percent,
    CellType.MONEY: _money,
    CellType.CURRENCY: _currency,
    CellType.SCORE: _score,
    CellType.OPTION: _option,
    CellType.FLAG: _flag,
    CellType.ROLE: _role,
    CellType.DATE: _date,
    CellType.MONTH: _month,
    CellType.WEEK: _week,
}
