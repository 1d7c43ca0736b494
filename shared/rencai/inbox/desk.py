"""What HR does about webhooks: looks at one as it came, and has it acted on once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .deliveries import Deliveries, Delivery

LARGEST_SHOWN: Final = 250 * 1024
"""Bodies up to this many bytes are shown; of larger ones, where they can be read."""
_URL_VALID: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """A delivery as it came. ``body``: its bytes, None when they are too large to be shown; ``body_url`` is where those
    can be read, for a quarter of an hour.
    """

    delivery: Delivery
    body: bytes | None
    body_url: str | None


@dataclass(frozen=True, slots=True)
class InboxDesk:
    """The use case and its collaborators."""

    deliveries: Deliveries

    def look(self, delivery_id: str) -> ShownDelivery:
        """One delivery; raises ``NotFound``."""
        delivery = self.deliveries.get(delivery_id)
        if len(delivery.body) > LARGEST_SHOWN:
            return ShownDelivery(delivery, None, self.deliveries.body_url(delivery, _URL_VALID))
        return ShownDelivery(delivery, delivery.body, None)

    def replay(self, delivery_id: str, actor: str, now: datetime) -> ShownDelivery:
        """Hand a delivery on again. Raises ``NotFound``; ``Conflict`` for a duplicate, whose original is the one to
        replay.
        """
        self.deliveries.replay(self.deliveries.get(delivery_id), actor, now)
        return self.look(delivery_id)
