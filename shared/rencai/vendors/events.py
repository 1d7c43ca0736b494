"""Shape of the event that a circuit tells: thin, never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class VendorUnreachable(EventData):
    vendor: str


SHAPES: Final[Shapes] = {
    EventName.VENDOR_UNREACHABLE: VendorUnreachable,
}
