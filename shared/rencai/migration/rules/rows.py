"""What a row of a file from another system comes to: whom it is about and what goes on record, or what is wrong with
its cells (F1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, SurveyAnswers
from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .halves import Half
from .taken import Column

MAX_VALUE: Final = 40
"""Characters of a cell that an error quotes."""
ALWAYS_TOLD: Final = ("name", "role", "location", "starts_on")
"""What an employee cannot be without."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell: ``column`` is its header ("": the row as a whole), ``value`` what it says, shortened
    to 40 characters, ``rule`` the code of the rule that is against it. ``message`` says why, ``suggestion`` what would
    be right, both in the report's language; "" where nobody can know.
    """

    column: str
    field: str
    value: str
    rule: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Who a row is about, as the file says it: at least one of the two."""

    employee_no: str | None
    employee_id: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """What a row tells of a person: None where the file has no such column, "" where the cell is empty.

    Name, role, location and the first day are never empty.
    """

    name: str | None = None
    role: str | None = None
    location: str | None = None
    department: str | None = None
    level: str | None = None
    email: str | None = None
    locale: str | None = None
    starts_on: date | None = None
    left_on: date | Literal[""] | None = None


Record = (
    Person | RecruitingRecord | LearningRecord | MonthlyPerformance | AttendanceWeek | Leave | SurveyAnswers
)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that its cells and the rules allow. ``identity`` is what it is about: where two rows of a file have the
    same, one of them is too many. Who is named by number in one and by id in the other, it tells apart.
    """

    number: int
    reference: Reference
    record: Record
    identity: tuple[str, ...]
    period: str = ""
    """What the row calls its week or month: two days of one week that say the same are not one row told twice."""


def cell_error(
    error: DomainError, field: str, cells: Sequence[str], columns: Sequence[Column], language: str
) -> CellError:
    """What a rule that looks beyond the row (who is an employee, which row came first) has against ``field`` of it."""
    column = next((one for one in columns if one.field == field), None)
    value = cells[column.index].strip() if column and column.index < len(cells) else ""
    header = column.header if column else field
    return CellError(header, field, shortened(value), str(error.code), error.text(language), "")


def employee_of(
    person: Person, known: Employee | None, employee_id: str, now: datetime, known_no: str | None
) -> Employee:
    """The employee as a row tells of them: over what is ``known``, or new. ``known_no`` is the row's number, None: it
    has none, and the number stays what it was.

    Raises ``DomainError`` (CELL_REQUIRED, LEFT_BEFORE_START); its path is the field.
    """
    if known is None:
        for field in ALWAYS_TOLD:
            if not getattr(person, field):
                raise DomainError(MigrationRefusal.CELL_REQUIRED, field)
    told: dict[str, Any] = {}
    for field in Person.__dataclass_fields__:
        value = getattr(person, field)
        if value is not None:
            told[field] = None if value == "" else value
    if known_no is not None:
        told["employee_no"] = known_no
    employee = replace(known, **told) if known else Employee(employee_id=employee_id, created_at=now, **told)
    if employee.left_on is not None:
        check_left_after(employee.starts_on, employee.left_on)
    return employee


def made_id(leave: Leave, half: Half | None = None) -> str:
    """What a leave is called whose source has no ids: one of a kind begins on a day, or on each half of it."""
    made = f"{leave.kind}-{leave.starts_on}"
    return f"{made}-{half}" if half else made


def cell_of(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def check_left_after(starts_on: date, left_on: date) -> None:
    if left_on < starts_on:
        raise DomainError(MigrationRefusal.LEFT_BEFORE_START, "left_on", starts_on=starts_on.isoformat())


def shortened(value: str) -> str:
    return value if len(value) <= MAX_VALUE else f"{value[: MAX_VALUE - 1]}…"
