"""What is refused of letters."""

from rencai.kernel.errors import Refusal


class LettersRefusal(Refusal):
    """What is refused of letters."""

    NOTICE_SETTLED = (
        "notice_settled",
        "这封信已有人处理({how}),不能再改为另一种方式",
        "This letter has been taken care of already ({how}); it cannot be said otherwise now",
    )
