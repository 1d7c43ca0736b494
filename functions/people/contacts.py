"""Contact data (A6): what HR is asked about them, what HR corrects, and what counted before."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from rencai.kernel import ids
from rencai.kernel.email_address import Email
from rencai.kernel.errors import CommonRefusal, NotFound
from rencai.kernel.seen import AS_NUMBERED
from rencai.people.rules.contact import ContactField, SourceKind
from rencai.people.rules.identity import Contact
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.questions import QuestionStatus
from rencai.platform.api import Cursor, Limit, Request, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.people.contact_desk import ContactFile, QuestionFile
    from rencai.people.rules.contact import Facts, Source

router = Routes()

Reason = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[str, Field(min_length=1, max_length=200), AS_NUMBERED]


class ContactView(View):
    """Contact data; null is not known, or not in question."""

    name: str | None
    email: str | None
    phone: str | None
    national_id: str | None


class SourceView(View):
    """Who said it and when. ``id`` names the interview (``vendor/interview``), the application, the merge or the
    person.
    """

    kind: SourceKind
    id: str
    at: datetime


class QuestionSummary(View):
    """A question in a list; ``subject`` is a candidate's or an employee's id."""

    question_id: str
    subject: str
    status: QuestionStatus
    fields: list[ContactField]
    source: SourceView
    asked_at: datetime
    updated_at: datetime


class QuestionPage(View):
    """A page of questions: open ones first, and of each status the newest first."""

    items: list[QuestionSummary]
    next: str | None


class AnswerView(View):
    """A line of its history."""

    status: QuestionStatus
    at: datetime
    actor: str
    reason: str | None


class QuestionView(QuestionSummary):
    """``old`` is what counted when it was asked, ``new`` what is said; of the fields in question."""

    old: ContactView
    new: ContactView
    history: list[AnswerView]


class QuestionDecision(Request):
    """``accept``: what is said counts from now on. ``refuse``: what counts stays."""

    decision: Literal["accept", "refuse"]
    reason: Reason


class ContactRequest(Request):
    """Only what is to be another is given."""

    name: Name | None = None
    email: Email | None = None
    phone: Number | None = None
    reason: Reason


class Correction(ContactRequest):
    """``clear`` names what there is none of any more."""

    clear: Annotated[tuple[Literal["email", "phone"], ...], Field(max_length=2)] = ()


class CandidateCorrection(Correction):
    """The national id too. A check that is ordered stays about the one it was ordered with."""

    national_id: Number | None = None


class FactView(View):
    """Who said what counts of a field."""

    field: ContactField
    source: SourceView


class BeforeView(ContactView):
    """What counted before, and by whom and when it was replaced."""

    facts: list[FactView]
    replaced_at: datetime
    replaced_by: SourceView
    actor: str


class OutView(View):
    """What has gone out by the data of before; ``note`` says what HR can do, in the caller's language."""

    what: str
    note: str


class ContactFileView(ContactView):
    """What counts, and what counted before, oldest first. ``pinned``: sources can ask for something else, and HR alone
    says so. ``already_out``: after a candidate's correction, what has gone out by the data of before.
    """

    pinned: bool
    facts: list[FactView]
    before: list[BeforeView]
    already_out: tuple[OutView, ...] = ()


@router.get(
    "/identity-questions", security=API, summary="Questions about contact data", tags=["Contact data"]
)
def list_questions(
    status: Annotated[QuestionStatus | None, Query()] = None, limit: Limit = 25, cursor: Cursor = None
) -> QuestionPage:
    """A page of questions."""
    questions, following = router.wired.people.contact_desk.page(status, limit, cursor)
    items = [
        QuestionSummary(
            question_id=question.question_id,
            subject=question.subject,
            status=question.status,
            fields=list(question.fields),
            source=_source(question.source),
            asked_at=question.asked_at,
            updated_at=question.updated_at,
        )
        for question in questions
    ]
    return QuestionPage(items=items, next=following)


@router.get(
    "/identity-questions/<question_id>",
    security=API,
    summary="One question, with old and new",
    tags=["Contact data"],
)
def get_question(question_id: str) -> QuestionView:
    """What counted, what is said, and what was decided."""
    desk = router.wired.people.contact_desk
    return _question(
        desk.read_question(question_id, actor=router.actor, key=router.call_id, now=router.wired.clock())
    )


