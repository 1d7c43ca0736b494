"""What HR records of a career (F3): level, skills and projects, by the ladder of the employee's role."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rencai.career.rules.known import CareerRecord, career_record
from rencai.career.rules.ladder import CAREER_LADDER
from rencai.career.store.careers import Careers
from rencai.employees.store.employees import Employees
from rencai.kernel.errors import NotFound
from rencai.store.configurations import Configurations


@dataclass(frozen=True, slots=True)
class CareerRecording:
    """Puts on file what HR says of a career."""

    employees: Employees
    careers: Careers
    configurations: Configurations
    zone: ZoneInfo

    def record(self, employee_id: str, told: CareerRecord, actor: str, now: datetime) -> CareerRecord:
        """The record as it is on file now. The same again changes nothing; anything else replaces all there was.

        Raises ``NotFound``, and what ``career_record`` does.
        """
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        ladder = self.configurations.of_role(CAREER_LADDER, employee.role).document
        record = career_record(ladder, employee.role, told, now.astimezone(self.zone).date())
        self.careers.record(employee_id, record, actor, now)
        return record
