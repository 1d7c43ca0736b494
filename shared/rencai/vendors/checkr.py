"""Checkr API v1: background checks.

Checkr is told an e-mail address and no name or number: its invitation asks the candidate for those and for their
consent, and it is the only way to order employment, education and international checks. The report exists only once
the candidate has filled in the invitation, so a check's id is that of Checkr's candidate, which each report names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rencai.hiring.rules.background import Employment, Finding
from rencai.hiring.rules.facts import CheckCompleted
from rencai.kernel import ids
from rencai.kernel.errors import VendorRefusal
from rencai.kernel.forms import formed

from .asked import Asked
from .auth import basic
from .http import Answered, Line, VendorHttp, is_busy, segment

_Id = Annotated[str, Field(min_length=1, max_length=128)]
_Kind = Literal["identity", "education", "employment", "criminal"]


_TWO_LETTERS: Final = formed(
    r"^[A-Z]{2}$",
    "应为两个大写字母的国家或州代码(ISO 3166),例如 US",
    "should be the two capital letters of a country or state (ISO 3166), as in US",
)


class WorkLocation(BaseModel):
    """Where the person will work: the law of that place rules the check."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Annotated[str, Field(pattern=_TWO_LETTERS)]
    state: Annotated[str | None, Field(pattern=_TWO_LETTERS)] = None
    city: Annotated[str | None, Field(max_length=255)] = None


