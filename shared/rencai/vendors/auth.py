"""Who we are to a vendor: the headers of a call, and tokens that have to be fetched and renewed."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

Auth = Callable[[], Mapping[str, str]]
"""The headers that say who calls. Asked for at every call, so that a rotated secret is used soon."""

RENEWED_BEFORE: Final = timedelta(minutes=1)
"""How long before its end a token is not used any more: a call must not outlive it."""


def nobody() -> Mapping[str, str]:
    """For calls that say who they are in their body."""
    return {}


def bearer(token: Callable[[], str]) -> Auth:
    """``Authorization: Bearer <token>``."""
    return lambda: {"Authorization": f"Bearer {token()}"}


def basic(credentials: Callable[[], str]) -> Auth:
    """``Authorization: Basic ...`` of ``<user>:<password>``."""
    return lambda: {"Authorization": f"Basic {base64.b64encode(credentials().encode()).decode()}"}


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends."""

    value: str
    expires_at: datetime


class CachedToken:
    """A token that is fetched when it is first needed, and again shortly before it ends or after ``drop``."""

    def __init__(self, fetch: Callable[[], Token], clock: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._token: Token | None = None

    def __call__(self) -> str:
        """The token; raises what ``fetch`` raises."""
        if self._token is None or self._clock() >= self._token.expires_at - RENEWED_BEFORE:
            self._token = self._fetch()
        return self._token.value

    def drop(self) -> None:
        """Forget it: the vendor would not take it."""
        self._token = None
