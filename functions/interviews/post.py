"""``POST /v1/interviews``: one result, scored while the caller waits."""

from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import BaseModel

from rencai.interviews.rules.interview import MAX_BYTES, Interview
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.rules.speakers import Door, Speaker
from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.platform.operations import refuses
from rencai.wiring.routes import INGEST, Routes, api_of, serve

from .ingest import ingestion_of, kept_by_content

router = Routes()


class Accepted(BaseModel):
    """The result is on record."""

    interview_id: str
    candidate_id: str
    status: Literal["accepted"] = "accepted"


@router.post(
    "/interviews",
    security=INGEST,
    summary="Hand in one interview result",
    description=(
        "202 when it is new, 200 when the same content is on record already, 409 when the id is reused, 403 when the "
        "caller may not speak for the interview vendor."
    ),
    tags=["Interviews"],
    responses={200: {"description": "On record already"}, 202: {"description": "Accepted"}},
    openapi_extensions=refuses(
        {
            403: [InterviewRefusal.VENDOR_NOT_BOUND],
            409: [InterviewRefusal.INTERVIEW_CHANGED],
            422: [InterviewRefusal.UNKNOWN_ROLE],
        }
    ),
)
def post_interview(interview: Annotated[Interview, Body()]) -> Response[Accepted]:
    """Score a result and open the candidate's journey."""
    if api.body_size > MAX_BYTES:
        raise DomainError(CommonRefusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BYTES)
    request_id, wired = router.event.request_context.request_id or "", router.wired
    done = ingestion_of(wired).ingest(
        interview,
        speaker=Speaker(Door.CLIENT, router.client_id),
        source=f"api/{request_id}",
        keep_raw=kept_by_content(interview, api.body, lambda: wired.bucket, wired.ids),
        now=wired.clock(),
    )
    return Response(
        status_code=HTTPStatus.ACCEPTED if done.created else HTTPStatus.OK,
        content_type="application/json",
        body=Accepted(interview_id=done.interview_id, candidate_id=done.candidate_id),
    )


api = api_of(router, as_sent=True)
handler = serve(api)
