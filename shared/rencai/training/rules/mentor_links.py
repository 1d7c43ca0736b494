"""Who rates an item by link, the signed link, and what they entered (C3)."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rencai.kernel import signed as links
from rencai.kernel.errors import DomainError
from rencai.kernel.seen import legible, visible

from .refusals import MentorRefusal

MAX_WORDS: Final = 4_000
"""Characters beside a mark, as many as a learning platform's review may have."""
_PURPOSE: Final = "mentor"
_LEVELS: Final = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Mentor:
    """Who rates: an employee by id, whose address is in their file, or somebody by name and address. ``language``:
    ``zh-CN`` or ``en``, what the letter is in.
    """

    name: str
    language: str
    employee_id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class MentorInvitation:
    """Who is asked about whom: the ``number``-th mentor of an employee's item, until the last day, in the tenant's
    zone.
    """

    employee_id: str
    item_id: str
    number: int
    closes_on: date


def signed(invitation: MentorInvitation, key: bytes) -> str:
    """The invitation as a token for an address (``rencai.kernel.signed``). Whoever has it can rate in the mentor's
    name, so it is never logged.
    """
    said = (
        invitation.employee_id,
        invitation.item_id,
        str(invitation.number),
        invitation.closes_on.isoformat(),
    )
    return links.signed("|".join(said), _PURPOSE, key)


def invitation_of(token: str, keys: Sequence[bytes], today: date) -> MentorInvitation:
    """What a token says, when one of ``keys`` signed it and it is still good.

    Raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED).
    """
    said = links.said_by(token, _PURPOSE, keys)
    if said is None:
        raise DomainError(MentorRefusal.LINK_NOT_VALID)
    employee_id, item_id, number, closes_on = said.split("|")
    invitation = MentorInvitation(employee_id, item_id, int(number), date.fromisoformat(closes_on))
    if today > invitation.closes_on:
        raise DomainError(MentorRefusal.LINK_EXPIRED, until=closes_on)
    return invitation


class EntryError(StrEnum):
    """What is wrong with what was entered."""

    NOT_CHOSEN = "not_chosen"
    TOO_LONG = "too_long"


LEVEL_FIELD: Final = "level"
WORDS_FIELD: Final = "words"


@dataclass(frozen=True, slots=True)
class Entered:
    """What a mentor sent: a level, 1-5, and the words beside it, if there are any."""

    level: int
    words: str | None


def digests(number: int, said: Entered, keys: Sequence[bytes]) -> list[str]:
    """Tell what the ``number``-th mentor sent from anything else, and nothing of what it was; one by each key. For who
    may seal words and not open them.
    """
    content = b"mentor mark " + json.dumps([number, said.level, said.words]).encode()
    return [hmac.digest(key, content, "sha256").hex() for key in keys]


def entered(fields: Mapping[str, str]) -> tuple[Entered | None, dict[str, EntryError]]:
    """What the fields of a form come to, and what is wrong, by field; the one or the other."""
    errors: dict[str, EntryError] = {}
    level = visible(fields.get(LEVEL_FIELD, "")).strip()
    if level not in _LEVELS:
        errors[LEVEL_FIELD] = EntryError.NOT_CHOSEN
    # Browsers send line ends as two characters and count them as one.
    words = legible(fields.get(WORDS_FIELD, "")).replace("\r\n", "\n").strip()
    if len(words) > MAX_WORDS:
        errors[WORDS_FIELD] = EntryError.TOO_LONG
    return (None, errors) if errors else (Entered(int(level), words or None), {})
