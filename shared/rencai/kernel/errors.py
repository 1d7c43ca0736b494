"""What can be refused by a rule, and how it is said to the person who asked, in their language."""

from collections.abc import Sequence
from typing import Final

from .terms import Said, shown
from .worded import Worded

ENGLISH: Final = "en"
CHINESE: Final = "zh-CN"
LANGUAGES: Final = (CHINESE, ENGLISH)


class Refusal(Worded):
    """A stable code of what a rule refuses, and how it is said, which ``str.format`` fills from a ``DomainError``'s
    parameters; each capability declares its own.
    """


class CommonRefusal(Refusal):
    """What any capability may refuse."""

    NOT_FOUND = (
        "not_found",
        "没有这个{kind}:{id}",
        "There is no {kind} {id}",
    )
    ILLEGAL_TRANSITION = (
        "illegal_transition",
        "候选人处于“{stage}”阶段,不能执行“{fact}”",
        "The candidate is at stage '{stage}'; '{fact}' cannot happen there",
    )
    BAD_CURSOR = (
        "bad_cursor",
        "游标无效;请原样使用上一页返回的“next”",
        "The cursor is not one of ours; pass the `next` of the previous page unchanged",
    )
    KEY_REUSED = (
        "key_reused",
        "Idempotency-Key 已用于另一个请求;请换一个新的",
        "This Idempotency-Key was used for another request; choose a new one",
    )
    CONFLICT = (
        "conflict",
        "数据刚被别处修改,请重试",
        "Something else changed this at the same moment; please try again",
    )
    INTERNAL = (
        "internal",
        "处理这一行时系统内部出错,已记录;请稍后重新导入这一行",
        "Something went wrong on our side with this line, and it is on record; import the line again later",
    )
    BROKEN_OFF = (
        "broken_off",
        "处理时连续 {times} 次中途中断(内存或时间不够),已停止处理",
        "Work on it broke off {times} times (out of memory or of time) and was given up",
    )
    IN_VAIN = (
        "in_vain",
        "尝试了 {times} 次都没有成功,已停止处理",
        "Work on it failed {times} times and was given up",
    )
    NOT_JSON = (
        "not_json",
        "不是合法的 JSON:第 {column} 个字符处,{reason}",
        "Not valid JSON: at character {column}, {reason}",
    )
    NOT_UTF8 = (
        "not_utf8",
        "不是 UTF-8 编码:第 {position} 个字节(0x{byte});请用 UTF-8 保存",
        "Not UTF-8: byte {position} is 0x{byte}; save it as UTF-8",
    )
    BODY_TOO_LARGE = (
        "body_too_large",
        "请求体有 {size} 字节,上限为 {limit} 字节",
        "The body has {size} bytes; at most {limit} are accepted",
    )
    FILE_TOO_LARGE = (
        "file_too_large",
        "文件有 {size} 字节,上限为 {limit} 字节;请拆分后再上传",
        "The file has {size} bytes; at most {limit} are accepted: split it and upload the parts",
    )
    FILE_OF_ANOTHER_SIZE = (
        "file_of_another_size",
        "文件有 {size} 字节,而申请上传时说的是 {said} 字节;请重新申请并上传",
        "The file has {size} bytes, and was to have {said}: ask for another URL and upload it again",
    )
    FILE_UTF16 = (
        "file_utf16",
        "文件是 UTF-16 编码;请用 UTF-8 保存后再上传",
        "The file is UTF-16; save it as UTF-8 and upload it again",
    )
    CONFIGURATION_INVALID = (
        "configuration_invalid",
        "{kind}“{name}”的配置无效:{reason}",
        "The configuration of {kind} '{name}' is not valid: {reason}",
    )
    NOT_AUTHENTIC = (
        "not_authentic",
        "无法确认这是供应商发出的:{reason}",
        "Not authentic: {reason}",
    )
    NOT_IN_CONTRACT = (
        "not_in_contract",
        "不符合约定的格式:{reason}",
        "Not what its contract says: {reason}",
    )
    ROLE_HAS_NONE = (
        "role_has_none",
        "岗位“{role}”没有配置{kind};已有:{known}",
        "Role '{role}' has no {kind}; there are: {known}",
    )


class DomainError(Exception):
    """A rule said no. ``code`` is stable, ``params`` fill the text, ``path`` says where in the input."""

    def __init__(self, code: Refusal, path: str = "", **params: object) -> None:
        self.code = code
        self.path = path
        self.params = params
        super().__init__(self.text(ENGLISH))

    def text(self, language: str) -> str:
        """The reason as a sentence in ``language`` (``zh-CN`` or ``en``; anything else reads English)."""
        return self.code.text(language).format(
            **{name: shown(name, value, language) for name, value in self.params.items()}
        )

    @property
    def said(self) -> Said:
        """The reason in both languages, to be kept or put into another sentence."""
        return Said(self.text(CHINESE), self.text(ENGLISH))


class NotFound(DomainError):
    """The thing asked for does not exist (or is not this tenant's)."""

    def __init__(self, kind: str, id_: str) -> None:
        super().__init__(CommonRefusal.NOT_FOUND, kind=kind, id=id_)


class NoneForRole(NotFound):
    """There is no document of a kind for a role; ``known`` are the roles that have one."""

    def __init__(self, kind: str, role: str, known: Sequence[str]) -> None:
        DomainError.__init__(self, CommonRefusal.ROLE_HAS_NONE, kind=kind, role=role, known=tuple(known))


class Conflict(DomainError):
    """The request contradicts what is already recorded."""


class Forbidden(DomainError):
    """The caller is known, and this is not theirs to do or to say."""


class LostRace(Conflict):
    """A conditional write lost against another writer; read afresh and decide again."""

    def __init__(self) -> None:
        super().__init__(CommonRefusal.CONFLICT)


class IllegalTransition(Conflict):
    """A fact that the journey's stage does not allow (B9). Refused and recorded, never applied."""

    def __init__(self, stage: str, fact: str, code: Refusal = CommonRefusal.ILLEGAL_TRANSITION) -> None:
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
