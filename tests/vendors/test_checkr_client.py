"""Checkr against a server on loopback that answers as Checkr's reference shows."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from rencai.hiring.rules.background import Finding, Verdict, verdict
from rencai.hiring.rules.facts import CheckCompleted
from rencai.hiring.rules.ports import BackgroundCheck
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.checkr import CheckrBackgroundCheck, CheckrSettings
from rencai.vendors.http import Line, NotNow
from tests.vendors.http_client import Forgetful
from tests.vendors.loopback import Asked, Said, Talk, Vendor

CANDIDATE, REPORT = "e44aa283528e6fde7d542194", "4722c07dd9a10c3985ae432a"
CANDIDATES, INVITATIONS = "POST /v1/candidates", "POST /v1/invitations"
STATUS, READ = f"GET /v1/candidates/{CANDIDATE}", f"GET /v1/reports/{REPORT}"
SETTINGS = {
    "package": "criminal_pro",
    "work_locations": [{"country": "US", "state": "CA", "city": "San Francisco"}],
}
CREATED = Said({"id": CANDIDATE, "object": "candidate", "email": "z@example.com"}, 201)
INVITED = Said({"id": "2c1e0a", "object": "invitation", "status": "pending", "report_id": None}, 201)


def background_of(vendor: Vendor, line: Line, **more: Any) -> BackgroundCheck:
    return CheckrBackgroundCheck(
        CheckrSettings(**{**SETTINGS, **more}), line, vendor.url, lambda: "key", Forgetful()
    )


@pytest.fixture
def background(vendor: Vendor, line: Line) -> BackgroundCheck:
    return background_of(vendor, line)


def request(
    background: BackgroundCheck, *, email: str | None = "z@example.com", phone: str | None = None
) -> str:
    return background.request(
        name="周晓",
        national_id="11010519491231002X",
        email=email,
        phone=phone,
        work_history=(),
        reference="cand_1",
        idempotency_key="check-cand_1",
    )


def test_b5_an_invitation(vendor: Vendor, background: BackgroundCheck) -> None:
    vendor.says({CANDIDATES: CREATED, INVITATIONS: INVITED})
    assert request(background) == CANDIDATE
    assert not background.echoes_reference
    candidate, invitation = vendor.asked
    assert candidate.headers["authorization"] == "Basic " + base64.b64encode(b"key:").decode()
    assert candidate.headers["idempotency-key"] == "check-cand_1-candidate"
    places = [{"country": "US", "state": "CA", "city": "San Francisco"}]
    assert candidate.json == {"email": "z@example.com", "custom_id": "cand_1", "work_locations": places}
    assert invitation.headers["idempotency-key"] == f"check-cand_1-invitation-{CANDIDATE}"
    assert invitation.json == {
        "candidate_id": CANDIDATE,
        "package": "criminal_pro",
        "work_locations": places,
    }


def test_a_phone_number_and_a_node_are_told_where_there_are_some(vendor: Vendor, line: Line) -> None:
    vendor.says({CANDIDATES: CREATED, INVITATIONS: INVITED})
    request(background_of(vendor, line, node="store-7"), phone="+14155550100")
    assert vendor.asked[0].json["phone"] == "+14155550100"
    assert vendor.asked[1].json["node"] == "store-7"


def test_no_name_and_no_number_of_the_state_leave_the_house(
    vendor: Vendor, background: BackgroundCheck
) -> None:
    vendor.says({CANDIDATES: CREATED, INVITATIONS: INVITED})
    request(background)
    sent = b"".join(asked.body for asked in vendor.asked).decode()
    assert "周晓" not in sent
    assert "11010519491231002X" not in sent


def test_a_candidate_without_e_mail_is_refused_before_anything_is_asked(
    vendor: Vendor, background: BackgroundCheck
) -> None:
    with pytest.raises(VendorRefusal, match="needs the candidate's e-mail address"):
        request(background, email=None)
    assert vendor.asked == []


def test_a_retry_after_a_crash_orders_nothing_twice(vendor: Vendor, line: Line) -> None:
    """Checkr gives the first answer again to a key it knows; the first time nobody hears it."""
    made: dict[str, Asked] = {}

    def checkr(talk: Talk) -> None:
        asked = vendor.asked[-1]
        key = asked.headers["idempotency-key"]
        first = key not in made
        assert made.setdefault(key, asked).json == asked.json
        if first and asked.route == INVITATIONS:
            talk.close_connection = True
        else:
            talk.answer(201, CREATED.body if asked.route == CANDIDATES else INVITED.body)

    vendor.answering = checkr
    with pytest.raises(VendorUnavailable):
        request(background_of(vendor, line))
    assert request(background_of(vendor, line)) == CANDIDATE
    assert len(made) == 2


def test_a_request_that_is_still_under_way_comes_back(vendor: Vendor, background: BackgroundCheck) -> None:
    vendor.says({CANDIDATES: Said({"error": "in use"}, 409)})
    with pytest.raises(NotNow, match="answered 409"):
        request(background)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal(vendor: Vendor, background: BackgroundCheck, status: int) -> None:
    vendor.says({CANDIDATES: CREATED, INVITATIONS: Said({"error": "Package not found"}, status)})
    with pytest.raises(VendorRefusal, match=f"answered {status} to POST invitations"):
        request(background)


# --- how it stands ------------------------------------------------------------------------------------------


def candidate(*reports: tuple[str, str]) -> Said:
    told = [{"id": id_, "created_at": at, "status": "complete"} for id_, at in reports]
    return Said(
        {"id": CANDIDATE, "custom_id": "cand_1", "report_ids": [one["id"] for one in told], "reports": told}
    )


ONE = candidate((REPORT, "2026-03-01T00:00:00Z"))


def screening(result: str | None = "clear", status: str = "complete", **more: Any) -> dict[str, Any]:
    return {"id": "539fdcf335644a0ef4000001", "status": status, "result": result, **more}


def trace(**flags: bool) -> dict[str, Any]:
    return screening(None, no_data=False, thin_file=False, name_mismatch=False) | flags


CLEAR = {
    "id": REPORT,
    "status": "complete",
    "result": "clear",
    "adjudication": None,
    "ssn_trace": trace(),
    "national_criminal_search": screening(None),
    "sex_offender_search": screening(),
    "county_criminal_searches": [screening(), screening()],
    "employment_verification": screening(),
    "education_verification": screening(),
    "motor_vehicle_report": screening("consider"),
}


def told(vendor: Vendor, background: BackgroundCheck, report: dict[str, Any]) -> CheckCompleted | None:
    vendor.says({STATUS: ONE, READ: Said(report)})
    return background.status(CANDIDATE)


def findings(fact: CheckCompleted | None) -> list[tuple[str, bool, str | None]]:
    assert fact is not None
    assert fact.findings is not None
    return [(one.kind, one.verified, one.detail) for one in fact.findings]


def test_b5_a_clear_report(vendor: Vendor, background: BackgroundCheck) -> None:
    fact = told(vendor, background, CLEAR)
    assert fact is not None
    assert (fact.check_id, fact.result, fact.reference) == (CANDIDATE, "clear", "cand_1")
    assert findings(fact) == [
        ("identity", True, "ssn_trace: complete"),
        ("education", True, "education_verification: clear"),
        ("employment", True, "employment_verification: clear"),
        ("criminal", True, "county_criminal_searches: clear"),
        ("criminal", True, "county_criminal_searches: clear"),
        ("criminal", True, "sex_offender_search: clear"),
    ]
    assert verdict(fact.result, fact.findings or ()) is Verdict.CLEARED
    assert vendor.routes == [STATUS, READ]
    assert vendor.asked[0].query == {"include": "reports"}
    included = vendor.asked[1].query["include"].split(",")
    assert {"ssn_trace", "county_criminal_searches", "employment_verification"} < set(included)


@pytest.mark.parametrize(
    ("name", "screenings", "kind", "detail"),
    [
        ("ssn_trace", trace(name_mismatch=True, thin_file=True), "identity", "name_mismatch, thin_file"),
        ("ssn_trace", trace(death_index=True), "identity", "death_index"),
        ("ssn_trace", screening(None, "pending"), "identity", "pending"),
        ("ssn_trace", screening("consider"), "identity", "consider"),
        ("employment_verification", screening("consider"), "employment", "consider"),
        ("employment_verification", screening(None, "canceled"), "employment", "canceled"),
        ("county_criminal_searches", [screening(), screening("consider")], "criminal", "consider"),
        ("international_criminal_searches", [screening("consider")], "criminal", "consider"),
        ("national_criminal_search", screening("consider"), "criminal", "consider"),
        ("national_criminal_search", screening(None, "canceled"), "criminal", "canceled"),
        ("sex_offender_search", screening("consider"), "criminal", "consider"),
    ],
)
def test_b5_what_is_not_clear_goes_to_a_person(
    vendor: Vendor, background: BackgroundCheck, name: str, screenings: Any, kind: str, detail: str
) -> None:
    fact = told(vendor, background, {**CLEAR, name: screenings})
    assert (kind, False, f"{name}: {detail}") in findings(fact)
    assert fact is not None
    assert verdict("clear", fact.findings or ()) is Verdict.FLAGGED


def test_identity_by_document(vendor: Vendor, background: BackgroundCheck) -> None:
    report = {
        "status": "complete",
        "result": "clear",
        "international_identity_document_validation": screening(),
    }
    fact = told(vendor, background, report)
    assert fact == CheckCompleted(
        CANDIDATE,
        "clear",
        (
            Finding(
                kind="identity", verified=True, detail="international_identity_document_validation: clear"
            ),
        ),
        "cand_1",
    )


@pytest.mark.parametrize("adjudication", [None, "engaged", "pre_adverse_action"])
def test_consider_stays_consider(
    vendor: Vendor, background: BackgroundCheck, adjudication: str | None
) -> None:
    fact = told(vendor, background, {**CLEAR, "result": "consider", "adjudication": adjudication})
    assert fact is not None
    assert fact.result == "consider"


def test_a_complete_report_without_a_result_is_for_a_person(
    vendor: Vendor, background: BackgroundCheck
) -> None:
    fact = told(vendor, background, {**CLEAR, "result": None})
    assert fact is not None
    assert fact.result == "consider"


@pytest.mark.parametrize("status", ["pending", "suspended", "dispute", "canceled"])
def test_b7_a_report_that_is_not_complete(vendor: Vendor, background: BackgroundCheck, status: str) -> None:
    assert told(vendor, background, {**CLEAR, "status": status, "result": None}) is None


def test_b7_an_invitation_nobody_has_filled_in(vendor: Vendor, background: BackgroundCheck) -> None:
    vendor.says({STATUS: candidate()})
    assert background.status(CANDIDATE) is None
    assert vendor.routes == [STATUS]


def test_of_several_reports_the_newest_counts(vendor: Vendor, background: BackgroundCheck) -> None:
    vendor.says(
        {
            STATUS: candidate(
                ("old1", "2025-03-01T00:00:00Z"),
                (REPORT, "2026-03-01T00:00:00Z"),
                ("old2", "2026-02-28T00:00:00Z"),
            ),
            READ: Said(CLEAR),
        }
    )
    assert background.status(CANDIDATE) is not None


@pytest.mark.parametrize(
    "call",
    [
        lambda vendor: vendor.says({STATUS: Said({"reports": [{"id": REPORT}]})}),
        lambda vendor: vendor.says({STATUS: ONE, READ: Said({"result": "clear"})}),
        lambda vendor: vendor.says({STATUS: ONE, READ: Said({**CLEAR, "result": "fine"})}),
        lambda vendor: vendor.says({STATUS: ONE, READ: Said({**CLEAR, "ssn_trace": "clear"})}),
        lambda vendor: vendor.says({STATUS: ONE, READ: Said({**CLEAR, "county_criminal_searches": ["id"]})}),
        lambda vendor: vendor.says({STATUS: ONE, READ: Said(b"<html>")}),
    ],
)
def test_rubbish_is_no_report(
    vendor: Vendor, background: BackgroundCheck, call: Callable[[Vendor], None]
) -> None:
    call(vendor)
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        background.status(CANDIDATE)


@pytest.mark.parametrize(
    "wrong",
    [{"package": ""}, {"work_locations": []}, {"work_locations": [{"country": "USA"}]}, {"api_key": "x"}],
)
def test_settings_without_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        CheckrSettings.model_validate({**SETTINGS, **wrong})
