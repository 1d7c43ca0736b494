"""Acting on a kept delivery, and recording what became of it: the same for every vendor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rencai.domain.errors import DomainError, IllegalTransition, LostRace, NotFound, VendorUnavailable
from rencai.domain.vendor_facts import NotActedOn, VendorFact
from rencai.platform.consumer import Retry
from rencai.platform.observability import described
from rencai.store.configurations import Configurations
from rencai.store.deliveries import Deliveries, Delivery, DeliveryStatus, Verdict
from rencai.vendors.dialects import dialect_named, dialect_spoken
from rencai.vendors.dialects.dialect import Delivered, NotAuthentic, NotInContract

Apply = Callable[[Delivery, VendorFact], DeliveryStatus]
"""Acts on one fact: ``applied``, ``waiting`` (kept for its turn) or ``ignored``. What it raises decides the rest."""

_DONE = frozenset({DeliveryStatus.APPLIED, DeliveryStatus.IGNORED, DeliveryStatus.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Inbox:
    """``keys`` gives the keys a vendor signs with now."""

    deliveries: Deliveries
    configurations: Configurations
    keys: Callable[[str], Sequence[str]]

    def act(self, delivery_id: str, apply: Apply, now: datetime) -> None:
        """Act on the facts of a delivery, in order, and settle it.

        Whatever was done already is found done, so it may be repeated. Raises ``IllegalTransition`` after recording
        it; raises ``Retry`` or what went wrong when the delivery is to be tried again.
        """
        delivery = self.deliveries.get(delivery_id)
        if delivery.status in _DONE:
            return
        if delivery.verdict is Verdict.REJECTED:
            self._look_again(delivery, now)
            return
        try:
            told = dialect_named(delivery.dialect).parse(delivery.vendor, delivery.body)
            became = [
                DeliveryStatus.IGNORED if isinstance(fact, NotActedOn) else apply(delivery, fact)
                for fact in told
            ]
        except IllegalTransition as refusal:
            self._settle(delivery, DeliveryStatus.FAILED, f"409: {refusal}", now)
            raise
        except NotFound as missing:
            self._settle(delivery, DeliveryStatus.WAITING, str(missing), now)
            raise Retry(f"waits for what is not there yet: {missing.params['kind']}") from missing
        except LostRace:
            # Nothing is known yet but that somebody else was faster: it is tried again.
            raise
        except DomainError as error:
            # A rule said no, and will say so again.
            self._settle(delivery, DeliveryStatus.FAILED, str(error), now)
            return
        except (VendorUnavailable, Retry) as error:
            self._settle(delivery, DeliveryStatus.WAITING, str(error), now)
            raise
        except Exception as error:
            self._settle(delivery, DeliveryStatus.FAILED, described(error), now)
            raise
        self._settle(delivery, _together(became), _why(told, became), now)

    def settle(self, delivery_id: str, status: DeliveryStatus, reason: str | None, now: datetime) -> None:
        """Record what became of a delivery whose fact had to wait."""
        self._settle(self.deliveries.get(delivery_id), status, reason, now)

    def _look_again(self, delivery: Delivery, now: datetime) -> None:
        """A rejected delivery that HR replays: perhaps a key was missing, or another dialect was set.

        Its timestamp is held against the time it came, not against now.
        """
        name = self.configurations.vendor_connection(delivery.vendor).dialect
        try:
            spoken = dialect_spoken(name, delivery.vendor)
            message = spoken.verify(
                Delivered(delivery.body, delivery.headers), self.keys(delivery.vendor), delivery.received_at
            )
            spoken.parse(delivery.vendor, delivery.body)
        except (NotAuthentic, NotInContract, NotFound) as still:
            self._settle(delivery, DeliveryStatus.REJECTED, str(still), now)
            return
        accepted_id = self.deliveries.accept(delivery, name, message.message_id, now)
        self._settle(delivery, DeliveryStatus.APPLIED, f"accepted as {accepted_id}", now)

    def _settle(self, delivery: Delivery, status: DeliveryStatus, reason: str | None, now: datetime) -> None:
        # The fortieth try that ends like the thirty-ninth need not be written down.
        if (delivery.status, delivery.reason) != (status, reason):
            self.deliveries.settle(delivery.delivery_id, status, reason, now)


def _together(became: Sequence[DeliveryStatus]) -> DeliveryStatus:
    for status in (DeliveryStatus.WAITING, DeliveryStatus.APPLIED):
        if status in became:
            return status
    return DeliveryStatus.IGNORED


def _why(told: Sequence[VendorFact], became: Sequence[DeliveryStatus]) -> str | None:
    status = _together(became)
    if status is DeliveryStatus.WAITING:
        return "waits for an earlier fact"
    if status is DeliveryStatus.IGNORED:
        kinds = sorted({fact.type for fact in told if isinstance(fact, NotActedOn)})
        return f"nobody acts on {', '.join(kinds)}"[:200] if kinds else "nothing to act on"
    return None
