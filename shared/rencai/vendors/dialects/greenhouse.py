"""Greenhouse Recruiting webhooks: the ATS.

Signed: ``Signature: sha256 <hex>``, HMAC-SHA256 of the raw body with the webhook's secret key. No time is signed. What
is not answered 200 is a failure to Greenhouse, and sent again.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field, StrictBool, ValidationError

from rencai.inbox.dialect import (
    Delivered,
    Message,
    Moment,
    NotAuthentic,
    any_matches,
    body_signatures,
    in_contract,
    not_in_contract,
)
from rencai.inbox.facts import NotActedOn
from rencai.inbox.refusals import InboxReason
from rencai.kernel.facts import VendorFact
from rencai.kernel.seen import is_han, legible, visible
from rencai.people.rules.application import Application
from rencai.people.rules.facts import ApplicationUpdated

VENDORS: Final = frozenset({"ats"})
ACCEPTED: Final = 200
ONE_CONTENT_PER_ID: Final = False
_EVENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_OF_ONE_APPLICATION: Final = frozenset(
    {"new_candidate_application", "application_updated", "candidate_stage_change"}
)
_OF_A_CANDIDATE: Final = "update_candidate"
_MAX_JOBS_HELD: Final = 50


def _as_text(value: Any) -> Any:
    # bool is an int to Python; and a number of thousands of digits has no text.
    return str(value) if type(value) is int and 0 <= value < 2**63 else value


_Id = Annotated[str, Field(min_length=1, max_length=128), BeforeValidator(_as_text)]


class _Event(BaseModel):
    action: Annotated[str, Field(min_length=1, max_length=100)]


class _Contact(BaseModel):
    value: str | None = None
    type: str | None = None


class _Employment(BaseModel):
    company_name: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class _ApplicationId(BaseModel):
    id: _Id


class _Candidate(BaseModel):
    first_name: str | None = None
    last_name: str | None = None
    email_addresses: Annotated[list[_Contact], Field(max_length=500, fail_fast=True)] | None = None
    phone_numbers: Annotated[list[_Contact], Field(max_length=500, fail_fast=True)] | None = None
    employments: Annotated[list[_Employment], Field(max_length=500, fail_fast=True)] | None = None
    application_ids: Annotated[list[_Id], Field(max_length=500, fail_fast=True)] | None = None
    applications: Annotated[list[_ApplicationId], Field(max_length=500, fail_fast=True)] | None = None


class _Office(BaseModel):
    name: str | None = None
    location: str | None = None


class _Job(BaseModel):
    name: str | None = None
    requisition_id: str | None = None
    offices: Annotated[list[_Office], Field(max_length=500, fail_fast=True)] | None = None


class _Stage(BaseModel):
    name: str | None = None


class _Application(_ApplicationId):
    prospect: StrictBool | None = None
    status: str | None = None
    last_activity_at: Moment | None = None
    current_stage: _Stage | None = None
    candidate: _Candidate | None = None
    jobs: Annotated[list[_Job], Field(max_length=500, fail_fast=True)] | None = None


class _ApplicationPayload(BaseModel):
    application: _Application


class _ApplicationEvent(BaseModel):
    payload: _ApplicationPayload


class _CandidatePayload(BaseModel):
    candidate: _Candidate | None = None
    application: _Application | None = None


class _CandidateEvent(BaseModel):
    payload: _CandidatePayload


def verify(delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:  # noqa: ARG001 - nothing to hold against it
    """Check a Greenhouse webhook.

    ``Greenhouse-Event-ID`` is not signed. Were it the name, whoever caught one delivery could take the name of another
    and have that one taken for a duplicate; so the digest of the signed body is part of the name.
    """
    given = delivered.header("signature").encode()
    expected = (b"sha256 " + one.hex().encode() for one in body_signatures(keys, delivered.body))
    if not any_matches(expected, [given]):
        raise NotAuthentic(InboxReason.SIGNATURE_WRONG)
    digest = hashlib.sha256(delivered.body).hexdigest()
    if "greenhouse-event-id" not in delivered.headers:
        return Message(digest)
    event_id = delivered.header("greenhouse-event-id")
    if not _EVENT_ID.fullmatch(event_id):
        raise NotAuthentic(InboxReason.HEADER_NO_ID, header="greenhouse-event-id")
    return Message(f"{event_id}:{digest}", given=event_id)


def parse(vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """The applications of an event as they are now.

    A change of a candidate's own data is told of each of their applications whose id the payload names; mostly it names
    none, and the next event of an application tells the same. A prospect has not applied, so nothing is told of them.
    """
    action = in_contract(_Event, body).action
    if vendor not in VENDORS:
        return (NotActedOn(action),)
    if action in _OF_ONE_APPLICATION:
        told = in_contract(_ApplicationEvent, body).payload.application
        return (NotActedOn(action),) if told.prospect else (ApplicationUpdated(_application(told)),)
    if action == _OF_A_CANDIDATE:
        payload = in_contract(_CandidateEvent, body).payload
        return tuple(map(ApplicationUpdated, _of_candidate(payload))) or (NotActedOn(action),)
    return (NotActedOn(action),)


def _of_candidate(payload: _CandidatePayload) -> list[Application]:
    told = payload.application
    if told is not None:
        known = told.candidate or payload.candidate
        return [] if told.prospect else [_application(told.model_copy(update={"candidate": known}))]
    candidate = payload.candidate
    if candidate is None:
        return []
    named = [*(candidate.application_ids or ()), *(one.id for one in candidate.applications or ())]
    # Each once, in the order given.
    return [_application(_Application(id=id_, candidate=candidate)) for id_ in dict.fromkeys(named)]


def _application(told: _Application) -> Application:
    """Greenhouse's shape in ours. Only what is told is among the fields set: the rest is not known, and not empty."""
    candidate = told.candidate or _Candidate()
    jobs = told.jobs or []
    # An applicant has one job; of several it is not known which is meant.
    job = jobs[0] if len(jobs) == 1 else _Job()
    office = job.offices[0] if job.offices else _Office()
    fields: dict[str, Any] = {
        "external_id": str(told.id),
        "name": _name(candidate),
        "email": _contact(candidate.email_addresses, first="personal"),
        "phone": _contact(candidate.phone_numbers, first="mobile", never="skype"),
        "requisition_id": job.requisition_id or None,
        "role": job.name or None,
        "location": office.location or office.name or None,
        "status": (told.current_stage or _Stage()).name or told.status,
        "work_history": None if candidate.employments is None else _work_history(candidate.employments),
        "updated_at": told.last_activity_at,
    }
    try:
        return Application.model_validate(
            {name: value for name, value in fields.items() if value is not None}
        )
    except ValidationError as error:
        raise not_in_contract(error, "payload", "application") from None


