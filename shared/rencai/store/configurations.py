"""Configuration documents: every version is kept, the newest is what counts, reads are cached for a minute."""

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
    """Reads are cached in the container by ``clock``; a version, once read, never changes."""

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
            item = self._table.get(key, consistent=False) or self._table.get(key)
            if item is None:
                raise NotFound(kind.name, f"{name} version {version}")
            known = self._versions[kind.name, name, version] = _from_item(kind, name, item)
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
        known = cached[1] if cached else None
        version = int(items[0]["version"])
        # The same object while the version is the same, so that what is compiled from it need not be made again.
        found = known if known and known.version == version else _from_item(kind, name, items[0])
        self._latest[kind.name, name] = (now, found)
        return cast("Versioned[Model]", found)

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
        if items and items[0]["document"] == text:
            return newest
        self._table.put(
            configuration_key(kind, name, newest + 1),
            {"version": newest + 1, "document": text, "actor": actor, "at": instant(now)},
            ABSENT,
        )
        self._latest.pop((kind.name, name), None)
        self._names.pop(kind.name, None)
        return newest + 1


def _from_item(kind: Kind[Model], name: str, item: Item) -> Versioned[Model]:
    return Versioned(name, int(item["version"]), validated(kind, name, json.loads(item["document"])))
