"""Imports of other systems' files: how far each has come, and what its undo came to (F1). A part counts once."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.errors import Conflict, DomainError, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.taken import AskedScale, Column, Doubt, Place, Said
from rencai.store.file_requests import put_once
from rencai.store.table import (
    ABSENT,
    Condition,
    Item,
    Key,
    Table,
    compact,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
)

_IMPORTS: Final = "IMPORTS"
_MOST_SAID: Final = 250 * 1024
"""Bytes of what values were said to mean; an item of the table has 400 KB."""


def import_key(import_id: str) -> Key:
    """``IMPORTS`` / ``imp_01ABC``: one partition, newest last; a tenant has few files and many rows."""
    return Key(_IMPORTS, import_id)


def request_key(idempotency_key: str) -> Key:
    """``REQUEST#client#key-1`` / ``IMPORT``: what a request with that Idempotency-Key made."""
    return Key(f"REQUEST#{idempotency_key}", "IMPORT")


class ImportStatus(StrEnum):
    """``waiting`` for the file; ``reading`` it; ``confirming``: a person says what its columns are; ``running``;
    ``finished`` (errors of single rows included) or ``failed`` as a whole, with nothing written. A finished one can be
    taken back: ``undoing``, then ``undone``, or ``undo_refused`` for what was changed since.
    """

    WAITING = "waiting"
    READING = "reading"
    CONFIRMING = "confirming"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    UNDO_REFUSED = "undo_refused"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what came of them; ``unmatched`` are those of the rejected that name an employee nobody knows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unmatched: int = 0

    @property
    def written(self) -> int:
        """Rows that changed something."""
        return self.created + self.updated


