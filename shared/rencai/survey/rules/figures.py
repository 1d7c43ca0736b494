"""What HR may see of a survey's answers (F7).

How many there are, always. Figures of a set of people (all of them, a department, a location, a role) only where at
least ``group_size`` of them answered the question. Nor may a figure of fewer follow from those shown, by taking the one
from the other. Two people are told apart when some set that is shown holds the one and not the other; whatever is
computed from the sets' sums counts people who are not told apart alike. So it is enough that people who are not told
apart are never fewer than ``group_size``, and ``shown`` hides groups until that is so. Of one grouping this says that
the hidden groups together have none or at least ``group_size`` answers; of several it also stops "the department
without its two interns".

It does not hold against who knows enough of the answers. So those that HR can write are kept from standing beside those
that people gave (``rencai.survey.closing``). And since HR can also put people on file who do not exist, give others an
address of its own, and so answer by their links, or move one beside those whose answers it knows, whoever's file is new
or was changed lately hides nobody: people who are not told apart are ``group_size`` without these. Only of a company
whose people were all brought lately everybody counts, or it would see nothing.

The figures are made once, when the survey is closed: of two made an answer apart, the difference is that answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from heapq import heapify, heappop, heappush
from typing import Final, Self

SCALE: Final = range(1, 6)
"""What a question is answered with: 1, the worst, to 5, the best."""
NEWCOMER: Final = timedelta(days=60)
"""How long what a file says is new: two surveys."""
_CENT: Final = Decimal("0.01")


class Grouping(StrEnum):
    """What employees are grouped by: as their file has it when they first answer, or, of answers that HR told, on the
    day the figures are made.
    """

    DEPARTMENT = "department"
    LOCATION = "location"
    ROLE = "role"


Distribution = tuple[int, ...]
"""How many answered 1, 2, 3, 4, 5."""
Cell = tuple[str | None, ...]
"""The groups somebody is in, grouping by grouping; None: not told."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's scores by question, and the groups they are in; ``is_new``: their file is new, or was changed;
    ``is_made``: it is new.
    """

    scores: Mapping[str, int]
    groups: Cell
    is_new: bool = False
    is_made: bool = False


@dataclass(slots=True)
class Tally:
    """How many answered, and how many gave each score, by cell and question; and how many of those who answered a
    question are new. ``settled``: how many of all are longer on file. Tallies of parts add up in any order.
    """

    people: Counter[Cell] = field(default_factory=Counter)
    scores: dict[str, dict[Cell, list[int]]] = field(default_factory=dict)
    new: dict[str, Counter[Cell]] = field(default_factory=dict)
    settled: int = 0

    @classmethod
    def of(cls, answers: Iterable[Answered]) -> Self:
        """The answers counted, whatever order they come in."""
        tally = cls()
        for one in answers:
            tally.count(one)
        return tally

    def count(self, one: Answered) -> None:
        """One more person answered."""
        self.people[one.groups] += 1
        self.settled += not one.is_made
        for question, score in one.scores.items():
            self._counts(question, one.groups)[score - 1] += 1
            if one.is_new:
                self.new.setdefault(question, Counter())[one.groups] += 1

    def add(self, other: "Tally", places: Sequence[int] | None = None) -> None:
        """Add another part's; ``places``: of its cells' groups only these, in this order."""

        def cell_of(cell: Cell) -> Cell:
            return cell if places is None else tuple(cell[place] for place in places)

        self.settled += other.settled
        for cell, count in other.people.items():
            self.people[cell_of(cell)] += count
        for question, cells in other.scores.items():
            for cell, counts in cells.items():
                mine = self._counts(question, cell_of(cell))
                for place, count in enumerate(counts):
                    mine[place] += count
        for question, new in other.new.items():
            for cell, count in new.items():
                self.new.setdefault(question, Counter())[cell_of(cell)] += count

    def _counts(self, question: str, cell: Cell) -> list[int]:
        return self.scores.setdefault(question, {}).setdefault(cell, [0] * len(SCALE))


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many of a group answered, and the figures that may be shown of it, by question; ``name`` None: not told."""

    name: str | None
    answered: int
    questions: Mapping[str, Distribution]


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """What HR may see of a survey; a question of which nothing may be shown is not there."""

    answered: int
    questions: Mapping[str, Distribution]
    groups: Mapping[Grouping, tuple[GroupFigures, ...]]


def is_new(created_at: datetime, changed_at: datetime | None, now: datetime) -> bool:
    """Whether somebody's file is new, or was changed lately."""
    return now - max(created_at, changed_at or created_at) < NEWCOMER


def mean(distribution: Distribution) -> Decimal:
    """The mean of the scores, to hundredths, half up."""
    points = sum(score * count for score, count in zip(SCALE, distribution, strict=True))
    return (Decimal(points) / sum(distribution)).quantize(_CENT, ROUND_HALF_UP)


def overall(questions: Mapping[str, Distribution]) -> Decimal | None:
    """The mean of all scores of all questions that may be shown; None: none may."""
    columns = list(zip(*questions.values(), strict=True))
    return mean(tuple(map(sum, columns))) if columns else None


