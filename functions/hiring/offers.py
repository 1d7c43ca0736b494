"""Offers: what was promised, where it stands, and sending one again that came to nothing (B4)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field, PlainSerializer

from rencai.hiring.rules.journey import was_signed
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Stage
from rencai.platform.api import Request, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.hiring.offer_desk import OfferStanding
    from rencai.hiring.rules.offer import Money

router = Routes()

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
    """An offer; pay is per month. ``attempt`` counts the envelopes it went out in: 2 once it was sent again.
    ``closing_reason``: of one that was declined or voided, why, in the words of whoever did it; null where nobody said.
    """

    offer_id: str
    candidate_id: str
    role: str
    base_salary: MoneyView
    bonus: BonusView
    benefits: BenefitsView
    status: str
    closing_reason: str | None = None
    attempt: int = 1
    sign_url: str | None = None
    expires_at: datetime | None = None


class Resending(Request):
    """Why an offer is sent again."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


def _money(money: "Money") -> MoneyView:
    return MoneyView(amount=money.amount, currency=money.currency)


@router.get("/offers/<offer_id>", security=API, summary="One offer", tags=["Offers"])
def get_offer(offer_id: str) -> OfferView:
    """Pay, benefits and status."""
    return _view(router.wired.hiring.offer_desk.look(offer_id))


@router.post(
    "/offers/<offer_id>/resend",
    security=API,
    summary="Send an offer again",
    description="One that was declined, has expired or was voided; 409 otherwise.",
    tags=["Offers"],
    openapi_extensions=refuses({409: [HiringRefusal.OFFER_NOT_ENDED, HiringRefusal.OFFER_WAS_SIGNED]}),
)
def post_resend(offer_id: str, resending: Annotated[Resending, Body()]) -> OfferView:
    """The same offer in a new envelope."""
    standing = router.wired.hiring.offer_desk.resend(
        offer_id,
        resending.reason,
        actor=router.actor,
        request_key=router.request_key,
        now=router.wired.clock(),
    )
    return _view(standing)


def _view(standing: "OfferStanding") -> OfferView:
    offer, journey = standing.offer, standing.journey
    # Between two envelopes the link on record is the old one's.
    out = journey.stage is not Stage.OFFER_DRAFTED
    terms, benefits = offer.terms, offer.terms.benefits
    return OfferView(
        offer_id=offer.offer_id,
        candidate_id=offer.candidate_id,
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
        status="signed" if was_signed(journey) else _STATUS.get(journey.stage, "signed"),
        closing_reason=standing.closing_reason,
        attempt=journey.attempt,
        sign_url=offer.sign_url if out else None,
        expires_at=offer.expires_at if out else None,
    )
