"""The genuine delivery of Greenhouse, and the bad ones that only this dialect has."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tests.vendors.forgeries.scheme import (
    KEY,
    RETIRED,
    TEXT,
    Bad,
    Json,
    Scheme,
    changed_header,
    hmac_of,
    other_keys_than,
    with_signature,
)


def _document(now: datetime) -> Json:
    candidate = {"last_name": "Example", "first_name": "A.", "url": TEXT}
    application = {"status": "active", "id": 46194062, "candidate": candidate}
    return {"payload": {"application": application}, "action": "new_candidate_application"}


def _sign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {
        "signature": f"{algorithm} {hmac_of(key, body, algorithm).hex()}",
        "greenhouse-event-id": "3f9d7c00-0000-4000-8000-000000000001",
    }


def _own(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    signature = scheme.signature(now)
    for what, text in {
        "with two spaces": signature.replace(" ", "  "),
        "with a tab": signature.replace(" ", "\t"),
        "with a hyphen": signature.replace("sha256", "sha-256"),
        "SHA256": signature.replace("sha256", "SHA256"),
        "sha512 by name": signature.replace("sha256", "sha512"),
        "none by name": signature.replace("sha256", "none"),
        "hmac-sha256 by name": signature.replace("sha256", "hmac-sha256"),
        "algorithm only": "sha256",
        "algorithm and space": "sha256 ",
    }.items():
        yield with_signature(scheme, now, f"the signature: {what}", text)
    for what, event_id in {"with a colon": "a:b", "a path": "../a", "of 101 letters": "a" * 101}.items():
        headers = changed_header(scheme.headers(now), "greenhouse-event-id", event_id)
        yield Bad(f"an event id {what}", scheme.body(now), headers)


SCHEME: Final = Scheme(
    dialect="greenhouse",
    vendor="ats",
    secret=KEY.decode(),
    key=KEY,
    other_keys=other_keys_than(KEY, RETIRED),
    document=_document,
    tampered={
        "another application": (("payload", "application", "id"), 46194063),
        "another name": (("payload", "application", "candidate", "last_name"), "Other"),
        "another action": (("action",), "update_candidate"),
        "a hire": (("action",), "hire_candidate"),
    },
    sign=_sign,
    signed_in="signature",
    own=_own,
)
