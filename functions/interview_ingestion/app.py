"""``POST /v1/interviews``: one result, scored while the caller waits."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import BaseModel

from rencai import wiring
from rencai.domain.errors import DomainError, Refusal
from rencai.domain.interview import MAX_BYTES, Interview, content_digest
from rencai.platform.api import Api
from rencai.platform.observability import logger
from rencai.platform.settings import settings

from .ingest import wired_ingestion

api = Api(settings().language)
app = api.resolver


class Accepted(BaseModel):
    """The result is on record."""

    interview_id: str
    candidate_id: str
    status: Literal["accepted"] = "accepted"


@app.post(
    "/interviews",
    summary="Hand in one interview result",
    description="202 when it is new, 200 when the same content is on record already, 409 when the id is reused.",
    tags=["Interviews"],
    responses={200: {"description": "On record already"}, 202: {"description": "Accepted"}},
)
def post_interview(interview: Annotated[Interview, Body()]) -> Response[Accepted]:
    """Score a result and open the candidate's journey."""
    if api.body_size > MAX_BYTES:
        raise DomainError(Refusal.BODY_TOO_LARGE, size=api.body_size, limit=MAX_BYTES)
    raw = api.body
    request_id = app.current_event.request_context.request_id or ""
    done = wired_ingestion().ingest(
        interview,
        source=f"api/{request_id}",
        keep_raw=lambda: wiring.bucket().put(f"raw/{content_digest(interview)}.json", raw),
        now=wiring.clock(),
    )
    return Response(
        status_code=HTTPStatus.ACCEPTED if done.created else HTTPStatus.OK,
        content_type="application/json",
        body=Accepted(interview_id=done.interview_id, candidate_id=done.candidate_id),
    )


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