def figures(tally: Tally, groupings: Sequence[Grouping], group_size: int) -> SurveyFigures:
    """What may be shown of a survey's answers; each cell of the tally has a group for each of ``groupings``.

    Each question is looked at by itself, among those who answered it.
    """
    total: dict[str, Distribution] = {}
    of_groups: list[dict[str | None, dict[str, Distribution]]] = [{} for _ in groupings]
    for question, cells in sorted(tally.scores.items()):
        answered = {cell: sum(counts) for cell, counts in cells.items()}
        # Of all who answered, not of this question alone: which ones a few have answered is HR's to arrange.
        new = tally.new.get(question) if tally.settled else None
        allowed = shown(answered, len(groupings), group_size, new)
        if allowed is None:
            continue
        total[question] = _sum(cells.values())
        for place, names in enumerate(allowed):
            members: dict[str | None, list[list[int]]] = {name: [] for name in names}
            for cell, counts in cells.items():
                if cell[place] in members:
                    members[cell[place]].append(counts)
            for name, its in members.items():
                of_groups[place].setdefault(name, {})[question] = _sum(its)
    return SurveyFigures(
        tally.people.total(),
        total,
        {
            grouping: tuple(
                GroupFigures(name, count, of_groups[place].get(name, {}))
                for name, count in sorted(_sizes(tally.people, place).items(), key=_by_name)
            )
            for place, grouping in enumerate(groupings)
        },
    )


def shown(
    cells: Mapping[Cell, int], groupings: int, group_size: int, new: Mapping[Cell, int] | None = None
) -> list[set[str | None]] | None:
    """The groups of each grouping whose figures may be shown, of so many people in each cell, so many of whom are
    ``new`` and so do not count towards ``group_size``; None: not even the total.

    Groupings are taken in order. Of each the groups that are large enough are shown, and then the one is hidden that
    people are told apart by who are too few, or, where those are in hidden groups already, the smallest: until nobody
    is. At the latest that is so when the grouping shows nothing, for those before it are safe. Sets that are enough are
    enough together.
    """
    new = new or {}
    if not _enough(sum(cells.values()), sum(new.values()), group_size):
        return None
    allowed: list[set[str | None]] = []
    for place in range(groupings):
        sizes, its_new = _sizes(cells, place), _sizes(new, place)
        allowed.append({name for name, count in sizes.items() if _enough(count, its_new[name], group_size)})
        classes = _Classes(cells, new, allowed, group_size)
        smallest = sorted(allowed[place], key=lambda one: (sizes[one], one is None, one or ""))
        left = iter(smallest)
        while (few := classes.smallest()) is not None and allowed[place]:
            name, is_shown = few[place]
            if not is_shown:
                name = next(one for one in left if one in allowed[place])
            allowed[place].remove(name)
            classes.hide(name)
    return allowed


def _enough(people: int, new: int, group_size: int) -> bool:
    return people - new >= group_size


_Class = tuple[tuple[str | None, bool], ...]
"""Grouping by grouping, the group that is shown and True, or None and False."""


class _Classes:
    """People who are not told apart by the groups that are shown, of several groupings; groups of the last of them are
    hidden one by one, and each class is joined with another at most once.
    """

    def __init__(
        self,
        cells: Mapping[Cell, int],
        new: Mapping[Cell, int],
        allowed: Sequence[set[str | None]],
        group_size: int,
    ) -> None:
        self._group_size = group_size
        self._sizes: Counter[_Class] = Counter()
        self._new: Counter[_Class] = Counter()
        for cell, count in cells.items():
            places = zip(cell, allowed, strict=False)
            one = tuple((name, True) if name in names else (None, False) for name, names in places)
            self._sizes[one] += count
            if cell in new:
                self._new[one] += new[cell]
        self._of_group: dict[tuple[str | None, bool], list[_Class]] = {}
        for one in self._sizes:
            self._of_group.setdefault(one[-1], []).append(one)
        # By size, then by what they look like; an entry whose size is no longer so is passed over.
        self._few = [self._entry(one) for one in self._sizes if self._is_few(one)]
        heapify(self._few)

    def smallest(self) -> _Class | None:
        """The smallest class, if it is too small; None when none is."""
        while self._few:
            size, _, one = self._few[0]
            if self._sizes.get(one) == size and self._is_few(one):
                return one
            heappop(self._few)
        return None

    def hide(self, name: str | None) -> None:
        """The group is not shown after all: its people are told apart by it no longer."""
        for one in self._of_group.pop((name, True), []):
            joined = (*one[:-1], (None, False))
            self._sizes[joined] += self._sizes.pop(one)
            self._new[joined] += self._new.pop(one, 0)
            if self._is_few(joined):
                heappush(self._few, self._entry(joined))

    def _is_few(self, one: _Class) -> bool:
        return not _enough(self._sizes[one], self._new[one], self._group_size)

    def _entry(self, one: _Class) -> tuple[int, str, _Class]:
        return self._sizes[one], repr(one), one


def _sizes(cells: Mapping[Cell, int], place: int) -> Counter[str | None]:
    sizes: Counter[str | None] = Counter()
    for cell, count in cells.items():
        sizes[cell[place]] += count
    return sizes


def _by_name(group: tuple[str | None, int]) -> tuple[bool, str]:
    return group[0] is None, group[0] or ""


def _sum(distributions: Iterable[Sequence[int]]) -> Distribution:
    return tuple(map(sum, zip(*distributions, strict=True)))
