"""Letters to people: which were sent, who is sending one right now, and which could not be delivered."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.errors import LostRace
from rencai.kernel.events import Event, EventName
from rencai.store.table import Condition, Key, Table, instant, to_events

from .wording import Undeliverable

LEASE: Final = timedelta(minutes=10)
"""How long a claim holds. Longer than a sender may take, and than what the mail service tells of a letter takes to
come: who died between the two is known by then to have sent it, or not to.
"""
UNDELIVERED: Final = "NOTICE#undeliverable"
"""The list of letters that did not arrive, and that nobody has taken care of."""
_PAGE: Final = 100
_OPEN: Final = "attribute_not_exists(sent_at) AND attribute_not_exists(undeliverable)"


def notice_key(addressee: str, kind: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``NOTICE#onboarding#emp_01ABC``: a letter, and what it is about. Or of an employee:
    ``EMPLOYEE#emp_01ABC`` / ``NOTICE#survey_invitation#2026-11``.
    """
    owner = "EMPLOYEE" if addressee.startswith("emp_") else "CANDIDATE"
    return Key(f"{owner}#{addressee}", f"NOTICE#{kind}")


def tags_of(addressee: str, kind: str) -> dict[str, str]:
    """What a letter is found by when the mail service tells of it: the addressee's id, the template, and a digest of
    what it is about, which may be longer and of other characters than a tag.
    """
    return {
        "addressee": addressee,
        "template": kind.partition("#")[0],
        "letter": hashlib.sha256(kind.encode()).hexdigest()[:32],
    }


class Claim(StrEnum):
    """What a sender was told: ``yours`` to send, ``sent`` already, ``undeliverable`` for good, or ``busy`` (another is
    at it; come back).
    """

    YOURS = "yours"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    BUSY = "busy"


class Notices:
    """SES has no idempotency key, so a letter is claimed before it is sent and marked after.

    Two deliveries at once cannot both send. A crash after SES took the letter and before the mark is written leaves a
    claim, which what SES tells of the letter turns into the mark; only when that has not come by the end of ``LEASE``
    is the letter sent twice.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(self, addressee: str, kind: str, now: datetime) -> Claim:
        """Ask to send; see ``Claim``."""
        free = Condition(
            f"attribute_not_exists(pk) OR ({_OPEN} AND lease_until < :now)", values={":now": instant(now)}
        )
        key = notice_key(addressee, kind)
        try:
            self._table.put(key, {"lease_until": instant(now + LEASE)}, free)
        except LostRace:
            item = self._table.get(key) or {}
            if "undeliverable" in item:
                return Claim.UNDELIVERABLE
            return Claim.SENT if "sent_at" in item else Claim.BUSY
        return Claim.YOURS

    def release(self, addressee: str, kind: str, now: datetime) -> None:
        """Give a claim back after the mail service did not take the letter, so that the retry need not wait."""
        try:
            self._table.put(
                notice_key(addressee, kind), {"lease_until": instant(now - LEASE)}, Condition(_OPEN)
            )
        except LostRace:
            return  # what an earlier try sent has been told of meanwhile

    def sent(self, addressee: str, kind: str, message_id: str, now: datetime) -> None:
        """Mark a letter as sent. What is known of its delivery already stays."""
        self._mark(notice_key(addressee, kind), message_id, now)

    def undeliverable(self, addressee: str, kind: str, reason: Undeliverable, now: datetime) -> None:
        """Mark a letter that was not sent as one that never will be, and tell HR (``notice.undeliverable``): once,
        however often it is said.
        """
        self._tell(addressee, notice_key(addressee, kind), reason, now, Condition(_OPEN))

    def heard_sent(self, tags: Mapping[str, str], message_id: str, at: datetime) -> bool:
        """The mail service says that it took the letter of these tags; False when there is none that waits for it."""
        key = self._find(tags)
        if key is None:
            return False
        try:
            self._mark(key, message_id, at, Condition("attribute_not_exists(sent_at)"))
        except LostRace:
            return False
        return True

    def heard_undeliverable(self, tags: Mapping[str, str], reason: Undeliverable, now: datetime) -> bool:
        """The mail service says that the letter of these tags did not arrive; False when there is no such letter."""
        key = self._find(tags)
        if key is None:
            return False
        self._tell(tags["addressee"], key, reason, now, Condition("attribute_not_exists(undeliverable)"))
        return True

    def _mark(self, key: Key, message_id: str, at: datetime, condition: Condition | None = None) -> None:
        marks: dict[str, Any] = {"sent_at": instant(at), "message_id": message_id}
        self._table.update(key, marks, condition, clear=("lease_until",))

    def _tell(
        self, addressee: str, key: Key, reason: Undeliverable, now: datetime, untold: Condition
    ) -> None:
        kind = key.sk.removeprefix("NOTICE#")
        tags = tags_of(addressee, kind)
        event = Event(
            ids.event_id(f"{addressee}_{tags['letter']}", 1, 0),
            EventName.NOTICE_UNDELIVERABLE,
            now,
            {"letter": tags["template"], "reason": reason.value},
        )
        told = {
            "undeliverable": reason.value,
            "told_at": instant(now),
            # What waits for somebody to call: ``Undelivered`` lists it.
            "gsi1pk": UNDELIVERED,
            "gsi1sk": f"{instant(now)}#{addressee}",
            "events": to_events([event]),
        }
        try:
            self._table.update(key, told, untold, clear=("lease_until",))
        except LostRace:
            return

    def _find(self, tags: Mapping[str, str]) -> Key | None:
        return find(self._table, tags["addressee"], f"{tags['template']}#", tags["letter"])


def find(table: Table, addressee: str, begins: str, letter: str) -> Key | None:
    """The letter to ``addressee`` whose name begins so and has this digest, see ``tags_of``; None: there is none."""
    key = notice_key(addressee, begins)
    start = None
    while True:
        items, start = table.query(
            key.pk, prefix=key.sk, limit=_PAGE, start=start, newest_first=True, consistent=True
        )
        for item in items:
            if tags_of(addressee, item["sk"].removeprefix("NOTICE#"))["letter"] == letter:
                return Key(item["pk"], item["sk"])
        if start is None:
            return None
