"""Marks of readings: HR says that a claim was read wrongly, rightly, or not at all; and the list of all marks."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import Cursor, Limit, Request
from rencai.platform.operations import refuses
from rencai.reading.rules.marks import MarkKind
from rencai.reading.rules.refusals import ReadingRefusal
from rencai.wiring.routes import API, Routes

from .views import MarkHistory, MarkPage, MarkView, shown_mark

router = Routes()

Named = Annotated[str, Field(min_length=1, max_length=200)]


class ReadingMark(Request):
    """Whether an answer makes a ``claim``, whatever the reader said of it. ``note`` says why, and is sealed."""

    vendor: Named
    interview_id: Annotated[str, Field(min_length=1, max_length=128)]
    question_id: Named
    claim: Named
    right: Literal["said", "not_said"]
    note: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


@router.post(
    "/candidates/<candidate_id>/reading-marks",
    security=API,
    summary="Say whether a claim was read rightly",
    description="A mark changes no score by itself; to change what happens to somebody, reconsider them. "
    "With an Idempotency-Key the same call again answers the same.",
    tags=["Reading"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED], 422: [ReadingRefusal.UNKNOWN_CLAIM]}),
)
def post_candidate_mark(candidate_id: str, mark: Annotated[ReadingMark, Body()]) -> Response[MarkView]:
    """A later mark of the same reading replaces an earlier one; both stay on record. The answer is kept with it,
    encrypted, as one of the tenant's own judging sentences. It changes no score.
    """
    # Imported when it is needed: it reads results, which costs a cold start.
    from rencai.reading.store.marks import Marker

    from .candidate_marking import ClaimOfAnswer, candidate_marking_of

    wired = router.wired
    digest = wired.ids.request_digest
    made = candidate_marking_of(wired).mark(
        candidate_id,
        ClaimOfAnswer(mark.vendor, mark.interview_id, mark.question_id, mark.claim),
        mark.right,
        Marker(router.actor, digest(router.request_key), digest(mark.model_dump_json()), mark.note),
        wired.clock(),
    )
    return Response(status_code=201, content_type="application/json", body=shown_mark(made))


@router.get(
    "/candidates/<candidate_id>/reading-marks",
    security=API,
    summary="Every mark of how a candidate was read",
    tags=["Reading"],
)
def get_candidate_marks(candidate_id: str) -> MarkHistory:
    """Newest first, those that a later mark replaced among them, without anybody's words; none is an empty list."""
    marks = router.wired.reading.marks.of(MarkKind.COMPETENCY, candidate_id)
    return MarkHistory(items=[shown_mark(mark) for mark in marks])


@router.get("/reading-marks", security=API, summary="Marks of readings", tags=["Reading"])
def list_marks(
    kind: Annotated[Literal["competency", "mentor"], Query()] = "competency",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> MarkPage:
    """The newest mark of each reading, newest first, without anybody's words. A page may hold fewer than ``limit`` and
    still have a next one: the list is a moment behind.
    """
    marks, following = router.wired.reading.marks.page(MarkKind(kind), limit, cursor)
    return MarkPage(items=[shown_mark(mark) for mark in marks], next=following)
