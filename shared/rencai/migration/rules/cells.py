"""A cell of a file from another system as a value, or why it is none and what would be (F1).

What people write is understood where it can mean one thing only: full-width digits, 12,000, 1.2万, 90 %, 40:30 hours,
2026年3月2日. Where it can mean two it is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from rencai.employees.rules.signals import IDENTIFIER, WEEK, iso_week
from rencai.kernel.email_address import Email
from rencai.kernel.errors import CHINESE, DomainError, Refusal
from rencai.kernel.seen import is_raised, legible, numbered, visible
from rencai.migration.rules.refusals import MigrationRefusal

from .columns import CURRENCIES, CURRENCY, TIMES, UNITS, ImportMapping, Scale, compact
from .fields import CellType, Field
from .options import ROLE_ID
from .said import value_key
from .source import Mark, MarkKind
from .taken import Options

MAX_CELL: Final = 10_000
"""Characters of a cell."""

_FOUR_PLACES: Final = Decimal("0.0001")
_LONGEST_NUMBER: Final = 24
_FAILED: Final = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
"""What a spreadsheet shows of a formula that failed."""
_NOTHING: Final = frozenset(("", "na", "null", "none", "nil", "nan", "无", "暂无", "空"))
"""What is written for an empty cell."""
_NUMBER: Final = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_WITH_UNIT: Final = re.compile(r"([+-]?[\d,]*\.?\d+)\s*([^\d\s]{1,8})", re.ASCII)
_DURATION: Final = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_NO: Final = re.compile(r"[^\s\"'=\x00-\x1f\x7f]{1,64}")
_EMPLOYEE_ID: Final = re.compile(r"emp_[0-9A-Za-z_-]{1,124}")
_OF_A_FLOAT: Final = re.compile(r"(\d+)\.0+|\d+(?:\.\d+)?[eE]\+?\d+", re.ASCII)

_TIME_OF_DAY: Final = re.compile(
    r"[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s*(?:[AaPp][Mm])?$", re.ASCII
)
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_TOGETHER: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})[\s.,-]+(\d{4})", re.ASCII)
_NAMED_DAY: Final = re.compile(r"([A-Za-z]{3,9})[\s.]+(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})", re.ASCII)
_MONTH_FORMS: Final = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*月?份?", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})", re.ASCII),
)
_MONTH_NAMED: Final = re.compile(r"([A-Za-z]{3,9})[\s.,-]+(\d{4})", re.ASCII)
_WEEK_FORMS: Final = (
    re.compile(r"(\d{4})\s*-?\s*[Ww]\s*(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\s*年?\s*-?\s*第?\s*(\d{1,2})\s*周", re.ASCII),
)
_WEEK_OF_NO_YEAR: Final = re.compile(r"(?:[Ww]|[Ww]eek\s*|第\s*)?(\d{1,2})\s*周?", re.ASCII)
_SERIAL: Final = re.compile(r"[2-6]\d{4}", re.ASCII)
_SHORT_YEAR: Final = re.compile(r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_NO_YEAR: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?", re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS: Final = frozenset(
    ("january", "february", "march", "april", "june", "july", "august", "september", "sept", "october", "november",
     "december")
)  # fmt: skip
_UNIT_NAMES: Final = frozenset(name for names in UNITS.values() for name in names) | CURRENCIES.keys()


class NotReadError(Exception):
    """A cell that is no value of its field: the rule as ``error``; what would be right, "": nobody knows."""

    def __init__(self, code: Refusal, suggestion: str = "", **params: object) -> None:
        self.error = DomainError(code, "", **params)
        self.suggestion = suggestion
        super().__init__(str(code))


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as a cell has it; ``currency`` as far as the cell or its header says."""

    value: Decimal
    currency: str | None


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

    def meant(self, text: str, field: Field, mark: Mark | None) -> str:
        """A cell's text, or what it was said to mean; what a spreadsheet made something else of was said of nobody."""
        options = self.said.get(field.id)
        if options and (mark is None or mark.kind in (MarkKind.NUMBER, MarkKind.BOOLEAN)):
            return options.get(value_key(field.id, text)) or text
        return text


