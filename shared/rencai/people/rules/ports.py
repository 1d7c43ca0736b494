"""The vendor that tells who applied: the applicant tracking system."""

from datetime import datetime
from typing import Protocol

from rencai.kernel.page import Page

from .application import Application


class Ats(Protocol):
    """The applicant tracking system."""

    @property
    def knows_interview_ids(self) -> bool:
        """Whether the interview vendor's id of a candidate is the application's id here. Where it is not, only an
        application that was linked to the candidate can be named: another's must not be moved.
        """

    @property
    def orders_by_time(self) -> bool:
        """Whether the ATS puts late messages in order by when a decision was made; if not, they must not be told."""

    def tell_stage(
        self, *, external_id: str, stage: str, reason: str, occurred_at: datetime, idempotency_key: str
    ) -> None:
        """Tell a decision (B8); telling it again changes nothing."""

    def applications(self, since: str | None) -> Page[Application]:
        """Applications that are new or have changed (A6) since a page's ``next``; None: since ever."""
