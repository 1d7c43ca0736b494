"""Cutting a file into parts and a part into lines, without ever holding the file.

A file is one JSON document, or JSONL with an interview a line. It is cut at line ends into parts of at most
``PART_LINES`` lines and about ``PART_BYTES`` bytes, which are read by themselves later.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rencai.interviews.rules.interview import MAX_BYTES
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import CommonRefusal, DomainError

MAX_LINES: Final = 50_000
"""The contract's limit; lines after it are not read, and the report says so."""
PART_LINES: Final = 100
PART_BYTES: Final = 4 * 1024 * 1024

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_FORMATS: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes ``start`` (inclusive) to ``end`` (exclusive) of a file; its first line is number ``first_line`` (from 1).

    ``document``: the whole file is one JSON document, to be read as one however many lines it has.
    ``version_id``: which version of the object was cut; another may lie under the same key by now.
    ``oversized``: the part is a single line over the limit, to be reported and never read.
    """

    number: int
    start: int
    end: int
    first_line: int
    document: bool = False
    oversized: bool = False
    version_id: str | None = None


def refuse_unreadable(head: bytes) -> None:
    """Look at the first bytes of a file; raises ``DomainError`` for what cannot be JSON in UTF-8 at all."""
    for magic, name in _FORMATS:
        if head.startswith(magic):
            raise DomainError(InterviewRefusal.FILE_COMPRESSED, format=name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:1] == b"\x00" or head[1:2] == b"\x00":
        raise DomainError(CommonRefusal.FILE_UTF16)
    text = head.removeprefix(_UTF8_BOM).strip()
    first, _, rest = text.partition(b"\n")
    # An array that is a line by itself is a bad line, and stops none of the good ones after it.
    if text[:1] == b"[" and not (rest and _is_json(first)):
        raise DomainError(InterviewRefusal.FILE_JSON_ARRAY)


def is_blank(content: bytes) -> bool:
    """Whether there is nothing but white space, behind a byte order mark or not."""
    return not content.removeprefix(_UTF8_BOM).strip()


def is_one_document(content: bytes) -> bool:
    """Whether a file of at most ``MAX_BYTES`` is one JSON document rather than JSONL."""
    text = content.removeprefix(_UTF8_BOM).strip()
    first, _, rest = text.partition(b"\n")
    if not rest.strip() or _is_json(first):
        return False
    # A broken document is still one document: it gets one error, not one for each of its lines.
    return _is_json(text) or first.strip() == b"{"


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _line_ends(chunks: Iterable[bytes]) -> Iterator[tuple[int, bool]]:
    """Where each line ends (after its line feed), and whether it holds anything but white space."""
    position = 0
    filled = False
    for chunk in chunks:
        offset = 0
        while (newline := chunk.find(b"\n", offset)) != -1:
            filled = filled or (not chunk[offset:newline].isspace() and newline > offset)
            offset = newline + 1
            yield position + offset, filled
            filled = False
        filled = filled or bool(chunk[offset:].strip())
        position += len(chunk)
    if filled:
        yield position, True


def parts(chunks: Iterable[bytes]) -> Iterator[FilePart]:
    """Cut a JSONL file, given in chunks, into parts; memory does not grow with the file, nor with a line.

    After ``MAX_LINES`` lines it stops, having yielded them all, and raises ``DomainError`` (FILE_TOO_MANY_LINES) if
    anything but blank lines follows.
    """
    number = count = 0
    start = previous = 0
    first_line = 1
    pending = 0
    for end, filled in _line_ends(chunks):
        if count == MAX_LINES:
            if filled:
                raise DomainError(InterviewRefusal.FILE_TOO_MANY_LINES, limit=MAX_LINES)
            continue
        count += 1
        if end - previous > MAX_BYTES + 2:
            if pending:
                number += 1
                yield FilePart(number, start, previous, first_line)
            number += 1
            yield FilePart(number, previous, end, count, oversized=True)
            start, first_line, pending = end, count + 1, 0
        else:
            pending += filled
            if count + 1 - first_line >= PART_LINES or end - start >= PART_BYTES or count == MAX_LINES:
                if pending:
                    number += 1
                    yield FilePart(number, start, end, first_line)
                start, first_line, pending = end, count + 1, 0
        previous = end
    if pending:
        yield FilePart(number + 1, start, previous, first_line)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file (from 1), its first byte's offset, its bytes without the line end."""

    number: int
    offset: int
    content: bytes


def lines_of(part: FilePart, content: bytes) -> Iterator[Line]:
    """The lines of a part, blank ones left out (but counted)."""
    if part.document:
        yield Line(1, part.start, content.removeprefix(_UTF8_BOM))
        return
    offset = part.start
    for index, line in enumerate(content.split(b"\n")):
        text = line.removesuffix(b"\r")
        if offset == 0:
            text = text.removeprefix(_UTF8_BOM)
        if text.strip():
            yield Line(part.first_line + index, offset, text)
        offset += len(line) + 1
