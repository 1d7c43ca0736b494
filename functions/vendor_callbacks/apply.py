"""``delivery.received`` from e-signature, background check and psychometric -> the candidate it is about.

``delivery.settled`` -> what became of a delivery whose fact had to wait for an earlier one.
"""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.domain.events import EventName
from rencai.domain.vendor_facts import VendorFact
from rencai.hiring import Hiring
from rencai.inbox import Inbox
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.deliveries import Delivery, DeliveryStatus


def apply_delivery(delivery_id: str, *, inbox: Inbox, hiring: Hiring, now: datetime) -> None:
    """Act on one kept delivery; see ``Inbox.act``."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        candidate_id = hiring.candidate_of(delivery.vendor, told)
        # From here on it is about a candidate, and the log says of whom.
        logger.append_keys(subject=candidate_id, delivery_id=delivery_id)
        return hiring.apply(candidate_id, told, now, delivery_id)

    inbox.act(delivery_id, apply, now)


def settle_kept(told: BusEvent, *, inbox: Inbox, now: datetime) -> None:
    """Record what became of a delivery that waited. One that has been forgotten meanwhile needs no record."""
    data = told.detail.data
    try:
        inbox.settle(data["delivery_id"], DeliveryStatus(data["status"]), data.get("reason"), now)
    except NotFound:
        logger.info("the delivery is past its retention", extra={"delivery_id": data["delivery_id"]})


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``delivery.received`` and ``delivery.settled`` calls this."""

    def act(told: BusEvent) -> None:
        now = wiring.clock()
        if told.name is EventName.DELIVERY_SETTLED:
            settle_kept(told, inbox=wiring.inbox(), now=now)
            return
        apply_delivery(told.detail.subject.id, inbox=wiring.inbox(), hiring=wiring.hiring(), now=now)

    return consume_events(event, context, wiring.queue(), act)
