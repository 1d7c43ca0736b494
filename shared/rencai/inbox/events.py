"""Shapes of the events that the vendor inbox tells: thin (ids, status), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class DeliveryReceived(EventData):
    vendor: str
    delivery_id: str


class DeliverySettled(EventData):
    """What became of a delivery whose fact had to wait for an earlier one."""

    delivery_id: str
    status: str
    reason: str | None = None


SHAPES: Final[Shapes] = {
    EventName.DELIVERY_RECEIVED: DeliveryReceived,
    EventName.DELIVERY_SETTLED: DeliverySettled,
}
