"""The tenant's secrets from Secrets Manager; a vendor's is ``{"token": "...", "webhook_secrets": ["...", ...]}``."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

CACHED_FOR: Final = timedelta(minutes=5)
"""A rotated secret is used everywhere within this time; until then keep the old one valid beside it."""


class Credentials(BaseModel):
    """What a vendor gave us: a token to call with, and the keys it signs its webhooks with (newest first).

    ``webhook_secrets_of``: where several vendors of one kind call us (``interview``), the keys of each by its name.
    """

    # A secret that is pasted wrong must not be quoted in the error about it.
    model_config = ConfigDict(hide_input_in_errors=True)

    token: str = ""
    webhook_secrets: tuple[str, ...] = ()
    webhook_secrets_of: dict[str, tuple[str, ...]] = {}


class Secrets:
    """Cached reads of the tenant's secrets; ``prefix`` is what this stack's names begin with: ``rencai/acme``."""

    def __init__(self, client: "SecretsManagerClient", prefix: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._cached: dict[str, tuple[datetime, str]] = {}

    def of(self, vendor: str) -> Credentials:
        """The vendor's credentials, at most ``CACHED_FOR`` old."""
        return Credentials.model_validate_json(self.value(vendor))

    def value(self, name: str) -> str:
        """The secret ``<prefix>/<name>`` as it stands, at most ``CACHED_FOR`` old."""
        now = self._clock()
        cached = self._cached.get(name)
        if cached is None or now - cached[0] >= CACHED_FOR:
            answer = self._client.get_secret_value(SecretId=f"{self._prefix}/{name}")
            cached = self._cached[name] = (now, answer["SecretString"])
        return cached[1]
