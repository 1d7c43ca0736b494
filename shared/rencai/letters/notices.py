"""Letters to people: which were sent, and who is sending one right now."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rencai.kernel.errors import LostRace
from rencai.store.table import Condition, Key, Table, instant

LEASE: Final = timedelta(minutes=2)
"""How long a sender may take; longer than the sending function's timeout."""


def notice_key(addressee: str, kind: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``NOTICE#onboarding#emp_01ABC``: a letter, and what it is about. Or of an employee:
    ``EMPLOYEE#emp_01ABC`` / ``NOTICE#survey_invitation#2026-11``.
    """
    owner = "EMPLOYEE" if addressee.startswith("emp_") else "CANDIDATE"
    return Key(f"{owner}#{addressee}", f"NOTICE#{kind}")


class Claim(StrEnum):
    """What a sender was told: ``yours`` to send, ``sent`` already, or ``busy`` (another is at it; come back)."""

    YOURS = "yours"
    SENT = "sent"
    BUSY = "busy"


class Notices:
    """SES has no idempotency key, so a letter is claimed before it is sent and marked after.

    Two deliveries at once cannot both send. Only a crash after SES took the letter and before the mark is written
    sends it twice, and no sooner than ``LEASE`` later.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(self, addressee: str, kind: str, now: datetime) -> Claim:
        """Ask to send; see ``Claim``."""
        free = Condition(
            "attribute_not_exists(pk) OR (attribute_not_exists(sent_at) AND lease_until < :now)",
            values={":now": instant(now)},
        )
        key = notice_key(addressee, kind)
        try:
            self._table.put(key, {"lease_until": instant(now + LEASE)}, free)
        except LostRace:
            item = self._table.get(key)
            return Claim.SENT if item and "sent_at" in item else Claim.BUSY
        return Claim.YOURS

    def release(self, addressee: str, kind: str, now: datetime) -> None:
        """Give a claim back after the mail service refused the letter, so that the retry need not wait."""
        self._table.put(notice_key(addressee, kind), {"lease_until": instant(now - LEASE)})

    def sent(self, addressee: str, kind: str, message_id: str, now: datetime) -> None:
        """Mark a letter as sent."""
        self._table.put(notice_key(addressee, kind), {"sent_at": instant(now), "message_id": message_id})
