"""A day or a time as a cell shows it (F1): a spreadsheet keeps both as a number of days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from .number_formats import Part, Section, Token
from .source import UNKNOWN, Mark, MarkKind

_LATEST: Final = 2_958_465
"""31 December 9999, in days as a spreadsheet counts them."""
_NO_DAY: Final = "#####"
"""What a spreadsheet shows of a number that is no day."""
_LEAP: Final = 60
"""The spreadsheets' calendar has a 29 February 1900."""
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_IN_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Moment:
    """A number of days as a calendar has it: ``day`` is None where it has no such day, ``year``, ``month`` and
    ``number`` are what is shown all the same.
    """

    year: int
    month: int
    number: int
    day: date | None
    seconds: int
    total: int
    value: float


def date_shown(section: Section, value: float, plain: str, *, since_1904: bool) -> tuple[str, Mark]:
    """A number of days as ISO 8601 has it, or as hours, minutes and seconds, and what it is; ``plain`` is the number.
    What the format shows is ``Mark.other``, where it is another text.
    """
    tokens = section.tokens
    elapsed = {token.text[0] for token in tokens if token.part is Part.ELAPSED}
    total = round(value * _IN_A_DAY)
    if value < 0 or (not elapsed and total >= (_LATEST + 1) * _IN_A_DAY):
        return plain, Mark(MarkKind.UNSHOWN, _NO_DAY)
    moment = _moment(total, value, since_1904=since_1904)
    shown = "" if section.local else _shown(section, moment)
    letters = frozenset(section.letters)
    if elapsed:
        return _as_time(_span(total), shown, certain="h" in elapsed)
    of_a_day = letters & set("yMdegba")
    if total < _IN_A_DAY and not (since_1904 and of_a_day):
        return _as_time(_clock(total), shown, certain="h" in letters)
    if of_a_day:
        text = _day_text(moment) + (f" {_clock(moment.seconds)}" if moment.seconds else "")
        return text, Mark(MarkKind.DATE, shown if shown != text else "")
    # The hours of more than a day, or the time of a day that is not shown.
    text = f"{_day_text(moment)} {_clock(moment.seconds)}" if total >= 366 * _IN_A_DAY else _span(total)
    return text, Mark(MarkKind.UNSHOWN, shown or _clock(moment.seconds))


def iso_shown(content: str) -> tuple[str, Mark]:
    """A day or a time that is kept as ISO 8601 has it; one that is none is shown as it is."""
    try:
        at = datetime.fromisoformat(content).replace(tzinfo=None)
    except ValueError:
        try:
            return time.fromisoformat(content).replace(tzinfo=None).isoformat("seconds"), Mark(MarkKind.TIME)
        except ValueError:
            return content, Mark(MarkKind.UNSHOWN, UNKNOWN)
    text = at.date().isoformat() if at.time() == time() else at.isoformat(" ", "seconds")
    return text, Mark(MarkKind.DATE)


def _as_time(text: str, shown: str, *, certain: bool) -> tuple[str, Mark]:
    """``certain``: hours are shown as such, and 40:30 are not minutes and seconds."""
    if not certain and shown != text:
        return text, Mark(MarkKind.UNSHOWN, shown or text)
    return text, Mark(MarkKind.TIME, shown if shown != text else "")


def _moment(total: int, value: float, *, since_1904: bool) -> _Moment:
    days, seconds = divmod(total, _IN_A_DAY)
    if not since_1904 and days in (0, _LEAP):
        month, number = (1, 0) if days == 0 else (2, 29)
        return _Moment(1900, month, number, None, seconds, total, value)
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < _LEAP else 30)
    try:
        day = first + timedelta(days=days)
    except OverflowError:
        return _Moment(9999, 12, 31, None, seconds, total, value)
    return _Moment(day.year, day.month, day.day, day, seconds, total, value)


def _day_text(moment: _Moment) -> str:
    return f"{moment.year:04}-{moment.month:02}-{moment.number:02}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _span(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _shown(section: Section, moment: _Moment) -> str:
    """What a cell shows of it."""
    half = "p" in section.letters
    pieces = zip(section.tokens, section.letters, strict=True)
    return "".join(_piece(token, letter, moment, half=half) for token, letter in pieces).strip()


def _piece(token: Token, letter: str, moment: _Moment, *, half: bool) -> str:
    width = len(token.text)
    if token.part is Part.ELAPSED:
        per = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
        return f"{moment.total // per:0{width}}"
    seconds = moment.seconds
    match letter:
        case "y":
            return f"{moment.year % 100:02}" if width < 3 else f"{moment.year:04}"
        case "e":
            return str(moment.year)
        case "b":
            return f"{(moment.year + 543) % 100:02}" if width < 3 else str(moment.year + 543)
        case "M":
            name = _MONTHS[moment.month - 1]
            short = {1: str(moment.month), 2: f"{moment.month:02}", 3: name[:3], 5: name[0]}
            return short.get(width, name)
        case "d":
            name = _DAYS[moment.day.weekday()] if moment.day else ""
            short = {1: str(moment.number), 2: f"{moment.number:02}", 3: name[:3]}
            return short.get(width, name)
        case "a":
            name = "一二三四五六日"[moment.day.weekday()] if moment.day else ""
            return f"星期{name}" if width == 4 else name
        case "g":
            return ""
        case "h":
            hours = seconds // 3600
            return f"{(hours + 11) % 12 + 1 if half else hours:0{min(width, 2)}}"
        case "m":
            return f"{seconds // 60 % 60:0{width}}"
        case "s":
            return f"{seconds % 60:0{min(width, 2)}}"
        case ".":
            return f"{moment.value * _IN_A_DAY % 1:.{width - 1}f}"[1:] if width > 1 else "."
        case "p":
            before, _, after = token.text.partition("/")
            return after if seconds >= _IN_A_DAY // 2 else before
    return token.text
