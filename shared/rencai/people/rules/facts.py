"""What the applicant tracking system tells by webhook."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rencai.kernel.facts import VendorFact

if TYPE_CHECKING:
    from .application import Application


@dataclass(frozen=True, slots=True)
class ApplicationUpdated(VendorFact):
    """An application as the ATS has it now (A6)."""

    application: "Application"
