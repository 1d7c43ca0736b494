"""A country's days off, and the weekends it works instead (调休), from the library ``holidays`` into the work calendar.

The library (github.com/vacanza/holidays) reckons the days that the law names for any year. Which days a government
moves it only knows once that is announced: for China the State Council says it each November for the year to come, and
the library holds those arrangements by year (``special_public_holidays``). So a year counts as announced

- in a country that moves days at all, when the library holds an arrangement for that year, and
- in every country, when the library marks no day of that year as estimated (feasts by the moon, until they are set).

A year that is not announced gets the law's own days all the same, and the calendar's ``known_until`` ends before it. A
country that moved days once and does no more is taken for not announced: ``known_until`` errs on the early side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import holidays

from infra.admin.configuration import Document, InvalidConfiguration
from rencai.kernel.work_calendar import WORK_CALENDAR, WorkCalendar

NAME: Final = "default"
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """What a country's law says of ``years``: weekdays off, weekends worked, and the years that are announced."""

    years: tuple[int, ...]
    days_off: frozenset[date]
    worked_weekends: frozenset[date]
    announced: frozenset[int]


def public_holidays(country: str, years: Sequence[int], subdivision: str | None = None) -> PublicHolidays:
    """What the library knows. ``country``: ISO 3166-1 (``CN``); ``subdivision``: as the library calls it (``BY``).

    Raises ``InvalidConfiguration`` for a country, subdivision or year that it does not know, and for a country whose
    weekend is another than the work calendar's.
    """
    try:
        law = holidays.country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError as error:
        raise InvalidConfiguration(
            [f"{error}; countries are named as in ISO 3166-1, like CN, and subdivisions as in ISO 3166-2"]
        ) from None
    if min(law.weekend) < _SATURDAY:
        raise InvalidConfiguration(
            [f"{country}: its weekend is not Saturday and Sunday, which is what a work calendar counts with"]
        )
    without = [year for year in years if not any(day.year == year for day in law)]
    if without:
        raise InvalidConfiguration([f"{country}: nothing is known of its holidays in {without[0]}"])
    return PublicHolidays(
        years=tuple(years),
        days_off=frozenset(day for day in law if day.year in years and day.weekday() < _SATURDAY),
        worked_weekends=frozenset(day for day in law.weekend_workdays if day.year in years),
        announced=frozenset(year for year in years if _announced(law, year)),
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """A calendar with the law's days in it.

    ``own``: days of those years that the law does not name and that stayed. ``left``: years that are not announced and
    that the tenant says it knows, so that they stayed as they were. ``unannounced``: years of the law's own days only.
    """

    calendar: WorkCalendar
    own: tuple[date, ...]
    left: tuple[int, ...]
    unannounced: tuple[int, ...]


def filled(before: WorkCalendar, law: PublicHolidays, *, keep_own: bool = True) -> Filled:
    """``before`` with the law's days added.

    A day the tenant added itself stays, and wins where the law says otherwise; a day it took out comes back, for
    nothing tells that it was there. Without ``keep_own`` no day of ``before`` stays, only the time its days end at.
    ``known_until`` ends with the last year before the first that is neither announced nor known to the tenant.
    """
    if not keep_own:
        before = WorkCalendar(day_ends=before.day_ends)
    known = before.known_until
    left = {year for year in law.years if year not in law.announced and known and known >= _last_day(year)}
    certain = list(takewhile(lambda year: year in law.announced or year in left, sorted(law.years)))
    days_off = {day for day in law.days_off if day.year not in left}
    worked = {day for day in law.worked_weekends if day.year not in left}
    calendar = WorkCalendar(
        days_off=before.days_off | days_off,
        worked_weekends=before.worked_weekends | (worked - before.days_off),
        known_until=max(
            (day for day in (known, _last_day(certain[-1]) if certain else None) if day), default=None
        ),
        day_ends=before.day_ends,
    )
    own = (before.days_off - law.days_off) | (before.worked_weekends - law.worked_weekends)
    return Filled(
        calendar,
        own=tuple(sorted(day for day in own if day.year in set(law.years) - left)),
        left=tuple(sorted(left)),
        unannounced=tuple(sorted(set(law.years) - law.announced - left)),
    )


def as_document(calendar: WorkCalendar) -> Document:
    """The calendar as a document to be stored like any other."""
    kind = WORK_CALENDAR
    content = calendar.model_dump(mode="json", exclude_defaults=True)
    return Document(Path(kind.name) / NAME, kind, NAME, content)


def _announced(law: holidays.HolidayBase, year: int) -> bool:
    arrangements: dict[int, Any] = getattr(law, "special_public_holidays", {})
    if law.has_substituted_holidays and year not in arrangements:
        return False
    label = getattr(law, "estimated_label", None)
    estimated = law.tr(label).replace("%s", "").strip() if label else None
    return not estimated or not any(estimated in name for day, name in law.items() if day.year == year)


def _last_day(year: int) -> date:
    return date(year, 12, 31)