@router.post(
    "/identity-questions/<question_id>/decision",
    security=API,
    summary="Say whether the new data count",
    description="Accepted, they count for every call that is not made yet. 409 when it was answered otherwise.",
    tags=["Contact data"],
    openapi_extensions=refuses(
        {
            409: [PeopleRefusal.QUESTION_NOT_OPEN, PeopleRefusal.QUESTION_OUTDATED],
            422: [PeopleRefusal.CONTACT_NOT_USABLE],
        }
    ),
)
def post_decision(question_id: str, decision: Annotated[QuestionDecision, Body()]) -> QuestionView:
    """Answer a question."""
    decided = router.wired.people.contact_desk.decide(
        question_id,
        decision.decision,
        reason=decision.reason,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _question(decided)


@router.get(
    "/candidates/<candidate_id>/contact",
    security=API,
    summary="A candidate's contact data",
    tags=["Contact data"],
)
def get_candidate_contact(candidate_id: str) -> ContactFileView:
    """What counts, who said it, and what counted before. Reading it is put on the timeline."""
    return _read(_candidate(candidate_id))


@router.post(
    "/candidates/<candidate_id>/contact",
    security=API,
    summary="Correct a candidate's contact data",
    tags=["Contact data"],
    openapi_extensions=refuses(
        {
            409: [CommonRefusal.KEY_REUSED],
            422: [
                PeopleRefusal.CONTACT_NOT_USABLE,
                PeopleRefusal.CONTACT_BOTH,
                PeopleRefusal.NOTHING_CORRECTED,
            ],
        }
    ),
)
def post_candidate_contact(
    candidate_id: str, correction: Annotated[CandidateCorrection, Body()]
) -> ContactFileView:
    """What HR says counts for every call that is not made yet; sources can only ask for something else then."""
    contact = Contact(correction.name, correction.email, correction.phone, correction.national_id)
    return _corrected(_candidate(candidate_id), contact, correction)


@router.get(
    "/employees/<employee_id>/contact",
    security=API,
    summary="An employee's contact data",
    tags=["Contact data"],
)
def get_employee_contact(employee_id: str) -> ContactFileView:
    """What counts, who said it, and what counted before. Reading it is put on the timeline."""
    return _read(_employee(employee_id))


@router.post(
    "/employees/<employee_id>/contact",
    security=API,
    summary="Correct an employee's contact data",
    tags=["Contact data"],
    openapi_extensions=refuses(
        {
            409: [CommonRefusal.KEY_REUSED],
            422: [
                PeopleRefusal.CONTACT_NOT_USABLE,
                PeopleRefusal.CONTACT_BOTH,
                PeopleRefusal.NOTHING_CORRECTED,
            ],
        }
    ),
)
def post_employee_contact(employee_id: str, correction: Annotated[Correction, Body()]) -> ContactFileView:
    """What HR says counts for every letter that is not sent yet."""
    contact = Contact(correction.name, correction.email, correction.phone)
    return _corrected(_employee(employee_id), contact, correction)


@router.post(
    "/employees/<employee_id>/contact/requests",
    security=API,
    summary="Ask for other contact data in an employee's name",
    description="A question, which HR answers like any other.",
    tags=["Contact data"],
    openapi_extensions=refuses(
        {
            409: [CommonRefusal.KEY_REUSED],
            422: [
                PeopleRefusal.CONTACT_NOT_USABLE,
                PeopleRefusal.CONTACT_BOTH,
                PeopleRefusal.NOTHING_CORRECTED,
            ],
        }
    ),
)
def post_employee_request(employee_id: str, request: Annotated[ContactRequest, Body()]) -> QuestionView:
    """What an employee asks for counts once HR has said so."""
    asked = router.wired.people.contact_desk.ask(
        _employee(employee_id),
        Contact(request.name, request.email, request.phone),
        reason=request.reason,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _question(asked)


def _candidate(id_: str) -> str:
    if not ids.is_candidate(id_):
        raise NotFound("candidate", id_)
    return id_


def _employee(id_: str) -> str:
    if not id_.startswith("emp_"):
        raise NotFound("employee", id_)
    return id_


def _read(subject: str) -> ContactFileView:
    desk = router.wired.people.contact_desk
    return _file(desk.read(subject, actor=router.actor, key=router.call_id, now=router.wired.clock()))


def _corrected(subject: str, contact: Contact, correction: Correction) -> ContactFileView:
    corrected = router.wired.people.contact_desk.correct(
        subject,
        contact,
        none=[ContactField(which) for which in correction.clear],
        reason=correction.reason,
        request_key=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _file(corrected)


def _question(file: "QuestionFile") -> QuestionView:
    question = file.question
    return QuestionView(
        question_id=question.question_id,
        subject=question.subject,
        status=question.status,
        fields=question.fields,
        source=_source(question.source),
        asked_at=question.history[0].at,
        updated_at=question.history[-1].at,
        old=_contact(file.old),
        new=_contact(file.new),
        history=[
            AnswerView(
                status=said.answer.status, at=said.answer.at, actor=said.answer.actor, reason=said.reason
            )
            for said in file.history
        ],
    )


def _file(file: "ContactFile") -> ContactFileView:
    return ContactFileView(
        **_contact(file.contact).model_dump(),
        pinned=bool(file.held.pin),
        facts=_facts(file.held.facts),
        before=[
            BeforeView(
                **_contact(before.contact).model_dump(),
                facts=_facts(before.replaced.facts),
                replaced_at=before.replaced.at,
                replaced_by=_source(before.replaced.by),
                actor=before.replaced.actor,
            )
            for before in file.before
        ],
        already_out=tuple(
            OutView(what=one.value, note=one.text(router.language)) for one in file.already_out
        ),
    )


def _contact(contact: Contact) -> ContactView:
    return ContactView(
        name=contact.name, email=contact.email, phone=contact.phone, national_id=contact.national_id
    )


def _facts(facts: "Facts") -> list[FactView]:
    return [FactView(field=which, source=_source(facts[which])) for which in sorted(facts)]


def _source(source: "Source") -> SourceView:
    return SourceView(kind=source.kind, id=source.id, at=source.at)
