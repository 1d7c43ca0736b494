"""What can be refused by a rule, and how it is said to the person who asked, in their language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

ENGLISH: Final = "en"
CHINESE: Final = "zh-CN"
LANGUAGES: Final = (CHINESE, ENGLISH)


class Refusal(StrEnum):
    """Stable codes of everything a rule refuses; the texts live in ``_TEXTS``."""

    NOT_FOUND = "not_found"
    ILLEGAL_TRANSITION = "illegal_transition"
    NOTHING_TO_REVIEW = "nothing_to_review"
    INTERVIEW_CHANGED = "interview_changed"
    UNKNOWN_ROLE = "unknown_role"
    BAD_CURSOR = "bad_cursor"
    KEY_REUSED = "key_reused"
    CONFLICT = "conflict"
    INTERNAL = "internal"
    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    LINE_TOO_LONG = "line_too_long"
    BODY_TOO_LARGE = "body_too_large"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_COMPRESSED = "file_compressed"
    FILE_UTF16 = "file_utf16"
    FILE_TOO_MANY_LINES = "file_too_many_lines"
    FILE_JSON_ARRAY = "file_json_array"
    CONFIGURATION_INVALID = "configuration_invalid"
    NOT_AUTHENTIC = "not_authentic"
    NOT_IN_CONTRACT = "not_in_contract"
    MESSAGE_CHANGED = "message_changed"
    REPLAY_THE_ORIGINAL = "replay_the_original"
    REFERENCE_UNKNOWN = "reference_unknown"
    ANOTHER_ASSESSMENT = "another_assessment"
    OFFER_NOT_ENDED = "offer_not_ended"
    MERGE_NOT_OPEN = "merge_not_open"
    MERGE_UNDER_WAY = "merge_under_way"
    MERGE_RESTS_ON_IT = "merge_rests_on_it"
    MERGE_INTO_WHOM = "merge_into_whom"
    WARNING_NOT_OPEN = "warning_not_open"
    PROPOSAL_UNKNOWN = "proposal_unknown"
    MONTH_TO_COME = "month_to_come"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    STILL_TO_COME = "still_to_come"
    PERIOD_TO_COME = "period_to_come"
    WEEK_UNKNOWN = "week_unknown"
    OVERTIME_BEYOND_HOURS = "overtime_beyond_hours"
    LEAVE_ENDS_BEFORE_START = "leave_ends_before_start"
    LEAVE_TOO_FAR_AHEAD = "leave_too_far_ahead"
    LEAVE_DAYS_BEYOND = "leave_days_beyond"
    QUESTION_REPEATED = "question_repeated"
    ANSWERS_TOO_LONG = "answers_too_long"
    SIGNAL_REPEATED = "signal_repeated"


_TEXTS: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.NOT_FOUND: ("没有这个{kind}:{id}", "There is no {kind} {id}"),
    Refusal.ILLEGAL_TRANSITION: (
        "候选人处于“{stage}”阶段,不能执行“{fact}”",
        "The candidate is at stage '{stage}'; '{fact}' cannot happen there",
    ),
    Refusal.NOTHING_TO_REVIEW: (
        "没有等待人工复核的事项:候选人处于“{stage}”阶段,只有“in_review”阶段可以复核",
        "Nothing waits for a review: the candidate is at stage '{stage}', and only 'in_review' can be decided",
    ),
    Refusal.INTERVIEW_CHANGED: (
        "面试编号 {interview_id} 已用于内容不同的结果;请使用新的编号,或原样重发",
        "Interview id {interview_id} was already used for other content; use a new id, or send the same content",
    ),
    Refusal.UNKNOWN_ROLE: (
        "没有岗位“{role}”的胜任力模型;已有:{known}",
        "No competency model for role '{role}'; there are: {known}",
    ),
    Refusal.BAD_CURSOR: (
        "游标无效;请原样使用上一页返回的 next",
        "The cursor is not one of ours; pass the `next` of the previous page unchanged",
    ),
    Refusal.KEY_REUSED: (
        "Idempotency-Key 已用于另一个请求;请换一个新的",
        "This Idempotency-Key was used for another request; choose a new one",
    ),
    Refusal.CONFLICT: (
        "数据刚被别处修改,请重试",
        "Something else changed this at the same moment; please try again",
    ),
    Refusal.INTERNAL: (
        "处理这一行时系统内部出错,已记录;请稍后重新导入这一行",
        "Something went wrong on our side with this line, and it is on record; import the line again later",
    ),
    Refusal.NOT_JSON: (
        "不是合法的 JSON:第 {column} 个字符处,{reason}",
        "Not valid JSON: at character {column}, {reason}",
    ),
    Refusal.NOT_UTF8: (
        "不是 UTF-8 编码:第 {position} 个字节(0x{byte});请用 UTF-8 保存",
        "Not UTF-8: byte {position} is 0x{byte}; save it as UTF-8",
    ),
    Refusal.LINE_TOO_LONG: (
        "这一行有 {size} 字节,上限为 {limit} 字节",
        "The line has {size} bytes; at most {limit} are accepted",
    ),
    Refusal.BODY_TOO_LARGE: (
        "请求体有 {size} 字节,上限为 {limit} 字节",
        "The body has {size} bytes; at most {limit} are accepted",
    ),
    Refusal.FILE_EMPTY: ("文件是空的,没有面试结果", "The file is empty: it holds no interview"),
    Refusal.FILE_TOO_LARGE: (
        "文件有 {size} 字节,上限为 {limit} 字节;请拆分后再上传",
        "The file has {size} bytes; at most {limit} are accepted: split it and upload the parts",
    ),
    Refusal.FILE_COMPRESSED: (
        "文件是 {format} 压缩格式;请上传未压缩的 JSON 或 JSONL",
        "The file is compressed ({format}); upload it as plain JSON or JSONL",
    ),
    Refusal.FILE_UTF16: (
        "文件是 UTF-16 编码;请用 UTF-8 保存后再上传",
        "The file is UTF-16; save it as UTF-8 and upload it again",
    ),
    Refusal.FILE_TOO_MANY_LINES: (
        "文件超过 {limit} 行;第 {limit} 行之后未导入,请拆分后再上传其余部分",
        "The file has more than {limit} lines; nothing after line {limit} was read: upload the rest as another file",
    ),
    Refusal.FILE_JSON_ARRAY: (
        "文件是一个 JSON 数组;请每行写一个对象(JSONL)",
        "The file is one JSON array; write one object a line (JSONL)",
    ),
    Refusal.NOT_AUTHENTIC: ("无法确认这是供应商发出的:{reason}", "Not authentic: {reason}"),
    Refusal.NOT_IN_CONTRACT: ("不符合约定的格式:{reason}", "Not what its contract says: {reason}"),
    Refusal.MESSAGE_CHANGED: (
        "同一编号的消息曾以不同内容送达",
        "A message with this id came before with other content",
    ),
    Refusal.REPLAY_THE_ORIGINAL: (
        "这是重复投递;请重放原始投递 {original}",
        "This delivery is a duplicate; replay the original, {original}",
    ),
    Refusal.REFERENCE_UNKNOWN: (
        "其中的引用不是本系统发出的",
        "The reference is not one of ours",
    ),
    Refusal.ANOTHER_ASSESSMENT: (
        "测评编号与为该候选人预约的测评不符",
        "The assessment is not the one that was ordered for this candidate",
    ),
    Refusal.OFFER_NOT_ENDED: (
        "候选人处于“{stage}”阶段;只有已拒签、已过期或已作废的 offer 可以重新发送",
        "The candidate is at stage '{stage}'; only an offer that was declined, has expired or was voided is sent again",
    ),
    Refusal.MERGE_NOT_OPEN: (
        "这条合并记录的状态是“{status}”,不能再“{action}”",
        "This merge is '{status}'; it cannot be '{action}' any more",
    ),
    Refusal.MERGE_UNDER_WAY: (
        "候选人处于“{stage}”阶段,已有 offer 或入职流程在进行;请先结束该流程再合并",
        "The candidate is at stage '{stage}', with an offer or onboarding under way; end that before merging",
    ),
    Refusal.MERGE_RESTS_ON_IT: (
        "候选人的现行流程以对方的面试为依据(阶段“{stage}”),不能撤销合并",
        "The candidate's journey rests on the other's interview (stage '{stage}'), so the merge cannot be undone",
    ),
    Refusal.MERGE_INTO_WHOM: (
        "请用 into 指明合并到哪一位:{candidates}",
        "Say with `into` who it is; it can be {candidates}",
    ),
    Refusal.WARNING_NOT_OPEN: (
        "这条预警的状态是“{status}”;只有“open”的预警可以处理",
        "This warning is '{status}'; only one that is 'open' can be decided",
    ),
    Refusal.PROPOSAL_UNKNOWN: (
        "没有为这条预警提出“{proposal}”;可选:{known}",
        "'{proposal}' is not among what was proposed for this warning; there are: {known}",
    ),
    Refusal.MONTH_TO_COME: (
        "{month} 还没有到;绩效最晚可以录到 {latest}",
        "{month} is still to come; performance can be recorded up to {latest}",
    ),
    Refusal.SCORE_OUT_OF_RANGE: (
        "得分应在 0 到 {out_of} 之间",
        "The score should be between 0 and {out_of}",
    ),
    Refusal.STILL_TO_COME: (
        "发生时间 {at} 还没有到;请检查供应商的时钟",
        "It is said to have happened at {at}, which is still to come; look at the vendor's clock",
    ),
    Refusal.PERIOD_TO_COME: (
        "{period} 还没有到;最晚可以录到 {latest}",
        "{period} is still to come; the latest that can be recorded is {latest}",
    ),
    Refusal.WEEK_UNKNOWN: (
        "没有 {week} 这一周;{year} 年只有 {weeks} 周(ISO 8601)",
        "There is no week {week}: {year} has {weeks} weeks (ISO 8601)",
    ),
    Refusal.OVERTIME_BEYOND_HOURS: (
        "加班时间是工作时间的一部分,不能超过 {hours} 小时",
        "Overtime is part of the hours at work; it should be at most {hours}",
    ),
    Refusal.LEAVE_ENDS_BEFORE_START: (
        "假期的结束日期不能早于开始日期 {starts_on}",
        "The leave starts on {starts_on}; it should end on that day or later",
    ),
    Refusal.LEAVE_TOO_FAR_AHEAD: (
        "假期最多可以提前一年登记,结束日期不能晚于 {latest}",
        "Leave can be recorded a year ahead; it should end on {latest} or earlier",
    ),
    Refusal.LEAVE_DAYS_BEYOND: (
        "这段日期只有 {calendar_days} 天,假期天数不能超过它",
        "From its first day to its last there are {calendar_days}; `days` should be at most that",
    ),
    Refusal.QUESTION_REPEATED: (
        "问题“{question}”重复;每个问题只能有一个回答",
        "Question '{question}' comes twice; it should have one answer",
    ),
    Refusal.ANSWERS_TOO_LONG: (
        "文字回答共 {size} 个字符,上限为 {limit}",
        "The texts have {size} characters together; at most {limit} are accepted",
    ),
    Refusal.SIGNAL_REPEATED: (
        "与 items[{index}] 是同一条记录,但内容不同;请只保留一项",
        "items[{index}] is about the same and says otherwise; send one of the two",
    ),
    Refusal.CONFIGURATION_INVALID: (
        "配置 {kind}/{name} 无效:{reason}",
        "Configuration {kind}/{name} is not valid: {reason}",
    ),
}


class DomainError(Exception):
    """A rule said no. ``code`` is stable, ``params`` fill the text, ``path`` says where in the input."""

    def __init__(self, code: Refusal, path: str = "", **params: object) -> None:
        self.code = code
        self.path = path
        self.params = params
        super().__init__(self.text(ENGLISH))

    def text(self, language: str) -> str:
        """The reason as a sentence in ``language`` (``zh-CN`` or ``en``; anything else reads English)."""
        chinese, english = _TEXTS[self.code]
        return (chinese if language == CHINESE else english).format(**self.params)


class NotFound(DomainError):
    """The thing asked for does not exist (or is not this tenant's)."""

    def __init__(self, kind: str, id_: str) -> None:
        super().__init__(Refusal.NOT_FOUND, kind=kind, id=id_)


class Conflict(DomainError):
    """The request contradicts what is already recorded."""


class LostRace(Conflict):
    """A conditional write lost against another writer; read afresh and decide again."""

    def __init__(self) -> None:
        super().__init__(Refusal.CONFLICT)


class IllegalTransition(Conflict):
    """A fact that the journey's stage does not allow (B9). Refused and recorded, never applied."""

    def __init__(self, stage: str, fact: str, code: Refusal = Refusal.ILLEGAL_TRANSITION) -> None:
        self.stage = stage
        self.fact = fact
        super().__init__(code, stage=stage, fact=fact)


class VendorUnavailable(Exception):
    """A vendor is down, slow, or answers what is not in its contract: to be tried again later. Safe to log.

    ``retry_after_seconds`` is how long the vendor asked us to stay away; None when nothing was said.
    """

    def __init__(self, vendor: str, reason: str, retry_after_seconds: int | None = None) -> None:
        self.vendor = vendor
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{vendor}: {reason}")


class VendorRefusal(Exception):
    """A vendor refuses this request for good (4xx): a person has to look. Safe to log."""

    def __init__(self, vendor: str, reason: str) -> None:
        self.vendor = vendor
        self.reason = reason
        super().__init__(f"{vendor}: {reason}")
