"""``POST /v1/webhooks/{vendor}``: is it authentic, keep it raw, answer. What it says is acted on later (``apply``)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import Conflict, DomainError, NotFound, Refusal
from rencai.platform.api import Api
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.deliveries import Deliveries, Delivery, DeliveryStatus, Verdict, body_digest
from rencai.vendors.dialects import dialect_spoken
from rencai.vendors.dialects.dialect import Delivered, NotAuthentic, NotInContract

MAX_BODY: Final = 1024 * 1024
"""1 MB, as the contract says."""
VENDORS: Final = ("interview", "esign", "background", "psychometric", "ats", "lms")
"""Who may call."""
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "x-api-key"})
_OF_THE_WAY: Final = ("cloudfront-", "x-amzn-", "x-forwarded-", "x-amz-cf-", "via", "host", "accept-encoding")
"""Headers that API Gateway puts on: where the request came through is not what the vendor sent."""

api = Api(settings().language)
app = api.resolver


class Received(BaseModel):
    """The delivery is kept; a second delivery of the same message is answered the same."""

    status: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class Inbound:
    """A webhook as it came, and how its vendor is set up to speak. ``request_id`` is API Gateway's."""

    vendor: str
    dialect: str
    delivered: Delivered
    source_ip: str
    request_id: str


def receive(inbound: Inbound, *, keys: Sequence[str], deliveries: Deliveries, now: datetime) -> int:
    """Verify and keep one delivery, whatever the verdict; returns the status that tells this vendor that all is well.

    Raises ``NotFound`` for a vendor that is set up with a dialect in which it does not call. Raises, after keeping the
    delivery as rejected: ``NotAuthentic``; ``NotInContract``; ``Conflict`` when a dialect
    forbids the same id with other content (xAPI).
    """
    vendor, delivered = inbound.vendor, inbound.delivered
    spoken = dialect_spoken(inbound.dialect, vendor)
    arrived = Delivery(
        delivery_id=ids.arrival_id(vendor, inbound.request_id),
        vendor=vendor,
        dialect=inbound.dialect,
        message_id=None,
        body=delivered.body,
        headers=_kept(delivered),
        source_ip=inbound.source_ip,
        received_at=now,
    )
    try:
        message_id = spoken.verify(delivered, keys, now).message_id
        arrived = replace(arrived, message_id=message_id)
        spoken.parse(vendor, delivered.body)
    except (NotAuthentic, NotInContract) as wrong:
        _reject(deliveries, arrived, str(wrong))
        raise
    name = ids.delivery_id(vendor, message_id)
    new = deliveries.receive(replace(arrived, delivery_id=name))
    logger.info("delivery", extra={"delivery_id": name, "vendor": vendor, "new": new})
    if new:
        return spoken.ACCEPTED
    changed = deliveries.digest(name) != body_digest(delivered.body)
    if changed and spoken.ONE_CONTENT_PER_ID:
        conflict = Conflict(Refusal.MESSAGE_CHANGED)
        _reject(deliveries, arrived, str(conflict))
        raise conflict
    deliveries.receive(
        replace(
            arrived,
            verdict=Verdict.DUPLICATE,
            status=DeliveryStatus.DUPLICATE,
            reason="other content than the first" if changed else None,
            duplicate_of=name,
        )
    )
    return spoken.ACCEPTED


def _reject(deliveries: Deliveries, arrived: Delivery, reason: str) -> None:
    rejected = replace(arrived, verdict=Verdict.REJECTED, status=DeliveryStatus.REJECTED, reason=reason)
    deliveries.receive(rejected)
    logger.warning(
        "delivery rejected",
        extra={"delivery_id": rejected.delivery_id, "vendor": arrived.vendor, "reason": reason},
    )


def _kept(delivered: Delivered) -> dict[str, Sequence[str]]:
    return {
        name: values
        for name, values in delivered.headers.items()
        if name not in _SECRET_HEADERS and not name.startswith(_OF_THE_WAY)
    }


@app.post(
    "/webhooks/<vendor>",
    summary="A vendor's webhook",
    description=(
        "Signed by the vendor in the dialect it is set up with; no token. 202 also for a delivery that came before "
        "(200 in dialects that know nothing else)."
    ),
    tags=["Webhooks"],
    responses={202: {"description": "Kept"}, 401: {"description": "Not authentic"}},
)
def post_webhook(vendor: Annotated[str, Path(max_length=64)]) -> Response[Received]:
    """Keep a delivery."""
    if vendor not in VENDORS:
        raise NotFound("vendor", vendor)
    if api.body_size > MAX_BODY:
        raise DomainError(Refusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BODY)
    event = app.current_event
    inbound = Inbound(
        vendor=vendor,
        dialect=wiring.configurations().vendor_connection(vendor).dialect,
        delivered=Delivered(api.body, _headers(event)),
        source_ip=event.request_context.identity.source_ip or "",
        request_id=event.request_context.request_id or "",
    )
    status = receive(
        inbound,
        keys=wiring.secrets().of(vendor).webhook_secrets,
        deliveries=wiring.deliveries(),
        now=wiring.clock(),
    )
    return Response(status_code=status, content_type="application/json", body=Received())


def _headers(event: Any) -> dict[str, list[str]]:
    """Every value of every header: one that was sent twice must show."""
    several = event.get("multiValueHeaders") or {
        name: [value] for name, value in (event.get("headers") or {}).items()
    }
    found: dict[str, list[str]] = {}
    for name, values in several.items():
        found.setdefault(name.lower(), []).extend(values)
    return found


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
