"""Is this somebody we know? Asked of every newcomer, candidate or application, before anything is opened for them (A6).

Each writes down who they are first and looks for others then, so of two who come at the same moment at least one sees
the other. What a rule joins is on record like what a person joins, and can be undone like it. The record of a merge is
written first, found from all it is about from then on, and decides every race; the alias or link that makes it real,
last (``carrying_out``): whoever finds the record and not the effect, finishes it.

Who becomes one with somebody brings along all that others may share with them: so whoever was joined is looked round
for once more, as the person they are now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rencai.hiring.store.journeys import CandidateRecord, Sighting
from rencai.kernel import ids
from rencai.kernel.events import EventName
from rencai.people.carrying_out import CarryingOut, question, questioned
from rencai.people.rules.identity import (
    Ask,
    Contact,
    Decision,
    Different,
    IdentifierKind,
    Identity,
    Same,
    agreeing,
    decide,
    united,
)
from rencai.people.store.applications import Applications, StoredApplication
from rencai.people.store.identities import Identities
from rencai.people.store.merges import BY_RULE, SETTLED, Entry, Merge, Merges, MergeStatus
from rencai.people.store.people import People
from rencai.store.table import decided

if TYPE_CHECKING:
    from rencai.people.rules.application import Application


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose record a newcomer's interview belongs on, and what was just seen where that one's journey would be."""

    candidate_id: str
    seen: Sighting


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who shares an identifier. ``record`` is a candidate's journey; ``applications`` are applications that
    nobody has been found for, when it is such a person.
    """

    identity: Identity
    record: CandidateRecord | None = None
    applications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the rule says of somebody, and those who share an identifier, by id."""

    decision: Decision
    telling: Identity
    known: Mapping[str, _Known]

    def matched(self, *owners: str) -> frozenset[IdentifierKind]:
        """The kinds of identifier that agree with any of these."""
        return frozenset[IdentifierKind]().union(
            *(agreeing(self.telling, self.known[owner].identity) for owner in owners)
        )


