"""The signature is not that of the key."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from tests.vendors.forgeries.scheme import (
    STRANGER,
    Bad,
    Scheme,
    base64_of,
    changed_header,
    one_each,
    prefix_of,
    with_signature,
)


def signed_otherwise(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body = scheme.body(now)
    for what, key in scheme.other_keys.items():
        yield Bad(f"signed with {what}", body, one_each(scheme.sign(body, key, now, "sha256")))
    if scheme.tampered:
        for what, other in {
            "another body": b'{"another": "body"}',
            "no body": b"",
            "its digest": hashlib.sha256(body).digest(),
        }.items():
            headers = one_each(scheme.sign(other, scheme.key, now, "sha256"))
            yield Bad(f"the signature of {what}", body, headers)
        yield Bad("key and body swapped", body, one_each(scheme.sign(scheme.key, body, now, "sha256")))


def other_algorithms(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body = scheme.body(now)
    for algorithm in ("sha1", "md5", "sha512", "sha384", "sha3_256", "blake2s"):
        headers = one_each(scheme.sign(body, scheme.key, now, algorithm))
        yield Bad(f"signed with {algorithm}", body, headers)
        given = headers[scheme.signed_in][0]
        if algorithm in given:
            headers = changed_header(headers, scheme.signed_in, given.replace(algorithm, "sha256"))
            yield Bad(f"signed with {algorithm} that says sha256", body, headers)
    digests = {
        "the body's digest": hashlib.sha256(body).digest(),
        "the digest of key and body": hashlib.sha256(scheme.key + body).digest(),
        "the digest of body and key": hashlib.sha256(body + scheme.key).digest(),
    }
    for what, digest in digests.items():
        for form, text in (("hex", digest.hex()), ("base64", base64_of(digest))):
            yield with_signature(scheme, now, f"{what} in {form}", text)
            yield with_signature(
                scheme, now, f"{what} in {form}, with its prefix", f"{prefix_of(scheme, now)}{text}"
            )


def of_another_dialect(scheme: Scheme, others: Iterable[Scheme], now: datetime) -> Iterator[Bad]:
    """Signed with the right key, in a way that another dialect would take."""
    body = scheme.body(now)
    own = scheme.headers(now)
    for other in others:
        if other.dialect == scheme.dialect:
            continue
        theirs = other.sign(body, scheme.key, now, "sha256")
        yield Bad(f"signed as {other.dialect} does", body, one_each(theirs))
        headers = changed_header(own, scheme.signed_in, theirs[other.signed_in])
        # Greenhouse's is Checkr's with a word before it, and so on: never the same text.
        yield Bad(f"the signature is written as {other.dialect} does", body, headers)


def no_key_of_ours(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    """The tenant has no key for this vendor, or only a placeholder: then nobody is authentic."""
    body, headers = scheme.body(now), scheme.headers(now)
    with_nothing, with_blanks = (one_each(scheme.sign(body, key, now, "sha256")) for key in (b"", b"  "))
    yield Bad("no key is configured", body, headers, ())
    for what, keys in {
        "an empty key": ("",),
        "a blank key": ("  ",),
        "the prefix of a key": ("whsec_",),
        "a stranger's key": (STRANGER.decode(),),
        "an empty and a blank key": ("", "  "),
    }.items():
        yield Bad(f"{what} is configured", body, headers, keys)
        yield Bad(f"{what} is configured, signed with nothing", body, with_nothing, keys)
        yield Bad(f"{what} is configured, signed with blanks", body, with_blanks, keys)
