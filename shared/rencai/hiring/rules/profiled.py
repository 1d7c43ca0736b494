"""The fact that an interview was scored: what opens a journey."""

from rencai.interviews.rules.profile import Profile

from .journey import Fact, Journey
from .moves import FactKind


def profiled(vendor: str, interview_id: str, requisition_id: str, profile: Profile) -> Fact:
    """The ``PROFILED`` fact of a vendor's interview."""
    return Fact(
        FactKind.PROFILED,
        f"{vendor}/{interview_id}",
        data={
            "received": {
                "interview_id": interview_id,
                "vendor": vendor,
                "requisition_id": requisition_id,
                "role": profile.role,
            },
            "profiled": {
                "role": profile.role,
                "overall": float(profile.overall) if profile.overall is not None else None,
                "coverage": float(profile.coverage),
                "qualifies": profile.qualifies,
                "review": not profile.is_conclusive,
                "model_version": profile.model_version,
            },
            "declined": {"role": profile.role, "reason": "below_pass_score"},
            "review": None
            if profile.is_conclusive
            else {
                "coverage": float(profile.coverage),
                "minimum_coverage": float(profile.minimum_coverage),
                "missing": list(profile.missing),
            },
        },
        actor=vendor,
    )


def vendors_of(journey: Journey, interview_id: str) -> list[str]:
    """The vendors whose interview of this id may be on the journey: names and ids are free text, so that more than one
    reading of what is on record is possible.
    """
    start, end = f"{FactKind.PROFILED}:", f"/{interview_id}"
    return [
        key[len(start) : -len(end)]
        for key in journey.applied
        if key.startswith(start) and key.endswith(end) and len(key) > len(start) + len(end)
    ]
