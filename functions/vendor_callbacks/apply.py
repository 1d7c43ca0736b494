"""``delivery.received`` -> the facts a delivery tells, applied to the journey it is about."""

from datetime import datetime
from typing import Any, Final

from rencai import wiring
from rencai.domain import ids
from rencai.domain.background import Verdict, verdict
from rencai.domain.errors import IllegalTransition
from rencai.domain.journey import Fact, FactKind
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.deliveries import Deliveries, DeliveryStatus
from rencai.store.journeys import Journeys
from rencai.store.offers import Checks
from rencai.vendors.webhooks import CheckEvent, EnvelopeEvent, OtherEvent, parse

_ENVELOPE_FACTS: Final = {
    "envelope.completed": FactKind.OFFER_SIGNED,
    "envelope.declined": FactKind.OFFER_DECLINED,
    "envelope.expired": FactKind.OFFER_EXPIRED,
    "envelope.voided": FactKind.OFFER_VOIDED,
}
_CHECK_FACTS: Final = {Verdict.CLEARED: FactKind.CHECK_CLEARED, Verdict.FLAGGED: FactKind.CHECK_FLAGGED}


def _envelope_fact(told: EnvelopeEvent) -> tuple[str, Fact]:
    data = told.data
    about = {"offer": data.reference, "envelope": data.envelope_id}
    return ids.candidate_of(data.reference), Fact(
        _ENVELOPE_FACTS[told.type],
        data.envelope_id,
        about,
        {"offer_id": data.reference, "envelope_id": data.envelope_id},
        actor="esign",
    )


def _check_fact(told: CheckEvent) -> tuple[str, Fact]:
    data = told.data
    kind = _CHECK_FACTS[verdict(data.result, data.findings)]
    return data.reference, Fact(
        kind, data.check_id, {"check": data.check_id}, {"check_id": data.check_id}, actor="background"
    )


def apply_delivery(
    delivery_id: str, *, deliveries: Deliveries, journeys: Journeys, checks: Checks, now: datetime
) -> None:
    """Act on one kept delivery and record what became of it.

    A fact for a stage that has not come yet is kept by the journey. Raises ``NotFound`` for a candidate nobody knows
    (yet): the queue tries again. Raises ``IllegalTransition`` after recording the refusal.
    """
    delivery = deliveries.get(delivery_id)
    if delivery.status is not DeliveryStatus.RECEIVED:
        return
    told = parse(delivery.vendor, delivery.body)
    if isinstance(told, OtherEvent):
        deliveries.settle(delivery_id, DeliveryStatus.IGNORED, "this type is not acted on", now)
        return
    candidate_id, fact = _envelope_fact(told) if isinstance(told, EnvelopeEvent) else _check_fact(told)
    if not ids.is_candidate(candidate_id):
        # No reference of ours looks like this, so there is nothing to wait for.
        deliveries.settle(delivery_id, DeliveryStatus.REFUSED, "the reference is not one of ours", now)
        return
    # From here on it is about a candidate, and the log says of whom.
    logger.append_keys(subject=candidate_id, delivery_id=delivery_id)
    known = journeys.get(candidate_id)
    if isinstance(told, CheckEvent):
        # Before the journey moves: whoever sees that a review waits finds the findings there.
        checks.record(candidate_id, told.data.check_id, told.data.findings, now)
    try:
        journeys.apply(candidate_id, fact, now, known)
    except IllegalTransition as refusal:
        deliveries.settle(delivery_id, DeliveryStatus.REFUSED, f"409: {refusal}", now)
        raise
    deliveries.settle(delivery_id, DeliveryStatus.APPLIED, None, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``delivery.received`` calls this."""

    def act(told: BusEvent) -> None:
        apply_delivery(
            told.detail.subject.id,
            deliveries=wiring.deliveries(),
            journeys=wiring.journeys(),
            checks=wiring.checks(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