@dataclass(frozen=True, slots=True)
class Undo:
    """The latest undo, the ``number``-th asked for: parts that were checked, and restored; rows whose later changes it
    would have lost (``refused``), that it put back, and that it left alone (``kept``), for they changed while it ran;
    and the parts such rows are in.
    """

    number: int = 0
    checked: frozenset[int] = frozenset()
    parts_done: frozenset[int] = frozenset()
    refused: int = 0
    restored: int = 0
    kept: int = 0
    refused_parts: frozenset[int] = frozenset()
    kept_parts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Import:
    """One file of one ``kind``. ``language`` is what its report is written in.

    ``source`` names the import mapping; its version, the object's version and ``started_at``, whose day is today for
    the file's dates, are set when the file is first read and never change: a part read again says the same.
    ``confirm``: a person wants to look at it whatever is known.

    ``default_version`` is of the mapping that holds for all sources (None: the source's own is that one), ``roles``
    those there were, with their names, when a file of people was looked at; neither changes. ``asked`` numbers what a
    person was asked last about values, 0: nothing yet; ``said`` is what they said of each field's. ``scales_asked`` are
    the columns of points whose ends a person is asked about; ``scales`` what they said, worst and best by field.

    ``place`` is where its table is, as it was found or (before it has ``columns``) as a person says; ``doubts`` are
    what a person has to confirm of it, and ``hidden`` the rows that its sheet does not show (None: nobody counted).
    ``failure`` is the rule that the file as a whole is against, and its text; ``size`` the bytes that were announced.
    """

    import_id: str
    kind: ImportKind
    filename: str
    dry_run: bool
    source: str
    object_key: str
    created_at: datetime
    language: str
    actor: str
    status: ImportStatus = ImportStatus.WAITING
    version_id: str | None = None
    mapping_version: int | None = None
    started_at: datetime | None = None
    columns: tuple[Column, ...] | None = None
    failure: tuple[str, str] | None = None
    rows: int | None = None
    parts_total: int | None = None
    parts_done: frozenset[int] = frozenset()
    counts: Counts = Counts()
    undo: Undo = Undo()
    request_digest: str | None = None
    size: int | None = None
    confirm: bool = False
    default_version: int | None = None
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: int = 0
    said: Mapping[str, Said] = field(default_factory=dict)
    scales_asked: tuple[AskedScale, ...] = ()
    scales: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    confirmations: int = 0
    place: Place | None = None
    doubts: tuple[Doubt, ...] = ()
    hidden: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every part is counted."""
        return len(self.parts_done) == self.parts_total


class Imports:
    """Imports and their progress."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, made: Import, idempotency_key: str | None = None) -> Import:
        """Put an import on record. The one that is there already - under this id, or made with this key - stays, and
        is returned.
        """
        writes = [self._table.put_action(import_key(made.import_id), _to_item(made), ABSENT)]
        request = request_key(idempotency_key) if idempotency_key else None
        known = put_once(self._table, writes, {"import_id": made.import_id}, request)
        return self.get(known) if known else made

    def get(self, import_id: str) -> Import:
        """One import; raises ``NotFound``."""
        item = self._table.get(import_key(import_id))
        if item is None:
            raise NotFound("import", import_id)
        return _from_item(item)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Import], str | None]:
        """Imports, newest first."""
        items, last = self._table.query(_IMPORTS, limit=limit, start=from_cursor(cursor), newest_first=True)
        return [_from_item(item) for item in items], to_cursor(last)

    # --- the file

    def started(
        self,
        import_id: str,
        version_id: str | None,
        mapping_version: int,
        now: datetime,
        default_version: int | None = None,
    ) -> Import:
        """The file has come. What was set when it was first read stays."""
        values: dict[str, Any] = {
            "status": ImportStatus.READING.value,
            "version_id": version_id or "",
            "mapping_version": mapping_version,
            "started_at": instant(now),
        }
        if default_version is not None:
            values["default_version"] = default_version
        return self._move(import_id, values, ImportStatus.WAITING)

    def looked(
        self,
        known: Import,
        place: Place,
        columns: Sequence[Column],
        doubts: Sequence[Doubt] = (),
        hidden: int | None = None,
        *,
        asked: int = 0,
        roles: Mapping[str, Sequence[str]] = MappingProxyType({}),
        scales: Sequence[AskedScale] = (),
    ) -> Import:
        """It was looked at: where its table is, and what its columns are. ``doubts``: a person has to look as well. The
        first look stays, until a person says that the table is somewhere else.
        """
        status = ImportStatus.CONFIRMING if doubts else ImportStatus.READING
        values: dict[str, Any] = {
            "status": status.value,
            "columns": _columns_text(columns),
            "place": _place_text(place),
            "doubts": list(doubts),
            "asked": asked,
            "scales_asked": _scales_asked_text(scales),
        }
        if hidden is not None:
            values["hidden"] = hidden
        if roles:
            values["roles"] = compact(roles)
        first = _nothing_said_since(
            known, ImportStatus.READING, "attribute_not_exists(#columns)", columns="columns"
        )
        try:
            return _from_item(self._table.update(import_key(known.import_id), values, first))
        except LostRace:
            return self.get(known.import_id)

    def hidden_found(
        self, known: Import, hidden: int, asked: int, scales: Sequence[AskedScale] = ()
    ) -> Import:
        """While it was read, rows were found that its sheet does not show: a person says what is done with them."""
        values = {
            "status": ImportStatus.CONFIRMING.value,
            "doubts": ["hidden_rows"],
            "hidden": hidden,
            "asked": asked,
            "scales_asked": _scales_asked_text(scales),
        }
        return self._move(known.import_id, values, ImportStatus.READING)

    def values_asked(self, import_id: str, asked: int, scales: Sequence[AskedScale] = ()) -> Import:
        """It was read to its end; a person has to say what some values mean, or which end of some points is best."""
        values = {
            "status": ImportStatus.CONFIRMING.value,
            "asked": asked,
            "scales_asked": _scales_asked_text(scales),
        }
        return self._move(import_id, values, ImportStatus.READING)

    def confirmed(
        self,
        known: Import,
        place: Place | None,
        columns: Sequence[Column],
        actor: str,
        now: datetime,
        *,
        said: Mapping[str, Said] | None = None,
        scales: Mapping[str, tuple[str, str]] | None = None,
        beside: Sequence[Item] = (),
    ) -> Import:
        """A person said where its table is, what the columns are and what their values mean, and the file is read on;
        with ``beside``, all or nothing. Raises ``Conflict`` (IMPORT_NOT_WAITING); ``LostRace``: it waits, and what is
        ``beside`` lost.
        """
        values: dict[str, Any] = {
            "columns": _columns_text(columns),
            "said": _said_text(said or {}),
            "scales": compact([[id_, *ends] for id_, ends in (scales or {}).items()]),
            "scales_asked": _scales_asked_text(()),
        }
        if place:
            values["place"] = _place_text(place)
        return self._confirmed(known, values, ["doubts"], actor, now, beside)

    def placed(self, known: Import, place: Place, actor: str, now: datetime) -> Import:
        """A person said that its table is somewhere else: it is looked at again, there, and nothing counts that was
        said of its columns. Raises ``Conflict`` (IMPORT_NOT_WAITING).
        """
        forgotten = ["doubts", "columns", "hidden", "asked", "said", "scales", "scales_asked"]
        return self._confirmed(known, {"place": _place_text(place)}, forgotten, actor, now)

    def _confirmed(
        self,
        known: Import,
        values: dict[str, Any],
        clear: Sequence[str],
        actor: str,
        now: datetime,
        beside: Sequence[Item] = (),
    ) -> Import:
        number = known.confirmations + 1
        told = {"kind": known.kind.value}
        event = Event(
            ids.event_id(f"{known.import_id}_columns", number, 0),
            EventName.IMPORT_CONFIRMED,
            now,
            told,
            actor,
        )
        values |= {
            "status": ImportStatus.READING.value,
            "confirmations": number,
            "events": to_events([event]),
        }
        waiting = _nothing_said_since(known, ImportStatus.CONFIRMING)
        key = import_key(known.import_id)
        try:
            if not beside:
                return _from_item(self._table.update(key, values, waiting, clear=clear))
            self._table.transact(self._table.update_action(key, values, waiting, clear=clear), *beside)
        except LostRace:
            found = self.get(known.import_id)
            if found.status is ImportStatus.CONFIRMING and found.confirmations == known.confirmations:
                raise
            raise Conflict(MigrationRefusal.IMPORT_NOT_WAITING, status=found.status) from None
        return self.get(known.import_id)

    def running(self, import_id: str, rows: int, parts_total: int) -> Import:
        """The whole file was read and cut: it is known how many rows and parts there are."""
        values = {"status": ImportStatus.RUNNING.value, "rows": rows, "parts_total": parts_total}
        return self._move(import_id, values, ImportStatus.READING)

    def part_done(
        self, known: Import, part: int, counts: Counts, now: datetime, *, changed: bool = False
    ) -> Import:
        """Count a part, once however often it is delivered; ``import.part_done`` is told when it ``changed`` anything,
        counted or not.
        """
        values: dict[str, Any] = {}
        if (counts.written or changed) and not known.dry_run:
            values["events"] = to_events([_part_event(known, part, now, undone=False)])
        add = {**_count_attributes(counts), "parts_done": frozenset({part})}
        uncounted = Condition(
            "#status = :open AND NOT contains(parts_done, :part)",
            {"#status": "status"},
            {":open": ImportStatus.RUNNING.value, ":part": part},
        )
        try:
            return _from_item(self._table.update(import_key(known.import_id), values, uncounted, add=add))
        except LostRace:
            return self.get(known.import_id)

    def finished(self, known: Import, now: datetime) -> None:
        """Every part is counted and the report is written; tells ``import.finished``."""
        self._close(known, {"status": ImportStatus.FINISHED.value}, ImportStatus.RUNNING, now)

    def failed(self, known: Import, error: DomainError, now: datetime) -> None:
        """The file as a whole cannot be read, and nothing of it was written; the original stays where it is."""
        values = {"status": ImportStatus.FAILED.value, "failure": _failure(known, error)}
        self._close(known, values, ImportStatus.READING, now)

    def given_up(self, known: Import, error: DomainError, now: datetime) -> None:
        """Whoever had it died with it, or failed to the last: it fails, with what is counted so far. Where every part
        is counted it is finished, and only its report is missing.
        """
        status = (
            ImportStatus.FINISHED
            if known.status is ImportStatus.RUNNING and known.complete
            else ImportStatus.FAILED
        )
        values = {"status": status.value, "failure": _failure(known, error)}
        self._close(known, values, known.status, now)

    def _close(self, known: Import, values: Mapping[str, Any], open_: ImportStatus, now: datetime) -> None:
        counts = known.counts
        told = {
            "accepted": counts.written,
            "rejected": counts.rejected,
            "duplicates": counts.unchanged,
        }
        event = Event(ids.event_id(known.import_id, 1, 0), EventName.IMPORT_FINISHED, now, told, known.actor)
        self._move(known.import_id, {**values, "events": to_events([event])}, open_)

    # --- its undo

    def undo_asked(self, known: Import, actor: str, now: datetime) -> Import:
        """Somebody wants it taken back; raises ``Conflict`` (IMPORT_NOT_FINISHED) for what is not finished."""
        number = known.undo.number + 1
        event = Event(
            ids.event_id(f"{known.import_id}_undo", number, 0),
            EventName.IMPORT_UNDO_ASKED,
            now,
            {"kind": known.kind.value},
            actor,
        )
        values = {
            "status": ImportStatus.UNDOING.value,
            "undo_number": number,
            "undo_refused": 0,
            "events": to_events([event]),
        }
        finished = Condition(
            "#status IN (:finished, :refused)",
            {"#status": "status"},
            {":finished": ImportStatus.FINISHED.value, ":refused": ImportStatus.UNDO_REFUSED.value},
        )
        key = import_key(known.import_id)
        try:
            return _from_item(
                self._table.update(
                    key, values, finished, clear=["undo_checked", "undo_refused_parts", "failure"]
                )
            )
        except LostRace:
            status = self.get(known.import_id).status
            raise Conflict(MigrationRefusal.IMPORT_NOT_FINISHED, status=status) from None

    def part_checked(self, known: Import, part: int, refused: int) -> Import:
        """Count what an undo of this part would lose, once for each undo that is asked for."""
        add: dict[str, int | frozenset[int]] = {"undo_checked": frozenset({part}), "undo_refused": refused}
        if refused:
            add["undo_refused_parts"] = frozenset({part})
        return self._count(known, "undo_checked", part, {}, add)

    def undo_refused(self, known: Import, error: DomainError | None = None) -> Import:
        """Every part was checked, and later changes would be lost: nothing is taken back. ``error``: or looking at them
        was given up.
        """
        failure = {"failure": _failure(known, error)} if error else {}
        values = {"status": ImportStatus.UNDO_REFUSED.value, **failure}
        return self._move(known.import_id, values, ImportStatus.UNDOING)

    def part_undone(self, known: Import, part: int, restored: int, kept: int, now: datetime) -> Import:
        """Count a part that is as it was before, once; tells ``import.part_done``."""
        values = {"events": to_events([_part_event(known, part, now, undone=True)])} if restored else {}
        add: dict[str, int | frozenset[int]] = {
            "undo_parts_done": frozenset({part}),
            "undo_restored": restored,
            "undo_kept": kept,
        }
        if kept:
            add["undo_kept_parts"] = frozenset({part})
        return self._count(known, "undo_parts_done", part, values, add)

    def undone(self, known: Import, now: datetime) -> Import:
        """Every part is as it was before; tells ``import.undone``."""
        aggregate = f"{known.import_id}_undone"
        event = Event(ids.event_id(aggregate, 1, 0), EventName.IMPORT_UNDONE, now, {"kind": known.kind.value})
        values = {"status": ImportStatus.UNDONE.value, "events": to_events([event])}
        return self._move(known.import_id, values, ImportStatus.UNDOING)

    def _count(
        self,
        known: Import,
        counted: str,
        part: int,
        values: dict[str, Any],
        add: dict[str, int | frozenset[int]],
    ) -> Import:
        uncounted = Condition(
            "#status = :open AND undo_number = :undo AND NOT contains(#counted, :part)",
            {"#status": "status", "#counted": counted},
            {":open": ImportStatus.UNDOING.value, ":undo": known.undo.number, ":part": part},
        )
        try:
            return _from_item(self._table.update(import_key(known.import_id), values, uncounted, add=add))
        except LostRace:
            return self.get(known.import_id)

    def _move(self, import_id: str, values: dict[str, Any], open_: ImportStatus) -> Import:
        """Go on from the status ``open_``; from any other it was gone on from already, and stays as it is."""
        with suppress(LostRace):
            return self._moved(import_id, values, open_)
        return self.get(import_id)

    def _moved(self, import_id: str, values: dict[str, Any], open_: ImportStatus) -> Import:
        return _from_item(self._table.update(import_key(import_id), values, _is(open_)))


