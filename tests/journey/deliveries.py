"""The worked example's candidate, and what the vendors send about them."""

from typing import Any

from rencai.kernel import ids
from tests.keyed import IDS
from tests.worked_example import one_short_answer, worked_example

NATIONAL_ID = "11010519491231002X"
REFERENCE = IDS.candidate_id("aiview", "ats-1001")
OFFER = ids.offer_id(REFERENCE)


def qualifying() -> dict[str, Any]:
    """The worked example: it scores exactly 80 with the shipped sales model, and so it qualifies."""
    interview = worked_example()
    interview["candidate"]["national_id"] = NATIONAL_ID
    return interview


def failing() -> dict[str, Any]:
    """The same person on a bad day: nothing of the past results."""
    interview = qualifying()
    interview["answers"][1]["transcript"] = "记不清了。"
    return interview


def thin(interview_id: str = "itv-thin") -> dict[str, Any]:
    """The same person, who gave one good answer and no other."""
    return one_short_answer(qualifying() | {"interview_id": interview_id})


def silent(interview_id: str = "itv-silent") -> dict[str, Any]:
    """Nothing was measured at all."""
    interview = thin(interview_id)
    interview["answers"][0] |= {"transcript": "", "signals": None}
    return interview


def envelope(
    kind: str = "completed", envelope_id: str = f"env-{OFFER}", reason: str | None = None
) -> dict[str, Any]:
    data = {"envelope_id": envelope_id, "reference": OFFER, "occurred_at": "2026-03-02T02:00:00Z"}
    return {
        "type": f"envelope.{kind}",
        "timestamp": "2026-03-02T02:00:00Z",
        "data": data | ({"reason": reason} if reason else {}),
    }


def check(result: str = "clear", *, verified: bool = True) -> dict[str, Any]:
    return {
        "type": "check.completed",
        "timestamp": "2026-03-02T03:00:00Z",
        "data": {
            "check_id": f"chk-{REFERENCE}",
            "reference": REFERENCE,
            "result": result,
            "findings": [
                {"kind": kind, "verified": verified, "detail": None}
                for kind in ("identity", "education", "employment", "criminal")
            ],
        },
    }
