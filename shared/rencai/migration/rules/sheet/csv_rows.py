"""A CSV file as rows of text, read as it streams (F1): what divides its cells, and what is wrong with a row that cannot
be read.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.limits import MAX_CELL, MAX_COLUMNS, MAX_ROW, MAX_WIDTH
from rencai.migration.rules.refusals import MigrationRefusal

from .encodings import CODECS
from .source import SourceRow

_DELIMITERS: Final = (",", ";", "\t")
_LINES: Final = 40
"""Lines that are looked at for what divides the cells: a header may stand under a title and notes."""
_CHARACTERS: Final = 64 * 1024
_SAID: Final = re.compile(r'"?sep=([,;\t])"?', re.IGNORECASE)
"""What some spreadsheets write into the first row."""
_QUOTED: Final = re.compile(r'"[^"]*"')
# The reader has one limit for the whole process, of 131,072 characters a cell, and takes a longer one for an open
# quotation mark; ours are told apart.
csv.field_size_limit(2 * MAX_ROW)


def rows_of(
    open_: Callable[[], BinaryIO], encoding: str, is_name: Callable[[str], bool]
) -> Callable[[], Iterator[SourceRow]]:
    """What reads a CSV file from its start each time: each row by its number as a spreadsheet shows it, for a line end
    within a cell makes no row. ``is_name`` says whether a text is what a field is called.

    Raises ``DomainError`` while it is read: FILE_QUOTE_OPEN, FILE_QUOTE_WITHIN, FILE_ROW_TOO_LONG, FILE_CELL_TOO_LONG,
    FILE_TOO_MANY_COLUMNS.
    """
    delimiter = _delimiter(open_, encoding, is_name)

    def rows() -> Iterator[SourceRow]:
        with _text(open_, encoding) as text:
            lines = _Lines(text)
            # Strict: a quotation mark that is never closed would swallow rows up to the next one.
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise _unreadable(error, lines) from None
                if lines.row == 1 and len(cells) <= 2 and cells and cells[0].casefold() == "sep=":
                    # What divides the cells divided this as well.
                    cells = []
                _refuse_by_size(cells, lines.row)
                yield SourceRow(lines.row, cells)
                lines.next_row()

    return rows


def _text(open_: Callable[[], BinaryIO], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(open_(), CODECS[encoding], newline="")


def _unreadable(error: csv.Error, lines: "_Lines") -> DomainError:
    """Why a row is none. A mark that is never closed goes on to the next one, which may be lines below."""
    within = "expected after" in str(error) and lines.of_row == 1
    return DomainError(
        MigrationRefusal.FILE_QUOTE_WITHIN if within else MigrationRefusal.FILE_QUOTE_OPEN, row=lines.row
    )


def _refuse_by_size(cells: list[str], row: int) -> None:
    longest = max(map(len, cells), default=0)
    if longest > MAX_CELL:
        raise DomainError(MigrationRefusal.FILE_CELL_TOO_LONG, row=row, size=longest, limit=MAX_CELL)
    if len(cells) > MAX_WIDTH:
        raise DomainError(MigrationRefusal.FILE_TOO_MANY_COLUMNS, columns=len(cells), limit=MAX_COLUMNS)


class _Lines:
    """The lines of a file, a row's at a time: a row may have many, and as many cells in each."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._size = 0
        self._since_mark = 0
        self.row = 1
        self.of_row = 0

    def next_row(self) -> None:
        """The row has come to its end."""
        self.row += 1
        self._size = self.of_row = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW + 1):
            self._size += len(line)
            self._since_mark = len(line) - line.rfind('"') if '"' in line else self._since_mark + len(line)
            if self._size > MAX_ROW:
                raise self._too_long()
            self.of_row += 1
            yield line

    def _too_long(self) -> DomainError:
        # Only what is in quotation marks goes over a line's end, and no cell is so long.
        if self.of_row and self._since_mark > MAX_CELL:
            return DomainError(MigrationRefusal.FILE_QUOTE_OPEN, row=self.row)
        return DomainError(MigrationRefusal.FILE_ROW_TOO_LONG, row=self.row, limit=MAX_ROW)


def _delimiter(open_: Callable[[], BinaryIO], encoding: str, is_name: Callable[[str], bool]) -> str:
    """What divides the cells: what makes the most names of one of the first lines; where none has any, what the first
    line has, and of those what the most lines have equally many of, outside quotation marks.
    """
    with _text(open_, encoding) as text:
        first = text.read(_CHARACTERS)
    if said := _SAID.match(first):
        return said[1]
    lines = [line for line in first.splitlines() if line.strip(" ,;\t")][:_LINES]
    bare = [line for line in _QUOTED.sub("", first).splitlines() if line.strip(" ,;\t")][:_LINES]

    def fits(delimiter: str) -> tuple[int, bool, int, int]:
        names = max((sum(map(is_name, _cells(line, delimiter))) for line in lines), default=0)
        counts = Counter(count for line in bare if (count := line.count(delimiter)))
        times, count = max(((times, count) for count, times in counts.items()), default=(0, 0))
        return (names if names > 1 else 0), bool(bare) and delimiter in bare[0], times, count

    return max(_DELIMITERS, key=fits)


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip(' "') for cell in line.split(delimiter)]
