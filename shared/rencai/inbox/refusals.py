"""What is refused of deliveries."""

from rencai.kernel.errors import Refusal


class InboxRefusal(Refusal):
    """What is refused of deliveries."""

    MESSAGE_CHANGED = (
        "message_changed",
        "同一编号的消息曾以不同内容送达",
        "A message with this id came before with other content",
    )
    REPLAY_THE_ORIGINAL = (
        "replay_the_original",
        "这是重复投递;请重放原始投递 {original}",
        "This delivery is a duplicate; replay the original, {original}",
    )
