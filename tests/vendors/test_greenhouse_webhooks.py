"""Greenhouse: its signature, and an application in its shape and in ours."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rencai.hiring.rules.background import Employment
from rencai.inbox.dialect import Delivered, NotAuthentic, NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.people.rules.application import Application
from rencai.people.rules.facts import ApplicationUpdated
from rencai.vendors.dialects.greenhouse import parse, verify

NOW = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
KEY = "the webhook's secret key"
EVENT_ID = "3f9d7c00-8a1e-4fb2-bfa1-7bd9c742af8c"
BODY = b'{"action":"ping","payload":{"web_hook_id":1,"job":"\\u003cp\\u003ehello\\u003c/p\\u003e"}}'


def signature(body: bytes, key: str = KEY) -> str:
    return f"sha256 {hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"


def delivered(body: bytes = BODY, **headers: str) -> Delivered:
    given = {"signature": signature(body), "greenhouse-event-id": EVENT_ID, **headers}
    return Delivered(body, {name.replace("_", "-"): [value] for name, value in given.items()})


def test_the_signature_is_that_of_the_body_as_it_came_escapes_and_all() -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    assert verify(delivered(), ["", "another", KEY], NOW).message_id == f"{EVENT_ID}:{digest}"
    with pytest.raises(NotAuthentic, match="no signature matches"):
        verify(delivered(BODY.replace(b"\\u003c", b"<"), signature=signature(BODY)), [KEY], NOW)


@pytest.mark.parametrize(
    "given",
    [
        signature(BODY).removeprefix("sha256 "),
        signature(BODY).upper(),
        signature(BODY).replace("sha256 ", "sha256="),
        signature(BODY).replace("sha256", "sha1"),
        signature(BODY) + " ",
    ],
)
def test_a_signature_that_is_not_one(given: str) -> None:
    with pytest.raises(NotAuthentic, match="no signature matches"):
        verify(delivered(signature=given), [KEY], NOW)


def test_an_event_id_is_not_signed_and_takes_no_other_deliverys_name() -> None:
    """Caught with its signature and sent on under the id of a delivery that is still to come."""
    expected = delivered(b'{"action": "update_candidate"}')
    caught = delivered(BODY)
    names = {verify(one, [KEY], NOW).message_id for one in (expected, caught)}
    assert len(names) == 2


def test_without_an_event_id_it_is_named_by_its_bytes() -> None:
    given = {"signature": [signature(BODY)]}
    assert verify(Delivered(BODY, given), [KEY], NOW).message_id == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize("event_id", ["a:b", "a b", "x" * 101, "../x"])
def test_an_event_id_is_an_id(event_id: str) -> None:
    with pytest.raises(NotAuthentic, match="greenhouse-event-id is not an id"):
        verify(delivered(greenhouse_event_id=event_id), [KEY], NOW)


# --- parse --------------------------------------------------------------------------------------------------

CANDIDATE: dict[str, Any] = {
    "id": 265772,
    "first_name": "Ada",
    "last_name": "Example",
    "title": "Engineer",
    "external_id": None,
    "phone_numbers": [
        {"value": "ada.example", "type": "skype"},
        {"value": "330-281-8004", "type": "home"},
        {"value": "518-555-1212", "type": "mobile"},
    ],
    "email_addresses": [
        {"value": "ada@work.example", "type": "work"},
        {"value": " ada@home.example ", "type": "personal"},
    ],
    "employments": [
        {"company_name": "Greenhouse", "title": "Engineer", "start_date": "01/31/2012", "end_date": None},
        {"company_name": "Another", "title": "Clerk", "start_date": "2009", "end_date": "2010-06-01"},
        {"company_name": "", "title": "Of nowhere", "start_date": None, "end_date": None},
        {"company_name": "Nothing", "title": None, "start_date": None, "end_date": None},
    ],
    "attachments": [{"filename": "resume.pdf", "url": "https://a.example/resume.pdf", "type": "resume"}],
    "custom_fields": {"favorite_color": {"name": "Favorite Color", "type": "short_text", "value": "Blue"}},
}
JOB: dict[str, Any] = {
    "id": 3485,
    "name": "sales",
    "requisition_id": "REQ-7",
    "status": "open",
    "offices": [{"id": 54, "name": "Shanghai office", "location": "Shanghai"}],
}


def application(**changed: Any) -> dict[str, Any]:
    return {
        "id": 265277,
        "prospect": False,
        "status": "active",
        "applied_at": "2026-03-01T00:00:00Z",
        "last_activity_at": "2026-03-02T01:19:36.000Z",
        "current_stage": {"id": 71416, "name": "Assessment", "interviews": []},
        "candidate": CANDIDATE,
        "jobs": [JOB],
        **changed,
    }


def event(action: str = "application_updated", **payload: Any) -> dict[str, Any]:
    return {"action": action, "payload": payload or {"application": application()}}


def parsed(document: Any, vendor: str = "ats") -> Any:
    return parse(vendor, json.dumps(document, ensure_ascii=False).encode())


def told(**changed: Any) -> Application:
    (fact,) = parsed(event(application=application(**changed)))
    assert isinstance(fact, ApplicationUpdated)
    return fact.application


@pytest.mark.parametrize(
    "action", ["new_candidate_application", "application_updated", "candidate_stage_change"]
)
def test_a6_an_application_in_our_shape(action: str) -> None:
    fields: dict[str, Any] = {
        "external_id": "265277",
        "name": "Ada Example",
        "email": "ada@home.example",
        "phone": "518-555-1212",
        "requisition_id": "REQ-7",
        "role": "sales",
        "location": "Shanghai",
        "status": "Assessment",
        "work_history": (
            Employment(employer="Greenhouse", title="Engineer", from_="2012-01-31"),
            Employment(employer="Another", title="Clerk", to="2010-06-01"),
        ),
        "updated_at": datetime(2026, 3, 2, 1, 19, 36, tzinfo=UTC),
    }
    assert parsed(event(action)) == (ApplicationUpdated(Application.model_validate(fields)),)


def test_a6_what_is_not_told_is_not_set() -> None:
    (fact,) = parsed(event(application={"id": "ext-1"}))
    assert isinstance(fact, ApplicationUpdated)
    assert fact.application == Application(external_id="ext-1")
    assert fact.application.model_fields_set == {"external_id"}
    nulls = dict.fromkeys(application(), None) | {"id": 1}
    assert parsed(event(application=nulls)) == (ApplicationUpdated(Application(external_id="1")),)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ada", "Example", "Ada Example"),
        ("明", "示例", "示例明"),
        ("Ming", "示例", "Ming 示例"),
        (" Ada ", None, "Ada"),
        (None, "Example", "Example"),
        ("", " ", None),
        (None, None, None),
    ],
)
def test_a_chinese_name_begins_with_the_family(first: str | None, last: str | None, name: str | None) -> None:
    assert told(candidate={"first_name": first, "last_name": last}).name == name


@pytest.mark.parametrize(
    ("contacts", "email", "phone"),
    [
        ([], None, None),
        (None, None, None),
        ([{"value": "a", "type": "other"}, {"value": "b", "type": "other"}], "a", "a"),
        ([{"value": " ", "type": "personal"}, {"value": None}, {"value": "b"}], "b", "b"),
        ([{"value": "a", "type": "skype"}], "a", None),
    ],
)
def test_a_contact_that_is_of_use(contacts: Any, email: str | None, phone: str | None) -> None:
    candidate = told(candidate={"email_addresses": contacts, "phone_numbers": contacts})
    assert (candidate.email, candidate.phone) == (email, phone)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("09/15/2007", "2007-09-15"),
        ("2007-09-15", "2007-09-15"),
        ("2007-09-15T00:00:00Z", "2007-09-15"),
        ("15/09/2007", None),
        ("2007-13-01", None),
        ("0000-01-01", None),
        ("autumn", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_that_is_none_is_not_known(text: str | None, date: str | None) -> None:
    job = {"company_name": "c", "title": "t", "start_date": text}
    assert told(candidate={"employments": [job]}).work_history == (
        Employment(employer="c", title="t", from_=date),
    )


def test_of_a_long_work_history_the_first_fifty_jobs_are_taken() -> None:
    jobs = [{"company_name": f"c{n}", "title": "t"} for n in range(60)]
    assert [job.employer for job in told(candidate={"employments": jobs}).work_history] == [
        f"c{n}" for n in range(50)
    ]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"current_stage": None}, "active"),
        ({"current_stage": {"name": None}, "status": "rejected"}, "rejected"),
        ({"current_stage": None, "status": None}, None),
    ],
)
def test_without_a_stage_the_status_is_the_applications(changed: dict[str, Any], status: str | None) -> None:
    assert told(**changed).status == status


def test_of_several_jobs_it_is_not_known_which_is_meant() -> None:
    one, none, two = told(), told(jobs=[]), told(jobs=[JOB, JOB])
    assert (one.role, one.requisition_id, one.location) == ("sales", "REQ-7", "Shanghai")
    for other in (none, two):
        assert (other.role, other.requisition_id, other.location) == (None, None, None)
    office = told(jobs=[{**JOB, "offices": [{"name": "St. Louis", "location": None}]}])
    assert office.location == "St. Louis"


def test_a_prospect_has_not_applied() -> None:
    prospect = application(prospect=True)
    assert parsed(event(application=prospect)) == (NotActedOn("application_updated"),)
    assert parsed(event("update_candidate", application=prospect)) == (NotActedOn("update_candidate"),)


def test_a_candidates_own_data_are_told_of_each_application_that_is_named() -> None:
    named = {**CANDIDATE, "application_ids": [265277, 265278], "applications": [{"id": 265278}, {"id": "x"}]}
    facts = parsed(event("update_candidate", candidate=named))
    assert [fact.application.external_id for fact in facts] == ["265277", "265278", "x"]
    assert {fact.application.name for fact in facts} == {"Ada Example"}
    assert "status" not in facts[0].application.model_fields_set
    with_application = parsed(
        event("update_candidate", application=application(candidate=None), candidate=CANDIDATE)
    )
    assert with_application == parsed(event())


@pytest.mark.parametrize("payload", [{"candidate": CANDIDATE}, {"candidate": None}, {"other": 1}])
def test_and_of_none_when_none_is_named(payload: dict[str, Any]) -> None:
    assert parsed(event("update_candidate", **payload)) == (NotActedOn("update_candidate"),)


@pytest.mark.parametrize(
    "action",
    [
        "ping",
        "hire_candidate",
        "unhire_candidate",
        "reject_candidate",
        "unreject_candidate",
        "merge_candidate",
        "delete_candidate",
        "delete_application",
        "candidate_anonymized",
        "new_prospect_application",
        "offer_created",
        "offer_approved",
        "offer_updated",
        "offer_deleted",
    ],
)
def test_what_else_happens_is_not_acted_on(action: str) -> None:
    assert parsed(event(action)) == (NotActedOn(action),)
    assert parsed({"action": action}) == (NotActedOn(action),)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "body: model_type"),
        ({}, "action: missing"),
        ({"action": 7}, "action: string_type"),
        ({"action": "application_updated"}, "payload: missing"),
        (event(application={}), "payload.application.id: missing"),
        (event(application=application(id=True)), "payload.application.id: string_type"),
        (event(application=application(id=-1)), "payload.application.id: string_type"),
        (event(application=application(id=1.5)), "payload.application.id: string_type"),
        (event(application=application(id=2**63)), "payload.application.id: string_type"),
        (event(application=application(id="")), "payload.application.id: string_too_short"),
        (event(application=application(candidate="x")), "payload.application.candidate: model_type"),
        (event(application=application(prospect="no")), "payload.application.prospect: bool_type"),
        (event(application=application(jobs={})), "payload.application.jobs: list_type"),
        (
            event(application=application(current_stage=["x"])),
            "payload.application.current_stage: model_type",
        ),
        (
            event(application=application(last_activity_at=5)),
            "payload.application.last_activity_at: string_type",
        ),
        (
            event(application=application(candidate={"email_addresses": [{"value": 7}]})),
            "payload.application.candidate.email_addresses.0.value: string_type",
        ),
        (
            event(application=application(candidate={"first_name": "x" * 201})),
            "payload.application.name: string_too_long",
        ),
        (
            event("update_candidate", candidate={"application_ids": [None]}),
            "payload.candidate.application_ids.0: string_type",
        ),
    ],
)
def test_an_event_that_is_not_one(document: Any, why: str) -> None:
    with pytest.raises(NotInContract) as caught:
        parsed(document)
    assert caught.value.fault == why
