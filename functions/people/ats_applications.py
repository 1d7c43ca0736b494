"""``delivery.received`` from the ATS -> applications on record, and whose they are (A6)."""

from datetime import datetime

from rencai.inbox.acting import Inbox
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.kernel.facts import VendorFact
from rencai.people.recognition import Recognition
from rencai.people.rules.facts import ApplicationUpdated
from rencai.platform.consumer import BusEvent
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def apply_applications(
    delivery_id: str, *, inbox: Inbox, recognition: Recognition, now: datetime, since: int | None = None
) -> None:
    """Act on one kept delivery, which may tell of several applications. See ``Inbox.act``."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, ApplicationUpdated):
            return DeliveryStatus.IGNORED
        recognition.application(
            told.application, told_at=delivery.received_at, actor=delivery.vendor, now=now
        )
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now, since=since)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the ATS's deliveries calls this."""
    apply_applications(
        told.detail.subject.id,
        inbox=wired.inbox.inbox,
        recognition=wired.people.recognition,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
