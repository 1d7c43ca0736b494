"""A row of a file as it is read: texts, and beside them what a text cannot say (F1).

A spreadsheet knows that it keeps a number, or a date that it made of ``3-12``; digits that are a text were meant so. So
a cell that is no text says what it is: an employee number that has become a date is somebody else's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class MarkKind(StrEnum):
    """What a cell is, where it is no text."""

    NUMBER = "number"
    DATE = "date"
    """A day, with or without a time of day."""
    TIME = "time"
    """A time of day, or a span of time."""
    BOOLEAN = "boolean"
    NO_VALUE = "no_value"
    """A formula that nobody has calculated: it is not empty, and its value is not known."""
    UNSHOWN = "unshown"
    """It says one thing and shows another; the other is ``Mark.other``."""
    MERGED = "merged"
    """Under a merge that begins in a column before it, whose value its text is."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is beside its text; ``other`` is the second way to read it, where there is one."""

    kind: MarkKind
    other: str = ""


FAILED: Final = "#N/A"
"""The text of a cell that is not empty and has no value."""
UNKNOWN: Final = "?"
"""What a cell shows whose format is not understood."""
NO_MARKS: Final[Mapping[int, Mark]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row by its number in the file, from 1; its cells from the first column on, and their marks by index, for those
    that are no texts. A CSV file has none. ``hidden``: the sheet does not show it.
    """

    number: int
    cells: list[str]
    marks: Mapping[int, Mark] = field(default_factory=lambda: NO_MARKS)
    hidden: bool = False

    def is_covered(self, index: int) -> bool:
        """Whether a cell only has its text from a merge that begins in a column before it."""
        mark = self.marks.get(index)
        return mark is not None and mark.kind is MarkKind.MERGED

    def own(self) -> list[str]:
        """The cells, but for those that are covered: they are blank."""
        return ["" if self.is_covered(index) else cell for index, cell in enumerate(self.cells)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: what it is called, whether it is shown, and what reads it from its start each time: the
    rows that hold anything. A CSV file is one, without a name.
    """

    name: str
    visible: bool
    rows: Callable[[], Iterator[SourceRow]]
