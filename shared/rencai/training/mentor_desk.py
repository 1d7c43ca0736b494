"""Who rates an employee's training by link, as HR says (C3)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rencai.employees.store.employees import Employees
from rencai.kernel.errors import LANGUAGES, Conflict, NotFound
from rencai.store.configurations import Configurations
from rencai.training.planning import courses_of
from rencai.training.rules.mentor_links import Mentor
from rencai.training.rules.refusals import MentorRefusal
from rencai.training.store.mentors import Mentoring, Mentors
from rencai.training.store.plans import TrainingPlans


@dataclass(frozen=True, slots=True)
class MentorDesk:
    """Who mentors whom, as HR says."""

    plans: TrainingPlans
    mentors: Mentors
    employees: Employees
    configurations: Configurations
    zone: ZoneInfo

    def mentor(self, employee_id: str, item_id: str) -> tuple[Mentoring, Mentor]:
        """An item's mentor; raises ``NotFound``."""
        known, who = self.mentors.find(employee_id, item_id), self.mentors.who(employee_id, item_id)
        if known is None or who is None:
            raise NotFound("mentor", item_id)
        return known, who

    def name(
        self, employee_id: str, item_id: str, mentor: Mentor, actor: str, now: datetime
    ) -> tuple[Mentoring, Mentor]:
        """Name who rates an item by link; of an employee the name is their file's.

        Raises ``NotFound`` for an employee or item that is not there, ``Conflict`` (NOT_ENROLLED; MENTOR_IS_LEARNER;
        MENTOR_HAS_LEFT, by the tenant's zone).
        """
        file = self.plans.get(employee_id)
        item = file.plan.item(item_id)
        if item is None:
            raise NotFound("course", item_id)
        if item_id not in file.enrolments:
            raise Conflict(MentorRefusal.NOT_ENROLLED)
        if mentor.employee_id == employee_id:
            raise Conflict(MentorRefusal.MENTOR_IS_LEARNER)
        if mentor.employee_id:
            employee = self.employees.get(mentor.employee_id)
            if employee is None:
                raise NotFound("employee", mentor.employee_id)
            if not employee.works_on(now.astimezone(self.zone).date()):
                raise Conflict(MentorRefusal.MENTOR_HAS_LEFT, left_on=str(employee.left_on))
            mentor = Mentor(employee.name, mentor.language, mentor.employee_id)
        named = courses_of(file.plan, self.configurations)[item_id].name
        course = {language: named.text(language) for language in LANGUAGES}
        return self.mentors.name(employee_id, item_id, mentor, course, actor, now), mentor

    def remind(self, employee_id: str, item_id: str, actor: str, now: datetime) -> tuple[Mentoring, Mentor]:
        """Have the invitation sent now; raises ``NotFound``, ``LostRace``."""
        known, who = self.mentor(employee_id, item_id)
        return self.mentors.remind(known, actor, now), who
