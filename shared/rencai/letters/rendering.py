"""Letters and documents from templates that HR edits: sandboxed, escaped, and failing loudly on a missing value."""

from functools import cache
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment


@cache
def _environment(escape: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=escape, undefined=StrictUndefined)


def html(template: str, **values: Any) -> str:
    """An HTML body; values are escaped."""
    return _environment(True).from_string(template).render(**values)


def plain(template: str, **values: Any) -> str:
    """A line of plain text, such as a subject."""
    return " ".join(_environment(False).from_string(template).render(**values).split())
