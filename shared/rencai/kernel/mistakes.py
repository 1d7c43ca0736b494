"""What can be wrong with an input, by the name its error has, and how a person is told: what would be right.

pydantic's own names (all of them, so that none is ever said in its words), and those that our own validators give.
"""

from collections.abc import Mapping
from typing import Final

_TEXT: Final = ("应为文字(字符串)", "should be a string")
_NUMBER: Final = ("应为数字", "should be a number")
_WHOLE: Final = ("应为整数", "should be a whole number")
_BOOL: Final = ("应为 true 或 false", "should be true or false")
_LIST: Final = ("应为数组", "should be an array")
_OBJECT: Final = ("应为对象", "should be an object")
_DATE: Final = ("应为日期,例如 2026-03-02", "should be a date, as in 2026-03-02")
_MOMENT: Final = (
    "应为带时区的时间(RFC 3339),例如 2026-03-02T09:00:00+08:00",
    "should be a time with an offset (RFC 3339), as in 2026-03-02T09:00:00+08:00",
)
_TIME: Final = ("应为时刻,例如 18:00", "should be a time of day, as in 18:00")
_DURATION: Final = (
    "应为时长(ISO 8601),例如 PT36H",
    "should be a length of time (ISO 8601), as in PT36H",
)
_URL: Final = (
    "应为网址,例如 https://example.com/path",
    "should be an address of the web, as in https://example.com/path",
)
_UUID: Final = (
    "应为 UUID,例如 0f8fad5b-d9cb-469f-a165-70867728950e",
    "should be a UUID, as in 0f8fad5b-d9cb-469f-a165-70867728950e",
)
_TAG: Final = (
    "未知的类型;可选:{expected_tags}",
    "is of a kind that is not known; there are: {expected_tags}",
)
ANYTHING: Final = ("值不符合要求", "is not valid")
"""Of what has no name here."""

