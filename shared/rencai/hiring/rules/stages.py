"""Where a candidate can stand, and how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias


class Stage(StrEnum):
    """Where a candidate stands. The first eight follow one another; the others lie aside of that line."""

    INTERVIEWED = "interviewed"
    QUALIFIED = "qualified"
    OFFER_DRAFTED = "offer_drafted"
    OFFER_SENT = "offer_sent"
    SIGNED = "signed"
    CHECKING = "checking"
    CLEARED = "cleared"
    ONBOARDED = "onboarded"
    TALENT_POOL = "talent_pool"
    IN_REVIEW = "in_review"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Review(StrEnum):
    """What a person decides about while a candidate is ``in_review``."""

    INTERVIEW = "interview"
    CHECK = "check"


Place: TypeAlias = Stage | Review
"""Where exactly a journey stands: its stage, or, of ``in_review``, what the review is about. What may happen there, how
long it may last and what comes before what are told by places; lists, due times and everybody outside know stages.
"""


@dataclass(frozen=True, slots=True)
class StageEntry:
    """When a stage was entered and by when it should be left; ``due_at`` is None where nobody is waited for."""

    stage: Stage
    entered_at: datetime
    due_at: datetime | None


STAGE_DUE: Final[Mapping[Place, timedelta]] = {
    Stage.INTERVIEWED: timedelta(hours=1),
    Review.INTERVIEW: timedelta(hours=24),
    Stage.QUALIFIED: timedelta(hours=1),
    Stage.OFFER_DRAFTED: timedelta(hours=1),
    Stage.OFFER_SENT: timedelta(hours=11),
    Stage.SIGNED: timedelta(hours=1),
    Stage.CHECKING: timedelta(hours=8),
    Review.CHECK: timedelta(hours=24),
    Stage.CLEARED: timedelta(hours=1),
}
"""How long a place may be stayed at: 24 hours (B7) for the line that needs no person; each review has its own day."""

DUE_STAGES: Final = tuple(stage for stage in Stage if stage in STAGE_DUE or stage is Stage.IN_REVIEW)
"""The stages that have a due time."""
