"""What makes a merge real: an application's link, a source's alias. By rule or by a person, it is done in this order.

The record of a merge comes first and decides. Whoever makes it real looks at the record once more when that is done:
what was undone in between is taken back, and an application that another decision was quicker to give away is asked
about. So of two who decide at one moment each either sees the other's record, or is seen.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from rencai.kernel import ids
from rencai.kernel.events import EventName
from rencai.people.rules.identity import Contact, IdentifierKind
from rencai.people.store.applications import Applications
from rencai.people.store.merges import BY_RULE, Entry, Merge, Merges, MergeStatus, Told
from rencai.people.store.people import People


@dataclass(frozen=True, slots=True)
class CarryingOut:
    """The use case and its collaborators."""

    merges: Merges
    applications: Applications
    people: People

    def link(self, merge: Merge, now: datetime) -> bool:
        """Give an application to the candidate it was merged into; again is the same. False when it is not theirs: a
        person is asked whether that candidate and whoever has it are one.
        """
        into = merge.into or merge.candidates[0]
        # Told here and not with the record: begun again it is told again, for the ATS may have heard of it too early.
        self.merges.tell(merge, {into: (EventName.CANDIDATE_MERGED, merge.other)})
        if not self.applications.link(merge.other, into):
            self._lost(merge, into, now)
            return False
        if not self._stands(merge):
            self.unlink(merge.other, into)
            return False
        # The candidate may have become part of somebody in the meantime.
        person, _ = self.merges.resolve(into)
        if person != into:
            self.applications.share(into, person)
        return True

    def unlink(self, application_id: str, candidate_id: str) -> None:
        """The inverse of ``link``; again is the same. Another application of the candidate's is found in its place."""
        self.applications.unlink(application_id, candidate_id)
        for merge in self.merges.about(candidate_id):
            other = merge.absorbed
            if merge.status is not MergeStatus.MERGED or merge.into != candidate_id or other is None:
                continue
            if not ids.is_candidate(other) and self.applications.candidate_of(other) == candidate_id:
                self.applications.link(other, candidate_id)

    def alias(self, merge: Merge, said: Contact | None, now: datetime) -> str:
        """Have a source without a journey be the candidate it was merged into; ``said`` is what it gave. Returns whose
        it is now: its own, when that was undone at this moment.
        """
        own_id, into = merge.absorbed or merge.other, merge.into or merge.other
        if said:
            self.people.lend(into, said, own_id)
        self.merges.alias(own_id, into, merge.merge_id)
        # An application may have been found to be the source's a moment ago.
        self.applications.share(own_id, into)
        if not self._stands(merge):
            self.merges.alias(own_id, None, merge.merge_id)
            self.people.take_back(into, own_id, actor=BY_RULE, now=now)
            self.applications.unshare(own_id, into)
            return own_id
        return into

    def _stands(self, merge: Merge) -> bool:
        now = self.merges.find(merge.merge_id)
        return now is not None and now.status is MergeStatus.MERGED and now.into == merge.into

    def _lost(self, merge: Merge, into: str, now: datetime) -> None:
        """Another decision gave the application to somebody else: are the two one?"""
        owner = self.applications.candidate_of(merge.other)
        person = self.merges.resolve(owner)[0] if owner else None
        here = self.merges.resolve(into)[0]
        if person and person != here:
            asked = question(here, (person,), merge.matched, now)
            if self.merges.find(asked.merge_id) is None:
                self.merges.create(asked, questioned(asked))
        # Settled for no reason: it is no person's word, and asked again when the application is nobody's any more.
        undone = replace(
            merge,
            status=MergeStatus.UNDONE,
            matched=frozenset(),
            history=(*merge.history, Entry(MergeStatus.UNDONE, now, BY_RULE)),
        )
        self.merges.record(undone, {into: (EventName.CANDIDATE_UNMERGED, merge.other)})


def question(
    own_id: str, owners: tuple[str, ...], matched: frozenset[IdentifierKind], now: datetime
) -> Merge:
    """The question whether somebody is one of these."""
    # Of a candidate and an application it is the application that would be absorbed, whoever came first.
    turned = len(owners) == 1 and not ids.is_candidate(owners[0])
    other, candidates = (owners[0], (own_id,)) if turned else (own_id, owners)
    return Merge(
        merge_id=ids.merge_id(own_id, *owners),
        status=MergeStatus.QUESTION,
        other=other,
        candidates=candidates,
        matched=matched,
        history=(Entry(MergeStatus.QUESTION, now, BY_RULE),),
    )


def questioned(merge: Merge) -> Told:
    """Who hears of a question; HR reads it there."""
    hears = next(party for party in merge.parties if ids.is_candidate(party))
    return {hears: (EventName.MERGE_QUESTIONED, merge.other)}
