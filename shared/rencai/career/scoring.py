"""A month's balanced scorecard of an employee (F6): what was measured of the month, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rencai.career.rules.known import Taken, courses_taken
from rencai.career.rules.scorecard import SCORECARD, Scorecard, Scored, measured, score, training_completion
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.records import Records
from rencai.kernel.errors import DomainError, NotFound
from rencai.pressure.store.scans import Scans
from rencai.store.configurations import Configurations, Versioned
from rencai.training.rules.rules import COURSE_CATALOGUE, CourseCatalogue
from rencai.training.store.plans import TrainingPlans


@dataclass(frozen=True, slots=True)
class MonthScored:
    """A month's score, the role's scorecard it is by, and the courses that its incentive may name."""

    role: str
    month: str
    card: Versioned[Scorecard]
    catalogue: CourseCatalogue
    taken: Mapping[str, Taken]
    scored: Scored


@dataclass(frozen=True, slots=True)
class Scoring:
    """Scores employees' months."""

    employees: Employees
    plans: TrainingPlans
    records: Records
    performances: Performances
    scans: Scans
    configurations: Configurations
    zone: ZoneInfo

    def of(self, employee_id: str, month: str | None, now: datetime) -> MonthScored:
        """The score of a month, as in ``2026-11``; None: of the latest with metrics, else of the present one.

        Raises ``NotFound`` for an employee nobody knows or a role without a scorecard, ``DomainError`` (MONTH_TO_COME).
        """
        # Some 4-7 read units: the employee, the company's month, and three queries: performance, courses, earlier
        # systems.
        employee = self.employees.get(employee_id)
        if employee is None:
            raise NotFound("employee", employee_id)
        card = self.configurations.of_role(SCORECARD, employee.role)
        catalogue = self.configurations.latest(COURSE_CATALOGUE).document
        months = self.performances.of(employee_id)
        about = _month(month, months, now.astimezone(self.zone).date())
        file, learnt = self.plans.find(employee_id), self.records.learning(employee_id)
        plan, enrolments = (file.plan, file.enrolments) if file else (None, {})
        last_day, ends = _end(about, self.zone)
        values = measured(
            card.document,
            next((one for one in months if one.month == about), None),
            self.scans.month(about),
            training_completion(plan, enrolments, learnt, min(now, ends), last_day),
        )
        return MonthScored(
            employee.role,
            about,
            card,
            catalogue,
            courses_taken(plan, enrolments, learnt, catalogue),
            score(card.document, values),
        )


def _month(asked: str | None, months: Sequence[MonthlyPerformance], today: date) -> str:
    """The month that the scorecard is about; raises ``DomainError`` (MONTH_TO_COME)."""
    present = f"{today:%Y-%m}"
    if asked is None:
        return max((one.month for one in months if one.metrics), default=present)
    if asked > present:
        raise DomainError(EmployeeRefusal.MONTH_TO_COME, "month", month=asked, latest=present)
    return asked


def _end(month: str, zone: ZoneInfo) -> tuple[date, datetime]:
    """The last day of a month, and the moment at which it is over."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return following - timedelta(days=1), datetime.combine(following, time(), zone)
