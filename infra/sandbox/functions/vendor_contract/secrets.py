"""The simulated vendors' secrets, as the stack's parameter `VendorSecrets` laid them down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

VENDORS: Final = (
    "ats",
    "background",
    "bedrock",
    "benefits",
    "esign",
    "finance",
    "lms",
    "psychometric",
    "sms",
)


@dataclass(frozen=True, slots=True, repr=False)
class VendorSecret:
    """Has no repr, so that it cannot slip into a log or a failing assertion."""

    token: str
    """What callers present as `Authorization: Bearer <token>`."""
    webhook_secret: str
    """Standard Webhooks signing key, `whsec_<base64>`."""


class SecretsClient(Protocol):
    """The one call used of the Secrets Manager client."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]: ...  # noqa: N803  boto3's own spelling


def read_vendor_secrets(client: SecretsClient, name: str) -> dict[str, VendorSecret]:
    """Reads all vendors' secrets in one call. A vendor missing from the secret is missing from the answer.

    Raises:
        ValueError: the secret is not the JSON the template asks for. The message never quotes it.
    """
    text = client.get_secret_value(SecretId=name)["SecretString"]
    try:
        document = json.loads(text)
        return {
            vendor: VendorSecret(document[vendor]["token"], document[vendor]["webhook_secret"])
            for vendor in VENDORS
            if vendor in document
        }
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"secret {name} is not {{vendor: {{token, webhook_secret}}}}") from None
