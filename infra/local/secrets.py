"""The vendors' tokens and webhook secrets of one embedded stack: made once, then kept."""

from __future__ import annotations

import base64
import json
import secrets as randomness
from dataclasses import dataclass

from infra.local.layout import Home, write_json

VENDORS = ("finance", "benefits", "esign", "background", "psychometric", "ats", "lms", "sms", "interview")


@dataclass(frozen=True)
class VendorSecret:
    token: str
    webhook_secret: str
    """Standard Webhooks form: ``whsec_`` and 32 random bytes in base64."""


def vendor_secrets(home: Home) -> dict[str, VendorSecret]:
    try:
        known = json.loads(home.secrets_file.read_text())
    except (OSError, ValueError):
        known = {}
    complete = {vendor: known.get(vendor) or _new_secret() for vendor in VENDORS}
    if complete != known:
        write_json(home.secrets_file, complete)
    return {vendor: VendorSecret(**value) for vendor, value in complete.items()}


def _new_secret() -> dict[str, str]:
    return {
        "token": randomness.token_urlsafe(32),
        "webhook_secret": f"whsec_{base64.b64encode(randomness.token_bytes(32)).decode()}",
    }
