"""Validation errors as sentences: where, what, and what would be right, in the reader's language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import PydanticCustomError

from .errors import CHINESE, DomainError, Refusal
from .forms import form_of
from .mistakes import ANYTHING, JSON_FAULT, JSON_FAULTS, MISTAKES
from .terms import Said, shown

LONGEST: Final = 300
"""Characters of a path or a message."""
MOST: Final = 20
"""Mistakes that are told of one input: what is said of it must not be many times as long as it is."""
_MORE: Final = ("还有 {count} 处错误未列出", "and {count} more, not listed")
_OPTION: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|([^\s,']+)")
_ONE: Final = re.compile(r"\b1 (character|item|byte|digit|decimal place)s\b")
_EMPTY: Final = ("不能为空", "should not be empty")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with an input: ``path`` as in ``answers[0].topic`` (empty: the input as a whole)."""

    path: str
    message: str


def wrong(code: Refusal, **params: object) -> PydanticCustomError:
    """What a validator raises when a rule says no: it is said in the reader's language, wherever the error comes to."""
    said = DomainError(code, "", **params)
    return PydanticCustomError("refused", "{english}", {"english": str(said), "said": said})


def json_fault(message: str) -> Said:
    """What Python's parser of JSON says, for people."""
    return Said(*JSON_FAULTS.get(message, JSON_FAULT))


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


def options(values: Sequence[str], language: str) -> str:
    """One of several, quoted.

    >>> options(("approve", "reject"), "zh-CN"), options(("approve", "reject"), "en")
    ('“approve”或“reject”', "'approve' or 'reject'")
    """
    opened, closed, between, last = (
        ("“", "”", "、", "或") if language == CHINESE else ("'", "'", ", ", " or ")
    )
    quoted = [f"{opened}{value}{closed}" for value in values]
    return last.join([between.join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _expected(said: str, language: str) -> str:
    """pydantic's ``'approve' or 'reject'``; what is no text, such as ``1 or 2``, is quoted all the same."""
    found = [text or bare for text, bare in _OPTION.findall(said) if text or bare != "or"]
    return options(found, language)


def _plain(value: Any) -> Any:
    """A limit as a person writes it: ``0``, not ``0.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _message(error: Mapping[str, Any], language: str) -> str:
    kind, ctx = str(error["type"]), dict(error.get("ctx") or {})
    if isinstance(ctx.get("said"), DomainError):
        return str(ctx["said"].text(language))
    form = form_of(str(ctx.get("pattern"))) if kind == "string_pattern_mismatch" else None
    if form is not None:
        return form.text(language)
    here = 0 if language == CHINESE else 1
    if kind in ("string_too_short", "too_short") and ctx.get("min_length") == 1:
        return _EMPTY[here]
    if kind == "value_error" and here:
        # Ours, of a rule that only an admin's command comes to.
        return str(ctx.get("error", ANYTHING[here]))
    parts = {name: _plain(shown(name, value, language)) for name, value in ctx.items()}
    if "expected" in parts:
        parts["expected"] = _expected(str(parts["expected"]), language)
    if kind == "json_invalid":
        parts["error"] = json_fault(str(parts.get("error"))).text(language)
    try:
        return _ONE.sub(r"1 \1", MISTAKES.get(kind, ANYTHING)[here].format(**parts))
    except KeyError:
        return ANYTHING[here]


def field_errors(errors: Iterable[Mapping[str, Any]], language: str, skip: int = 0) -> list[FieldError]:
    """pydantic's error details as sentences; ``skip`` leading parts of each location are dropped.

    The input itself is never quoted: it may be personal data.
    """
    return [
        FieldError(shortened(path_of(error["loc"][skip:])), shortened(_message(error, language)))
        for error in errors
    ]
