"""What vendors tell us, whatever dialect they speak: the facts that inbound dialects parse to and pulls bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .application import Application
    from .background import Finding
    from .interview import Interview


class EnvelopeOutcome(StrEnum):
    """How an envelope ended."""

    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class EnvelopeClosed:
    """``reference`` is our offer id; None when the vendor does not send it back: then ``envelope_id`` finds it."""

    envelope_id: str
    outcome: EnvelopeOutcome
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CheckCompleted:
    """``reference`` is our candidate id, or None. ``findings`` is None when the callback only says that the check is
    complete: what was found has to be asked for.
    """

    check_id: str
    result: Literal["clear", "consider"]
    findings: "tuple[Finding, ...] | None"
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class AssessmentCompleted:
    """A psychometric assessment (A7); ``scales`` 0-100 by name. ``reference`` is our candidate id, or None."""

    assessment_id: str
    scales: Mapping[str, Decimal]
    summary: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CourseProgressed:
    """How far a learner has come (C2): ``completion_percent`` and ``exam_score`` 0-100, None where nothing was said."""

    enrolment_id: str
    occurred_at: datetime
    completion_percent: Decimal | None = None
    exam_score: Decimal | None = None
    mentor_review: str | None = None


@dataclass(frozen=True, slots=True)
class InterviewCompleted:
    """An interview result by webhook (A1)."""

    interview: "Interview"


@dataclass(frozen=True, slots=True)
class ApplicationUpdated:
    """An application as the ATS has it now (A6)."""

    application: "Application"


@dataclass(frozen=True, slots=True)
class NotActedOn:
    """Authentic and well-formed, and nothing to us: kept, answered, and left. ``type`` is the vendor's name for it."""

    type: str


VendorFact = (
    EnvelopeClosed
    | CheckCompleted
    | AssessmentCompleted
    | CourseProgressed
    | InterviewCompleted
    | ApplicationUpdated
    | NotActedOn
)
