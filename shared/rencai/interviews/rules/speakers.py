"""Who may hand in results of which interview vendor.

A result says itself whose it is. That is a claim, and its vendor's candidates are known by it: whoever brings a result
speaks for its vendor only where the tenant has bound them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import Forbidden

Vendor = Annotated[str, Field(min_length=1, max_length=200)]
Vendors = Literal["all"] | tuple[Vendor, ...]
"""Names of interview vendors as their results have them, to the letter; ``all``: any."""


class Door(StrEnum):
    """By which way a result came, as the document calls it."""

    CLIENT = "clients"
    WEBHOOK = "webhook"
    DROPPED_FILE = "dropped_files"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who brings a result. ``name``: of a client its OAuth id; of a webhook the vendor whose own key signed it, empty
    where a key did that is nobody's in particular.
    """

    door: Door
    name: str = ""


DROPPED_FILE: Final = Speaker(Door.DROPPED_FILE)
"""Whoever may write to the bucket: a file that lies there says nothing of who put it."""


class InterviewVendors(BaseModel):
    """Which interview vendors each may speak for; who is not named speaks for none.

    ``clients``: by the id of an OAuth client, or by the name of one of the stack's own (``ingest``, ``hr``).
    ``webhook``: whoever holds a key of ``webhook_secrets``; a key under ``webhook_secrets_of`` speaks for its vendor.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    clients: dict[Annotated[str, Field(min_length=1, max_length=128)], Vendors] = {}
    webhook: Vendors = ()
    dropped_files: Vendors = ()

    def refuse_unbound(self, speaker: Speaker, vendor: str, own_clients: Mapping[str, str]) -> None:
        """Raises ``Forbidden`` (VENDOR_NOT_BOUND) unless ``speaker`` may speak for ``vendor``. ``own_clients``: the
        names of the stack's own OAuth clients, by id.
        """
        bound, called = self._bound(speaker, own_clients)
        if bound != "all" and vendor not in bound:
            raise Forbidden(InterviewRefusal.VENDOR_NOT_BOUND, "vendor", speaker=called, vendor=vendor)

    def _bound(self, speaker: Speaker, own_clients: Mapping[str, str]) -> tuple[Vendors, str]:
        """What is bound, and what the document calls who is meant."""
        if speaker.door is Door.DROPPED_FILE:
            return self.dropped_files, speaker.door
        if speaker.door is Door.WEBHOOK:
            return ((speaker.name,) if speaker.name else self.webhook), speaker.door
        name = own_clients.get(speaker.name, speaker.name)
        bound = self.clients.get(name) or self.clients.get(speaker.name) or ()
        return bound, f"{speaker.door}.{name}"


INTERVIEW_VENDORS: Final = Kind("interview_vendors", InterviewVendors, unset=InterviewVendors)
