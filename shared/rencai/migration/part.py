"""A part of a file: its rows are read, resolved and written, and a bad one stops no other.

What was there before is kept before anything is written (the undo log), so that a part which is cut short finds out,
when it is done again, which items are as it wrote them, and counts them as it would have. Of two tries of a part at
once, neither keeps a log over one that it has not seen: it is tried again, and goes by that.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rencai.employees.recording import LeaveRead
from rencai.employees.rules.overlaps import is_part_of_a_day
from rencai.employees.rules.signals import Leave
from rencai.employees.store.employees import employee_key
from rencai.kernel.errors import DomainError, LostRace
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.marked import UNCLEAR
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rows import CellError, ImportRow, made_id
from rencai.migration.rules.sheet.source import FAILED
from rencai.migration.store.batches import PartReads, Target
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.migration.store.objects import BadRow, CutRow, DoneRow, ImportPartResult, RowOutcome, Written
from rencai.platform.consumer import Retry
from rencai.store.table import Item, Key

from . import report
from .beside import Beside
from .importing import Importing
from .reading import OUR_FAULT, Reading, our_fault
from .targets import directory, targets

Log = dict[tuple[int, Key], Written]
"""What is, or is about to be, as this part wrote it."""


@dataclass
class UndoLog:
    """What a part has kept of what was there before, as this try has seen it last. ``etag``: the object's; None: there
    is none.
    """

    importing: Importing
    import_id: str
    part: int
    kept: Log
    etag: str | None

    @classmethod
    def of(cls, known: Import, part: int, importing: Importing) -> "UndoLog":
        """The log as it is now; a dry run has none."""
        import_id = known.import_id
        written, etag = ([], None) if known.dry_run else importing.objects.tagged_undo_log(import_id, part)
        return cls(importing, import_id, part, {(one.row, one.key): one for one in written}, etag)

    def keep(self, log: Log) -> None:
        """Keep what is, or is to be, written; raises ``LostRace`` when another try has kept something since."""
        if log == self.kept:
            return
        # By rows, for what was decided again comes last.
        written = sorted(log.values(), key=lambda one: one.row)
        self.etag = self.importing.objects.put_undo_log(self.import_id, self.part, written, self.etag)
        self.kept = dict(log)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read, whose it is, and the items it is about."""

    cut: CutRow
    read: ImportRow
    employee_id: str
    targets: list[Target]


@dataclass
class Outcome:
    """What came of a part's rows."""

    reading: Reading
    bad: dict[int, BadRow] = field(default_factory=dict)
    unmatched: dict[int, str] = field(default_factory=dict)

    def refuse(self, cut: CutRow, *errors: CellError) -> None:
        """A row is rejected. A cell whose text says only one of the two things it may be has no value in the error
        file, where it would be taken for that one.
        """
        unclear = {error.field for error in errors if error.rule in UNCLEAR}
        cells = list(cut.cells)
        for column in self.reading.columns:
            if column.field in unclear and column.index < len(cells):
                cells[column.index] = FAILED
        self.bad[cut.number] = BadRow(cut.number, cells, errors)

    def refuse_by(self, cut: CutRow, error: DomainError) -> None:
        """A row is rejected by a rule that looks beyond it."""
        self.refuse(cut, self.reading.error(error, cut.cells))
        if error.code is MigrationRefusal.EMPLOYEE_UNMATCHED:
            self.unmatched[cut.number] = str(error.params["reference"])

    def result(self, rows: list[Row], log: Log) -> ImportPartResult:
        """What is kept of it."""
        changed = {row.employee_id for row in rows if _written(row, log)}
        bad = tuple(self.bad[number] for number in sorted(self.bad))
        done = tuple(
            # The record's own name within the file: behind what kind of record it is.
            DoneRow(
                row.cut.number, self._of(row, log), row.employee_id, row.targets[-1].key.sk.partition("#")[2]
            )
            for row in rows
            if row.cut.number not in self.bad
        )
        unmatched = tuple(dict.fromkeys(self.unmatched.values()))
        return ImportPartResult(tuple(sorted(changed)), bad, unmatched, done)

    def counts(self, rows: list[Row], log: Log) -> Counts:
        """What is counted of it."""
        of = Counter(self._of(row, log) for row in rows if row.cut.number not in self.bad)
        written = of[RowOutcome.CREATED], of[RowOutcome.UPDATED]
        return Counts(*written, of[RowOutcome.UNCHANGED], len(self.bad), len(self.unmatched))

    @staticmethod
    def _of(row: Row, log: Log) -> RowOutcome:
        told = log.get((row.cut.number, row.targets[-1].key))
        if told and told.before is None:
            return RowOutcome.CREATED
        return RowOutcome.UPDATED if _written(row, log) else RowOutcome.UNCHANGED


def _written(row: Row, log: Log) -> bool:
    return any((row.cut.number, target.key) in log for target in row.targets)


