"""What HR decides about who is who, and the undoing of it (A6).

Both histories survive everything: timelines keep their events, and the merge's own record says who decided what, when
and why. A decision or an undoing that died half-way is finished by asking for it again; what was done is found done.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from rencai.hiring.rules.journey import Fact, Journey
from rencai.hiring.rules.moves import TRANSITIONS, FactKind
from rencai.hiring.rules.profiled import profiled
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import CandidateCard, CandidateRecord, Journeys, from_card_document
from rencai.interviews.store.interviews import Interviews, Placed, StoredInterview
from rencai.kernel import ids
from rencai.kernel.errors import Conflict, DomainError, IllegalTransition, NotFound
from rencai.kernel.events import EventName
from rencai.people.carrying_out import CarryingOut
from rencai.people.rules.identity import Contact
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.applications import Applications
from rencai.people.store.merges import Entry, Merge, Merges, MergeStatus, merged_into
from rencai.people.store.people import People


@dataclass(frozen=True, slots=True)
class Merging:
    """The use case and its collaborators."""

    merges: Merges
    journeys: Journeys
    interviews: Interviews
    people: People
    applications: Applications
    carrying_out: CarryingOut

    def same(self, merge_id: str, into: str | None, reason: str, actor: str, now: datetime) -> Merge:
        """They are one: ``into`` stands (needed when several were asked about), the other becomes part of it.

        The same decision again changes nothing. Raises ``NotFound``; ``DomainError`` (MERGE_INTO_WHOM); ``Conflict``:
        MERGE_NOT_OPEN, or MERGE_UNDER_WAY when an offer is out to the one that would end.
        """
        merge = self.merges.get(merge_id)
        if merge.status is MergeStatus.MERGED and into in (None, merge.into):
            self._carry_out(merge, now)
            return merge
        _only(merge, MergeStatus.QUESTION, "same")
        stands, absorbed = self._sides(merge, into)
        entry = Entry(MergeStatus.MERGED, now, actor, self.merges.seal(merge_id, reason))
        decided = _after(merge, entry, into=stands, absorbed=absorbed)
        # What can be refused comes first: only then is it decided.
        self._end_journey(decided)
        decided = self.merges.change(decided)
        self._carry_out(decided, now)
        return decided

    def different(self, merge_id: str, reason: str, actor: str, now: datetime) -> Merge:
        """They are not: nothing changes, and it is not asked again unless another identifier comes to agree.

        The same decision again changes nothing. Raises ``NotFound``; ``Conflict`` (MERGE_NOT_OPEN).
        """
        merge = self.merges.get(merge_id)
        if merge.status is MergeStatus.DIFFERENT:
            return merge
        _only(merge, MergeStatus.QUESTION, "different")
        for party in filter(ids.is_candidate, merge.parties):
            record = self.journeys.find(party)
            if record and _ended_by(record, merge):
                # Decided the other way by somebody whose request died half-way; that is the one to finish.
                raise _not_open(MergeStatus.MERGED, "different")
        entry = Entry(MergeStatus.DIFFERENT, now, actor, self.merges.seal(merge_id, reason))
        return self.merges.change(_after(merge, entry))

    def undo(self, merge_id: str, reason: str, actor: str, now: datetime) -> Merge:
        """They were not one after all: each has its own again, and they are never merged by rule any more.

        Undone again it changes nothing. Raises ``NotFound``; ``Conflict``: MERGE_NOT_OPEN, or MERGE_RESTS_ON_IT when
        the journey that stands was opened again by an interview that would be taken from it, and has gone on from
        there.
        """
        merge = self.merges.get(merge_id)
        if merge.status is not MergeStatus.UNDONE:
            _only(merge, MergeStatus.MERGED, "undo")
            for stands in self._standing(merge):
                _without(stands, self._placed(merge, stands))
            entry = Entry(MergeStatus.UNDONE, now, actor, self.merges.seal(merge_id, reason))
            # First of all: from now on no interview goes the old way because of this record.
            merge = self.merges.change(_after(merge, entry))
        self._take_apart(merge, now)
        return merge

    def finish(self, candidate_id: str, said: Contact, now: datetime) -> None:
        """Carry out what was decided about a source while it was being taken in: whoever decided found no journey to
        end, or no interview to give back, for they came a moment later. ``said`` is what it says of the person. Again
        is the same.
        """
        for merge in self.merges.about(candidate_id):
            if merge.absorbed != candidate_id:
                continue
            if merge.status is MergeStatus.UNDONE:
                self._take_apart(merge, now)
            elif merge.status is MergeStatus.MERGED and self._journey_of(candidate_id):
                self._end_journey(merge)
                self._carry_out(merge, now, said)

    def _sides(self, merge: Merge, chosen: str | None) -> tuple[str, str | None]:
        """Which candidate stands, and who becomes part of it; None when the two have become one in the meantime."""
        single = len(merge.candidates) == 1
        options = [*merge.candidates]
        if single and ids.is_candidate(merge.other):
            options.append(merge.other)
        if chosen is None and single:
            chosen = merge.candidates[0]
        if chosen not in options:
            raise DomainError(PeopleRefusal.MERGE_INTO_WHOM, "into", candidates=options)
        counterpart = merge.candidates[0] if chosen == merge.other else merge.other
        if not ids.is_candidate(chosen):
            # An application cannot stand: who it is, is.
            chosen, counterpart = counterpart, chosen
        stands, record = self._person(chosen, merge)
        if record is None:
            raise NotFound("candidate", stands)
        if _ended_by(record, merge):
            # Decided the other way round, by a request that died half-way.
            raise _not_open(MergeStatus.MERGED, "same")
        owner = counterpart if ids.is_candidate(counterpart) else self.applications.candidate_of(counterpart)
        owner = self._person(owner, merge)[0] if owner else None
        if owner == stands:
            return stands, None
        if owner and not ids.is_candidate(counterpart):
            raise _not_open(MergeStatus.MERGED, "same")
        return stands, owner or counterpart

    def _person(self, candidate_id: str, merge: Merge) -> tuple[str, CandidateRecord | None]:
        """Who a candidate is now and that one's journey, as if ``merge`` had not been begun."""
        while True:
            here = self.merges.standing(candidate_id)
            if here.into is None or (here.record and _ended_by(here.record, merge)):
                return candidate_id, here.record
            candidate_id = here.into

    def _end_journey(self, merge: Merge) -> None:
        """End the absorbed candidate's journey; one that has none, or an application, has nothing to end."""
        record = self._journey_of(merge.absorbed)
        if record is None or not merge.into or not merge.absorbed:
            return
        fact = Fact(
            FactKind.MERGED,
            merge.fact_id,
            {"merge": merge.fact_id, "into": merge.into},
            {"merge_id": merge.merge_id, "other": merge.into},
            merge.history[-1].actor,
        )
        if fact.key in record.journey.applied:
            return
        if record.journey.place not in TRANSITIONS[FactKind.MERGED].sources:
            raise Conflict(PeopleRefusal.MERGE_UNDER_WAY, stage=record.journey.stage)
        try:
            self.journeys.apply(merge.absorbed, fact, merge.history[-1].at, record)
        except IllegalTransition as moved:
            raise Conflict(PeopleRefusal.MERGE_UNDER_WAY, stage=moved.stage) from moved

    def _carry_out(self, merge: Merge, now: datetime, said: Contact | None = None) -> None:
        """What follows from a merge that is on record; done again it is the same. Raises ``Conflict`` (MERGE_NOT_OPEN)
        where another decision was quicker to give the application to somebody else, or this one was undone.
        """
        into, absorbed = merge.into, merge.absorbed
        if not into or not absorbed:
            return
        if not ids.is_candidate(absorbed):
            if not self.carrying_out.link(merge, now):
                raise _not_open(MergeStatus.UNDONE, "same")
            return
        self.merges.tell(merge, {into: (EventName.CANDIDATE_MERGED, absorbed)})
        if said is None:
            with suppress(NotFound):
                said = self.people.contact(absorbed)
        if self._journey_of(absorbed) is None:
            self.carrying_out.alias(merge, said, now)
            # One that was opened in between comes before the alias.
            self._end_journey(merge)
            return
        if said:
            self.people.lend(into, said, absorbed)
        self.applications.share(absorbed, into)

    def _take_apart(self, merge: Merge, now: datetime) -> None:
        """What follows from an undoing that is on record; done again it is the same."""
        into, absorbed = merge.into, merge.absorbed
        if not into or not absorbed:
            return
        told = {into: (EventName.CANDIDATE_UNMERGED, absorbed)}
        if not ids.is_candidate(absorbed):
            self.carrying_out.unlink(absorbed, into)
            self.merges.tell(merge, told)
            return
        record = self._journey_of(absorbed)
        if record is None:
            self.merges.alias(absorbed, None, merge.merge_id)
        elif _ended_by(record, merge):
            fact = Fact(
                FactKind.UNMERGED,
                merge.fact_id,
                {"merge": merge.fact_id},
                {"merge_id": merge.merge_id, "other": into},
                merge.history[-1].actor,
            )
            self.journeys.apply(absorbed, fact, now, record)
        self.people.take_back(into, absorbed, actor=merge.history[-1].actor, now=now)
        self.applications.unshare(absorbed, into)
        for stands in self._standing(merge):
            self._give_back(merge, stands, now)
        self.merges.tell(merge, told)

    def _give_back(self, merge: Merge, stands: CandidateRecord, now: datetime) -> None:
        """Put the absorbed source's interviews on a journey of its own. The card is corrected before the interviews
        change hands, so that a crash in between finds them again.
        """
        placed = self._placed(merge, stands)
        for stored, own in placed:
            fact = profiled(stored.vendor, stored.interview_id, own.requisition_id, stored.profile)
            self.journeys.open(_card_of(stored, own), own.candidate_id, fact, now)
        if placed:
            kept = self._own_interviews(merge, stands)
            corrected = replace(_without(stands, placed), interview_ids=kept)
            self.journeys.correct(stands.journey.candidate_id, lambda _: corrected)
        for stored, own in placed:
            self.interviews.attribute(stored, own.candidate_id, None)

    def _standing(self, merge: Merge) -> list[CandidateRecord]:
        """The journeys on which the absorbed source's interviews can be: of the candidate it was merged into, and of
        whoever that one was merged into since.
        """
        if not merge.into or not merge.absorbed or not ids.is_candidate(merge.absorbed):
            return []
        first = self.journeys.find(merge.into)
        last, record = self.merges.resolve(merge.into)
        return [found for found in (first, record if last != merge.into else None) if found]

    def _placed(self, merge: Merge, stands: CandidateRecord) -> list[tuple[StoredInterview, Placed]]:
        return [
            (stored, stored.placed)
            for stored in self._interviews_of(stands.journey)
            if stored.placed and stored.placed.candidate_id == merge.absorbed
        ]

    def _own_interviews(self, merge: Merge, stands: CandidateRecord) -> tuple[str, ...]:
        return tuple(
            stored.interview_id
            for stored in self._interviews_of(stands.journey)
            if stored.candidate_id == stands.journey.candidate_id
            and not (stored.placed and stored.placed.candidate_id == merge.absorbed)
        )

    def _interviews_of(self, journey: Journey) -> Iterator[StoredInterview]:
        """The results a journey has taken in. A vendor's name and its id may both hold a slash: what is on record says
        where one ends.
        """
        for key in journey.applied:
            kind, _, name = key.partition(":")
            if kind != FactKind.PROFILED:
                continue
            for at in (at for at, character in enumerate(name) if character == "/"):
                with suppress(NotFound):
                    yield self.interviews.get(name[:at], name[at + 1 :])
                    break

    def _journey_of(self, party: str | None) -> CandidateRecord | None:
        return self.journeys.find(party) if party and ids.is_candidate(party) else None


