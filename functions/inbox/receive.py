"""``POST /v1/webhooks/{vendor}``: is it authentic, keep it raw, answer. What it says is acted on later."""

from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from rencai.inbox.dialect import Delivered
from rencai.inbox.receiving import Inbound
from rencai.inbox.refusals import InboxRefusal
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import CommonRefusal, DomainError, NotFound
from rencai.platform.operations import refuses
from rencai.wiring.routes import PUBLIC, Routes, api_of, serve

MAX_BODY: Final = 1024 * 1024
"""1 MB, as the contract says."""
VENDORS: Final = ("interview", "esign", "background", "psychometric", "ats", "lms")
"""Who may call."""

router = Routes()


class Received(BaseModel):
    """The delivery is kept; a second delivery of the same message is answered the same."""

    status: Literal["accepted"] = "accepted"


@router.post(
    "/webhooks/<vendor>",
    security=PUBLIC,
    summary="A vendor's webhook",
    description=(
        "Signed by the vendor in the dialect it is set up with; no token. 202 also for a delivery that came before "
        "(200 in dialects that know nothing else)."
    ),
    tags=["Webhooks"],
    responses={
        200: {"description": "Kept, in dialects that know nothing else"},
        202: {"description": "Kept"},
    },
    openapi_extensions=refuses(
        {
            400: [CommonRefusal.NOT_IN_CONTRACT],
            401: [CommonRefusal.NOT_AUTHENTIC],
            403: [InterviewRefusal.VENDOR_NOT_BOUND],
            409: [InboxRefusal.MESSAGE_CHANGED],
        }
    ),
)
def post_webhook(vendor: Annotated[str, Path(max_length=64)]) -> Response[Received]:
    """Keep a delivery."""
    if vendor not in VENDORS:
        raise NotFound("vendor", vendor)
    if api.body_size > MAX_BODY:
        raise DomainError(CommonRefusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BODY)
    event, wired = router.event, router.wired
    inbound = Inbound(
        vendor=vendor,
        delivered=Delivered(api.body, _headers(event)),
        source_ip=event.request_context.identity.source_ip or "",
        request_id=event.request_context.request_id or "",
    )
    status = wired.inbox.reception.receive(inbound, wired.clock())
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


api = api_of(router)
handler = serve(api)
