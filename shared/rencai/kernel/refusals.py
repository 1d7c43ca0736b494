"""What is refused of what HR writes in configuration documents, whichever room's they are."""

from .errors import Refusal


class DocumentRefusal(Refusal):
    """What is refused of documents of any room."""

    DAY_OFF_AND_WORKED = (
        "day_off_and_worked",
        "{day} 既是休息日,又是上班日",
        "{day} is both a day off and worked",
    )

    NO_WEEKEND = (
        "no_weekend",
        "“worked_weekends”:{day} 不是星期六或星期日",
        "worked_weekends: {day} is no Saturday or Sunday",
    )

    DAY_ENDS_LOCAL = (
        "day_ends_local",
        "“day_ends”是当地时间,不带时区",
        "day_ends is local time, without an offset",
    )

    PATTERNS_TOO_LARGE = (
        "patterns_too_large",
        "这些模式合计 {steps} 步,上限为 {limit} 步;请减少模式,或缩短其中的间隔",
        "the patterns come to {steps} steps together, at most {limit} are accepted; use fewer, or shorter gaps",
    )

    PATTERN_NOT_READ = (
        "pattern_not_read",
        "模式“{pattern}”:{reason}",
        "pattern '{pattern}': {reason}",
    )

    PATTERN_REPEATS = (
        "pattern_repeats",
        "模式“{pattern}”重复次数太多;请缩短间隔",
        "pattern '{pattern}' repeats too often; use shorter gaps",
    )

    PATTERN_NO_EXPRESSION = (
        "pattern_no_expression",
        "模式“{pattern}”不是正则表达式;请检查括号和转义是否成对、完整",
        "pattern '{pattern}' is not a regular expression; see that brackets and escapes are complete",
    )

    PATTERN_ALWAYS_HOLDS = (
        "pattern_always_holds",
        "模式“{pattern}”连空文字也匹配,因此总是成立",
        "pattern '{pattern}' matches nothing at all, so it would always hold",
    )

    PATTERN_TOO_LARGE = (
        "pattern_too_large",
        "模式“{pattern}”有 {steps} 步,上限为 {limit} 步;请缩短间隔",
        "pattern '{pattern}' comes to {steps} steps, at most {limit} are accepted; use shorter gaps",
    )

    NAMED_OTHERWISE = (
        "named_otherwise",
        "“{named}”是“{said}”,应为文档自己的名称“{document}”",
        "'{named}' is '{said}', and should be the document's own name, '{document}'",
    )
