"""Who a candidate is: contact data, the sealed national id, and demographics kept apart from everything scored.

What sources say of a person counts until an offer is drafted, the newest first. From then on what was pinned counts,
and only HR changes that. What was replaced stays beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.kernel.events import Event, EventName
from rencai.letters.addressee import Addressee
from rencai.people.rules.contact import (
    ContactField,
    Source,
    SourceKind,
    Told,
    differing,
    in_clear,
    newer,
    to_facts_document,
)
from rencai.people.rules.identity import Contact, Identity, united
from rencai.people.rules.phone import textable
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import Item, Key, Table, compact, decided, instant, to_events

from .contact_history import PREFIX, Replaced, contact_key, to_contact_item
from .person_item import (
    LENT,
    NATIONAL_ID,
    PINNED_ID,
    Held,
    as_own,
    as_pinned,
    counting,
    held_of,
    identity_from,
    lent_by,
    mark_count,
    marks_of,
    own_of,
    person_version_is,
    with_changes,
    without_fields,
)

if TYPE_CHECKING:
    # Most functions read people and never see an interview, whose models cost at cold start.
    from rencai.interviews.rules.interview import Candidate
    from rencai.interviews.rules.learning_style import LearningStyle


def person_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``PERSON``."""
    return Key(f"CANDIDATE#{candidate_id}", "PERSON")


def demographics_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``DEMOGRAPHICS``: read by D7's statistics only, never by a score."""
    return Key(f"CANDIDATE#{candidate_id}", "DEMOGRAPHICS")


