"""What SES says of a letter after it took it -> the letter's mark, or a notice to HR.

SES publishes to a topic (an event destination of the configuration set), which hands each message raw to the queue.
The shape is SES's (developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS"). It quotes the
address and the subject, so nothing of it is kept or logged but its kind.
"""

import json
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from rencai.kernel.errors import VendorRefusal
from rencai.letters.notices import Notices
from rencai.letters.wording import Undeliverable
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

_TAGS: Final = ("addressee", "template", "letter")
_VALIDATED: Final = "Successfully validated SNS topic"
"""What SES writes to a topic when it becomes a destination: a line of text, and no event."""
_SENT: Final = "Send"
_LOST: Final = {
    "Bounce": Undeliverable.BOUNCED,
    "Complaint": Undeliverable.COMPLAINED,
    "Reject": Undeliverable.REJECTED,
}


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Letter(_Told):
    message_id: str = Field(alias="messageId")
    timestamp: AwareDatetime
    """When it was sent."""
    tags: dict[str, list[str]] = {}


class _Bounce(_Told):
    kind: str = Field("", alias="bounceType")
    detail: str = Field("", alias="bounceSubType")


class _Complaint(_Told):
    says: str | None = Field(None, alias="complaintFeedbackType")


class MailEvent(_Told):
    """What is read of an event; there is more in it."""

    kind: str = Field(alias="eventType")
    mail: _Letter
    bounce: _Bounce = _Bounce()
    complaint: _Complaint = _Complaint()

    @property
    def arrived(self) -> bool:
        """Whether it says of a letter that has arrived no more than that: an answer by itself of somebody who is out of
        the office is a general, transient bounce to SES, and who takes a letter out of the spam complains of none.
        """
        out_of_office = (self.bounce.kind, self.bounce.detail) == ("Transient", "General")
        return self.complaint.says == "not-spam" if self.kind == "Complaint" else out_of_office

    @property
    def tags(self) -> dict[str, str] | None:
        """The letter's tags; None where it is none of ours."""
        found = {name: self.mail.tags.get(name, []) for name in _TAGS}
        return {name: values[0] for name, values in found.items()} if all(found.values()) else None


def hear(body: str, *, notices: Notices, now: datetime) -> None:
    """Act on one event. They come late, twice and in any order; ``VendorRefusal`` parks what cannot be read."""
    event = _parsed(body)
    if event is None:
        return
    tags = event.tags
    if tags is None:
        logger.warning("an event of no letter of ours", extra={"kind": event.kind})
    elif event.kind == _SENT or event.arrived:
        known = notices.heard_sent(tags, event.mail.message_id, event.mail.timestamp)
        logger.info("sent", extra={"letter": tags["template"], "was_unmarked": known})
    elif event.kind in _LOST:
        known = notices.heard_undeliverable(tags, _LOST[event.kind], now)
        logger.warning(
            "undeliverable", extra={"letter": tags["template"], "kind": event.kind, "known": known}
        )
    else:
        logger.info("nothing to do", extra={"kind": event.kind})


def _parsed(body: str) -> MailEvent | None:
    if body.startswith(_VALIDATED):
        logger.info("the topic is a destination")
        return None
    try:
        told: Any = json.loads(body)
        return MailEvent.model_validate(told)
    except (json.JSONDecodeError, ValidationError) as error:
        raise VendorRefusal("ses", f"an event that cannot be read: {type(error).__name__}") from None


def act(wired: Wired, body: str) -> None:
    """The queue behind the topic calls this."""
    hear(body, notices=wired.letters.notices, now=wired.clock())


handler = on_message(act)
