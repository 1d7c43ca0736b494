"""Who was made one with whom, who might be, and who is not: questions, decisions, and their undoing (A6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from rencai.hiring.rules.journey import Journey
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.store.journeys import CandidateRecord, from_journey_item
from rencai.kernel import ids
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.people.rules.identity import IdentifierKind
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import (
    Item,
    Key,
    Table,
    from_instant,
    instant,
    to_events,
    version_is,
)

Told = Mapping[str, tuple[EventName, str]]
"""What candidates are told of a merge: by candidate, the event and the other one it speaks of."""

BY_RULE: Final = "rencai"
"""Who decided what no person decided."""
_MANY: Final = 100
"""More merges and questions about one person than there can be in earnest."""


def merge_key(merge_id: str) -> Key:
    """``MERGE#mrg_01ABC`` / ``MERGE``."""
    return Key(f"MERGE#{merge_id}", "MERGE")


def party_key(party: str, merge_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``MERGE#mrg_01ABC``: what is asked or was decided about somebody. Carries the events,
    which are about the candidate.
    """
    kind = "CANDIDATE" if ids.is_candidate(party) else "APPLICATION"
    return Key(f"{kind}#{party}", f"MERGE#{merge_id}")


def alias_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``JOURNEY#ALIAS``: right after where the journey would be, so that one query reads
    whichever there is.
    """
    return Key(f"CANDIDATE#{candidate_id}", "JOURNEY#ALIAS")


class MergeStatus(StrEnum):
    """``question``: a person has to say. ``different``: they said no. ``undone``: it was merged, and is no more."""

    QUESTION = "question"
    MERGED = "merged"
    DIFFERENT = "different"
    UNDONE = "undone"


SETTLED: Final = frozenset({MergeStatus.DIFFERENT, MergeStatus.UNDONE})
"""What a person has said no to: never merged again by rule, nor asked again for the same reasons."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a merge's history; ``reason`` is None for what no person decided."""

    status: MergeStatus
    at: datetime
    actor: str
    reason: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """``other`` is, or may be, one of ``candidates`` (candidates' or applications' ids). Once merged, ``into`` is the
    candidate that stands and ``absorbed`` who is part of it: a candidate, an application, or None when they were one
    already.

    ``matched`` names the kinds of identifier that agreed. ``round`` counts how often it was asked; ``version`` the
    writes.
    """

    merge_id: str
    status: MergeStatus
    other: str
    candidates: tuple[str, ...]
    matched: frozenset[IdentifierKind]
    history: tuple[Entry, ...]
    into: str | None = None
    absorbed: str | None = None
    round: int = 1
    version: int = 0

    @property
    def fact_id(self) -> str:
        """What a journey knows this merge by: another one each time it was asked anew."""
        return self.merge_id if self.round == 1 else f"{self.merge_id}.{self.round}"

    @property
    def parties(self) -> tuple[str, ...]:
        """All it is about."""
        return (self.other, *self.candidates)

    @property
    def asked_at(self) -> datetime:
        """When it first came up."""
        return self.history[0].at


@dataclass(frozen=True, slots=True)
class Standing:
    """What is where a candidate's journey would be. ``into``: whose candidate this one is now, and by which merge."""

    record: CandidateRecord | None
    into: str | None = None


def merged_into(journey: Journey) -> str | None:
    """The candidate this journey's candidate was merged into; None also when that was undone."""
    merge = journey.about.get("merge")
    merged = merge and f"{FactKind.MERGED}:{merge}" in journey.applied
    if not merged or f"{FactKind.UNMERGED}:{merge}" in journey.applied:
        return None
    return journey.about["into"]


class Merges:
    """The record of each merge or question, the pointers of its parties to it, and the aliases of sources."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def find(self, merge_id: str) -> Merge | None:
        """One merge, or None."""
        item = self._table.get(merge_key(merge_id))
        return _from_item(item) if item else None

    def get(self, merge_id: str) -> Merge:
        """One merge; raises ``NotFound``."""
        found = self.find(merge_id)
        if found is None:
            raise NotFound("merge", merge_id)
        return found

    def about(self, party: str) -> list[Merge]:
        """Every merge or question a candidate or application is a party of."""
        key = party_key(party, "")
        items, _ = self._table.query(key.pk, prefix=key.sk, limit=_MANY, consistent=True)
        found = [self.find(item["sk"].partition("#")[2]) for item in items]
        return [merge for merge in found if merge]

    def create(self, merge: Merge, told: Told | None = None) -> Merge:
        """``record`` a merge or question that is not there yet; returns what is on record, this one or an earlier one,
        of which nothing is told again. Raises ``LostRace`` when it was not written and nothing is there.
        """
        try:
            return self.record(merge, told or {})
        except LostRace:
            earlier = self.find(merge.merge_id)
            if earlier is None:
                # A pointer was being written by somebody at that moment.
                raise
            return earlier

    def change(self, merge: Merge) -> Merge:
        """Write ``merge``, unless somebody has written it since it was read: then raises ``LostRace``."""
        after = replace(merge, version=merge.version + 1)
        self._table.put(merge_key(merge.merge_id), _to_item(after), version_is(merge.version))
        return after

    def record(self, merge: Merge, told: Told) -> Merge:
        """``change`` and ``tell`` in one: what is on record is found from each of its parties, and was told once.

        The pointers come first, and one to nothing counts for nothing; the record and the events are one transaction.
        Raises ``LostRace``.
        """
        after = replace(merge, version=merge.version + 1)
        pointers = _pointers(after, told)
        self._table.put_all([pointer for party, pointer in pointers.items() if party not in told])
        self._table.transact(
            self._table.put_action(merge_key(merge.merge_id), _to_item(after), version_is(merge.version)),
            *(self._table.put_action(*pointers[party]) for party in told),
        )
        return after

    def tell(self, merge: Merge, told: Told) -> None:
        """Point to the record from each of its parties, and tell candidates of its latest change. Told again, the
        events have the same ids and time.
        """
        self._table.put_all(list(_pointers(merge, told).values()))

    def seal(self, merge_id: str, reason: str) -> Sealed:
        """A person's reason, which may speak of people."""
        return self._vault.seal(reason, owner=merge_id, field="reason")

    def reason(self, merge_id: str, entry: Entry) -> str | None:
        """The reason of a line of the history, opened."""
        return self._vault.open(entry.reason, owner=merge_id, field="reason") if entry.reason else None

    def page(
        self, status: MergeStatus | None, limit: int, cursor: str | None
    ) -> tuple[list[Merge], str | None]:
        """Merges, open questions first and the newest of each status first, and the cursor of the next page."""

        def shown(listed_at: str, items: Sequence[Item]) -> list[Merge]:
            read = [self.find(item["pk"].partition("#")[2]) for item in items]
            # The index may lag behind a decision: what is not at this status any more is listed at another.
            return [merge for merge in read if merge and merge.status == listed_at]

        statuses = [status] if status else list(MergeStatus)
        lists = {one.value: f"MERGE#{one}" for one in statuses}
        return self._table.page_of_lists(lists, limit, cursor, shown, newest_first=True)

    def standing(self, candidate_id: str) -> Standing:
        """The candidate's journey or alias, in one consistent read. A journey of one's own comes before an alias."""
        items, _ = self._table.query(f"CANDIDATE#{candidate_id}", prefix="JOURNEY", limit=2, consistent=True)
        by_key = {item["sk"]: item for item in items}
        if "JOURNEY" in by_key:
            record = from_journey_item(by_key["JOURNEY"])
            return Standing(record, merged_into(record.journey))
        alias = by_key.get(alias_key(candidate_id).sk, {})
        return Standing(None, alias.get("into") or None)

    def resolve(
        self, candidate_id: str, standing: Standing | None = None
    ) -> tuple[str, CandidateRecord | None]:
        """Who a candidate is now, following merges to their end, and that one's journey."""
        passed = {candidate_id}
        here = standing or self.standing(candidate_id)
        while here.into and here.into not in passed:
            candidate_id = here.into
            passed.add(candidate_id)
            here = self.standing(candidate_id)
        return candidate_id, here.record

    def alias(self, candidate_id: str, into: str | None, merge_id: str) -> None:
        """Have a source that has no journey of its own be ``into``; None: itself again."""
        self._table.put(alias_key(candidate_id), {"into": into, "merge": merge_id})


def _pointers(merge: Merge, told: Told) -> dict[str, tuple[Key, Item]]:
    """By party, its pointer to the record, with the event it is told."""
    latest = merge.history[-1]
    events: dict[str, Event] = {}
    for number, (candidate_id, (name, other)) in enumerate(sorted(told.items())):
        data: dict[str, Any] = {"merge_id": merge.merge_id, "other": other}
        if name is EventName.MERGE_QUESTIONED:
            asked = sorted(set(merge.parties) - {candidate_id})
            data = {"merge_id": merge.merge_id, "candidates": asked}
        event_id = ids.event_id(f"{merge.merge_id}_{len(merge.history)}", number, 0)
        events[candidate_id] = Event(event_id, name, latest.at, data, latest.actor)
    parties = {*merge.parties, *events, *filter(None, (merge.into, merge.absorbed))}
    return {
        party: (
            party_key(party, merge.merge_id),
            {"events": to_events([events[party]] if party in events else [])},
        )
        for party in sorted(parties)
    }


def _to_item(merge: Merge) -> Item:
    latest = merge.history[-1]
    return {
        "gsi1pk": f"MERGE#{merge.status}",
        "gsi1sk": f"{instant(latest.at)}#{merge.merge_id}",
        "other": merge.other,
        "candidates": merge.candidates,
        "matched": sorted(merge.matched),
        "into": merge.into,
        "absorbed": merge.absorbed,
        "history": [
            {"status": e.status.value, "at": instant(e.at), "actor": e.actor, "reason": e.reason or []}
            for e in merge.history
        ],
        "updated_at": instant(latest.at),
        "round": merge.round,
        "version": merge.version,
    }


def _from_item(item: Item) -> Merge:
    return Merge(
        merge_id=item["pk"].partition("#")[2],
        status=MergeStatus(item["gsi1pk"].partition("#")[2]),
        other=item["other"],
        candidates=tuple(item["candidates"]),
        matched=frozenset(IdentifierKind(kind) for kind in item["matched"]),
        history=tuple(
            Entry(MergeStatus(e["status"]), from_instant(e["at"]), e["actor"], e["reason"] or None)
            for e in item["history"]
        ),
        into=item.get("into"),
        absorbed=item.get("absorbed"),
        round=item["round"],
        version=item["version"],
    )
