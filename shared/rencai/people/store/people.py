"""Who a candidate is: contact data, the sealed national id, and demographics kept apart from everything scored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rencai.kernel.errors import NotFound
from rencai.letters.addressee import Addressee
from rencai.people.rules.identity import Contact, IdentifierKind, Identity
from rencai.store.sealed import Sealed, Vault
from rencai.store.table import Item, Key, Table, compact

if TYPE_CHECKING:
    # Most functions read people and never see an interview, whose models cost at cold start.
    from rencai.interviews.rules.interview import Candidate
    from rencai.interviews.rules.learning_style import LearningStyle


_LENT: Final = "lent_"
"""Before the id of a candidate merged into this one (A6): what that one gave and this one may lack."""


def person_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``PERSON``."""
    return Key(f"CANDIDATE#{candidate_id}", "PERSON")


def demographics_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``DEMOGRAPHICS``: read by D7's statistics only, never by a score."""
    return Key(f"CANDIDATE#{candidate_id}", "DEMOGRAPHICS")


@dataclass(frozen=True, slots=True)
class Person:
    """Personal data: never logged, never in an event."""

    candidate_id: str
    name: str
    email: str | None
    phone: str | None
    locale: str
    learning_style: "LearningStyle | None"
    sealed_national_id: Sealed | None

    @property
    def addressee(self) -> Addressee:
        """Whom a letter to them goes to."""
        return Addressee(self.candidate_id, self.email, self.locale)


class People:
    """The people behind the candidate ids."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def record(
        self, candidate_id: str, candidate: "Candidate", identity: Identity, *, new: bool
    ) -> Identity | None:
        """Write what an interview says of a person; what it does not say stays as it was.

        ``identity`` are the marks of what it says; they are kept with all the person ever gave. ``new``: they are
        entered in ``Identities`` already. Returns all the marks when some of them are not: enter them, then say so
        by ``identified``.
        """
        sealed = (
            self._vault.seal(candidate.national_id, owner=candidate_id, field="national_id")
            if candidate.national_id
            else None
        )
        said = {
            "name": candidate.name,
            "email": candidate.email,
            "phone": candidate.phone,
            "locale": candidate.locale,
            "learning_style": candidate.learning_style,
            "national_id": sealed,
            "identified": _count(identity) if new else None,
        }
        marks = {f"{kind}s": identity.of(kind) for kind in IdentifierKind} | {"names": identity.names}
        item = self._table.update(
            person_key(candidate_id),
            {name: value for name, value in said.items() if value},
            add={name: those for name, those in marks.items() if those},
        )
        if candidate.demographics:
            sealed_demographics = self._vault.seal(
                compact(candidate.demographics), owner=candidate_id, field="demographics"
            )
            self._table.put(demographics_key(candidate_id), {"demographics": sealed_demographics})
        known = _identity(candidate_id, item)
        return known if item.get("identified") != _count(known) else None

    def identified(self, identity: Identity) -> None:
        """Remember that the person's marks are in ``Identities``."""
        self._table.update(person_key(identity.owner), {"identified": _count(identity)})

    def lend(self, candidate_id: str, said: Contact, lender: str) -> None:
        """``lender`` is merged into this candidate: what they gave is used where the candidate lacks it."""
        lent: Item = {"email": said.email, "phone": said.phone}
        if said.national_id:
            lent["national_id"] = self._vault.seal(said.national_id, owner=candidate_id, field="national_id")
        self._table.update(
            person_key(candidate_id),
            {f"{_LENT}{lender}": {field: value for field, value in lent.items() if value}},
        )

    def take_back(self, candidate_id: str, lender: str) -> None:
        """The inverse of ``lend``."""
        self._table.update(person_key(candidate_id), {f"{_LENT}{lender}": {}})

    def get(self, candidate_id: str) -> Person:
        """The person; raises ``NotFound``."""
        item = self._table.get(person_key(candidate_id), consistent=False)
        if item is None or "name" not in item:
            raise NotFound("candidate", candidate_id)
        lent = [item[name] for name in sorted(item) if name.startswith(_LENT)]

        def given(field: str) -> Any:
            return next((part[field] for part in (item, *lent) if part.get(field)), None)

        return Person(
            candidate_id=candidate_id,
            name=item["name"],
            email=given("email"),
            phone=given("phone"),
            locale=item["locale"],
            learning_style=item.get("learning_style"),
            sealed_national_id=given("national_id"),
        )

    def contact(self, candidate_id: str) -> Contact:
        """What is known of who the person is, opened; raises ``NotFound``."""
        person = self.get(candidate_id)
        return Contact(person.name, person.email, person.phone, self.national_id(person))

    def national_id(self, person: Person) -> str | None:
        """The national id in the clear, for the background check; None when the person gave none."""
        if person.sealed_national_id is None:
            return None
        return self._vault.open(person.sealed_national_id, owner=person.candidate_id, field="national_id")


def _identity(candidate_id: str, item: Item) -> Identity:
    return Identity(
        candidate_id,
        {kind: item[f"{kind}s"] for kind in IdentifierKind if f"{kind}s" in item},
        item.get("names", frozenset()),
    )


def _count(identity: Identity) -> int:
    """Marks are only ever added, so that as many as before are the same as before."""
    return sum(len(identity.of(kind)) for kind in IdentifierKind) + len(identity.names)
