"""The answers of a closed survey as they are counted, page by page; each page is counted once and stays as it was."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rencai.kernel.errors import LostRace
from rencai.store.table import ABSENT, Item, Key, Table, compact
from rencai.survey.rules.figures import Grouping, Tally

from .rounds import survey_partition

_COUNTED: Final = "COUNTED#"
_AT_ONCE: Final = 10
"""Pages in one read: a page of answers has a few KB, and some 100 where each is in a group of its own."""


def counted_key(month: str, page: int) -> Key:
    """``SURVEY#2026-11`` / ``COUNTED#00012``: some of the month's answers, counted together."""
    return Key(survey_partition(month), f"{_COUNTED}{page:05}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is shown, as the form has it when a page is counted: the groupings, and how few may be shown."""

    groupings: Sequence[Grouping]
    group_size: int


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of answers: what they come to, by the hand that brought them, and where the next begins; ``next`` None: it
    is the last. The figures go by the first page's ``rule``.
    """

    tallies: Mapping[str, Tally]
    next: str | None
    rule: Rule


class SurveyCounts:
    """Pages of answers. The first count of a page is the one there is, so whoever counts again goes on alike."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, month: str, page: int) -> CountedPage | None:
        """A page, when it was counted."""
        item = self._table.get(counted_key(month, page))
        return _from_item(item) if item else None

    def keep(self, month: str, page: int, counted: CountedPage) -> CountedPage:
        """Keep a page; the one that was kept first is what counts, and is returned."""
        try:
            self._table.put(counted_key(month, page), _to_item(counted), ABSENT)
        except LostRace:
            return self.page(month, page) or counted
        return counted

    def all(self, month: str) -> Iterator[CountedPage]:
        """Every page that was counted, in order. They never change; who reads them knows how many there must be."""
        items = self._table.query_all(survey_partition(month), prefix=_COUNTED, batch=_AT_ONCE)
        return map(_from_item, items)


def _to_item(counted: CountedPage) -> Item:
    tallies = {
        hand: [
            [[list(cell), count] for cell, count in tally.people.items()],
            [
                [question, [[list(cell), counts] for cell, counts in cells.items()]]
                for question, cells in tally.scores.items()
            ],
            [
                [question, [[list(cell), count] for cell, count in new.items()]]
                for question, new in tally.new.items()
            ],
            tally.settled,
        ]
        for hand, tally in counted.tallies.items()
    }
    return {
        # The names of groups come again and again.
        "tallies": zlib.compress(compact(tallies).encode()),
        "next": counted.next,
        "rule": compact([list(counted.rule.groupings), counted.rule.group_size]),
    }


def _from_item(item: Item) -> CountedPage:
    tallies = {
        hand: Tally(
            Counter({tuple(cell): count for cell, count in people}),
            {question: {tuple(cell): counts for cell, counts in cells} for question, cells in scores},
            {question: Counter({tuple(cell): count for cell, count in cells}) for question, cells in new},
            settled,
        )
        for hand, (people, scores, new, settled) in json.loads(zlib.decompress(item["tallies"])).items()
    }
    groupings, group_size = json.loads(item["rule"])
    return CountedPage(tallies, item.get("next"), Rule(tuple(map(Grouping, groupings)), group_size))