def _is(status: ImportStatus) -> Condition:
    return Condition("#status = :open", {"#status": "status"}, {":open": status.value})


def _nothing_said_since(known: Import, status: ImportStatus, *further: str, **names: str) -> Condition:
    """It has this status, and a person has said nothing of it since ``known`` was read."""
    times = known.confirmations
    since = "#confirmations = :before" if times else "attribute_not_exists(#confirmations)"
    return Condition(
        " AND ".join(("#status = :open", since, *further)),
        {
            "#status": "status",
            "#confirmations": "confirmations",
            **{f"#{name}": value for name, value in names.items()},
        },
        {":open": status.value, **({":before": times} if times else {})},
    )


def _failure(known: Import, error: DomainError) -> list[str]:
    return [error.code.value, error.text(known.language)]


def _part_event(known: Import, part: int, now: datetime, *, undone: bool) -> Event:
    aggregate = f"{known.import_id}_{'undone' if undone else 'done'}_part"
    told = {"part": part, "undone": undone}
    return Event(ids.event_id(aggregate, part, 0), EventName.IMPORT_PART_DONE, now, told, known.actor)


def _count_attributes(counts: Counts) -> dict[str, int | frozenset[int]]:
    return {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "unmatched": counts.unmatched,
    }


def _columns_text(columns: Sequence[Column]) -> str:
    return compact([[one.header, one.index, one.field, one.how] for one in columns])


