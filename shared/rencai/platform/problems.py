"""Problem details (RFC 9457) as all that answers for the API says them: the functions, and API Gateway itself."""

from collections.abc import Mapping
from typing import Final

from rencai.kernel.errors import CHINESE

PROBLEM: Final = "application/problem+json"
_TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("请求格式不对", "The request is malformed"),
    401: ("未通过身份验证", "Not authenticated"),
    403: ("没有权限", "Not allowed"),
    404: ("不存在", "Not found"),
    405: ("不支持这个方法", "Method not allowed"),
    409: ("与现状冲突", "Conflict"),
    413: ("内容过大", "Too large"),
    415: ("不支持这种内容类型", "Content type not supported"),
    422: ("不符合规则", "Against a rule"),
    429: ("请求过多", "Too many requests"),
    500: ("系统内部错误", "Something went wrong on our side"),
    504: ("系统没有及时回答", "No answer in time"),
}
_ANY: Final = ("出错了", "An error")


def problem_type(code: str) -> str:
    """``type`` of a problem: what programs act on.

    >>> problem_type("not_found")
    'urn:rencai:problem:not_found'
    """
    return f"urn:rencai:problem:{code}"


def title(status: int, language: str) -> str:
    """``title`` of every problem of a status."""
    return _TITLES.get(status, _ANY)[0 if language == CHINESE else 1]
