"""The figures of a closed survey: what all answered, and of each grouping an item for every hundred groups."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rencai.kernel.errors import CommonRefusal, DomainError, LostRace
from rencai.store.table import ABSENT, Key, Table, compact, from_cursor, from_instant, instant, to_cursor
from rencai.survey.rules.figures import Distribution, GroupFigures, Grouping, SurveyFigures

from .rounds import Asked, survey_partition

_GROUPS: Final = 100
"""Groups an item: 150 KB, where each has all of twenty questions and the longest of names."""


def figures_key(month: str) -> Key:
    """``SURVEY#2026-11`` / ``FIGURES``: what all answered; there once everything else is."""
    return Key(survey_partition(month), "FIGURES")


def groups_key(month: str, grouping: Grouping, page: int) -> Key:
    """``SURVEY#2026-11`` / ``FIGURES#department#0000``: of a grouping's groups a hundred."""
    return Key(survey_partition(month), f"FIGURES#{grouping}#{page:04}")


@dataclass(frozen=True, slots=True)
class Totals:
    """What all answered, as far as it may be shown; of whom, and by which rule. ``pages`` are those of each grouping
    that is shown.
    """

    answered: int
    questions: Mapping[str, Distribution]
    asked: Asked
    group_size: int
    pages: Mapping[Grouping, int]
    made_at: datetime


class SurveyFiguresStore:
    """Figures of closed months."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def totals(self, month: str) -> Totals | None:
        """What all answered, once it is made. 1 read unit."""
        item = self._table.get(figures_key(month))
        if item is None:
            return None
        questions, asked, pages = json.loads(item["figures"])
        return Totals(
            item["answered"],
            _distributions(questions),
            Asked(*asked),
            item["group_size"],
            {Grouping(grouping): count for grouping, count in pages.items()},
            from_instant(item["made_at"]),
        )

    def groups(
        self, month: str, grouping: Grouping, cursor: str | None
    ) -> tuple[Sequence[GroupFigures], str | None]:
        """A hundred groups of a grouping by name, and where to go on. 1 read unit for each started 4 KB.

        Raises ``DomainError`` (BAD_CURSOR).
        """
        page = _place(from_cursor(cursor), grouping)
        item = self._table.get(groups_key(month, grouping, page))
        if item is None:
            if cursor:
                raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
            return (), None
        groups = tuple(
            GroupFigures(name, count, _distributions(shown))
            for name, count, shown in json.loads(item["groups"])
        )
        more = {"by": grouping.value, "page": str(page + 1)} if item["more"] else None
        return groups, to_cursor(more)

    def keep(
        self, month: str, figures: SurveyFigures, asked: Asked, group_size: int, now: datetime
    ) -> Totals:
        """Keep a month's figures for good; those that were kept first are what counts, and are returned.

        Made again they are the same, so the groups may be written twice; who finds the totals finds all.
        """
        pages: dict[Grouping, int] = {}
        for grouping, groups in figures.groups.items():
            cut = [groups[first : first + _GROUPS] for first in range(0, len(groups), _GROUPS)]
            for number, some in enumerate(cut):
                told = [[group.name, group.answered, group.questions] for group in some]
                more = number + 1 < len(cut)
                self._table.put(groups_key(month, grouping, number), {"groups": compact(told), "more": more})
            pages[grouping] = len(cut)
        values = {
            "answered": figures.answered,
            "group_size": group_size,
            "figures": compact([figures.questions, [asked.invited, asked.without_address], pages]),
            "made_at": instant(now),
        }
        try:
            self._table.put(figures_key(month), values, ABSENT)
        except LostRace:
            kept = self.totals(month)
            if kept:
                return kept
        return Totals(figures.answered, figures.questions, asked, group_size, pages, now)


def _place(position: Mapping[str, Any] | None, grouping: Grouping) -> int:
    if position is None:
        return 0
    page = position.get("page", "")
    if position.get("by") != grouping or not (isinstance(page, str) and page.isascii() and page.isdigit()):
        raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
    # A key takes four digits; whatever is longer is no page of ours.
    return int(page[:5])


def _distributions(questions: Mapping[str, Sequence[int]]) -> dict[str, Distribution]:
    return {question: tuple(counts) for question, counts in questions.items()}
