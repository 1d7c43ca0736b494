"""The genuine delivery of Checkr, and the bad ones that only this dialect has."""

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
    hmac_of,
    other_keys_than,
    with_signature,
)


def _document(now: datetime) -> Json:
    report = {"object": "report", "id": "rep_1", "status": "complete", "result": "clear", "uri": TEXT}
    return {"type": "report.completed", "object": "event", "id": "evt_1", "data": {"object": report}}


def _sign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"x-checkr-signature": hmac_of(key, body, algorithm).hex()}


def _own(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    signature = scheme.signature(now)
    sentence = "Please create an API key to enable webhook signatures"
    yield with_signature(scheme, now, "the sentence of an account without a key", sentence)
    yield with_signature(scheme, now, "that sentence and the signature", sentence, signature)
    yield with_signature(scheme, now, "the signature after that sentence", f"{sentence} {signature}")
    yield Bad("the sentence is our key", scheme.body(now), scheme.headers(now), (sentence,))


SCHEME: Final = Scheme(
    dialect="checkr",
    vendor="background",
    secret=KEY.decode(),
    key=KEY,
    other_keys=other_keys_than(KEY, RETIRED),
    document=_document,
    tampered={
        "another event": (("id",), "evt_2"),
        "another report": (("data", "object", "id"), "rep_2"),
        "another result": (("data", "object", "result"), "consider"),
        "another type": (("type",), "report.canceled"),
    },
    sign=_sign,
    signed_in="x-checkr-signature",
    own=_own,
)
