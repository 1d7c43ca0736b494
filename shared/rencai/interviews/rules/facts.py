"""What the interview vendor tells by webhook."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rencai.kernel.facts import VendorFact

if TYPE_CHECKING:
    from .interview import Interview


@dataclass(frozen=True, slots=True)
class InterviewCompleted(VendorFact):
    """An interview result by webhook (A1)."""

    interview: "Interview"
