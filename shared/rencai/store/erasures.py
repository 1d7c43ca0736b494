"""The record of an erasure. It lies in the bucket and not in the table, for it has to outlive a table that is restored
from before: what was erased since is then erased again (``infra.admin restore``), and an earlier table cannot know.

Whoever erases somebody writes one first, then deletes: an erasure that broke off is finished by the record.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .table import from_instant, instant

PREFIX: Final = "erasures/"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased at ``at``, by whichever names it had.

    ``partitions`` go whole (``CANDIDATE#cand_01ABC``); ``items`` are single keys of others (``CARDS#07``,
    ``emp_01ABC``); ``objects`` are keys of the bucket, or prefixes that end in ``/``. Nothing of it says who it was but
    ids, and those are random to who has not the tenant's secret.
    """

    erasure_id: str
    at: datetime
    partitions: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    objects: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Where it lies: ``erasures/2026-03-02T01:00:00.000Z-ers_01ABC.json``; sorts by time."""
        return f"{PREFIX}{instant(self.at)}-{self.erasure_id}.json"

    def body(self) -> bytes:
        """What lies there."""
        said = {
            "erasure_id": self.erasure_id,
            "at": instant(self.at),
            "partitions": self.partitions,
            "items": self.items,
            "objects": self.objects,
        }
        return json.dumps(said).encode()

    @classmethod
    def parsed(cls, body: bytes) -> "Erasure":
        """The inverse of ``body``; raises ``ValueError`` or ``KeyError`` for anything else: it is not passed over."""
        said = json.loads(body)
        return cls(
            said["erasure_id"],
            from_instant(said["at"]),
            tuple(said["partitions"]),
            tuple((pk, sk) for pk, sk in said["items"]),
            tuple(said["objects"]),
        )

    def covers(self, pk: str, sk: str) -> bool:
        """Whether an item is of what was erased."""
        return pk in self.partitions or (pk, sk) in self.items

    def takes(self, key: str) -> bool:
        """Whether an object is."""
        return any(key.startswith(one) if one.endswith("/") else key == one for one in self.objects)
