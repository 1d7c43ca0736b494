"""For testers, not of any vendor: make a vendor misbehave, see what the vendors were asked to make, and how their
callbacks were answered. What testers do at a vendor, in the vendor's name, is with that vendor.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from vendor_contract.faults import Fault
from vendor_contract.secrets import VENDORS

from .collaborators import Collaborators
from .paging import cursor, read_cursor, read_limit
from .refusal import Refusal
from .requests import FaultRequest, read_body

_AT_A_VENDOR: Final = re.compile(
    r"POST /(esign/envelopes/[^/]+/(void|expire)|lms/(enrolments/[^/]+/progress|classes)|ats/applications)/?"
)


def is_testers(method: str, path: str) -> bool:
    """Whether a call under a vendor's path is a tester's: it takes any vendor's token, and no fault strikes it."""
    return _AT_A_VENDOR.fullmatch(f"{method} {path}") is not None


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.get("/faults")
    def list_faults() -> dict[str, Any]:
        return {"items": [asdict(fault) for fault in with_.faults.read_all()]}

    @app.put("/faults/<vendor>")
    def set_fault(vendor: str) -> dict[str, Any]:
        _known(vendor)
        body = read_body(FaultRequest, app.current_event.decoded_body or "")
        fault = Fault(vendor, **body.model_dump())
        with_.faults.write(fault)
        return asdict(fault)

    @app.get("/ledger")
    def list_things() -> dict[str, Any]:
        query = app.current_event.query_string_parameters
        vendor = query.get("vendor", "")
        vendors: Sequence[str] = (_known(vendor),) if vendor else VENDORS
        items, more = with_.ledger.page(
            vendors, _place(query.get("cursor", "")), read_limit(query.get("limit", "25"), 100)
        )
        items = [{**one, "requests": int(one["requests"])} for one in items]
        return {"items": items, "next": cursor(items[-1]["vendor"], items[-1]["id"]) if more else None}

    @app.get("/deliveries/summary")
    def summarise_deliveries() -> dict[str, Any]:
        return {"items": [{"vendor": vendor, **counts} for vendor, counts in with_.tally.read_all().items()]}


def _known(vendor: str) -> str:
    if vendor not in VENDORS:
        raise Refusal(404, "There is no such vendor.")
    return vendor


def _place(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    vendor, id = read_cursor(text)
    if not isinstance(id, str):
        raise Refusal(400, "cursor is none of ours.")
    return vendor, id
