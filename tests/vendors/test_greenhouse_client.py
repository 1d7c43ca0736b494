"""Greenhouse Harvest v3 against a server on loopback that answers as its reference shows."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from rencai.hiring.rules.stages import Stage
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.people.rules.application import Application
from rencai.people.rules.ports import Ats
from rencai.vendors.greenhouse import GreenhouseAts, GreenhouseSettings
from rencai.vendors.http import Line, NotNow
from tests.vendors.loopback import NOW, Clock, Log, Said, Talk, Vendor

TOKEN = "POST /token"
LIST, CANDIDATES, JOBS = "GET /v3/applications", "GET /v3/candidates", "GET /v3/jobs"
STAGES = "GET /v3/job_interview_stages"
MOVE, HIRE, REJECT = (f"POST /v3/applications/985/{what}" for what in ("move", "hire", "reject"))
GRANTED = Said({"token_type": "Bearer", "access_token": "token-1", "expires_at": "2026-03-02T02:00:00Z"})
DONE = Said(status=204)
SETTINGS: dict[str, Any] = {
    "stages": {"offer_sent": "Offer", "signed": 42},
    "rejections": {"talent_pool": 7, "rejected": 8},
}
NO_STAGES = Said([])
OFFER = Said(
    [
        {"id": 40, "job_id": 5, "name": "Phone", "active": True},
        {"id": 41, "job_id": 5, "name": "Offer", "active": True},
    ]
)


def ats_of(vendor: Vendor, line: Line, **more: Any) -> Ats:
    settings = GreenhouseSettings.model_validate({**SETTINGS, "auth_url": vendor.url, **more})
    return GreenhouseAts(settings, line, f"{vendor.url}/v3", lambda: "client:secret")


@pytest.fixture
def ats(vendor: Vendor, line: Line) -> Ats:
    return ats_of(vendor, line)


def application(**more: Any) -> dict[str, Any]:
    return {
        "id": 985,
        "candidate_id": 11,
        "job_id": 5,
        "job_interview_stage_id": 40,
        "stage_name": "Phone",
        "status": "in_process",
        "prospect": False,
        "last_activity_at": "2026-03-01T08:00:00.000Z",
        "updated_at": "2026-03-01T08:00:00.000Z",
        **more,
    }


def tell(ats: Ats, stage: Stage, external_id: str = "985") -> None:
    ats.tell_stage(
        external_id=external_id, stage=stage, reason="offer.sent", occurred_at=NOW, idempotency_key="evt_1"
    )


# --- telling ------------------------------------------------------------------------------------------------


def test_b8_a_stage_by_its_name_in_the_applications_job(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), STAGES: OFFER, MOVE: DONE})
    tell(ats, Stage.OFFER_SENT)
    assert vendor.routes == [TOKEN, LIST, STAGES, MOVE]
    assert vendor.asked[1].query == {"ids": "985"}
    assert vendor.asked[2].query == {"job_ids": "5", "per_page": "500"}
    move = vendor.asked[3]
    assert move.json == {"from_stage_id": 40, "to_stage_id": 41}
    assert move.headers["authorization"] == "Bearer token-1"


def test_b8_a_stage_by_its_number(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), MOVE: DONE})
    tell(ats, Stage.SIGNED)
    assert vendor.asked[-1].json == {"from_stage_id": 40, "to_stage_id": 42}


def test_b8_hired_and_rejected(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), HIRE: DONE, REJECT: DONE})
    for stage in (Stage.ONBOARDED, Stage.TALENT_POOL, Stage.REJECTED):
        tell(ats, stage)
    assert [(asked.route, asked.json) for asked in vendor.asked if asked.route in (HIRE, REJECT)] == [
        (HIRE, {}),
        (REJECT, {"rejection_reason_id": 7}),
        (REJECT, {"rejection_reason_id": 8}),
    ]


def test_a_stage_that_is_not_in_the_settings_is_not_told(vendor: Vendor, ats: Ats) -> None:
    tell(ats, Stage.CHECKING)
    assert vendor.asked == []


@pytest.mark.parametrize(
    ("stage", "now"),
    [
        (Stage.OFFER_SENT, {"job_interview_stage_id": 41, "stage_name": "Offer"}),
        (Stage.ONBOARDED, {"status": "hired"}),
        (Stage.REJECTED, {"status": "rejected"}),
        (Stage.OFFER_SENT, {"status": "hired"}),
        (Stage.SIGNED, {"status": "rejected"}),
    ],
)
def test_what_is_so_already_or_past_is_not_told_again(
    vendor: Vendor, ats: Ats, stage: Stage, now: dict[str, Any]
) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application(**now)]), STAGES: OFFER})
    tell(ats, stage)
    assert [route for route in vendor.routes if route.startswith("POST /v3")] == []


def test_a_retry_after_a_crash_moves_nothing_twice(vendor: Vendor, line: Line) -> None:
    """Harvest has no idempotency key: the first answer is lost, and the second try looks first."""
    moved: list[Any] = []

    def greenhouse(talk: Talk) -> None:
        asked = vendor.asked[-1]
        if asked.route == TOKEN:
            talk.answer(200, GRANTED.body)
        elif asked.route == LIST:
            talk.answer(200, [application(**({"job_interview_stage_id": 42} if moved else {}))])
        else:
            moved.append(asked.json)
            talk.close_connection = True

    vendor.answering = greenhouse
    with pytest.raises(VendorUnavailable):
        tell(ats_of(vendor, line), Stage.SIGNED)
    tell(ats_of(vendor, line), Stage.SIGNED)
    assert len(moved) == 1


@pytest.mark.parametrize("external_id", ["ats-1001", "9٣5", "985,986", "", "985 "])
def test_an_application_that_cannot_be_greenhouses_is_refused(
    vendor: Vendor, ats: Ats, external_id: str
) -> None:
    with pytest.raises(VendorRefusal, match="has numbers for applications"):
        tell(ats, Stage.SIGNED, external_id)
    assert vendor.asked == []


def test_what_is_not_there_is_for_a_person(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: [Said([]), Said([application()])], STAGES: NO_STAGES})
    with pytest.raises(VendorRefusal, match="has no such application"):
        tell(ats, Stage.SIGNED)
    with pytest.raises(VendorRefusal, match="has no stage of that name"):
        tell(ats, Stage.OFFER_SENT)


def test_a_stage_that_was_taken_out_of_use_is_none(vendor: Vendor, ats: Ats) -> None:
    retired = Said([{"id": 41, "job_id": 5, "name": "Offer", "active": False}])
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), STAGES: retired})
    with pytest.raises(VendorRefusal, match="has no stage of that name"):
        tell(ats, Stage.OFFER_SENT)


@pytest.mark.parametrize(
    ("status", "error"), [(404, VendorRefusal), (422, VendorRefusal), (429, NotNow), (500, VendorUnavailable)]
)
def test_a_move_that_fails(vendor: Vendor, ats: Ats, status: int, error: type[Exception]) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), MOVE: Said({"errors": []}, status)})
    with pytest.raises(error, match=f"answered {status}"):
        tell(ats, Stage.SIGNED)


# --- pulling ------------------------------------------------------------------------------------------------

PERSON = {
    "id": 11,
    "first_name": "晓",
    "last_name": "周",
    "email_addresses": [
        {"value": "work@example.com", "type": "work"},
        {"value": "z@example.com", "type": "personal"},
    ],
    "phone_numbers": [{"value": "13800000000", "type": "mobile"}],
    "custom_fields": {"salary": "secret"},
}
JOB = {"id": 5, "name": "Sales Manager", "requisition_id": "REQ-1", "status": "open"}


def link(cursor: str) -> dict[str, str]:
    return {"Link": f'<https://harvest.greenhouse.io/v3/applications?cursor={cursor}>; rel="next"'}


def test_a6_applications_with_names_contact_data_and_position(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application()]), CANDIDATES: Said([PERSON]), JOBS: Said([JOB])})
    page = ats.applications(None)
    assert page.items == (
        Application(
            external_id="985",
            name="周晓",
            email="z@example.com",
            phone="13800000000",
            requisition_id="REQ-1",
            role="Sales Manager",
            status="Phone",
            updated_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        ),
    )
    assert (page.more, page.skipped) == (False, 0)
    assert [asked.query for asked in vendor.asked[1:]] == [
        {"per_page": "50"},
        {"ids": "11", "per_page": "500"},
        {"ids": "5", "per_page": "500"},
    ]


def test_a6_page_by_page_and_from_there_again(vendor: Vendor, ats: Ats, clock: Clock) -> None:
    """A cursor must come alone; and what changed while the pull went on is asked for again by the next one."""
    pages = [
        Said([application(id=3), application(id=2)], headers=link("a%2Fb%3D")),
        Said([application(id=1)]),
        Said([]),
    ]
    vendor.says({TOKEN: GRANTED, LIST: pages, CANDIDATES: Said([PERSON]), JOBS: Said([JOB])})
    first = ats.applications(None)
    clock.wait(300)
    second = ats.applications(first.next)
    third = ats.applications(second.next)
    assert [[one.external_id for one in page.items] for page in (first, second, third)] == [
        ["3", "2"],
        ["1"],
        [],
    ]
    assert [page.more for page in (first, second, third)] == [True, False, False]
    assert [asked.query for asked in vendor.asked if asked.route == LIST] == [
        {"per_page": "50"},
        {"cursor": "a/b="},
        {"per_page": "50", "updated_at": "gte|2026-03-02T00:59:00+00:00"},
    ]


def test_the_next_link_leads_nowhere_but_to_greenhouse(vendor: Vendor, ats: Ats) -> None:
    elsewhere = {"Link": '<http://169.254.169.254/x?cursor=abc>; rel="next"'}
    vendor.says({TOKEN: GRANTED, LIST: [Said([], headers=elsewhere), Said([])]})
    ats.applications(ats.applications(None).next)
    assert [asked.query for asked in vendor.asked if asked.route == LIST] == [
        {"per_page": "50"},
        {"cursor": "abc"},
    ]


@pytest.mark.parametrize(
    "header", ["", "<x>", '<https://x?cursor=a>; rel="prev"', "<https://x>; rel=next", "cursor=a; rel=next"]
)
def test_a_link_that_is_none(vendor: Vendor, ats: Ats, header: str) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([], headers={"Link": header})})
    assert ats.applications(None).more is False


def test_a6_bad_items_do_not_lose_the_good_ones(vendor: Vendor, ats: Ats, log: Log) -> None:
    items = [application(id="周晓"), application(), None, application(id=7, last_activity_at="yesterday")]
    vendor.says({TOKEN: GRANTED, LIST: Said(items), CANDIDATES: Said([PERSON, {"id": "x"}]), JOBS: Said([])})
    page = ats.applications(None)
    assert [one.external_id for one in page.items] == ["985"]
    assert page.skipped == 3
    assert "周晓" not in repr(log.lines)
    assert len(log.lines) == 3  # two applications, one candidate


def test_a6_prospects_have_not_applied(vendor: Vendor, ats: Ats) -> None:
    vendor.says(
        {TOKEN: GRANTED, LIST: Said([application(prospect=True)]), CANDIDATES: Said([PERSON]), JOBS: Said([])}
    )
    page = ats.applications(None)
    assert (page.items, page.skipped) == ((), 0)


def test_a_candidate_we_may_not_see_leaves_the_application(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([application(job_id=None)]), CANDIDATES: Said([])})
    (one,) = ats.applications(None).items
    assert (one.external_id, one.name, one.email, one.role) == ("985", None, None, None)


@pytest.mark.parametrize("body", [{}, {"items": []}, b"<html>", None])
def test_rubbish_is_no_page(vendor: Vendor, ats: Ats, body: Any) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said(body)})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        ats.applications(None)


# --- who we are ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "form"),
    [
        ({}, {"grant_type": "client_credentials"}),
        ({"user_id": 12345}, {"grant_type": "client_credentials", "sub": "12345"}),
    ],
)
def test_the_token(vendor: Vendor, line: Line, more: dict[str, Any], form: dict[str, str]) -> None:
    vendor.says({TOKEN: GRANTED, LIST: Said([])})
    ats_of(vendor, line, **more).applications(None)
    asked = vendor.asked[0]
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"client:secret").decode()
    assert asked.form == form


@pytest.mark.parametrize(
    "ends",
    [
        {"expires_in": 3600},
        {"expires_at": "2026-03-02T02:00:00Z"},
        {"expires_at": "2026-03-02T02:00:00"},
        {"expires_at": "2026-03-02T10:00:00+08:00"},
    ],
)
def test_a_token_is_renewed_before_it_ends(
    vendor: Vendor, ats: Ats, clock: Clock, ends: dict[str, Any]
) -> None:
    vendor.says({TOKEN: Said({"access_token": "t", **ends}), LIST: Said([])})
    for wait in (0, 3539, 1):
        clock.wait(wait)
        ats.applications(None)
    assert vendor.routes == [TOKEN, LIST, LIST, TOKEN, LIST]


def test_a_token_that_does_not_say_how_long_it_is_valid_serves_one_call(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: Said({"access_token": "t"}), LIST: Said([])})
    ats.applications(None)
    ats.applications(None)
    assert vendor.routes == [TOKEN, LIST, TOKEN, LIST]


def test_a_token_that_was_revoked_is_renewed(vendor: Vendor, ats: Ats) -> None:
    vendor.says({TOKEN: GRANTED, LIST: [Said(status=401), Said([])]})
    ats.applications(None)
    assert vendor.routes == [TOKEN, LIST, TOKEN, LIST]


@pytest.mark.parametrize(
    "wrong",
    [
        {"stages": {"somewhere": 1}},
        {"stages": {"signed": ""}},
        {"rejections": {"rejected": "no"}},
        {"auth_url": "https://auth.greenhouse.io/token"},
        {"token": "x"},
    ],
)
def test_settings_without_sense(wrong: dict[str, Any]) -> None:
    assert GreenhouseSettings().hires == {Stage.ONBOARDED}
    with pytest.raises(ValueError, match="validation error"):
        GreenhouseSettings.model_validate({**SETTINGS, **wrong})
