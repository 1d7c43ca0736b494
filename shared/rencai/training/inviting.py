"""Mentors invited to rate by link, and their marks taken into the course (C3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rencai.employees.store.employees import Employees
from rencai.letters.addressee import Addressee
from rencai.letters.correspondence import Correspondence
from rencai.platform.observability import logger
from rencai.platform.signed_links import LinkKeys
from rencai.store.configurations import Configurations
from rencai.training.rules.mentor_links import Mentor, MentorInvitation, signed
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.ratings import Mark
from rencai.training.store.enrolments import Enrolments
from rencai.training.store.mentors import Mentors

LETTER: Final = "mentor_rating"


@dataclass(frozen=True, slots=True)
class Inviting:
    """Invitations written, and marks taken into the employee's course."""

    mentors: Mentors
    enrolments: Enrolments
    employees: Employees
    correspondence: Correspondence
    keys: LinkKeys
    configurations: Configurations
    zone: ZoneInfo

    def invite(self, employee_id: str, item_id: str, now: datetime) -> bool:
        """Write to an item's mentor once the course is completed, or HR asks for it: once for each time. False: there
        is nobody to write to, or not yet.
        """
        known, learner = self.mentors.find(employee_id, item_id), self.employees.get(employee_id)
        enrolment = self.enrolments.find(employee_id, item_id)
        if known is None or learner is None or enrolment is None:
            return False
        if not (known.reminded or enrolment.completed):
            return False
        who = self.mentors.who(employee_id, item_id)
        if who is None:
            return False
        days = self.configurations.latest(PROBATION_POLICY).document.mentor.link_days
        closes_on = now.astimezone(self.zone).date() + timedelta(days=days)
        invitation = MentorInvitation(employee_id, item_id, known.number, closes_on)
        values = {
            "name": who.name,
            "learner": learner.name,
            "course": known.course[known.language],
            "url": self.keys.address(f"mentor/{signed(invitation, self.keys.all()[0])}"),
            "closes_on": closes_on,
        }
        about = f"{employee_id}/{item_id}#{known.number}-{known.reminded}"
        return self.correspondence.write(self._addressee(employee_id, who), LETTER, about, values, now)

    def take(self, employee_id: str, item_id: str, now: datetime) -> bool:
        """Take what an item's mentor sent last into the course; False when it is no news, or of a mentor before."""
        known, on_record = self.mentors.find(employee_id, item_id), self.mentors.marked(employee_id, item_id)
        if known is None or on_record is None or on_record.number != known.number:
            logger.info("no mark of who mentors now")
            return False
        policy = self.configurations.latest(PROBATION_POLICY)
        said = on_record.entered
        mark = Mark(said.level, policy.document.mentor.counts(said.level), policy.version, on_record.at)
        return self.enrolments.mark(employee_id, item_id, mark, said.words, now)

    def _addressee(self, employee_id: str, who: Mentor) -> Addressee:
        """Where a mentor is written to. One from outside has no record of their own: what does not arrive is on the
        learner's, where HR looks.
        """
        if who.employee_id is None:
            return Addressee(employee_id, who.email, who.language)
        mentor = self.employees.get(who.employee_id)
        return Addressee(who.employee_id, mentor.email if mentor else None, who.language)
