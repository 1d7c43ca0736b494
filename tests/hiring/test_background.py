"""The verdict on a background check (B5)."""

from itertools import product
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.hiring.rules.background import Finding, Verdict, verdict

KINDS: tuple[Literal["identity", "education", "employment", "criminal"], ...] = (
    "identity",
    "education",
    "employment",
    "criminal",
)


@pytest.mark.parametrize(
    ("result", "identity", "education", "employment", "criminal"),
    list(product(("clear", "consider"), *((None, True, False) for _ in KINDS))),
)
def test_b5_cleared_only_when_identity_and_employment_are_verified_and_there_is_no_record(
    result: Literal["clear", "consider"],
    identity: bool | None,
    education: bool | None,
    employment: bool | None,
    criminal: bool | None,
) -> None:
    """None: the vendor found nothing of that kind to look into."""
    findings = [
        Finding(kind=kind, verified=verified)
        for kind, verified in zip(KINDS, (identity, education, employment, criminal), strict=True)
        if verified is not None
    ]
    cleared = result == "clear" and identity is True and employment is not False and criminal is not False
    assert verdict(result, findings) is (Verdict.CLEARED if cleared else Verdict.FLAGGED)


def test_b5_no_findings_clear_nobody() -> None:
    assert verdict("clear", []) is Verdict.FLAGGED


def test_b5_one_of_two_employers_in_doubt_is_in_doubt() -> None:
    findings = [
        Finding(kind="identity", verified=True),
        Finding(kind="employment", verified=True),
        Finding(kind="employment", verified=False, detail="not found"),
    ]
    assert verdict("clear", findings) is Verdict.FLAGGED


@given(st.lists(st.builds(Finding, kind=st.sampled_from(KINDS), verified=st.booleans())), st.randoms())
def test_b5_the_order_of_findings_does_not_matter(findings: list[Finding], chance: Any) -> None:
    shuffled = list(findings)
    chance.shuffle(shuffled)
    assert verdict("clear", shuffled) is verdict("clear", findings)


@pytest.mark.parametrize("verified", ["true", "yes", 1, None, "no"])
def test_b5_only_true_is_true(verified: Any) -> None:
    """A vendor's "yes" is not in its contract, and nothing is guessed about a criminal record."""
    with pytest.raises(ValidationError):
        Finding.model_validate({"kind": "criminal", "verified": verified})
