"""Cutting a file into parts and lines: whatever the bytes and however they come, every line once, by its number."""

import json
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.interviews import lines
from functions.interviews.lines import (
    MAX_LINES,
    PART_BYTES,
    PART_LINES,
    FilePart,
    Line,
    is_one_document,
    lines_of,
    parts,
    refuse_unreadable,
)
from rencai.interviews.rules.interview import MAX_BYTES
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import CommonRefusal, DomainError, Refusal

BOM = b"\xef\xbb\xbf"


def chunked(content: bytes, *sizes: int) -> Iterator[bytes]:
    """``content`` in chunks of these sizes, over and over."""
    position = turn = 0
    while position < len(content):
        size = sizes[turn % len(sizes)]
        yield content[position : position + size]
        position += size
        turn += 1


def read(content: bytes, found: list[FilePart]) -> list[Line]:
    return [
        line
        for part in found
        if not part.oversized
        for line in lines_of(part, content[part.start : part.end])
    ]


def expected(content: bytes) -> list[Line]:
    """The lines of a file, worked out the plain way: the whole of it at once."""
    found, offset = [], 0
    for number, line in enumerate(content.split(b"\n"), 1):
        text = line[:-1] if line.endswith(b"\r") else line
        if number == 1 and text.startswith(BOM):
            text = text[3:]
        if text.strip():
            found.append(Line(number, offset, text))
        offset += len(line) + 1
    return found


pieces = st.sampled_from(
    [
        b"{}",
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\t",
        BOM,
        b'{"a": 1}',
        b"\xff",
        b"\x00",
        b"x" * 40,
        "团".encode(),
    ]
)
contents = st.one_of(st.lists(pieces, max_size=60).map(b"".join), st.binary(max_size=200))
sizes = st.lists(st.integers(1, 50), min_size=1, max_size=4)


