"""Signed links to the monthly survey (F7)."""

from datetime import date

from rencai.platform.signed_links import LinkKeys
from rencai.survey.rules.survey import Invitation, invitation_of, signed


class SurveyLinks:
    """Makes and reads links."""

    def __init__(self, keys: LinkKeys) -> None:
        self._keys = keys

    def url(self, invitation: Invitation) -> str:
        """Where the invited answers."""
        return self._keys.address(f"survey/{signed(invitation, self._keys.all()[0])}")

    def invitation(self, token: str, today: date) -> Invitation:
        """What a link's token says; raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED)."""
        return invitation_of(token, self._keys.all(), today)
