"""What splitting, importing and undoing work with, and how each reads a row: the same, whenever it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rencai.employees.store.employees import Employees
from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.migration.rules.columns import IMPORT_MAPPING, Column
from rencai.migration.rules.rows import CellError, ImportRow, RowReader, cell_error
from rencai.migration.store.batches import Batches
from rencai.migration.store.imports import Import, Imports
from rencai.migration.store.objects import ImportObjects
from rencai.platform.observability import described, logger
from rencai.store.configurations import Configurations
from rencai.store.sealed import Vault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

OUR_FAULT: Final = (ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, ValueError)
"""What a bug raises. An outage raises otherwise, and the part is tried again."""


@dataclass(frozen=True, slots=True)
class Importing:
    """The collaborators of the use cases."""

    imports: Imports
    objects: ImportObjects
    batches: Batches
    employees: Employees
    configurations: Configurations
    vault: Vault
    zone: "ZoneInfo"

    def reading(self, known: Import) -> "Reading":
        """How the rows of this import are read."""
        mapping = self.configurations.of_version(IMPORT_MAPPING, known.mapping_version, known.source).document
        columns = known.columns or ()
        today = (known.started_at or known.created_at).astimezone(self.zone).date()
        return Reading(known, columns, RowReader(known.kind, columns, mapping, today, known.language))


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one import are read."""

    known: Import
    columns: Sequence[Column]
    reader: RowReader

    def row(self, number: int, cells: Sequence[str]) -> ImportRow | list[CellError] | None:
        """A row, or everything that is wrong with it; None: it is blank. ``number`` is the row's in the file."""
        try:
            return self.reader.read(number, cells)
        except OUR_FAULT as error:
            return [self.error(our_fault(number, error), cells)]

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
