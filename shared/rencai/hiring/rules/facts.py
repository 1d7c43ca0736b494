"""What vendors tell of a candidate: how an envelope ended, what a check found, how an assessment went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from rencai.kernel.facts import VendorFact

if TYPE_CHECKING:
    from .background import Finding


class EnvelopeOutcome(StrEnum):
    """How an envelope ended."""

    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class EnvelopeClosed(VendorFact):
    """``reference`` is our offer id; None when the vendor does not send it back: then ``envelope_id`` finds it.
    ``reason``: why it was declined or voided, in the words of whoever did it; personal.
    """

    envelope_id: str
    outcome: EnvelopeOutcome
    reference: str | None = None
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CheckCompleted(VendorFact):
    """``reference`` is our candidate id, or None. ``findings`` is None when the callback only says that the check is
    complete: what was found has to be asked for.
    """

    check_id: str
    result: Literal["clear", "consider"]
    findings: "tuple[Finding, ...] | None"
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class AssessmentCompleted(VendorFact):
    """A psychometric assessment (A7); ``scales`` 0-100 by name. ``reference`` is our candidate id, or None."""

    assessment_id: str
    scales: Mapping[str, Decimal]
    summary: str | None = None
    reference: str | None = None
