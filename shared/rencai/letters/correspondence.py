"""Letters to people: from a template that HR edits, claimed before sending, marked after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.platform.consumer import Retry
from rencai.platform.mail import Refused, Unanswered
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations

from .addressee import Addressee
from .mail import Mail
from .notices import Claim, Notices, Undeliverable, tags_of
from .rendering import html, plain


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Sends each letter to a person once."""

    notices: Notices
    configurations: Configurations
    mail: Mail

    def write(
        self, addressee: Addressee, template: str, about: str, values: dict[str, Any], now: datetime
    ) -> bool:
        """Send ``template`` to ``addressee`` unless it was sent ``about`` the same thing before.

        Returns False when it cannot reach them: they gave no e-mail address, or the mail service does not take the
        letter. HR is told once, and has to call.

        Raises ``Retry`` when it cannot be sent now.
        """
        letter = f"{template}#{about}"
        if addressee.email is None:
            self.notices.undeliverable(addressee.id, letter, Undeliverable.NO_ADDRESS, now)
            logger.warning("no e-mail address: HR has to call", extra={"letter": template})
            return False
        document = self.configurations.latest(NOTICE_TEMPLATE, template).document
        subject = plain(document.subject.text(addressee.locale), **values)
        body = html(document.body.text(addressee.locale), **values)
        claim = self.notices.claim(addressee.id, letter, now)
        if claim in (Claim.SENT, Claim.UNDELIVERABLE):
            return claim is Claim.SENT
        if claim is Claim.BUSY:
            raise Retry("another delivery is sending this letter")
        try:
            message_id = self.mail.send(
                addressee.email, subject, body, f"{template}-{addressee.id}", tags_of(addressee.id, letter)
            )
        except Refused as error:
            self.notices.undeliverable(addressee.id, letter, Undeliverable.REFUSED, now)
            logger.warning("refused: HR has to call", extra={"letter": template, "reason": str(error)})
            return False
        except Unanswered:
            # It may be on its way: the claim stays, until what the mail service tells of it has had its time.
            raise
        except Retry:
            self.notices.release(addressee.id, letter, now)
            raise
        self.notices.sent(addressee.id, letter, message_id, now)
        return True
