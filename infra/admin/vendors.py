"""How a vendor may be connected: the dialects there are for it, and what each needs to know.

Checked before it is stored, since the functions would find out only when the vendor calls or is called.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ValidationError

from rencai.domain.configuration import VendorConnection
from rencai.domain.errors import ENGLISH
from rencai.domain.wording import field_errors
from rencai.vendors.checkr import CheckrSettings
from rencai.vendors.docusign import DocusignSettings
from rencai.vendors.greenhouse import GreenhouseSettings
from rencai.vendors.moodle import MoodleSettings

CONNECTIONS: Final[Mapping[str, Mapping[str, type[BaseModel] | None]]] = {
    "interview": {"generic": None},
    "esign": {"generic": None, "docusign": DocusignSettings},
    "background": {"generic": None, "checkr": CheckrSettings},
    "psychometric": {"generic": None},
    "ats": {"generic": None, "greenhouse": GreenhouseSettings},
    "lms": {"generic": None, "xapi": None, "moodle": MoodleSettings},
}
"""The dialects of each vendor, with the model of their settings; None: they have none."""


def connection_errors(vendor: str, connection: VendorConnection) -> list[str]:
    """What is wrong with a connection, as sentences."""
    dialects = CONNECTIONS.get(vendor)
    if dialects is None:
        return [
            f"'{vendor}' is no vendor that is connected by a document; there are {', '.join(CONNECTIONS)}"
        ]
    if connection.dialect not in dialects:
        return [
            f"dialect: {vendor} does not speak '{connection.dialect}'; it may speak {', '.join(dialects)}"
        ]
    model = dialects[connection.dialect]
    if model is None:
        return [f"settings: {connection.dialect} has none"] if connection.settings else []
    try:
        model.model_validate(connection.settings)
    except ValidationError as error:
        found = field_errors(error.errors(include_url=False, include_input=False), ENGLISH)
        return [f"settings.{one.path}: {one.message}" for one in found]
    return []
