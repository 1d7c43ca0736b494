"""Bad deliveries: from one genuine delivery of each dialect, what a forger, a proxy or a broken client makes of it.

Nothing is drawn at random, so a name means the same delivery in every run. What a scheme does not protect is not here:
the body under xAPI (it has no signature), and Greenhouse's event id (it is not signed).
"""

import base64
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from rencai.vendors.dialects import GENERIC
from rencai.vendors.dialects.dialect import Delivered

Json = dict[str, Any]
Headers = dict[str, list[str]]
Sign = Callable[[bytes, bytes, datetime, str], dict[str, str]]
"""The headers of a body, signed with a key (the bytes HMAC takes), at a time, with a hash of this name."""


@dataclass(frozen=True, slots=True)
class Genuine:
    """A delivery as the vendor makes it; ``keys`` are those the tenant has configured."""

    dialect: str
    vendor: str
    delivered: Delivered
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forgery:
    """A delivery that must be refused, and by what it differs from the genuine one."""

    name: str
    dialect: str
    vendor: str
    delivered: Delivered
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Bad:
    """One bad delivery of a dialect; without ``keys`` the tenant has the genuine ones."""

    what: str
    body: bytes
    headers: Headers
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How one dialect signs. ``signed_in`` is the header of the signature; ``harmless`` are spellings it allows."""

    dialect: str
    vendor: str
    secret: str
    key: bytes
    other_keys: Mapping[str, bytes]
    document: Callable[[datetime], Json]
    tampered: Mapping[str, tuple[tuple[str, ...], Any]]
    sign: Sign
    signed_in: str
    harmless: frozenset[str] = frozenset()

    def body(self, now: datetime) -> bytes:
        return json.dumps(self.document(now), ensure_ascii=False).encode()

    def headers(self, now: datetime) -> Headers:
        return _several(self.sign(self.body(now), self.key, now, "sha256"))

    def signature(self, now: datetime) -> str:
        return self.headers(now)[self.signed_in][0]


def _several(headers: Mapping[str, str]) -> Headers:
    return {name: [value] for name, value in headers.items()}


# --- The genuine deliveries ----------------------------------------------------------------------------------

_KEY: Final = b"a key of thirty-two bytes, no two"
_RETIRED: Final = b"the key that was rotated out then"
_STRANGER: Final = b"what somebody else would sign by."
_TEXT: Final = "https://a.example/é/已签署"
"""Something that each re-encoding writes differently: a slash, an accent, Chinese."""


def _hmac(key: bytes, signed: bytes, algorithm: str) -> bytes:
    return hmac.new(key, signed, algorithm).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _generic_document(now: datetime) -> Json:
    data = {"reference": "off_1", "envelope_id": "env_1", "occurred_at": now.isoformat(), "reason": _TEXT}
    return {"type": "envelope.completed", "timestamp": now.isoformat(), "data": data}


def _sign_generic(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signed = f"msg_1.{timestamp}.".encode() + body
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_base64(_hmac(key, signed, algorithm))}",
    }


def _docusign_document(now: datetime) -> Json:
    fields = {"textCustomFields": [{"name": "reference", "value": "off_1", "show": "false"}]}
    summary = {"status": "completed", "emailSubject": _TEXT, "customFields": fields}
    data = {"envelopeId": "e-1", "accountId": "a-1", "userId": "u-1", "envelopeSummary": summary}
    return {"event": "envelope-completed", "apiVersion": "v2.1", "retryCount": 0, "data": data}


def _sign_docusign(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"x-docusign-signature-1": _base64(_hmac(key, body, algorithm))}


def _checkr_document(now: datetime) -> Json:
    report = {"object": "report", "id": "rep_1", "status": "complete", "result": "clear", "uri": _TEXT}
    return {"type": "report.completed", "object": "event", "id": "evt_1", "data": {"object": report}}


def _sign_checkr(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"x-checkr-signature": _hmac(key, body, algorithm).hex()}


def _greenhouse_document(now: datetime) -> Json:
    candidate = {"last_name": "Example", "first_name": "A.", "url": _TEXT}
    application = {"status": "active", "id": 46194062, "candidate": candidate}
    return {"payload": {"application": application}, "action": "new_candidate_application"}


def _sign_greenhouse(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {
        "signature": f"{algorithm} {_hmac(key, body, algorithm).hex()}",
        "greenhouse-event-id": "3f9d7c00-0000-4000-8000-000000000001",
    }


def _xapi_document(now: datetime) -> Json:
    return {
        "id": "9f0d7c00-0000-4000-8000-000000000001",
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://a.example/courses/1"},
        "timestamp": now.isoformat(),
        "context": {"registration": "9f0d7c00-0000-4000-8000-000000000002"},
    }


def _sign_xapi(body: bytes, key: bytes, at: datetime, algorithm: str) -> dict[str, str]:
    return {"authorization": f"Basic {_base64(key)}", "x-experience-api-version": "1.0.3"}


def _other_keys(key: bytes, retired: bytes) -> dict[str, bytes]:
    # Not the key with a zero after it: HMAC pads with zeros itself, so that would be the same key.
    return {
        "a stranger's key": _STRANGER,
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


_GENERIC_SECRET: Final = f"whsec_{_base64(_KEY)}"
_SIGNED: Final = (
    _Scheme(
        dialect=GENERIC,
        vendor="esign",
        secret=_GENERIC_SECRET,
        key=_KEY,
        other_keys={**_other_keys(_KEY, _RETIRED), "the secret as it is shown": _GENERIC_SECRET.encode()},
        document=_generic_document,
        tampered={
            "another offer": (("data", "reference"), "off_2"),
            "another envelope": (("data", "envelope_id"), "env_2"),
            "another outcome": (("type",), "envelope.declined"),
            "a later time": (("timestamp",), "2030-01-01T00:00:00Z"),
        },
        sign=_sign_generic,
        signed_in="webhook-signature",
        # Signatures are a list with spaces between.
        harmless=frozenset({"a space before", "a space after"}),
    ),
    _Scheme(
        dialect="docusign",
        vendor="esign",
        secret=_KEY.decode(),
        key=_KEY,
        other_keys=_other_keys(_KEY, _RETIRED),
        document=_docusign_document,
        tampered={
            "another envelope": (("data", "envelopeId"), "e-2"),
            "another account": (("data", "accountId"), "a-2"),
            "another outcome": (("event",), "envelope-declined"),
            "another try": (("retryCount",), 1),
        },
        sign=_sign_docusign,
        signed_in="x-docusign-signature-1",
    ),
    _Scheme(
        dialect="checkr",
        vendor="background",
        secret=_KEY.decode(),
        key=_KEY,
        other_keys=_other_keys(_KEY, _RETIRED),
        document=_checkr_document,
        tampered={
            "another event": (("id",), "evt_2"),
            "another report": (("data", "object", "id"), "rep_2"),
            "another result": (("data", "object", "result"), "consider"),
            "another type": (("type",), "report.canceled"),
        },
        sign=_sign_checkr,
        signed_in="x-checkr-signature",
    ),
    _Scheme(
        dialect="greenhouse",
        vendor="ats",
        secret=_KEY.decode(),
        key=_KEY,
        other_keys=_other_keys(_KEY, _RETIRED),
        document=_greenhouse_document,
        tampered={
            "another application": (("payload", "application", "id"), 46194063),
            "another name": (("payload", "application", "candidate", "last_name"), "Other"),
            "another action": (("action",), "update_candidate"),
            "a hire": (("action",), "hire_candidate"),
        },
        sign=_sign_greenhouse,
        signed_in="signature",
    ),
)
_PASSWORD: Final = b"lms-client:Correct Horse"
_XAPI: Final = _Scheme(
    dialect="xapi",
    vendor="lms",
    secret=_PASSWORD.decode(),
    key=_PASSWORD,
    other_keys={
        **_other_keys(_PASSWORD, b"lms-client:Last Year's Horse"),
        "the user alone": b"lms-client",
        "the user without a password": b"lms-client:",
        "the password without a user": b":Correct Horse",
        "password and user swapped": b"Correct Horse:lms-client",
        "another user's name": b"lms-clienu:Correct Horse",
        "the password in small letters": b"lms-client:correct horse",
        "the password of nobody": b":",
        "a password that goes on": _PASSWORD + b"\x00",
    },
    document=_xapi_document,
    tampered={},
    sign=_sign_xapi,
    signed_in="authorization",
)
_SCHEMES: Final[Mapping[str, _Scheme]] = {scheme.dialect: scheme for scheme in (*_SIGNED, _XAPI)}


def genuine(dialect: str, now: datetime) -> Genuine:
    """A delivery of the dialect that is authentic at ``now`` and tells a fact we act on."""
    return signed(dialect, _SCHEMES[dialect].body(now), now)


def signed(dialect: str, body: bytes, now: datetime) -> Genuine:
    """That body as the vendor would send it, whatever it says."""
    scheme = _SCHEMES[dialect]
    headers = _several(scheme.sign(body, scheme.key, now, "sha256"))
    return Genuine(dialect, scheme.vendor, Delivered(body, headers), (scheme.secret,))


def forgeries(now: datetime) -> list[Forgery]:
    """Every bad delivery, of every dialect."""
    return [
        Forgery(
            f"{scheme.dialect}: {bad.what}",
            scheme.dialect,
            scheme.vendor,
            Delivered(bad.body, bad.headers),
            (scheme.secret,) if bad.keys is None else bad.keys,
        )
        for scheme in _SCHEMES.values()
        for bad in _all_of(scheme, now)
    ]


def _all_of(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    yield from _signed_otherwise(scheme, now)
    yield from _misspelt(scheme, now)
    yield from _headers_gone_or_doubled(scheme, now)
    yield from _no_key_of_ours(scheme, now)
    if scheme.tampered:
        yield from _other_bodies(scheme, now)
        yield from _other_algorithms(scheme, now)
        yield from _of_another_dialect(scheme, now)
    yield from _OWN[scheme.dialect](scheme, now)


# --- The body is not the one that was signed -----------------------------------------------------------------


def _other_bodies(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
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
        yield _Bad(what, body, headers)


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


def _changed(scheme: _Scheme, now: datetime) -> dict[str, bytes]:
    changed: dict[str, bytes] = {"an empty document": b"{}", "null": b"null"}
    for what, (path, value) in scheme.tampered.items():
        document = scheme.document(now)
        inner = document
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value
        changed[what] = json.dumps(document, ensure_ascii=False).encode()
    return changed


# --- The signature is not that of the key --------------------------------------------------------------------


def _signed_otherwise(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    body = scheme.body(now)
    for what, key in scheme.other_keys.items():
        yield _Bad(f"signed with {what}", body, _several(scheme.sign(body, key, now, "sha256")))
    if scheme.tampered:
        for what, other in {
            "another body": b'{"another": "body"}',
            "no body": b"",
            "its digest": hashlib.sha256(body).digest(),
        }.items():
            headers = _several(scheme.sign(other, scheme.key, now, "sha256"))
            yield _Bad(f"the signature of {what}", body, headers)
        yield _Bad("key and body swapped", body, _several(scheme.sign(scheme.key, body, now, "sha256")))


def _other_algorithms(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    body = scheme.body(now)
    for algorithm in ("sha1", "md5", "sha512", "sha384", "sha3_256", "blake2s"):
        headers = _several(scheme.sign(body, scheme.key, now, algorithm))
        yield _Bad(f"signed with {algorithm}", body, headers)
        given = headers[scheme.signed_in][0]
        if algorithm in given:
            headers = _changed_header(headers, scheme.signed_in, given.replace(algorithm, "sha256"))
            yield _Bad(f"signed with {algorithm} that says sha256", body, headers)
    digests = {
        "the body's digest": hashlib.sha256(body).digest(),
        "the digest of key and body": hashlib.sha256(scheme.key + body).digest(),
        "the digest of body and key": hashlib.sha256(body + scheme.key).digest(),
    }
    for what, digest in digests.items():
        for form, text in (("hex", digest.hex()), ("base64", _base64(digest))):
            yield _given(scheme, now, f"{what} in {form}", text)
            yield _given(scheme, now, f"{what} in {form}, with its prefix", f"{_prefix(scheme, now)}{text}")


def _of_another_dialect(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    """Signed with the right key, in a way that another dialect would take."""
    body = scheme.body(now)
    own = scheme.headers(now)
    for other in _SCHEMES.values():
        if other.dialect == scheme.dialect:
            continue
        theirs = other.sign(body, scheme.key, now, "sha256")
        yield _Bad(f"signed as {other.dialect} does", body, _several(theirs))
        headers = _changed_header(own, scheme.signed_in, theirs[other.signed_in])
        # Greenhouse's is Checkr's with a word before it, and so on: never the same text.
        yield _Bad(f"the signature is written as {other.dialect} does", body, headers)


def _no_key_of_ours(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    """The tenant has no key for this vendor, or only a placeholder: then nobody is authentic."""
    body, headers = scheme.body(now), scheme.headers(now)
    with_nothing, with_blanks = (_several(scheme.sign(body, key, now, "sha256")) for key in (b"", b"  "))
    yield _Bad("no key is configured", body, headers, ())
    for what, keys in {
        "an empty key": ("",),
        "a blank key": ("  ",),
        "the prefix of a key": ("whsec_",),
        "a stranger's key": (_STRANGER.decode(),),
        "an empty and a blank key": ("", "  "),
    }.items():
        yield _Bad(f"{what} is configured", body, headers, keys)
        yield _Bad(f"{what} is configured, signed with nothing", body, with_nothing, keys)
        yield _Bad(f"{what} is configured, signed with blanks", body, with_blanks, keys)


# --- The signature is spelt otherwise ------------------------------------------------------------------------


def _prefix(scheme: _Scheme, now: datetime) -> str:
    """What stands before the encoded signature: ``v1,``, ``sha256 `` or nothing."""
    text = scheme.signature(now)
    return text[: max(text.find(","), text.find(" ")) + 1]


def _changed_header(headers: Headers, name: str, *values: str) -> Headers:
    return {**headers, name: list(values)}


def _given(scheme: _Scheme, now: datetime, what: str, *values: str) -> _Bad:
    headers = _changed_header(scheme.headers(now), scheme.signed_in, *values)
    return _Bad(what, scheme.body(now), headers)


def _misspelt(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    text = scheme.signature(now)
    prefix = _prefix(scheme, now)
    encoded = text.removeprefix(prefix)
    raw = bytes.fromhex(encoded) if _is_hex(encoded) else base64.b64decode(encoded)
    spellings = {
        **_spellings(text),
        "in hex": prefix + raw.hex(),
        "in hex with colons": prefix + raw.hex(":"),
        "in base64": prefix + _base64(raw),
        "in base32": prefix + base64.b32encode(raw).decode(),
        "in base64 for addresses": prefix + base64.urlsafe_b64encode(raw).decode(),
        "in base64 twice": prefix + _base64(encoded.encode()),
        "without padding": prefix + encoded.rstrip("="),
        "with more padding": f"{prefix}{encoded}=",
        "with spare bits set": prefix + _spare_bits_set(encoded),
        "as a number": prefix + str(int.from_bytes(raw, "big")),
        "its first byte only": prefix + encoded[:2],
        "zeros": prefix + "0" * len(encoded),
        "letters A": prefix + "A" * len(encoded),
        "the prefix only": prefix,
        "without its prefix": encoded,
        "with its prefix twice": prefix + text,
        "prefixed sha256=": f"sha256={encoded}",
        "prefixed sha1": f"sha1 {encoded}",
        "prefixed v1=": f"v1={encoded}",
        "prefixed t=": f"t={int(now.timestamp())},v1={encoded}",
        "prefixed Bearer": f"Bearer {encoded}",
    }
    for what, spelt in spellings.items():
        # What changes nothing in this scheme (hex in small letters, say) is no forgery of it.
        if spelt != text and what not in scheme.harmless:
            yield _given(scheme, now, f"the signature {what}", spelt)


def _spellings(text: str) -> dict[str, str]:
    half = len(text) // 2
    return {
        "in capitals": text.upper(),
        "in small letters": text.lower(),
        "with its case turned": text.swapcase(),
        "backwards": text[::-1],
        "cut by one": text[:-1],
        "cut in half": text[:half],
        "with one letter more": text + "0",
        "its first letter twice": text[:1] + text,
        "blank": " ",
        "null": "null",
        "true": "true",
        "a star": "*",
        "an array": json.dumps([text]),
        "quoted": f'"{text}"',
        "percent-encoded": "".join(f"%{byte:02X}" for byte in text.encode()),
        "a space before": f" {text}",
        "a space after": f"{text} ",
        "a space inside": f"{text[:half]} {text[half:]}",
        "a tab after": f"{text}\t",
        "a line end after": f"{text}\n",
        "CR LF and a header after": f"{text}\r\nx-forged: 1",
        "CR LF inside": f"{text[:half]}\r\n {text[half:]}",
        "NUL after": f"{text}\x00",
        "NUL inside": f"{text[:half]}\x00{text[half:]}",
        "a no-break space before": f"\u00a0{text}",
        "a zero-width space inside": f"{text[:half]}\u200b{text[half:]}",
        "a zero-width joiner after": f"{text}\u200d",
        "a mark of order before": f"\ufeff{text}",
        "a combining accent after": f"{text}\u0301",
        "right to left": f"\u202e{text}",
        "in full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        "with an Arabic digit": _with_other_digits(text),
        "with a Cyrillic letter": text.translate(
            {ord("a"): "\u0430", ord("c"): "\u0441", ord("e"): "\u0435"}
        ),
        "in mathematical letters": text.translate({ord("a") + n: 0x1D41A + n for n in range(26)}),
        "folded with itself": f"{text},{text}",
        "folded with itself and a space": f"{text}, {text}",
        "folded behind another": f"{text[::-1]}, {text}",
        "with a semicolon": f"{text};",
        "very long": text + "A" * 3000,
        "very long, over and over": ",".join([text] * 200),
        "with its replacement character": f"{text[:half]}\ufffd{text[half + 1 :]}",
    }


def _with_other_digits(text: str) -> str:
    return text.translate({ord("0") + n: 0x0660 + n for n in range(10)})


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)


def _spare_bits_set(encoded: str) -> str:
    """Base64 that decodes to the same bytes and is not the same text: the last letter has bits that nobody reads."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    unpadded = encoded.rstrip("=")
    if unpadded == encoded:
        return encoded
    spare = letters[letters.index(unpadded[-1]) + 1]
    return unpadded[:-1] + spare + encoded[len(unpadded) :]


