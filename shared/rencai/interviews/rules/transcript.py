"""What was asked and said in an interview, as its vendor wrote it down: no signals and no scores."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field


class Spoken(BaseModel):
    """One question with its answer, in words. ``duration_seconds`` of the answer."""

    question_id: str
    topic: str
    question: str | None = None
    transcript: str
    duration_seconds: float


class _Result(BaseModel):
    """Of a result what is read here. It was accepted once, so what the contract asks of it is not asked again."""

    started_at: datetime
    ended_at: datetime
    answers: Annotated[tuple[Spoken, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Transcript:
    """An interview in words, in the order it was held."""

    started_at: datetime
    ended_at: datetime
    answers: tuple[Spoken, ...]


def result_in(raw: bytes) -> bytes:
    """A raw result as JSON: by itself, or out of the webhook that brought it."""
    document: dict[str, Any] = json.loads(raw)
    return raw if "answers" in document else json.dumps(document["data"]).encode()


def transcript_in(raw: bytes) -> Transcript:
    """The words of a raw result, however it came."""
    result = _Result.model_validate_json(result_in(raw))
    return Transcript(result.started_at, result.ended_at, result.answers)