def import_part(import_id: str, part: int, *, importing: Importing, now: datetime) -> None:
    """Take in a part's rows and count them. Done again it finds its own items and counts nothing twice."""
    known = importing.imports.get(import_id)
    if known.status is ImportStatus.RUNNING and part not in known.parts_done:
        outcome = Outcome(Reading.of(known, importing))
        undo = UndoLog.of(known, part, importing)
        reads = importing.batches.reads(certain=undo.etag is not None)
        beside = Beside(reads, LeaveRead(importing.signals))
        rows = _read(known, part, outcome, importing, beside, now)
        log = _write(known, rows, undo, outcome, reads, now)
        importing.objects.put_result(import_id, part, outcome.result(rows, log))
        known = importing.imports.part_done(known, part, outcome.counts(rows, log), now)
    report.finish_when_complete(known, importing, now)


def give_up_part(
    import_id: str, part: int, reason: DomainError, *, importing: Importing, now: datetime
) -> None:
    """Count a part's rows as rejected, none of which is read: one of them kills whoever does. What was written of it
    may be undone with the rest.
    """
    known = importing.imports.get(import_id)
    if known.status is not ImportStatus.RUNNING:
        return
    if part in known.parts_done:
        # It is the report of the whole that cannot be made.
        importing.imports.given_up(known, reason, now)
        return
    rows = importing.objects.rows(import_id, part)
    undo = UndoLog.of(known, part, importing)
    text = DomainError(MigrationRefusal.ROW_GIVEN_UP, reason=reason.text(known.language)).text(known.language)
    error = CellError("", "", "", str(MigrationRefusal.ROW_GIVEN_UP), text, "")
    # Whose rows were written is told of, whoever they are by the log.
    employees = dict.fromkeys(
        key.pk.partition("#")[2] for _, key in undo.kept if key.pk.startswith(("EMPLOYEE#", "ANSWERS#"))
    )
    bad = tuple(BadRow(row.number, row.cells, (error,)) for row in rows)
    importing.objects.put_result(import_id, part, ImportPartResult(tuple(employees), bad, ()))
    counts = Counts(rejected=len(rows))
    known = importing.imports.part_done(known, part, counts, now, changed=bool(employees))
    report.finish_when_complete(known, importing, now)


def _read(
    known: Import, part: int, outcome: Outcome, importing: Importing, beside: Beside, now: datetime
) -> list[Row]:
    """The rows that say what can be written, and whose they are; the others are refused."""
    good: list[tuple[CutRow, ImportRow]] = []
    for cut in importing.objects.rows(known.import_id, part):
        read = outcome.reading.row(cut.source)
        if isinstance(read, ImportRow):
            good.append((cut, read))
        else:
            outcome.refuse(cut, *(read or ()))
    who = directory([read.reference for _, read in good], known.kind, importing.employees, beside.reads)
    rows: list[Row] = []
    claimed: dict[Key, ImportRow] = {}
    for cut, read in good:
        try:
            employee_id = who.employee_id(read.reference, known.kind)
            _alone_in_file(cut, read)
            about = targets(read, employee_id, known.actor, importing, beside, now)
            # One person by number and by id: the file's rows look as if they were about two.
            first = claimed.setdefault(about[-1].key, read)
            if first.record != read.record:
                raise DomainError(MigrationRefusal.ROW_REPEATED, row=first.number)
        except DomainError as error:
            outcome.refuse_by(cut, error)
        else:
            rows.append(Row(cut, read, employee_id, about))
    return rows


def _alone_in_file(cut: CutRow, read: ImportRow) -> None:
    """Raises ``DomainError`` when the row does not go together with one before it, wherever in the file that is:
    ROW_REPEATED, HALF_DAY_REPEATED, LEAVE_OVERLAPS_ROW.
    """
    if cut.repeats and not cut.same:
        raise DomainError(MigrationRefusal.ROW_REPEATED, row=cut.repeats)
    leave = read.record if isinstance(read.record, Leave) else None
    if cut.repeats and leave and is_part_of_a_day(leave) and leave.leave_id == made_id(leave):
        # The same half day told twice, or its two halves? Whoever wrote it knows.
        day = leave.starts_on.isoformat()
        raise DomainError(MigrationRefusal.HALF_DAY_REPEATED, "starts_on", row=cut.repeats, day=day)
    if cut.overlaps:
        row, starts_on, ends_on, days = cut.overlaps
        raise DomainError(
            MigrationRefusal.LEAVE_OVERLAPS_ROW,
            "starts_on",
            row=row,
            starts_on=starts_on,
            ends_on=ends_on,
            days=days,
        )


