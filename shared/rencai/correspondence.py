"""Letters to people: from a template that HR edits, claimed before sending, marked after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.platform.consumer import Retry
from rencai.platform.letters import html, plain
from rencai.platform.mail import Mail
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.notices import Claim, Notices
from rencai.store.people import Person


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Sends each letter to a person once."""

    notices: Notices
    configurations: Configurations
    mail: Mail

    def write(self, person: Person, template: str, about: str, values: dict[str, Any], now: datetime) -> None:
        """Send ``template`` to ``person`` unless it was sent ``about`` the same thing before.

        Raises ``Retry`` when it cannot be sent now.

        A person who gave no e-mail address is reached by HR by phone: the letter is left, and the log says so.
        """
        if person.email is None:
            logger.warning("no e-mail address: HR has to call", extra={"letter": template})
            return
        document = self.configurations.notice_template(template)
        subject = plain(document.subject.text(person.locale), **values)
        body = html(document.body.text(person.locale), **values)
        letter = f"{template}#{about}"
        claim = self.notices.claim(person.candidate_id, letter, now)
        if claim is Claim.SENT:
            return
        if claim is Claim.BUSY:
            raise Retry("another delivery is sending this letter")
        try:
            message_id = self.mail.send(person.email, subject, body, f"{template}-{person.candidate_id}")
        except Retry:
            self.notices.release(person.candidate_id, letter, now)
            raise
        self.notices.sent(person.candidate_id, letter, message_id, now)
