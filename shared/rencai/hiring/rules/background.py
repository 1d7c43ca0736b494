"""What a background check is ordered with, and its verdict (B5): by rule, or by a person."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from rencai.kernel.forms import formed

_PARTIAL_DATE: Final = formed(
    r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "应为年、年月或日期,例如 2021、2021-09 或 2021-09-01",
    "should be a year, a month or a date, as in 2021, 2021-09 or 2021-09-01",
)
PartialDate = Annotated[str, Field(pattern=_PARTIAL_DATE)]
"""A résumé's date: exact to the year, the month or the day."""


class Employment(BaseModel):
    """A job in a résumé; ``to`` is None for the present one."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, defer_build=True)

    employer: Annotated[str, Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    from_: Annotated[PartialDate | None, Field(alias="from")] = None
    to: PartialDate | None = None


class Finding(BaseModel):
    """One fact the vendor looked into; ``verified`` is false when it could not be confirmed or speaks against."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    kind: Literal["identity", "education", "employment", "criminal"]
    verified: StrictBool
    detail: Annotated[str | None, Field(max_length=4000)] = None


class Verdict(StrEnum):
    """``flagged`` goes to a person with the findings."""

    CLEARED = "cleared"
    FLAGGED = "flagged"


_DECIDING: Final = frozenset({"identity", "employment", "criminal"})


def verdict(result: Literal["clear", "consider"], findings: Sequence[Finding]) -> Verdict:
    """Cleared when the vendor says clear, identity was verified, and no identity, employment or criminal finding
    stands unverified. Anything else - an unknown identity included - is for a person: nothing is guessed.
    """
    identity_verified = any(finding.kind == "identity" and finding.verified for finding in findings)
    in_doubt = any(finding.kind in _DECIDING and not finding.verified for finding in findings)
    return Verdict.CLEARED if result == "clear" and identity_verified and not in_doubt else Verdict.FLAGGED
