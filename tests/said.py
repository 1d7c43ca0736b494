"""Whether a sentence is in one language: what may stand in a Chinese one in Latin letters is listed here."""

import re
from typing import Final

HAN: Final = re.compile(r"[一-鿿]")
QUOTED: Final = re.compile(r"“[^”]*”")
"""A field, an option, or what somebody gave: quoted as they wrote it."""
EXAMPLE: Final = re.compile(r"例如 [^,;。)]*")
NAMES: Final = re.compile(
    r"(?<![A-Za-z])(?:JSONL?|HTML|XML|NUL|WPS|CSV|XLSX|\.xls|Excel|UTF-(?:8|16)|GB18030|ASCII|BOM|MB|UUID|GUID|RE2|Unicode|Unix"
    r"|ISO(?: \d+)?|RFC \d+|E\.164|BCP 47|x[0-9a-f]{2}|\\[a-zA-Z]|Content-Type|Idempotency-Key|Authorization|Bearer"
    r"|Retry-After|application/json|openapi\.json|https?://|true|false|null)(?![A-Za-z])"
)
"""Formats, standards and headers, which have no other name."""


def chinese_only(text: str) -> None:
    """Fails for a Latin word that is neither quoted nor an example nor a name."""
    assert HAN.search(text), text
    rest = NAMES.sub("", EXAMPLE.sub("", QUOTED.sub("", text)))
    assert not re.search("[A-Za-z]{2,}", rest), (text, rest)


def english_only(text: str) -> None:
    """Fails for anything of Chinese."""
    assert not HAN.search(text), text
    assert re.search("[A-Za-z]", text), text
