"""How a vendor may be connected: the dialects there are for it, and what each needs to know.

Checked before it is stored, since the functions would find out only when the vendor calls or is called.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ValidationError

from infra.admin.letters import parameter_errors
from rencai.inbox.dialects import MODULES, dialect_named
from rencai.kernel.errors import ENGLISH
from rencai.kernel.wording import field_errors
from rencai.vendors.aliyun_sms import AliyunSettings
from rencai.vendors.checkr import CheckrSettings
from rencai.vendors.documents import VendorConnection
from rencai.vendors.docusign import DocusignSettings
from rencai.vendors.greenhouse import GreenhouseSettings
from rencai.vendors.moodle import MoodleSettings

SETTINGS: Final[Mapping[str, type[BaseModel]]] = {
    "docusign": DocusignSettings,
    "checkr": CheckrSettings,
    "greenhouse": GreenhouseSettings,
    "moodle": MoodleSettings,
    "aliyun": AliyunSettings,
}
"""The model of each dialect's settings; one that is not here has none."""

_NEVER_CALLS: Final[Mapping[str, str]] = {"moodle": "lms", "aliyun": "sms"}
"""Dialects that are spoken outbound only, with their vendor; those that call us say themselves whose they are."""


def dialects_of(vendor: str) -> list[str]:
    """The dialects a vendor may be set up with; none for one that is not connected by a document."""
    calling = [name for name in MODULES if vendor in dialect_named(name).VENDORS]
    if vendor == "sms":
        calling = ["generic"]  # which is how it is called; it has nothing to tell
    return calling + [name for name, whose in _NEVER_CALLS.items() if whose == vendor]


def connection_errors(vendor: str, connection: VendorConnection) -> list[str]:
    """What is wrong with a connection, as sentences."""
    dialects = dialects_of(vendor)
    if not dialects:
        return [f"'{vendor}' is no vendor that is connected by a document"]
    if connection.dialect not in dialects:
        return [
            f"dialect: {vendor} does not speak '{connection.dialect}'; it may speak {', '.join(dialects)}"
        ]
    model = SETTINGS.get(connection.dialect)
    if model is None:
        return [f"settings: {connection.dialect} has none"] if connection.settings else []
    try:
        settings = model.model_validate(connection.settings)
    except ValidationError as error:
        found = field_errors(error.errors(include_url=False, include_input=False), ENGLISH)
        return [f"settings.{one.path}: {one.message}" for one in found]
    return _template_errors(settings) if isinstance(settings, AliyunSettings) else []


def _template_errors(settings: AliyunSettings) -> list[str]:
    return [
        f"settings.templates.{letter}.{language}: {error}"
        for letter, by_language in settings.templates.items()
        for language, template in by_language.items()
        for error in parameter_errors(letter, template.params)
    ]
