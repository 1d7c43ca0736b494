"""Where the raw bytes of a result are, and reading them: an object of their own, or a line of a file."""

import re
from typing import Final

from rencai.store.objects import Bucket

_BOM: Final = b"\xef\xbb\xbf"
_LINE: Final = re.compile(
    r"(?P<key>.+)\?versionId=(?P<version>[^?#]*)#bytes=(?P<offset>\d+)\+(?P<length>\d+)", re.DOTALL
)


def line_of(object_key: str, version_id: str | None, offset: int, length: int) -> str:
    """Where a line of a file is.

    >>> line_of("interviews/march.jsonl", "v1", 120, 80)
    'interviews/march.jsonl?versionId=v1#bytes=120+80'
    """
    return f"{object_key}?versionId={version_id or ''}#bytes={offset}+{length}"


def read_raw(bucket: Bucket, where: str) -> bytes:
    """A result as it was handed in; raises ``NotFound`` where the object is gone."""
    line = _LINE.fullmatch(where)
    if line is None:
        return bucket.get(where)
    offset, length = int(line["offset"]), int(line["length"])
    # A byte order mark before the first line is in the file, and not in the line's length.
    found = bucket.read(line["key"], line["version"] or None, offset, offset + length + len(_BOM))
    return found.removeprefix(_BOM)[:length]
