"""``delivery.received`` from the interview vendor -> one result in (A1)."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain.interview import content_digest
from rencai.domain.vendor_facts import InterviewCompleted, VendorFact
from rencai.inbox import Inbox
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.deliveries import Delivery, DeliveryStatus
from rencai.store.objects import Bucket

from .ingest import Ingestion, wired_ingestion


def ingest_delivery(
    delivery_id: str, *, inbox: Inbox, ingestion: Ingestion, bucket: Bucket, now: datetime
) -> None:
    """Take in the result of one kept delivery. An unknown role or a reused id is on record as why it failed."""

    def apply(delivery: Delivery, told: VendorFact) -> DeliveryStatus:
        if not isinstance(told, InterviewCompleted):
            return DeliveryStatus.IGNORED
        interview = told.interview
        ingestion.ingest(
            interview,
            source=f"webhook/{delivery.delivery_id}",
            # The delivery is forgotten after its retention; the raw result stays with the others.
            keep_raw=lambda: bucket.put(f"raw/{content_digest(interview)}.json", delivery.body),
            now=now,
        )
        return DeliveryStatus.APPLIED

    inbox.act(delivery_id, apply, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the interview vendor's deliveries calls this."""

    def act(told: BusEvent) -> None:
        ingest_delivery(
            told.detail.subject.id,
            inbox=wiring.inbox(),
            ingestion=wired_ingestion(),
            bucket=wiring.bucket(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
