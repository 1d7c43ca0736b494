"""For testers, not of any vendor: make a vendor misbehave, and see what the vendors were asked to make."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from vendor_contract.secrets import VENDORS

from .collaborators import Collaborators
from .ledger import Fault
from .refusal import Refusal
from .requests import FaultRequest, read_body


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.get("/faults")
    def list_faults() -> dict[str, Any]:
        return {"items": [_shown(fault) for fault in with_.ledger.faults()]}

    @app.put("/faults/<vendor>")
    def set_fault(vendor: str) -> dict[str, Any]:
        _known(vendor)
        body = read_body(FaultRequest, app.current_event.decoded_body or "")
        fault = Fault(vendor, body.mode, body.seconds)
        with_.ledger.set_fault(fault)
        return _shown(fault)

    @app.get("/ledger")
    def list_things() -> dict[str, Any]:
        query = app.current_event.query_string_parameters
        vendor = query.get("vendor", "")
        vendors: Sequence[str] = (_known(vendor),) if vendor else VENDORS
        items, more = with_.ledger.page(
            vendors, _place(query.get("cursor", "")), _limit(query.get("limit", "25"))
        )
        items = [{**one, "requests": int(one["requests"])} for one in items]
        return {"items": items, "next": _cursor(items[-1]["vendor"], items[-1]["id"]) if more else None}


def _shown(fault: Fault) -> dict[str, Any]:
    return {"vendor": fault.vendor, "mode": fault.mode.value, "seconds": fault.seconds}


def _known(vendor: str) -> str:
    if vendor not in VENDORS:
        raise Refusal(404, "There is no such vendor.")
    return vendor


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        raise Refusal(400, "limit is a number from 1 to 100.")
    return int(text)


def _cursor(vendor: str, id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([vendor, id]).encode()).decode()


def _place(cursor: str) -> tuple[str, str] | None:
    if not cursor:
        return None
    try:
        vendor, id = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError):
        raise Refusal(400, "cursor is none of ours.") from None
    if not (isinstance(vendor, str) and isinstance(id, str) and id):
        raise Refusal(400, "cursor is none of ours.")
    return vendor, id
