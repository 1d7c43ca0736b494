"""Which half of a day a leave takes, as far as a file says: by a word (上午, PM), or by when it begins and ends (F1).

A source without ids of its own tells two half days of one day in two rows; with their halves they are two leaves.
"""

import re
import unicodedata
from typing import Final, Literal

Half = Literal["am", "pm"]
_WORDS: Final[dict[str, Half]] = {
    **dict.fromkeys(("上午", "早上", "前半天", "上半天", "am", "a.m.", "morning", "first half"), "am"),
    **dict.fromkeys(("下午", "后半天", "下半天", "pm", "p.m.", "afternoon", "second half"), "pm"),
}
_WORD: Final = re.compile(
    r"[\s(,-]*(" + "|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True))) + r")\)?$", re.IGNORECASE
)
_BEFORE_TIME: Final = re.compile(r"(?:上午|早上|下午|中午)\s*(?=\d{1,2}:\d{2})")
_TIME: Final = re.compile(
    r"[T\s日号](?P<word>上午|早上|下午|中午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?$",
    re.ASCII,
)
_NOON: Final = 12 * 60
_LUNCH: Final = 14 * 60
"""A morning ends by then, and an afternoon does not begin before noon but for a quarter of an hour or two."""
_EARLY: Final = 30


def without_half(text: str) -> str:
    """A day without the word behind it that says which half of it: ``2026-03-02 上午`` is ``2026-03-02``. A time stays.

    >>> without_half("2026-03-02 (PM)"), without_half("2026/3/2 下午 2:00"), without_half("2026-03-02")
    ('2026-03-02', '2026/3/2 2:00', '2026-03-02')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _TIME.search(plain):
        return _BEFORE_TIME.sub("", plain)
    found = _WORD.search(plain)
    return plain[: found.start()].rstrip() if found and found.start() else text


def half_of(starts: str, ends: str) -> Half | None:
    """The half of one day that lies between two cells; None: they do not say, or it is more than a half.

    >>> half_of("2026-03-02 上午", "2026-03-02 上午"), half_of("2026-03-02 13:30", "2026-03-02 18:00")
    ('am', 'pm')
    >>> half_of("2026-03-02 09:00", "2026-03-02 18:00"), half_of("2026-03-02", "2026-03-02")
    (None, None)
    """
    first, last = _moment(starts), _moment(ends)
    if first is None and last is None:
        return None
    begins = first[0] if first else last[0] if last else 0
    finishes = last[1] if last else first[1] if first else 0
    if begins >= _NOON - _EARLY and finishes > _NOON:
        return "pm"
    if begins < _NOON and finishes <= _LUNCH:
        return "am"
    return None


def _moment(cell: str) -> tuple[int, int] | None:
    """What a cell says of the time of day, in minutes from midnight: from when and until when; None: nothing."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if found := _TIME.search(plain):
        hour = int(found["hour"])
        later = (found["half"] or "").casefold().startswith("p") or found["word"] in ("下午", "中午")
        minutes = (hour + 12 if later and hour < 12 else hour) * 60 + int(found["minute"])
        # Midnight is how a spreadsheet shows a day that has no time.
        return (minutes, minutes) if minutes else None
    if found := _WORD.search(plain):
        return (0, _NOON) if _WORDS[found[1].casefold()] == "am" else (_NOON, 24 * 60)
    return None
