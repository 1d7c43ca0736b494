"""A callback (webhook) on its way: what `vendor_api` puts on the queue and `callback_sender` delivers."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


def rfc3339(at: datetime) -> str:
    """`2026-11-22T03:47:58Z`: the contract's way to write a moment."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def webhook_id(thing_id: str, event_type: str) -> str:
    """The same for the same event of the same thing, however often and by whomever it is sent.

    Of a thing to which the same happens again (a learner progresses), `thing_id` names the occasion: `enr_5f/17`.
    """
    return "msg_" + hashlib.sha256(f"{thing_id}\n{event_type}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Callback:
    """One webhook to one receiver: ids, references, outcomes.

    Free text is a reason to decline or to void, a mentor's review, and what a tester put into an application. None of
    it is logged.
    """

    vendor: str
    webhook_id: str
    url: str
    type: str
    timestamp: str
    """When the event happened, not when it is sent: a retry carries the same bytes."""
    data: dict[str, Any]
    copy: int = 0
    """0 is the delivery itself, 1 and more are duplicates that a fault asked for: alike but for their bad luck."""

    @classmethod
    def about(
        cls, thing_id: str, *, vendor: str, url: str, type: str, at: datetime, data: dict[str, Any]
    ) -> "Callback":
        """A callback telling of what happened to a thing `at` that moment."""
        return cls(vendor, webhook_id(thing_id, type), url, type, rfc3339(at), data)

    def has_happened(self, now: datetime) -> bool:
        """Whether what it tells of has come to pass, be it delivered or not."""
        return now >= datetime.fromisoformat(self.timestamp)

    def body(self) -> str:
        """The bytes that are signed and sent."""
        content = {"type": self.type, "timestamp": self.timestamp, "data": self.data}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def said(self) -> str:
        """All that it names, for the faults that are meant for some only."""
        return json.dumps(self.data, ensure_ascii=False)

    def to_message(self) -> str:
        """The queue's message body."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_message(cls, message: str) -> "Callback":
        """Raises ValueError, KeyError or TypeError when the message is none of ours."""
        return cls(**json.loads(message))
