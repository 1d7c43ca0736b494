"""Contact data as facts: who said what of somebody, and when. What differs is never taken for granted (A6)."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from rencai.kernel.seen import numbered, visible
from rencai.people.rules.identity import Contact, normalised_email, normalised_name, normalised_national_id

from . import phone


class ContactField(StrEnum):
    """What contact data are of."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    NATIONAL_ID = "national_id"


IN_CLEAR: Final = (ContactField.NAME, ContactField.EMAIL, ContactField.PHONE)
"""What the table holds as it is; the national id is sealed in it."""
_NUMBERS: Final = (ContactField.PHONE, ContactField.NATIONAL_ID)
"""What people write with dashes and spaces or without."""
_NORMALISED: Final[Mapping[ContactField, Callable[[str], str | None]]] = {
    ContactField.NAME: normalised_name,
    ContactField.EMAIL: normalised_email,
    ContactField.PHONE: phone.compared,
    ContactField.NATIONAL_ID: normalised_national_id,
}
_USABLE: Final = {**_NORMALISED, ContactField.PHONE: phone.international}
"""As they are compared; a phone that is called, or written to, says its country."""


class SourceKind(StrEnum):
    """Where contact data can come from. ``employee``: what an employee asked for, through HR."""

    INTERVIEW = "interview"
    APPLICATION = "application"
    MERGE = "merge"
    EMPLOYEE = "employee"
    HR = "hr"


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it: ``id`` names the interview (``aiview/itv-1``), application, merge or person. ``at``: when it was so,
    as far as the source says.
    """

    kind: SourceKind
    id: str
    at: datetime


def as_compared(which: ContactField, value: str) -> str:
    """What of a value is compared: ``+86 138…`` and ``138…`` are one phone; what is no phone is itself, however it is
    written.

    >>> as_compared(ContactField.PHONE, "138-0000 0001"), as_compared(ContactField.NATIONAL_ID, " Ａ123-456789")
    ('+8613800000001', 'a123456789')
    """
    written = numbered(value) if which in _NUMBERS else visible(unicodedata.normalize("NFKC", visible(value)))
    folded = written.strip().casefold()
    plain = "".join(filter(str.isalnum, folded)) if which in _NUMBERS else folded
    return _NORMALISED[which](value) or plain or folded


def usable(told: Contact) -> Contact:
    """What can be written to, called or looked up: where a source has free text ("none"), it has said nothing."""
    return Contact(
        **{
            which: value
            for which in ContactField
            if (value := getattr(told, which)) and _USABLE[which](value) is not None
        }
    )


def said(told: Contact) -> dict[ContactField, str]:
    """The fields that a source gives."""
    return {which: value for which in ContactField if (value := getattr(told, which))}


def in_clear(told: Contact) -> dict[ContactField, str]:
    """Of what a source gives, what the table holds as it is."""
    return {which: value for which, value in said(told).items() if which in IN_CLEAR}


Facts = Mapping[ContactField, Source]
"""By field, who said what counts of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Contact data in the form in which they are compared and kept: the national id as its keyed ``mark`` and sealed,
    so that nobody who compares has to open it. ``none``: of which it is said that there is none any more.
    """

    clear: Mapping[ContactField, str]
    mark: int | None = None
    sealed: list[bytes] | None = field(default=None, compare=False, repr=False)
    none: frozenset[ContactField] = frozenset()

    @property
    def fields(self) -> frozenset[ContactField]:
        """What is given, or said not to be."""
        has_id = {ContactField.NATIONAL_ID} if self.mark is not None else set()
        return frozenset(self.clear) | has_id | self.none


def differing(known: Told, told: Told) -> frozenset[ContactField]:
    """The fields of which ``told`` says something that ``known`` does not say: another value, one where none was, or
    none where one was.
    """
    other = {
        which
        for which, value in told.clear.items()
        if which not in known.clear or as_compared(which, known.clear[which]) != as_compared(which, value)
    }
    if told.mark is not None and told.mark != known.mark:
        other.add(ContactField.NATIONAL_ID)
    return frozenset(other) | (told.none & frozenset(known.clear))


def newer(facts: Facts, which: ContactField, source: Source) -> bool:
    """Whether what ``source`` says of a field counts more than what is known: what was so later, and of one moment what
    came later.
    """
    return which not in facts or source.at >= facts[which].at


def to_facts_document(facts: Facts) -> list[list[Any]]:
    """Facts as JSON-ready values, each source once."""
    by_source: dict[Source, list[str]] = {}
    for which, source in facts.items():
        by_source.setdefault(source, []).append(which.value)
    return [
        [source.kind.value, source.id, round(source.at.timestamp() * 1000), fields]
        for source, fields in by_source.items()
    ]


def from_facts_document(document: Sequence[Sequence[Any]]) -> dict[ContactField, Source]:
    """The inverse of ``to_facts_document``."""
    return {
        ContactField(which): Source(SourceKind(kind), id_, datetime.fromtimestamp(at / 1000, UTC))
        for kind, id_, at, fields in document
        for which in fields
    }
