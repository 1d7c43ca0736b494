"""An AI-interview result, ``rencai.interview/1``: what is accepted, and the digest that tells same from other."""

import hashlib
import re
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from rencai.kernel.bounds import at_most_members
from rencai.kernel.email_address import Email
from rencai.kernel.forms import formed
from rencai.kernel.resident_id import is_genuine
from rencai.kernel.seen import AS_LEGIBLE, AS_NUMBERED, AS_VISIBLE

from .learning_style import LearningStyle

MAX_BYTES: Final = 1024 * 1024
"""Largest accepted result, in bytes of UTF-8; a body or line over it is refused before it is parsed."""

MAX_PAUSES: Final = 20_000
"""Pauses of one answer: as many as its transcript has characters at most."""

_E164: Final = formed(
    r"^\+[1-9][0-9]{2,14}$",
    "应为带国家代码的电话号码(E.164),例如 +8613800000001",
    "should be a phone number with its country code (E.164), as in +8613800000001",
)
_BCP47: Final = formed(
    r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$",
    "应为语言代码(BCP 47),例如 zh-CN",
    "should be the code of a language (BCP 47), as in zh-CN",
)
_RESIDENT_ID_SHAPE: Final = re.compile(r"\d{17}[\dXx]")
_DATE_AND_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]", re.ASCII)


def _rfc3339(value: object) -> object:
    """pydantic also reads a number, or a string of digits, as unix time; the contract has no such thing."""
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE_AND_TIME.match(value)):
        return value
    raise PydanticCustomError("datetime_type", "should be an RFC 3339 time")


Phone = Annotated[str, StringConstraints(pattern=_E164), AS_NUMBERED]
# Numbers are JSON numbers: "3.5" and true are not.
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
Time = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]


def _or(default: str) -> BeforeValidator:
    """null for an optional field is the same as leaving it out."""
    return BeforeValidator(lambda value: default if value is None else value)


# Where the contract sets no limit these do: the longest that keys and items can hold with room to spare.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Key = Annotated[Name, AS_VISIBLE]
"""What something of the tenant's is found by: a role, a place, a question. A vendor's own ids are as it wrote them."""
Demographic = Annotated[str, StringConstraints(max_length=500)]


class _Part(BaseModel):
    # Unknown fields stay in the raw result and are otherwise ignored, as the contract says.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Candidate(_Part):
    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string"}}} for name in ("email", "phone")
            ]
        }
    )

    external_id: Name
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), AS_LEGIBLE]
    email: Email | None = None
    phone: Phone | None = None
    national_id: Annotated[Name, AS_NUMBERED] | None = None
    locale: Annotated[
        str,
        StringConstraints(pattern=_BCP47, max_length=100),
        AS_VISIBLE,
        _or("zh-CN"),
        WithJsonSchema(
            {"anyOf": [{"type": "string", "pattern": _BCP47, "maxLength": 100}, {"type": "null"}]}
        ),
    ] = "zh-CN"
    learning_style: LearningStyle | None = None
    demographics: (
        Annotated[dict[Demographic, Demographic], Field(max_length=50), at_most_members(50)] | None
    ) = None

    @field_validator("national_id")
    @classmethod
    def _checksum(cls, value: str | None) -> str | None:
        if value is not None and _RESIDENT_ID_SHAPE.fullmatch(value) and not is_genuine(value.upper()):
            raise PydanticCustomError(
                "national_id_checksum", "the resident id's birth date or check digit is wrong"
            )
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.email is None and self.phone is None:
            raise PydanticCustomError("unreachable", "an email or a phone is required")
        return self


class Position(_Part):
    requisition_id: Key
    role: Key
    location: Key


class Signals(_Part):
    """Measured by the interview vendor. Missing means not measured. The last three are facial (A5)."""

    speech_rate_cps: Annotated[float, Field(ge=0, le=20, strict=True)] | None = None
    # One wrong pause is told, not each: they are all of one measurement.
    pause_seconds: Annotated[list[NonNegative], Field(max_length=MAX_PAUSES, fail_fast=True)] | None = None
    pitch_variation: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    frown_count: NonNegative | None = None
    smile_count: NonNegative | None = None
    gaze_away_seconds: NonNegative | None = None


class Answer(_Part):
    question_id: Key
    topic: Key
    question: Annotated[
        str,
        StringConstraints(max_length=20_000),
        _or(""),
        WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 20_000}, {"type": "null"}]}),
    ] = ""
    transcript: Annotated[str, StringConstraints(max_length=20_000)]
    duration_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
    signals: Signals | None = None


class Interview(_Part):
    """One result as the contract has it; validate with ``Interview.model_validate_json(raw)``."""

    schema_: Literal["rencai.interview/1"] = Field(alias="schema")
    interview_id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    vendor: Key
    started_at: Time
    ended_at: Time
    candidate: Candidate
    position: Position
    answers: Annotated[list[Answer], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ended_at < self.started_at:
            raise PydanticCustomError("ends_before_start", "ended_at is before started_at")
        return self


def content_digest(interview: Interview) -> str:
    """SHA-256 (hex) of what the contract defines of a result, blind to key order, white space and unknown fields.

    What has its default is left out, so that a field the contract gains later does not change old digests. Unknown
    fields are "kept with the raw result and otherwise ignored", so they do not make a result another one.
    """
    # What model_dump_json makes a string of, only to be encoded again.
    canonical = interview.__pydantic_serializer__.to_json(interview, by_alias=True, exclude_defaults=True)
    return hashlib.sha256(canonical).hexdigest()
