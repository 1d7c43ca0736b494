"""How a dialect signs, and what a bad delivery of it is made of."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

Json = dict[str, Any]
Headers = dict[str, list[str]]
Sign = Callable[[bytes, bytes, datetime, str], dict[str, str]]
"""The headers of a body, signed with a key (the bytes HMAC takes), at a time, with a hash of this name."""


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad delivery of a dialect; without ``keys`` the tenant has the genuine ones."""

    what: str
    body: bytes
    headers: Headers
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one dialect signs. ``signed_in`` is the header of the signature.

    ``own`` are bad deliveries that only this dialect has; ``harmless`` are spellings that it allows.
    """

    dialect: str
    vendor: str
    secret: str
    key: bytes
    other_keys: Mapping[str, bytes]
    document: Callable[[datetime], Json]
    tampered: Mapping[str, tuple[tuple[str, ...], Any]]
    sign: Sign
    signed_in: str
    own: "Callable[[Scheme, datetime], Iterator[Bad]]"
    harmless: frozenset[str] = frozenset()

    def body(self, now: datetime) -> bytes:
        return json.dumps(self.document(now), ensure_ascii=False).encode()

    def headers(self, now: datetime) -> Headers:
        return one_each(self.sign(self.body(now), self.key, now, "sha256"))

    def signature(self, now: datetime) -> str:
        return self.headers(now)[self.signed_in][0]


def one_each(headers: Mapping[str, str]) -> Headers:
    return {name: [value] for name, value in headers.items()}


KEY: Final = b"a key of thirty-two bytes, no two"
RETIRED: Final = b"the key that was rotated out then"
STRANGER: Final = b"what somebody else would sign by."
TEXT: Final = "https://a.example/é/已签署"
"""Something that each re-encoding writes differently: a slash, an accent, Chinese."""


def hmac_of(key: bytes, signed: bytes, algorithm: str) -> bytes:
    return hmac.new(key, signed, algorithm).digest()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def other_keys_than(key: bytes, retired: bytes) -> dict[str, bytes]:
    # Not the key with a zero after it: HMAC pads with zeros itself, so that would be the same key.
    return {
        "a stranger's key": STRANGER,
        "the retired key": retired,
        "an empty key": b"",
        "the first half of the key": key[: len(key) // 2],
        "the key but for its last byte": key[:-1],
        "the key and a line end": key + b"\n",
        "the key after a space": b" " + key,
        "the key in capitals": key.upper(),
        "the key in UTF-16": key.decode("latin-1").encode("utf-16-le"),
        "the key in base64": base64.b64encode(key),
        "the key in hex": key.hex().encode(),
        "the digest of the key": hashlib.sha256(key).digest(),
    }


def prefix_of(scheme: Scheme, now: datetime) -> str:
    """What stands before the encoded signature: ``v1,``, ``sha256 `` or nothing."""
    text = scheme.signature(now)
    return text[: max(text.find(","), text.find(" ")) + 1]


def changed_header(headers: Headers, name: str, *values: str) -> Headers:
    return {**headers, name: list(values)}


def with_signature(scheme: Scheme, now: datetime, what: str, *values: str) -> Bad:
    headers = changed_header(scheme.headers(now), scheme.signed_in, *values)
    return Bad(what, scheme.body(now), headers)
