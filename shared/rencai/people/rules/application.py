"""What an ATS tells of an application: who applied, résumé facts, and HR's own evaluation (A6)."""

from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, AliasPath, AwareDatetime, BaseModel, ConfigDict, Field

from rencai.hiring.rules.background import Employment
from rencai.kernel.bounds import at_most_members
from rencai.kernel.email_address import ToldEmail
from rencai.kernel.seen import AS_LEGIBLE, AS_NUMBERED, AS_VISIBLE

_Short = Annotated[str, Field(max_length=200)]
_Name = Annotated[str, Field(max_length=200), AS_LEGIBLE]
_Number = Annotated[str, Field(max_length=200), AS_NUMBERED]
_Key = Annotated[str, Field(max_length=200), AS_VISIBLE]
_Text = Annotated[str, Field(max_length=4000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, defer_build=True)


class Evaluation(_Part):
    """HR's own evaluation; ``score`` 0-100. Shown beside the profile, never an input of a score."""

    score: Annotated[Decimal | None, Field(ge=0, le=100)] = None
    comment: _Text | None = None
    by: _Short | None = None
    at: AwareDatetime | None = None


def _within(part: str, name: str) -> AliasChoices:
    """``{part: {name}}``, or ``name`` at the top."""
    return AliasChoices(AliasPath(part, name), name)


class Application(_Part):
    """An application as the ATS has it. Only ``external_id`` must be there: an ATS tells what it knows.

    Contact data may stand at the top or under ``candidate``, the position's under ``position``, the work history under
    ``resume``.
    """

    external_id: Annotated[str, Field(min_length=1, max_length=128)]
    name: Annotated[_Name | None, Field(validation_alias=_within("candidate", "name"))] = None
    email: Annotated[ToldEmail | None, Field(validation_alias=_within("candidate", "email"))] = None
    phone: Annotated[_Number | None, Field(validation_alias=_within("candidate", "phone"))] = None
    national_id: Annotated[_Number | None, Field(validation_alias=_within("candidate", "national_id"))] = None
    requisition_id: Annotated[_Key | None, Field(validation_alias=_within("position", "requisition_id"))] = (
        None
    )
    role: Annotated[_Key | None, Field(validation_alias=_within("position", "role"))] = None
    location: Annotated[_Key | None, Field(validation_alias=_within("position", "location"))] = None
    status: _Key | None = None
    work_history: Annotated[
        tuple[Employment, ...],
        Field(max_length=50, validation_alias=_within("resume", "work_history")),
        at_most_members(50),
    ] = ()
    evaluation: Evaluation | None = None
    updated_at: AwareDatetime | None = None
