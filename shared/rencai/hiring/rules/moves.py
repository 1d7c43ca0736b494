"""The one transition table of the hiring journey: what can happen to a candidate, and where it leads (B9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rencai.kernel.events import EventName

from .stages import Place, Review, Stage


class FactKind(StrEnum):
    """What can happen to a candidate. A review of the interview and one of the check are decided by facts of their own,
    so that neither decision can ever be taken for the other.
    """

    PROFILED = "profiled"
    OFFER_DRAFTED = "offer_drafted"
    OFFER_SENT = "offer_sent"
    OFFER_SIGNED = "offer_signed"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    OFFER_VOIDED = "offer_voided"
    OFFER_RESENT = "offer_resent"
    CHECK_REQUESTED = "check_requested"
    CHECK_CLEARED = "check_cleared"
    CHECK_FLAGGED = "check_flagged"
    INTERVIEW_APPROVED = "interview_approved"
    INTERVIEW_REJECTED = "interview_rejected"
    REVIEW_APPROVED = "review_approved"
    REVIEW_REJECTED = "review_rejected"
    ONBOARDED = "onboarded"
    RESCHEDULED = "rescheduled"
    RECONSIDERED = "reconsidered"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class Transition:
    """``fact`` takes a journey from one of ``sources`` to ``target`` (None: it stays where it is), telling ``events``.
    ``in_review`` is never a source: the reviews are.

    ``matches`` are the names in ``about`` that must equal what the journey knows; the rest are learnt.
    """

    sources: frozenset[Place]
    target: Stage | None
    events: tuple[EventName, ...]
    matches: tuple[str, ...] = ()


def _from(*places: Place) -> frozenset[Place]:
    return frozenset(places)


_S = Stage
_E = EventName
TRANSITIONS: Final[Mapping[FactKind, Transition]] = {
    FactKind.OFFER_DRAFTED: Transition(_from(_S.QUALIFIED), _S.OFFER_DRAFTED, (_E.OFFER_DRAFTED,)),
    FactKind.OFFER_SENT: Transition(_from(_S.OFFER_DRAFTED), _S.OFFER_SENT, (_E.OFFER_SENT,), ("offer",)),
    FactKind.OFFER_SIGNED: Transition(
        _from(_S.OFFER_SENT), _S.SIGNED, (_E.OFFER_SIGNED,), ("offer", "envelope")
    ),
    FactKind.OFFER_DECLINED: Transition(
        _from(_S.OFFER_SENT), _S.OFFER_DECLINED, (_E.OFFER_DECLINED,), ("offer", "envelope")
    ),
    FactKind.OFFER_EXPIRED: Transition(
        _from(_S.OFFER_SENT), _S.OFFER_EXPIRED, (_E.OFFER_EXPIRED,), ("offer", "envelope")
    ),
    FactKind.OFFER_VOIDED: Transition(
        _from(_S.OFFER_SENT), _S.WITHDRAWN, (_E.OFFER_VOIDED,), ("offer", "envelope")
    ),
    # The envelope it replaces must be the one that counted, and a candidate who was merged away gets no offer.
    FactKind.OFFER_RESENT: Transition(
        _from(_S.OFFER_DECLINED, _S.OFFER_EXPIRED, _S.WITHDRAWN),
        _S.OFFER_DRAFTED,
        (_E.OFFER_RESENT,),
        ("offer", "envelope", "merge"),
    ),
    FactKind.CHECK_REQUESTED: Transition(_from(_S.SIGNED), _S.CHECKING, (_E.CHECK_REQUESTED,)),
    FactKind.CHECK_CLEARED: Transition(_from(_S.CHECKING), _S.CLEARED, (_E.CHECK_CLEARED,), ("check",)),
    FactKind.CHECK_FLAGGED: Transition(
        _from(_S.CHECKING), _S.IN_REVIEW, (_E.CHECK_FLAGGED, _E.REVIEW_REQUESTED), ("check",)
    ),
    FactKind.INTERVIEW_APPROVED: Transition(_from(Review.INTERVIEW), _S.QUALIFIED, (_E.REVIEW_DECIDED,)),
    FactKind.INTERVIEW_REJECTED: Transition(
        _from(Review.INTERVIEW), _S.TALENT_POOL, (_E.REVIEW_DECIDED, _E.CANDIDATE_DECLINED_BY_US)
    ),
    FactKind.REVIEW_APPROVED: Transition(_from(Review.CHECK), _S.CLEARED, (_E.REVIEW_DECIDED,)),
    FactKind.REVIEW_REJECTED: Transition(_from(Review.CHECK), _S.REJECTED, (_E.REVIEW_DECIDED,)),
    FactKind.ONBOARDED: Transition(_from(_S.CLEARED), _S.ONBOARDED, (_E.EMPLOYEE_ONBOARDED,)),
    # HR says which day is to be the first. Once they are cleared it is being made true: then it is the employee's.
    FactKind.RESCHEDULED: Transition(
        _from(_S.QUALIFIED, _S.OFFER_DRAFTED, _S.OFFER_SENT, _S.SIGNED, _S.CHECKING, Review.CHECK),
        None,
        (_E.ONBOARDING_RESCHEDULED,),
    ),
    # A person takes out of the pool whom a rule, or another person, put there: their word stands above the score.
    FactKind.RECONSIDERED: Transition(_from(_S.TALENT_POOL), _S.QUALIFIED, (_E.CANDIDATE_RECONSIDERED,)),
    # The candidate says no, or HR stops. Not once they are cleared: the step from there to the employee is under way.
    FactKind.WITHDRAWN: Transition(
        _from(
            Review.INTERVIEW,
            _S.QUALIFIED,
            _S.TALENT_POOL,
            _S.OFFER_DRAFTED,
            _S.OFFER_SENT,
            _S.SIGNED,
            _S.CHECKING,
            Review.CHECK,
        ),
        _S.WITHDRAWN,
        (_E.CANDIDATE_WITHDRAWN,),
    ),
    # Two candidates are one person (A6). Once an envelope may be out (the vendor may have taken it, and its answer got
    # lost), what it promises has to be ended first.
    FactKind.MERGED: Transition(
        _from(
            Review.INTERVIEW,
            _S.QUALIFIED,
            _S.TALENT_POOL,
            _S.OFFER_DECLINED,
            _S.OFFER_EXPIRED,
            _S.REJECTED,
            _S.WITHDRAWN,
        ),
        _S.WITHDRAWN,
        (_E.CANDIDATE_MERGED,),
    ),
    # Back to the stage before the merge: see ``journey``.
    FactKind.UNMERGED: Transition(_from(_S.WITHDRAWN), _S.WITHDRAWN, (_E.CANDIDATE_UNMERGED,), ("merge",)),
}
"""Every move but the first, which ``PROFILED`` makes (see ``journey``)."""

RESUMABLE: Final = _from(_S.QUALIFIED, _S.OFFER_DRAFTED, _S.SIGNED, _S.CLEARED)
"""Stages whose next step is ours: ``journey.resumed`` has it taken again."""

REOPENS: Final = _from(_S.TALENT_POOL)
"""Places from which any new interview starts the journey again."""

# The review of the interview lies between interviewed and qualified, the one of the check between checking and cleared.
_LINE: Final[tuple[Place, ...]] = (
    _S.INTERVIEWED,
    Review.INTERVIEW,
    _S.QUALIFIED,
    _S.OFFER_DRAFTED,
    _S.OFFER_SENT,
    _S.SIGNED,
    _S.CHECKING,
    Review.CHECK,
    _S.CLEARED,
    _S.ONBOARDED,
)
RANK: Final[Mapping[Place, int]] = {place: rank for rank, place in enumerate(_LINE)}
"""The order in which places can follow each other, for telling "too early" from "never". Stages without a rank are
ends: nothing leads on from them but a new interview.
"""

MAY_COME_EARLY: Final = frozenset(FactKind) - {
    FactKind.INTERVIEW_APPROVED,
    FactKind.INTERVIEW_REJECTED,
    FactKind.REVIEW_APPROVED,
    FactKind.REVIEW_REJECTED,
    FactKind.OFFER_RESENT,
    FactKind.RESCHEDULED,
    FactKind.RECONSIDERED,
    FactKind.WITHDRAWN,
    FactKind.MERGED,
    FactKind.UNMERGED,
}
"""Only what outsiders tell can overtake what we record ourselves. What a person asks for is answered by the stage they
look at: an early one is a mistake to say at once, not to keep.
"""
