"""Letters and documents from templates that HR edits: sandboxed, escaped, and failing loudly on a missing value."""

from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment


@cache
def _environment(escape: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=escape, undefined=StrictUndefined)


@lru_cache(maxsize=64)
def _compiled(escape: bool, template: str) -> Template:
    """Compiled once a container, which writes the same few letters again and again."""
    return _environment(escape).from_string(template)


def html(template: str, **values: Any) -> str:
    """An HTML body; values are escaped."""
    return _compiled(True, template).render(**values)


def plain(template: str, **values: Any) -> str:
    """A line of plain text, such as a subject."""
    return " ".join(_compiled(False, template).render(**values).split())