@dataclass(frozen=True, slots=True)
class Recognition:
    """The use case and its collaborators."""

    identities: Identities
    applications: Applications
    merges: Merges
    people: People
    carrying_out: CarryingOut

    def newcomer(self, own_id: str, said: Contact, now: datetime) -> Recognised:
        """Find out who somebody is whose source has no journey and no alias; ``own_id`` is the source's candidate id.

        At most three writes and three reads when nobody shares anything. Done again after a crash it comes to what it
        had begun.
        """
        themselves = Recognised(own_id, Sighting(None))
        identity = self.identities.identity(own_id, said)
        self.identities.record(identity, now)
        telling, sharing = self.identities.sharing(identity)
        if not sharing and telling == identity:
            return themselves
        about = self.merges.about(own_id)
        begun = _begun(own_id, about)
        if begun:
            return self._join(begun, said, telling, sharing, now)
        self._finish_links(own_id, about, now)
        verdict = self._verdict(own_id, telling, sharing, about)
        match verdict.decision:
            case Same(owner) if verdict.known[owner].record:
                merged = _merged(own_id, owner, verdict.matched(owner), now)
                merge = self.merges.create(merged, {owner: (EventName.CANDIDATE_MERGED, own_id)})
                if _is_absorbed(merge, own_id):
                    return self._join(merge, said, telling, sharing, now)
            case _:
                self._settle(own_id, verdict, now)
        return themselves

    def known_better(self, candidate_id: str, identity: Identity, now: datetime) -> None:
        """A candidate's source gave an identifier it had not given before: somebody else may share it.

        Two candidates with journeys are never joined by rule: a person is asked.
        """
        self.identities.record(identity, now)
        telling, sharing = self.identities.sharing(identity)
        if sharing or telling != identity:
            about = self.merges.about(candidate_id)
            self._finish_links(candidate_id, about, now)
            self._settle(candidate_id, self._verdict(candidate_id, telling, sharing, about), now)
        self.people.identified(identity)

    def application(
        self, application: "Application", *, told_at: datetime, actor: str, now: datetime
    ) -> None:
        """Put an application on record and find out whose it is; one that is nobody's waits for its candidate.

        ``told_at`` is when the ATS told it, where the application itself does not say. Raises ``LostRace`` when others
        decide about the same at this moment, twice in a row.
        """
        stored = self.applications.record(application, told_at, actor, now)
        identity = self.identities.identity(stored.application_id, _contact(stored))
        self.identities.record(identity, now)
        decided(lambda: self._applied(stored.application_id, identity, now))

    def _applied(self, own_id: str, identity: Identity, now: datetime) -> None:
        """Find out whose an application is that is on record."""
        telling, sharing = self.identities.sharing(identity)
        if not sharing and telling == identity:
            return
        owner = self.applications.candidate_of(own_id)
        if owner:
            self._look_round(owner, telling, sharing, now)
            return
        about = self.merges.about(own_id)
        begun = _begun(own_id, about)
        if begun:
            self._link(begun, now)
        else:
            self._settle(own_id, self._verdict(own_id, telling, sharing, about), now)

    def _verdict(
        self, own_id: str, telling: Identity, sharing: Mapping[str, Identity], about: Sequence[Merge]
    ) -> _Verdict:
        known = self._known(own_id, sharing)
        insist = False
        for merge in about:
            if merge.status in SETTLED:
                for party in set(merge.parties) & known.keys():
                    if agreeing(telling, known[party].identity) <= merge.matched:
                        del known[party]
                    else:
                        insist = True
        decision = decide(telling, [person.identity for person in known.values()])
        if insist and isinstance(decision, Same):
            decision = Ask((decision.owner,))
        return _Verdict(decision, telling, known)

    def _known(self, own_id: str, sharing: Mapping[str, Identity]) -> dict[str, _Known]:
        """The people behind the sources that share something: a person may have several."""
        parts: dict[str, list[Identity]] = {}
        records: dict[str, CandidateRecord | None] = {}
        unowned: list[Identity] = []
        for owner in sorted(sharing):
            candidate_id: str | None = owner
            if not ids.is_candidate(owner):
                candidate_id = self.applications.candidate_of(owner)
                if candidate_id is None:
                    unowned.append(sharing[owner])
                    continue
            person, records[person] = self.merges.resolve(candidate_id or owner)
            parts.setdefault(person, []).append(sharing[owner])
        parts.pop(own_id, None)
        known = {person: _Known(united(person, them), records[person]) for person, them in parts.items()}
        # Applications find their candidates, not one another.
        return known | (_applicants(unowned) if ids.is_candidate(own_id) else {})

    def _settle(self, own_id: str, verdict: _Verdict, now: datetime) -> None:
        """Do what the rule says where it does not put an interview on somebody else's record."""
        match verdict.decision:
            case Different():
                return
            case Same(owner) if verdict.known[owner].applications:
                for application_id in verdict.known[owner].applications:
                    matched = verdict.matched(owner)
                    self._link_once(_merged(application_id, own_id, matched, now), now)
            case Same(owner) if not ids.is_candidate(own_id):
                self._link_once(_merged(own_id, owner, verdict.matched(owner), now), now)
            case Same(owner):
                self._ask(own_id, (owner,), verdict.matched(owner), now)
            case Ask(owners):
                self._ask(own_id, owners, verdict.matched(*owners), now)

    def _join(
        self, merge: Merge, said: Contact, telling: Identity, sharing: Mapping[str, Identity], now: datetime
    ) -> Recognised:
        """Carry out a merge of a newcomer into a candidate."""
        into = self.carrying_out.alias(merge, said, now)
        self._look_round(into, telling, sharing, now)
        person, record = self.merges.resolve(into)
        return Recognised(person, Sighting(record))

    def _look_round(
        self, candidate_id: str, telling: Identity, sharing: Mapping[str, Identity], now: datetime
    ) -> None:
        """A candidate has got what one of their sources gave: others who share it may be the same person. Two
        candidates are asked about; an application that is nobody's becomes theirs.
        """
        person, _ = self.merges.resolve(candidate_id)
        others = {owner: them for owner, them in sharing.items() if owner != person}
        if not others:
            return
        about = self.merges.about(person)
        self._settle(person, self._verdict(person, replace(telling, owner=person), others, about), now)

    def _finish_links(self, candidate_id: str, about: Sequence[Merge], now: datetime) -> None:
        """Carry out the merges of applications into this candidate that are on record and were never carried out."""
        for merge in about:
            application = merge.absorbed
            if merge.status is not MergeStatus.MERGED or merge.into != candidate_id or application is None:
                continue
            if not ids.is_candidate(application) and self.applications.candidate_of(application) is None:
                self._link(merge, now)

    def _link_once(self, merge: Merge, now: datetime) -> None:
        stands = self.merges.create(merge)
        if _is_absorbed(stands, merge.other):
            self._link(stands, now)

    def _link(self, merge: Merge, now: datetime) -> None:
        """Carry out a merge of an application into a candidate, and look who else is known by what it gave."""
        if self.carrying_out.link(merge, now):
            stored = self.applications.get(merge.other)
            telling, sharing = self.identities.sharing(
                self.identities.identity(merge.other, _contact(stored))
            )
            self._look_round(merge.into or merge.candidates[0], telling, sharing, now)

    def _ask(
        self, own_id: str, owners: tuple[str, ...], matched: frozenset[IdentifierKind], now: datetime
    ) -> None:
        asking = question(own_id, owners, matched, now)
        # Mostly it is on record: every update of an application comes here as long as the question is open.
        asked = self.merges.find(asking.merge_id)
        stands = asked or self.merges.create(asking, questioned(asking))
        if stands.status is not MergeStatus.MERGED and not matched <= stands.matched:
            self.merges.record(_asked_again(stands, matched, now), questioned(stands))


