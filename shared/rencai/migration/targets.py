"""Whom a row is about, and what it is about to write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rencai.employees.rules.employment import Told
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, SurveyAnswers
from rencai.employees.store.employees import Employees, employee_from, employee_key, employee_told
from rencai.employees.store.performances import performance_told
from rencai.employees.store.records import learning_told, recruiting_told
from rencai.employees.store.signals import attendance_told, leave_told, survey_told
from rencai.kernel.errors import DomainError
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.rows import ImportRow, Person, Reference, employee_of
from rencai.migration.store.batches import PartReads, Target, number_target
from rencai.store.corrections import Correctable
from rencai.store.table import Item

from .beside import Beside
from .importing import Importing


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is known of those a part's rows name; ``id_of_number`` makes the id of a number that nobody has."""

    of_number: Mapping[str, str]
    ids: frozenset[str]
    id_of_number: Callable[[str], str]

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
            return self.id_of_number(number)
        raise DomainError(MigrationRefusal.EMPLOYEE_UNMATCHED, "employee_no", reference=number)


def directory(
    references: Sequence[Reference], kind: ImportKind, employees: Employees, reads: PartReads
) -> Directory:
    """Looks up whom the rows name, 100 a call. What is read may be a moment old; nobody is refused for that."""
    who = _looked_up(references, kind, employees, reads)
    doubtful = [one for one in references if not _is_known(who, one, kind)]
    if not doubtful:
        return who
    numbers, given = _named(doubtful)
    sure = employees.of_numbers(numbers, reads=reads)
    return Directory(
        {number: id_ for number, id_ in who.of_number.items() if number not in numbers} | sure,
        (who.ids - given) | employees.known(sorted(given), reads=reads),
        employees.id_of_number,
    )


def _looked_up(
    references: Sequence[Reference], kind: ImportKind, employees: Employees, reads: PartReads
) -> Directory:
    numbers, given = _named(references)
    if kind is ImportKind.PEOPLE:
        of_number = _of_people(references, employees, reads)
    else:
        of_number = employees.of_numbers(numbers, reads=reads, consistent=False)
    known = frozenset(employees.known(sorted(given), reads=reads, consistent=False))
    return Directory(of_number, known, employees.id_of_number)


def _of_people(references: Sequence[Reference], employees: Employees, reads: PartReads) -> dict[str, str]:
    """Whose the numbers are that a file gives people. Of a number's two places, the one that the row itself writes may
    be read a moment old, for its condition finds out; nothing else guards the other.
    """
    given, _ = _named([one for one in references if one.employee_id])
    made, _ = _named([one for one in references if not one.employee_id])
    found = employees.made_by(made, reads=reads, consistent=False)
    found |= employees.pointed_at(made - found.keys(), reads=reads)
    found |= employees.pointed_at(given, reads=reads, consistent=False)
    return found | employees.made_by(given - found.keys(), reads=reads)


def _named(references: Sequence[Reference]) -> tuple[set[str], set[str]]:
    """The numbers and the ids."""
    return (
        {one.employee_no for one in references if one.employee_no},
        {one.employee_id for one in references if one.employee_id},
    )


def _is_known(who: Directory, reference: Reference, kind: ImportKind) -> bool:
    try:
        who.employee_id(reference, kind)
    except DomainError:
        return False
    return True


def targets(
    row: ImportRow, employee_id: str, actor: str, importing: Importing, beside: Beside, now: datetime
) -> list[Target]:
    """The items a row that ``actor`` brought is about; the last is the one it tells of."""
    record = row.record
    if not isinstance(record, Person):
        return [_of_work(row.number, record, employee_id, actor, importing, beside)]
    number, given = row.reference.employee_no, row.reference.employee_id

    def told(known: Item | None) -> Correctable:
        if given and not known:
            # Gone since they were looked up; an id of Rencai's own makes nobody.
            raise DomainError(MigrationRefusal.EMPLOYEE_UNMATCHED, "employee_id", reference=given)
        before = employee_from(employee_id, known) if known else None
        return employee_told(employee_of(record, before, employee_id, now, number))

    person = Target(row.number, employee_key(employee_id), told)
    if number and importing.employees.id_of_number(number) != employee_id:
        return [number_target(row.number, number, employee_id), person]
    return [person]


def _of_work(
    row: int, record: Told, employee_id: str, actor: str, importing: Importing, beside: Beside
) -> Target:
    written = _told(record, employee_id, actor, importing)
    beside.plan(row, employee_id, record)

    asked: list[tuple[Item, bool]] = []

    def is_so(known: Item) -> bool:
        # Asked once of an item, for to compare sealed words is to open them.
        if not asked or asked[-1][0] is not known:
            asked.append((known, written.is_so(known)))
        return asked[-1][1]

    def told(known: Item | None) -> Correctable:
        # What is on record already is no news, and is not held against anything again.
        if not known or not is_so(known):
            beside.check(row, employee_id, record)
        return replace(written, is_so=is_so)

    return Target(row, written.key, told)


def _told(
    record: RecruitingRecord | LearningRecord | MonthlyPerformance | AttendanceWeek | Leave | SurveyAnswers,
    employee_id: str,
    actor: str,
    importing: Importing,
) -> Correctable:
    match record:
        case RecruitingRecord():
            return recruiting_told(employee_id, record, importing.ids)
        case LearningRecord():
            return learning_told(employee_id, record, importing.ids)
        case MonthlyPerformance():
            return performance_told(employee_id, record)
        case AttendanceWeek():
            return attendance_told(employee_id, record)
        case Leave():
            return leave_told(employee_id, record)
        case SurveyAnswers():
            return survey_told(employee_id, record, actor, importing.vault)
