"""Background checks: the client of vendors who speak our own contract."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, Field, model_validator

from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.facts import CheckCompleted
from rencai.kernel import ids
from rencai.kernel.bounds import at_most_members

from .asked import Asked
from .http import VendorHttp, segment

if TYPE_CHECKING:
    from rencai.hiring.rules.background import Employment


_Id = Annotated[str, Field(min_length=1, max_length=128)]


class _Ordered(BaseModel):
    check_id: _Id


class _Status(BaseModel):
    check_id: _Id
    status: Literal["pending", "complete"]
    reference: _Id
    result: Literal["clear", "consider"] | None = None
    findings: Annotated[tuple[Finding, ...] | None, Field(max_length=100), at_most_members(100)] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.status == "complete" and (self.result is None or self.findings is None):
            raise ValueError("complete without result or findings")
        return self


class GenericBackgroundCheck:
    """Contract: ``POST /checks``, ``GET /checks/{id}``."""

    echoes_reference: ClassVar[bool] = True

    def __init__(self, http: VendorHttp, callback_url: Callable[[], str], asked: Asked) -> None:
        self._http = http
        self._asked = asked
        self._callback_url = callback_url

    def request(
        self,
        *,
        name: str,
        national_id: str | None,
        email: str | None,  # noqa: ARG002 - the contract does not ask for it
        phone: str | None,  # noqa: ARG002 - as above
        work_history: "Sequence[Employment]",
        reference: str,
        idempotency_key: str,
    ) -> str:
        """Order a check and return its id."""
        body = {
            "reference": reference,
            "person": {
                "name": name,
                "national_id": national_id,
                "work_history": [job.model_dump(by_alias=True) for job in work_history],
            },
            "callback_url": self._callback_url(),
        }
        call = self._asked.of(ids.candidate_of(reference), self._http.vendor, idempotency_key)
        return self._http.post("/checks", body, call, _Ordered).check_id

    def status(self, check_id: str) -> CheckCompleted | None:
        """What was found; None while the check is under way."""
        told = self._http.get(f"/checks/{segment(check_id)}", {}, _Status)
        if told.status == "pending" or told.result is None:
            return None
        return CheckCompleted(check_id, told.result, told.findings, told.reference)