def _place_text(place: Place) -> str:
    return compact([place.encoding, place.sheet, place.header_row, place.header_rows, place.hidden_rows])


def _said_text(said: Mapping[str, Said]) -> str:
    text = compact([[id_, one.column, one.options] for id_, one in said.items()])
    if (size := len(text.encode())) > _MOST_SAID:
        raise DomainError(MigrationRefusal.VALUES_TOO_LONG, "values", size=size, limit=_MOST_SAID)
    return text


def _scales_asked_text(scales: Sequence[AskedScale]) -> str:
    return compact([[one.field, one.header, one.lowest, one.highest] for one in scales])


def _to_item(made: Import) -> Item:
    return {
        "kind": made.kind.value,
        "filename": made.filename,
        "dry_run": made.dry_run or None,
        "source": made.source,
        "object_key": made.object_key,
        "created_at": instant(made.created_at),
        "language": made.language,
        "actor": made.actor,
        "status": made.status.value,
        "request_digest": made.request_digest,
        "size": made.size,
        "confirm": made.confirm or None,
        **_count_attributes(Counts()),
    }


def _from_item(item: Item) -> Import:
    started_at, columns = item.get("started_at"), item.get("columns")
    return Import(
        import_id=item["sk"],
        kind=ImportKind(item["kind"]),
        filename=item["filename"],
        dry_run=item.get("dry_run", False),
        source=item["source"],
        object_key=item["object_key"],
        created_at=from_instant(item["created_at"]).astimezone(UTC),
        language=item["language"],
        actor=item["actor"],
        status=ImportStatus(item["status"]),
        version_id=item.get("version_id") or None,
        mapping_version=item.get("mapping_version"),
        started_at=from_instant(started_at).astimezone(UTC) if started_at else None,
        columns=tuple(Column(*one) for one in json.loads(columns)) if columns else None,
        failure=tuple(item["failure"]) if "failure" in item else None,
        rows=item.get("rows"),
        parts_total=item.get("parts_total"),
        parts_done=item.get("parts_done", frozenset()),
        counts=Counts(
            item["created"], item["updated"], item["unchanged"], item["rejected"], item["unmatched"]
        ),
        undo=Undo(
            number=item.get("undo_number", 0),
            checked=item.get("undo_checked", frozenset()),
            parts_done=item.get("undo_parts_done", frozenset()),
            refused=item.get("undo_refused", 0),
            restored=item.get("undo_restored", 0),
            kept=item.get("undo_kept", 0),
            refused_parts=item.get("undo_refused_parts", frozenset()),
            kept_parts=item.get("undo_kept_parts", frozenset()),
        ),
        request_digest=item.get("request_digest"),
        size=item.get("size"),
        confirm=item.get("confirm", False),
        default_version=item.get("default_version"),
        roles=json.loads(item.get("roles", "{}")),
        asked=item.get("asked", 0),
        said={id_: Said(column, options) for id_, column, options in json.loads(item.get("said", "[]"))},
        scales_asked=tuple(AskedScale(*one) for one in json.loads(item.get("scales_asked", "[]"))),
        scales={id_: (worst, best) for id_, worst, best in json.loads(item.get("scales", "[]"))},
        confirmations=item.get("confirmations", 0),
        place=Place(*json.loads(item["place"])) if "place" in item else None,
        doubts=tuple(item.get("doubts", ())),
        hidden=item.get("hidden"),
    )
