"""The vendor inbox: every webhook as it came, before anything is done about it (G4)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from rencai.domain import ids
from rencai.domain.errors import LostRace, NotFound
from rencai.domain.events import Event, EventName

from .objects import Bucket
from .sealed import MAX_BYTES, Sealed, Vault
from .table import Condition, Key, Table, compact, instant, to_events

_INLINE: Final = MAX_BYTES
"""Bodies up to this many bytes are sealed into the item; larger ones go to the (encrypted) bucket."""


_NEW_OR_REJECTED: Final = Condition(
    "attribute_not_exists(pk) OR #status = :rejected", {"#status": "status"}, {":rejected": "rejected"}
)
"""A delivery that was not what its dialect says may come again, corrected, under the same message id."""


def delivery_key(delivery_id: str) -> Key:
    """``DELIVERY#dlv_01ABC`` / ``DELIVERY``."""
    return Key(f"DELIVERY#{delivery_id}", "DELIVERY")


class DeliveryStatus(StrEnum):
    """``received`` waits to be acted on; ``rejected`` was not what its dialect says; the others are outcomes."""

    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"
    IGNORED = "ignored"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery: raw bytes, the headers that matter, where it came from and what became of it."""

    delivery_id: str
    vendor: str
    dialect: str
    message_id: str
    body: bytes
    headers: dict[str, str]
    source_ip: str
    received_at: datetime
    status: DeliveryStatus = DeliveryStatus.RECEIVED
    reason: str | None = None


class Deliveries:
    """The inbox."""

    def __init__(self, table: Table, vault: Vault, bucket: Bucket) -> None:
        self._table = table
        self._vault = vault
        self._bucket = bucket

    def receive(self, delivery: Delivery) -> bool:
        """Keep a delivery; an accepted one tells ``delivery.received``. False when it was here already."""
        events = []
        if delivery.status is DeliveryStatus.RECEIVED:
            data = {"vendor": delivery.vendor, "delivery_id": delivery.delivery_id}
            event_id = ids.event_id(delivery.delivery_id, 1, 0)
            events = [
                Event(event_id, EventName.DELIVERY_RECEIVED, delivery.received_at, data, delivery.vendor)
            ]
        item = {
            "vendor": delivery.vendor,
            "dialect": delivery.dialect,
            "message_id": delivery.message_id,
            "headers": compact(delivery.headers),
            "source_ip": delivery.source_ip,
            "received_at": instant(delivery.received_at),
            "status": delivery.status.value,
            "reason": delivery.reason,
            "events": to_events(events),
        }
        body = self._keep(delivery)
        try:
            self._table.put(delivery_key(delivery.delivery_id), {**item, **body}, _NEW_OR_REJECTED)
        except LostRace:
            return False
        return True

    def get(self, delivery_id: str) -> Delivery:
        """One delivery with its body; raises ``NotFound``."""
        item = self._table.get(delivery_key(delivery_id))
        if item is None:
            raise NotFound("delivery", delivery_id)
        if "object" in item:
            body = self._bucket.get(item["object"])
        else:
            body = self._vault.open(item["body"], owner=delivery_id, field="body").encode()
        return Delivery(
            delivery_id=delivery_id,
            vendor=item["vendor"],
            dialect=item["dialect"],
            message_id=item["message_id"],
            body=body,
            headers=json.loads(item["headers"]),
            source_ip=item["source_ip"],
            received_at=datetime.fromisoformat(item["received_at"]),
            status=DeliveryStatus(item["status"]),
            reason=item.get("reason"),
        )

    def settle(self, delivery_id: str, status: DeliveryStatus, reason: str | None, now: datetime) -> None:
        """Record what became of a delivery. The event it carried has been told, so it is taken off."""
        self._table.update(
            delivery_key(delivery_id),
            {"status": status.value, "reason": reason or "", "settled_at": instant(now)},
        )

    def _keep(self, delivery: Delivery) -> dict[str, str | Sealed]:
        try:
            text = delivery.body.decode()
        except UnicodeDecodeError:
            text = None
        if text is not None and 0 < len(delivery.body) <= _INLINE:
            return {"body": self._vault.seal(text, owner=delivery.delivery_id, field="body")}
        # By content: another body under the same message id must not take this one's place.
        digest = hashlib.sha256(delivery.body).hexdigest()[:16]
        key = f"deliveries/{delivery.vendor}/{delivery.delivery_id}-{digest}"
        return {"object": self._bucket.put(key, delivery.body, "application/octet-stream")}
