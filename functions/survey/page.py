"""``/v1/survey/{token}``: the month's survey, for who has the link from the e-mail. No token but the link's own.

The link is as good as its owner, so nothing here logs it, and no page shows anything that is on record: neither a name
nor what was answered before.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from rencai.kernel.errors import CommonRefusal, DomainError, LostRace, Refusal
from rencai.platform.observability import described, logger
from rencai.platform.pages import HEADERS, HTML, MAX_BODY, asked_for, fields_of
from rencai.survey.rules.refusals import SurveyRefusal
from rencai.survey.rules.survey import EntryError, SurveyForm
from rencai.wiring.routes import PUBLIC, Routes, api_of, serve

from . import pages
from .answering import Guest, answering

_STATUS: Final[Mapping[Refusal, HTTPStatus]] = {
    SurveyRefusal.LINK_NOT_VALID: HTTPStatus.NOT_FOUND,
    SurveyRefusal.LINK_EXPIRED: HTTPStatus.GONE,
    SurveyRefusal.SURVEY_CLOSED: HTTPStatus.GONE,
    CommonRefusal.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}

router = Routes()


@router.get("/survey/<token>", security=PUBLIC, include_in_schema=False)
def get_page(token: str) -> Response[str]:
    """The form, empty."""
    wired = router.wired
    survey = answering(wired)
    guest = survey.let_in(token, _asked_for(), wired.clock())
    return _form(survey.form(), guest, {}, {})


@router.post("/survey/<token>", security=PUBLIC, include_in_schema=False)
def post_page(token: str) -> Response[str]:
    """Thanks, or the form as it was filled in with what is wrong."""
    wired = router.wired
    survey, now = answering(wired), wired.clock()
    guest = survey.let_in(token, _asked_for(), now)
    if api.body_size > MAX_BODY:
        raise DomainError(CommonRefusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BODY)
    fields = fields_of(api.body)
    try:
        errors = survey.answer(guest, fields, now)
    except LostRace as error:
        return _form(survey.form(), guest, fields, {}, HTTPStatus.CONFLICT, error.text(guest.language))
    if errors:
        return _form(survey.form(), guest, fields, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(HTTPStatus.OK, pages.thanks(guest.invitation, guest.language))


def _asked_for() -> str | None:
    return asked_for(router.event.query_string_parameters)


def _form(
    form: SurveyForm,
    guest: Guest,
    fields: Mapping[str, str],
    errors: Mapping[str, EntryError],
    status: HTTPStatus = HTTPStatus.OK,
    notice: str = "",
) -> Response[str]:
    return _page(status, pages.form_page(form, guest.invitation, guest.language, fields, errors, notice))


def _refused(error: DomainError) -> Response[str]:
    language = _asked_for() or router.language
    status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(status, pages.message(error.text(language), language))


def _no_link(_: RequestValidationError) -> Response[str]:
    """An address that none of our letters has."""
    return _refused(DomainError(SurveyRefusal.LINK_NOT_VALID))


def _failed(error: Exception) -> Response[str]:
    logger.error("failed", extra={"reason": described(error)})
    language = _asked_for() or router.language
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR, pages.went_wrong(language))


def _page(status: HTTPStatus, page: str) -> Response[str]:
    return Response(int(status), HTML, page, headers=dict(HEADERS))


api = api_of(router, links=True)
# People read these, so what goes wrong is a page too.
api.resolver.exception_handler(DomainError)(_refused)
api.resolver.exception_handler(RequestValidationError)(_no_link)
api.resolver.exception_handler(Exception)(_failed)
handler = serve(api)