MISTAKES: Final[Mapping[str, tuple[str, str]]] = {
    # --- pydantic's
    "missing": ("必填", "is required"),
    "extra_forbidden": (
        "没有这个字段;请检查拼写或去掉它",
        "is no field here; check its spelling or leave it out",
    ),
    "none_required": ("应为 null", "should be null"),
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_unicode": ("含有无法用 UTF-8 表示的字符", "holds a character that UTF-8 cannot carry"),
    "string_not_ascii": ("只能含有 ASCII 字符", "should have ASCII characters only"),
    "string_too_short": ("至少 {min_length} 个字符", "should have at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "should have at most {max_length} characters"),
    "string_pattern_mismatch": ("格式不对", "does not have the right form"),
    "literal_error": ("应为{expected}", "should be {expected}"),
    "enum": ("应为{expected}", "should be {expected}"),
    "greater_than": ("应大于 {gt}", "should be greater than {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "should be at least {ge}"),
    "less_than": ("应小于 {lt}", "should be less than {lt}"),
    "less_than_equal": ("应不大于 {le}", "should be at most {le}"),
    "multiple_of": ("应为 {multiple_of} 的倍数", "should be a multiple of {multiple_of}"),
    "finite_number": ("应为有限的数", "should be a finite number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": ("数字太大", "is too large a number"),
    "int_from_float": ("应为整数,不能有小数", "should be a whole number, without a fraction"),
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": ("最多 {max_digits} 位数字", "should have at most {max_digits} digits"),
    "decimal_max_places": (
        "最多 {decimal_places} 位小数",
        "should have at most {decimal_places} decimal places",
    ),
    "decimal_whole_digits": (
        "小数点前最多 {whole_digits} 位数字",
        "should have at most {whole_digits} digits before the decimal point",
    ),
    "fraction_type": _NUMBER,
    "fraction_parsing": _NUMBER,
    "complex_type": _NUMBER,
    "complex_str_parsing": _NUMBER,
    "bool_type": _BOOL,
    "bool_parsing": _BOOL,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "deque_type": _LIST,
    "iterable_type": _LIST,
    "iteration_error": _LIST,
    "set_item_not_hashable": ("应为数组,每一项都是文字或数字", "should be an array of strings or numbers"),
    "dict_type": _OBJECT,
    "frozen_dict_type": _OBJECT,
    "ordered_dict_type": _OBJECT,
    "counter_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dataclass_exact_type": _OBJECT,
    "named_tuple_type": _OBJECT,
    "arguments_type": _OBJECT,
    "get_attribute_error": _OBJECT,
    "invalid_key": ("字段名应为文字(字符串)", "should have strings for its names"),
    "too_short": ("至少 {min_length} 项", "should have at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "should have at most {max_length} items"),
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": (
        "时间应带时区,例如 2026-03-02T09:00:00+08:00",
        "needs an offset, as in 2026-03-02T09:00:00+08:00",
    ),
    "timezone_naive": ("时间不能带时区", "should have no offset"),
    "timezone_offset": ("时区不对", "has the wrong offset"),
    "datetime_past": ("应为过去的时间", "should be in the past"),
    "datetime_future": ("应为将来的时间", "should be in the future"),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": ("应只有日期,没有时刻", "should be a date without a time of day"),
    "date_past": ("应为过去的日期", "should be in the past"),
    "date_future": ("应为将来的日期", "should be in the future"),
    "time_type": _TIME,
    "time_parsing": _TIME,
    "time_delta_type": _DURATION,
    "time_delta_parsing": _DURATION,
    "url_type": _URL,
    "url_parsing": _URL,
    "url_syntax_violation": _URL,
    "url_too_long": ("网址最多 {max_length} 个字符", "should have at most {max_length} characters"),
    "url_scheme": ("网址应以 https:// 开头", "should begin with https://"),
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": _UUID,
    "bytes_type": _TEXT,
    "bytes_too_short": ("至少 {min_length} 字节", "should have at least {min_length} bytes"),
    "bytes_invalid_encoding": ("编码不对", "is not encoded right"),
    "json_invalid": ("不是合法的 JSON:{error}", "is not valid JSON: {error}"),
    "json_type": ("应为 JSON", "should be JSON"),
    "union_tag_invalid": _TAG,
    "union_tag_not_found": ("缺少说明类型的字段", "does not say of which kind it is"),
    "recursion_loop": ("嵌套不能循环", "should not be nested in itself"),
    "recursion_depth_exceeded": ("嵌套太深", "is nested too deep"),
    "value_error": ANYTHING,
    "assertion_error": ANYTHING,
    "no_such_attribute": ANYTHING,
    "needs_python_object": ANYTHING,
    "frozen_field": ("不能更改", "cannot be changed"),
    "frozen_instance": ("不能更改", "cannot be changed"),
    "default_factory_not_called": ANYTHING,
    "missing_sentinel_error": ANYTHING,
    "ellipsis_error": ANYTHING,
    "is_instance_of": ANYTHING,
    "is_subclass_of": ANYTHING,
    "callable_type": ANYTHING,
    "missing_argument": ("必填", "is required"),
    "missing_keyword_only_argument": ("必填", "is required"),
    "missing_positional_only_argument": ("必填", "is required"),
    "unexpected_keyword_argument": ("没有这个字段", "is no field here"),
    "unexpected_positional_argument": ("没有这个字段", "is no field here"),
    "multiple_argument_values": ("只能出现一次", "should be there once"),
    # --- of addresses and bodies (rencai.platform.addresses)
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
    # --- our validators'
    "national_id_checksum": (
        "身份证号的出生日期或校验码不对",
        "the resident id's birth date or check digit is wrong",
    ),
    "not_one_email": (
        '应为一个邮箱地址,例如 zhou@example.com;不能含空格、控制字符或 , ; : < > ( ) [ ] " \\',
        'should be one e-mail address, such as zhou@example.com, without spaces, controls or , ; : < > ( ) [ ] " \\',
    ),
    "not_iso_8601": _MOMENT,
    "out_of_range": ("年份应在 1 到 9999 之间", "should be between the years 1 and 9999"),
    "min_not_below_max": ("“min”应小于“max”", "min should be less than max"),
    "raw_out_of_range": ("“raw”应在“min”和“max”之间", "raw should lie between min and max"),
    "unreachable": ("“email”和“phone”至少填一项", "an email or a phone is required"),
    "unanswered": ("“score”和“text”至少填一项", "a score or a text is required"),
    "untold": ("“score”和“metrics”至少填一项", "a score or a metric is required"),
    "proposals_declined": ("“decision”为“accept”时才能有", "goes with decision 'accept' only"),
    "ends_before_start": ("“ended_at”早于“started_at”", "ended_at is before started_at"),
}

TOO_DEEP: Final = "Too long a number, or nested too deep"
"""What we say, where the parser gives up."""
JSON_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "Expecting value": ("此处应有一个值", "a value is expected"),
    "Expecting property name enclosed in double quotes": (
        "此处应有双引号括起的字段名",
        "a name in double quotes is expected",
    ),
    "Expecting ':' delimiter": ("此处应有冒号", "a colon is expected"),
    "Expecting ',' delimiter": ("此处应有逗号", "a comma is expected"),
    "Extra data": ("JSON 结束之后还有内容", "something follows the end of the JSON"),
    "Unterminated string starting at": (
        "从此处开始的字符串没有结束",
        "the string that begins here does not end",
    ),
    "Invalid control character at": (
        "字符串中有未转义的控制字符(例如换行)",
        "a control character, such as a line break, is not escaped",
    ),
    "Invalid \\escape": ("反斜杠之后的转义不对", "what follows the backslash is no escape"),
    "Invalid \\uXXXX escape": ("\\u 之后应有四位十六进制数", "four hexadecimal digits should follow \\u"),
    "Illegal trailing comma before end of object": (
        "最后一项之后不能有逗号",
        "no comma may follow the last one",
    ),
    "Illegal trailing comma before end of array": (
        "最后一项之后不能有逗号",
        "no comma may follow the last one",
    ),
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": (
        "开头有字节顺序标记(BOM);请去掉",
        "it begins with a byte-order mark: take it out",
    ),
    TOO_DEEP: (
        "数字太长,或嵌套太深",
        "a number is too long, or it is nested too deep",
    ),
}
"""What Python's parser says, and how a person is told."""
JSON_FAULT: Final = ("语法不对", "the syntax is wrong")
"""Of what is not in there."""