def read_cell(text: str, field: Field, scale: Scale, reading: Reading, mark: Mark | None = None) -> Value:
    """The value of a cell that is not blank; raises ``NotReadError``. A text has no ``mark``."""
    if len(text) > MAX_CELL:
        raise NotReadError(MigrationRefusal.CELL_TOO_LONG, size=len(text), limit=MAX_CELL)
    if text in _FAILED:
        raise NotReadError(MigrationRefusal.CELL_FORMULA_FAILED)
    return _READERS[field.type](reading.meant(text, field, mark), field, scale, reading)


def shown(text: str) -> str:
    """A cell without the space around it; "" where it shows nothing."""
    return text.strip() if legible(text).strip() else ""


def leave_empty(language: str) -> str:
    """The advice to write nothing."""
    return "留空" if language == CHINESE else "leave it empty"


def _plain(text: str) -> str:
    """As it is read off, on a keyboard's characters; what holds a raised digit stays as it is, and is no value."""
    return text.strip() if is_raised(text) else numbered(text)


def _text(text: str, field: Field, _scale: Scale, _reading: Reading) -> str:
    # What people said in a survey keeps its lines; a name is one line.
    seen = legible(text)
    return seen if ":" in field.id else " ".join(seen.split())


def _identifier(text: str, field: Field, _scale: Scale, reading: Reading) -> str:
    plain = _plain(text)
    if field.id == "leave_id":
        if not re.fullmatch(IDENTIFIER, plain):
            close = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("._-")[:64]
            raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, close, example=field.example)
        return plain
    if field.id == "employee_id":
        if not _EMPLOYEE_ID.fullmatch(plain):
            raise NotReadError(MigrationRefusal.CELL_NOT_AN_IDENTIFIER, example=field.example)
        return plain
    if compact(plain) in _NOTHING:
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
        close = leave_empty(reading.language) if compact(plain) in _NOTHING else ""
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_EMAIL, close, example=field.example) from None


@cache
def _emails() -> TypeAdapter[str]:
    # Only people have addresses.
    return TypeAdapter(Email)


# --- numbers ----------------------------------------------------------------------------------------------------------


def number_of(text: str) -> Decimal | None:
    """A number as people write it, to at most four decimals, half up; None: it is none.

    >>> number_of("12,000.5"), number_of("12,5")
    (Decimal('12000.5'), None)
    """
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    return _rounded(Decimal(text.replace(",", "")))


def _rounded(number: Decimal) -> Decimal:
    # A spreadsheet's formula gives sixteen digits; four decimals go on record.
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        return number.quantize(_FOUR_PLACES, ROUND_HALF_UP)
    return number


def _scaled(number: Decimal, scale: Scale) -> Decimal:
    if scale.factor == 1:
        return number
    return _rounded(number * scale.factor.numerator / scale.factor.denominator)


def _number(text: str, field: Field, scale: Scale, reading: Reading) -> Decimal:
    plain = _plain(text)
    if field.unit == "hours" and (duration := _DURATION.fullmatch(plain)):
        hours, minutes, seconds = duration.groups("0")
        return _rounded(int(hours) + Decimal(int(minutes) * 60 + int(seconds)) / 3600)
    number = number_of(plain)
    if number is None:
        raise _no_number(plain, field, reading)
    return _scaled(number, scale)


def _no_number(plain: str, field: Field, reading: Reading) -> NotReadError:
    """Why a text is no number, with the number that is in it, where there is one."""
    close = ""
    if compact(plain) in _NOTHING:
        close = leave_empty(reading.language)
    elif bracketed := re.fullmatch(r"\((.*)\)", plain):
        close = _shown(number_of(f"-{bracketed[1]}"))
    elif re.fullmatch(r"[+-]?\d{1,9},\d{1,2}", plain, re.ASCII):
        close = plain.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain, re.ASCII):
        close = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,9}(?:\.\d{1,9})?[Ee][+-]?0?\d", plain, re.ASCII):
        close = _shown(_rounded(Decimal(plain)))
    elif (found := _WITH_UNIT.fullmatch(plain)) and compact(found[2]) in _UNIT_NAMES:
        close = _shown(number_of(found[1]))
    return NotReadError(MigrationRefusal.CELL_NOT_A_NUMBER, close, example=field.example.rstrip("%"))


