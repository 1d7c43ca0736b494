"""The fact that an interview was scored: what opens a journey."""

from rencai.interviews.rules.scoring import Profile

from .journey import Fact, FactKind


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
