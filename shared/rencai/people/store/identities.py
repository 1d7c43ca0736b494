"""Which candidates and applications share a phone, an e-mail address or a national id (A6).

Keys are keyed fingerprints: nobody reads a phone from one, nor finds one out by trying every number, without the
tenant's secret.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from rencai.people.rules.identity import Contact, IdentifierKind, Identity, identity_of, united
from rencai.store.table import Item, Key, Table, instant

_BITS: Final = 120
"""As many as a DynamoDB number holds to the digit (38), so that fingerprints can be added to number sets."""

CROWD: Final = 10
"""An identifier that more than this many others have given tells nobody apart: an agency's, or a placeholder."""


def identity_key(kind: IdentifierKind, mark: int, owner: str) -> Key:
    """``IDENTITY#phone#0f3c…`` (30 hex digits) / ``cand_01ABC``."""
    return Key(_partition(kind, mark), owner)


def _partition(kind: IdentifierKind, mark: int) -> str:
    return f"IDENTITY#{kind}#{mark:0{_BITS // 4}x}"


class Fingerprints:
    """Marks of values: the first 120 bits of HMAC-SHA256 under the tenant's secret, with the kind signed too, so that
    a phone and a national id of the same digits differ. ``key`` is asked for it when the first is made.
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key
        self._known: bytes | None = None

    def of(self, kind: str, value: str) -> int:
        """The mark of a normalised value."""
        if self._known is None:
            self._known = self._key()
        digest = hmac.digest(self._known, f"{kind}:{value}".encode(), "sha256")
        return int.from_bytes(digest[: _BITS // 8], "big")


class Identities:
    """Who has given which identifier. An entry holds all marks of its owner, so that people are compared without
    reading them, let alone opening what is sealed.
    """

    def __init__(self, table: Table, fingerprints: Fingerprints) -> None:
        self._table = table
        self._fingerprints = fingerprints

    def identity(self, owner: str, said: Contact) -> Identity:
        """The identity a source's contact data give."""
        return identity_of(owner, said, self._fingerprints.of)

    def mark(self, kind: str, value: str) -> int:
        """The mark of a value that is compared, whatever it is of."""
        return self._fingerprints.of(kind, value)

    def record(self, identity: Identity, now: datetime) -> None:
        """Write the owner's entry under each of its identifiers: a call and a write unit each."""
        entry: Item = {f"{kind}s": identity.of(kind) or None for kind in IdentifierKind}
        entry |= {"names": identity.names or None, "seen_at": instant(now)}
        self._table.put_all(
            [
                (identity_key(kind, mark, identity.owner), entry)
                for kind in IdentifierKind
                for mark in identity.of(kind)
            ]
        )

    def sharing(self, identity: Identity) -> tuple[Identity, dict[str, Identity]]:
        """Everybody else who has given one of these identifiers, by id, and ``identity`` without what tells nobody
        apart: one strongly consistent query for each.

        Whoever records first and then asks misses nobody: of two who come at once, at least one sees the other.
        """
        found: dict[str, list[Identity]] = {}
        telling: dict[IdentifierKind, frozenset[int]] = {}
        for kind, marks in identity.marks.items():
            for mark in marks:
                # One more than a crowd, and the owner's own entry.
                items, _ = self._table.query(_partition(kind, mark), limit=CROWD + 2, consistent=True)
                others = [item for item in items if item["sk"] != identity.owner]
                if len(others) > CROWD:
                    continue
                telling[kind] = telling.get(kind, frozenset()) | {mark}
                for item in others:
                    found.setdefault(item["sk"], []).append(_from_item(item))
        return replace(identity, marks=telling), {owner: united(owner, them) for owner, them in found.items()}


def _from_item(item: Item) -> Identity:
    return Identity(
        item["sk"],
        {kind: item[f"{kind}s"] for kind in IdentifierKind if f"{kind}s" in item},
        item.get("names", frozenset()),
    )
