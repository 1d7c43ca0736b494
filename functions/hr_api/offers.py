"""Offers: what was promised, and where it stands."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import PlainSerializer

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import NotFound
from rencai.domain.journey import Stage
from rencai.platform.api import View

if TYPE_CHECKING:
    from rencai.domain.offer import Money

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

Amount = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
Percent = Annotated[Decimal, PlainSerializer(str, return_type=str)]

_STATUS: Final[Mapping[Stage, str]] = {
    Stage.QUALIFIED: "drafted",
    Stage.OFFER_DRAFTED: "drafted",
    Stage.OFFER_SENT: "sent",
    Stage.OFFER_DECLINED: "declined",
    Stage.OFFER_EXPIRED: "expired",
    Stage.WITHDRAWN: "voided",
}
"""What a stage says of the offer; from ``signed`` on it is signed."""


class MoneyView(View):
    """``{amount: "10000.00", currency: "CNY"}``"""

    amount: Amount
    currency: str


class BonusView(View):
    """Target bonus: a share of base pay, and what that is a month."""

    target_percent: Percent
    target: MoneyView


class SocialInsuranceView(View):
    """社保"""

    employer_percent: Percent
    employee_percent: Percent


class HousingFundView(View):
    """公积金"""

    percent: Percent


class AllowanceView(View):
    """补贴"""

    name: str
    amount: MoneyView
    period: str


class BenefitsView(View):
    """What comes with the pay."""

    social_insurance: SocialInsuranceView
    housing_fund: HousingFundView
    allowances: list[AllowanceView]


class OfferView(View):
    """An offer; pay is per month."""

    offer_id: str
    candidate_id: str
    role: str
    base_salary: MoneyView
    bonus: BonusView
    benefits: BenefitsView
    status: str
    sign_url: str | None = None
    expires_at: datetime | None = None


def _money(money: "Money") -> MoneyView:
    return MoneyView(amount=money.amount, currency=money.currency)


@router.get("/offers/<offer_id>", summary="One offer", tags=["Offers"])
def get_offer(offer_id: str) -> OfferView:
    """Pay, benefits and status."""
    candidate_id = ids.candidate_of(offer_id)
    if ids.offer_id(candidate_id) != offer_id:
        raise NotFound("offer", offer_id)
    offer = wiring.offers().get(candidate_id)
    stage = wiring.journeys().get(candidate_id).journey.stage
    terms, benefits = offer.terms, offer.terms.benefits
    return OfferView(
        offer_id=offer_id,
        candidate_id=candidate_id,
        role=offer.role,
        base_salary=_money(terms.base_salary),
        bonus=BonusView(target_percent=terms.bonus.target_percent, target=_money(terms.bonus.target)),
        benefits=BenefitsView(
            social_insurance=SocialInsuranceView(
                employer_percent=benefits.social_insurance_employer_percent,
                employee_percent=benefits.social_insurance_employee_percent,
            ),
            housing_fund=HousingFundView(percent=benefits.housing_fund_percent),
            allowances=[
                AllowanceView(name=a.name, amount=_money(a.amount), period=a.period)
                for a in benefits.allowances
            ],
        ),
        status=_STATUS.get(stage, "signed"),
        sign_url=offer.sign_url,
        expires_at=offer.expires_at,
    )