@dataclass(frozen=True, slots=True)
class Person:
    """Personal data: never logged, never in an event. What is pinned, where something is; ``pin`` counts how often it
    was (0: not yet).
    """

    candidate_id: str
    name: str
    email: str | None
    phone: str | None
    locale: str
    learning_style: "LearningStyle | None"
    sealed_national_id: Sealed | None
    pin: int = 0

    @property
    def addressee(self) -> Addressee:
        """Whom a letter to them goes to."""
        return Addressee(self.candidate_id, self.email, self.locale, textable(self.phone))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of what a source said. ``unentered``: all the marks of the person when some of them are not entered in
    ``Identities``: enter them, then say so by ``identified``. ``held`` is what counts now.
    """

    unentered: Identity | None
    held: Held


class People:
    """The people behind the candidate ids."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def record(
        self,
        candidate_id: str,
        candidate: "Candidate",
        told: Told,
        identity: Identity,
        source: Source,
        *,
        new: bool,
        now: datetime,
    ) -> Recorded:
        """Write what an interview says of a person; what it does not say stays as it was, and so does what was said
        later.

        ``identity`` are the marks of what it says; they are kept with all the person ever gave. ``new``: they are
        entered in ``Identities`` already. ``identity.updated`` is told when a person who is known has other contact
        data now. Where contact data are pinned, neither they nor the marks change: what differs is for HR. Raises
        ``LostRace``.
        """
        recorded = decided(
            lambda: self._record(
                candidate_id, candidate, told, identity, source, {} if new else None, new=new, now=now
            ),
            lambda: self._record(candidate_id, candidate, told, identity, source, None, new=new, now=now),
        )
        if candidate.demographics:
            sealed_demographics = self._vault.seal(
                compact(candidate.demographics), owner=candidate_id, field="demographics"
            )
            self._table.put(demographics_key(candidate_id), {"demographics": sealed_demographics})
        return recorded

    def pin(
        self,
        candidate_id: str,
        otherwise: Contact,
        source: Source | None,
        *,
        mark: Callable[[str | None], int | None],
        now: datetime,
    ) -> None:
        """An offer is drafted: what counts of the person now goes on counting, whatever is said later. ``otherwise``:
        what an application says, used where nothing else was said. ``mark`` makes a national id opaque. Pinned again,
        it stays.

        Raises ``NotFound``; ``LostRace``.
        """
        decided(
            lambda: self._pin(candidate_id, otherwise, source, mark, now, consistent=False),
            lambda: self._pin(candidate_id, otherwise, source, mark, now, consistent=True),
        )

    def corrected(
        self,
        candidate_id: str,
        held: Held,
        changes: Told,
        source: Source,
        *,
        pinnable: Held,
        actor: str,
        now: datetime,
        tells: bool,
    ) -> list[Item]:
        """The writes (for ``Table.transact``) by which ``changes`` are pinned instead of what is ``held``, which stays
        on record; the rest is pinned as ``pinnable`` has it. ``tells``: ``identity.corrected`` is told. They fail when
        somebody has written the person since.
        """
        fields = differing(held.told, changes)
        after = with_changes(pinnable, changes, fields, source)
        values = {
            **as_pinned(after),
            "pin": held.pin + 1,
            "pinned_at": instant(now),
            "version": held.version + 1,
        }
        if tells:
            values["events"] = _told(
                EventName.IDENTITY_CORRECTED, candidate_id, held.version + 1, fields, source, actor, now
            )
        return [
            self._kept(candidate_id, held, source, actor, now),
            self._table.update_action(person_key(candidate_id), values, person_version_is(held.version)),
        ]

    def identified(self, identity: Identity) -> None:
        """Remember that the person's marks are in ``Identities``."""
        self._table.update(person_key(identity.owner), {"identified": mark_count(identity)})

    def gave(self, candidate_id: str, identity: Identity) -> Identity:
        """Keep marks with all the person ever gave; returns those."""
        item = self._table.update(person_key(candidate_id), {}, add=marks_of(identity))
        return identity_from(candidate_id, item)

    def lend(self, candidate_id: str, said: Contact, lender: str) -> None:
        """``lender`` is merged into this candidate: what they gave is used where the candidate lacks it, unless contact
        data are pinned.
        """
        lent: Item = {"email": said.email, "phone": said.phone}
        if said.national_id:
            lent[NATIONAL_ID] = self.seal(candidate_id, said.national_id)
        self._table.update(
            person_key(candidate_id),
            {f"{LENT}{lender}": {field: value for field, value in lent.items() if value}},
        )

    def take_back(self, candidate_id: str, lender: str, *, actor: str, now: datetime) -> None:
        """The inverse of ``lend``: they are two people, so nothing goes where the other is reached, and no check is
        about them. What was pinned of it counts no more, stays on record, and ``identity.corrected`` is told. Raises
        ``LostRace``.
        """
        decided(lambda: self._take_back(candidate_id, lender, actor, now))

    def get(self, candidate_id: str, *, consistent: bool = False) -> Person:
        """The person; raises ``NotFound``. ``consistent`` where something is sent to them: what HR corrected a moment
        ago must show.
        """
        item = self._table.get(person_key(candidate_id), consistent=consistent)
        if item is None or "name" not in item:
            raise NotFound("candidate", candidate_id)
        counts = counting(item)
        return Person(
            candidate_id=candidate_id,
            name=counts["name"],
            email=counts.get("email"),
            phone=counts.get("phone"),
            locale=item["locale"],
            learning_style=item.get("learning_style"),
            sealed_national_id=counts.get(NATIONAL_ID),
            pin=item.get("pin", 0),
        )

    def held(self, candidate_id: str) -> Held:
        """What counts of the person's contact data now; raises ``NotFound``."""
        item = self._table.get(person_key(candidate_id))
        if item is None or "name" not in item:
            raise NotFound("candidate", candidate_id)
        return held_of(item)

    def replaced(self, candidate_id: str) -> list[Replaced]:
        """What counted before, oldest first."""
        pk = person_key(candidate_id).pk
        return [Replaced.of(item) for item in self._table.query_all(pk, prefix=PREFIX, consistent=True)]

    def contact(self, candidate_id: str) -> Contact:
        """What is known of who the person is, opened; raises ``NotFound``."""
        person = self.get(candidate_id)
        return Contact(person.name, person.email, person.phone, self.national_id(person))

    def national_id(self, person: Person) -> str | None:
        """The national id in the clear, for the background check; None when the person gave none."""
        return self.opened(person.candidate_id, person.sealed_national_id)

    def seal(self, candidate_id: str, national_id: str) -> Sealed:
        """A national id as the person's item holds it."""
        return self._vault.seal(national_id, owner=candidate_id, field=NATIONAL_ID)

    def opened(self, candidate_id: str, sealed: Sealed | None) -> str | None:
        """The inverse of ``seal``."""
        return self._vault.open(sealed, owner=candidate_id, field=NATIONAL_ID) if sealed else None

    def _take_back(self, candidate_id: str, lender: str, actor: str, now: datetime) -> None:
        key = person_key(candidate_id)
        item = self._table.get(key) or {}
        held = held_of(item)
        lent, version = lent_by(held, lender), held.version + 1
        if not lent and not item.get(f"{LENT}{lender}"):
            return
        # The version too: a draft that has read it a moment ago must not pin it now.
        values: Item = {f"{LENT}{lender}": {}, "version": version}
        if not held.pin or not lent:
            self._table.update(key, values, person_version_is(held.version))
            return
        source = Source(SourceKind.MERGE, lender, now)
        values |= {
            **as_pinned(without_fields(held, lent)),
            "pin": held.pin + 1,
            "events": _told(EventName.IDENTITY_CORRECTED, candidate_id, version, lent, source, actor, now),
        }
        clear = [PINNED_ID] if ContactField.NATIONAL_ID in lent else []
        self._table.transact(
            self._kept(candidate_id, held, source, actor, now),
            self._table.update_action(key, values, person_version_is(held.version), clear=clear),
        )

    def _record(
        self,
        candidate_id: str,
        candidate: "Candidate",
        told: Told,
        identity: Identity,
        source: Source,
        known: Item | None,
        *,
        new: bool,
        now: datetime,
    ) -> Recorded:
        item = (self._table.get(person_key(candidate_id)) or {}) if known is None else known
        before, own = held_of(item), own_of(item)
        changed = frozenset[ContactField]()
        if not before.pin:
            changed = frozenset(
                which for which in differing(own.told, told) if newer(own.facts, which, source)
            )
        after = with_changes(own, told, changed, source)
        version = before.version + 1
        values: Item = {
            **as_own(after, changed),
            "facts": compact(to_facts_document(after.facts)) if changed else None,
            "locale": candidate.locale,
            "learning_style": candidate.learning_style,
            "identified": mark_count(identity) if new else None,
            "version": version,
        }
        if item and changed:
            values["events"] = _told(
                EventName.IDENTITY_UPDATED, candidate_id, version, changed, source, source.id, now
            )
        given = {name: value for name, value in values.items() if value}
        add = {} if before.pin else marks_of(identity)
        write = (person_key(candidate_id), given, person_version_is(before.version))
        news = {name for name, value in given.items() if name != "version" and item.get(name) != value}
        news |= {name for name, those in add.items() if not those <= item.get(name, frozenset())}
        if changed & own.told.fields:
            kept = self._kept(candidate_id, own, source, source.id, now)
            self._table.transact(kept, self._table.update_action(*write, add=add))
        elif news:
            self._table.update(*write, add=add)
        marks = identity_from(candidate_id, item)
        if not before.pin:
            marks = united(candidate_id, (marks, identity))
        entered = values["identified"] or item.get("identified")
        held = before if before.pin else held_of({**item, **write[1]})
        return Recorded(marks if entered != mark_count(marks) else None, held)

    def _pin(
        self,
        candidate_id: str,
        otherwise: Contact,
        source: Source | None,
        mark: Callable[[str | None], int | None],
        now: datetime,
        *,
        consistent: bool,
    ) -> None:
        item = self._table.get(person_key(candidate_id), consistent=consistent)
        if item is None and not consistent:
            item = self._table.get(person_key(candidate_id))
        if item is None or "name" not in item:
            raise NotFound("candidate", candidate_id)
        if item.get("pin"):
            return
        held = self.pinnable(candidate_id, held_of(item), otherwise, source, mark)
        values = {**as_pinned(held), "pin": 1, "pinned_at": instant(now), "version": held.version + 1}
        self._table.update(person_key(candidate_id), values, person_version_is(held.version))

    def pinnable(
        self,
        candidate_id: str,
        held: Held,
        otherwise: Contact,
        source: Source | None,
        mark: Callable[[str | None], int | None],
    ) -> Held:
        """What is ``held``, as it is pinned: ``otherwise`` where nothing was said, and every national id compared by a
        mark.
        """
        if source:
            held = self._filled(candidate_id, held, otherwise, source, mark)
        if held.told.sealed and held.told.mark is None:
            # Lent by a candidate who was merged into this one.
            lent = mark(self.opened(candidate_id, held.told.sealed))
            held = replace(held, told=Told(held.told.clear, lent, held.told.sealed))
        return held

    def _filled(
        self,
        candidate_id: str,
        held: Held,
        otherwise: Contact,
        source: Source,
        mark: Callable[[str | None], int | None],
    ) -> Held:
        clear = {which: value for which, value in in_clear(otherwise).items() if which not in held.told.clear}
        told = Told(clear)
        if otherwise.national_id and not held.told.sealed:
            sealed = self.seal(candidate_id, otherwise.national_id)
            told = Told(clear, mark(otherwise.national_id), sealed)
        return with_changes(held, told, told.fields, source)

    def _kept(self, candidate_id: str, held: Held, source: Source, actor: str, now: datetime) -> Item:
        key = contact_key(candidate_id, held.version)
        return self._table.put_action(key, to_contact_item(held.told, held.facts, source, actor, now))


def _told(
    name: EventName,
    candidate_id: str,
    version: int,
    fields: frozenset[ContactField],
    source: Source,
    actor: str,
    now: datetime,
) -> str | None:
    event_id = ids.event_id(f"{candidate_id}_person", version, 0)
    data = {"fields": sorted(fields), "source": source.kind.value}
    return to_events([Event(event_id, name, now, data, actor)])
