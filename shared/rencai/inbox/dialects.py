"""Inbound dialects: how each vendor signs its webhooks and what it says in them. To add one, write its module in
``rencai.vendors.dialects`` (see ``dialect.Dialect``) and add its line to ``MODULES``.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, cast

from rencai.kernel.errors import NotFound

from .dialect import Dialect

GENERIC: Final = "generic"

MODULES: Final[Mapping[str, str]] = {
    GENERIC: "standard_webhooks",
    "docusign": "docusign_connect",
    "checkr": "checkr",
    "greenhouse": "greenhouse",
    "xapi": "xapi",
}
"""The registry. A module is imported when it is first spoken: a cold start pays for one dialect, not for all."""


def dialect_named(name: str) -> Dialect:
    """The dialect of that name; raises ``KeyError`` for one that is not registered."""
    return cast("Dialect", import_module(f"rencai.vendors.dialects.{MODULES[name]}"))


def dialect_spoken(name: str, vendor: str) -> Dialect:
    """The dialect in which ``vendor`` calls us; raises ``NotFound`` when it is set up with one in which it cannot: one
    that is not registered, one without webhooks (Moodle), or another vendor's.
    """
    if name in MODULES:
        spoken = dialect_named(name)
        if vendor in spoken.VENDORS:
            return spoken
    raise NotFound("vendor", vendor)
