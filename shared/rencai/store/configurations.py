"""Configuration documents: every version is kept, the newest is what counts, reads are cached for a minute."""

import bz2
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, cast

from rencai.kernel.configuration import DEFAULT, Kind, Model, validated
from rencai.kernel.errors import CommonRefusal, DomainError, NoneForRole, NotFound

from .table import ABSENT, Item, Key, Table, instant

if TYPE_CHECKING:
    from pydantic import BaseModel

CACHED_FOR: Final = timedelta(seconds=60)
"""An edit by HR counts everywhere within this time."""
_LARGEST: Final = 300 * 1024
"""Bytes of a document as it is kept; an item of the table has 400 KB."""


def configuration_key(kind: Kind[Any], name: str, version: int) -> Key:
    """``CONFIG#competency_model`` / ``sales#V000003``."""
    return Key(f"CONFIG#{kind}", f"{name}#V{version:06d}")


@dataclass(frozen=True, slots=True)
class Versioned(Generic[Model]):
    """A validated document and which version of it this is; 0 is what holds where a tenant has set nothing."""

    name: str
    version: int
    document: Model


class Configurations:
    """Reads are cached in the container by ``clock``; a version, once read, never changes and is not read again."""

    def __init__(self, table: Table, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._latest: dict[tuple[str, str], tuple[datetime, Versioned[Any]]] = {}
        self._names: dict[str, tuple[datetime, list[str]]] = {}
        self._versions: dict[tuple[str, str, int], Versioned[Any]] = {}

    def latest(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        """What counts: the newest version stored, at most ``CACHED_FOR`` old, else the kind's ``unset``.

        Raises ``NotFound`` where neither is.
        """
        try:
            return self.stored(kind, name)
        except NotFound:
            unset = kind.when_unset(name)
            if unset is None:
                raise
            return Versioned(name, 0, unset)

    def of_version(self, kind: Kind[Model], version: int | None, name: str = DEFAULT) -> Versioned[Model]:
        """The version something was made by; the newest where ``version`` is None. Raises ``NotFound``."""
        if version is None:
            return self.latest(kind, name)
        unset = kind.when_unset(name) if version == 0 else None
        if unset is not None:
            return Versioned(name, 0, unset)
        known = self._versions.get((kind.name, name, version))
        if known is None:
            key = configuration_key(kind, name, version)
            # A version never changes, so a stale read is right wherever it finds one.
            item = self._table.get_since(key, 0)
            if item is None:
                raise NotFound(kind.name, f"{name}/{version}")
            known = self._known(kind, name, item)
        return cast("Versioned[Model]", known)

    def of_role(self, kind: Kind[Model], role: str) -> Versioned[Model]:
        """A role's document; raises ``NotFound`` naming the roles that have one."""
        try:
            return self.latest(kind, role)
        except NotFound:
            raise NoneForRole(kind.name, role, self.names(kind)) from None

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        """The newest version stored, at most ``CACHED_FOR`` old; raises ``NotFound``, ``unset`` or not.

        0.5 read units per 4 KB when it is first read; 0.5 a minute for as long as no newer one is stored.
        """
        now = self._clock()
        cached = self._latest.get((kind.name, name))
        if cached and now - cached[0] < CACHED_FOR:
            return cast("Versioned[Model]", cached[1])
        if cached and not self._later(kind, cached[1]):
            self._latest[kind.name, name] = (now, cached[1])
            return cast("Versioned[Model]", cached[1])
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True)
        if not items:
            raise NotFound(kind.name, name)
        found = self._known(kind, name, items[0])
        self._latest[kind.name, name] = (now, found)
        return found

    def _later(self, kind: Kind[Any], known: Versioned[Any]) -> bool:
        """Whether a newer version is stored: half a read unit where none is, however large the one that is known."""
        after = configuration_key(kind, known.name, known.version).attributes()
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{known.name}#V", limit=1, start=after)
        return bool(items)

    def names(self, kind: Kind[Any]) -> list[str]:
        """The names there are of a kind, sorted; at most ``CACHED_FOR`` old, for a file may ask for each line."""
        now = self._clock()
        cached = self._names.get(kind.name)
        if cached is None or now - cached[0] >= CACHED_FOR:
            found = {item["sk"].partition("#V")[0] for item in self._table.query_all(f"CONFIG#{kind}")}
            cached = self._names[kind.name] = (now, sorted(found))
        return cached[1]

    def put(
        self, kind: Kind[Any], name: str, document: Mapping[str, Any], *, actor: str, now: datetime
    ) -> int:
        """Validate and store as the next version; the same document again stores nothing. Returns the version.

        Raises ``DomainError`` when the document is not valid, ``LostRace`` when another edit came first.
        """
        text = _text_of(kind, name, document)
        newest = self._newest(kind, name)
        version = int(newest["version"]) if newest else 0
        if newest and _text(newest) == text:
            return version
        self._table.put(*_next(kind, name, version, text, actor, now), ABSENT)
        self._forget(kind, name)
        return version + 1

    def revised(
        self,
        kind: Kind[Model],
        name: str,
        revise: Callable[[Model], Mapping[str, Any]],
        *,
        actor: str,
        now: datetime,
    ) -> Item | None:
        """The write, for ``Table.transact``, that makes of the newest version what ``revise`` says; None: it says so
        already. The transaction is lost where another edit comes first.

        Raises ``NotFound``; ``DomainError`` when the document is not valid; what ``revise`` raises.
        """
        newest = self._newest(kind, name)
        if newest:
            before: Versioned[Model] = self._known(kind, name, newest)
        else:
            before = self.latest(kind, name)
        text = _text_of(kind, name, revise(before.document))
        if newest and _text(newest) == text:
            return None
        self._forget(kind, name)
        return self._table.put_action(*_next(kind, name, before.version, text, actor, now), ABSENT)

    def newest(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        """What counts at this moment, whatever was read within the minute before; raises ``NotFound`` as ``latest``.

        1 read unit per 4 KB, of the newest version.
        """
        item = self._newest(kind, name)
        if item is None:
            return self.latest(kind, name)
        found: Versioned[Model] = self._known(kind, name, item)
        self._latest[kind.name, name] = (self._clock(), found)
        return found

    def _newest(self, kind: Kind[Any], name: str) -> Item | None:
        """Whoever writes over it has to have seen it."""
        items, _ = self._table.query(
            f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True, consistent=True
        )
        return items[0] if items else None

    def _forget(self, kind: Kind[Any], name: str) -> None:
        self._latest.pop((kind.name, name), None)
        self._names.pop(kind.name, None)

    def _known(self, kind: Kind[Model], name: str, item: Item) -> Versioned[Model]:
        """The version in an item; the same object each time, so that what is compiled from it is compiled once."""
        version = int(item["version"])
        known = self._versions.get((kind.name, name, version))
        if known is None:
            known = Versioned(name, version, validated(kind, name, json.loads(_text(item))))
            self._versions[kind.name, name, version] = known
        return cast("Versioned[Model]", known)


def _text_of(kind: Kind[Any], name: str, document: Mapping[str, Any]) -> str:
    model: BaseModel = validated(kind, name, document)
    return model.model_dump_json(by_alias=True, exclude_defaults=True)


def _next(kind: Kind[Any], name: str, version: int, text: str, actor: str, now: datetime) -> tuple[Key, Item]:
    """The version after ``version``; raises ``DomainError`` (CONFIGURATION_INVALID) for what no item holds."""
    # Every function reads some, and a read costs by the 4 KB. Of what the standard library has, this leaves the least
    # of a text of some kilobytes.
    content = bz2.compress(text.encode(), 1)
    if len(content) > _LARGEST:
        reason = f"it has {len(content)} bytes; at most {_LARGEST} are kept"
        raise DomainError(CommonRefusal.CONFIGURATION_INVALID, "", kind=kind, name=name, reason=reason)
    item = {"version": version + 1, "document": content, "actor": actor, "at": instant(now)}
    return configuration_key(kind, name, version + 1), item


def _text(item: Item) -> str:
    """A document as JSON: compressed by ``put``, or plain, as it was at first and as a person may write it by hand."""
    document: str | bytes = item["document"]
    return document if isinstance(document, str) else bz2.decompress(document).decode()
