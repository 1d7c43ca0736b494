"""The body is not the one that was signed."""

import base64
import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from tests.vendors.forgeries.scheme import Bad, Json, Scheme


def other_bodies(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    genuine_body, headers = scheme.body(now), scheme.headers(now)
    others = {
        **_cut(genuine_body),
        **_grown(genuine_body),
        **_re_encoded(scheme.document(now)),
        **_changed(scheme, now),
    }
    for what, body in others.items():
        if body == genuine_body:
            raise AssertionError(f"{scheme.dialect}: {what} is the genuine body")
        yield Bad(what, body, headers)


def _cut(body: bytes) -> dict[str, bytes]:
    length = len(body)
    cuts = {f"cut after {twelfth}/12": body[: length * twelfth // 12] for twelfth in range(12)}
    return {
        **cuts,
        "cut by one byte": body[:-1],
        "cut in a character": body[: body.index("é".encode()) + 1],
        "without its first byte": body[1:],
        "one byte left out": body[: length // 2] + body[length // 2 + 1 :],
    }


def _grown(body: bytes) -> dict[str, bytes]:
    half = len(body) // 2
    return {
        "a line end after it": body + b"\n",
        "CR LF after it": body + b"\r\n",
        "a space after it": body + b" ",
        "a space before it": b" " + body,
        "NUL after it": body + b"\x00",
        "a brace after it": body + b"}",
        "twice in one": body + body,
        "a mark of UTF-8 before it": b"\xef\xbb\xbf" + body,
        "one bit turned at the start": bytes([body[0] ^ 1]) + body[1:],
        "one bit turned in the middle": body[:half] + bytes([body[half] ^ 1]) + body[half + 1 :],
        "one bit turned at the end": body[:-1] + bytes([body[-1] ^ 1]),
        "a megabyte after it": body + b" " * (1024 * 1024 - len(body)),
    }


def _re_encoded(document: Json) -> dict[str, bytes]:
    """The same document in other bytes: what reading and writing it again does to it."""
    text = json.dumps(document, ensure_ascii=False)
    fullwidth = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    return {
        "sorted": json.dumps(document, ensure_ascii=False, sort_keys=True).encode(),
        "in reverse order": json.dumps(dict(reversed(document.items())), ensure_ascii=False).encode(),
        "compact": json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        "indented": json.dumps(document, ensure_ascii=False, indent=2).encode(),
        "indented with CR LF": json.dumps(document, ensure_ascii=False, indent=2)
        .replace("\n", "\r\n")
        .encode(),
        "with tabs": json.dumps(document, ensure_ascii=False, indent="\t").encode(),
        "escaped": json.dumps(document).encode(),
        "with escaped slashes": text.replace("/", "\\/").encode(),
        "with an escaped letter": text.replace("https", "\\u0068ttps").encode(),
        "decomposed": unicodedata.normalize("NFD", text).encode(),
        "with full-width digits": fullwidth.encode(),
        "with a zero-width space": text.replace("https", "h\u200bttps").encode(),
        "with a Cyrillic letter": text.replace("example", "ex\u0430mple").encode(),
        "right to left": text.replace("https", "\u202ehttps").encode(),
        "in UTF-16": text.encode("utf-16"),
        "in UTF-16 without a mark": text.encode("utf-16-be"),
        "in UTF-32": text.encode("utf-32"),
        "in GB 18030": text.encode("gb18030"),
        "in UTF-7": text.encode("utf-7"),
        "with a field said twice": (text[:-1] + ", " + text[1:]).encode(),
        "with a field more": (text[:-1] + ', "more": 1}').encode(),
        "as an array": f"[{text}]".encode(),
        "as a string": json.dumps(text).encode(),
        "as a form": b"payload=" + text.encode(),
        "in base64": base64.b64encode(text.encode()),
    }


def _changed(scheme: Scheme, now: datetime) -> dict[str, bytes]:
    changed: dict[str, bytes] = {"an empty document": b"{}", "null": b"null"}
    for what, (path, value) in scheme.tampered.items():
        document = scheme.document(now)
        inner = document
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value
        changed[what] = json.dumps(document, ensure_ascii=False).encode()
    return changed