def _write(
    known: Import, rows: list[Row], undo: UndoLog, outcome: Outcome, reads: PartReads, now: datetime
) -> Log:
    """Write what is not so already; returns what is then as these rows wrote it. A dry run only says what would be."""
    about = [target.key for row in rows for target in row.targets]
    people = {employee_key(row.employee_id) for row in rows}
    reads.get_all([*about, *people, *(key for _, key in undo.kept)], consistent=False)
    log = _decided(known, rows, undo.kept, outcome, reads)
    if known.dry_run:
        return log
    undo.keep(log)
    for row in rows:
        left = list(row.targets)
        try:
            while left:
                target = left.pop(0)
                _write_one(known, target, reads.item(target.key), log, undo, now)
        except LostRace:
            raise
        except DomainError as error:
            outcome.refuse_by(row.cut, error)
            for target in left:
                _forget(known, target, log, reads)
    undo.keep(log)
    return log


def _forget(known: Import, target: Target, log: Log, reads: PartReads) -> None:
    """A refused row does not write this any more, unless an earlier try has."""
    place = (target.row, target.key)
    if place in log and not _is_as_written(known, log[place], reads.item(target.key)):
        del log[place]


def _decided(known: Import, rows: list[Row], kept: Log, outcome: Outcome, reads: PartReads) -> Log:
    # What this part wrote before it was cut short is its own, whatever the rows are found to be now.
    log = {key: one for key, one in kept.items() if _is_as_written(known, one, reads.item(one.key))}
    claimed: set[Key] = set()
    answered: dict[tuple[int, Key], tuple[Item | None, Written | None]] = {}

    def decided(target: Target) -> Written | None:
        # Once an item, however often it was read: to compare sealed words is to open them.
        place, item = (target.row, target.key), reads.item(target.key)
        if place not in answered or answered[place][0] != item:
            answered[place] = item, _decide(known, target, item, kept)
        return answered[place][1]

    def in_doubt(rows: Iterable[Row], *, certain: bool) -> Iterator[tuple[Row, DomainError | None]]:
        for row in rows:
            try:
                found = [decided(target) for target in row.targets]
            except DomainError as error:
                yield row, error
                continue
            except OUR_FAULT as error:
                outcome.refuse_by(row.cut, our_fault(row.cut.number, error))
                continue
            if not certain and not all(found):
                yield row, None
                continue
            # Of two rows that say the same of one thing, the first writes it.
            new = [one for one in found if one and one.key not in claimed and not row.cut.repeats]
            claimed.update(one.key for one in new)
            log.update({(one.row, one.key): one for one in new})

    doubtful = list(in_doubt(rows, certain=False))
    # Nothing is refused, nor left as it is, for what may be a moment old: no write would find that out.
    again = [target.key for row, _ in doubtful for target in row.targets]
    reads.get_all([*again, *{employee_key(row.employee_id) for row, error in doubtful if error}])
    doubtful_rows = [row for row, _ in doubtful]
    for row, error in in_doubt(doubtful_rows, certain=True):
        if error:
            outcome.refuse_by(row.cut, error)
    return log


def _is_as_written(known: Import, written: Written, item: Item | None) -> bool:
    return item is not None and item.get("batch") == written.marker(known.import_id)


def _decide(known: Import, target: Target, item: Item | None, kept: Log) -> Written | None:
    """What a row has written, or has to write over ``item``; None: it is so already.

    Raises ``DomainError``: ROW_REPEATED when another row of the file wrote it; what ``told`` raises.
    """
    import_id, _, rest = (item or {}).get("batch", "").partition(":")
    row = int(rest.partition(":")[0]) if import_id == known.import_id else None
    if row == target.row:
        written = kept.get((row, target.key))
        if written is None or not _is_as_written(known, written, item):
            raise Retry("written by this very part at this moment")
        return written
    told = target.told(item)
    if item and told.is_so(item):
        return None
    if row is not None:
        raise DomainError(MigrationRefusal.ROW_REPEATED, row=row)
    return Written(target.row, target.key, item)


def _write_one(
    known: Import, target: Target, item: Item | None, log: Log, undo: UndoLog, now: datetime
) -> None:
    """Write a target that is to be written, unless it is as this row wrote it; a lost race is decided again, once."""
    written = log.get((target.row, target.key))
    if written is None:
        return
    if _is_as_written(known, written, item):
        return
    importing = undo.importing

    def write(written: Written) -> None:
        importing.batches.write(
            written,
            target.told(written.before),
            import_id=known.import_id,
            actor=known.actor,
            now=now,
            # Cards are told by part; a month's performance is also reviewed with the training plan, one by one.
            silent=known.kind is not ImportKind.PERFORMANCE,
        )

    try:
        write(written)
    except LostRace:
        if undo.part in importing.imports.get(known.import_id).parts_done:
            # Another try has come to the end, and what it wrote may be undone by now.
            raise Retry("counted meanwhile") from None
        del log[target.row, target.key]
        again = _decide(known, target, importing.batches.get(target.key), {(target.row, target.key): written})
        if again:
            log[target.row, target.key] = again
            if again != written:
                undo.keep(log)
                write(again)
