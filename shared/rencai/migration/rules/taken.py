"""Which columns of a file were taken for which fields, which fields it lacks, and what its values were said to mean
(F1): all that showing an import needs to know of columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from .fields import EMPLOYEE_NO, FIELDS, WHO, ImportKind

AROUND_FIGURES: Final = frozenset(
    {"employee_no", "employee_id", "month", "out_of", "sales_target", "currency"}
)
"""Fields of a month of performance that are no figure."""

Options = Mapping[str, str | None]
"""What values, as they are written, mean; None: nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the field it is, None: it is not read; and how that is known.

    ``exact``: by its name; ``guessed``: its name comes close, or another column has as good a one; ``confirmed``: a
    person said so.
    """

    header: str
    index: int
    field: str | None
    how: Literal["exact", "guessed", "ignored", "confirmed"]


@dataclass(frozen=True, slots=True)
class Said:
    """What the values of a field were said to mean. ``column``: the one whose values a person has seen and is not asked
    about again; None: they were said without.
    """

    column: int | None
    options: Options


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that nobody knows, in how many rows it is, and what it may mean; None: nobody could say."""

    value: str
    rows: int
    guess: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked about a column's values; ``more`` are further ones that are not listed."""

    field: str
    header: str
    column: int
    options: tuple[str, ...]
    values: tuple[Unknown, ...]
    more: int


@dataclass(frozen=True, slots=True)
class AskedScale:
    """A column of points of which a person is asked what the best and the worst are; what it has lowest and highest."""

    field: str
    header: str
    lowest: str
    highest: str


HiddenRows = Literal["read", "left_out"]
Doubt = Literal["encoding", "sheet", "columns", "hidden_rows"]
"""What a person has to confirm of where a table is, and of its columns."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file's table is: what its text is written in (None: it is no text), its sheet (None: the file has none),
    the row of its header (0: it has none) and how many rows that takes. ``hidden_rows``: what is to be done with those
    that the sheet does not show; None: nobody has said.
    """

    encoding: str | None = None
    sheet: str | None = None
    header_row: int = 1
    header_rows: int = 1
    hidden_rows: HiddenRows | None = None

    @property
    def first_row(self) -> int:
        """The row under the header."""
        return self.header_row + self.header_rows if self.header_row else 1

    def same_table(self, other: "Place") -> bool:
        """Whether it is the same table, whatever is to be done with its hidden rows."""
        return replace(self, hidden_rows=other.hidden_rows) == other


@dataclass(frozen=True, slots=True)
class PlaceSaid:
    """What a person says of where the table is; None: as it was found."""

    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    header_rows: int | None = None
    hidden_rows: HiddenRows | None = None


def letter(index: int) -> str:
    """A column as a spreadsheet calls it, by its index from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    letters, left = "", index + 1
    while left:
        left, last = divmod(left - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def missing(kind: ImportKind, columns: Sequence[Column]) -> tuple[str, ...]:
    """The ids of the fields that a file of this kind cannot go without and has no column of. Who it is about is said by
    ``employee_no`` or ``employee_id``; a month of performance has a score or a figure, a survey a question or words.
    Of those that stand for one another, the first is named.
    """
    there = {column.field for column in columns if column.field}
    absent = [one.id for one in FIELDS[kind] if one.required and one.id not in there]
    if not there & {one.id for one in WHO}:
        absent.insert(0, EMPLOYEE_NO.id)
    told = [one.id for one in FIELDS[kind] if is_figure(one.id, kind)]
    if told and not any(is_figure(id_, kind) for id_ in there):
        absent.append(told[0])
    return tuple(absent)


def is_figure(id_: str, kind: ImportKind) -> bool:
    """Whether a field is one of those of which a row needs one: a score or a figure, a question or words."""
    if kind is ImportKind.SURVEYS:
        return id_.startswith(("score:", "text:"))
    return kind is ImportKind.PERFORMANCE and id_ not in AROUND_FIGURES
