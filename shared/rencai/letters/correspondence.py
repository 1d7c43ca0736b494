"""Letters to people: from a template that HR edits, claimed before sending, marked after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.platform.consumer import Retry
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations

from .addressee import Addressee
from .mail import Mail
from .notices import Claim, Notices
from .rendering import html, plain


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Sends each letter to a person once."""

    notices: Notices
    configurations: Configurations
    mail: Mail

    def write(
        self, addressee: Addressee, template: str, about: str, values: dict[str, Any], now: datetime
    ) -> None:
        """Send ``template`` to ``addressee`` unless it was sent ``about`` the same thing before.

        Raises ``Retry`` when it cannot be sent now.

        Who gave no e-mail address is reached by HR by phone: the letter is left, and the log says so.
        """
        if addressee.email is None:
            logger.warning("no e-mail address: HR has to call", extra={"letter": template})
            return
        document = self.configurations.latest(NOTICE_TEMPLATE, template).document
        subject = plain(document.subject.text(addressee.locale), **values)
        body = html(document.body.text(addressee.locale), **values)
        letter = f"{template}#{about}"
        claim = self.notices.claim(addressee.id, letter, now)
        if claim is Claim.SENT:
            return
        if claim is Claim.BUSY:
            raise Retry("another delivery is sending this letter")
        try:
            message_id = self.mail.send(addressee.email, subject, body, f"{template}-{addressee.id}")
        except Retry:
            self.notices.release(addressee.id, letter, now)
            raise
        self.notices.sent(addressee.id, letter, message_id, now)