@given(contents, sizes, st.integers(1, 5), st.integers(20, 80), st.integers(10, 60))
@example(BOM + b"\r\n{}", [1], 1, 20, 60)
@example(b"\n" * 30 + b"{}", [7], 5, 20, 60)
def test_a1_every_line_once_with_its_number_and_place(
    content: bytes, chunks: list[int], part_lines: int, part_bytes: int, max_line: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PART_LINES", part_lines)
        patch.setattr(lines, "PART_BYTES", part_bytes)
        patch.setattr(lines, "MAX_BYTES", max_line)
        found = list(parts(chunked(content, *chunks)))
        assert found == list(parts([content]))
    # Within the limit, and with it the line's end: the rest is reported unread.
    ends = {part.first_line: part for part in found if part.oversized}
    assert read(content, found) == [line for line in expected(content) if line.number not in ends]
    raw = content.split(b"\n")
    for number, part in ends.items():
        whole = raw[number - 1] + (b"\n" if number < len(raw) else b"")
        assert content[part.start : part.end] == whole
        assert len(whole) > max_line + 2
    assert [part.number for part in found] == list(range(1, len(found) + 1))
    for before, after in pairwise(found):
        assert before.end <= after.start
    for part in found:
        assert part.start < part.end
        if not part.oversized:
            assert content[part.start : part.end].count(b"\n") <= part_lines
            assert part.end - part.start < part_bytes + max_line + 2


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_of_either_kind_and_a_last_line_without_one(ending: bytes, last: bool) -> None:
    content = ending.join([b"{}", b"", b"[]", b"3"]) + (ending if last else b"")
    step = len(ending)
    assert read(content, list(parts([content]))) == [
        Line(1, 0, b"{}"),
        Line(3, 2 + 2 * step, b"[]"),
        Line(4, 4 + 3 * step, b"3"),
    ]


@pytest.mark.parametrize("content", [b"", b"\n", b"\n\r\n  \n\t", BOM, BOM + b"\n"])
def test_a_file_of_blank_lines_has_none(content: bytes) -> None:
    assert read(content, list(parts([content]))) == []


def test_the_byte_order_mark_belongs_to_the_file_and_not_to_its_first_line() -> None:
    assert read(BOM + b"{}\n" + BOM + b"{}", list(parts([BOM + b"{}\n" + BOM + b"{}"]))) == [
        Line(1, 0, b"{}"),
        Line(2, 6, BOM + b"{}"),
    ]


def test_parts_are_at_most_100_lines() -> None:
    found = list(parts([b"{}\n" * 250]))
    assert found == [FilePart(1, 0, 300, 1), FilePart(2, 300, 600, 101), FilePart(3, 600, 750, 201)]
    assert PART_LINES == 100


def test_parts_are_about_4_mb() -> None:
    line = b"x" * (MAX_BYTES - 1) + b"\n"
    assert list(parts([line] * 6)) == [
        FilePart(1, 0, PART_BYTES, 1),
        FilePart(2, PART_BYTES, PART_BYTES + 2 * MAX_BYTES, 5),
    ]


@pytest.mark.parametrize(
    ("size", "oversized"), [(MAX_BYTES, False), (MAX_BYTES + 1, False), (MAX_BYTES + 2, True)]
)
def test_a_line_far_over_the_limit_is_a_part_that_is_not_read(size: int, oversized: bool) -> None:
    """One byte over may be the end of a line; the reader of the part looks again."""
    content = b"{}\n" + b"x" * size + b"\n{}\n"
    found = list(parts(chunked(content, 64 * 1024)))
    if oversized:
        end = 3 + size + 1
        assert found == [
            FilePart(1, 0, 3, 1),
            FilePart(2, 3, end, 2, oversized=True),
            FilePart(3, end, end + 3, 3),
        ]
    else:
        assert found == [FilePart(1, 0, len(content), 1)]


def test_a1_fifty_thousand_lines() -> None:
    content = b"{}\n" * MAX_LINES
    found = list(parts(chunked(content, 64 * 1024)))
    assert len(found) == 500
    assert [line.number for line in read(content, found)] == list(range(1, 50_001))


@pytest.mark.parametrize("tail", [b"", b"\n", b"\n\r\n  \n", b" "])
def test_blank_lines_after_the_last_allowed_one_do_no_harm(tail: bytes) -> None:
    assert len(list(parts([b"{}\n" * MAX_LINES, tail]))) == 500


@pytest.mark.parametrize("tail", [b"{}", b"{}\n", b"\n\n{}\n"])
def test_a1_lines_after_the_50000th_are_not_read_and_it_is_said_so(tail: bytes) -> None:
    cut = parts([b"{}\n" * MAX_LINES, tail])
    found = [next(cut) for _ in range(500)]
    assert found[-1].end == 3 * MAX_LINES
    with pytest.raises(DomainError) as caught:
        next(cut)
    assert caught.value.code is InterviewRefusal.FILE_TOO_MANY_LINES


def test_an_oversized_50000th_line_does_not_hide_the_ones_before() -> None:
    content = b"{}\n" * (MAX_LINES - 1) + b"x" * (MAX_BYTES + 3) + b"\n"
    found = list(parts([content]))
    assert found[-1] == FilePart(501, 3 * (MAX_LINES - 1), len(content), MAX_LINES, oversized=True)
    assert len(read(content, found)) == MAX_LINES - 1


def _peak(chunks: Iterator[bytes]) -> tuple[int, int]:
    """How many parts, and the most memory that was held on the way."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in parts(chunks))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a1_a_gigabyte_passes_through_without_being_held() -> None:
    chunk = (b"x" * (32 * 1024 - 1) + b"\n") * 32  # 1 MB, lines of 32 KB
    count, peak = _peak(chunk for _ in range(1024))
    assert count == 328  # 32,768 lines
    assert peak < 1024 * 1024


def test_a1_one_line_of_a_gigabyte_is_not_held_either() -> None:
    chunk = b"x" * (1024 * 1024)
    count, peak = _peak(chunk for _ in range(1024))
    assert count == 1
    assert peak < 4 * 1024 * 1024


# --- one document, or many? ---------------------------------------------------------------------------------

DOCUMENT = {"a": 1, "b": [{"c": 2}]}
PRETTY = json.dumps(DOCUMENT, indent=2).encode()
COMPACT = json.dumps(DOCUMENT).encode()


@pytest.mark.parametrize(
    ("content", "document"),
    [
        (PRETTY, True),
        (PRETTY + b"\n\n", True),
        (BOM + PRETTY, True),
        (PRETTY.replace(b"\n", b"\r\n"), True),
        (b"\n  " + PRETTY, True),
        (PRETTY[:-1], True),  # broken: one error, not one a line
        (b'{\n"a": 1,,\n}', True),
        (COMPACT, False),
        (COMPACT + b"\n", False),
        (COMPACT + b"\n" + COMPACT, False),
        (COMPACT + b"\n" + PRETTY, False),
        (b"not json\n" + COMPACT, False),
        (b"not json", False),
        (b"", False),
        (b"\xff\xfe\n" + COMPACT, False),
        (b'{"a":' * 5000 + b"\n{}", False),
        (b"{\n" + b'"a": {' * 5000, True),
        (b"1" * 5000 + b"\n{}", False),
    ],
)
def test_one_document_or_a_line_each(content: bytes, document: bool) -> None:
    assert is_one_document(content) is document


def test_a_document_is_read_as_one_line_whatever_its_lines() -> None:
    part = FilePart(1, 0, len(BOM + PRETTY), 1, document=True)
    assert list(lines_of(part, BOM + PRETTY)) == [Line(1, 0, PRETTY)]


@pytest.mark.parametrize(
    ("head", "code", "shown"),
    [
        (b"\x1f\x8b\x08\x00", InterviewRefusal.FILE_COMPRESSED, "gzip"),
        (b"PK\x03\x04\x14", InterviewRefusal.FILE_COMPRESSED, "zip"),
        (b"BZh91AY", InterviewRefusal.FILE_COMPRESSED, "bzip2"),
        (b"\xfd7zXZ\x00", InterviewRefusal.FILE_COMPRESSED, "xz"),
        (b"\x28\xb5\x2f\xfd\x24", InterviewRefusal.FILE_COMPRESSED, "zstd"),
        ('{"a": 1}'.encode("utf-16"), CommonRefusal.FILE_UTF16, "UTF-16"),
        ('{"a": 1}'.encode("utf-16-le"), CommonRefusal.FILE_UTF16, "UTF-16"),
        ('{"a": 1}'.encode("utf-16-be"), CommonRefusal.FILE_UTF16, "UTF-16"),
        ('{"a": 1}'.encode("utf-32"), CommonRefusal.FILE_UTF16, "UTF-16"),
        (b"[{}, {}]", InterviewRefusal.FILE_JSON_ARRAY, "JSONL"),
        (BOM + b"\n  [\n{},\n{}\n]", InterviewRefusal.FILE_JSON_ARRAY, "JSONL"),
        (b"[\n", InterviewRefusal.FILE_JSON_ARRAY, "JSONL"),
        (b"[" * 100_000, InterviewRefusal.FILE_JSON_ARRAY, "JSONL"),
    ],
)
def test_a1_files_that_cannot_be_read_at_all(head: bytes, code: Refusal, shown: str) -> None:
    with pytest.raises(DomainError) as caught:
        refuse_unreadable(head)
    assert caught.value.code is code
    assert shown in caught.value.text("zh-CN")
    assert shown in caught.value.text("en")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{}",
        BOM + b"{}",
        b"\n{}",
        b"\xff{}",
        '{"姓名": 1}'.encode("gbk"),
        b"PK",
        b"hello",
        b"[1]\n{}\n",
        b"[]\n\n{}",
    ],
)
def test_a1_files_that_are_read_line_by_line(head: bytes) -> None:
    """An array that is a line of its own is one bad line: it stops none of the good ones."""
    refuse_unreadable(head)
