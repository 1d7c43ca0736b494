"""Acting on a kept delivery, and recording what became of it: the same for every vendor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rencai.inbox.facts import NotActedOn
from rencai.kernel.errors import (
    DomainError,
    Forbidden,
    IllegalTransition,
    LostRace,
    NotFound,
    VendorUnavailable,
)
from rencai.kernel.facts import VendorFact
from rencai.kernel.terms import Said
from rencai.platform.consumer import Retry
from rencai.platform.observability import described

from .deliveries import Deliveries, Delivery, DeliveryStatus, Verdict
from .dialect import Admit, Delivered, NotAuthentic, NotInContract, Signers, verified
from .dialects import dialect_named, dialect_spoken
from .refusals import InboxReason

Apply = Callable[[Delivery, VendorFact], DeliveryStatus]
"""Acts on one fact: ``applied``, ``waiting`` (kept for its turn) or ``ignored``. What it raises decides the rest."""

FOREIGN_AFTER: Final = timedelta(hours=8)
"""A vendor's thing that nobody of ours has been linked with for so long is somebody else's: the account is shared. The
queue's last tries come after that, so that it is no dead letter.
"""
_FIRST: Final = (
    DeliveryStatus.FAILED,
    DeliveryStatus.WAITING,
    DeliveryStatus.APPLIED,
    DeliveryStatus.IGNORED,
)
"""Of several facts, which outcome is the delivery's."""
_DONE = frozenset({DeliveryStatus.APPLIED, DeliveryStatus.IGNORED, DeliveryStatus.DUPLICATE})


@dataclass(frozen=True, slots=True)
class _Tried:
    """What came of a fact; ``again``: it may come to more when it is tried again."""

    status: DeliveryStatus
    reason: Said | None = None
    error: Exception | None = None
    again: bool = False


def _why(code: InboxReason, **params: object) -> Said:
    return DomainError(code, "", **params).said


_NOTHING: Final = _Tried(DeliveryStatus.IGNORED, _why(InboxReason.NOTHING_TO_ACT_ON))


@dataclass(frozen=True, slots=True)
class Inbox:
    """``dialect_of`` says what a vendor is set up to speak, ``signers`` gives the keys it is signed for with now,
    ``admit`` refuses what the signer may not say.
    """

    deliveries: Deliveries
    dialect_of: Callable[[str], str]
    signers: Callable[[str], Signers]
    admit: Admit

    def act(self, delivery_id: str, apply: Apply, now: datetime, *, since: int | None = None) -> None:
        """Act on the facts of a delivery, each for itself, and settle it. ``since`` is the version of it that was
        handed on, where that is known (``Deliveries.get``).

        Whatever was done already is found done, so it may be repeated. Raises ``IllegalTransition`` after recording
        it; raises ``Retry`` or what went wrong when the delivery is to be tried again.
        """
        delivery = self.deliveries.get(delivery_id, since=since)
        if delivery.status in _DONE:
            return
        if delivery.verdict is Verdict.REJECTED:
            self._look_again(delivery, now)
            return
        told = dialect_named(delivery.dialect).parse(delivery.vendor, delivery.body)
        # One fact must not wait for another of its delivery: somebody else's statement in a batch, say.
        tried = [_tried(delivery, fact, apply, now) for fact in told]
        decides = min(tried, key=lambda one: _FIRST.index(one.status), default=_NOTHING)
        if any(one.again for one in tried):
            decides = next(one for one in tried if one.again)
        self._settle(delivery, decides.status, decides.reason, now)
        if decides.error is not None:
            raise decides.error

    def settle(self, delivery_id: str, status: DeliveryStatus, reason: Said | None, now: datetime) -> None:
        """Record what became of a delivery whose fact had to wait."""
        self._settle(self.deliveries.get(delivery_id), status, reason, now)

    def _look_again(self, delivery: Delivery, now: datetime) -> None:
        """A rejected delivery that HR replays: perhaps a key was missing, or another dialect was set.

        Its timestamp is held against the time it came, not against now.
        """
        if delivery.is_cut:
            self._settle(delivery, DeliveryStatus.REJECTED, _why(InboxReason.ONLY_ITS_BEGINNING), now)
            return
        name = self.dialect_of(delivery.vendor)
        try:
            spoken = dialect_spoken(name, delivery.vendor)
            message, signer = verified(
                spoken,
                Delivered(delivery.body, delivery.headers),
                self.signers(delivery.vendor),
                delivery.received_at,
            )
            for fact in spoken.parse(delivery.vendor, delivery.body):
                self.admit(delivery.vendor, signer, fact)
        except (NotAuthentic, NotInContract, Forbidden, NotFound) as still:
            self._settle(delivery, DeliveryStatus.REJECTED, still.said, now)
            return
        accepted_id = self.deliveries.accept(delivery, name, message, now, signer)
        self._settle(
            delivery, DeliveryStatus.APPLIED, _why(InboxReason.ACCEPTED_AS, delivery=accepted_id), now
        )

    def _settle(self, delivery: Delivery, status: DeliveryStatus, reason: Said | None, now: datetime) -> None:
        # The fortieth try that ends like the thirty-ninth need not be written down.
        if (delivery.status, delivery.reason) != (status, reason):
            self.deliveries.settle(delivery.delivery_id, status, reason, now)


def not_allowed_now(refusal: DomainError) -> Said:
    """Why a fact came to nothing that the journey does not allow, then or when its turn came."""
    return _why(InboxReason.NOT_ALLOWED_NOW, reason=refusal)


def _tried(delivery: Delivery, fact: VendorFact, apply: Apply, now: datetime) -> _Tried:
    """What came of one fact. The reason is safe to show, the error what the queue is to hear of it."""
    if isinstance(fact, NotActedOn):
        return _Tried(DeliveryStatus.IGNORED, _why(InboxReason.NOT_ACTED_ON, type=fact.type[:200]))
    try:
        status = apply(delivery, fact)
    except IllegalTransition as refusal:
        return _Tried(DeliveryStatus.FAILED, not_allowed_now(refusal), refusal)
    except NotFound as missing:
        if missing.params["kind"] == "link" and now - delivery.received_at >= FOREIGN_AFTER:
            return _Tried(DeliveryStatus.FAILED, _why(InboxReason.NOT_ONE_OF_OURS, reason=missing))
        waits = Retry(f"waits for what is not there yet: {missing.params['kind']}")
        return _Tried(DeliveryStatus.WAITING, missing.said, waits, again=True)
    except LostRace as lost:
        return _Tried(DeliveryStatus.WAITING, lost.said, lost, again=True)
    except DomainError as error:
        # A rule said no, and will say so again.
        return _Tried(DeliveryStatus.FAILED, error.said)
    except VendorUnavailable as error:
        return _Tried(
            DeliveryStatus.WAITING, _why(InboxReason.WAITS_FOR_VENDOR, vendor=error.vendor), error, again=True
        )
    except Retry as error:
        return _Tried(DeliveryStatus.WAITING, _why(InboxReason.WAITS), error, again=True)
    except Exception as error:  # noqa: BLE001 - recorded, and raised again by the caller
        return _Tried(
            DeliveryStatus.FAILED, _why(InboxReason.OUR_FAULT, what=described(error)), error, again=True
        )
    reason = _why(InboxReason.WAITS_FOR_EARLIER) if status is DeliveryStatus.WAITING else None
    return _Tried(status, reason)
