"""The values of a file that nobody knows, counted while its rows go by: what a person is asked about (F1)."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rencai.kernel.errors import CHINESE

from .cells import Reading, read_cell
from .fields import CellType, Field, ImportKind
from .import_mapping import ImportMapping, field_of
from .likely import likely
from .not_read import NotReadError, read_off
from .numbers import number_of
from .options import MAX_VALUE, SPELLED, has_options, options_of
from .refusals import MigrationRefusal
from .said import names_of, said_of, value_key
from .sheet.currencies import CURRENCIES
from .sheet.source import Mark, SourceRow
from .taken import Asked, Column, Said, Unknown
from .units import Scale, scale_of

MAX_ASKED: Final = 200
"""Values of a field that a person is asked about: the commonest."""
MAX_ASKED_OF_ALL: Final = 1_000
"""The same of all fields of a file."""
_CHARACTERS: Final = 50_000
"""The same in characters: what is answered has to fit the import's item."""
_KEPT: Final = 20_000
"""Values that are kept apart, of all columns alike: one of names, taken for one of roles, has as many as rows."""
_KNOWN: Final = 1_000
"""Values of a column that are known to be known."""
_ASKABLE: Final = (MigrationRefusal.CELL_NOT_AN_OPTION, MigrationRefusal.CELL_NOT_AN_IDENTIFIER)
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "department": ("部门", "部", "department", "dept"),
    "location": ("市", "city"),
}
"""What may stand behind a name, or not."""


class Watch:
    """Sees the rows of a file, and knows in the end which values a person has to look at."""

    def __init__(
        self,
        kind: ImportKind,
        columns: Sequence[Column],
        mapping: ImportMapping,
        today: date,
        said: Mapping[str, Said],
    ) -> None:
        """``said`` names the columns whose values a person has seen; those of others are watched."""
        self._kind = kind
        self._mapping = mapping
        self._reading = Reading(mapping, today, CHINESE, said_of(mapping, kind))
        self._columns: list[tuple[Column, Field, Scale]] = []
        for column in columns:
            field = field_of(kind, column.field, mapping) if column.field else None
            seen = field and field.id in said and said[field.id].column == column.index
            if field and has_options(field) and not seen:
                self._columns.append((column, field, scale_of(field, column.header)))
        self._unknown: dict[str, Counter[str]] = {field.id: Counter() for _, field, _ in self._columns}
        self._known: dict[str, set[tuple[str, Mark | None]]] = {id_: set() for id_ in self._unknown}
        self._more: Counter[str] = Counter()
        self._most = _KEPT // max(1, len(self._columns))

    @property
    def is_awake(self) -> bool:
        """Whether there is a column to look at."""
        return bool(self._columns)

    def see(self, row: SourceRow) -> None:
        """A row goes by."""
        for column, field, scale in self._columns:
            text = row.cells[column.index].strip() if column.index < len(row.cells) else ""
            if text:
                self._see(text, row.marks.get(column.index), field, scale)

    def _see(self, text: str, mark: Mark | None, field: Field, scale: Scale) -> None:
        unknown, known = self._unknown[field.id], self._known[field.id]
        if (text, mark) in known:
            return
        if text in unknown:
            unknown[text] += 1
        elif len(unknown) >= self._most:
            # Not looked at: by now it is a column of something else.
            self._more[field.id] += 1
        elif self._is_unknown(text, mark, field, scale):
            unknown[text] = 1
        else:
            if len(known) >= _KNOWN:
                known.clear()
            known.add((text, mark))

    def _is_unknown(self, text: str, mark: Mark | None, field: Field, scale: Scale) -> bool:
        if len(text) > MAX_VALUE or value_key(field.id, text) in self._reading.said.get(field.id, {}):
            return False
        if field.id in SPELLED:
            return mark is None
        if field.type is CellType.SCORE and number_of(read_off(text)) is not None:
            # A number that is no score is of another scale, and no name of one.
            return False
        try:
            read_cell(text, field, scale, self._reading, mark)
        except NotReadError as refused:
            return refused.error.code in _ASKABLE
        return False

    def asked(self) -> tuple[Asked, ...]:
        """What a person has to be asked, by columns; empty: nothing."""
        asked: list[Asked] = []
        left, room = MAX_ASKED_OF_ALL, _CHARACTERS
        for column, field, _ in self._columns:
            found = self._spelled(field) if field.id in SPELLED else self._counted(field)
            if not found:
                continue
            listed: list[Unknown] = []
            for one in sorted(found, key=lambda one: -one.rows)[: min(MAX_ASKED, left)]:
                room -= len(one.value) + len(one.guess or "")
                if room >= 0:
                    listed.append(one)
            left -= len(listed)
            if field.id in SPELLED:
                options = tuple(dict.fromkeys(one.guess for one in listed if one.guess))
            else:
                options = options_of(field, self._mapping.roles, CURRENCIES.values())
                names = names_of(field, self._mapping)
                # Of what is listed only: a column of names has thousands.
                scale = self._mapping.scales.get(self._kind, {}).get(field.id)
                listed = [replace(one, guess=likely(one.value, field, names, scale)) for one in listed]
            more = len(found) - len(listed) + self._more[field.id]
            asked.append(Asked(field.id, column.header, column.index, options, tuple(listed), more))
        return tuple(asked)

    def _counted(self, field: Field) -> list[Unknown]:
        """Each value as it is written most, and its rows."""
        written: dict[str, Counter[str]] = {}
        for text, rows in self._unknown[field.id].items():
            written.setdefault(value_key(field.id, text), Counter())[text] += rows
        return [Unknown(texts.most_common(1)[0][0], texts.total(), None) for texts in written.values()]

    def _spelled(self, field: Field) -> list[Unknown]:
        """What is spelled in more than one way, but for the commonest of them."""
        alike: dict[str, list[Unknown]] = {}
        for one in self._counted(field):
            spelled = replace(one, value=" ".join(one.value.split()))
            alike.setdefault(_bare(one.value, field.id), []).append(spelled)
        found: list[Unknown] = []
        for values in alike.values():
            best = max(values, key=lambda one: one.rows).value
            found += [replace(one, guess=best) for one in values if one.value != best]
        return found


def _bare(text: str, field_id: str) -> str:
    """A name without case, width, white space, punctuation, and what may stand behind it or not."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(one for one in folded if unicodedata.category(one)[0] in "LNMS") or folded
    for ending in _ENDINGS[field_id]:
        if bare.endswith(ending) and bare != ending:
            return bare.removesuffix(ending)
    return bare