def _ended_by(record: CandidateRecord, merge: Merge) -> bool:
    """Whether this merge has ended a journey."""
    journey = record.journey
    return merged_into(journey) is not None and journey.about["merge"] == merge.fact_id


def _without(stands: CandidateRecord, placed: list[tuple[StoredInterview, Placed]]) -> CandidateCard:
    """The card of a journey without these interviews: as it was before the first of them reopened it.

    Raises ``Conflict`` (MERGE_RESTS_ON_IT) when the journey has gone on from what one of them decided.
    """
    card = stands.card
    taken = {(stored.vendor, stored.interview_id): own for stored, own in placed}
    while (deciding := taken.pop((card.vendor, card.profile_of), None)) is not None:
        if stands.journey.stage is not Stage.TALENT_POOL or deciding.before is None:
            raise Conflict(PeopleRefusal.MERGE_RESTS_ON_IT, stage=stands.journey.stage)
        card = from_card_document(deciding.before)
    return card


def _card_of(stored: StoredInterview, own: Placed) -> CandidateCard:
    return CandidateCard(
        name=own.name,
        role=stored.profile.role,
        location=own.location,
        requisition_id=own.requisition_id,
        vendor=stored.vendor,
        external_id=own.external_id,
        interview_ids=(stored.interview_id,),
        profile_of=stored.interview_id,
        overall=stored.profile.overall,
    )


def _after(merge: Merge, entry: Entry, *, into: str | None = None, absorbed: str | None = None) -> Merge:
    """``merge`` with another line of history; sides once decided stay on record."""
    return replace(
        merge,
        status=entry.status,
        history=(*merge.history, entry),
        into=into or merge.into,
        absorbed=absorbed or merge.absorbed,
    )


def _only(merge: Merge, status: MergeStatus, action: str) -> None:
    if merge.status is not status:
        raise _not_open(merge.status, action)


def _not_open(status: MergeStatus, action: str) -> Conflict:
    return Conflict(PeopleRefusal.MERGE_NOT_OPEN, status=status, decision=action)
