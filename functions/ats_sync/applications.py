"""``delivery.received`` from the ATS -> applications on record, and whose they are (A6)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.vendor_facts import ApplicationUpdated, VendorFact
from rencai.inbox import Inbox
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.recognition import Recognition
from rencai.store.deliveries import Delivery, DeliveryStatus


def apply_applications(delivery_id: str, *, inbox: Inbox, recognition: Recognition, now: datetime) -> None:
    """Act on one kept delivery, which may tell of several applications. See ``Inbox.act``."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, ApplicationUpdated):
            return DeliveryStatus.IGNORED
        recognition.application(
            told.application, told_at=delivery.received_at, actor=delivery.vendor, now=now
        )
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the ATS's deliveries calls this."""

    def act(told: BusEvent) -> None:
        apply_applications(
            told.detail.subject.id,
            inbox=wiring.inbox(),
            recognition=wiring.recognition(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
