"""Ending a journey by a person's word: who says so and why in short, and what goes on all the same."""

from collections.abc import Iterator
from enum import StrEnum

from rencai.kernel.worded import Worded

from .journey import Journey
from .stages import Review, Stage


class WithdrawnBy(StrEnum):
    """Whose word it is."""

    CANDIDATE = "candidate"
    COMPANY = "company"


class WithdrawalCode(StrEnum):
    """The reason in short, for figures; the words beside it are sealed."""

    OTHER_OFFER = "other_offer"
    TERMS = "terms"
    PERSONAL = "personal"
    UNREACHABLE = "unreachable"
    POSITION_CLOSED = "position_closed"
    POSITION_FILLED = "position_filled"
    OTHER = "other"


class GoesOn(Worded):
    """What a withdrawal does not end by itself, and what HR is to know of it."""

    ENVELOPE = (
        "envelope",
        "已请电子签名供应商作废 offer;若供应商不作废,或候选人抢先签署,流程不会推进,系统会通知 HR",
        "The e-signature vendor is asked to void the offer. If it does not, or the candidate is faster, HR is told",
    )
    SIGNED_OFFER = (
        "signed_offer",
        "offer 已由候选人签署;本系统只停止流程,解除已签署的 offer 请按公司规定另行书面办理",
        "The candidate has signed the offer; only the journey ends here: have the signed offer ended in writing",
    )
    CHECK = (
        "check",
        "背景调查已委托且无法在此撤销;其结果不会被采用,如需停止请直接联系背调供应商",
        "The background check is ordered, and only its vendor can stop it: call them. Nothing is done of its result",
    )
    ASSESSMENT = (
        "assessment",
        "心理测评邀请已发给候选人且无法在此撤销;候选人仍可能完成测评",
        "The invitation to the assessment is out and cannot be taken back; the candidate may still take it",
    )


_SIGNED = frozenset({Stage.SIGNED, Stage.CHECKING, Review.CHECK})


def goes_on(journey: Journey, *, assessed: bool) -> Iterator[GoesOn]:
    """What goes on of a withdrawn ``journey``. ``assessed``: an assessment is ordered and not completed."""
    before = journey.came_from
    if before in (Stage.OFFER_DRAFTED, Stage.OFFER_SENT):
        yield GoesOn.ENVELOPE
    if before in _SIGNED:
        yield GoesOn.SIGNED_OFFER
    if before in (Stage.SIGNED, Stage.CHECKING):
        yield GoesOn.CHECK
    if assessed:
        yield GoesOn.ASSESSMENT
