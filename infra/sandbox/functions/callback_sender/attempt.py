"""One attempt to deliver a callback: what is posted, and what the answers mean. Decided here, done in `app`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vendor_contract.callback import Callback
from vendor_contract.faults import Fault
from vendor_contract.tally import Outcome

from .forgery import forged, forgers_secret

TOLERANCE: Final = timedelta(minutes=5)
"""How far off a signed timestamp may be, by Standard Webhooks."""


class Kind(StrEnum):
    """What is to be said of a delivery, apart from what it says."""

    GENUINE = "genuine"
    FORGED = "forged"
    MALFORMED = "malformed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST."""

    kind: Kind
    webhook_id: str
    url: str
    body: str
    signed_at: datetime
    secret: str


def deliveries(
    callback: Callback, attempt: int, fault: Fault, secret: str, now: datetime
) -> tuple[Delivery, ...]:
    """What is posted at an attempt (counted from 1), in order: the vendor's delivery, and perhaps a forger's before
    or after it.
    """
    thing = f"{callback.webhook_id}/{callback.copy}"
    signed_at, body, kind = now, callback.body(), Kind.GENUINE
    if fault.draw("malformed_body", thing, attempt) < fault.malformed_body:
        kind, body = Kind.MALFORMED, _spoilt(body, fault.draw("malformed_how", thing, attempt))
    elif fault.draw("clock_skew", thing, attempt) < fault.clock_skew_rate:
        skew = timedelta(seconds=fault.clock_skew_seconds)
        signed_at = now + skew
        kind = Kind.STALE if abs(skew) > TOLERANCE else Kind.GENUINE
    own = Delivery(kind, callback.webhook_id, callback.url, body, signed_at, secret)
    if fault.draw("forged_signature", thing, attempt) >= fault.forged_signature:
        return (own,)
    forgery = Delivery(
        Kind.FORGED,
        callback.webhook_id,
        callback.url,
        forged(callback).body(),
        now,
        forgers_secret(callback.vendor),
    )
    # Before: the genuine one must not be taken for its duplicate. After: nor the other way round.
    return (forgery, own) if fault.draw("forged_first", thing, attempt) < 0.5 else (own, forgery)


def _spoilt(body: str, draw: float) -> str:
    return body[: len(body) // 2] if draw < 0.5 else "<html><body>502 Bad Gateway</body></html>"


_REFUSED_WITH: Final = {Kind.FORGED: 401, Kind.STALE: 401, Kind.MALFORMED: 400}


def taken(delivery: Delivery, status: int | None) -> bool:
    """Whether the callback has arrived with this answer; None stands for none."""
    return delivery.kind in (Kind.GENUINE, Kind.STALE) and _is_success(status)


def counted(delivery: Delivery, status: int | None) -> Outcome | None:
    """What to count for an answer. Nothing for a genuine delivery that was not taken: its retry is counted."""
    if _is_success(status):
        return Outcome(f"{delivery.kind}_accepted")
    if delivery.kind is Kind.GENUINE:
        return None
    if status == _REFUSED_WITH[delivery.kind]:
        return Outcome(f"{delivery.kind}_refused")
    return Outcome.UNCLEAR


def _is_success(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
