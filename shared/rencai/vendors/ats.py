"""The applicant tracking system: the client of vendors who speak our own contract."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from rencai.kernel.page import Page
from rencai.people.rules.application import Application

from .http import VendorHttp, segment


class _Applications(BaseModel):
    items: list[Any]
    next: Annotated[str | None, Field(max_length=2000)]


class GenericAts:
    """Contract: ``POST /applications/{external_id}/stage``, ``GET /applications?since=``."""

    knows_interview_ids: ClassVar[bool] = True
    orders_by_time: ClassVar[bool] = True

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def tell_stage(
        self, *, external_id: str, stage: str, reason: str, occurred_at: datetime, idempotency_key: str
    ) -> None:
        """Tell a decision. ``occurred_at`` lets the ATS put late messages in order."""
        body = {"stage": stage, "reason": reason, "occurred_at": occurred_at.isoformat()}
        self._http.post_for_nothing(f"/applications/{segment(external_id)}/stage", body, idempotency_key)

    def applications(self, since: str | None) -> Page[Application]:
        """One page."""
        page = self._http.get("/applications", {"since": since} if since else {}, _Applications)
        good, skipped = self._http.good_ones(page.items, Application)
        more = bool(page.items) and page.next is not None and page.next != since
        return Page(tuple(good), page.next, more, skipped)
