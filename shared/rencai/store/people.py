"""Who a candidate is: contact data, the sealed national id, and demographics kept apart from everything scored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rencai.domain.errors import NotFound

from .sealed import Sealed, Vault
from .table import Key, Table, compact

if TYPE_CHECKING:
    # Most functions read people and never see an interview, whose models cost at cold start.
    from rencai.domain.interview import Candidate


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
    learning_style: str | None
    sealed_national_id: Sealed | None


class People:
    """The people behind the candidate ids."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def record(self, candidate_id: str, candidate: "Candidate") -> None:
        """Write what an interview says of a person; what it does not say stays as it was."""
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
        }
        self._table.update(person_key(candidate_id), {name: value for name, value in said.items() if value})
        if candidate.demographics:
            sealed_demographics = self._vault.seal(
                compact(candidate.demographics), owner=candidate_id, field="demographics"
            )
            self._table.put(demographics_key(candidate_id), {"demographics": sealed_demographics})

    def get(self, candidate_id: str) -> Person:
        """The person; raises ``NotFound``."""
        item = self._table.get(person_key(candidate_id), consistent=False)
        if item is None:
            raise NotFound("candidate", candidate_id)
        return Person(
            candidate_id=candidate_id,
            name=item["name"],
            email=item.get("email"),
            phone=item.get("phone"),
            locale=item["locale"],
            learning_style=item.get("learning_style"),
            sealed_national_id=item.get("national_id"),
        )

    def national_id(self, person: Person) -> str | None:
        """The national id in the clear, for the background check; None when the person gave none."""
        if person.sealed_national_id is None:
            return None
        return self._vault.open(person.sealed_national_id, owner=person.candidate_id, field="national_id")
