"""What letters, and why they did not arrive, are called: Chinese and English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from rencai.kernel.errors import CHINESE

Words = tuple[str, str]


class Undeliverable(StrEnum):
    """Why a letter does not reach whom it is for."""

    NO_ADDRESS = "no_address"
    REFUSED = "refused"
    """The mail service does not take it."""
    REJECTED = "rejected"
    """The mail service took it and then found something in it that it does not send."""
    BOUNCED = "bounced"
    """The other side's mail server did not take it, or its address is on the account's suppression list."""
    SMS_REFUSED = "sms_refused"
    """No e-mail reaches them, and the carrier of text messages does not take it either."""
    COMPLAINED = "complained"
    """Whoever got it called it spam; the mail service sends them no other."""


LETTERS: Final[Mapping[str, Words]] = {
    "mentor_rating": ("导师评价邀请", "Request to rate a learner"),
    "offer_letter": ("录用通知书", "Offer letter"),
    "onboarding": ("入职通知", "Onboarding notice"),
    "sign_reminder": ("签署提醒", "Reminder to sign"),
    "survey_invitation": ("满意度调查邀请", "Survey invitation"),
    "talent_pool": ("面试结果(进入人才库)", "Not this time, kept in the talent pool"),
}
"""By template."""
# By ``Undeliverable``, as events have it.
WHY: Final[Mapping[str, Words]] = {
    Undeliverable.NO_ADDRESS: ("没有电子邮箱", "there is no e-mail address"),
    Undeliverable.REFUSED: ("邮件服务不接收", "the mail service does not take it"),
    Undeliverable.REJECTED: ("邮件服务拒绝发送", "the mail service does not send it"),
    Undeliverable.BOUNCED: ("被退回", "it came back"),
    Undeliverable.SMS_REFUSED: ("邮件和短信都无法送达", "neither an e-mail nor a text message reaches them"),
    Undeliverable.COMPLAINED: ("被收件人标为垃圾邮件", "it was called spam"),
}


def in_language(words: Words, language: str) -> str:
    """The one of the two that is in ``language``."""
    return words[0 if language == CHINESE else 1]
