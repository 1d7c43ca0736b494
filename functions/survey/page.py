"""``/v1/survey/{token}``: the month's survey, for who has the link from the e-mail. No token but the link's own.

The link is as good as its owner, so nothing here logs it, and no page shows anything that is on record: neither a name
nor what was answered before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import Response

from rencai import wiring
from rencai.domain.errors import CHINESE, ENGLISH, LANGUAGES, DomainError, LostRace, NotFound, Refusal
from rencai.domain.signals import survey_answers
from rencai.domain.survey import EntryError, Invitation, SurveyForm, entered
from rencai.platform.api import Api
from rencai.platform.observability import described, logger
from rencai.platform.settings import settings
from rencai.platform.survey_links import SurveyLinks
from rencai.store.employees import Employees
from rencai.store.people import People
from rencai.store.signals import Signals

from . import pages

MAX_BODY: Final = 256 * 1024
"""Bytes of a form that was sent: twice what the longest texts take, so that one too long can be said to be."""
_MAX_FIELDS: Final = 100
_STATUS: Final[Mapping[Refusal, HTTPStatus]] = {
    Refusal.LINK_NOT_VALID: HTTPStatus.NOT_FOUND,
    Refusal.LINK_EXPIRED: HTTPStatus.GONE,
    Refusal.SURVEY_CLOSED: HTTPStatus.GONE,
    Refusal.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
_HTML: Final = "text/html; charset=utf-8"

api = Api(settings().language)
app = api.resolver


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a link lets in, and the language they read."""

    invitation: Invitation
    language: str


def guest_of(token: str, *, links: SurveyLinks, employees: Employees, people: People, today: date) -> Guest:
    """Who holds the link; raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED; SURVEY_CLOSED for who left)."""
    invitation = links.invitation(token, today)
    employee = employees.get(invitation.employee_id)
    if employee is None:
        raise DomainError(Refusal.LINK_NOT_VALID)
    if not employee.works_on(today):
        raise DomainError(Refusal.SURVEY_CLOSED, month=invitation.month)
    locale = employee.locale
    if employee.candidate_id:
        try:
            locale = people.get(employee.candidate_id).locale
        except NotFound:
            # Erased since; the employee's own language will do.
            logger.info("no candidate's record", extra={"subject": employee.employee_id})
    return Guest(invitation, _language(locale or settings().language))


def answer(
    guest: Guest,
    fields: Mapping[str, str],
    *,
    form: SurveyForm,
    signals: Signals,
    today: date,
    now: datetime,
) -> dict[str, EntryError]:
    """Put what was entered on record, in place of what was answered before; what is wrong with it, by question.

    Raises ``LostRace`` when the same person answers somewhere else at this moment.
    """
    report, errors = entered(form, fields)
    if report is not None:
        month = guest.invitation.month
        told = survey_answers(month, report, today)
        changed = signals.record_survey(guest.invitation.employee_id, told, "employee", now)
        logger.info("answered", extra={"month": month, "changed": changed})
    return errors


@app.get("/survey/<token>", include_in_schema=False)
def get_page(token: str) -> Response[str]:
    """The form, empty."""
    guest, _ = _let_in(token)
    return _form(guest, {}, {})


@app.post("/survey/<token>", include_in_schema=False)
def post_page(token: str) -> Response[str]:
    """Thanks, or the form as it was filled in with what is wrong."""
    guest, now = _let_in(token)
    if api.body_size > MAX_BODY:
        raise DomainError(Refusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BODY)
    fields = _fields(api.body)
    form = wiring.configurations().survey_form()
    today = now.astimezone(wiring.zone()).date()
    try:
        errors = answer(guest, fields, form=form, signals=wiring.signals(), today=today, now=now)
    except LostRace as error:
        return _form(guest, fields, {}, HTTPStatus.CONFLICT, error.text(guest.language))
    if errors:
        return _form(guest, fields, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(HTTPStatus.OK, pages.thanks(guest.invitation, guest.language))


def _let_in(token: str) -> tuple[Guest, datetime]:
    now = wiring.clock()
    guest = guest_of(
        token,
        links=wiring.survey_links(),
        employees=wiring.employees(),
        people=wiring.people(),
        today=now.astimezone(wiring.zone()).date(),
    )
    return Guest(guest.invitation, _asked_for() or guest.language), now


def _asked_for() -> str | None:
    """The language chosen on the page."""
    chosen = (app.current_event.query_string_parameters or {}).get("lang")
    return chosen if chosen in LANGUAGES else None


def _language(locale: str) -> str:
    return CHINESE if locale.lower().startswith("zh") else ENGLISH


def _fields(body: bytes) -> dict[str, str]:
    """The fields of a form; none of what is no form."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS))
    except ValueError:
        return {}


def _form(
    guest: Guest,
    fields: Mapping[str, str],
    errors: Mapping[str, EntryError],
    status: HTTPStatus = HTTPStatus.OK,
    notice: str = "",
) -> Response[str]:
    form = wiring.configurations().survey_form()
    return _page(status, pages.form_page(form, guest.invitation, guest.language, fields, errors, notice))


def _refused(error: DomainError) -> Response[str]:
    language = _asked_for() or api.language
    status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(status, pages.message(error.text(language), language))


def _failed(error: Exception) -> Response[str]:
    logger.error("failed", extra={"reason": described(error)})
    language = _asked_for() or api.language
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR, pages.went_wrong(language))


# People read these, so what goes wrong is a page too.
app.exception_handler(DomainError)(_refused)
app.exception_handler(Exception)(_failed)


def _page(status: HTTPStatus, page: str) -> Response[str]:
    return Response(int(status), _HTML, page, headers=dict(pages.HEADERS))


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
