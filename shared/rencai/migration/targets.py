"""Whom a row is about, and what it is about to write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, SurveyAnswers
from rencai.employees.store.employees import Employees, employee_from, employee_key, employee_told
from rencai.employees.store.performances import performance_told
from rencai.employees.store.records import learning_told, recruiting_told
from rencai.employees.store.signals import attendance_told, leave_told, survey_told
from rencai.kernel import ids
from rencai.kernel.errors import DomainError
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rows import ImportRow, Person, Reference, employee_of
from rencai.migration.store.batches import Target, number_target, target_of
from rencai.store.corrections import Correctable
from rencai.store.sealed import Vault
from rencai.store.table import Item


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is known of those a part's rows name."""

    of_number: dict[str, str]
    ids: frozenset[str]

    def employee_id(self, reference: Reference, kind: ImportKind) -> str:
        """Whose row it is; a number nobody has makes a new person's id, where the file brings people.

        Raises ``DomainError``: EMPLOYEE_UNMATCHED; EMPLOYEE_NO_TAKEN when number and id are two people's.
        """
        number, given = reference.employee_no, reference.employee_id
        found = self.of_number.get(number) if number else None
        if given:
            # Ids are Rencai's own: one that nobody has is a mistake, of a file of people too.
            if given not in self.ids:
                raise DomainError(MigrationRefusal.EMPLOYEE_UNMATCHED, "employee_id", reference=given)
            if found and found != given:
                raise DomainError(
                    MigrationRefusal.EMPLOYEE_NO_TAKEN, "employee_no", number=number, employee=found
                )
            return given
        if found:
            return found
        if number and kind is ImportKind.PEOPLE:
            return ids.employee_of_number(number)
        raise DomainError(MigrationRefusal.EMPLOYEE_UNMATCHED, "employee_no", reference=number)


def directory(references: Sequence[Reference], employees: Employees) -> Directory:
    """Looks up whom the rows name, 100 a call."""
    numbers = {one.employee_no for one in references if one.employee_no}
    given = {one.employee_id for one in references if one.employee_id}
    return Directory(
        dict(employees.of_numbers(sorted(numbers))) if numbers else {},
        frozenset(employees.known(sorted(given))) if given else frozenset(),
    )


def targets(row: ImportRow, employee_id: str, vault: Vault, now: datetime) -> list[Target]:
    """The items a row is about; the last is the one it tells of."""
    record = row.record
    if not isinstance(record, Person):
        return [target_of(row.number, _told(record, employee_id, vault))]
    number = row.reference.employee_no

    def told(known: Item | None) -> Correctable:
        before = employee_from(employee_id, known) if known else None
        return employee_told(employee_of(record, before, employee_id, now, number))

    person = Target(row.number, employee_key(employee_id), told)
    if number and ids.employee_of_number(number) != employee_id:
        return [number_target(row.number, number, employee_id), person]
    return [person]


def _told(
    record: RecruitingRecord | LearningRecord | MonthlyPerformance | AttendanceWeek | Leave | SurveyAnswers,
    employee_id: str,
    vault: Vault,
) -> Correctable:
    match record:
        case RecruitingRecord():
            return recruiting_told(employee_id, record)
        case LearningRecord():
            return learning_told(employee_id, record)
        case MonthlyPerformance():
            return performance_told(employee_id, record)
        case AttendanceWeek():
            return attendance_told(employee_id, record)
        case Leave():
            return leave_told(employee_id, record)
        case SurveyAnswers():
            return survey_told(employee_id, record, vault)
