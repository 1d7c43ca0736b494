"""Whom a link lets in, and what they answer put on record (F7). Here, because it reads people as well as employees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rencai.employees.rules.signals import Groups, survey_answers
from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import CHINESE, ENGLISH, DomainError, NotFound
from rencai.people.store.people import People
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.survey.links import SurveyLinks
from rencai.survey.rules.figures import is_new
from rencai.survey.rules.refusals import SurveyRefusal
from rencai.survey.rules.survey import SURVEY_FORM, EntryError, Invitation, SurveyForm, entered
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a link lets in, the language they read, and the groups they are in."""

    invitation: Invitation
    language: str
    groups: Groups


@dataclass(frozen=True, slots=True)
class Answering:
    """The month's survey, for who has a link to it. ``language`` is for who has none."""

    links: SurveyLinks
    employees: Employees
    people: People
    signals: WorkSignals
    configurations: Configurations
    zone: ZoneInfo
    language: str

    def form(self) -> SurveyForm:
        """The questions."""
        return self.configurations.latest(SURVEY_FORM).document

    def let_in(self, token: str, language: str | None, now: datetime) -> Guest:
        """Who holds the link, and reads ``language``, None: their own.

        Raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED; SURVEY_CLOSED for who left).
        """
        today = self._today(now)
        invitation = self.links.invitation(token, today)
        employee = self.employees.get(invitation.employee_id)
        if employee is None:
            raise DomainError(SurveyRefusal.LINK_NOT_VALID)
        if not employee.works_on(today):
            raise DomainError(SurveyRefusal.SURVEY_CLOSED, month=invitation.month)
        locale = employee.locale
        if employee.candidate_id:
            try:
                locale = self.people.get(employee.candidate_id).locale
            except NotFound:
                # Erased since; the employee's own language will do.
                logger.info("no candidate's record", extra={"subject": employee.employee_id})
        # When they were asked, or now: an import may have been taken back in between.
        changed = invitation.is_new or is_new(employee.created_at, employee.changed_at, now)
        made = is_new(employee.created_at, None, now)
        groups = Groups(employee.department, employee.location, employee.role, changed or made, made)
        return Guest(invitation, language or _language(locale or self.language), groups)

    def answer(self, guest: Guest, fields: Mapping[str, str], now: datetime) -> dict[str, EntryError]:
        """Put what was entered on record, in place of what was answered before; what is wrong with it, by question.

        Raises ``LostRace`` when the same person answers somewhere else at this moment.
        """
        report, errors = entered(self.form(), fields)
        if report is not None:
            month = guest.invitation.month
            told = survey_answers(month, report, self._today(now))
            changed = self.signals.answer_survey(guest.invitation.employee_id, told, guest.groups, now)
            logger.info("answered", extra={"month": month, "changed": changed})
        return errors

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


def answering(wired: Wired) -> Answering:
    """The survey of this tenant."""
    return Answering(
        wired.survey.links,
        wired.employees.employees,
        wired.people.people,
        wired.employees.signals,
        wired.configurations,
        wired.zone,
        wired.language,
    )


def _language(locale: str) -> str:
    return CHINESE if locale.lower().startswith("zh") else ENGLISH
