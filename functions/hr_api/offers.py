"""Offers: what was promised, where it stands, and sending one again that came to nothing (B4)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field, PlainSerializer

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import Conflict, NotFound, Refusal
from rencai.domain.journey import TRANSITIONS, Fact, FactKind, Stage
from rencai.platform.api import View
from rencai.store.table import instant

if TYPE_CHECKING:
    from rencai.domain.offer import Money
    from rencai.store.journeys import Journeys
    from rencai.store.offers import Offers

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
    """An offer; pay is per month. ``attempt`` counts the envelopes it went out in: 2 once it was sent again."""

    offer_id: str
    candidate_id: str
    role: str
    base_salary: MoneyView
    bonus: BonusView
    benefits: BenefitsView
    status: str
    attempt: int = 1
    sign_url: str | None = None
    expires_at: datetime | None = None


class Resending(View):
    """Why an offer is sent again."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


def resend(
    candidate_id: str,
    reason: str,
    *,
    journeys: "Journeys",
    offers: "Offers",
    actor: str,
    request_key: str,
    now: datetime,
) -> None:
    """Have the candidate's offer sent again, in an envelope of its own, when the last one came to nothing.

    The same request again does nothing more, and of two at once one counts: each asks for the envelope after the one
    it saw. Raises ``Conflict`` (OFFER_NOT_ENDED) at any other stage, and for a candidate who was merged away.
    """
    record = journeys.get(candidate_id)
    journey, about = record.journey, record.journey.about
    sent = journey.attempt
    if any(offers.resent_by(candidate_id, earlier) == request_key for earlier in range(2, sent + 1)):
        return
    ended = journey.stage in TRANSITIONS[FactKind.OFFER_RESENT].sources
    if not ended or about.get("merge") or "envelope" not in about:
        raise Conflict(Refusal.OFFER_NOT_ENDED, stage=journey.stage)
    attempt = sent + 1
    # The reason may speak of the person, so it is sealed beside the journey and the event only counts.
    offers.resending(candidate_id, attempt, reason, request_key, now)
    fact = Fact(
        FactKind.OFFER_RESENT,
        str(attempt),
        {
            "offer": about["offer"],
            "envelope": about["envelope"],
            "merge": "",
            "attempt": str(attempt),
            # On the write that moves the journey: the letter's date counts from here, however often it is rendered.
            "resent_at": instant(now),
        },
        {"offer_id": about["offer"], "attempt": attempt},
        actor,
    )
    journeys.apply(candidate_id, fact, now, record)


def _money(money: "Money") -> MoneyView:
    return MoneyView(amount=money.amount, currency=money.currency)


def _candidate_of(offer_id: str) -> str:
    """The candidate whose offer this is; raises ``NotFound`` for an id that is no offer's."""
    candidate_id = ids.candidate_of(offer_id)
    if ids.offer_id(candidate_id) != offer_id:
        raise NotFound("offer", offer_id)
    return candidate_id


@router.get("/offers/<offer_id>", summary="One offer", tags=["Offers"])
def get_offer(offer_id: str) -> OfferView:
    """Pay, benefits and status."""
    return _view(_candidate_of(offer_id))


@router.post(
    "/offers/<offer_id>/resend",
    summary="Send an offer again",
    description="One that was declined, has expired or was voided; 409 otherwise.",
    tags=["Offers"],
)
def post_resend(offer_id: str, resending: Annotated[Resending, Body()]) -> OfferView:
    """The same offer in a new envelope."""
    candidate_id = _candidate_of(offer_id)
    offers = wiring.offers()
    offers.get(candidate_id)
    resend(
        candidate_id,
        resending.reason,
        journeys=wiring.journeys(),
        offers=offers,
        actor=router.context["actor"],
        request_key=router.context["request_key"],
        now=wiring.clock(),
    )
    return _view(candidate_id)


def _view(candidate_id: str) -> OfferView:
    offer = wiring.offers().get(candidate_id)
    journey = wiring.journeys().get(candidate_id).journey
    # Between two envelopes the link on record is the old one's.
    out = journey.stage is not Stage.OFFER_DRAFTED
    terms, benefits = offer.terms, offer.terms.benefits
    return OfferView(
        offer_id=offer.offer_id,
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
        status=_STATUS.get(journey.stage, "signed"),
        attempt=journey.attempt,
        sign_url=offer.sign_url if out else None,
        expires_at=offer.expires_at if out else None,
    )
