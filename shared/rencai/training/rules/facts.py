"""What the learning management system tells of a learner."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rencai.kernel.facts import VendorFact


@dataclass(frozen=True, slots=True)
class CourseProgressed(VendorFact):
    """How far a learner has come (C2): ``completion_percent`` and ``exam_score`` 0-100, None where nothing was said."""

    enrolment_id: str
    occurred_at: datetime
    completion_percent: Decimal | None = None
    exam_score: Decimal | None = None
    mentor_review: str | None = None