def _shown(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _percent(text: str, field: Field, scale: Scale, reading: Reading) -> Decimal:
    plain = _plain(text)
    number = number_of(plain.removesuffix("%").rstrip())
    if number is None:
        raise _no_number(plain, field, reading)
    if not plain.endswith("%") and not scale.stated and 0 < abs(number) <= 1:
        large, small = f"{_shown(number * 100)}%", f"{_shown(number)}%"
        raise NotReadError(MigrationRefusal.CELL_PERCENT_AMBIGUOUS, large, large=large, small=small)
    return number


def _money(text: str, field: Field, scale: Scale, reading: Reading) -> Amount:
    plain = re.sub(r"\s+", "", _plain(text).casefold())
    currency = None
    for name, code in _BY_LENGTH:
        if plain.startswith(name):
            plain, currency = plain.removeprefix(name), _meant(name, code, reading)
            break
    for name, code in _BY_LENGTH:
        if plain.endswith(name) and plain != name:
            other = _meant(name, code, reading)
            if currency not in (None, other):
                raise NotReadError(MigrationRefusal.CELL_CURRENCY_DIFFERS, currency=other, other=currency)
            plain, currency = plain.removesuffix(name), other
            break
    times = next((one for one in sorted(TIMES, key=len, reverse=True) if plain.endswith(one)), "")
    number = number_of(plain.removesuffix(times))
    if number is None:
        raise _no_number(_plain(text), field, reading)
    # A cell that says what it counts in is not counted in what the header says as well.
    value = _rounded(number * TIMES[times]) if times else number if currency else _scaled(number, scale)
    return Amount(value, currency or scale.currency)


_BY_LENGTH: Final = sorted(CURRENCIES.items(), key=lambda one: -len(one[0]))
_DOLLARS: Final = frozenset(("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD"))


def _meant(name: str, code: str, reading: Reading) -> str:
    """The currency a cell names; ``$`` and ``¥`` are the source's own where it has one of that sign."""
    own = reading.mapping.currency
    if (name == "$" and own in _DOLLARS) or (name == "¥" and own == "JPY"):
        return own
    return code


def _currency(text: str, _field: Field, _scale: Scale, reading: Reading) -> str:
    plain = _plain(text)
    code = CURRENCIES.get(plain.casefold())
    if code is not None:
        return _meant(plain.casefold(), code, reading)
    if not re.fullmatch(CURRENCY, plain.upper()):
        options = ", ".join(dict.fromkeys(CURRENCIES.values()))
        raise NotReadError(MigrationRefusal.CELL_NOT_AN_OPTION, reading.mapping.currency, options=options)
    return plain.upper()


def _score(text: str, _field: Field, _scale: Scale, _reading: Reading) -> int:
    plain = _plain(text)
    number = number_of(plain)
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
    plain = _plain(text)
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
    plain = _plain(text)
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
        options=", ".join(first.values()),
    )


def _first(option: str, names: Sequence[str], language: str) -> str:
    """What an option is called where it is proposed."""
    if option in ("true", "false"):
        return names[0] if language == CHINESE else names[1]
    return names[0] if language == CHINESE and names and option != "zh-CN" else option


# --- dates ------------------------------------------------------------------------------------------------------------


def _date(text: str, _field: Field, _scale: Scale, reading: Reading) -> date:
    plain = _plain(text)
    day = _day(plain, reading)
    if day is None:
        raise NotReadError(MigrationRefusal.CELL_NOT_A_DATE, _likely_day(plain, reading))
    return day


