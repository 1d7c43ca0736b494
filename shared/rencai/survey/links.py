"""Signed links to the monthly survey (F7). The secret ``survey`` is ``{"key": "...", "earlier": ["..."]}``."""

import json
from collections.abc import Callable
from datetime import date
from typing import Final

from rencai.survey.rules.survey import Invitation, invitation_of, signed

_EARLIER: Final = 1
"""Keys before the present one whose links are still good: those out when it was changed."""


class SurveyLinks:
    """Makes and reads links. ``secret`` is asked each time, so that a key that was changed counts soon; ``base`` is the
    API's own address.
    """

    def __init__(self, secret: Callable[[], str], base: Callable[[], str]) -> None:
        self._secret = secret
        self._base = base

    def url(self, invitation: Invitation) -> str:
        """Where the invited answers."""
        return f"{self._base()}/survey/{signed(invitation, self._keys()[0])}"

    def invitation(self, token: str, today: date) -> Invitation:
        """What a link's token says; raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED)."""
        return invitation_of(token, self._keys(), today)

    def _keys(self) -> list[bytes]:
        secret = json.loads(self._secret())
        return [key.encode() for key in (secret["key"], *secret.get("earlier", [])[:_EARLIER])]
