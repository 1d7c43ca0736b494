"""What counted of somebody's contact data before it was replaced: who had said it, who replaced it, and when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rencai.people.rules.contact import (
    IN_CLEAR,
    Facts,
    Source,
    SourceKind,
    Told,
    from_facts_document,
    to_facts_document,
)
from rencai.store.table import Item, Key, compact, from_instant, instant

PREFIX: Final = "CONTACT#"


def contact_key(candidate_id: str, version: int) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``CONTACT#000003``: what counted in the person's third version."""
    return Key(f"CANDIDATE#{candidate_id}", f"{PREFIX}{version:06d}")


@dataclass(frozen=True, slots=True)
class Replaced:
    """What counted, and who had said what of it; ``by`` replaced it ``at`` a moment, through ``actor``."""

    told: Told
    facts: Facts
    by: Source
    actor: str
    at: datetime

    @classmethod
    def of(cls, item: Mapping[str, object]) -> "Replaced":
        """The inverse of ``to_contact_item``."""
        read: Item = dict(item)
        kind, id_, said_at = read["by"]
        return cls(
            Told(
                {which: read[which] for which in IN_CLEAR if which in read},
                read.get("id_mark"),
                read.get("national_id"),
            ),
            from_facts_document(json.loads(read["facts"])),
            Source(SourceKind(kind), id_, from_instant(said_at)),
            read["actor"],
            from_instant(read["at"]),
        )


def to_contact_item(told: Told, facts: Facts, by: Source, actor: str, now: datetime) -> Item:
    """What is kept; the national id sealed, as it was."""
    return {
        **{which.value: value for which, value in told.clear.items()},
        "national_id": told.sealed,
        "id_mark": told.mark,
        "facts": compact(to_facts_document(facts)),
        "by": [by.kind.value, by.id, instant(by.at)],
        "actor": actor,
        "at": instant(now),
    }
