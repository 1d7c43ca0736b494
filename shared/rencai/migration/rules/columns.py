"""Which column of a file from another system is which field (F1).

A header is compared without case, width, white space and punctuation, and without the unit behind it: 工时(小时) is
工时. What matches a name exactly is taken; what only comes close is guessed, and a person confirms it. The unit counts
when the cells are read: 加班(分钟) is minutes, 销售额(万元) is tens of thousands of CNY.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final, Literal

from rencai.kernel.errors import DomainError

from .fields import Field, ImportKind
from .import_mapping import ImportMapping, field_of, fields_of, further_headers
from .names import compact, compared
from .refusals import MigrationRefusal
from .taken import Column, letter, missing
from .units import parted

ERRORS_HEADER: Final = "错误 / Errors"
"""The last column of an error file; it is no field of anything when the file comes back."""
_CLOSE: Final = 0.8
"""How close a name comes for its column to be guessed."""


def guess(kind: ImportKind, headers: Sequence[str], mapping: ImportMapping) -> tuple[Column, ...]:
    """Which field each column is, as far as the headers say; a field has at most one column.

    The mapping's names come before those built in, a whole name before one with a unit behind it. Where two columns
    have an equally good name, the first is guessed, so that a person looks. A name that comes close (a ratio of 0.8 by
    ``difflib``, or one within the other) is guessed as well.
    """
    names = [compared(header) for header in headers]
    unread = {"", compact(ERRORS_HEADER), *map(compared, mapping.ignored.get(kind, ()))}
    free = [index for index, name in enumerate(names) if name not in unread]
    open_ = list(fields_of(kind, mapping))
    found: dict[int, tuple[str, Literal["exact", "guessed"]]] = {}

    def take(index: int, field: Field, how: Literal["exact", "guessed"]) -> None:
        found[index] = field.id, how
        free.remove(index)
        open_.remove(field)

    further = {
        one.id: {compared(header) for header in further_headers(kind, one.id, mapping)} for one in open_
    }
    built_in = {one.id: {compact(name) for name in (one.id, one.zh, one.en, *one.aliases)} for one in open_}
    ways: tuple[Callable[[Field, str], bool], ...] = (
        lambda one, name: name in further[one.id],
        lambda one, name: name in built_in[one.id],
        lambda one, name: parted(one, name)[0] in built_in[one.id] | further[one.id],
    )
    for fits in ways:
        for one in tuple(open_):
            fitting = [index for index in free if fits(one, names[index])]
            if fitting:
                take(fitting[0], one, "exact" if len(fitting) == 1 else "guessed")
    close = [
        (likeness, index, place)
        for index in free
        for place, one in enumerate(open_)
        if (
            likeness := _likeness(
                {names[index], parted(one, names[index])[0]}, built_in[one.id] | further[one.id]
            )
        )
        >= _CLOSE
    ]
    remaining = tuple(open_)
    for _, index, place in sorted(close, key=lambda one: (-one[0], *one[1:])):
        if index in free and remaining[place] in open_:
            take(index, remaining[place], "guessed")
    return tuple(
        Column(header, index, *found.get(index, (None, "ignored"))) for index, header in enumerate(headers)
    )


def _likeness(headers: Iterable[str], names: Iterable[str]) -> float:
    """How close one of ``headers`` comes to one of ``names``, 0 to 1."""
    best = 0.0
    for header, name in product(headers, names):
        if name in header and _speaks(name):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(name) / len(header))
        elif header in name and len(header) > len(name) / 2 and _speaks(header):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(header) / len(name))
        else:
            from difflib import SequenceMatcher

            matcher = SequenceMatcher(None, header, name, autojunk=False)
            if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
                best = max(best, matcher.ratio())
    return best


def _speaks(name: str) -> bool:
    """Whether a name says enough for it to count where it is part of another."""
    return len(name) >= (4 if name.isascii() else 2)


def confirmed(
    kind: ImportKind,
    columns: Sequence[Column],
    choice: Mapping[str, str | None],
    mapping: ImportMapping,
    by_letter: Mapping[str, str | None] | None = None,
) -> tuple[Column, ...]:
    """The columns as a person chose them: the field of each header, or of each letter (``by_letter``), None: it is not
    read. What is not spoken of stays as it was, except that a guess gives way.

    Raises ``DomainError`` (COLUMN_UNKNOWN for a header or a field, COLUMN_AMBIGUOUS, COLUMN_TWICE, COLUMN_MISSING).
    """
    chosen = _choices(columns, choice, by_letter or {})
    known = [one.id for one in fields_of(kind, mapping)]
    for path, id_ in chosen.values():
        if id_ is not None and field_of(kind, id_, mapping) is None:
            raise DomainError(MigrationRefusal.COLUMN_UNKNOWN, path, column=id_, known=tuple(known))
    fields = {id_ for _, id_ in chosen.values() if id_}
    made = tuple(_chosen(column, chosen, fields) for column in columns)
    count = Counter(column.field for column in made if column.field)
    for column in made:
        if column.field and count[column.field] > 1:
            raise DomainError(MigrationRefusal.COLUMN_TWICE, f"columns.{column.header}", field=column.field)
    for id_ in missing(kind, made):
        raise DomainError(MigrationRefusal.COLUMN_MISSING, "columns", column=id_)
    return made


def _choices(
    columns: Sequence[Column], choice: Mapping[str, str | None], by_letter: Mapping[str, str | None]
) -> dict[int, tuple[str, str | None]]:
    """What was chosen of each column, by its index, with where it was said."""
    made: dict[int, tuple[str, str | None]] = {}
    indexes = {letter(column.index): column.index for column in columns}
    for name, id_ in by_letter.items():
        path = f"by_letter.{name}"
        if name not in indexes:
            raise DomainError(MigrationRefusal.COLUMN_UNKNOWN, path, column=name, known=tuple(indexes))
        made[indexes[name]] = path, id_
    headers: dict[str, list[int]] = {}
    for column in columns:
        headers.setdefault(column.header, []).append(column.index)
    for header, id_ in choice.items():
        path = f"columns.{header}"
        if header not in headers:
            raise DomainError(
                MigrationRefusal.COLUMN_UNKNOWN, path, column=header, known=tuple(sorted(headers))
            )
        left = [index for index in headers[header] if index not in made]
        if id_ is not None and len(left) > 1:
            letters = tuple(map(letter, left))
            raise DomainError(MigrationRefusal.COLUMN_AMBIGUOUS, path, header=header, letters=letters)
        made |= dict.fromkeys(left, (path, id_))
    return made


def _chosen(column: Column, chosen: Mapping[int, tuple[str, str | None]], fields: Collection[str]) -> Column:
    if column.index in chosen:
        id_ = chosen[column.index][1]
        return replace(column, field=id_, how="confirmed" if id_ else "ignored")
    if column.how != "guessed":
        return column
    if column.field in fields:
        return replace(column, field=None, how="ignored")
    return replace(column, how="confirmed")


def needs_confirmation(kind: ImportKind, columns: Sequence[Column]) -> bool:
    """Whether a person has to look: a required field is not there, or a column is only guessed."""
    return bool(missing(kind, columns)) or any(column.how == "guessed" for column in columns)
