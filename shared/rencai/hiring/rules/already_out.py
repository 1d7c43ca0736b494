"""What has gone out by the contact data of before, when HR corrects them: nothing of it changes by itself."""

from collections.abc import Iterator

from rencai.kernel.worded import Worded

from .journey import Journey
from .stages import Review, Stage


class AlreadyOut(Worded):
    """What is out, and what HR can do about it."""

    ENVELOPE = (
        "envelope",
        "offer 已按原信息发出签署;如需按新信息签署,请先撤回该候选人的流程(offer 随之作废),再重新发送 offer",
        "The offer is out by what was so before; to have the new data signed, withdraw the journey and send it again",
    )
    SIGNED_OFFER = (
        "signed_offer",
        "offer 已按原信息签署;如需更改,请与本人另行书面确认",
        "The offer was signed by what was so before; where that matters, have the change confirmed in writing",
    )
    CHECK = (
        "check",
        "背景调查已按原信息委托;如姓名或证件号有误,请联系背调供应商",
        "The background check was ordered by what was so before; of a wrong name or id, tell its vendor",
    )
    LETTER = (
        "letter",
        "入职通知已发往原地址;如未收到,请另行告知本人",
        "The onboarding letter went to the address of before; where it did not arrive, tell them otherwise",
    )


_SIGNED = frozenset({Stage.SIGNED, Stage.CHECKING, Review.CHECK, Stage.CLEARED, Stage.ONBOARDED})
_CHECKED = frozenset({Stage.CHECKING, Review.CHECK})


def already_out(journey: Journey) -> Iterator[AlreadyOut]:
    """What is out at this moment."""
    if journey.stage is Stage.OFFER_SENT:
        yield AlreadyOut.ENVELOPE
    if journey.place in _SIGNED:
        yield AlreadyOut.SIGNED_OFFER
    if journey.place in _CHECKED:
        yield AlreadyOut.CHECK
    if journey.stage is Stage.ONBOARDED:
        yield AlreadyOut.LETTER
