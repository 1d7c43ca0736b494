"""Letters that did not arrive, until somebody has taken care of each: whoever it is for has to be called."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from rencai.kernel import ids
from rencai.kernel.errors import Conflict, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.letters.refusals import LettersRefusal
from rencai.store.table import Condition, Item, Key, Table, from_instant, instant, to_events

from .notices import UNDELIVERED, find, tags_of
from .wording import Undeliverable


class How(StrEnum):
    """How somebody took care of a letter that did not arrive."""

    CALLED = "called"
    OTHER_WAY = "other_way"
    """They were told some other way: face to face, by post, by a message."""
    NOT_NEEDED = "not_needed"
    """What the letter says is of no use any more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """That it was taken care of: how, by whom and when."""

    how: How
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UndeliveredLetter:
    """A letter: whom it is for, its template, why it did not arrive, and since when HR knows. ``settled``: None while
    somebody still has to call.
    """

    notice_id: str
    addressee: str
    template: str
    reason: Undeliverable
    told_at: datetime
    settled: Settled | None = None


_UNSETTLED: Final = Condition("attribute_exists(undeliverable) AND attribute_not_exists(settled)")


class Undelivered:
    """The list of them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, limit: int, cursor: str | None) -> tuple[list[UndeliveredLetter], str | None]:
        """Those that wait, the oldest first, and where the next page begins. Raises ``DomainError`` (BAD_CURSOR)."""

        def shown(_: str, listed: Sequence[Item]) -> list[UndeliveredLetter]:
            # The index has the keys, and may lag behind who has just settled one.
            keys = [Key(item["pk"], item["sk"]) for item in listed]
            found = [(key, self._table.get(key)) for key in keys]
            letters = [_letter(key, item) for key, item in found if item and "undeliverable" in item]
            return [letter for letter in letters if letter.settled is None]

        return self._table.page_of_lists({"undeliverable": UNDELIVERED}, limit, cursor, shown)

    def settle(self, notice_id: str, how: How, actor: str, now: datetime) -> UndeliveredLetter:
        """Take a letter off the list; tells ``notice.settled``. Said again by whoever and however, it stays as it was
        said first when it is the same, and is a ``Conflict`` (NOTICE_SETTLED) when it is not. Raises ``NotFound``.
        """
        addressee, letter = ids.letter_of_notice(notice_id)
        key = find(self._table, addressee, "", letter) if addressee else None
        item = self._table.get(key) if key else None
        if key is None or item is None or "undeliverable" not in item:
            raise NotFound("notice", notice_id)
        known = _letter(key, item)
        if known.settled is None:
            data = {"letter": known.template, "how": how.value}
            event_id = ids.event_id(f"{addressee}_{letter}", 2, 0)
            settled = {
                "settled": [how.value, actor, instant(now)],
                "events": to_events([Event(event_id, EventName.NOTICE_SETTLED, now, data, actor)]),
            }
            # Lost to somebody else at this moment: what they said is read below.
            with suppress(LostRace):
                self._table.update(key, settled, _UNSETTLED, clear=("gsi1pk", "gsi1sk"))
            known = _letter(key, self._table.get(key) or item)
        if known.settled is not None and known.settled.how is not how:
            raise Conflict(LettersRefusal.NOTICE_SETTLED, how=known.settled.how)
        return known


def _letter(key: Key, item: Item) -> UndeliveredLetter:
    addressee, kind = key.pk.partition("#")[2], key.sk.removeprefix("NOTICE#")
    tags = tags_of(addressee, kind)
    settled = item.get("settled")
    return UndeliveredLetter(
        ids.notice_id(addressee, tags["letter"]),
        addressee,
        tags["template"],
        Undeliverable(item["undeliverable"]),
        from_instant(item["told_at"]),
        Settled(How(settled[0]), settled[1], from_instant(settled[2])) if settled else None,
    )
