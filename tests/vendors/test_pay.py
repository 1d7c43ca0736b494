"""Finance and benefits against a server on loopback: the request in the contract's form, the answer as our values."""

from decimal import Decimal
from typing import Any

import pytest

from rencai.hiring.rules.offer import Allowance, Benefits, Money, SalaryBand
from rencai.kernel.errors import VendorUnavailable
from rencai.vendors.auth import bearer
from rencai.vendors.http import Line, VendorHttp
from rencai.vendors.pay import BenefitsProvider, Finance
from tests.vendors.loopback import Vendor


@pytest.fixture
def http(vendor: Vendor, line: Line) -> VendorHttp:
    return VendorHttp(line, vendor.url, bearer(lambda: "t"))


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
