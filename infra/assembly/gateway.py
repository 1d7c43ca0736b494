"""What API Gateway answers by itself, in the form of what the functions answer: problem details.

Its templates know neither the caller's language nor a condition, so the tenant's language it is. Each type is given
with its status: a type that is not would have the status of another in its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from rencai.kernel.errors import CHINESE, ENGLISH
from rencai.platform.problems import PROBLEM, problem_type, title

IN_CHINESE: Final = "InChinese"
"""The condition of template.yaml under which the tenant reads Chinese."""


class _Said(NamedTuple):
    status: int
    code: str
    chinese: str
    english: str


_NO_PATH: Final = _Said(
    404,
    "not_found",
    "没有这个地址,或者它不支持这个方法;可用的地址和方法见 openapi.json",
    "There is no such path, or it does not take this method; openapi.json lists what there is",
)
_NO_TOKEN: Final = _Said(
    401,
    "unauthorized",
    "请在 Authorization 请求头中带上有效的访问令牌(Bearer),它应包含此操作所需的权限范围",
    "Send a valid access token in the Authorization header (Bearer); it should carry the scope of this call",
)
_FORBIDDEN: Final = _Said(
    403,
    "forbidden",
    "访问令牌不包含此操作所需的权限范围",
    "The token does not carry the scope that this call needs",
)
_MALFORMED: Final = _Said(
    400, "malformed", "请求不完整或格式不对", "The request is not complete, or not well-formed"
)
_THROTTLED: Final = _Said(
    429,
    "throttled",
    "请求过多;请按 Retry-After 给出的秒数等待后重试",
    "Too many requests; wait for the seconds of Retry-After and try again",
)
_BROKEN: Final = _Said(
    500, "internal", "系统内部出错;请稍后重试", "Something went wrong on our side; try again in a moment"
)
_LATE: Final = _Said(
    504, "timeout", "系统没有及时回答;请稍后重试", "No answer came in time; try again in a moment"
)
_ANSWERS: Final[Mapping[str, _Said]] = {
    # API Gateway's name for a path or a method that does not exist.
    "MISSING_AUTHENTICATION_TOKEN": _NO_PATH,
    "RESOURCE_NOT_FOUND": _NO_PATH,
    "UNAUTHORIZED": _NO_TOKEN,
    "EXPIRED_TOKEN": _NO_TOKEN,
    "INVALID_SIGNATURE": _NO_TOKEN,
    "ACCESS_DENIED": _FORBIDDEN,
    "INVALID_API_KEY": _FORBIDDEN,
    "WAF_FILTERED": _Said(
        403, "forbidden", "请求被防火墙拒绝", "The request was refused by the firewall before the API"
    ),
    "BAD_REQUEST_BODY": _MALFORMED,
    "BAD_REQUEST_PARAMETERS": _MALFORMED,
    "DEFAULT_4XX": _MALFORMED,
    "UNSUPPORTED_MEDIA_TYPE": _Said(
        415, "malformed", "Content-Type 应为 application/json", "Content-Type should be application/json"
    ),
    "REQUEST_TOO_LARGE": _Said(
        413, "body_too_large", "请求体过大;上限为 1 MB", "The body is too large; at most 1 MB is accepted"
    ),
    "THROTTLED": _THROTTLED,
    "QUOTA_EXCEEDED": _THROTTLED,
    "INTEGRATION_FAILURE": _LATE,
    "INTEGRATION_TIMEOUT": _LATE,
    "API_CONFIGURATION_ERROR": _BROKEN,
    "AUTHORIZER_CONFIGURATION_ERROR": _BROKEN,
    "AUTHORIZER_FAILURE": _BROKEN,
    "DEFAULT_5XX": _BROKEN,
}
_RETRY_AFTER: Final[Mapping[int, int]] = {429: 1, 500: 5, 504: 5}
"""Seconds. A function that has no concurrency left is a 500 too: whoever sends again by itself waits for so long."""


def gateway_responses() -> dict[str, Any]:
    """``GatewayResponses`` of an ``AWS::Serverless::Api``: every type that API Gateway has."""
    return {kind: _response(said) for kind, said in _ANSWERS.items()}


def _response(said: _Said) -> dict[str, Any]:
    headers = {"Content-Type": f"'{PROBLEM}'"}
    if said.status in _RETRY_AFTER:
        headers["Retry-After"] = f"'{_RETRY_AFTER[said.status]}'"
    chinese, english = (
        _problem(said, language, detail)
        for language, detail in ((CHINESE, said.chinese), (ENGLISH, said.english))
    )
    return {
        "StatusCode": said.status,
        # API Gateway takes the one for JSON, whatever a caller accepts.
        "ResponseTemplates": {"application/json": {"Fn::If": [IN_CHINESE, chinese, english]}},
        "ResponseParameters": {"Headers": headers},
    }


def _problem(said: _Said, language: str, detail: str) -> str:
    problem = {
        "type": problem_type(said.code),
        "title": title(said.status, language),
        "status": said.status,
        "detail": detail,
        "request_id": "$context.requestId",
    }
    return json.dumps(problem, ensure_ascii=False)