def _applicants(unowned: list[Identity]) -> dict[str, _Known]:
    """The people behind applications nobody has been found for: who applied twice is one by the same rules."""
    people: dict[str, _Known] = {}
    for identity in unowned:
        decision = decide(identity, [person.identity for person in people.values()])
        owner = decision.owner if isinstance(decision, Same) else identity.owner
        before = people.get(owner, _Known(Identity(owner)))
        people[owner] = replace(
            before,
            identity=united(owner, (before.identity, identity)),
            applications=(*before.applications, identity.owner),
        )
    return people


def _contact(stored: StoredApplication) -> Contact:
    told = stored.told
    return Contact(told.name, told.email, told.phone, told.national_id)


def _merged(other: str, into: str, matched: frozenset[IdentifierKind], now: datetime) -> Merge:
    return Merge(
        merge_id=ids.merge_id(other, into),
        status=MergeStatus.MERGED,
        other=other,
        candidates=(into,),
        matched=matched,
        history=(Entry(MergeStatus.MERGED, now, BY_RULE),),
        into=into,
        absorbed=other,
    )


def _asked_again(merge: Merge, matched: frozenset[IdentifierKind], now: datetime) -> Merge:
    """A settled question asked anew, or an open one that has more to it: that one stays in its round, so that an answer
    which is under way stays an answer to it.
    """
    return replace(
        merge,
        status=MergeStatus.QUESTION,
        matched=merge.matched | matched,
        history=(*merge.history, Entry(MergeStatus.QUESTION, now, BY_RULE)),
        into=None,
        absorbed=None,
        round=merge.round + (merge.status is not MergeStatus.QUESTION),
    )


def _begun(own_id: str, about: Sequence[Merge]) -> Merge | None:
    """The merge of this newcomer into somebody that is on record, and perhaps not carried out yet."""
    return next((merge for merge in about if _is_absorbed(merge, own_id)), None)


def _is_absorbed(merge: Merge, party: str) -> bool:
    return merge.status is MergeStatus.MERGED and merge.absorbed == party
