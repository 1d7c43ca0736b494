"""What is told of an employee once and may be corrected: a month, a week, a leave. The same again changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rencai.kernel import ids
from rencai.kernel.events import Event, EventName

from .table import Condition, Item, Key, Table, decided, instant, to_events, version_is


@dataclass(frozen=True, slots=True)
class Correctable:
    """Something about to be written. ``is_so`` says whether an item has it already; ``content`` is what is kept of it,
    given what there was, asked for only when it is written; ``aggregate`` stands for it in its events' ids.
    ``keeping``, where there is something to be kept of what is replaced: what is written then, and the items beside it,
    given what there was, what is to be, and when; in one transaction.
    """

    key: Key
    aggregate: str
    name: EventName
    data: Mapping[str, str]
    is_so: Callable[[Item], bool]
    content: Callable[[Item | None], Item]
    keeping: Callable[[Item, Item, datetime], tuple[Item, Sequence[tuple[Key, Item]]]] | None = None


Check = Callable[[], None]
"""Says whether what is news goes together with what else is known; raises ``DomainError`` when it does not."""


def nothing_against() -> None:
    """The check of what goes together with everything."""


def record(
    table: Table, told: Correctable, actor: str, now: datetime, check: Check = nothing_against
) -> bool:
    """Put it on record, or correct what is; False when it was so already. A lost race is decided again, once."""
    return decided(lambda: _record(table, told, actor, now, check))


def write(
    table: Table,
    told: Correctable,
    known: Item | None,
    actor: str,
    now: datetime,
    *,
    batch: str | None = None,
    silent: bool = False,
) -> None:
    """Write it over ``known``, what there was before; raises ``LostRace`` when that is no longer so.

    ``batch`` marks it as written by an import, until something else writes it. ``silent``: its event is not told.
    """
    version = (known["version"] if known else 0) + 1
    event = Event(ids.event_id(told.aggregate, version, 0), told.name, now, told.data, actor)
    item = {
        **told.content(known),
        "recorded_at": instant(now),
        "actor": actor,
        "batch": batch,
        "version": version,
        "events": None if silent else to_events([event]),
    }
    beside: Sequence[tuple[Key, Item]] = ()
    if known and told.keeping:
        item, beside = told.keeping(known, item, now)
    put_beside(table, told.key, item, version_is(version - 1), beside)


def put_beside(
    table: Table, key: Key, item: Item, condition: Condition, beside: Sequence[tuple[Key, Item]]
) -> None:
    """Write an item, and others beside it: all or none. Raises ``LostRace``."""
    if not beside:
        table.put(key, item, condition)
        return
    table.transact(*(table.put_action(*other) for other in beside), table.put_action(key, item, condition))


def _record(table: Table, told: Correctable, actor: str, now: datetime, check: Check) -> bool:
    known = table.get(told.key)
    if known and told.is_so(known):
        return False
    check()
    write(table, told, known, actor, now)
    return True
