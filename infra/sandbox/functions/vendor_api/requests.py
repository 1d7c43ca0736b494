"""What callers may send: the vendor contracts as types. Unknown fields are refused, so that drift shows."""

from typing import Annotated, Any, Final, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from vendor_contract.faults import FaultMode

from .refusal import Refusal

LARGEST_DOCUMENT_BYTES: Final = 350_000
"""A table item takes 400 kB, and the document is not all that is in it."""
LARGEST_APPLICATION_BYTES: Final = 50_000
LARGEST_CLASS: Final = 20_000
LARGEST_CLASS_CALL: Final = 500
"""A dozen calls of the table, and 50 kB of an answer."""
LONGEST_ANSWER_SECONDS: Final = 25
"""API Gateway hangs up after 29 s."""


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http or https address")
    return value


def _fits(html: str) -> str:
    if len(html.encode()) > LARGEST_DOCUMENT_BYTES:
        raise ValueError(f"must not exceed {LARGEST_DOCUMENT_BYTES} bytes")
    return html


WebAddress = Annotated[str, Field(max_length=2048), AfterValidator(_web_address)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A résumé's date: year, month or day exact."""
Percent = Annotated[int | float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_ANSWER_SECONDS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(_Body):
    title: Text
    html: Annotated[str, Field(min_length=1), AfterValidator(_fits)]


class Signer(_Body):
    name: Text
    email: Text | None
    phone: Text | None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.email is None and self.phone is None:
            raise ValueError("needs an email or a phone")
        return self


class EnvelopeRequest(_Body):
    """`POST /esign/envelopes`"""

    document: Document
    signer: Signer
    reference: Text
    callback_url: WebAddress


class Employment(_Body):
    employer: Text
    title: Text
    from_: Annotated[PartialDate | None, Field(alias="from")]
    to: PartialDate | None
    """None: still there."""


class Person(_Body):
    name: Text
    national_id: Text | None
    work_history: list[Employment]


class CheckRequest(_Body):
    """`POST /background/checks`"""

    reference: Text
    person: Person
    callback_url: WebAddress


class Participant(_Body):
    name: Text
    email: Text | None
    """None: the invitation reaches them another way."""


class AssessmentRequest(_Body):
    """`POST /psychometric/assessments`"""

    reference: Text
    candidate: Participant
    instruments: Annotated[list[Literal["personality", "stress_tolerance"]], Field(min_length=1)]
    callback_url: WebAddress


class EnrolmentRequest(_Body):
    """`POST /lms/enrolments`"""

    learner: Text
    """The caller's id of them."""
    course_id: Text
    due_at: AwareDatetime
    reference: Text
    callback_url: WebAddress | None = None
    """Not in the contract, whose LMS is told once where to call. Without it progress is there to be pulled only."""


class ProgressReport(_Body):
    """`POST /lms/enrolments/{enrolment_id}/progress`"""

    completion_percent: Percent
    exam_score: Percent | None = None
    mentor_review: Annotated[str, Field(max_length=4000)] | None = None
    occurred_at: AwareDatetime | None = None
    """None: now."""
    callback_url: WebAddress | None = None
    """None: the enrolment's."""


class ClassReport(_Body):
    """`POST /lms/classes`: learners `first` to `first + size - 1` of the class, as the week ends."""

    class_id: Annotated[str, Field(min_length=1, max_length=100)]
    """Also what their progress follows from: the same class gets on the same way in every run."""
    size: Annotated[int, Field(ge=1, le=LARGEST_CLASS_CALL)]
    first: Annotated[int, Field(ge=1)] = 1
    week: Annotated[int, Field(ge=1, le=52)] = 1
    ended_at: AwareDatetime | None = None
    """None: now."""

    @model_validator(mode="after")
    def _is_no_larger_than_a_class(self) -> Self:
        if self.first + self.size - 1 > LARGEST_CLASS:
            raise ValueError(f"a class has at most {LARGEST_CLASS} learners")
        return self


class MessageRequest(_Body):
    """`POST /sms/messages`"""

    to: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{5,14}$")]
    """E.164."""
    text: Annotated[str, Field(min_length=1, max_length=500)]
    letter: Text
    language: Literal["zh-CN", "en"]
    reference: Text


class _Part(_Body):
    text: Annotated[str, Field(max_length=200_000)]


class _Message(_Body):
    role: Literal["user", "assistant"]
    content: Annotated[tuple[_Part, ...], Field(min_length=1)]


class _Specification(_Body):
    name: Text
    description: Text
    inputSchema: dict[str, Any]  # noqa: N815  AWS's own spelling


class _Tool(_Body):
    toolSpec: _Specification  # noqa: N815


class _Tools(_Body):
    tools: Annotated[tuple[_Tool, ...], Field(min_length=1)]
    toolChoice: dict[str, Any]  # noqa: N815


class ConverseRequest(_Body):
    """`POST /bedrock/model/{model_id}/converse`: as much of Bedrock's Converse as makes a model use a tool."""

    system: tuple[_Part, ...]
    messages: Annotated[tuple[_Message, ...], Field(min_length=1)]
    inferenceConfig: dict[str, Any]  # noqa: N815
    toolConfig: _Tools  # noqa: N815


class StageChange(_Body):
    """`POST /ats/applications/{external_id}/stage`"""

    stage: Text
    reason: Annotated[str, Field(max_length=2000)] | None
    occurred_at: AwareDatetime


class Application(_Body):
    """`POST /ats/applications`: whatever a tester wants the ATS to have, also what is none of the contract."""

    model_config = ConfigDict(extra="allow", frozen=True)

    external_id: Annotated[str, Field(min_length=1, max_length=128)]
    callback_url: WebAddress | None = None
    """Of the request, not of the application."""


class Voiding(_Body):
    """`POST /esign/envelopes/{envelope_id}/void`"""

    reason: Text


class SigningDecision(_Body):
    """`POST /esign/sign/{token}`; nothing at all means: sign."""

    action: Literal["sign", "decline"] = "sign"
    reason: Annotated[str, Field(max_length=500)] | None = None


class FaultRequest(_Body):
    """`PUT /faults/{vendor}`; what is left out is not, or no longer, wrong. See `Fault`."""

    mode: FaultMode
    seconds: Seconds = 15
    error_rate: Share = 0
    latency_seconds: Seconds = 0
    duplicate: Annotated[int, Field(ge=0, le=5)] = 0
    reorder: bool = False
    delay_seconds: Annotated[int, Field(ge=0, le=900)] = 0
    silence: Share = 0
    forged_signature: Share = 0
    malformed_body: Share = 0
    clock_skew_seconds: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    clock_skew_rate: Share = 1
    only: Annotated[str, Field(max_length=500)] = ""


BodyT = TypeVar("BodyT", bound=_Body)


def read_body(model: type[BodyT], text: str) -> BodyT:
    """Raises Refusal 400, naming every wrong field but no value."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
    raise Refusal(
        400,
        "The body is not what the contract says.",
        [{"path": ".".join(str(step) for step in one["loc"]), "message": one["msg"]} for one in wrong],
    )
