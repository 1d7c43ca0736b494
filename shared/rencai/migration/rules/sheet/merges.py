"""Merged cells of a sheet (F1): one value over several rows is each row's, and stands in the file only once.

A sheet names its merges behind its cells, so they are looked for before. They are kept as one number each, 9 MB for as
many as there may be; of those that reach a row, only the ones that hold anything, which cannot lie over each other.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.limits import MAX_MERGES, MAX_UNPACKED_BYTES, MAX_WIDTH
from rencai.migration.rules.refusals import MigrationRefusal

from .archives import odd, parsed, part_of
from .source import Mark

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_NAME: Final = b"mergeCell"
_PIECE: Final = 256 * 1024
_BITS: Final = 24
_MASK: Final = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells: its rows and columns, from 1, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Filled:
    """An area of which every cell says what its first one does, and what that is."""

    area: Area
    text: str
    mark: Mark | None


def area_of(reference: str) -> Area:
    """An area by what a sheet calls it; raises ``ValueError``.

    >>> area_of("B2:AA7")
    Area(first_row=2, first_column=2, last_row=7, last_column=27)
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(reference[:20])
    column, row = column_of(found[1]), int(found[2])
    return Area(row, column, int(found[4] or row), column_of(found[3] or found[1]))


def column_of(letters: str) -> int:
    """The number of a column, from 1.

    >>> column_of("AA")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class Merges:
    """The merges of a sheet, in the order in which its rows come to them."""

    def __init__(self, packed: list[int]) -> None:
        self._packed = packed
        self._next = 0

    def beginning(self, row: int) -> list[Area]:
        """Those that begin in ``row``, and were not asked for before; ``row`` only grows."""
        found: list[Area] = []
        while self._next < len(self._packed):
            area = _unpacked(self._packed[self._next])
            if area.first_row > row:
                break
            self._next += 1
            # Where the row it begins in holds nothing, it says nothing.
            if area.first_row == row:
                found.append(area)
        return found


def merges_of(archive: zipfile.ZipFile, path: str) -> list[int]:
    """The merges of a sheet, packed, for ``Merges``. Raises ``DomainError`` (FILE_TOO_MANY_MERGES)."""
    packed: list[int] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name != _NAME.decode():
            return
        area = area_of(attributes.get("ref", ""))
        if area.last_row > area.first_row or area.last_column > area.first_column:
            if len(packed) >= MAX_MERGES:
                raise DomainError(MigrationRefusal.FILE_TOO_MANY_MERGES, limit=MAX_MERGES)
            packed.append(_packed(area))

    if _may_have_any(archive, path):
        for _ in parsed(archive, path, MAX_UNPACKED_BYTES, start):
            pass
    return sorted(packed)


def _may_have_any(archive: zipfile.ZipFile, path: str) -> bool:
    """Whether the word stands in it at all: to look costs a fraction of parsing it."""
    end = b""
    size = 0
    with archive.open(part_of(archive, path)) as part:
        while piece := part.read(_PIECE):
            if not size and b"\0" in piece[:4]:
                # Two bytes a character: it would not be found.
                return True
            size += len(piece)
            if _NAME in end + piece:
                return True
            if size > MAX_UNPACKED_BYTES:
                # Whoever reads it will say so.
                return False
            end = piece[-len(_NAME) :]
    return False


def still_filled(filled: list[Filled], row: int) -> list[Filled]:
    """Those that reach ``row``; raises ``DomainError`` where they lie over each other."""
    left = [one for one in filled if one.area.last_row >= row]
    if sum(one.area.last_column - one.area.first_column + 1 for one in left) > 2 * MAX_WIDTH:
        raise odd("mergeCells")
    return left


def _packed(area: Area) -> int:
    number = 0
    for one in (area.first_row, area.first_column, area.last_row, area.last_column):
        number = number << _BITS | one
    return number


def _unpacked(number: int) -> Area:
    return Area(*(number >> _BITS * place & _MASK for place in (3, 2, 1, 0)))
