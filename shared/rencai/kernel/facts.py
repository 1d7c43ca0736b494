"""What vendors tell us, whatever dialect they speak: each capability declares the facts it acts on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VendorFact:
    """A fact that an inbound dialect parses to, or a pull brings."""
