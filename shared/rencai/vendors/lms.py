"""The learning management system (C2): the client of vendors who speak our own contract."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from rencai.inbox.dialect import Moment
from rencai.kernel.page import Page
from rencai.training.rules.facts import CourseProgressed

from .asked import Asked
from .http import VendorHttp

_Id = Annotated[str, Field(min_length=1, max_length=128)]
_Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]


class _Enrolled(BaseModel):
    enrolment_id: _Id


class _Progress(BaseModel):
    enrolment_id: _Id
    completion_percent: _Percent | None = None
    exam_score: _Percent | None = None
    mentor_review: Annotated[str | None, Field(max_length=4000)] = None
    occurred_at: Moment


class _ProgressPage(BaseModel):
    items: list[Any]
    next: Annotated[str | None, Field(max_length=2000)]


class GenericLms:
    """Contract: ``POST /enrolments``, ``GET /progress?since=``."""

    asked_by_enrolment: ClassVar[bool] = False

    def __init__(self, http: VendorHttp, asked: Asked) -> None:
        self._http = http
        self._asked = asked

    def enrol(
        self, *, learner: str, course_id: str, due_at: datetime, reference: str, idempotency_key: str
    ) -> str:
        """Enrol an employee and return the enrolment's id."""
        body = {
            "learner": learner,
            "course_id": course_id,
            "due_at": due_at.isoformat(),
            "reference": reference,
        }
        call = self._asked.of(learner, self._http.vendor, idempotency_key)
        return self._http.post("/enrolments", body, call, _Enrolled).enrolment_id

    def progress(
        self,
        since: str | None,
        enrolments: Sequence[str] = (),  # noqa: ARG002 - the feed is of all of them
    ) -> Page[CourseProgressed]:
        """One page of the feed."""
        page = self._http.get("/progress", {"since": since} if since else {}, _ProgressPage)
        good, skipped = self._http.good_ones(page.items, _Progress)
        told = tuple(
            CourseProgressed(
                item.enrolment_id,
                item.occurred_at,
                item.completion_percent,
                item.exam_score,
                item.mentor_review,
            )
            for item in good
        )
        more = bool(page.items) and page.next is not None and page.next != since
        return Page(told, page.next, more, skipped)