# --- Headers -------------------------------------------------------------------------------------------------


_OPTIONAL: Final = "greenhouse-event-id"
"""The one header that may be missing; doubled or broken it is refused all the same."""


def _headers_gone_or_doubled(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    body, headers = scheme.body(now), scheme.headers(now)
    yield _Bad("no headers at all", body, {})
    for name, (value,) in headers.items():
        if name != _OPTIONAL:
            for what, other in {
                "gone": "x-other",
                "under a name in underscores": f"_{name.replace('-', '_')}",
                "under a name with another hyphen": f"{name}\u2010",
                "under a name with a space": f"{name} ",
            }.items():
                yield _Bad(f"{name} {what}", body, _renamed(headers, name, other))
        for what, values in {
            "empty": [""],
            "of no values": [],
            "twice": [value, value],
            "twice, the first empty": ["", value],
            "twice, the second empty": [value, ""],
            "twice, the first wrong": [value[::-1], value],
            "twice, the second wrong": [value, value[::-1]],
            "three times": [value, value, value],
            "a hundred times": [value] * 100,
            "of 100,000 letters": [value + "A" * 100_000],
            "not in ASCII": [f"{value}é"],
            "with a control character": [f"{value}\x1b"],
        }.items():
            yield _Bad(f"{name} {what}", body, _changed_header(headers, name, *values))


def _renamed(headers: Headers, name: str, other: str) -> Headers:
    return {other if one == name else one: values for one, values in headers.items()}


# --- What only one dialect has -------------------------------------------------------------------------------


def _of_generic(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
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
        replayed = _several(scheme.sign(body, scheme.key, now + timedelta(seconds=seconds), "sha256"))
        sent = replayed["webhook-timestamp"]
        yield _Bad(f"a replay, {what}", body, replayed)
        yield _Bad(f"a replay, {what}, as of now", body, {**replayed, "webhook-timestamp": [str(at)]})
        yield _Bad(f"the timestamp swapped, {what}", body, {**headers, "webhook-timestamp": sent})
    yield _Bad("the timestamp a second later", body, {**headers, "webhook-timestamp": [str(at + 1)]})
    for sent_as in _times_that_are_none(at):
        signed = f"msg_1.{sent_as}.".encode() + body
        text = f"v1,{_base64(_hmac(scheme.key, signed, 'sha256'))}"
        yield _Bad(
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
        yield _Bad(f"an id that is {what}", body, {**headers, "webhook-id": [message_id]})
    signature = scheme.signature(now)
    encoded = signature.removeprefix("v1,")
    for version in ("v1a", "v2", "v0", "V1", "v01", "v1.0", "1", "v", "", "v1 ", "whsec_", "v１"):
        yield _given(scheme, now, f"a signature of version {version!a}", f"{version},{encoded}")
    for what, several in {
        "a list of nothing": "  ",
        "a list of commas": ", , ,",
        "a list of wrong ones": "v1,AAAA v1,BBBB v1a,CCCC",
        "a list with no spaces": f"v1,AAAA{signature}",
        "a list with a tab": f"v1,AAAA\t{signature}",
        "a list with commas": f"v1,AAAA,{signature}",
        "a list of a thousand": " ".join(["v1,AAAA"] * 1000),
    }.items():
        yield _given(scheme, now, what, several)
    for what, signed in {
        "the body alone": body,
        "id and body": b"msg_1." + body,
        "time and body": f"{at}.".encode() + body,
        "time, id and body": f"{at}.msg_1.".encode() + body,
        "id, time and body with colons": f"msg_1:{at}:".encode() + body,
    }.items():
        text = f"v1,{_base64(_hmac(scheme.key, signed, 'sha256'))}"
        yield _given(scheme, now, f"the signature of {what}", text)


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
        _with_other_digits(str(at)),
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


def _of_docusign(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
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
        yield _Bad(f"the signature under {name!a}", body, {name: [signature]})
    for what, headers in {
        "two signatures, both wrong": {"1": ["AAAA"], "2": [signature[::-1]]},
        "two signatures, one sent twice": {"1": [signature], "2": [signature, signature]},
        "two signatures, one empty": {"1": [signature], "2": [""]},
        "a hundred signatures, all wrong": {str(n): [f"{n:044}"] for n in range(1, 101)},
        "a signature over two headers": {"1": [signature[:22]], "2": [signature[22:]]},
    }.items():
        yield _Bad(what, body, {f"x-docusign-signature-{n}": values for n, values in headers.items()})


def _of_checkr(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
    signature = scheme.signature(now)
    sentence = "Please create an API key to enable webhook signatures"
    yield _given(scheme, now, "the sentence of an account without a key", sentence)
    yield _given(scheme, now, "that sentence and the signature", sentence, signature)
    yield _given(scheme, now, "the signature after that sentence", f"{sentence} {signature}")
    yield _Bad("the sentence is our key", scheme.body(now), scheme.headers(now), (sentence,))


def _of_greenhouse(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
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
        yield _given(scheme, now, f"the signature: {what}", text)
    for what, event_id in {"with a colon": "a:b", "a path": "../a", "of 101 letters": "a" * 101}.items():
        headers = _changed_header(scheme.headers(now), "greenhouse-event-id", event_id)
        yield _Bad(f"an event id {what}", scheme.body(now), headers)


def _of_xapi(scheme: _Scheme, now: datetime) -> Iterator[_Bad]:
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
        "Basic of a stranger, then ours": f"Basic {_base64(_STRANGER)}, Basic {credentials}",
    }.items():
        yield _given(scheme, now, f"authorization by {what}", text)
    for version in ("0.9", "0.95", "1.1.0", "1.1", "2.0.0", "2.0", "1", "1.0.", "1.0.x", "v1.0.3", "1.0.3-beta",
                    "1.0.3, 1.0.3", "1.0.0.1", "1.00.3", "１.0.3", "1.0.٣", "1.0.3\n", "*"):  # fmt: skip
        yield _Bad(
            f"version {version!a}", body, _changed_header(headers, "x-experience-api-version", version)
        )
    for secret in ("lms-client", "lms-client:", ":Correct Horse", ":"):
        # A key without both would let in whoever leaves the same part away.
        signed = _several(scheme.sign(body, secret.encode(), now, "sha256"))
        yield _Bad(f"our key is only {secret!r}", body, signed, (secret,))


_OWN: Final[Mapping[str, Callable[[_Scheme, datetime], Iterator[_Bad]]]] = {
    GENERIC: _of_generic,
    "docusign": _of_docusign,
    "checkr": _of_checkr,
    "greenhouse": _of_greenhouse,
    "xapi": _of_xapi,
}