def _day(plain: str, reading: Reading) -> date | None:
    """The day a text names; the time of day is left out. Raises ``NotReadError`` where it can be two."""
    plain = _TIME_OF_DAY.sub("", plain).rstrip()
    if found := _YEAR_FIRST.fullmatch(plain) or _TOGETHER.fullmatch(plain):
        return _as_date(found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(plain):
        day_first, month_first = (
            _as_date(found[3], found[2], found[1]),
            _as_date(found[3], found[1], found[2]),
        )
        if reading.mapping.dates is not None:
            return day_first if reading.mapping.dates == "day-first" else month_first
        if day_first and month_first and day_first != month_first:
            raise NotReadError(
                MigrationRefusal.CELL_DATE_AMBIGUOUS, day_first=day_first, month_first=month_first
            )
        return day_first or month_first
    if found := _DAY_NAMED.fullmatch(plain):
        return _as_date(found[3], _month_named(found[2]), found[1])
    if found := _NAMED_DAY.fullmatch(plain):
        return _as_date(found[3], _month_named(found[1]), found[2])
    return None


def _as_date(year: str, month: str | None, day: str) -> date | None:
    try:
        # Years before and after are mistyped, or stand for "never".
        return date(int(year), int(month or 0), int(day)) if 1900 <= int(year) <= 2099 else None
    except ValueError:
        return None


def _month_named(name: str) -> str | None:
    name = name.casefold()
    if name[:3] in _MONTHS and (len(name) == 3 or name in _FULL_MONTHS):
        return str(_MONTHS.index(name[:3]) + 1)
    return None


def _likely_day(plain: str, reading: Reading) -> str:
    """The day that was probably meant, "": nobody knows."""
    if compact(plain) in _NOTHING or plain.startswith(("9999", "0000", "2999")):
        return leave_empty(reading.language)
    likely = None
    if _SERIAL.fullmatch(plain):
        # A date that a spreadsheet shows as the number it keeps it as: days since 30 December 1899.
        likely = date(1899, 12, 30) + timedelta(days=int(plain))
    elif found := _YEAR_FIRST.fullmatch(plain):
        last = [_as_date(found[1], found[2], str(day)) for day in (30, 29, 28)]
        likely = next((one for one in last if one), None) if 28 < int(found[3]) <= 31 else None
    elif found := _SHORT_YEAR.fullmatch(plain):
        likely = _as_date(f"20{found[1]}", found[2], found[3])
    elif found := _NO_YEAR.fullmatch(plain):
        likely = _as_date(str(reading.today.year), found[1], found[2])
    elif found := _YEAR_FIRST.match(plain):
        likely = _as_date(found[1], found[2], found[3])
    return likely.isoformat() if likely else ""


def _month(text: str, _field: Field, _scale: Scale, reading: Reading) -> str:
    plain = _plain(text)
    year, month = "", ""
    if found := next((found for form in _MONTH_FORMS if (found := form.fullmatch(plain))), None):
        year, month = found["y"], found["m"]
    elif found := _MONTH_NAMED.fullmatch(plain):
        year, month = found[2], _month_named(found[1]) or ""
    elif day := _day(plain, reading):
        year, month = str(day.year), str(day.month)
    first = _as_date(year or "0", month, "1")
    if first is None:
        raise NotReadError(MigrationRefusal.CELL_NOT_A_MONTH, _likely_month(plain, reading))
    return f"{first:%Y-%m}"


def _likely_month(plain: str, reading: Reading) -> str:
    if _SERIAL.fullmatch(plain):
        return _likely_day(plain, reading)[:7]
    if found := re.fullmatch(r"(\d{1,2})\s*月份?", plain, re.ASCII):
        first = _as_date(str(reading.today.year), found[1], "1")
        return f"{first:%Y-%m}" if first else ""
    return ""


def _week(text: str, _field: Field, _scale: Scale, reading: Reading) -> str:
    plain = _plain(text)
    if found := next((found for form in _WEEK_FORMS if (found := form.fullmatch(plain))), None):
        week = f"{found[1]}-W{int(found[2]):02}"
    else:
        day = _day(plain, reading)
        week = iso_week(day) if day else ""
    if not re.fullmatch(WEEK, week):
        raise NotReadError(MigrationRefusal.CELL_NOT_A_WEEK, _likely_week(plain, reading))
    return week


def _likely_week(plain: str, reading: Reading) -> str:
    if found := re.fullmatch(r"(\d{4})-?(\d{2})", plain, re.ASCII):
        week = f"{found[1]}-W{found[2]}"
    elif found := _WEEK_OF_NO_YEAR.fullmatch(plain):
        week = f"{reading.today.year}-W{int(found[1]):02}"
    else:
        day = _likely_day(plain, reading)
        week = iso_week(date.fromisoformat(day)) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else ""
    return week if re.fullmatch(WEEK, week) else ""


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
