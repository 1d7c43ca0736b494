"""The monthly surveys (F7): until when each can be answered, how many were asked, and the figures made of it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rencai.kernel.errors import LostRace
from rencai.store.table import ABSENT, Key, Table, compact, instant
from rencai.survey.rules.survey import GroupFigures, Grouping, SurveyFigures

_PART: Final = "PART#"


def round_key(month: str) -> Key:
    """``SURVEY#2026-11`` / ``ROUND``: a month's survey."""
    return Key(_partition(month), "ROUND")


def part_key(month: str, shard: int, number: int) -> Key:
    """``SURVEY#2026-11`` / ``PART#07#0012``: some employees of a shard, who were written to together."""
    return Key(_partition(month), f"{_PART}{shard:02}#{number:04}")


def figures_key(month: str) -> Key:
    """``SURVEY#2026-11`` / ``FIGURES``."""
    return Key(_partition(month), "FIGURES")


def _partition(month: str) -> str:
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
        parts = self._table.query_all(_partition(month), prefix=_PART)
        return sum((Asked(part["invited"], part["without_address"]) for part in parts), Asked())

    def figures(self, month: str) -> SurveyFigures | None:
        """The figures of a month, once they are made."""
        item = self._table.get(figures_key(month))
        return _from_text(item["figures"]) if item else None

    def keep(self, month: str, figures: SurveyFigures, now: datetime) -> SurveyFigures:
        """Keep a month's figures for good; those that were kept first are what counts, and are returned."""
        try:
            self._table.put(
                figures_key(month), {"figures": _to_text(figures), "made_at": instant(now)}, ABSENT
            )
        except LostRace:
            return self.figures(month) or figures
        return figures


def _to_text(figures: SurveyFigures) -> str:
    groups = {
        grouping: [[group.name, group.answered, group.questions] for group in groups]
        for grouping, groups in figures.groups.items()
    }
    return compact([figures.answered, figures.questions, groups])


def _from_text(text: str) -> SurveyFigures:
    answered, questions, groupings = json.loads(text)

    def distributions(questions: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
        return {question: tuple(counts) for question, counts in questions.items()}

    return SurveyFigures(
        answered,
        distributions(questions),
        {
            Grouping(grouping): tuple(
                GroupFigures(name, count, distributions(shown)) for name, count, shown in groups
            )
            for grouping, groups in groupings.items()
        },
    )
