"""Marks of how mentors' reviews were read."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import PathId, Request
from rencai.platform.operations import refuses
from rencai.reading.rules.marks import MarkKind
from rencai.wiring.routes import API, Routes

from .views import MarkHistory, MarkView, shown_mark

router = Routes()


class ReviewMark(Request):
    """What the mentor's review of a course of the plan comes to, whatever the reader said of it: a ``level`` 1-5 of the
    scale, or null, it rates nothing. ``note`` says why, and is sealed.
    """

    item_id: Annotated[str, Field(min_length=1, max_length=300)]
    level: Annotated[int, Field(strict=True, ge=1, le=5)] | None
    note: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


@router.post(
    "/employees/<employee_id>/reading-marks",
    security=API,
    summary="Say how a mentor's review should have been read",
    description="A mark changes no rating by itself; a review that waits for HR is rated by its own route. "
    "With an Idempotency-Key the same call again answers the same.",
    tags=["Reading"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED]}),
)
def post_employee_mark(employee_id: PathId, mark: Annotated[ReviewMark, Body()]) -> Response[MarkView]:
    """A later mark of the same review replaces an earlier one; both stay on record. The review is kept with it,
    encrypted, as one of the tenant's own judging sentences.
    """
    # Imported when it is needed: the other routes of the Lambda cost nothing.
    from rencai.reading.store.marks import Marker

    from .employee_marking import employee_marking_of

    wired = router.wired
    digest = wired.ids.request_digest
    by = Marker(router.actor, digest(router.request_key), digest(mark.model_dump_json()), mark.note)
    made = employee_marking_of(wired).mark(employee_id, mark.item_id, mark.level, by, wired.clock())
    return Response(status_code=201, content_type="application/json", body=shown_mark(made))


@router.get(
    "/employees/<employee_id>/reading-marks",
    security=API,
    summary="Every mark of how an employee's reviews were read",
    tags=["Reading"],
)
def get_employee_marks(employee_id: PathId) -> MarkHistory:
    """Newest first, those that a later mark replaced among them, without anybody's words; none is an empty list."""
    marks = router.wired.reading.marks.of(MarkKind.MENTOR, employee_id)
    return MarkHistory(items=[shown_mark(mark) for mark in marks])
