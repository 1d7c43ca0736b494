"""Where HR says what a mentor's review counts that nothing read for sure (C3, C4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import Employees
from rencai.kernel.errors import NotFound
from rencai.store.configurations import Configurations
from rencai.training.planning import courses_of
from rencai.training.rules.asking import answered
from rencai.training.rules.mentors import MentorPolicy
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.rules import Course
from rencai.training.store.enrolments import Enrolments, ToRate
from rencai.training.store.plans import TrainingPlans


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review that waits for HR, whose it is (None: the file is not there), and the course, if the plan has it."""

    to_rate: ToRate
    employee: Employee | None
    course: Course | None


@dataclass(frozen=True, slots=True)
class RatingDesk:
    """The use cases and their collaborators."""

    plans: TrainingPlans
    enrolments: Enrolments
    employees: Employees
    configurations: Configurations

    def waiting(self, limit: int, cursor: str | None) -> tuple[Sequence[Waiting], str | None]:
        """A page of reviews that wait, longest first, and where to go on. It may hold fewer than ``limit`` and still
        have a next one: the list is a moment behind.
        """
        found, following = self.enrolments.asked(limit, cursor)
        return [self._waiting(one) for one in found], following

    def scale(self) -> MentorPolicy:
        """The scale that HR rates on."""
        return self.configurations.latest(PROBATION_POLICY).document.mentor

    def rate(self, employee_id: str, rating_id: str, level: int | None, actor: str, now: datetime) -> None:
        """HR's answer, see ``asking.answered``; raises ``NotFound`` as well where nobody is asked."""
        file = self.plans.get(employee_id)
        asked = next(
            (one for one in file.enrolments.values() if one.asked and one.asked.rating_id == rating_id), None
        )
        if asked is None:
            raise NotFound("rating", rating_id)
        policy = self.configurations.latest(PROBATION_POLICY)
        self.enrolments.answer(
            employee_id,
            asked.item_id,
            lambda known: answered(
                known, rating_id, level, policy.document.mentor, policy.version, actor, now
            ),
            now,
        )

    def _waiting(self, one: ToRate) -> Waiting:
        employee_id = one.enrolment.employee_id
        file = self.plans.find(employee_id)
        courses = courses_of(file.plan, self.configurations) if file else {}
        return Waiting(one, self.employees.get(employee_id), courses.get(one.enrolment.item_id))
