"""The configuration document of a vendor: which dialect it speaks."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from rencai.kernel.configuration import Kind
from rencai.kernel.texts import SHORT_SLUG


class VendorConnection(BaseModel):
    """Which dialect a vendor speaks, and what that dialect needs to know besides its secret.

    ``settings`` are checked by the dialect's client, which alone knows what they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    dialect: Annotated[str, Field(pattern=SHORT_SLUG)] = "generic"
    settings: dict[str, Any] = {}


VENDOR_CONNECTION: Final = Kind("vendor_connection", VendorConnection, unset=VendorConnection)
