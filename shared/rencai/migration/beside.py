"""What a row about somebody's work is held against beside the item it writes: their first and last day, and their other
leave.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rencai.employees.recording import LeaveRead
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.employment import Told, check_employed
from rencai.employees.rules.overlaps import check_overlaps
from rencai.employees.rules.signals import Leave
from rencai.employees.store.employees import employee_from, employee_key
from rencai.kernel.errors import DomainError
from rencai.migration.store.batches import PartReads


@dataclass
class Beside:
    """What is known of the people of a part, and what its rows are about to say of their leave.

    Leave is read once an employee, when there is news of it: 1 read unit for some twenty. What is said of an employee's
    days may be a moment old, like all that ``reads`` has.
    """

    reads: PartReads
    leave: LeaveRead
    _planned: dict[str, dict[str, tuple[int, Leave]]] = field(default_factory=dict)

    def plan(self, row: int, employee_id: str, told: Told) -> None:
        """A row of the part is about to say this."""
        if isinstance(told, Leave):
            self._planned.setdefault(employee_id, {}).setdefault(told.leave_id, (row, told))

    def check(self, row: int, employee_id: str, told: Told) -> None:
        """Raises ``DomainError`` when what a row says does not go together with what is known: see ``check_employed``
        and ``check_overlaps``.
        """
        employee = self._employee(employee_id)
        if employee is None:
            # Gone since they were looked up, by an undo; what is told of them stays by itself.
            return
        check_employed(employee, told)
        if isinstance(told, Leave) and not told.cancelled:
            check_overlaps(told, self._others(row, employee))

    def _employee(self, employee_id: str) -> Employee | None:
        item = self.reads.item(employee_key(employee_id))
        return employee_from(employee_id, item) if item else None

    def _others(self, row: int, employee: Employee) -> Iterator[Leave]:
        """Other leave as it will be once the part is written: rows that come before count as they are, and what is on
        record gives way to the row that corrects it, wherever that is.
        """
        planned = {
            id_: said
            for id_, said in self._planned.get(employee.employee_id, {}).items()
            if _stands(employee, said[1])
        }
        yield from (one for one in self._on_record(employee) if one.leave_id not in planned)
        yield from (one for number, one in planned.values() if number < row)

    def _on_record(self, employee: Employee) -> Iterable[Leave]:
        return self.leave.of(employee.employee_id)


def _stands(employee: Employee, leave: Leave) -> bool:
    """Whether a row that says so will be written, as far as the employee's days go."""
    try:
        check_employed(employee, leave)
    except DomainError:
        return False
    return True
