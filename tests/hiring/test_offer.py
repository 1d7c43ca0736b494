"""Pay by score (B2) and the terms of an offer (B3)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.hiring.rules.offer import (
    Allowance,
    Benefits,
    Bonus,
    Money,
    OfferTerms,
    SalaryAnchors,
    SalaryBand,
    SalaryPolicy,
    base_salary,
    terms,
)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def band(minimum: str = "8000.00", maximum: str = "10000.00", bonus: str = "20") -> SalaryBand:
    return SalaryBand(minimum=cny(minimum), maximum=cny(maximum), bonus_percent=Decimal(bonus))


ANCHORS = SalaryAnchors(minimum_at=Decimal(80), maximum_at=Decimal(90))


@pytest.mark.parametrize(
    ("score", "amount"),
    [
        ("90", "10000.00"),
        ("80", "8000.00"),
        ("85", "9000.00"),
        ("95", "10000.00"),
        ("100", "10000.00"),
        ("90.01", "10000.00"),
        ("89.99", "9998.00"),
        ("80.01", "8002.00"),
    ],
)
def test_b2_the_sales_band_by_score(score: str, amount: str) -> None:
    assert base_salary(band(), ANCHORS, Decimal(score)) == cny(amount)


def test_b2_below_the_band_pays_its_minimum() -> None:
    assert base_salary(band(), ANCHORS, Decimal("12.34")) == cny("8000.00")


def test_a_band_of_one_amount_pays_that() -> None:
    assert base_salary(band("9000", "9000"), ANCHORS, Decimal(85)) == cny("9000.00")


@pytest.mark.parametrize(("score", "amount"), [("85", "0.01"), ("84.99", "0.00")])
def test_pay_rounds_half_up_to_the_cent(score: str, amount: str) -> None:
    assert base_salary(band("0.00", "0.01"), ANCHORS, Decimal(score)) == cny(amount)


@pytest.mark.parametrize(
    ("bonus", "target"), [("12.5", "1000.13"), ("12.4999", "1000.12"), ("0.00625", "0.50")]
)
def test_the_bonus_rounds_half_up_to_the_cent(bonus: str, target: str) -> None:
    benefits = Benefits(
        social_insurance_employer_percent=Decimal(0),
        social_insurance_employee_percent=Decimal(0),
        housing_fund_percent=Decimal(0),
    )
    made = terms(band("8001.00", "8001.00", bonus), benefits, ANCHORS, Decimal(85))
    assert made.bonus.target == cny(target)


amounts = st.decimals("0", "999999.99", places=2)
scores = st.decimals("0", "100", places=2)


@given(amounts, amounts, scores, scores, scores, scores)
def test_pay_rises_with_the_score_and_stays_in_the_band(
    one: Decimal, other: Decimal, at: Decimal, also_at: Decimal, score: Decimal, better: Decimal
) -> None:
    low, high = sorted((one, other))
    bottom, top = sorted((at, also_at))
    if bottom == top:
        return
    made = SalaryBand(
        minimum=Money(amount=low, currency="CNY"),
        maximum=Money(amount=high, currency="CNY"),
        bonus_percent=Decimal(0),
    )
    anchors = SalaryAnchors(minimum_at=bottom, maximum_at=top)
    less, more = (base_salary(made, anchors, one).amount for one in sorted((score, better)))
    assert low <= less <= more <= high
    assert base_salary(made, anchors, bottom).amount == low
    assert base_salary(made, anchors, top).amount == high
    assert less == less.quantize(Decimal("0.01"))


@pytest.mark.parametrize(("minimum", "maximum"), [("80", "80"), ("90", "80"), ("-1", "80"), ("80", "101")])
def test_anchors_rise_between_0_and_100(minimum: str, maximum: str) -> None:
    with pytest.raises(ValidationError):
        SalaryAnchors(minimum_at=Decimal(minimum), maximum_at=Decimal(maximum))


def test_a_role_without_anchors_of_its_own_uses_the_default() -> None:
    own = SalaryAnchors(minimum_at=Decimal(70), maximum_at=Decimal(95))
    policy = SalaryPolicy(default=ANCHORS, roles={"marketing": own})
    assert (policy.anchors("sales"), policy.anchors("marketing")) == (ANCHORS, own)


@pytest.mark.parametrize(
    "money",
    [
        {"amount": "1.005", "currency": "CNY"},
        {"amount": "NaN", "currency": "CNY"},
        {"amount": "1", "currency": "cny"},
        {"amount": "1", "currency": "RMBX"},
        {"amount": "1"},
    ],
)
def test_money_is_an_amount_to_the_cent_with_a_currency(money: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate(money)


def test_money_travels_as_text() -> None:
    assert base_salary(band(), ANCHORS, Decimal(90)).model_dump(mode="json") == {
        "amount": "10000.00",
        "currency": "CNY",
    }


def test_b3_the_terms_whole() -> None:
    benefits = Benefits(
        social_insurance_employer_percent=Decimal("26.5"),
        social_insurance_employee_percent=Decimal("10.5"),
        housing_fund_percent=Decimal(7),
        allowances=(Allowance(name="餐补", amount=cny("300.00"), period="month"),),
    )
    made = terms(band(bonus="12.5"), benefits, ANCHORS, Decimal("81.11"))
    assert made == OfferTerms(
        base_salary=cny("8222.00"),
        bonus=Bonus(target_percent=Decimal("12.5"), target=cny("1027.75")),
        benefits=benefits,
    )
    assert OfferTerms.model_validate_json(made.model_dump_json()) == made
