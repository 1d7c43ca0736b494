"""What HR does about files of other systems: asks for a URL, looks at what came of one, says what its columns are, has
it taken back (F1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, NotFound
from rencai.kernel.ids import Ids
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.look import Look, placed
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.taken import Asked, Column, Options, PlaceSaid, Said, missing
from rencai.migration.store.imports import Import, Imports, ImportStatus
from rencai.migration.store.objects import (
    DoneRow,
    ErrorFormat,
    ImportObjects,
    Summary,
    error_file_key,
    report_key,
    upload_object_key,
)
from rencai.store.configurations import Configurations
from rencai.store.file_requests import URL_VALID, FileRequest
from rencai.store.objects import Bucket, PutTicket
from rencai.store.table import Item, decided, from_cursor, to_cursor

UNDOABLE: Final = timedelta(days=60)
"""What was there before is kept for 90 days, and an undo may have to wait out an outage of two weeks."""
SHOWN: Final = 100
"""Rows that stand against an undo, or stayed when it ran; all of them are kept with the parts."""


@dataclass(frozen=True, slots=True)
class ShownImport:
    """An import with what is shown of it: the fields it goes without, which values it waits to be told of (``asked``),
    the first errors and people not found, where all of them are, and the rows that stand against its undo
    (``refused_rows``) or stayed when it ran (``kept_rows``). ``look`` is of a file that waits for a person, or that was
    tried only.
    """

    known: Import
    missing: tuple[str, ...]
    look: Look
    asked: tuple[Asked, ...]
    summary: Summary
    report_url: str | None
    error_file_url: str | None
    refused_rows: list[int]
    kept_rows: list[int]


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """The use case and its collaborators."""

    imports: Imports
    objects: ImportObjects
    bucket: Bucket
    configurations: Configurations
    ids: Ids

    def ask(
        self,
        asked: FileRequest,
        kind: ImportKind,
        source: str,
        now: datetime,
        *,
        dry_run: bool,
        confirm: bool = False,
    ) -> tuple[Import, PutTicket]:
        """A URL for one file, valid for an hour; the same request under the same key names the same import. ``source``
        names the import mapping; ``confirm``: it waits for a person to look, whatever is known.

        Raises ``DomainError`` (SOURCE_UNKNOWN); ``Conflict`` (KEY_REUSED).
        """
        self._known_source(source)
        import_id = self.ids.import_id(now, asked.key or asked.request_key)
        made = self.imports.create(
            Import(
                import_id,
                kind,
                asked.filename,
                dry_run,
                source,
                upload_object_key(import_id, asked.filename),
                now,
                asked.language,
                asked.actor,
                request_digest=asked.digest,
                size=asked.size,
                confirm=confirm,
            ),
            asked.key,
        )
        return made, asked.ticket(self.bucket, made.object_key, made.request_digest, now)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Import], str | None]:
        """Imports, newest first."""
        return self.imports.page(limit, cursor)

    def show(self, import_id: str, error_file: ErrorFormat = "xlsx") -> ShownImport:
        """How far an import has come, and what came of it, with its error file in this format; raises ``NotFound``."""
        return self._shown(self.imports.get(import_id), error_file)

    def rows(self, import_id: str, limit: int, cursor: str | None) -> tuple[list[DoneRow], str | None]:
        """What came of each row, in their order, of the parts that are done; of a dry run, what would have. A page
        reads a part or two.

        Raises ``NotFound``; ``DomainError`` (BAD_CURSOR).
        """
        known = self.imports.get(import_id)
        position = from_cursor(cursor) or {"part": "0", "row": "0"}
        if not all(str(position.get(one)).isdecimal() for one in ("part", "row")):
            raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
        first, after = int(position["part"]), int(position["row"])
        found: list[DoneRow] = []
        for part in sorted(one for one in known.parts_done if one >= first):
            found += (one for one in self.objects.done_rows(import_id, part) if one.row > after)
            if len(found) > limit:
                return found[:limit], to_cursor({"part": str(part), "row": str(found[limit - 1].row)})
        return found, None

    def confirm(
        self,
        import_id: str,
        choice: Mapping[str, str | None],
        actor: str,
        now: datetime,
        *,
        by_letter: Mapping[str, str | None] = MappingProxyType({}),
        values: Mapping[str, Options] = MappingProxyType({}),
        scales: Mapping[str, tuple[Decimal, Decimal]] = MappingProxyType({}),
        guesses: bool = True,
        memorable: bool = False,
        table: PlaceSaid | None = None,
    ) -> ShownImport:
        """Say which field each header is (None: none) of a file that waits for it, or each column by its letter, and
        what its ``values`` mean, by field (None: nothing); it is read on. ``guesses``: what is not spoken of means what
        was guessed. ``memorable``: the source's mapping learns it all.

        ``table`` says where the table is. Where that is another than was found, the file is looked at again: its
        columns are not known yet. ``scales``: of a field of points the worst and the best.

        Raises ``NotFound``; ``Conflict`` (IMPORT_NOT_WAITING); ``DomainError`` (COLUMN_UNKNOWN, COLUMN_AMBIGUOUS,
        COLUMN_TWICE, COLUMN_MISSING, COLUMN_NOT_MEMORABLE, VALUE_FIELD_UNKNOWN, VALUE_OPTION_UNKNOWN, MAPPING_FULL,
        SCALE_FIELD_UNKNOWN, SCALE_WITHOUT_ENDS, SCALE_UNKNOWN, TABLE_FIRST, HIDDEN_ROWS_UNSAID; those of
        ``look.placed``).
        """
        from rencai.migration.rules.columns import confirmed
        from rencai.migration.rules.points import stated
        from rencai.migration.rules.said import chosen

        from .mapping import mapping_of

        known = self.imports.get(import_id)
        if known.status is not ImportStatus.CONFIRMING:
            raise Conflict(MigrationRefusal.IMPORT_NOT_WAITING, status=known.status)
        place = known.place
        if table and place:
            place = placed(place, self.objects.look(import_id), table)
            if not place.same_table(known.place or place):
                if choice or by_letter or values or scales or memorable:
                    raise DomainError(MigrationRefusal.TABLE_FIRST, "table")
                return self._shown(self.imports.placed(known, place, actor, now))
        mapping = mapping_of(known, self.configurations)
        columns = confirmed(known.kind, known.columns or (), choice, mapping, by_letter)
        if known.hidden and place and place.hidden_rows is None:
            raise DomainError(MigrationRefusal.HIDDEN_ROWS_UNSAID, "table.hidden_rows", rows=known.hidden)
        said = chosen(known.kind, columns, self._asked(known), values, mapping, known.said, guesses=guesses)

        ends = stated(known.kind, columns, known.scales_asked, scales, known.scales)

        def attempt() -> Import:
            learns = self._learnt(known, columns, choice, said, ends, actor, now) if memorable else []
            return self.imports.confirmed(
                known, place, columns, actor, now, said=said, scales=ends, beside=learns
            )

        # Of those who have something remembered at once, all but one read the mapping again.
        return self._shown(decided(attempt, tries=5))

    def _learnt(
        self,
        known: Import,
        columns: Sequence[Column],
        choice: Mapping[str, str | None],
        said: Mapping[str, Said],
        scales: Mapping[str, tuple[str, str]],
        actor: str,
        now: datetime,
    ) -> list[Item]:
        from .remembering import learnt

        learns = learnt(
            known, columns, choice, said, scales, configurations=self.configurations, actor=actor, now=now
        )
        return [learns] if learns else []

    def _asked(self, known: Import) -> tuple[Asked, ...]:
        """What somebody has to say yet of values."""
        waits = known.status is ImportStatus.CONFIRMING and known.asked
        asked = self.objects.asked(known.import_id, known.asked) if waits else ()
        said = {id_: one.column for id_, one in known.said.items()}
        return tuple(one for one in asked if said.get(one.field) != one.column)

    def undo(self, import_id: str, actor: str, now: datetime) -> ShownImport:
        """Have an import taken back; whether it can be is found out row by row.

        Raises ``NotFound``; ``Conflict``: IMPORT_NOT_UNDOABLE for a dry run, IMPORT_TOO_OLD, IMPORT_NOT_FINISHED.
        """
        known = self.imports.get(import_id)
        if known.dry_run:
            raise Conflict(MigrationRefusal.IMPORT_NOT_UNDOABLE)
        if now - known.created_at > UNDOABLE:
            raise Conflict(MigrationRefusal.IMPORT_TOO_OLD, days=UNDOABLE.days)
        return self._shown(self.imports.undo_asked(known, actor, now))

    def _known_source(self, source: str) -> None:
        # How columns are recognised is most of what this API would have to import, and to ask how far an import has
        # come, which is asked most, needs none of it.
        from rencai.migration.rules.import_mapping import IMPORT_MAPPING

        try:
            self.configurations.latest(IMPORT_MAPPING, source)
        except NotFound:
            known = tuple(sorted({"default", *self.configurations.names(IMPORT_MAPPING)}))
            raise DomainError(MigrationRefusal.SOURCE_UNKNOWN, "source", source=source, known=known) from None

    def _shown(self, known: Import, error_file: ErrorFormat = "xlsx") -> ShownImport:
        import_id, rejected, status = known.import_id, known.counts.rejected, known.status
        summarised = known.failure is None and rejected and status is not ImportStatus.RUNNING
        # Where nobody lived to make the report, there is none; an undo that was given up is another thing.
        made = known.failure is None or status is ImportStatus.UNDO_REFUSED
        reported = rejected and made and status not in (ImportStatus.READING, ImportStatus.RUNNING)
        refused = status is ImportStatus.UNDO_REFUSED
        looked_at = status is ImportStatus.CONFIRMING or (known.dry_run and known.columns is not None)
        return ShownImport(
            known,
            missing(known.kind, known.columns) if known.columns is not None else (),
            self.objects.look(import_id) if looked_at else Look(),
            self._asked(known),
            self.objects.summary(import_id) if summarised else Summary(),
            self.objects.download_url(report_key(import_id), URL_VALID) if reported else None,
            self.objects.download_url(error_file_key(import_id, error_file), URL_VALID) if reported else None,
            self._rows(import_id, "refused", known.undo.refused_parts) if refused else [],
            self._rows(import_id, "kept", known.undo.kept_parts) if known.undo.kept else [],
        )

    def _rows(self, import_id: str, what: str, parts: frozenset[int]) -> list[int]:
        return self.objects.lost_rows(import_id, what, parts, SHOWN)
