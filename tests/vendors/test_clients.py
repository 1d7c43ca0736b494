"""Each vendor's client against a server on loopback: the request in the contract's form, the answer as our values."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import urllib3

from rencai.domain.errors import VendorUnavailable
from rencai.domain.offer import Allowance, Benefits, Money, SalaryBand
from rencai.vendors.hiring import Ats, BackgroundCheck, Envelope, Esign, Signer
from rencai.vendors.http import VendorHttp
from rencai.vendors.pay import BenefitsProvider, Finance
from tests.vendors.loopback import Log, Vendor

CALLBACK = "https://api.example.com/v1/webhooks/x"


@pytest.fixture
def http(vendor: Vendor, log: Log) -> Iterator[VendorHttp]:
    with urllib3.PoolManager() as pool:
        yield VendorHttp("vendor", vendor.url, lambda: "t", pool, log)


def answers(vendor: Vendor, body: Any, status: int = 200) -> None:
    vendor.answering = lambda talk: talk.answer(status, body)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


BAND = {
    "role": "sales",
    "location": "上海",
    "currency": "CNY",
    "base_min": "8000.00",
    "base_max": "10000.00",
    "bonus": {"target_percent": "20"},
}


def test_a_salary_band(vendor: Vendor, http: VendorHttp) -> None:
    answers(vendor, BAND)
    assert Finance(http).salary_band("sales", "上海") == SalaryBand(
        minimum=cny("8000.00"), maximum=cny("10000.00"), bonus_percent=Decimal(20)
    )
    assert vendor.asked[0].path == "/salary-bands?role=sales&location=%E4%B8%8A%E6%B5%B7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_min": "NaN"},
        {"base_max": "Infinity"},
        {"base_min": "-1"},
        {"base_min": "8000.001"},
        {"base_min": "10000.01"},
        {"base_max": "1" * 20},
        {"currency": "yuan"},
        {"currency": "cny"},
        {"bonus": {"target_percent": "NaN"}},
        {"bonus": {"target_percent": "-1"}},
        {"bonus": None},
        {"base_min": None},
        {"base_max": "about ten thousand"},
    ],
)
def test_rubbish_from_finance_is_no_pay(vendor: Vendor, http: VendorHttp, wrong: dict[str, Any]) -> None:
    answers(vendor, {**BAND, **wrong})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        Finance(http).salary_band("sales", "上海")


def test_pay_written_as_a_number_is_not_a_float(vendor: Vendor, http: VendorHttp) -> None:
    answers(
        vendor,
        b'{"role":"r","location":"l","currency":"CNY","base_min":0.1,"base_max":10000.10,"bonus":{"target_percent":12.5}}',
    )
    band = Finance(http).salary_band("r", "l")
    assert (band.minimum, band.maximum, band.bonus_percent) == (cny("0.1"), cny("10000.1"), Decimal("12.5"))


PACKAGE = {
    "social_insurance": {"employer_percent": "26.5", "employee_percent": "10.5"},
    "housing_fund": {"percent": "7"},
    "allowances": [{"name": "餐补", "amount": "300.00", "currency": "CNY", "period": "month"}],
}


def test_b3_a_benefits_package(vendor: Vendor, http: VendorHttp) -> None:
    answers(vendor, PACKAGE)
    assert BenefitsProvider(http).package("上海") == Benefits(
        social_insurance_employer_percent=Decimal("26.5"),
        social_insurance_employee_percent=Decimal("10.5"),
        housing_fund_percent=Decimal(7),
        allowances=(Allowance(name="餐补", amount=cny("300.00"), period="month"),),
    )
    assert vendor.asked[0].path == "/packages?location=%E4%B8%8A%E6%B5%B7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"housing_fund": {"percent": "NaN"}},
        {"social_insurance": {"employer_percent": "1"}},
        {"allowances": None},
        {"allowances": [{"name": "x", "amount": "-1", "currency": "CNY", "period": "month"}]},
        {"allowances": PACKAGE["allowances"] * 21},  # type: ignore[operator]  # a list
    ],
)
def test_rubbish_from_benefits_is_no_package(vendor: Vendor, http: VendorHttp, wrong: dict[str, Any]) -> None:
    answers(vendor, {**PACKAGE, **wrong})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        BenefitsProvider(http).package("上海")


ENVELOPE = {
    "envelope_id": "env_1",
    "sign_url": "https://sign.example.com/1",
    "expires_at": "2026-03-16T00:00:00Z",
}


def send(http: VendorHttp) -> Envelope:
    return Esign(http, lambda: CALLBACK).send(
        title="录用通知",
        html="<p>你好</p>",
        signer=Signer("周晓", "z@example.com", None),
        reference="off_1",
        idempotency_key="evt_1",
    )


def test_b4_an_envelope(vendor: Vendor, http: VendorHttp) -> None:
    answers(vendor, ENVELOPE, 201)
    assert send(http) == Envelope(
        envelope_id="env_1",
        sign_url="https://sign.example.com/1",
        expires_at=datetime(2026, 3, 16, tzinfo=UTC),
    )
    (asked,) = vendor.asked
    assert (asked.method, asked.path, asked.headers["idempotency-key"]) == ("POST", "/envelopes", "evt_1")
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
        {"expires_at": "2026-03-16T00:00:00"},
        {"envelope_id": ""},
        {"envelope_id": "x" * 129},
    ],
)
def test_rubbish_from_e_signature_is_no_envelope(
    vendor: Vendor, http: VendorHttp, wrong: dict[str, Any]
) -> None:
    answers(vendor, {**ENVELOPE, **wrong}, 201)
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        send(http)


@pytest.mark.parametrize("national_id", ["11010519491231002X", None])
def test_b5_a_check(vendor: Vendor, http: VendorHttp, national_id: str | None) -> None:
    answers(vendor, {"check_id": "chk_1"}, 202)
    check = BackgroundCheck(http, lambda: CALLBACK)
    ordered = check.request(name="周晓", national_id=national_id, reference="cand_1", idempotency_key="evt_2")
    assert ordered == "chk_1"
    (asked,) = vendor.asked
    assert (asked.path, asked.headers["idempotency-key"]) == ("/checks", "evt_2")
    assert asked.json == {
        "reference": "cand_1",
        "person": {"name": "周晓", "national_id": national_id, "work_history": []},
        "callback_url": CALLBACK,
    }


@pytest.mark.parametrize(
    ("external_id", "path"),
    [
        ("ats-1001", "/applications/ats-1001/stage"),
        ("a/b?c#d", "/applications/a%2Fb%3Fc%23d/stage"),
        ("张 三", "/applications/%E5%BC%A0%20%E4%B8%89/stage"),
        ("100%", "/applications/100%25/stage"),
        ("..", "/applications/%2E%2E/stage"),
        (".", "/applications/%2E/stage"),
        ("v1.2", "/applications/v1.2/stage"),
    ],
)
def test_b8_the_ats_hears_of_a_decision(
    vendor: Vendor, http: VendorHttp, external_id: str, path: str
) -> None:
    answers(vendor, b"", 204)
    Ats(http).tell_stage(
        external_id=external_id,
        stage="onboarded",
        reason="",
        occurred_at=datetime(2026, 3, 2, 1, 20, tzinfo=UTC),
        idempotency_key="evt_3",
    )
    (asked,) = vendor.asked
    assert (asked.method, asked.path, asked.headers["idempotency-key"]) == ("POST", path, "evt_3")
    assert asked.json == {"stage": "onboarded", "reason": "", "occurred_at": "2026-03-02T01:20:00+00:00"}
