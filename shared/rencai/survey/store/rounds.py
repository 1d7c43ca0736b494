"""The monthly surveys (F7): until when each can be answered, and how many were asked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rencai.kernel.errors import LostRace
from rencai.store.table import ABSENT, Key, Table, instant

_PART: Final = "PART#"


def round_key(month: str) -> Key:
    """``SURVEY#2026-11`` / ``ROUND``: a month's survey."""
    return Key(survey_partition(month), "ROUND")


def part_key(month: str, shard: int, number: int) -> Key:
    """``SURVEY#2026-11`` / ``PART#07#0012``: some employees of a shard, who were written to together."""
    return Key(survey_partition(month), f"{_PART}{shard:02}#{number:04}")


def survey_partition(month: str) -> str:
    """``SURVEY#2026-11``: everything of a month's survey but the answers."""
    return f"SURVEY#{month}"


@dataclass(frozen=True, slots=True)
class Asked:
    """How many were written to, and how many could not be, for want of an e-mail address."""

    invited: int = 0
    without_address: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.invited + other.invited, self.without_address + other.without_address)


class SurveyRounds:
    """One survey a month."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, month: str, closes_on: date, now: datetime) -> date:
        """Begin a month's survey; the last day on which it can be answered. Begun before, it keeps the day it has."""
        values = {"closes_on": closes_on.isoformat(), "opened_at": instant(now)}
        try:
            self._table.put(round_key(month), values, ABSENT)
        except LostRace:
            return self.closes_on(month) or closes_on
        return closes_on

    def closes_on(self, month: str) -> date | None:
        """The last day on which a month's survey can be answered; None when there was none."""
        item = self._table.get(round_key(month))
        return date.fromisoformat(item["closes_on"]) if item else None

    def part_done(self, month: str, shard: int, number: int, asked: Asked) -> None:
        """What came of writing to a part. Done again it counts as it came out last."""
        values = {"invited": asked.invited, "without_address": asked.without_address}
        self._table.put(part_key(month, shard, number), values)

    def asked(self, month: str) -> Asked:
        """How many were asked so far. 1 read unit for some 5,000 of them."""
        parts = self._table.query_all(survey_partition(month), prefix=_PART)
        return sum((Asked(part["invited"], part["without_address"]) for part in parts), Asked())
