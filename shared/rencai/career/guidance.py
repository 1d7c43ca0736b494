"""Where an employee stands on the ladder of the role, what is missing, and what to do next (F3)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rencai.career.rules.known import CareerRecord, Evidence, courses_taken, sales_of
from rencai.career.rules.ladder import CAREER_LADDER, CareerLadder
from rencai.career.rules.standing import Standing, where_to_stand
from rencai.career.store.careers import Careers
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.records import Records
from rencai.kernel.errors import NotFound
from rencai.store.configurations import Configurations, Versioned
from rencai.training.rules.rules import COURSE_CATALOGUE, CourseCatalogue
from rencai.training.store.plans import TrainingPlans


@dataclass(frozen=True, slots=True)
class Guided:
    """Where somebody stands, and the documents that name it: the role's ladder and the catalogue of today."""

    role: str
    ladder: Versioned[CareerLadder]
    catalogue: CourseCatalogue
    standing: Standing
    record: CareerRecord


@dataclass(frozen=True, slots=True)
class CareerGuidance:
    """Holds what is known of somebody against the ladder."""

    employees: Employees
    plans: TrainingPlans
    careers: Careers
    records: Records
    performances: Performances
    configurations: Configurations
    zone: ZoneInfo

    def of(self, employee_id: str, now: datetime) -> Guided:
        """Where somebody stands. Raises ``NotFound``: for an employee nobody knows, a role without a ladder."""
        # Some 5-8 read units: the employee, the career, and three queries: courses, earlier systems, performance.
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        ladder = self.configurations.of_role(CAREER_LADDER, employee.role)
        catalogue = self.configurations.latest(COURSE_CATALOGUE).document
        file = self.plans.find(employee_id)
        record = self.careers.get(employee_id)
        evidence = Evidence(
            courses=courses_taken(
                file.plan if file else None,
                file.enrolments if file else {},
                self.records.learning(employee_id),
                catalogue,
            ),
            record=record,
            level=employee.level,
            sales=sales_of(self.performances.of(employee_id), now.astimezone(self.zone).date()),
        )
        standing = where_to_stand(ladder.document, evidence)
        return Guided(employee.role, ladder, catalogue, standing, record)
