"""What a forger would send in a vendor's name: the right ids and references, telling the opposite."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from vendor_contract.callback import Callback

Data = Mapping[str, Any]


def forgers_secret(vendor: str) -> str:
    """A signing key that is not the vendor's, always the same one."""
    key = hashlib.sha256(f"forger of {vendor}".encode()).digest()
    return f"whsec_{base64.b64encode(key).decode()}"


def _other_verdict(data: Data) -> dict[str, Any]:
    findings = [{**finding, "verified": not finding["verified"]} for finding in data["findings"]]
    return {**data, "result": "consider" if data["result"] == "clear" else "clear", "findings": findings}


def _turned_scales(data: Data) -> dict[str, Any]:
    return {**data, "scales": {name: 100 - score for name, score in data["scales"].items()}}


def _top_marks(data: Data) -> dict[str, Any]:
    return {**data, "completion_percent": 100, "exam_score": 100}


def _praise(data: Data) -> dict[str, Any]:
    return {**data, "evaluation": {"score": 100}}


def _unchanged(data: Data) -> dict[str, Any]:
    return dict(data)


_LIES: Final[Mapping[str, tuple[str, Callable[[Data], dict[str, Any]]]]] = {
    # type: the type it is turned into, and the data's new content
    "envelope.completed": ("envelope.declined", _unchanged),
    "envelope.declined": ("envelope.completed", _unchanged),
    "envelope.expired": ("envelope.completed", _unchanged),
    "envelope.voided": ("envelope.completed", _unchanged),
    "check.completed": ("check.completed", _other_verdict),
    "assessment.completed": ("assessment.completed", _turned_scales),
    "enrolment.progressed": ("enrolment.progressed", _top_marks),
    "application.updated": ("application.updated", _praise),
}


def forged(callback: Callback) -> Callback:
    """The same `webhook_id`: a receiver that notes ids before it verifies takes the genuine one for a duplicate."""
    type, lie = _LIES[callback.type]
    return replace(callback, type=type, data=lie(callback.data))
