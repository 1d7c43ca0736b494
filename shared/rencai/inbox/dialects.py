"""Inbound dialects: how each vendor signs its webhooks and what it says in them. To add one, write its module in
``rencai.vendors.dialects`` (see ``dialect.Dialect``) and add its lines to ``MODULES`` and ``HEADERS``.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, cast

from rencai.kernel.errors import NotFound

from .dialect import Delivered, Dialect

GENERIC: Final = "generic"

MODULES: Final[Mapping[str, str]] = {
    GENERIC: "standard_webhooks",
    "docusign": "docusign_connect",
    "checkr": "checkr",
    "greenhouse": "greenhouse",
    "xapi": "xapi",
}
"""The registry. A module is imported when it is first spoken: a cold start pays for one dialect, not for all."""

HEADERS: Final[Mapping[str, re.Pattern[str]]] = {
    GENERIC: re.compile(r"webhook-(id|timestamp|signature)"),
    "docusign": re.compile(r"x-docusign-signature-[0-9]{1,3}"),
    "checkr": re.compile(r"x-checkr-signature"),
    "greenhouse": re.compile(r"signature|greenhouse-event-id"),
    # Not the password that stands for a signature.
    "xapi": re.compile(r"x-experience-api-version"),
}
"""The headers by which a delivery of a dialect can be verified once more. Whatever else came with it is not kept: it
may be a password, of ours or of somebody on the way."""
_ALWAYS: Final = frozenset({"content-type", "user-agent"})


def kept_headers(delivered: Delivered, dialect: str | None) -> dict[str, Sequence[str]]:
    """What is kept of a delivery's headers: of one in ``dialect``, or, where it is None, of one that may turn out to be
    in any.
    """
    patterns = [HEADERS[dialect]] if dialect else [*HEADERS.values()]
    return {
        name: values
        for name, values in delivered.headers.items()
        if name in _ALWAYS or any(pattern.fullmatch(name) for pattern in patterns)
    }


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
