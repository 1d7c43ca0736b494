"""What a vendor was asked for under a key: first, and so every time it is asked again.

A vendor that knows a key answers as it did the first time, and refuses the key with other content. Between two tries of
a call a candidate may correct an address, HR a course's date, an admin the wording of a letter; whether the first try
arrived nobody knows. So what is sent is kept before it is sent, and what is kept is what the next try sends.
"""

import base64
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from rencai.kernel import ids
from rencai.kernel.errors import LostRace
from rencai.store.sealed import Vault
from rencai.store.table import Condition, Item, Key, Table

KEPT_FOR: Final = timedelta(days=60)
"""Longer than a message can live: hours of tries, 14 days among the dead letters, and the same once more."""
_FIELD: Final = "asked"


def asked_key(whose: str, vendor: str, idempotency_key: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``ASKED#esign#off_01ABC``, or below ``EMPLOYEE#emp_01ABC``."""
    kind = "CANDIDATE" if ids.is_candidate(whose) else "EMPLOYEE"
    return Key(f"{kind}#{whose}", f"ASKED#{vendor}#{idempotency_key}")


@dataclass(frozen=True, slots=True)
class Request:
    """A call's key and body, as they go to the vendor, and how often it has refused other content before."""

    idempotency_key: str
    content: bytes
    refusals: int = field(default=0, compare=False)


class Pinned(Protocol):
    """One call, asked for again for as long as nobody knows what came of it."""

    @property
    def idempotency_key(self) -> str:
        """Names the call."""

    def first(self, address: str, content: bytes) -> Request:
        """What was asked for first; ``content``, if nothing was. ``address`` is the URL: what another vendor was asked
        for before is nothing to this one.
        """

    def refused(self, address: str, request: Request) -> None:
        """The vendor refuses this content, so it never took it: the next try may say something else, under another
        key. A refusal that comes late, when other content has been asked for, is nothing to that.
        """


class Asked(Protocol):
    """What vendors were asked for."""

    def of(self, whose: str, vendor: str, idempotency_key: str) -> Pinned:
        """One call about a candidate or an employee."""


class SharedAsked:
    """In the table, so that whichever container tries next knows it; sealed, for a body names a person and what they
    earn.
    """

    def __init__(self, table: Table, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._vault = vault
        self._clock = clock

    def of(self, whose: str, vendor: str, idempotency_key: str) -> Pinned:
        """See ``Asked.of``."""
        return _Kept(self, whose, vendor, idempotency_key)

    def first(self, whose: str, vendor: str, idempotency_key: str, address: str, content: bytes) -> Request:
        """See ``Pinned.first``. One write; where something was asked before, that and a read."""
        key = asked_key(whose, vendor, idempotency_key)
        item: Item = {
            "address": address,
            "content": self._vault.seal(_packed(content), owner=whose, field=_FIELD),
            "forget_at": int((self._clock() + KEPT_FOR).timestamp()),
        }
        other = Condition("attribute_not_exists(pk) OR address <> :address", values={":address": address})
        try:
            self._table.put(key, item, other)
        except LostRace:
            known = self._table.get(key)
            if known is None:
                raise
        else:
            return Request(idempotency_key, content)
        refusals = known.get("refusals", 0)
        if known.get("refused"):
            # Asked anew by one; whoever comes second asks what that one does.
            self._table.put(key, {**item, "refusals": refusals}, _refused(refusals))
            return Request(_renamed(idempotency_key, refusals), content, refusals)
        opened = self._vault.open(known["content"], owner=whose, field=_FIELD)
        return Request(_renamed(idempotency_key, refusals), _unpacked(opened), refusals)

    def refused(self, whose: str, vendor: str, idempotency_key: str, address: str, request: Request) -> None:
        """See ``Pinned.refused``."""
        before = "refusals = :before" if request.refusals else "attribute_not_exists(refusals)"
        not_yet = Condition(
            f"address = :address AND {before} AND attribute_not_exists(refused)",
            values={":address": address} | ({":before": request.refusals} if request.refusals else {}),
        )
        # Another delivery of the same message was refused at the same moment.
        with suppress(LostRace):
            self._table.update(
                asked_key(whose, vendor, idempotency_key), {"refused": True}, not_yet, add={"refusals": 1}
            )


@dataclass(frozen=True, slots=True)
class _Kept:
    asked: SharedAsked
    whose: str
    vendor: str
    idempotency_key: str

    def first(self, address: str, content: bytes) -> Request:
        return self.asked.first(self.whose, self.vendor, self.idempotency_key, address, content)

    def refused(self, address: str, request: Request) -> None:
        self.asked.refused(self.whose, self.vendor, self.idempotency_key, address, request)


def _refused(refusals: int) -> Condition:
    return Condition(
        "refused = :true AND refusals = :refusals", values={":true": True, ":refusals": refusals}
    )


def _renamed(idempotency_key: str, refusals: int) -> str:
    """The key of the try after so many refusals.

    >>> _renamed("check-1", 0), _renamed("check-1", 2)
    ('check-1', 'check-1.2')
    """
    return f"{idempotency_key}.{refusals}" if refusals else idempotency_key


def _packed(content: bytes) -> str:
    """As text, for the vault, and small: a letter fits what KMS seals at once."""
    return base64.b85encode(zlib.compress(content, 9)).decode()


def _unpacked(packed: str) -> bytes:
    return zlib.decompress(base64.b85decode(packed))
