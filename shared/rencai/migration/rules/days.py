"""A day, a month or a week as people write it (F1). What can be two of them is refused with both, and so is what has no
year of four digits: no century, and no year, is made up.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from rencai.employees.rules.signals import WEEK, iso_week

from .not_read import NotReadError, is_nothing, leave_empty
from .refusals import MigrationRefusal
from .units import Edge

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
_OCTOBER_OR_JANUARY: Final = re.compile(r"(\d{4})\.1", re.ASCII)
_WEEK_FORMS: Final = (
    re.compile(r"(\d{4})\s*-?\s*[Ww]\s*(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\s*年?\s*-?\s*第?\s*(\d{1,2})\s*周", re.ASCII),
)
_WEEK_OF_NO_YEAR: Final = re.compile(
    r"(?:(\d{2})\s*年?\s*-?\s*)?(?:[Ww]|[Ww]eek\s*|第\s*)?(\d{1,2})\s*周?", re.ASCII
)
_SPAN: Final = re.compile(r"(\d{4}.*?\d日?)\s*(?:~|--?|至|到|to)\s*(\d{4}.*)", re.ASCII)
_SERIAL: Final = re.compile(r"[2-6]\d{4}", re.ASCII)

_THREE: Final = re.compile(
    r"(?P<a>\d{1,2})\s*(?:(?P<year>年)|[-/.月\s])\s*(?P<b>\d{1,2}|[A-Za-z]{3,9})\.?\s*[-/.月,\s]\s*"
    r"'?(?P<c>\d{1,2})\s*[日号]?",
    re.ASCII,
)
_NAMED_FIRST: Final = re.compile(
    r"(?P<b>[A-Za-z]{3,9})[-/.\s]+(?P<a>\d{1,2})(?:st|nd|rd|th)?[-/.,\s]+'?(?P<c>\d{2})", re.ASCII
)
_SIX: Final = re.compile(r"(?P<a>\d{2})(?P<b>\d{2})(?P<c>\d{2})", re.ASCII)
_TWO: Final = re.compile(
    r"(?P<a>\d{1,2}|[A-Za-z]{3,9})\.?\s*(?P<mark>[-/.年月,\s]|(?='))\s*(?P<short>')?"
    r"(?P<b>\d{1,2}|[A-Za-z]{3,9})\s*(?P<end>[日号]|月份?)?",
    re.ASCII,
)
_MONTH_ALONE: Final = re.compile(r"(\d{1,2})\s*月份?|([A-Za-z]{3,9})\.?", re.ASCII)

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS: Final = frozenset(
    ("january", "february", "march", "april", "june", "july", "august", "september", "sept", "october", "november",
     "december")
)  # fmt: skip
_YEARS_AHEAD: Final = 10
"""Of a year of two digits, the century in which it is no further ahead."""

Order = Literal["day-first", "month-first"]


@dataclass(frozen=True, slots=True)
class Days:
    """Reads days for one file: ``order`` is what 03/04/2026 is there, ``today`` the tenant's."""

    order: Order | None
    today: date
    language: str

    def day(self, text: str) -> date:
        """The day that a text names; raises ``NotReadError``."""
        found = self._day(text)
        if found is not None:
            return found
        raise self._of_no_year(text, "2026-11-22") or NotReadError(
            MigrationRefusal.CELL_NOT_A_DATE, self._written(text)
        )

    def month(self, text: str) -> str:
        """The month that a text names, or in which the day is: ``2026-11``."""
        if found := _OCTOBER_OR_JANUARY.fullmatch(text):
            # The number 2026.10 is 2026.1, and loses its zero on the way to a file.
            one, other = f"{found[1]}-01", f"{found[1]}-10"
            raise NotReadError(MigrationRefusal.CELL_MONTH_AMBIGUOUS, one=one, other=other)
        year, month = "", ""
        if written := next((found for form in _MONTH_FORMS if (found := form.fullmatch(text))), None):
            year, month = written["y"], written["m"]
        elif named := _MONTH_NAMED.fullmatch(text):
            year, month = named[2], _number_of_month(named[1])
        elif day := self._day(text):
            year, month = str(day.year), str(day.month)
        first = _date(year, month, "1")
        if first is not None:
            return f"{first:%Y-%m}"
        raise self._of_no_year(text, "2026-11") or NotReadError(
            MigrationRefusal.CELL_NOT_A_MONTH, self._written(text)[:7]
        )

    def week(self, text: str, edge: Edge | None) -> str:
        """The ISO week that a text names, or that a day stands for; ``edge``: the day is said to be its first or last.

        A week of other days than Monday to Sunday lies in two ISO weeks: it is refused with both.
        """
        if found := next((found for form in _WEEK_FORMS if (found := form.fullmatch(text))), None):
            week = f"{found[1]}-W{int(found[2]):02}"
        elif span := _SPAN.fullmatch(text):
            week = self._week_of_span(span[1], span[2])
        elif (day := self._day(text)) is not None:
            week = _week_of(day, edge)
        else:
            week = ""
        if re.fullmatch(WEEK, week):
            return week
        raise self._not_a_week(text)

    def _week_of_span(self, first: str, last: str) -> str:
        begins, ends = self._day(first), self._day(last)
        if begins is None or ends is None or not 0 <= (ends - begins).days <= 6:
            return ""
        return _one_of(iso_week(begins), iso_week(ends))

    def _day(self, text: str) -> date | None:
        """The day a text names; the time of day is left out. Raises ``NotReadError`` where it can be two."""
        text = _TIME_OF_DAY.sub("", text).rstrip()
        if found := _YEAR_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text):
            return _date(found[1], found[2], found[3])
        if found := _YEAR_LAST.fullmatch(text):
            day_first, month_first = _date(found[3], found[2], found[1]), _date(found[3], found[1], found[2])
            if self.order is not None:
                return day_first if self.order == "day-first" else month_first
            if day_first and month_first and day_first != month_first:
                raise NotReadError(
                    MigrationRefusal.CELL_DATE_AMBIGUOUS, day_first=day_first, month_first=month_first
                )
            return day_first or month_first
        if found := _DAY_NAMED.fullmatch(text):
            return _date(found[3], _number_of_month(found[2]), found[1])
        if found := _NAMED_DAY.fullmatch(text):
            return _date(found[3], _number_of_month(found[1]), found[2])
        return None

    def _written(self, text: str) -> str:
        """The day that is in a text which is none; "": there is none, or none for sure."""
        if is_nothing(text) or text.startswith(("9999", "0000", "2999")):
            return leave_empty(self.language)
        if _SERIAL.fullmatch(text):
            # A date that a spreadsheet shows as the number it keeps it as: days since 30 December 1899.
            return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
        found = _YEAR_FIRST.match(text)
        if not found or text[found.end() :][:1].isdigit():
            return ""
        day = _date(found[1], found[2], found[3])
        return day.isoformat() if day else ""

    def _of_no_year(self, text: str, example: str) -> NotReadError | None:
        """Why a text has no year for sure, with all that it can be; None: it is something else."""
        text = _TIME_OF_DAY.sub("", text).strip()
        readings = list(dict.fromkeys(self._readings(text)))
        if not readings:
            return None
        return NotReadError(MigrationRefusal.CELL_YEAR_UNCLEAR, readings=tuple(readings), example=example)

    def _readings(self, text: str) -> Iterator[str]:
        if found := _THREE.fullmatch(text) or _SIX.fullmatch(text) or _NAMED_FIRST.fullmatch(text):
            a, b, c = found["a"], found["b"], found["c"]
            if found.re is not _NAMED_FIRST and len(a) == 2:
                yield from self._days(a, b, c)
            if len(c) == 2 and not found.groupdict().get("year"):
                if self.order != "month-first" or b.isalpha():
                    yield from self._days(c, b, a)
                if self.order != "day-first" and not b.isalpha():
                    yield from self._days(c, a, b)
        elif found := _TWO.fullmatch(text):
            mark = "年" if found["short"] else found["mark"]
            one, other = (found["b"], found["a"]) if found["short"] else (found["a"], found["b"])
            yield from self._of_two(one, other, mark, found["end"] or "")
        elif found := _MONTH_ALONE.fullmatch(text):
            month = found[1] or _number_of_month(found[2])
            if month and 1 <= int(month) <= 12:
                yield f"????-{int(month):02}"

    def _of_two(self, a: str, b: str, mark: str, end: str) -> Iterator[str]:
        if mark != "年" and not end.startswith("月"):
            for month, day in ((a, b), (b, a)) if mark != "月" else ((a, b),):
                # 2024 is a leap year: of no year, 29 February may be.
                if day.isdecimal() and (found := _date("2024", _number_of_month(month), day)):
                    yield f"????-{found:%m-%d}"
        if mark != "月" and end in ("", "月", "月份"):
            for year, month in ((a, b), (b, a)) if mark != "年" else ((a, b),):
                if year.isdecimal() and len(year) == 2:
                    yield from (f"{one:%Y-%m}" for one in self._centuries(year, _number_of_month(month), "1"))

    def _days(self, year: str, month: str, day: str) -> Iterable[str]:
        return (one.isoformat() for one in self._centuries(year, _number_of_month(month), day))

    def _centuries(self, year: str, month: str, day: str) -> Iterator[date]:
        century = "20" if 2000 + int(year) <= self.today.year + _YEARS_AHEAD else "19"
        if found := _date(f"{century}{year}", month, day):
            yield found

    def _not_a_week(self, text: str) -> NotReadError:
        if (found := _WEEK_OF_NO_YEAR.fullmatch(text)) and not (found[1] and text.isdecimal()):
            year = "????" if found[1] is None else f"20{found[1]}"
            readings = f"{year}-W{int(found[2]):02}"
            if 1 <= int(found[2]) <= 53:
                return NotReadError(
                    MigrationRefusal.CELL_YEAR_UNCLEAR, readings=(readings,), example="2026-W10"
                )
        if of_no_year := self._of_no_year(text, "2026-W10"):
            return of_no_year
        if _SPAN.fullmatch(text):
            return NotReadError(MigrationRefusal.CELL_NOT_A_WEEK)
        if (together := re.fullmatch(r"(\d{4})(\d{2})", text, re.ASCII)) and int(together[2]) > 12:
            # Up to 12 it may be a month as well.
            week = f"{together[1]}-W{together[2]}"
            return NotReadError(MigrationRefusal.CELL_NOT_A_WEEK, week if re.fullmatch(WEEK, week) else "")
        day = self._written(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            day = _week_of(date.fromisoformat(day), None)
        return NotReadError(MigrationRefusal.CELL_NOT_A_WEEK, day)


def _week_of(day: date, edge: Edge | None) -> str:
    if edge == "first":
        return _one_of(iso_week(day), iso_week(day + timedelta(days=6)))
    if edge == "last":
        return _one_of(iso_week(day - timedelta(days=6)), iso_week(day))
    # A Sunday ends the week of ISO, and begins the one that the calendars of other places have.
    return (
        _one_of(iso_week(day), iso_week(day + timedelta(days=1))) if day.isoweekday() == 7 else iso_week(day)
    )


def _one_of(one: str, other: str) -> str:
    if one != other:
        raise NotReadError(MigrationRefusal.CELL_WEEK_AMBIGUOUS, one=one, other=other)
    return one


def _date(year: str, month: str, day: str) -> date | None:
    try:
        # Years before and after are mistyped, or stand for "never".
        return date(int(year or 0), int(month or 0), int(day)) if 1900 <= int(year or 0) <= 2099 else None
    except ValueError:
        return None


def _number_of_month(name: str) -> str:
    """A month's number, from its number or its name; "": it is none."""
    if name.isdecimal():
        return name
    name = name.casefold()
    if name[:3] in _MONTHS and (len(name) == 3 or name in _FULL_MONTHS):
        return str(_MONTHS.index(name[:3]) + 1)
    return ""
