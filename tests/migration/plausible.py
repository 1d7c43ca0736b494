"""What somebody who looks at a cell may take it for, worked out apart from the rules that read cells: no rule is asked
here, and where a person could read two things both are plausible. A value on record that is none of them nobody wrote.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from rencai.migration.rules.fields import FIELDS, CellType, Field, ImportKind

_FACTORS: Final = {
    "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000, "k": 1_000, "thousand": 1_000,
}  # fmt: skip
_MINUTES: Final = re.compile(r"分钟|min")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def seen(text: str) -> str:
    """A text as it looks: without what nobody sees, narrow, with digits of our own script, in one line."""
    shown = "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one
        for one in unicodedata.normalize("NFKC", text)
        if unicodedata.category(one) not in ("Cf", "Cc") or one.isspace()
    )
    return " ".join(shown.split())


def bare(text: str) -> str:
    """As it is compared: letters and digits alone."""
    return "".join(one for one in seen(text).casefold() if one.isalnum())


def numbers(text: str, header: str) -> set[Decimal]:
    """Every number that a cell under this header may be."""
    shown = seen(text)
    found: set[Decimal] = set()
    for written in re.findall(r"[0-9][0-9.,' ]*|[.,][0-9]+", shown):
        digits = written.strip(" .,'")
        for decimal in (".", ",", None):
            whole, _, part = digits.rpartition(decimal) if decimal and decimal in digits else (digits, "", "")
            plain = re.sub(r"[^0-9]", "", whole) + (f".{re.sub(r'[^0-9]', '', part)}" if part else "")
            try:
                found.add(Decimal(plain))
            except InvalidOperation:
                continue
    if clock := re.fullmatch(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?", shown):
        hours, minutes, seconds = (int(one or 0) for one in clock.groups())
        found.add(hours + Decimal(minutes * 60 + seconds) / 3600)
    factors = {factor for word, factor in _FACTORS.items() if word in seen(text + header).casefold()}
    found |= {one * factor for one in found for factor in factors}
    if _MINUTES.search(header.casefold() + shown.casefold()):
        found |= {one / 60 for one in found}
    if "%" in shown or "%" in header:
        found |= {one * 100 for one in found} | {one / 100 for one in found}
    if re.search(r"[-−－(]", text):
        found |= {-one for one in found}
    return found


def days(text: str) -> set[date]:
    """Every day whose year, month and day stand in a cell."""
    shown = seen(text).casefold()
    parts = [int(one) for one in re.findall(r"[0-9]+", shown)]
    named = [number + 1 for number, name in enumerate(_MONTHS) if name in shown]
    if together := re.match(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])", shown):
        parts += [int(one) for one in together.groups()]
    found: set[date] = set()
    for year in {one for one in parts if 1900 <= one <= 2100}:
        for month in {one for one in [*parts, *named] if 1 <= one <= 12}:
            for day in {one for one in parts if 1 <= one <= 31}:
                try:
                    found.add(date(year, month, day))
                except ValueError:
                    continue
    return found


def months(text: str) -> set[str]:
    """Every month whose year and month stand in a cell."""
    shown = seen(text).casefold()
    parts = [int(one) for one in re.findall(r"[0-9]+", shown)]
    named = [number + 1 for number, name in enumerate(_MONTHS) if name in shown]
    if together := re.match(r"([0-9]{4})([0-9]{2})", shown):
        parts += [int(one) for one in together.groups()]
    years, of_year = (
        {one for one in parts if 1900 <= one <= 2100},
        {one for one in [*parts, *named] if 1 <= one <= 12},
    )
    return {f"{year}-{month:02}" for year in years for month in of_year}


def weeks(text: str) -> set[str]:
    """Every week that a cell may name: by its number, or by a day of it or next to it."""
    parts = [int(one) for one in re.findall(r"[0-9]+", seen(text))]
    if together := re.match(r"([0-9]{4})([0-9]{2})(?![0-9])", seen(text)):
        parts += [int(one) for one in together.groups()]
    found = {
        f"{year}-W{week:02}"
        for year in parts
        if 1900 <= year <= 2100
        for week in parts
        if 1 <= week <= 53 and year != week
    }
    for day in days(text):
        for near in (-1, 0, 1):
            year, week, _ = (day + timedelta(days=near)).isocalendar()
            found.add(f"{year}-W{week:02}")
    return found


def options(field: Field, text: str) -> Iterator[str]:
    """Every option whose name is what a cell says."""
    for option, names in field.options.items():
        if bare(text) in {bare(one) for one in (option, *names)}:
            yield option


def field(kind: ImportKind, id_: str) -> Field | None:
    """The field of this id, of those that are built in."""
    return next((one for one in FIELDS[kind] if one.id == id_), None)


def is_plausible(one: Field, value: object, text: str, header: str) -> bool:
    """Whether a cell's writer may have meant ``value``."""
    match one.type:
        case CellType.TEXT | CellType.IDENTIFIER | CellType.ROLE:
            return (bare(str(value)) or seen(str(value))) == (bare(text) or seen(text)) != ""
        case CellType.EMAIL:
            return str(value).casefold() in seen(text).casefold()
        case CellType.NUMBER | CellType.PERCENT | CellType.MONEY | CellType.SCORE:
            near = Decimal("0.0001")
            return any(abs(Decimal(str(value)) - number) <= near for number in numbers(text, header))
        case CellType.DATE:
            return value in days(text)
        case CellType.MONTH:
            return value in months(text)
        case CellType.WEEK:
            return value in weeks(text)
        case CellType.OPTION:
            return value in set(options(one, text))
        case CellType.FLAG:
            return ("true" if value else "false") in set(options(one, text))
        case CellType.CURRENCY:
            return bool(bare(text)) or "$" in text or "¥" in seen(text) or "€" in text
    raise AssertionError(one.type)
