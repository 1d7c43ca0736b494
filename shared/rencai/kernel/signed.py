"""What a link says, signed so that nobody else can say it: base64url, a dot, and base64url of its HMAC-SHA256."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence


def signed(said: str, purpose: str, key: bytes) -> str:
    """``said`` as a token for an address. What it is for is signed too: a token is good for nothing else."""
    payload = _base64(said.encode())
    return f"{payload}.{_mark(payload, purpose, key)}"


def said_by(token: str, purpose: str, keys: Sequence[bytes]) -> str | None:
    """What a token says that one of ``keys`` signed for ``purpose``; None for any other."""
    payload, _, mark = token.rpartition(".")
    # The text itself is signed and compared, not what it decodes to, so that what is said has one token; every key is
    # tried, so that how long it takes says nothing.
    genuine = [hmac.compare_digest(_bytes(_mark(payload, purpose, key)), _bytes(mark)) for key in keys]
    if not any(genuine):
        return None
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()


def _mark(payload: str, purpose: str, key: bytes) -> str:
    return _base64(hmac.digest(key, _bytes(f"{purpose}.{payload}"), "sha256"))


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    # A forged token may hold anything.
    return text.encode("utf-8", "surrogatepass")
