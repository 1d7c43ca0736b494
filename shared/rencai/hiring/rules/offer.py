"""The offer: pay placed in the salary band by score (B2), benefits (B3), and the terms as one value."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.kernel.configuration import Kind
from rencai.kernel.texts import CURRENCY
from rencai.kernel.wording import wrong

from .refusals import HiringDocumentRefusal

_CENT: Final = Decimal("0.01")


class Money(BaseModel):
    """An amount with its currency (ISO 4217). Serialises the amount as a string with two decimals."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
    currency: Annotated[str, Field(pattern=CURRENCY)]


class SalaryBand(BaseModel):
    """Pay range of a role at a location, per month. ``bonus_percent`` is the target bonus as a share of base pay."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    minimum: Money
    maximum: Money
    bonus_percent: Decimal


class SalaryAnchors(BaseModel):
    """The scores at which the band's ends are paid; linear between, flat outside."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    minimum_at: Annotated[Decimal, Field(ge=0, le=100)]
    maximum_at: Annotated[Decimal, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.minimum_at >= self.maximum_at:
            raise wrong(HiringDocumentRefusal.SALARY_POINTS_RISE)
        return self


class SalaryPolicy(BaseModel):
    """How a score becomes pay, and for how many days an offer stands. Roles not named use ``default``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    default: SalaryAnchors
    roles: dict[str, SalaryAnchors] = {}
    offer_valid_days: Annotated[int, Field(ge=1, le=90)] = 14

    def anchors(self, role: str) -> SalaryAnchors:
        """The anchors of ``role``."""
        return self.roles.get(role, self.default)


SALARY_POLICY: Final = Kind("salary_policy", SalaryPolicy)


def base_salary(band: SalaryBand, anchors: SalaryAnchors, score: Decimal) -> Money:
    """Monthly base pay for ``score`` (0-100): linear between the anchors, flat outside, to the cent, half up.

    >>> band = SalaryBand(minimum=Money(amount="8000", currency="CNY"), maximum=Money(amount="10000", currency="CNY"),
    ...                   bonus_percent="20")
    >>> anchors = SalaryAnchors(minimum_at="80", maximum_at="90")
    >>> base_salary(band, anchors, Decimal(85)).amount
    Decimal('9000.00')
    """
    span = anchors.maximum_at - anchors.minimum_at
    share = min(Decimal(1), max(Decimal(0), (score - anchors.minimum_at) / span))
    amount = band.minimum.amount + (band.maximum.amount - band.minimum.amount) * share
    return Money(amount=amount.quantize(_CENT, ROUND_HALF_UP), currency=band.minimum.currency)


class Allowance(BaseModel):
    """A named benefit in money, per ``period`` (``month``, ``year``...)."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    name: str
    amount: Money
    period: str


class Benefits(BaseModel):
    """社保, 公积金, 补贴: percentages of base pay, and allowances."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    social_insurance_employer_percent: Decimal
    social_insurance_employee_percent: Decimal
    housing_fund_percent: Decimal
    allowances: tuple[Allowance, ...] = ()


class Bonus(BaseModel):
    """Target bonus: ``target_percent`` of base pay, and what that is a month."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    target_percent: Decimal
    target: Money


class OfferTerms(BaseModel):
    """What is promised: pay per month, bonus, benefits. Encrypted as one value before it reaches the table."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    base_salary: Money
    bonus: Bonus
    benefits: Benefits


def terms(band: SalaryBand, benefits: Benefits, anchors: SalaryAnchors, score: Decimal) -> OfferTerms:
    """The terms for a candidate who scored ``score`` (0-100)."""
    base = base_salary(band, anchors, score)
    target = (base.amount * band.bonus_percent / 100).quantize(_CENT, ROUND_HALF_UP)
    return OfferTerms(
        base_salary=base,
        bonus=Bonus(target_percent=band.bonus_percent, target=Money(amount=target, currency=base.currency)),
        benefits=benefits,
    )
