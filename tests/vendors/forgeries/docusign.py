"""The genuine delivery of DocuSign Connect, and the bad ones that only this dialect has."""

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
    base64_of,
    hmac_of,
    other_keys_than,
)


def _document(now: datetime) -> Json:
    fields = {"textCustomFields": [{"name": "reference", "value": "off_1", "show": "false"}]}
    summary = {"status": "completed", "emailSubject": TEXT, "customFields": fields}
    data = {"envelopeId": "e-1", "accountId": "a-1", "userId": "u-1", "envelopeSummary": summary}
    return {"event": "envelope-completed", "apiVersion": "v2.1", "retryCount": 0, "data": data}


def _sign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"x-docusign-signature-1": base64_of(hmac_of(key, body, algorithm))}


def _own(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body, signature = scheme.body(now), scheme.signature(now)
    for name in (
        "x-docusign-signature",
        "x-docusign-signature-0",
        "x-docusign-signature-01",
        "x-docusign-signature-101",
        "x-docusign-signature-1-1",
        "x-docusign-signature--1",
        "x-docusign-signature-１",
        "docusign-signature-1",
        "x-docusign-signature-1 ",
        "x-authorization-digest",
    ):
        yield Bad(f"the signature under {name!a}", body, {name: [signature]})
    for what, headers in {
        "two signatures, both wrong": {"1": ["AAAA"], "2": [signature[::-1]]},
        "two signatures, one sent twice": {"1": [signature], "2": [signature, signature]},
        "two signatures, one empty": {"1": [signature], "2": [""]},
        "a hundred signatures, all wrong": {str(n): [f"{n:044}"] for n in range(1, 101)},
        "a signature over two headers": {"1": [signature[:22]], "2": [signature[22:]]},
    }.items():
        yield Bad(what, body, {f"x-docusign-signature-{n}": values for n, values in headers.items()})


SCHEME: Final = Scheme(
    dialect="docusign",
    vendor="esign",
    secret=KEY.decode(),
    key=KEY,
    other_keys=other_keys_than(KEY, RETIRED),
    document=_document,
    tampered={
        "another envelope": (("data", "envelopeId"), "e-2"),
        "another account": (("data", "accountId"), "a-2"),
        "another outcome": (("event",), "envelope-declined"),
        "another try": (("retryCount",), 1),
    },
    sign=_sign,
    signed_in="x-docusign-signature-1",
    own=_own,
)
