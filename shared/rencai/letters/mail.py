"""The port of e-mail."""

from typing import Protocol


class Mail(Protocol):
    """Sends letters in the tenant's name."""

    def send(self, to: str, subject: str, html: str, reference: str) -> str:
        """Send one letter; returns the carrier's message id. ``reference`` is a header, for finding it again.

        Raises ``Retry`` when it cannot be sent now.
        """
