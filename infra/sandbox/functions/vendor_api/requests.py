"""What callers may send: the vendor contracts as types. Unknown fields are refused, so that drift shows."""

from typing import Annotated, Final, Literal, Self, TypeVar
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

from .ledger import FaultMode
from .refusal import Refusal

LARGEST_DOCUMENT_BYTES: Final = 350_000
"""A table item takes 400 kB, and the document is not all that is in it."""


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


class StageChange(_Body):
    """`POST /ats/applications/{external_id}/stage`"""

    stage: Text
    reason: Annotated[str, Field(max_length=2000)] | None
    occurred_at: AwareDatetime


class SigningDecision(_Body):
    """`POST /esign/sign/{token}`; nothing at all means: sign."""

    action: Literal["sign", "decline"] = "sign"
    reason: Annotated[str, Field(max_length=500)] | None = None


class FaultRequest(_Body):
    """`PUT /faults/{vendor}`"""

    mode: FaultMode
    seconds: Annotated[float, Field(ge=0, le=25)] = 15
    """How long a slow answer takes; API Gateway hangs up after 29 s."""


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
