"""The port of e-mail."""

from collections.abc import Mapping
from typing import Protocol


class Mail(Protocol):
    """Sends letters in the tenant's name."""

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        """Send one letter; returns the carrier's message id. ``reference`` is a header, for finding it again; ``tags``
        come back with whatever the carrier later says of the letter, so they hold nothing personal.

        Raises ``Refused`` when it will never take this letter, ``Unanswered`` when nobody knows whether it did, and
        ``Retry`` when it did not, and may later.
        """
