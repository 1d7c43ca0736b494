"""``delivery.received`` from the interview vendor -> one result in (A1)."""

from datetime import datetime

from rencai.inbox.acting import Inbox
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.interviews.rules.facts import InterviewCompleted
from rencai.interviews.rules.speakers import Door, Speaker
from rencai.kernel.facts import VendorFact
from rencai.platform.consumer import BusEvent
from rencai.store.objects import Bucket
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event

from .ingest import Ingestion, ingestion_of, kept_by_content


def ingest_delivery(
    delivery_id: str,
    *,
    inbox: Inbox,
    ingestion: Ingestion,
    bucket: Bucket,
    now: datetime,
    since: int | None = None,
) -> None:
    """Take in the result of one kept delivery. An unknown role or a reused id is on record as why it failed."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, InterviewCompleted):
            return DeliveryStatus.IGNORED
        interview = told.interview
        ingestion.ingest(
            interview,
            speaker=Speaker(Door.WEBHOOK, delivery.signer),
            source=f"webhook/{delivery.delivery_id}",
            # The delivery is forgotten after its retention; the raw result stays with the others.
            keep_raw=kept_by_content(interview, delivery.body, lambda: bucket, ingestion.ids),
            now=now,
        )
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now, since=since)


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the interview vendor's deliveries calls this."""
    ingest_delivery(
        told.detail.subject.id,
        inbox=wired.inbox.inbox,
        ingestion=ingestion_of(wired),
        bucket=wired.bucket,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
