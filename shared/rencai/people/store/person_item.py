"""A person's item: what each source said, what is pinned, and what of it counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from rencai.people.rules.contact import (
    IN_CLEAR,
    ContactField,
    Facts,
    Source,
    SourceKind,
    Told,
    from_facts_document,
    to_facts_document,
)
from rencai.people.rules.identity import IdentifierKind, Identity
from rencai.store.table import Condition, Item, compact

LENT: Final = "lent_"
"""Before the id of a candidate merged into this one (A6): what that one gave and this one may lack."""
NATIONAL_ID: Final = "national_id"
"""The field a national id is sealed for."""
PINNED_ID: Final = "pinned_national_id"
_NONE: Final = "none"
_EVER: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""When what was lent was said: it counts where nothing else does."""
_NOBODY: Final = Source(SourceKind.HR, "", _EVER)


@dataclass(frozen=True, slots=True)
class Held:
    """What counts of somebody's contact data, who said so, and in which version of the item (0: there is none). ``pin``
    counts how often it was pinned (0: not yet). ``own``: what the person's own source said, which no longer changes
    once something is pinned; only what is other than that is written beside it.
    """

    told: Told
    facts: Facts
    pin: int
    version: int
    own: Told = field(default_factory=lambda: Told({}))
    own_facts: Facts = field(default_factory=dict)


def with_changes(held: Held, told: Told, fields: frozenset[ContactField], source: Source) -> Held:
    """``held`` with ``fields`` as ``told`` has them."""
    clear = {**held.told.clear, **{which: told.clear[which] for which in fields if which in told.clear}}
    clear = {which: value for which, value in clear.items() if which not in told.none}
    id_changes = ContactField.NATIONAL_ID in fields
    return replace(
        held,
        told=Told(
            clear,
            told.mark if id_changes else held.told.mark,
            told.sealed if id_changes else held.told.sealed,
        ),
        facts={**held.facts, **dict.fromkeys(fields, source)},
    )


def without_fields(held: Held, fields: frozenset[ContactField]) -> Held:
    """``held`` with nothing said of ``fields``."""
    told, has_id = held.told, ContactField.NATIONAL_ID not in fields
    return replace(
        held,
        told=Told(
            {which: value for which, value in told.clear.items() if which not in fields},
            told.mark if has_id else None,
            told.sealed if has_id else None,
        ),
        facts={which: source for which, source in held.facts.items() if which not in fields},
    )


def lent_by(held: Held, lender: str) -> frozenset[ContactField]:
    """What counts for no other reason than that ``lender`` gave it, and was this person then."""
    return frozenset(
        which
        for which, source in held.facts.items()
        if source.kind is SourceKind.MERGE and source.id == lender
    )


def own_of(item: Item) -> Held:
    """What the person's own source said, pinned or not."""
    clear = {which: str(item[which]) for which in IN_CLEAR if item.get(which)}
    told = Told(clear, item.get("id_mark"), item.get(NATIONAL_ID))
    facts = from_facts_document(json.loads(item.get("facts", "[]")))
    return Held(told, facts, item.get("pin", 0), item.get("version", 0), told, facts)


def held_of(item: Item) -> Held:
    """What counts: what is pinned, else what the own source said, else what was lent."""
    own = own_of(item)
    if own.pin:
        pinned, facts = item["pinned"], from_facts_document(json.loads(item["pinned_facts"]))
        clear = {which: str(value) for which in IN_CLEAR if (value := pinned.get(which))}
        other = Told(clear, pinned.get("id_mark"), item.get(PINNED_ID), _none(item))
        told = with_changes(own, other, other.fields, _NOBODY).told
        return replace(own, told=told, facts={**own.facts, **facts})
    counts, facts = counting(item), dict(own.facts)
    for name in _lent(item):
        for which in ContactField:
            if which not in facts and item[name].get(which):
                facts[which] = Source(SourceKind.MERGE, name.removeprefix(LENT), _EVER)
    clear = {which: counts[which] for which in IN_CLEAR if counts.get(which)}
    return replace(own, told=Told(clear, own.told.mark, counts.get(NATIONAL_ID)), facts=facts)


def _none(item: Item) -> frozenset[ContactField]:
    """Of what is pinned, what the own source said and HR has taken away."""
    return frozenset(map(ContactField, item["pinned"].get(_NONE, ())))


def _lent(item: Item) -> list[str]:
    return [name for name in sorted(item) if name.startswith(LENT)]


def counting(item: Item) -> Item:
    """The values that count, by field."""
    if item.get("pin"):
        pinned = {**item["pinned"], NATIONAL_ID: item.get(PINNED_ID)}
        none = _none(item)
        return {
            which.value: None if which in none else pinned.get(which) or item.get(which)
            for which in ContactField
        }
    parts = [item, *(item[name] for name in _lent(item))]
    return {
        which.value: next((part[which] for part in parts if part.get(which)), None) for which in ContactField
    }


def as_own(held: Held, changed: frozenset[ContactField]) -> Item:
    """The attributes of what the own source said, of the fields that changed."""
    values: Item = {which.value: held.told.clear[which] for which in changed if which in held.told.clear}
    if ContactField.NATIONAL_ID in changed:
        values |= {NATIONAL_ID: held.told.sealed, "id_mark": held.told.mark}
    return values


def as_pinned(held: Held) -> Item:
    """The attributes of what is pinned."""
    told, own = held.told, held.own
    other = {which for which, value in told.clear.items() if own.clear.get(which) != value}
    pinned: Item = {which.value: told.clear[which] for which in other}
    none = sorted(which.value for which in own.clear if which not in told.clear)
    if none:
        pinned[_NONE] = none
    if told.sealed and told.sealed != own.sealed:
        other.add(ContactField.NATIONAL_ID)
    facts = {which: source for which, source in held.facts.items() if held.own_facts.get(which) != source}
    values: Item = {"pinned": pinned, "pinned_facts": compact(to_facts_document(facts))}
    if ContactField.NATIONAL_ID in other:
        pinned["id_mark"] = held.told.mark
        values[PINNED_ID] = held.told.sealed
    return values


def person_version_is(version: int) -> Condition:
    """As ``version_is``, of an item that something else may have written before the person was known."""
    if version == 0:
        return Condition("attribute_not_exists(#version)", {"#version": "version"})
    return Condition("#version = :version_was", {"#version": "version"}, {":version_was": version})


def marks_of(identity: Identity) -> Mapping[str, frozenset[int]]:
    """The attributes of marks: number sets, which are added to."""
    marks = {f"{kind}s": identity.of(kind) for kind in IdentifierKind} | {"names": identity.names}
    return {name: those for name, those in marks.items() if those}


def identity_from(candidate_id: str, item: Item) -> Identity:
    """All the person ever gave."""
    return Identity(
        candidate_id,
        {kind: item[f"{kind}s"] for kind in IdentifierKind if f"{kind}s" in item},
        item.get("names", frozenset()),
    )


def mark_count(identity: Identity) -> int:
    """Marks are only ever added, so that as many as before are the same as before."""
    return sum(len(identity.of(kind)) for kind in IdentifierKind) + len(identity.names)
