"""When something that runs by a schedule was last due: EventBridge Scheduler's expressions, read backwards.

    rate(15 minutes)        cron(0 9 25 * ? *)        at(2026-11-25T09:00:00)

The fields of ``cron`` are minutes, hours, day of the month, month, day of the week (1 or SUN to 7 or SAT) and year,
with ``*``, ``?``, lists, ranges, steps, ``L`` (last), ``15W`` (the weekday nearest) and ``6#3`` (the third Friday).
"""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTHS: Final = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS: Final = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_SATURDAY: Final = 7
_FIELDS: Final = 6

_Day = Callable[[date], bool]


def last_due(expression: str, zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    """The newest moment after ``since`` and not after ``until`` at which a run was due; None where there was none.

    A rate is due once in every interval, and nobody says when in it: the answer is the beginning of the last whole one.
    An hour that a change of the clocks leaves out is never due, and one that comes twice is due once.

    Raises:
        ValueError: it is no expression that Scheduler knows.
    """
    kind, _, said = expression.strip().removesuffix(")").partition("(")
    if not expression.strip().endswith(")"):
        raise ValueError(f"no schedule expression: {expression}")
    match kind:
        case "rate":
            interval = _interval(said)
            return until - interval if until - interval >= since else None
        case "at":
            moment = _moment(datetime.fromisoformat(said.strip()), zone)
            return moment if moment and since < moment <= until else None
        case "cron":
            return _last_of_cron(said, zone, since, until)
    raise ValueError(f"no schedule expression: {expression}")


def _interval(said: str) -> timedelta:
    found = re.fullmatch(r"\s*([1-9]\d*)\s+(minute|hour|day)s?\s*", said)
    if not found:
        raise ValueError(f"no rate: {said}")
    return int(found[1]) * _UNITS[found[2]]


def _last_of_cron(said: str, zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    fields = said.upper().split()
    if len(fields) != _FIELDS:
        raise ValueError(f"cron has six fields: {said}")
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    is_due = _days(*fields[2:])
    times = [
        time(hour, minute) for hour in sorted(hours, reverse=True) for minute in sorted(minutes, reverse=True)
    ]
    day, first = until.astimezone(zone).date(), since.astimezone(zone).date()
    while day >= first:
        if is_due(day):
            for at in times:
                moment = _moment(datetime.combine(day, at), zone)
                if moment and moment <= until:
                    # Those before it are older still.
                    return moment if moment > since else None
        day -= timedelta(days=1)
    return None


def _moment(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment, UTC; None: the clocks pass over it."""
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local else None


def _days(of_month: str, month: str, of_week: str, year: str) -> _Day:
    months, years = _numbers(month, 1, 12, _MONTHS), _numbers(year, 1970, 2199)
    in_month = [_day_of_month(part) for part in of_month.split(",")]
    in_week = [_day_of_week(part) for part in of_week.split(",")]

    def is_due(day: date) -> bool:
        return (
            day.year in years
            and day.month in months
            and any(one(day) for one in in_month)
            and any(one(day) for one in in_week)
        )

    return is_due


def _day_of_month(said: str) -> _Day:
    if said == "?":
        return lambda _: True
    if said == "L":
        return lambda day: day.day == _last_day(day)
    if said == "LW":
        return lambda day: day.day == _weekday_nearest(day, _last_day(day))
    if found := re.fullmatch(r"(\d{1,2})W", said):
        wanted = int(found[1])
        return lambda day: wanted <= _last_day(day) and day.day == _weekday_nearest(day, wanted)
    numbers = _numbers(said, 1, 31)
    return lambda day: day.day in numbers


def _day_of_week(said: str) -> _Day:
    if said == "?":
        return lambda _: True
    if said == "L":
        return lambda day: _number_in_week(day) == _SATURDAY
    if found := re.fullmatch(r"(\w+)L", said):
        (last,) = _numbers(found[1], 1, 7, _DAYS)
        return lambda day: _number_in_week(day) == last and day.day > _last_day(day) - 7
    if found := re.fullmatch(r"(\w+)#([1-5])", said):
        (wanted,), which = _numbers(found[1], 1, 7, _DAYS), int(found[2])
        return lambda day: _number_in_week(day) == wanted and (day.day - 1) // 7 + 1 == which
    numbers = _numbers(said, 1, 7, _DAYS)
    return lambda day: _number_in_week(day) in numbers


def _number_in_week(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _last_day(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _weekday_nearest(day: date, wanted: int) -> int:
    """The day of the month that is a weekday and nearest, never in another month."""
    at = day.replace(day=wanted)
    if at.weekday() == calendar.SATURDAY:
        return wanted - 1 if wanted > 1 else wanted + 2
    if at.weekday() == calendar.SUNDAY:
        return wanted + 1 if wanted < _last_day(day) else wanted - 2
    return wanted


def _numbers(said: str, least: int, most: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """``*``, ``5``, ``1,3``, ``1-5``, ``*/15``, ``5/15``, ``1-30/2``, and names where there are."""
    found: set[int] = set()
    for part in said.split(","):
        bounds, slash, step = part.partition("/")
        every = int(step) if slash else 1
        first, dash, last = bounds.partition("-")
        if bounds in ("*", "?"):
            low, high = least, most
        else:
            low = _number(first, names)
            high = _number(last, names) if dash else (most if slash else low)
        if every < 1 or not least <= low <= most or not least <= high <= most:
            raise ValueError(f"{part} is not within {least} and {most}")
        if low > high:  # FRI-MON, 22-2
            found |= {*range(low, most + 1, every), *range(least, high + 1, every)}
        else:
            found |= {*range(low, high + 1, every)}
    return frozenset(found)


def _number(said: str, names: dict[str, int] | None) -> int:
    if names and said in names:
        return names[said]
    if not said.isdecimal():
        raise ValueError(f"no number: {said}")
    return int(said)
