"""The genuine delivery of Standard Webhooks, and the bad ones that only this dialect has."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from rencai.inbox.dialects import GENERIC
from tests.vendors.forgeries.scheme import (
    KEY,
    RETIRED,
    TEXT,
    Bad,
    Json,
    Scheme,
    base64_of,
    hmac_of,
    one_each,
    other_keys_than,
    with_signature,
)
from tests.vendors.forgeries.spelling import with_other_digits

_SECRET: Final = f"whsec_{base64_of(KEY)}"


def _document(now: datetime) -> Json:
    data = {"reference": "off_1", "envelope_id": "env_1", "occurred_at": now.isoformat(), "reason": TEXT}
    return {"type": "envelope.completed", "timestamp": now.isoformat(), "data": data}


def _sign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signed = f"msg_1.{timestamp}.".encode() + body
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64_of(hmac_of(key, signed, algorithm))}",
    }


def _own(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body, headers = scheme.body(now), scheme.headers(now)
    at = int(now.timestamp())
    # Signed with the right key, at a time that is not now: a replay.
    for what, seconds in {
        "301 seconds old": -301,
        "an hour old": -3600,
        "a year old": -31_536_000,
        "301 seconds ahead": 301,
        "a day ahead": 86_400,
    }.items():
        replayed = one_each(scheme.sign(body, scheme.key, now + timedelta(seconds=seconds), "sha256"))
        sent = replayed["webhook-timestamp"]
        yield Bad(f"a replay, {what}", body, replayed)
        yield Bad(f"a replay, {what}, as of now", body, {**replayed, "webhook-timestamp": [str(at)]})
        yield Bad(f"the timestamp swapped, {what}", body, {**headers, "webhook-timestamp": sent})
    yield Bad("the timestamp a second later", body, {**headers, "webhook-timestamp": [str(at + 1)]})
    for sent_as in _times_that_are_none(at):
        signed = f"msg_1.{sent_as}.".encode() + body
        text = f"v1,{base64_of(hmac_of(scheme.key, signed, 'sha256'))}"
        yield Bad(
            f"signed with the timestamp {_shown_time(sent_as, at)}",
            body,
            {**headers, "webhook-timestamp": [sent_as], "webhook-signature": [text]},
        )
    for what, message_id in {
        "another": "msg_2",
        "with a full stop and the time": f"msg_1.{at}",
        "in capitals": "MSG_1",
        "with a zero-width space": "msg_\u200b1",
        "with a full-width digit": "msg_１",
        "folded": "msg_1, msg_1",
    }.items():
        yield Bad(f"an id that is {what}", body, {**headers, "webhook-id": [message_id]})
    signature = scheme.signature(now)
    encoded = signature.removeprefix("v1,")
    for version in ("v1a", "v2", "v0", "V1", "v01", "v1.0", "1", "v", "", "v1 ", "whsec_", "v１"):
        yield with_signature(scheme, now, f"a signature of version {version!a}", f"{version},{encoded}")
    for what, several in {
        "a list of nothing": "  ",
        "a list of commas": ", , ,",
        "a list of wrong ones": "v1,AAAA v1,BBBB v1a,CCCC",
        "a list with no spaces": f"v1,AAAA{signature}",
        "a list with a tab": f"v1,AAAA\t{signature}",
        "a list with commas": f"v1,AAAA,{signature}",
        "a list of a thousand": " ".join(["v1,AAAA"] * 1000),
    }.items():
        yield with_signature(scheme, now, what, several)
    for what, signed in {
        "the body alone": body,
        "id and body": b"msg_1." + body,
        "time and body": f"{at}.".encode() + body,
        "time, id and body": f"{at}.msg_1.".encode() + body,
        "id, time and body with colons": f"msg_1:{at}:".encode() + body,
    }.items():
        text = f"v1,{base64_of(hmac_of(scheme.key, signed, 'sha256'))}"
        yield with_signature(scheme, now, f"the signature of {what}", text)


def _shown_time(text: str, at: int) -> str:
    return ascii(text.replace(str(at), "now"))[:40]


def _times_that_are_none(at: int) -> list[str]:
    """Texts that some languages read as a number, or that are none; and numbers of another age."""
    return [
        str(at * 1000),
        "0",
        "253402300800",
        "999999999999",
        "now",
        f"-{at}",
        f"+{at}",
        f"{at}.0",
        f"{at}.5",
        f"{at:e}",
        hex(at),
        f"{at:_}",
        f"{at:,}",
        f"0{at:013}",
        str(at).translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
        with_other_digits(str(at)),
        f"{at}\u00b2",
        f"{at} ",
        f" {at}",
        f"{at}\n",
        "NaN",
        "Infinity",
        "null",
        "1970-01-01T00:00:00Z",
        "9" * 400,
    ]


SCHEME: Final = Scheme(
    dialect=GENERIC,
    vendor="esign",
    secret=_SECRET,
    key=KEY,
    other_keys={**other_keys_than(KEY, RETIRED), "the secret as it is shown": _SECRET.encode()},
    document=_document,
    tampered={
        "another offer": (("data", "reference"), "off_2"),
        "another envelope": (("data", "envelope_id"), "env_2"),
        "another outcome": (("type",), "envelope.declined"),
        "a later time": (("timestamp",), "2030-01-01T00:00:00Z"),
    },
    sign=_sign,
    signed_in="webhook-signature",
    own=_own,
    # Signatures are a list with spaces between.
    harmless=frozenset({"a space before", "a space after"}),
)
