"""The rating behind a mentor's link: whom it lets in, and what they mark (C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rencai.employees.store.employees import Employees
from rencai.kernel.errors import DomainError
from rencai.platform.signed_links import LinkKeys
from rencai.store.configurations import Configurations
from rencai.training.rules.mentor_links import EntryError, MentorInvitation, digests, entered, invitation_of
from rencai.training.rules.mentors import MentorPolicy
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.refusals import MentorRefusal
from rencai.training.store.mentors import Mentors


@dataclass(frozen=True, slots=True)
class MentorGuest:
    """Whom a link lets in, and all they are shown: the learner's name and the course's, in ``language``."""

    invitation: MentorInvitation
    language: str
    learner: str
    course: str


@dataclass(frozen=True, slots=True)
class MarkingPage:
    """A rating, for who has a link to it."""

    mentors: Mentors
    employees: Employees
    keys: LinkKeys
    configurations: Configurations
    zone: ZoneInfo

    def scale(self) -> MentorPolicy:
        """The scale of five."""
        return self.configurations.latest(PROBATION_POLICY).document.mentor

    def let_in(self, token: str, language: str | None, now: datetime) -> MentorGuest:
        """Who holds the link, and reads ``language``, None: what HR says.

        Raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED; RATING_CLOSED: another mentor was named, or the learner
        left).
        """
        today = now.astimezone(self.zone).date()
        invitation = invitation_of(token, self.keys.all(), today)
        known = self.mentors.find(invitation.employee_id, invitation.item_id)
        learner = self.employees.get(invitation.employee_id)
        if known is None or learner is None:
            raise DomainError(MentorRefusal.LINK_NOT_VALID)
        if known.number != invitation.number or not learner.works_on(today):
            raise DomainError(MentorRefusal.RATING_CLOSED)
        chosen = language or known.language
        return MentorGuest(invitation, chosen, learner.name, known.course[chosen])

    def rate(self, guest: MentorGuest, fields: Mapping[str, str], now: datetime) -> dict[str, EntryError]:
        """Put what was entered on record, in place of what was sent before; what is wrong with it, by field. The same
        again, as of a page that is loaded again, is no news. Raises ``LostRace`` when the same is sent from somewhere
        else at this moment.
        """
        said, errors = entered(fields)
        if said is not None:
            of = guest.invitation
            same = digests(of.number, said, self.keys.all())
            self.mentors.mark(of.employee_id, of.item_id, of.number, said, same, now)
        return errors
