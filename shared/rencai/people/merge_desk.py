"""What HR looks at and decides about who is who (A6): a merge with both its sides, and who decided what and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rencai.hiring.store.journeys import CandidateRecord, Journeys
from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.people.merging import Merging
from rencai.people.store.applications import Applications, StoredApplication
from rencai.people.store.merges import Entry, Merge, Merges, MergeStatus
from rencai.people.store.people import People, Person


@dataclass(frozen=True, slots=True)
class CandidateSide:
    """A candidate it is about. ``person`` is None for one seen while being taken in, by a delivery that never came to
    its end; ``record`` also where there is no journey.
    """

    candidate_id: str
    person: Person | None
    record: CandidateRecord | None


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the history with its reason, opened; None for what no person decided."""

    entry: Entry
    reason: str | None


@dataclass(frozen=True, slots=True)
class MergeFile:
    """A merge with all it is about, and its history."""

    merge: Merge
    sides: Sequence[CandidateSide | StoredApplication]
    history: Sequence[Said]


@dataclass(frozen=True, slots=True)
class MergeDesk:
    """The use case and its collaborators."""

    merges: Merges
    merging: Merging
    people: People
    journeys: Journeys
    applications: Applications

    def page(
        self, status: MergeStatus | None, limit: int, cursor: str | None
    ) -> tuple[list[Merge], str | None]:
        """A page of merges, open questions first, and where the next one begins."""
        return self.merges.page(status, limit, cursor)

    def look(self, merge_id: str) -> MergeFile:
        """One merge; raises ``NotFound``."""
        return self._file(self.merges.get(merge_id))

    def decide(
        self,
        merge_id: str,
        decision: Literal["same", "different"],
        *,
        into: str | None,
        reason: str,
        actor: str,
        now: datetime,
    ) -> MergeFile:
        """Answer a question; refused as ``Merging.same`` and ``Merging.different`` are."""
        if decision == "same":
            return self._file(self.merging.same(merge_id, into, reason, actor, now))
        return self._file(self.merging.different(merge_id, reason, actor, now))

    def undo(self, merge_id: str, reason: str, *, actor: str, now: datetime) -> MergeFile:
        """They were not one person after all; refused as ``Merging.undo`` is."""
        return self._file(self.merging.undo(merge_id, reason, actor, now))

    def _file(self, merge: Merge) -> MergeFile:
        return MergeFile(
            merge,
            [self._side(party) for party in merge.parties],
            [Said(entry, self.merges.reason(merge.merge_id, entry)) for entry in merge.history],
        )

    def _side(self, party: str) -> CandidateSide | StoredApplication:
        if not ids.is_candidate(party):
            return self.applications.get(party)
        try:
            person = self.people.get(party)
        except NotFound:
            return CandidateSide(party, None, None)
        return CandidateSide(party, person, self.journeys.find(party))
