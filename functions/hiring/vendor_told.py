"""``delivery.received`` from e-signature, background check and psychometric -> the candidate it is about.

``delivery.settled`` -> what became of a delivery whose fact had to wait for an earlier one.
"""

from datetime import datetime

from rencai.hiring.vendor_told import VendorResults
from rencai.inbox.acting import Inbox, not_allowed_now
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.kernel.errors import IllegalTransition, NotFound
from rencai.kernel.events import EventName
from rencai.kernel.facts import VendorFact
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def apply_delivery(
    delivery_id: str, *, inbox: Inbox, hiring: VendorResults, now: datetime, since: int | None = None
) -> None:
    """Act on one kept delivery; see ``Inbox.act``."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        candidate_id = hiring.candidate_of(delivery.vendor, told)
        # From here on it is about a candidate, and the log says of whom.
        logger.append_keys(subject=candidate_id, delivery_id=delivery_id)
        return hiring.apply(candidate_id, told, now, delivery_id)

    inbox.act(delivery_id, apply, now, since=since)


def settle_kept(told: BusEvent, *, inbox: Inbox, now: datetime) -> None:
    """Record what became of a delivery that waited. One that has been forgotten meanwhile needs no record."""
    data = told.detail.data
    try:
        refusal = IllegalTransition(data["stage"], data["fact"]) if "stage" in data else None
        reason = not_allowed_now(refusal) if refusal else None
        inbox.settle(data["delivery_id"], DeliveryStatus(data["status"]), reason, now)
    except NotFound:
        logger.info("the delivery is past its retention", extra={"delivery_id": data["delivery_id"]})


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``delivery.received`` and ``delivery.settled`` calls this."""
    now = wired.clock()
    if told.name is EventName.DELIVERY_SETTLED:
        settle_kept(told, inbox=wired.inbox.inbox, now=now)
        return
    apply_delivery(
        told.detail.subject.id,
        inbox=wired.inbox.inbox,
        hiring=wired.hiring.vendor_results,
        now=now,
        since=told.since,
    )


handler = on_event(act)
