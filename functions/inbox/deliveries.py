"""The vendor inbox: every webhook that came, what was thought of it, what became of it, and once more."""

import base64
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from rencai.inbox.deliveries import DeliveryStatus, Verdict
from rencai.inbox.refusals import InboxRefusal
from rencai.kernel.terms import Said
from rencai.platform.api import Cursor, Limit, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.inbox.desk import ShownDelivery

router = Routes()


class DeliverySummary(View):
    """A delivery in a list."""

    delivery_id: str
    vendor: str
    status: DeliveryStatus
    received_at: datetime
    reason: str | None


class NotKept(View):
    """An hour in which more came that a vendor had not signed than is kept of it: how many came, how many are kept."""

    vendor: str
    hour: datetime
    came: int
    kept: int


class DeliveryPage(View):
    """A page of deliveries, newest first. With the first come the hours of the last day of which not all is kept."""

    items: list[DeliverySummary]
    not_kept: list[NotKept] | None = None
    next: str | None


class DeliveryView(View):
    """A delivery as it came. ``body`` is text where it is UTF-8, else ``body_base64``; over 250 KB, ``body_url``.
    ``body_size`` is how many bytes came; of what is not authentic, only the first 4 KB are kept.
    """

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
    body_size: int
    body: str | None = None
    body_base64: str | None = None
    body_url: str | None = None


@router.get("/vendor-inbox", security=API, summary="Webhooks that came, newest first", tags=["Vendor inbox"])
def list_deliveries(
    status: Annotated[DeliveryStatus | None, Query()] = None,
    vendor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> DeliveryPage:
    """A page of deliveries; with a vendor it may hold fewer than ``limit`` and still have a next one."""
    wired = router.wired
    page = wired.inbox.deliveries.page(status, vendor, limit, cursor)
    hours = None if cursor else wired.inbox.deliveries.not_kept(wired.clock())
    return DeliveryPage(
        items=[
            DeliverySummary.model_validate({**item, "reason": _reason(item["reason"])}) for item in page.items
        ],
        not_kept=[NotKept(**asdict(one)) for one in hours] if hours is not None else None,
        next=page.next,
    )


@router.get(
    "/vendor-inbox/<delivery_id>", security=API, summary="One webhook, as it came", tags=["Vendor inbox"]
)
def get_delivery(delivery_id: str) -> DeliveryView:
    """Headers, body, verdict and outcome."""
    return _view(router.wired.inbox.desk.look(delivery_id))


@router.post(
    "/vendor-inbox/<delivery_id>/replay",
    security=API,
    summary="Act on a webhook once more",
    tags=["Vendor inbox"],
    openapi_extensions=refuses({409: [InboxRefusal.REPLAY_THE_ORIGINAL]}),
)
def post_replay(delivery_id: str) -> DeliveryView:
    """Hand the delivery on again. A rejected one is verified again first, with the keys of today.

    What was done already is found done; 409 for a duplicate, whose original is the one to replay.
    """
    wired = router.wired
    return _view(wired.inbox.desk.replay(delivery_id, router.actor, wired.clock()))


def _reason(said: Said | None) -> str | None:
    return said.text(router.language) if said else None


def _view(shown: "ShownDelivery") -> DeliveryView:
    delivery = shown.delivery
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
        reason=_reason(delivery.reason),
        duplicate_of=delivery.duplicate_of,
        settled_at=delivery.settled_at,
        body_size=delivery.size or len(delivery.body),
        body_url=shown.body_url,
    )
    if shown.body is not None:
        try:
            view.body = shown.body.decode()
        except UnicodeDecodeError:
            view.body_base64 = base64.b64encode(shown.body).decode()
    return view