class CheckrSettings(BaseModel):
    """``package`` is the slug of what is ordered; ``node`` is for accounts with a hierarchy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: Annotated[str, Field(min_length=1, max_length=128)]
    work_locations: Annotated[tuple[WorkLocation, ...], Field(min_length=1, max_length=10)]
    node: Annotated[str | None, Field(min_length=1, max_length=128)] = None


class _Created(BaseModel):
    id: _Id


class _ReportSummary(BaseModel):
    id: _Id
    created_at: AwareDatetime


class _Candidate(BaseModel):
    custom_id: str | None = None
    reports: list[_ReportSummary] = []


class _Screening(BaseModel):
    """Any screening; the flags are those of an SSN trace, which has no result."""

    status: str | None = None
    result: Literal["clear", "consider"] | None = None
    no_data: bool | None = None
    dob_mismatch: bool | None = None
    name_mismatch: bool | None = None
    data_mismatch: bool | None = None
    thin_file: bool | None = None
    invalid_issuance_year: bool | None = None
    death_index: bool | None = None
    ssn_already_taken: bool | None = None

    def verdict(self) -> str:
        """``clear``, ``consider``, or its status where it came to no result."""
        return self.result or self.status or "unknown"

    def doubts(self) -> list[str]:
        """The flags that are raised."""
        return [flag for flag in _TRACE_FLAGS if getattr(self, flag)]


_Screenings = Annotated[list[_Screening], Field(fail_fast=True)] | _Screening | None


class _Report(BaseModel):
    status: str
    result: Literal["clear", "consider"] | None = None
    ssn_trace: _Screening | None = None
    international_identity_document_validation: _Screening | None = None
    education_verification: _Screenings = None
    international_education_verification: _Screenings = None
    employment_verification: _Screenings = None
    international_employment_verification: _Screenings = None
    national_criminal_search: _Screenings = None
    federal_criminal_search: _Screenings = None
    state_criminal_searches: _Screenings = None
    county_criminal_searches: _Screenings = None
    municipal_criminal_searches: _Screenings = None
    international_criminal_searches: _Screenings = None
    international_criminal_searches_v2: _Screenings = None
    sex_offender_search: _Screenings = None
    terrorist_watchlist_search: _Screenings = None
    global_watchlist_search: _Screenings = None
    international_global_watchlist_search: _Screenings = None


_TRACE_FLAGS: Final = (
    "no_data",
    "dob_mismatch",
    "name_mismatch",
    "data_mismatch",
    "thin_file",
    "invalid_issuance_year",
    "death_index",
    "ssn_already_taken",
)
_TRACE: Final = "ssn_trace"
_KINDS: Final[Mapping[str, _Kind]] = {
    _TRACE: "identity",
    "international_identity_document_validation": "identity",
    "education_verification": "education",
    "international_education_verification": "education",
    "employment_verification": "employment",
    "international_employment_verification": "employment",
    "national_criminal_search": "criminal",
    "federal_criminal_search": "criminal",
    "state_criminal_searches": "criminal",
    "county_criminal_searches": "criminal",
    "municipal_criminal_searches": "criminal",
    "international_criminal_searches": "criminal",
    "international_criminal_searches_v2": "criminal",
    "sex_offender_search": "criminal",
    "terrorist_watchlist_search": "criminal",
    "global_watchlist_search": "criminal",
    "international_global_watchlist_search": "criminal",
}
"""The screenings of a report that we ask to be embedded in it, and what kind of finding each is."""
_POINTERS: Final = frozenset({"national_criminal_search"})
"""Screenings that only say where else to search; without a result they say nothing of the person."""


class CheckrBackgroundCheck:
    """One account; ``base_url`` is ``https://api.checkr.com``, or the staging account's."""

    echoes_reference: ClassVar[bool] = False

    def __init__(
        self,
        settings: CheckrSettings,
        line: Line,
        base_url: str,
        api_key: Callable[[], str],
        asked: Asked,
    ) -> None:
        self._settings = settings
        self._asked = asked
        self._http = VendorHttp(line, base_url, basic(lambda: f"{api_key()}:"), busy=_is_busy)

    def request(
        self,
        *,
        name: str,  # noqa: ARG002 - Checkr asks the candidate: first, middle and last are not ours to guess
        national_id: str | None,  # noqa: ARG002 - as above
        email: str | None,
        phone: str | None,
        work_history: Sequence[Employment],  # noqa: ARG002 - as above
        reference: str,
        idempotency_key: str,
    ) -> str:
        """Invite the candidate and return the check's id. Raises ``VendorRefusal`` for one without e-mail.

        Checkr keeps idempotency keys for 24 hours, three times as long as a queue tries.
        """
        if not email:
            raise VendorRefusal(self._http.vendor, "needs the candidate's e-mail address")
        places = [place.model_dump(exclude_none=True) for place in self._settings.work_locations]
        person: dict[str, Any] = {"email": email, "custom_id": reference, "work_locations": places}
        if phone:
            person["phone"] = phone
        whose, vendor = ids.candidate_of(reference), self._http.vendor
        first = self._asked.of(whose, vendor, f"{idempotency_key}-candidate")
        candidate = self._http.post("/v1/candidates", person, first, _Created)
        invitation: dict[str, Any] = {
            "candidate_id": candidate.id,
            "package": self._settings.package,
            "work_locations": places,
        }
        if self._settings.node:
            invitation["node"] = self._settings.node
        # Checkr forgets a key after a day, and makes another candidate then: that one's invitation is another call.
        then = self._asked.of(whose, vendor, f"{idempotency_key}-invitation-{candidate.id}")
        self._http.post("/v1/invitations", invitation, then, _Created)
        return candidate.id

    def status(self, check_id: str) -> CheckCompleted | None:
        """What the newest report found; None while there is none, or it is not complete.

        A complete report without a result is one of whose screenings none counts: a person has to look.
        """
        candidate = self._http.get(f"/v1/candidates/{segment(check_id)}", {"include": "reports"}, _Candidate)
        if not candidate.reports:
            return None
        newest = max(candidate.reports, key=lambda report: report.created_at)
        report = self._http.get(f"/v1/reports/{segment(newest.id)}", {"include": ",".join(_KINDS)}, _Report)
        if report.status != "complete":
            return None
        return CheckCompleted(
            check_id, report.result or "consider", tuple(_findings(report)), candidate.custom_id or None
        )


def _findings(report: _Report) -> Iterator[Finding]:
    """One for each screening. Verified is what is clear; a canceled screening has verified nothing.

    An SSN trace has no result since 2021: it is clear when it is complete and raises no flag. Checkr warns that a trace
    is no part of the consumer report and may not decide on eligibility: a flag here sends the case to a person, and a
    trace without flags is what the verdict knows of the identity.
    """
    for name, kind in _KINDS.items():
        told: _Screenings = getattr(report, name)
        for screening in told if isinstance(told, list) else [told] if told else []:
            if name in _POINTERS and screening.result is None and screening.status == "complete":
                continue
            verified, detail = screening.result == "clear", screening.verdict()
            if name == _TRACE:
                doubts = screening.doubts()
                verified = screening.result != "consider" and screening.status in _DONE and not doubts
                detail = ", ".join(doubts) or detail
            yield Finding(kind=kind, verified=verified, detail=f"{name}: {detail}")


_DONE: Final = frozenset({"complete", "clear"})
"""How a finished screening is called; ``clear`` is how it was before April 2021."""


def _is_busy(answered: Answered) -> bool:
    """409: another request with the same idempotency key is still under way."""
    return answered.status == 409 or is_busy(answered)
