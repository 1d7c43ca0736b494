"""Validation errors as sentences: where, what, and what would be right, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .errors import CHINESE

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("必填", "is required"),
    "string_type": ("应为字符串", "should be a string"),
    "string_unicode": ("含有无法用 UTF-8 表示的字符", "holds a character that UTF-8 cannot carry"),
    "control_character": (
        "不能含有控制字符(例如换行、制表符)",
        "should have no control characters, such as line breaks or tabs",
    ),
    "repeated": ("只能出现一次", "should be there once"),
    "unknown_parameter": (
        "没有这个参数;可用的参数:{known}",
        "is no parameter of this call; there are: {known}",
    ),
    "no_parameters": ("没有这个参数;这个地址不带参数", "is no parameter of this call, which takes none"),
    "name_too_long": (
        "参数名最多 {max_length} 个字符",
        "a parameter's name has at most {max_length} characters",
    ),
    "bytes_too_long": (
        "最多 {max_length} 字节(UTF-8)",
        "should have at most {max_length} bytes of UTF-8",
    ),
    "string_too_short": ("至少 {min_length} 个字符", "should have at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "should have at most {max_length} characters"),
    "string_pattern_mismatch": ("格式不对,应匹配 {pattern}", "should match {pattern}"),
    "literal_error": ("应为 {expected}", "should be {expected}"),
    "enum": ("应为 {expected}", "should be {expected}"),
    "greater_than": ("应大于 {gt}", "should be greater than {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "should be at least {ge}"),
    "less_than": ("应小于 {lt}", "should be less than {lt}"),
    "less_than_equal": ("应不大于 {le}", "should be at most {le}"),
    "finite_number": ("应为有限的数", "should be a finite number"),
    "float_type": ("应为数字", "should be a number"),
    "float_parsing": ("应为数字", "should be a number"),
    "int_type": ("应为整数", "should be a whole number"),
    "int_parsing": ("应为整数", "should be a whole number"),
    "bool_type": ("应为 true 或 false", "should be true or false"),
    "bool_parsing": ("应为 true 或 false", "should be true or false"),
    "list_type": ("应为数组", "should be an array"),
    "tuple_type": ("应为数组", "should be an array"),
    "dict_type": ("应为对象", "should be an object"),
    "model_type": ("应为对象", "should be an object"),
    "model_attributes_type": ("应为对象", "should be an object"),
    "too_short": ("至少 {min_length} 项", "should have at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "should have at most {max_length} items"),
    "timezone_aware": (
        "时间应带时区,例如 2026-03-02T09:00:00+08:00",
        "needs an offset, as in 2026-03-02T09:00:00+08:00",
    ),
    "datetime_type": ("应为 RFC 3339 时间", "should be an RFC 3339 time"),
    "datetime_parsing": ("应为 RFC 3339 时间", "should be an RFC 3339 time"),
    "datetime_from_date_parsing": ("应为 RFC 3339 时间", "should be an RFC 3339 time"),
    "date_type": ("应为日期,例如 2026-03-02", "should be a date, as in 2026-03-02"),
    "json_invalid": ("不是合法的 JSON:{error}", "is not valid JSON: {error}"),
    "json_type": ("应为 JSON", "should be JSON"),
    "national_id_checksum": (
        "身份证号的出生日期或校验码不对",
        "the resident id's birth date or check digit is wrong",
    ),
    "not_one_email": (
        '应为一个邮箱地址,例如 zhou@example.com;不能含空格、控制字符或 , ; : < > ( ) [ ] " \\',
        'should be one e-mail address, such as zhou@example.com, without spaces, controls or , ; : < > ( ) [ ] " \\',
    ),
    "unreachable": ("email 和 phone 至少填一项", "an email or a phone is required"),
    "decimal_max_places": (
        "最多 {decimal_places} 位小数",
        "should have at most {decimal_places} decimal places",
    ),
    "unanswered": ("score 和 text 至少填一项", "a score or a text is required"),
    "untold": ("score 和 metrics 至少填一项", "a score or a metric is required"),
    "proposals_declined": ("decision 为 accept 时才能有", "goes with decision 'accept' only"),
    "ends_before_start": ("ended_at 早于 started_at", "ended_at is before started_at"),
}

LONGEST: Final = 300
"""Characters of a path or a message."""
MOST: Final = 20
"""Mistakes that are told of one input: what is said of it must not be many times as long as it is."""
_MORE: Final = ("还有 {count} 处错误未列出", "and {count} more, not listed")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with an input: ``path`` as in ``answers[0].topic`` (empty: the input as a whole)."""

    path: str
    message: str


def path_of(loc: Sequence[int | str]) -> str:
    """A pydantic location as a path.

    >>> path_of(("answers", 0, "topic"))
    'answers[0].topic'
    """
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def shortened(text: str) -> str:
    """At most ``LONGEST`` characters: a path may hold whatever key somebody sent."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def at_most(errors: Sequence[FieldError], language: str) -> list[FieldError]:
    """The first ``MOST`` of what is wrong with one input, and how many more there are."""
    if len(errors) <= MOST:
        return list(errors)
    more = _MORE[0 if language == CHINESE else 1].format(count=len(errors) - MOST)
    return [*errors[:MOST], FieldError("", more)]


def _plain(value: Any) -> Any:
    """A limit as a person writes it: ``0``, not ``0.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def field_errors(errors: Iterable[Mapping[str, Any]], language: str, skip: int = 0) -> list[FieldError]:
    """pydantic's error details as sentences; ``skip`` leading parts of each location are dropped.

    The input itself is never quoted: it may be personal data.
    """
    found = []
    for error in errors:
        chinese_and_english = _TEXTS.get(error["type"])
        if chinese_and_english is None:
            message = str(error["msg"])
        else:
            text = chinese_and_english[0 if language == CHINESE else 1]
            try:
                message = text.format(**{name: _plain(value) for name, value in error.get("ctx", {}).items()})
            except KeyError:
                message = str(error["msg"])
        found.append(FieldError(shortened(path_of(error["loc"][skip:])), shortened(message)))
    return found
