"""Whom a letter did not reach: what it takes to call them, and that somebody has."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.letters.refusals import LettersRefusal
from rencai.letters.undelivered import How, UndeliveredLetter
from rencai.letters.wording import LETTERS, WHY, Undeliverable, in_language
from rencai.people.rules.contact import ContactField
from rencai.platform.api import Cursor, Limit, Request, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rencai.wiring import Wired

router = Routes()


class ReachView(View):
    """How somebody is reached; null is not known."""

    name: str | None
    phone: str | None
    email: str | None


class SettledView(View):
    """How the letter was taken care of, by whom and when."""

    how: How
    actor: str
    at: datetime


class UndeliveredView(View):
    """A letter that did not arrive. ``subject`` is a candidate's or an employee's id; ``letter`` names its template and
    ``letter_name`` says it in the reader's language, as ``why`` says ``reason``. ``told_at``: since when it is known.
    ``contact`` is what counts now; null where they are on file no more.
    """

    notice_id: str
    subject: str
    letter: str
    letter_name: str
    reason: Undeliverable
    why: str
    told_at: datetime
    contact: ReachView | None
    settled: SettledView | None


class UndeliveredPage(View):
    """A page of letters that wait for somebody, the oldest first."""

    items: list[UndeliveredView]
    next: str | None


class SettleRequest(Request):
    """How it was taken care of."""

    how: How


@router.get(
    "/notices/undeliverable",
    security=API,
    summary="Letters that did not arrive, and whom to call",
    tags=["Letters"],
)
def list_undelivered(limit: Limit = 25, cursor: Cursor = None) -> UndeliveredPage:
    """Those that nobody has taken care of, with the contact data it takes to call; that they are read is put on the
    timeline of everybody who is shown.
    """
    letters, following = router.wired.letters.undelivered.page(limit, cursor)
    return UndeliveredPage(items=[_shown(letter) for letter in letters], next=following)


@router.post(
    "/notices/<notice_id>/settlement",
    security=API,
    summary="Say that somebody has taken care of it",
    description="It leaves the list. The same again changes nothing; 409 when it was said otherwise.",
    tags=["Letters"],
    openapi_extensions=refuses({409: [LettersRefusal.NOTICE_SETTLED]}),
)
def post_settlement(
    notice_id: Annotated[str, Path(max_length=128)], request: Annotated[SettleRequest, Body()]
) -> UndeliveredView:
    """Whoever it is for was called, told otherwise, or need not be."""
    settled = router.wired.letters.undelivered.settle(
        notice_id, request.how, router.actor, router.wired.clock()
    )
    return _shown(settled)


def _shown(letter: UndeliveredLetter) -> UndeliveredView:
    name = LETTERS.get(letter.template, (letter.template, letter.template))
    settled = letter.settled
    contact = _contact(letter.addressee, router.wired)
    if contact is not None:
        router.wired.people.contact_desk.viewed(
            letter.addressee, actor=router.actor, key=router.call_id, now=router.wired.clock()
        )
    return UndeliveredView(
        notice_id=letter.notice_id,
        subject=letter.addressee,
        letter=letter.template,
        letter_name=in_language(name, router.language),
        reason=letter.reason,
        why=in_language(WHY[letter.reason], router.language),
        told_at=letter.told_at,
        contact=contact,
        settled=SettledView(how=settled.how, actor=settled.actor, at=settled.at) if settled else None,
    )


def _contact(subject: str, wired: "Wired") -> ReachView | None:
    """What counts of somebody now: an employee's own, and where they have none, that of the candidate they were."""
    found: Mapping[ContactField, str] = {}
    employee = None if ids.is_candidate(subject) else wired.employees.employees.get(subject)
    candidate_id = subject if ids.is_candidate(subject) else employee.candidate_id if employee else None
    if candidate_id:
        try:
            found = wired.people.people.held(candidate_id).told.clear
        except NotFound:
            found = {}
    if employee:
        own = {
            ContactField.NAME: employee.name,
            ContactField.PHONE: employee.phone,
            ContactField.EMAIL: employee.email,
        }
        found = {**found, **{which: value for which, value in own.items() if value}}
    if not found:
        return None
    return ReachView(
        name=found.get(ContactField.NAME),
        phone=found.get(ContactField.PHONE),
        email=found.get(ContactField.EMAIL),
    )
