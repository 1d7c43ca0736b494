"""``/v1/mentor/{token}``: a rating, for the mentor who has the link from the e-mail. No token but the link's own.

The link is as good as its owner, so nothing here logs it, and of what is on record a page shows the learner's name and
the course's, and nothing else: neither what was rated before nor how the learner stands.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from rencai.kernel.errors import CommonRefusal, DomainError, LostRace, Refusal
from rencai.platform.observability import described, logger
from rencai.platform.pages import HEADERS, HTML, MAX_BODY, asked_for, fields_of
from rencai.training.rules.mentor_links import EntryError
from rencai.training.rules.refusals import MentorRefusal
from rencai.wiring.routes import PUBLIC, Routes, api_of, serve

from . import mentor_pages as pages

_STATUS: Final[Mapping[Refusal, HTTPStatus]] = {
    MentorRefusal.LINK_NOT_VALID: HTTPStatus.NOT_FOUND,
    MentorRefusal.LINK_EXPIRED: HTTPStatus.GONE,
    MentorRefusal.RATING_CLOSED: HTTPStatus.GONE,
    CommonRefusal.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}

router = Routes()


@router.get("/mentor/<token>", security=PUBLIC, include_in_schema=False)
def get_page(token: str) -> Response[str]:
    """The form, empty."""
    wired = router.wired
    marking = wired.training.marking
    guest = marking.let_in(token, _asked_for(), wired.clock())
    return _page(HTTPStatus.OK, pages.form_page(marking.scale(), guest, {}, {}))


@router.post("/mentor/<token>", security=PUBLIC, include_in_schema=False)
def post_page(token: str) -> Response[str]:
    """Thanks, or the form as it was filled in with what is wrong."""
    wired = router.wired
    marking, now = wired.training.marking, wired.clock()
    guest = marking.let_in(token, _asked_for(), now)
    if api.body_size > MAX_BODY:
        raise DomainError(CommonRefusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BODY)
    fields = fields_of(api.body)
    errors: Mapping[str, EntryError] = {}
    try:
        errors = marking.rate(guest, fields, now)
    except LostRace as error:
        notice = error.text(guest.language)
        return _page(HTTPStatus.CONFLICT, pages.form_page(marking.scale(), guest, fields, {}, notice))
    if errors:
        form = pages.form_page(marking.scale(), guest, fields, errors)
        return _page(HTTPStatus.UNPROCESSABLE_ENTITY, form)
    return _page(HTTPStatus.OK, pages.thanks(guest))


def _asked_for() -> str | None:
    return asked_for(router.event.query_string_parameters)


def _refused(error: DomainError) -> Response[str]:
    language = _asked_for() or router.language
    status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(status, pages.message(error.text(language), language))


def _no_link(_: RequestValidationError) -> Response[str]:
    """An address that none of our letters has."""
    return _refused(DomainError(MentorRefusal.LINK_NOT_VALID))


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
