"""The genuine delivery of xAPI, and the bad ones that only this dialect has."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tests.vendors.forgeries.scheme import (
    STRANGER,
    Bad,
    Json,
    Scheme,
    base64_of,
    changed_header,
    one_each,
    other_keys_than,
    with_signature,
)

_PASSWORD: Final = b"lms-client:Correct Horse"


def _document(now: datetime) -> Json:
    return {
        "id": "9f0d7c00-0000-4000-8000-000000000001",
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://a.example/courses/1"},
        "timestamp": now.isoformat(),
        "context": {"registration": "9f0d7c00-0000-4000-8000-000000000002"},
    }


def _sign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64_of(key)}", "x-experience-api-version": "1.0.3"}


def _own(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body, headers = scheme.body(now), scheme.headers(now)
    credentials = scheme.signature(now).removeprefix("Basic ")
    for what, text in {
        "basic": f"basic {credentials}",
        "BASIC": f"BASIC {credentials}",
        "Basic with two spaces": f"Basic  {credentials}",
        "Basic with a colon": f"Basic: {credentials}",
        "Digest": f"Digest {credentials}",
        "Negotiate": f"Negotiate {credentials}",
        "nothing": credentials,
        "Basic alone": "Basic",
        "Basic of the plain password": f"Basic {_PASSWORD.decode()}",
        "the plain password": _PASSWORD.decode(),
        "Basic of a stranger, then ours": f"Basic {base64_of(STRANGER)}, Basic {credentials}",
    }.items():
        yield with_signature(scheme, now, f"authorization by {what}", text)
    for version in ("0.9", "0.95", "1.1.0", "1.1", "2.0.0", "2.0", "1", "1.0.", "1.0.x", "v1.0.3", "1.0.3-beta",
                    "1.0.3, 1.0.3", "1.0.0.1", "1.00.3", "１.0.3", "1.0.٣", "1.0.3\n", "*"):  # fmt: skip
        yield Bad(f"version {version!a}", body, changed_header(headers, "x-experience-api-version", version))
    for secret in ("lms-client", "lms-client:", ":Correct Horse", ":"):
        # A key without both would let in whoever leaves the same part away.
        signed = one_each(scheme.sign(body, secret.encode(), now, "sha256"))
        yield Bad(f"our key is only {secret!r}", body, signed, (secret,))


SCHEME: Final = Scheme(
    dialect="xapi",
    vendor="lms",
    secret=_PASSWORD.decode(),
    key=_PASSWORD,
    other_keys={
        **other_keys_than(_PASSWORD, b"lms-client:Last Year's Horse"),
        "the user alone": b"lms-client",
        "the user without a password": b"lms-client:",
        "the password without a user": b":Correct Horse",
        "password and user swapped": b"Correct Horse:lms-client",
        "another user's name": b"lms-clienu:Correct Horse",
        "the password in small letters": b"lms-client:correct horse",
        "the password of nobody": b":",
        "a password that goes on": _PASSWORD + b"\x00",
    },
    document=_document,
    tampered={},
    sign=_sign,
    signed_in="authorization",
    own=_own,
)
