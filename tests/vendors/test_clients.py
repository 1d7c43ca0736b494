"""Each trade's generic client against a server on loopback: the request in the contract's form, the answer as our
values.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from rencai.hiring.rules.background import Employment, Finding
from rencai.hiring.rules.facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.ports import BackgroundCheck, Envelope, Esign, Ordered, Psychometric, Signer
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.kernel.page import Page
from rencai.people.rules.application import Application
from rencai.people.rules.ports import Ats
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ports import Lms
from rencai.vendors import greenhouse, moodle
from rencai.vendors.ats import GenericAts
from rencai.vendors.auth import bearer
from rencai.vendors.background import GenericBackgroundCheck
from rencai.vendors.esign import GenericEsign
from rencai.vendors.http import Line, VendorHttp
from rencai.vendors.lms import GenericLms
from rencai.vendors.psychometric import GenericPsychometric
from tests.vendors.http_client import Forgetful
from tests.vendors.loopback import Log, Said, Vendor

CALLBACK = "https://api.example.com/v1/webhooks/x"
AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)


@pytest.fixture
def http(vendor: Vendor, line: Line) -> VendorHttp:
    return VendorHttp(line, vendor.url, bearer(lambda: "t"))


@pytest.fixture
def esign(http: VendorHttp) -> Esign:
    return GenericEsign(http, lambda: CALLBACK, Forgetful())


@pytest.fixture
def background(http: VendorHttp) -> BackgroundCheck:
    return GenericBackgroundCheck(http, lambda: CALLBACK, Forgetful())


@pytest.fixture
def psychometric(http: VendorHttp) -> Psychometric:
    return GenericPsychometric(http, lambda: CALLBACK, Forgetful())


@pytest.fixture
def ats(http: VendorHttp) -> Ats:
    return GenericAts(http)


@pytest.fixture
def lms(http: VendorHttp) -> Lms:
    return GenericLms(http, Forgetful())


def not_in_contract(vendor: Vendor, route: str, body: Any, call: Callable[[], object]) -> None:
    vendor.says({route: Said(body)})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        call()


# --- e-signature --------------------------------------------------------------------------------------------

ENVELOPE = {
    "envelope_id": "env_1",
    "sign_url": "https://sign.example.com/1",
    "expires_at": "2026-03-16T00:00:00Z",
}


def send(esign: Esign) -> Envelope:
    return esign.send(
        title="录用通知",
        html="<p>你好</p>",
        signer=Signer("周晓", "z@example.com", None),
        reference="off_1",
        idempotency_key="evt_1",
    )


def test_b4_an_envelope(vendor: Vendor, esign: Esign) -> None:
    vendor.says({"POST /envelopes": Said(ENVELOPE, 201)})
    assert send(esign) == Envelope(
        "env_1", "https://sign.example.com/1", expires_at=datetime(2026, 3, 16, tzinfo=UTC)
    )
    assert esign.echoes_reference
    (asked,) = vendor.asked
    assert (asked.route, asked.headers["idempotency-key"]) == ("POST /envelopes", "evt_1")
    assert asked.json == {
        "document": {"title": "录用通知", "html": "<p>你好</p>"},
        "signer": {"name": "周晓", "email": "z@example.com", "phone": None},
        "reference": "off_1",
        "callback_url": CALLBACK,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"sign_url": "javascript:alert(1)"},
        {"sign_url": "ftp://x"},
        {"sign_url": "https://" + "x" * 2000},
        {"sign_url": None},
        {"expires_at": "2026-03-16T00:00:00"},
        {"envelope_id": ""},
        {"envelope_id": "x" * 129},
    ],
)
def test_rubbish_from_e_signature_is_no_envelope(vendor: Vendor, esign: Esign, wrong: dict[str, Any]) -> None:
    not_in_contract(vendor, "POST /envelopes", {**ENVELOPE, **wrong}, lambda: send(esign))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("sent", None),
        ("completed", EnvelopeOutcome.COMPLETED),
        ("declined", EnvelopeOutcome.DECLINED),
        ("expired", EnvelopeOutcome.EXPIRED),
        ("voided", EnvelopeOutcome.VOIDED),
    ],
)
def test_b7_how_an_envelope_stands(
    vendor: Vendor, esign: Esign, status: str, told: EnvelopeOutcome | None
) -> None:
    vendor.says(
        {"GET /envelopes/env%2F1": Said({"envelope_id": "env/1", "status": status, "reference": "off_1"})}
    )
    assert esign.status("env/1") == (EnvelopeClosed("env/1", told, "off_1") if told else None)


def test_b4_why_an_envelope_was_declined(vendor: Vendor, esign: Esign) -> None:
    body = {"envelope_id": "env_1", "status": "declined", "reference": "off_1", "reason": "薪资低于预期"}
    vendor.says({"GET /envelopes/env_1": Said(body)})
    told = esign.status("env_1")
    assert told == EnvelopeClosed("env_1", EnvelopeOutcome.DECLINED, "off_1", "薪资低于预期")


def test_an_envelope_is_voided(vendor: Vendor, esign: Esign) -> None:
    vendor.says({"POST /envelopes/env%2F1/void": Said({"envelope_id": "env/1", "status": "voided"})})
    esign.void("env/1", "招聘流程已结束")
    (asked,) = vendor.asked
    assert asked.json == {"reason": "招聘流程已结束"}
    assert asked.headers["idempotency-key"] == "void-env/1"


@pytest.mark.parametrize("status", [404, 405])
def test_a_vendor_without_the_call_refuses_to_void(vendor: Vendor, esign: Esign, status: int) -> None:
    vendor.says({"POST /envelopes/env_1/void": Said({}, status)})
    with pytest.raises(VendorRefusal, match=f"answered {status}"):
        esign.void("env_1", "招聘流程已结束")


@pytest.mark.parametrize("wrong", [{"status": "lost"}, {"status": None}, {"reference": ""}])
def test_rubbish_is_no_status_of_an_envelope(vendor: Vendor, esign: Esign, wrong: dict[str, Any]) -> None:
    body = {"envelope_id": "env_1", "status": "completed", "reference": "off_1", **wrong}
    not_in_contract(vendor, "GET /envelopes/env_1", body, lambda: esign.status("env_1"))


# --- background check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("national_id", ["11010519491231002X", None])
def test_b5_a_check(vendor: Vendor, background: BackgroundCheck, national_id: str | None) -> None:
    vendor.says({"POST /checks": Said({"check_id": "chk_1"}, 202)})
    jobs = [
        Employment.model_validate({"employer": "甲公司", "title": "销售", "from": "2020-01", "to": "2022"}),
        Employment.model_validate({"employer": "乙公司", "title": "销售经理"}),
    ]
    ordered = background.request(
        name="周晓",
        national_id=national_id,
        email="z@example.com",
        phone="13800000000",
        work_history=jobs,
        reference="cand_1",
        idempotency_key="evt_2",
    )
    assert ordered == "chk_1"
    assert background.echoes_reference
    (asked,) = vendor.asked
    assert (asked.route, asked.headers["idempotency-key"]) == ("POST /checks", "evt_2")
    assert asked.json == {
        "reference": "cand_1",
        "person": {
            "name": "周晓",
            "national_id": national_id,
            "work_history": [
                {"employer": "甲公司", "title": "销售", "from": "2020-01", "to": "2022"},
                {"employer": "乙公司", "title": "销售经理", "from": None, "to": None},
            ],
        },
        "callback_url": CALLBACK,
    }


CHECK = {
    "check_id": "chk_1",
    "status": "complete",
    "reference": "cand_1",
    "result": "clear",
    "findings": [{"kind": "identity", "verified": True, "detail": None}],
}


def test_b7_how_a_check_stands(vendor: Vendor, background: BackgroundCheck) -> None:
    pending = {"check_id": "chk_1", "status": "pending", "reference": "cand_1"}
    vendor.says({"GET /checks/chk_1": [Said(pending), Said(CHECK)]})
    assert [background.status("chk_1"), background.status("chk_1")] == [
        None,
        CheckCompleted("chk_1", "clear", (Finding(kind="identity", verified=True),), "cand_1"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "done"},
        {"result": None},
        {"result": "fine"},
        {"findings": None},
        {"findings": [{"kind": "identity", "verified": "yes"}]},
        {"findings": [{"kind": "horoscope", "verified": True}]},
        {"findings": CHECK["findings"] * 101},  # type: ignore[operator]  # a list
    ],
)
def test_rubbish_is_no_status_of_a_check(
    vendor: Vendor, background: BackgroundCheck, wrong: dict[str, Any]
) -> None:
    not_in_contract(vendor, "GET /checks/chk_1", {**CHECK, **wrong}, lambda: background.status("chk_1"))


# --- psychometric -------------------------------------------------------------------------------------------


def order(psychometric: Psychometric) -> Ordered:
    return psychometric.order(
        name="周晓",
        email=None,
        instruments=("personality", "stress_tolerance"),
        reference="cand_1",
        idempotency_key="evt_4",
    )


def test_a7_an_assessment(vendor: Vendor, psychometric: Psychometric) -> None:
    answer = {"assessment_id": "asm_1", "invite_url": "https://assess.example.com/1"}
    vendor.says({"POST /assessments": Said(answer, 202)})
    assert order(psychometric) == Ordered("asm_1", "https://assess.example.com/1")
    assert psychometric.echoes_reference
    (asked,) = vendor.asked
    assert asked.headers["idempotency-key"] == "evt_4"
    assert asked.json == {
        "reference": "cand_1",
        "candidate": {"name": "周晓", "email": None},
        "instruments": ["personality", "stress_tolerance"],
        "callback_url": CALLBACK,
    }


@pytest.mark.parametrize("wrong", [{"invite_url": "javascript:x"}, {"assessment_id": ""}])
def test_rubbish_is_no_assessment(vendor: Vendor, psychometric: Psychometric, wrong: dict[str, Any]) -> None:
    body = {"assessment_id": "asm_1", "invite_url": "https://assess.example.com/1", **wrong}
    not_in_contract(vendor, "POST /assessments", body, lambda: order(psychometric))


RESULT = {
    "assessment_id": "asm_1",
    "status": "completed",
    "reference": "cand_1",
    "scales": {"stress_tolerance": 82.5, "openness": "61"},
    "summary": "Calm.",
}


def test_a7_how_an_assessment_stands(vendor: Vendor, psychometric: Psychometric) -> None:
    ordered = {"assessment_id": "asm_1", "status": "ordered", "reference": "cand_1"}
    vendor.says({"GET /assessments/asm_1": [Said(ordered), Said(RESULT)]})
    scales = {"stress_tolerance": Decimal("82.5"), "openness": Decimal(61)}
    assert [psychometric.status("asm_1"), psychometric.status("asm_1")] == [
        None,
        AssessmentCompleted("asm_1", scales, "Calm.", "cand_1"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "lost"},
        {"scales": None},
        {"scales": {"x": 101}},
        {"scales": {"x": "NaN"}},
        {"scales": {"": 1}},
        {"scales": {str(n): 1 for n in range(51)}},
        {"summary": "x" * 4001},
    ],
)
def test_rubbish_is_no_result(vendor: Vendor, psychometric: Psychometric, wrong: dict[str, Any]) -> None:
    not_in_contract(
        vendor, "GET /assessments/asm_1", {**RESULT, **wrong}, lambda: psychometric.status("asm_1")
    )


# --- ATS ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("external_id", "path"),
    [
        ("ats-1001", "/applications/ats-1001/stage"),
        ("a/b?c#d", "/applications/a%2Fb%3Fc%23d/stage"),
        ("100%", "/applications/100%25/stage"),
        ("..", "/applications/%2E%2E/stage"),
        (".", "/applications/%2E/stage"),
    ],
)
def test_b8_the_ats_hears_of_a_decision(vendor: Vendor, ats: Ats, external_id: str, path: str) -> None:
    vendor.says({f"POST {path}": Said(status=204)})
    ats.tell_stage(
        external_id=external_id, stage="onboarded", reason="", occurred_at=AT, idempotency_key="evt_3"
    )
    (asked,) = vendor.asked
    assert asked.headers["idempotency-key"] == "evt_3"
    assert asked.json == {"stage": "onboarded", "reason": "", "occurred_at": "2026-03-02T01:20:00+00:00"}


def test_a6_applications_page_by_page(vendor: Vendor, ats: Ats) -> None:
    vendor.says(
        {
            "GET /applications": [
                Said({"items": [{"external_id": "a"}, {"external_id": "b"}], "next": "c1"}),
                Said({"items": [{"external_id": "c", "more": "ignored"}], "next": "c2"}),
                Said({"items": [], "next": "c2"}),
                Said({"items": [], "next": None}),
            ]
        }
    )
    a, b, c = (Application(external_id=one) for one in "abc")
    assert [ats.applications(since) for since in (None, "c1", "c2", "c2")] == [
        Page((a, b), "c1", more=True),
        Page((c,), "c2", more=True),
        Page((), "c2", more=False),
        Page((), None, more=False),
    ]
    assert [asked.query for asked in vendor.asked] == [{}, {"since": "c1"}, {"since": "c2"}, {"since": "c2"}]


def test_a6_a_bad_application_does_not_lose_the_others(vendor: Vendor, ats: Ats, log: Log) -> None:
    items = [{"external_id": "a"}, {"name": "周晓"}, None, {"external_id": "b", "email": 7}]
    vendor.says({"GET /applications": Said({"items": items, "next": "c1"})})
    assert ats.applications(None) == Page((Application(external_id="a"),), "c1", more=True, skipped=3)
    assert [(extra["item"], extra["where"]) for _, extra in log.lines] == [
        (1, ["external_id"]),
        (2, [""]),
        (3, ["email"]),
    ]


def test_an_ats_that_does_not_go_on_is_not_asked_for_ever(vendor: Vendor, ats: Ats) -> None:
    vendor.says({"GET /applications": Said({"items": [{"external_id": "a"}], "next": "c1"})})
    assert ats.applications("c1").more is False


@pytest.mark.parametrize("body", [[], {"items": []}, {"items": {}, "next": None}, {"next": "c"}, b"<html>"])
def test_rubbish_is_no_page_of_applications(vendor: Vendor, ats: Ats, body: Any) -> None:
    not_in_contract(vendor, "GET /applications", body, lambda: ats.applications(None))


# --- LMS ----------------------------------------------------------------------------------------------------


def test_c2_an_enrolment(vendor: Vendor, lms: Lms) -> None:
    vendor.says({"POST /enrolments": Said({"enrolment_id": "enr_1"}, 201)})
    enrolment_id = lms.enrol(
        learner="emp_1",
        course_id="negotiation-101",
        due_at=AT,
        reference="emp_1/negotiation-101",
        idempotency_key="evt_5",
    )
    assert (enrolment_id, lms.asked_by_enrolment) == ("enr_1", False)
    (asked,) = vendor.asked
    assert asked.headers["idempotency-key"] == "evt_5"
    assert asked.json == {
        "learner": "emp_1",
        "course_id": "negotiation-101",
        "due_at": "2026-03-02T01:20:00+00:00",
        "reference": "emp_1/negotiation-101",
    }


def test_c2_progress_page_by_page(vendor: Vendor, lms: Lms, log: Log) -> None:
    whole = {
        "enrolment_id": "enr_1",
        "completion_percent": 80,
        "exam_score": 85.5,
        "mentor_review": "谈判技巧有明显提升",
        "occurred_at": "2026-03-02T01:20:00Z",
    }
    nothing = {
        "enrolment_id": "enr_2",
        "completion_percent": None,
        "exam_score": None,
        "mentor_review": None,
        "occurred_at": "2026-03-02T01:20:00Z",
    }
    wrong = [{**whole, "completion_percent": 101}, {**whole, "occurred_at": "yesterday"}, {}]
    vendor.says(
        {
            "GET /progress": [
                Said({"items": [whole, *wrong, nothing], "next": "c1"}),
                Said({"items": [], "next": "c1"}),
            ]
        }
    )
    first = CourseProgressed("enr_1", AT, Decimal(80), Decimal("85.5"), "谈判技巧有明显提升")
    assert [lms.progress(None, ["enr_9"]), lms.progress("c1")] == [
        Page((first, CourseProgressed("enr_2", AT)), "c1", more=True, skipped=3),
        Page((), "c1", more=False),
    ]
    assert [asked.path for asked in vendor.asked] == ["/progress", "/progress?since=c1"]
    assert [extra["item"] for _, extra in log.lines] == [1, 2, 3]


def test_an_answer_with_a_mistake_in_each_of_its_members_is_refused_at_the_first() -> None:
    """An error for each of a hundred thousand took 100 MB and more."""
    bombs: list[tuple[type[BaseModel], Any]] = [
        (moodle._Users, [{}] * 100_000),
        (moodle._Completion, {"statuses": [{}] * 100_000}),
        (greenhouse._Found, [{}] * 100_000),
    ]
    for model, answer in bombs:
        with pytest.raises(ValidationError) as caught:
            model.model_validate(answer)
        assert caught.value.error_count() < 10
