"""The vendor inbox: every webhook that came, what was thought of it, what became of it, and once more."""

import base64
from datetime import datetime, timedelta
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from rencai import wiring
from rencai.platform.api import Cursor, Limit, View
from rencai.store.deliveries import Delivery, DeliveryStatus, Verdict

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

LARGEST_SHOWN: Final = 250 * 1024
"""Bodies up to this many bytes are in the answer; for larger ones there is ``body_url``."""
_URL_VALID: Final = timedelta(minutes=15)


class DeliverySummary(View):
    """A delivery in a list."""

    delivery_id: str
    vendor: str
    status: DeliveryStatus
    received_at: datetime
    reason: str | None


class DeliveryPage(View):
    """A page of deliveries, newest first."""

    items: list[DeliverySummary]
    next: str | None


class DeliveryView(View):
    """A delivery as it came. ``body`` is text where it is UTF-8, else ``body_base64``; over 250 KB, ``body_url``."""

    delivery_id: str
    vendor: str
    dialect: str
    message_id: str | None
    received_at: datetime
    source_ip: str
    headers: dict[str, list[str]]
    verdict: Verdict
    status: DeliveryStatus
    reason: str | None
    duplicate_of: str | None
    settled_at: datetime | None
    body: str | None = None
    body_base64: str | None = None
    body_url: str | None = None


@router.get("/vendor-inbox", summary="Webhooks that came, newest first", tags=["Vendor inbox"])
def list_deliveries(
    status: Annotated[DeliveryStatus | None, Query()] = None,
    vendor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> DeliveryPage:
    """A page of deliveries; with a vendor it may hold fewer than ``limit`` and still have a next one."""
    page = wiring.deliveries().page(status, vendor, limit, cursor)
    return DeliveryPage(items=[DeliverySummary.model_validate(item) for item in page.items], next=page.next)


@router.get("/vendor-inbox/<delivery_id>", summary="One webhook, as it came", tags=["Vendor inbox"])
def get_delivery(delivery_id: str) -> DeliveryView:
    """Headers, body, verdict and outcome."""
    return _view(wiring.deliveries().get(delivery_id))


@router.post(
    "/vendor-inbox/<delivery_id>/replay", summary="Act on a webhook once more", tags=["Vendor inbox"]
)
def post_replay(delivery_id: str) -> DeliveryView:
    """Hand the delivery on again. A rejected one is verified again first, with the keys of today.

    What was done already is found done; 409 for a duplicate, whose original is the one to replay.
    """
    deliveries = wiring.deliveries()
    deliveries.replay(deliveries.get(delivery_id), router.context["actor"], wiring.clock())
    return _view(deliveries.get(delivery_id))


def _view(delivery: Delivery) -> DeliveryView:
    view = DeliveryView(
        delivery_id=delivery.delivery_id,
        vendor=delivery.vendor,
        dialect=delivery.dialect,
        message_id=delivery.message_id,
        received_at=delivery.received_at,
        source_ip=delivery.source_ip,
        headers={name: list(values) for name, values in delivery.headers.items()},
        verdict=delivery.verdict,
        status=delivery.status,
        reason=delivery.reason,
        duplicate_of=delivery.duplicate_of,
        settled_at=delivery.settled_at,
    )
    if len(delivery.body) > LARGEST_SHOWN:
        view.body_url = wiring.deliveries().body_url(delivery, _URL_VALID)
        return view
    try:
        view.body = delivery.body.decode()
    except UnicodeDecodeError:
        view.body_base64 = base64.b64encode(delivery.body).decode()
    return view
