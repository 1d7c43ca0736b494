"""The parts of an archive of XML, as an XLSX file is, read as they stream (F1).

An archive of a megabyte unpacks to gigabytes, and so does its directory. So nothing is believed that it says of itself:
it is never asked for more than a piece at once, and of every part what the parser keeps is counted while it is read -
bytes, how deep it is, names, the length of a tag. What is over a limit ends the file there.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, cast
from xml.parsers import expat

from rencai.kernel.errors import DomainError
from rencai.kernel.terms import Said
from rencai.migration.rules.limits import MAX_NAMES, MAX_SMALL_PART_BYTES
from rencai.migration.rules.refusals import MigrationRefusal

_PIECE: Final = 64 * 1024
_LONGEST_READ: Final = 2 * 1024 * 1024
"""Bytes of the archive at once: the directory of as many parts as there may be, ten times over."""
_LONGEST_TAG: Final = 1024 * 1024
_DEEPEST: Final = 64

Start = Callable[[str, Mapping[str, str]], None]
"""Is told of an element by its name, without a prefix, and its attributes."""
End = Callable[[str], None]


class _InPieces:
    """A file that is never asked for more than a piece: an archive's directory would be read whole, however long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # Without a size: the end, where the directory's place is.
        piece = self._file.read(min(size, _LONGEST_READ + 1) if size >= 0 else _LONGEST_READ + 1)
        if len(piece) > _LONGEST_READ:
            raise odd("zip")
        return piece


_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
"""What comes of reading an archive that is damaged, or no workbook inside."""


@contextmanager
def opened(content: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(cast(Any, _InPieces(content))) as archive:
            yield archive
    except _BROKEN as error:
        raise odd(type(error).__name__) from None


def odd(what: str) -> DomainError:
    """What no spreadsheet writes."""
    reason = Said(f"XLSX 已损坏或不完整(“{what}”)", f"the XLSX is damaged or not whole ({what})")
    return DomainError(MigrationRefusal.FILE_NOT_READABLE, reason=reason)


def parsed(
    archive: zipfile.ZipFile,
    path: str,
    limit: int,
    start: Start,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Read a part of at most ``limit`` bytes piece by piece, telling of its elements by their names without a prefix;
    after each piece whoever reads may take what has come of it.
    """
    markup = _Markup(start, end)
    # Names are not kept for others to share: there may be one for every element.
    parser = expat.ParserCreate(intern=None)
    parser.buffer_text = True
    parser.StartElementHandler = markup.start
    parser.EndElementHandler = markup.end
    parser.StartDoctypeDeclHandler = _no_doctype
    if text:
        parser.CharacterDataHandler = text
    size = 0
    with archive.open(part_of(archive, path)) as xml:
        while piece := xml.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise DomainError(MigrationRefusal.FILE_UNPACKS_TOO_LARGE, limit=limit // 1024**2)
            parser.Parse(piece)
            if size - parser.CurrentByteIndex > _LONGEST_TAG:
                # It is all kept until it ends.
                raise odd("XML")
            yield
        parser.Parse(b"", True)
    yield


def read_whole(archive: zipfile.ZipFile, path: str, start: Start, end: End | None = None) -> None:
    """Read a small part to its end."""
    for _ in parsed(archive, path, MAX_SMALL_PART_BYTES, start, end):
        pass


def part_of(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo:
    """A part by its name, which is the same in capitals; raises ``LookupError``."""
    wanted = path.casefold()
    found = next((part for part in archive.infolist() if part.filename.casefold() == wanted), None)
    if found is None:
        raise LookupError(path)
    return found


def _no_doctype(*_: object) -> None:
    raise odd("DOCTYPE")


class _Markup:
    """Counts what the parser keeps of what it has read: how deep it is, and every name it has ever seen."""

    def __init__(self, start: Start, end: End | None) -> None:
        self._start = start
        self._end = end
        self._depth = 0
        self._names: dict[str, str] = {}
        self._known: frozenset[str] = frozenset()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise odd("XML")
        local = self._names.get(name)
        if local is None:
            local = self._new(name)
        if not attributes.keys() <= self._known:
            self._known |= attributes.keys()
            if len(self._known) > MAX_NAMES:
                raise odd("XML")
        self._start(local, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._end:
            self._end(self._names[name])

    def _new(self, name: str) -> str:
        if len(self._names) >= MAX_NAMES:
            raise odd("XML")
        self._names[name] = local = name.rpartition(":")[2]
        return local
