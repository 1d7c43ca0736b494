"""Finance and benefits: what a role pays and what comes with it."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from rencai.hiring.rules.offer import Allowance, Benefits, Money, SalaryBand
from rencai.kernel.texts import CURRENCY

from .http import VendorHttp

_Pay = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False)]
_Percent = Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False)]
_Currency = Annotated[str, Field(pattern=CURRENCY)]


class _Bonus(BaseModel):
    target_percent: _Percent


class _SalaryBandAnswer(BaseModel):
    role: str
    location: str
    currency: _Currency
    base_min: _Pay
    base_max: _Pay
    bonus: _Bonus

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.base_min > self.base_max:
            raise ValueError("base_min is above base_max")
        return self


class _SocialInsurance(BaseModel):
    employer_percent: _Percent
    employee_percent: _Percent


class _HousingFund(BaseModel):
    percent: _Percent


class _AllowanceAnswer(BaseModel):
    name: Annotated[str, Field(max_length=100)]
    amount: _Pay
    currency: _Currency
    period: Annotated[str, Field(max_length=40)]


class _PackageAnswer(BaseModel):
    social_insurance: _SocialInsurance
    housing_fund: _HousingFund
    allowances: Annotated[list[_AllowanceAnswer], Field(max_length=20)]


class Finance:
    """The finance system: salary bands."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def salary_band(self, role: str, location: str) -> SalaryBand:
        """The band of a role at a location, per month."""
        answer = self._http.get("/salary-bands", {"role": role, "location": location}, _SalaryBandAnswer)
        return SalaryBand(
            minimum=Money(amount=answer.base_min, currency=answer.currency),
            maximum=Money(amount=answer.base_max, currency=answer.currency),
            bonus_percent=answer.bonus.target_percent,
        )


class BenefitsProvider:
    """The benefits system: packages by location."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def package(self, location: str) -> Benefits:
        """社保, 公积金 and 补贴 at a location."""
        answer = self._http.get("/packages", {"location": location}, _PackageAnswer)
        return Benefits(
            social_insurance_employer_percent=answer.social_insurance.employer_percent,
            social_insurance_employee_percent=answer.social_insurance.employee_percent,
            housing_fund_percent=answer.housing_fund.percent,
            allowances=tuple(
                Allowance(name=a.name, amount=Money(amount=a.amount, currency=a.currency), period=a.period)
                for a in answer.allowances
            ),
        )
