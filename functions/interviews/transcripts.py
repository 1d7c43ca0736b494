"""What was said in an interview: for a person who has to review it, and put on record with their name."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from rencai.platform.api import View
from rencai.wiring.routes import API, Routes

router = Routes()


class SpokenView(View):
    """One question and its answer, in words; ``question`` is null where the vendor did not give it."""

    question_id: str
    topic: str
    question: str | None
    transcript: str
    duration_seconds: float


class TranscriptView(View):
    """An interview in words, in the order it was held."""

    candidate_id: str
    interview_id: str
    vendor: str
    started_at: datetime
    ended_at: datetime
    answers: list[SpokenView]


@router.get(
    "/candidates/<candidate_id>/transcript",
    security=API,
    summary="What was said in an interview",
    description="Without `interview_id` the interview whose profile decided. Who reads it is put on the timeline.",
    tags=["Candidates"],
)
def get_transcript(
    candidate_id: str, interview_id: Annotated[str | None, Query(max_length=128)] = None
) -> TranscriptView:
    """Questions and answers in words, for a person's review."""
    # Imported when it is needed: it reads results, which costs a cold start.
    from .reading import transcript_desk_of

    found, said = transcript_desk_of(router.wired).read(
        candidate_id, interview_id, actor=router.actor, key=router.call_id, now=router.wired.clock()
    )
    return TranscriptView(
        candidate_id=candidate_id,
        interview_id=found.interview_id,
        vendor=found.vendor,
        started_at=said.started_at,
        ended_at=said.ended_at,
        answers=[
            SpokenView(
                question_id=one.question_id,
                topic=one.topic,
                question=one.question,
                transcript=one.transcript,
                duration_seconds=one.duration_seconds,
            )
            for one in said.answers
        ],
    )
