"""How the rows of an import are read: the same, whenever it is split and whenever a part is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.migration.rules.no_record import no_record
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.rows import CellError, ImportRow, cell_error
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.rules.taken import Column
from rencai.migration.store.imports import Import
from rencai.platform.observability import described, logger

from .importing import Importing
from .mapping import mapping_of

OUR_FAULT: Final = (ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, ValueError)
"""What a bug raises. An outage raises otherwise, and the part is tried again."""


def today(known: Import, importing: Importing) -> date:
    """The tenant's day on which an import began."""
    return (known.started_at or known.created_at).astimezone(importing.zone).date()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one import are read."""

    known: Import
    columns: Sequence[Column]
    reader: RowReader

    @classmethod
    def of(cls, known: Import, importing: Importing) -> "Reading":
        """How the rows of this import are read."""
        mapping = mapping_of(known, importing.configurations)
        columns = known.columns or ()
        reader = RowReader(known.kind, columns, mapping, today(known, importing), known.language)
        return cls(known, columns, reader)

    def row(self, row: SourceRow) -> ImportRow | list[CellError] | None:
        """A row, or everything that is wrong with it; None: it is blank."""
        nothing = no_record(row, self.columns)
        if nothing is not None:
            return [self.error(nothing, row.cells)]
        try:
            return self.reader.read(row)
        except OUR_FAULT as error:
            return [self.error(our_fault(row.number, error), row.cells)]

    def error(self, error: DomainError, cells: Sequence[str]) -> CellError:
        """What a rule has against a row, at the cell it is about: else at who the row is about."""
        field = error.path or next(
            (one.field for one in self.columns if one.field in ("employee_no", "employee_id")), ""
        )
        return cell_error(error, field, cells, self.columns, self.known.language)


def our_fault(row: int, error: Exception) -> DomainError:
    """Why a row is rejected that a mistake of ours keeps out: it must not stop the others, whenever it is tried."""
    logger.error("row failed", extra={"row": row, "reason": described(error)})
    return DomainError(CommonRefusal.INTERNAL)
