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


class InboxReason(Refusal):
    """Why a delivery stands where it stands."""

    HEADER_MISSING = (
        "header_missing",
        "缺少请求头“{header}”",
        "{header} is required",
    )

    HEADER_TWICE = (
        "header_twice",
        "请求头“{header}”出现了两次",
        "{header} was sent twice",
    )

    HEADER_TOO_LONG = (
        "header_too_long",
        "请求头“{header}”太长",
        "{header} is too long",
    )

    HEADER_NO_TEXT = (
        "header_no_text",
        "请求头“{header}”只能含有可见的 ASCII 字符",
        "{header} is not plain text",
    )

    HEADER_NO_ID = (
        "header_no_id",
        "请求头“{header}”不是编号",
        "{header} is not an id",
    )

    HEADER_NO_TIME = (
        "header_no_time",
        "请求头“{header}”应为 Unix 秒数,例如 1767225600",
        "{header} is not unix seconds",
    )

    HEADER_STALE = (
        "header_stale",
        "请求头“{header}”的时间与现在相差超过 5 分钟",
        "{header} is more than 5 minutes off",
    )

    SIGNATURE_WRONG = (
        "signature_wrong",
        "没有一个签名与密钥相符",
        "no signature matches",
    )

    NOT_OUR_CREDENTIALS = (
        "not_our_credentials",
        "请求头“authorization”不是我们的凭据",
        "authorization is not one of ours",
    )

    XAPI_VERSION = (
        "xapi_version",
        "请求头“x-experience-api-version”应为 1.0.x,例如 1.0.3",
        "x-experience-api-version is not 1.0.x",
    )

    FIELD_WRONG = (
        "field_wrong",
        "字段“{place}”{reason}",
        "{place}: {reason}",
    )

    ID_TWICE_IN_BATCH = (
        "id_twice_in_batch",
        "“id”在同一批中出现了两次",
        "id: came twice in one batch",
    )

    OTHER_CONTENT = (
        "other_content",
        "内容与第一次送达时不同",
        "other content than the first",
    )

    NOTHING_TO_ACT_ON = (
        "nothing_to_act_on",
        "没有需要处理的内容",
        "nothing to act on",
    )

    NOT_ACTED_ON = (
        "not_acted_on",
        "没有人处理这类消息:“{type}”",
        "nobody acts on {type}",
    )

    NOT_ALLOWED_NOW = (
        "not_allowed_now",
        "与现状冲突:{reason}",
        "409: {reason}",
    )

    NOT_ONE_OF_OURS = (
        "not_one_of_ours",
        "不属于我们:{reason}",
        "not one of ours: {reason}",
    )

    WAITS_FOR_EARLIER = (
        "waits_for_earlier",
        "等待更早的消息",
        "waits for an earlier fact",
    )

    WAITS_FOR_VENDOR = (
        "waits_for_vendor",
        "供应商“{vendor}”暂时不可用,将自动重试",
        "{vendor} cannot be reached for the moment; it is tried again",
    )

    WAITS = (
        "waits",
        "暂时无法处理,将自动重试",
        "it cannot be done for the moment, and is tried again",
    )

    OUR_FAULT = (
        "our_fault",
        "系统内部出错,已记录(“{what}”),将自动重试",
        "something went wrong on our side, on record as {what}; it is tried again",
    )

    ONLY_ITS_BEGINNING = (
        "only_its_beginning",
        "只保留了开头;请让供应商重新发送",
        "only its beginning is kept: have the vendor send it again",
    )

    ACCEPTED_AS = (
        "accepted_as",
        "已受理,编号“{delivery}”",
        "accepted as {delivery}",
    )
