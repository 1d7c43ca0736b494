"""``POST /v1/webhooks/{vendor}``: is it authentic, keep it raw, answer. What it says is acted on later (``apply``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import DomainError, NotFound, Refusal
from rencai.platform.api import Api
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.deliveries import Deliveries, Delivery, DeliveryStatus
from rencai.vendors.webhooks import NotAuthentic, NotInContract, parse, verify

MAX_BODY: Final = 1024 * 1024
"""1 MB, as the contract says."""
VENDORS: Final = ("esign", "background", "ats")
"""Who may call. What the ATS tells is kept for when applications are read (A6); nothing acts on it yet."""
_KEPT_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent")

api = Api(settings().language)
app = api.resolver


class Received(BaseModel):
    """The delivery is kept; a second delivery of the same message is answered the same."""

    status: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class Inbound:
    """A webhook as it came; ``headers`` with lower-case names."""

    vendor: str
    body: bytes
    headers: Mapping[str, str]
    source_ip: str


def receive(inbound: Inbound, *, secrets: Sequence[str], deliveries: Deliveries, now: datetime) -> None:
    """Verify and keep one delivery. Raises ``NotAuthentic``, or ``NotInContract`` after keeping it as rejected."""
    message = verify(inbound.body, inbound.headers, secrets, now)
    wrong: NotInContract | None = None
    try:
        parse(inbound.vendor, inbound.body)
    except NotInContract as error:
        wrong = error
    delivery = Delivery(
        delivery_id=ids.delivery_id(inbound.vendor, message.message_id),
        vendor=inbound.vendor,
        dialect="generic",
        message_id=message.message_id,
        body=inbound.body,
        headers={name: inbound.headers[name] for name in _KEPT_HEADERS if name in inbound.headers},
        source_ip=inbound.source_ip,
        received_at=now,
        status=DeliveryStatus.REJECTED if wrong else DeliveryStatus.RECEIVED,
        reason=str(wrong) if wrong else None,
    )
    new = deliveries.receive(delivery)
    logger.info("delivery", extra={"delivery_id": delivery.delivery_id, "vendor": inbound.vendor, "new": new})
    if wrong:
        raise wrong


@app.post(
    "/webhooks/<vendor>",
    summary="A vendor's webhook",
    description="Signed by the vendor (Standard Webhooks); no token. 202 also for a delivery that came before.",
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
        body=(event.body or "").encode(),
        headers={name.lower(): value for name, value in (event.headers or {}).items()},
        source_ip=event.request_context.identity.source_ip or "",
    )
    try:
        receive(
            inbound,
            secrets=wiring.secrets().of(vendor).webhook_secrets,
            deliveries=wiring.deliveries(),
            now=wiring.clock(),
        )
    except NotAuthentic as error:
        logger.warning("not authentic", extra={"vendor": vendor, "reason": str(error)})
        raise
    return Response(status_code=202, content_type="application/json", body=Received())


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
