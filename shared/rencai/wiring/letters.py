"""Letters to people."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .vendors import Ports

if TYPE_CHECKING:
    from rencai.letters.correspondence import Correspondence
    from rencai.letters.mail import Mail
    from rencai.letters.notices import Notices
    from rencai.letters.undelivered import Undelivered


class LettersWiring:
    """Letters to people."""

    def __init__(self, base: Base, vendors: Ports) -> None:
        self._base = base
        self._vendors = vendors

    @cached_property
    def notices(self) -> "Notices":
        """Letters sent."""
        from rencai.letters.notices import Notices

        return Notices(self._base.table)

    @cached_property
    def undelivered(self) -> "Undelivered":
        """Letters that did not arrive, until somebody has called."""
        from rencai.letters.undelivered import Undelivered

        return Undelivered(self._base.table)

    @cached_property
    def mail(self) -> "Mail":
        """E-mail in the tenant's name."""
        from rencai.platform.mail import SesMail

        settings = self._base.settings
        return SesMail(
            self._base.client("sesv2"), settings["SENDER_ADDRESS"], settings["MAIL_CONFIGURATION_SET"]
        )

    @cached_property
    def correspondence(self) -> "Correspondence":
        """Letters, each sent once."""
        from rencai.letters.correspondence import Correspondence

        return Correspondence(self.notices, self._base.configurations, self.mail, lambda: self._vendors.sms)
