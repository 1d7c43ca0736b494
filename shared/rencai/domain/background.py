"""The verdict on a background check (B5): by rule where the facts are plain, by a person where they are not."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool


class Finding(BaseModel):
    """One fact the vendor looked into; ``verified`` is false when it could not be confirmed or speaks against."""

    model_config = ConfigDict(frozen=True, extra="ignore")

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
