"""``delivery.received`` from the LMS -> progress of an employee's course (C2)."""

from datetime import datetime

from rencai.inbox.acting import Inbox
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.kernel.facts import VendorFact
from rencai.platform.consumer import BusEvent
from rencai.training.rules.facts import CourseProgressed
from rencai.training.store.enrolments import Enrolments
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def apply_progress(
    delivery_id: str, *, inbox: Inbox, enrolments: Enrolments, now: datetime, since: int | None = None
) -> None:
    """Act on one kept delivery; an xAPI one may tell of many courses. See ``Inbox.act``."""

    def apply(_: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, CourseProgressed):
            return DeliveryStatus.IGNORED
        enrolments.progress(told, now)
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now, since=since)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the LMS's deliveries calls this."""
    apply_progress(
        told.detail.subject.id,
        inbox=wired.inbox.inbox,
        enrolments=wired.training.enrolments,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