def _name(candidate: _Candidate) -> str | None:
    """Given name, then family name; a name in Han the other way round and without a space.

    >>> _name(_Candidate(first_name="Ada", last_name="Lovelace"))
    'Ada Lovelace'
    >>> _name(_Candidate(first_name="伟", last_name="王"))
    '王伟'
    >>> _name(_Candidate(first_name="𠮷", last_name="㐂"))
    '㐂𠮷'
    """
    given, family = (legible(one or "").strip() for one in (candidate.first_name, candidate.last_name))
    if is_han(given) and is_han(family):
        return family + given
    return f"{given} {family}".strip() or None


def _contact(contacts: list[_Contact] | None, *, first: str, never: str | None = None) -> str | None:
    """The contact of the type that is asked for first, else the first one; of none that is of no use."""
    given = [
        (contact.type, value)
        for contact in contacts or ()
        if (value := visible(contact.value or "").strip()) and (never is None or contact.type != never)
    ]
    return next((value for type_, value in given if type_ == first), given[0][1] if given else None)


def _work_history(employments: list[_Employment]) -> list[dict[str, Any]]:
    """The jobs that say both where and as what; a date that is none is not known."""
    return [
        {"employer": employer, "title": title, "from": _date(job.start_date), "to": _date(job.end_date)}
        for job in employments
        if (employer := (job.company_name or "").strip()) and (title := (job.title or "").strip())
    ][:_MAX_JOBS_HELD]


def _date(text: str | None) -> str | None:
    """Greenhouse writes MM/DD/YYYY; an ISO date is taken too.

    >>> _date("09/15/2007"), _date("2007-09-15T00:00:00Z"), _date("autumn")
    ('2007-09-15', '2007-09-15', None)
    """
    american = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text or "")
    iso = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text or "")
    if american:
        month, day, year = map(int, american.groups())
    elif iso:
        year, month, day = map(int, iso.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
