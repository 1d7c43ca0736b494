"""Psychometric assessments (A7): ordered, and what came of them, sealed."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from rencai.hiring.rules.facts import AssessmentCompleted
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.kernel.errors import Conflict, LostRace
from rencai.kernel.events import Event, EventName
from rencai.store.sealed import Vault
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Condition,
    Item,
    Key,
    Page,
    Table,
    compact,
    from_cursor,
    instant,
    to_cursor,
    to_events,
)

_ORDERED: Final = "ASSESSMENT#ordered"


def assessment_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``ASSESSMENT``: a candidate has one."""
    return Key(f"CANDIDATE#{candidate_id}", "ASSESSMENT")


@dataclass(frozen=True, slots=True)
class Assessment:
    """``completed`` is None until the vendor has told the result."""

    candidate_id: str
    assessment_id: str
    invite_url: str | None
    completed: AssessmentCompleted | None
    completed_at: datetime | None


class Assessments:
    """One assessment a candidate. What has been ordered and not come back is listed in the index."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def find(self, candidate_id: str, *, consistent: bool = True) -> Assessment | None:
        """The candidate's assessment, or None."""
        item = self._table.get(assessment_key(candidate_id), consistent=consistent)
        return self._from_item(candidate_id, item) if item else None

    def ordered(self, candidate_id: str, assessment_id: str, invite_url: str, now: datetime) -> None:
        """Record the order; when the result has overtaken it, that stays as it is."""
        item = {
            "gsi1pk": _ORDERED,
            "gsi1sk": f"{instant(now)}#{candidate_id}",
            "assessment_id": assessment_id,
            "invite_url": invite_url,
        }
        try:
            self._table.put(assessment_key(candidate_id), item, ABSENT)
        except LostRace:
            self._table.update(assessment_key(candidate_id), {"invite_url": invite_url})

    def complete(self, candidate_id: str, told: AssessmentCompleted, actor: str, now: datetime) -> bool:
        """Merge the result in, whether or not the order is on record yet. False when it was there already.

        Raises ``Conflict`` (ANOTHER_ASSESSMENT) for one that is not the candidate's.
        """
        # Ordered, it has its id and its address for good; that it was completed meanwhile, the write finds out.
        known = self.find(candidate_id, consistent=False) or self.find(candidate_id)
        if known and known.assessment_id != told.assessment_id:
            raise Conflict(HiringRefusal.ANOTHER_ASSESSMENT)
        if known and known.completed:
            return False
        plain = compact({"scales": {k: str(v) for k, v in told.scales.items()}, "summary": told.summary})
        event = Event(
            f"evt_{candidate_id.partition('_')[2]}_assessed_0",
            EventName.ASSESSMENT_COMPLETED,
            now,
            {"assessment_id": told.assessment_id},
            actor,
        )
        item = {
            "assessment_id": told.assessment_id,
            "invite_url": known.invite_url if known else None,
            "result": self._vault.seal(plain, owner=candidate_id, field="assessment"),
            "completed_at": instant(now),
            "events": to_events([event]),
        }
        # Without the index's keys: nobody waits for it any more.
        try:
            self._table.put(
                assessment_key(candidate_id), item, Condition("attribute_not_exists(completed_at)")
            )
        except LostRace:
            return False
        return True

    def not_waited_for(self, candidate_id: str) -> None:
        """Take an assessment off the list of those that are waited for; again it is the same."""
        with suppress(LostRace):
            self._table.update(
                assessment_key(candidate_id),
                {"waited_for": False},
                Condition("attribute_exists(gsi1pk) AND attribute_not_exists(completed_at)"),
                clear=["gsi1pk", "gsi1sk"],
            )

    def waiting(self, before: datetime, limit: int, cursor: str | None) -> Page:
        """Assessments ordered before ``before`` and not completed, oldest first: items with ``candidate_id``."""
        items, last = self._table.query(_ORDERED, limit=limit, start=from_cursor(cursor), index=LISTS_INDEX)
        due = [item for item in items if str(item["gsi1sk"]) < instant(before)]
        found: list[Item] = [{"candidate_id": item["pk"].partition("#")[2]} for item in due]
        return Page(found, to_cursor(last) if len(due) == len(items) else None)

    def _from_item(self, candidate_id: str, item: Item) -> Assessment:
        completed = None
        if "result" in item:
            plain = json.loads(self._vault.open(item["result"], owner=candidate_id, field="assessment"))
            scales = {name: Decimal(score) for name, score in plain["scales"].items()}
            completed = AssessmentCompleted(item["assessment_id"], scales, plain["summary"], candidate_id)
        return Assessment(
            candidate_id=candidate_id,
            assessment_id=item["assessment_id"],
            invite_url=item.get("invite_url"),
            completed=completed,
            completed_at=datetime.fromisoformat(item["completed_at"]) if "completed_at" in item else None,
        )
