"""Links that are signed in the tenant's name. The secret is ``{"key": "...", "earlier": ["..."]}``."""

import json
from collections.abc import Callable
from typing import Final

_EARLIER: Final = 1
"""Keys before the present one whose links are still good: those out when it was changed."""


class LinkKeys:
    """The keys that links are signed with, the present one first. ``secret`` is asked each time, so that a key that was
    changed counts soon; ``base`` is the API's own address.
    """

    def __init__(self, secret: Callable[[], str], base: Callable[[], str]) -> None:
        self._secret = secret
        self._base = base

    def address(self, path: str) -> str:
        """A path of the API as an address."""
        return f"{self._base()}/{path}"

    def all(self) -> list[bytes]:
        """The keys by which a link may be signed."""
        secret = json.loads(self._secret())
        return [key.encode() for key in (secret["key"], *secret.get("earlier", [])[:_EARLIER])]
