"""``delivery.received`` from the LMS -> progress of an employee's course (C2)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.vendor_facts import CourseProgressed, VendorFact
from rencai.inbox import Inbox
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.deliveries import Delivery, DeliveryStatus
from rencai.store.enrolments import Enrolments


def apply_progress(delivery_id: str, *, inbox: Inbox, enrolments: Enrolments, now: datetime) -> None:
    """Act on one kept delivery; an xAPI one may tell of many courses. See ``Inbox.act``."""

    def apply(_: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, CourseProgressed):
            return DeliveryStatus.IGNORED
        enrolments.progress(told, now)
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the LMS's deliveries calls this."""

    def act(told: BusEvent) -> None:
        apply_progress(
            told.detail.subject.id, inbox=wiring.inbox(), enrolments=wiring.enrolments(), now=wiring.clock()
        )

    return consume_events(event, context, wiring.queue(), act)
