"""Psychometric assessments (A7): the client of vendors who speak our own contract."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, Field, model_validator

from rencai.hiring.rules.facts import AssessmentCompleted
from rencai.hiring.rules.ports import Ordered
from rencai.kernel import ids
from rencai.kernel.bounds import at_most_members

from .asked import Asked
from .http import VendorHttp, segment

_Id = Annotated[str, Field(min_length=1, max_length=128)]
_Scale = Annotated[str, Field(min_length=1, max_length=64)]
_Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]


class _Answer(BaseModel):
    assessment_id: _Id
    invite_url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)]


class _Status(BaseModel):
    assessment_id: _Id
    status: Literal["ordered", "completed"]
    reference: _Id
    scales: Annotated[dict[_Scale, _Percent] | None, Field(max_length=50), at_most_members(50)] = None
    summary: Annotated[str | None, Field(max_length=4000)] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.status == "completed" and self.scales is None:
            raise ValueError("completed without scales")
        return self


class GenericPsychometric:
    """Contract: ``POST /assessments``, ``GET /assessments/{id}``."""

    echoes_reference: ClassVar[bool] = True

    def __init__(self, http: VendorHttp, callback_url: Callable[[], str], asked: Asked) -> None:
        self._http = http
        self._asked = asked
        self._callback_url = callback_url

    def order(
        self,
        *,
        name: str,
        email: str | None,
        instruments: Sequence[str],
        reference: str,
        idempotency_key: str,
    ) -> Ordered:
        """Order an assessment; ``reference`` comes back in the webhook."""
        body = {
            "reference": reference,
            "candidate": {"name": name, "email": email},
            "instruments": list(instruments),
            "callback_url": self._callback_url(),
        }
        call = self._asked.of(ids.candidate_of(reference), self._http.vendor, idempotency_key)
        answer = self._http.post("/assessments", body, call, _Answer)
        return Ordered(answer.assessment_id, answer.invite_url)

    def status(self, assessment_id: str) -> AssessmentCompleted | None:
        """The result; None until the candidate has taken it."""
        told = self._http.get(f"/assessments/{segment(assessment_id)}", {}, _Status)
        if told.status == "ordered" or told.scales is None:
            return None
        return AssessmentCompleted(assessment_id, told.scales, told.summary, told.reference)
