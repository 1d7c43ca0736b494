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
    stage: str | None = None
    fact: str | None = None


class WorkAbandoned(EventData):
    """What should have followed from an event was given up: whoever had it died with it again and again. ``by`` is the
    queue. Told by any consumer; its shape stands here, for every subject has it.
    """

    event: str
    by: str


SHAPES: Final[Shapes] = {
    EventName.WORK_ABANDONED: WorkAbandoned,
    EventName.DELIVERY_RECEIVED: DeliveryReceived,
    EventName.DELIVERY_SETTLED: DeliverySettled,
}
