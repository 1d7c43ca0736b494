"""Who is who: when a newcomer is somebody we know, when not, and when a person has to say (A6).

Nothing is guessed. Values are compared as opaque marks (fingerprints, see ``store.identities``), so deciding needs
nobody's phone or national id.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rencai.kernel.email_address import is_address, one_address
from rencai.kernel.resident_id import is_genuine
from rencai.kernel.seen import numbered, visible

from . import phone

_NATIONAL_ID_NOISE: Final = re.compile(r"[\W_]")
_RESIDENT_ID: Final = re.compile(r"[0-9]{17}[0-9X]")
_SHORTEST_NATIONAL_ID: Final = 6


class IdentifierKind(StrEnum):
    """What tells people apart."""

    NATIONAL_ID = "national_id"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Contact:
    """What a source says of who somebody is. Personal data: never logged, never in an event."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    national_id: str | None = None

    def identifiers(self) -> dict[IdentifierKind, str]:
        """The usable identifiers, normalised."""
        found = {
            IdentifierKind.NATIONAL_ID: normalised_national_id(self.national_id or ""),
            IdentifierKind.PHONE: phone.compared(self.phone or ""),
            IdentifierKind.EMAIL: normalised_email(self.email or ""),
        }
        return {kind: value for kind, value in found.items() if value is not None}


def normalised_email(text: str) -> str | None:
    """The address that is written, casefolded; None for what is none.

    >>> normalised_email(" Zhou.Xiao@Example.com; ")
    'zhou.xiao@example.com'
    """
    address = one_address(text)
    # Twice: folding may leave what is read in another way, and then is that.
    folded = one_address(address.strip().casefold())
    return folded if is_address(folded) and one_address(folded.casefold()) == folded else None


def normalised_national_id(text: str) -> str | None:
    """Upper-case letters and digits; None for what can be nobody's: what people write to get past a form.

    That is fewer than 6 of them, no digit, digits that are all one or only count (letters before them or not), and a
    Chinese resident id whose birth date or check digit is wrong.

    >>> normalised_national_id(" e 3141-5926 "), normalised_national_id("N/A"), normalised_national_id("A123456789")
    ('E31415926', None, None)
    """
    written = numbered(text).upper()
    # Without the dashes, a letter may have found its other half.
    number = numbered(_NATIONAL_ID_NOISE.sub("", written))
    if len(number) < _SHORTEST_NATIONAL_ID or phone.is_filler(number):
        return None
    if _RESIDENT_ID.fullmatch(number) and not is_genuine(number):
        return None
    return number


def normalised_name(text: str) -> str | None:
    """NFKC, casefolded, without spaces and what nobody sees; None when nothing is left.

    >>> normalised_name("周 晓"), normalised_name("ＺＨＯＵ xiao")
    ('周晓', 'zhouxiao')
    """
    folded = "".join(visible(unicodedata.normalize("NFKC", visible(text)).casefold()).split())
    # Without the spaces, an accent may have found its letter.
    return unicodedata.normalize("NFKC", folded).casefold() or None


@dataclass(frozen=True, slots=True)
class Identity:
    """The marks of one person, of one source or of several together. ``owner`` is a candidate's or application's id.

    A source may have given several phones over time; each still says who it is.
    """

    owner: str
    marks: Mapping[IdentifierKind, frozenset[int]] = field(default_factory=dict)
    names: frozenset[int] = frozenset()

    def of(self, kind: IdentifierKind) -> frozenset[int]:
        """The marks of one kind."""
        return self.marks.get(kind, frozenset())


def identity_of(owner: str, said: Contact, mark: Callable[[str, str], int]) -> Identity:
    """The identity a source's contact data give; ``mark`` makes a value of a kind opaque."""
    name = normalised_name(said.name or "")
    return Identity(
        owner,
        {kind: frozenset({mark(kind, value)}) for kind, value in said.identifiers().items()},
        frozenset({mark("name", name)}) if name else frozenset(),
    )


def united(owner: str, identities: Iterable[Identity]) -> Identity:
    """One person's identity from those of the person's sources."""
    parts = list(identities)
    marks = {kind: frozenset[int]().union(*(part.of(kind) for part in parts)) for kind in IdentifierKind}
    return Identity(
        owner,
        {kind: those for kind, those in marks.items() if those},
        frozenset[int]().union(*(part.names for part in parts)),
    )


def agreeing(one: Identity, other: Identity) -> frozenset[IdentifierKind]:
    """The kinds of identifier that both have in common."""
    return frozenset(kind for kind in IdentifierKind if one.of(kind) & other.of(kind))


@dataclass(frozen=True, slots=True)
class Same:
    """The newcomer is this person."""

    owner: str


@dataclass(frozen=True, slots=True)
class Different:
    """The newcomer is nobody we know."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A person has to say whether the newcomer is one of these; in the order of their ids."""

    owners: tuple[str, ...]


Decision = Same | Different | Ask


def decide(newcomer: Identity, known: Sequence[Identity]) -> Decision:
    """Whether ``newcomer`` is one of ``known``, each of whom is another person.

    - An equal national id and a phone, e-mail or name that agrees are the same person, unless two have that id; the id
      alone, which a typing error or a placeholder may have made equal, is asked.
    - Two different national ids are never one person by rule: when phone or e-mail agree, a person is asked.
    - Otherwise, more than one who shares anything: asked.
    - Phone and e-mail agree: the same. One of them agrees: the same when the names agree too, else asked; families
      share a phone, and offices a mailbox.
    """
    shared = {person.owner: agreeing(newcomer, person) for person in known}
    in_play = sorted(person.owner for person in known if shared[person.owner])
    by_national_id = [person for person in known if IdentifierKind.NATIONAL_ID in shared[person.owner]]
    if len(by_national_id) > 1:
        return Ask(tuple(sorted(person.owner for person in by_national_id)))
    if by_national_id:
        (holder,) = by_national_id
        borne_out = len(shared[holder.owner]) > 1 or newcomer.names & holder.names
        return Same(holder.owner) if borne_out else Ask(tuple(in_play))
    if len(in_play) != 1:
        return Ask(tuple(in_play)) if in_play else Different()
    (one,) = (person for person in known if person.owner == in_play[0])
    contradict = newcomer.of(IdentifierKind.NATIONAL_ID) and one.of(IdentifierKind.NATIONAL_ID)
    both = shared[one.owner] == {IdentifierKind.PHONE, IdentifierKind.EMAIL}
    if not contradict and (both or newcomer.names & one.names):
        return Same(one.owner)
    return Ask((one.owner,))
