"""Configuration documents: every version is kept, the newest is what counts, reads are cached for a minute."""

import bz2
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, cast

from rencai.kernel.configuration import DEFAULT, Kind, Model, validated
from rencai.kernel.errors import LostRace, NoneForRole, NotFound

from .table import ABSENT, Item, Key, Table, instant

CACHED_FOR: Final = timedelta(seconds=60)
"""An edit by HR counts everywhere within this time."""


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
                raise NotFound(kind.name, f"{name} version {version}")
            known = self._known(kind, name, item)
        return cast("Versioned[Model]", known)

    def of_role(self, kind: Kind[Model], role: str) -> Versioned[Model]:
        """A role's document; raises ``NotFound`` naming the roles that have one."""
        try:
            return self.latest(kind, role)
        except NotFound:
            raise NoneForRole(kind.name, role, self.names(kind)) from None

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        """The newest version stored, at most ``CACHED_FOR`` old; raises ``NotFound``, ``unset`` or not."""
        now = self._clock()
        cached = self._latest.get((kind.name, name))
        if cached and now - cached[0] < CACHED_FOR:
            return cast("Versioned[Model]", cached[1])
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True)
        if not items:
            raise NotFound(kind.name, name)
        found = self._known(kind, name, items[0])
        self._latest[kind.name, name] = (now, found)
        return found

    def names(self, kind: Kind[Any]) -> list[str]:
        """The names there are of a kind, sorted; at most ``CACHED_FOR`` old, for a file may ask for each line."""
        now = self._clock()
        cached = self._names.get(kind.name)
        if cached is None or now - cached[0] >= CACHED_FOR:
            found = {item["sk"].partition("#V")[0] for item in self._table.query_all(f"CONFIG#{kind}")}
            cached = self._names[kind.name] = (now, sorted(found))
        return cached[1]

    def put(
        self,
        kind: Kind[Any],
        name: str,
        document: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
        over: int | None = None,
    ) -> int:
        """Validate and store as the next version; the same document again stores nothing. Returns the version.

        Raises ``DomainError`` when the document is not valid, ``LostRace`` when another edit came first: since version
        ``over`` was read, where that is given.
        """
        text = validated(kind, name, document).model_dump_json(by_alias=True, exclude_defaults=True)
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True)
        newest = int(items[0]["version"]) if items else 0
        if over is not None and over != newest:
            self._latest.pop((kind.name, name), None)
            raise LostRace
        if items and _text(items[0]) == text:
            return newest
        self._table.put(
            configuration_key(kind, name, newest + 1),
            # Every function reads some, and a read costs by the 4 KB. Of what the standard library has, this leaves
            # the least of a text of some kilobytes.
            {
                "version": newest + 1,
                "document": bz2.compress(text.encode(), 1),
                "actor": actor,
                "at": instant(now),
            },
            ABSENT,
        )
        self._latest.pop((kind.name, name), None)
        self._names.pop(kind.name, None)
        return newest + 1

    def _known(self, kind: Kind[Model], name: str, item: Item) -> Versioned[Model]:
        """The version in an item; the same object each time, so that what is compiled from it is compiled once."""
        version = int(item["version"])
        known = self._versions.get((kind.name, name, version))
        if known is None:
            known = Versioned(name, version, validated(kind, name, json.loads(_text(item))))
            self._versions[kind.name, name, version] = known
        return cast("Versioned[Model]", known)


def _text(item: Item) -> str:
    """A document as JSON: compressed by ``put``, or plain, as it was at first and as a person may write it by hand."""
    document: str | bytes = item["document"]
    return document if isinstance(document, str) else bz2.decompress(document).decode()
