"""What a vendor tells that is nobody's to act on."""

from dataclasses import dataclass

from rencai.kernel.facts import VendorFact


@dataclass(frozen=True, slots=True)
class NotActedOn(VendorFact):
    """Authentic and well-formed, and nothing to us: kept, answered, and left. ``type`` is the vendor's name for it."""

    type: str
