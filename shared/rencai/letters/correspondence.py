"""Letters to people: from a template that HR edits, claimed before sending, marked after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.letters.documents import NOTICE_TEMPLATE, NoticeTemplate
from rencai.platform.consumer import Retry
from rencai.platform.mail import Refused, Unanswered
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations

from .addressee import Addressee
from .mail import Mail
from .notices import Claim, Notices, tags_of
from .rendering import html, plain
from .sms import NotTaken, ShortMessage, Sms
from .wording import Undeliverable


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Sends each letter to a person once: by e-mail, or as a text message where no e-mail reaches them. ``sms`` gives
    None for a tenant that has no carrier; it is asked only where one is needed.
    """

    notices: Notices
    configurations: Configurations
    mail: Mail
    sms: Callable[[], Sms | None]

    def reaches(self, addressee: Addressee, template: str) -> bool:
        """Whether there is a way to send this letter."""
        if addressee.email is not None:
            return True
        return (
            addressee.phone is not None and self._words(template).sms is not None and self.sms() is not None
        )

    def write(
        self, addressee: Addressee, template: str, about: str, values: dict[str, Any], now: datetime
    ) -> bool:
        """Send ``template`` to ``addressee`` unless it was sent ``about`` the same thing before.

        Returns False when it cannot reach them: there is no way to, or what there is does not take the letter. HR is
        told once, and has to call.

        Raises ``Retry`` when it cannot be sent now; ``VendorUnavailable`` and ``VendorRefusal`` of a text message's
        carrier.
        """
        letter = f"{template}#{about}"
        if not self.reaches(addressee, template):
            self.notices.undeliverable(addressee.id, letter, Undeliverable.NO_ADDRESS, now)
            logger.warning("no e-mail address: HR has to call", extra={"letter": template})
            return False
        words = self._words(template)
        subject = plain(words.subject.text(addressee.locale), **values)
        body = html(words.body.text(addressee.locale), **values)
        claim = self.notices.claim(addressee.id, letter, now)
        if claim in (Claim.SENT, Claim.UNDELIVERABLE):
            return claim is Claim.SENT
        if claim is Claim.BUSY:
            raise Retry("another delivery is sending this letter")
        try:
            message_id = self._mailed(addressee, template, letter, subject, body)
        except Unanswered:
            # It may be on its way: the claim stays, until what the mail service tells of it has had its time.
            raise
        except Retry:
            self.notices.release(addressee.id, letter, now)
            raise
        reason = Undeliverable.NO_ADDRESS if addressee.email is None else Undeliverable.REFUSED
        if message_id is None and (message := self._message(addressee, template, letter, words, values)):
            # A carrier that has not answered may have taken it: the claim stays, and with it the second message waits.
            message_id = self._texted(message)
            reason = Undeliverable.SMS_REFUSED
        if message_id is None:
            self.notices.undeliverable(addressee.id, letter, reason, now)
            return False
        self.notices.sent(addressee.id, letter, message_id, now)
        return True

    def _words(self, template: str) -> NoticeTemplate:
        return self.configurations.latest(NOTICE_TEMPLATE, template).document

    def _mailed(
        self, addressee: Addressee, template: str, letter: str, subject: str, body: str
    ) -> str | None:
        """The mail service's id of the letter; None: they have no address, or it does not take it."""
        if addressee.email is None:
            return None
        tags = tags_of(addressee.id, letter)
        try:
            return self.mail.send(addressee.email, subject, body, f"{template}-{addressee.id}", tags)
        except Refused as error:
            logger.warning("the mail service refuses", extra={"letter": template, "reason": str(error)})
            return None

    def _message(
        self, addressee: Addressee, template: str, letter: str, words: NoticeTemplate, values: dict[str, Any]
    ) -> ShortMessage | None:
        """The letter as a text message; None where it has no words for one, or they no phone, or we no carrier."""
        if addressee.phone is None or words.sms is None or self.sms() is None:
            return None
        return ShortMessage(
            addressee=addressee.id,
            to=addressee.phone,
            letter=template,
            language=words.sms.language(addressee.locale),
            reference=f"{template}-{tags_of(addressee.id, letter)['letter']}",
            text=plain(words.sms.text(addressee.locale), **values),
            values=values,
        )

    def _texted(self, message: ShortMessage) -> str | None:
        """The carrier's id of the message; None: it does not take it."""
        carrier = self.sms()
        if carrier is None:
            return None
        try:
            return carrier.send(message)
        except NotTaken as error:
            logger.warning("the carrier refuses", extra={"letter": message.letter, "reason": str(error)})
            return None
