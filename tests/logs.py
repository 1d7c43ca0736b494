"""What was logged, as it would reach CloudWatch."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rencai.platform.observability import logger


class Logged:
    """Lines of JSON, and the text they are made of."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def lines(self, *fields: str) -> list[dict[str, Any]]:
        """Each line's message and these of its fields."""
        found = [json.loads(line) for line in self.text.splitlines()]
        return [{name: one[name] for name in ("message", *fields) if name in one} for one in found]


@contextmanager
def logged() -> Iterator[Logged]:
    """Catches what the one logger writes."""
    handler = logger.registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)  # type: ignore[attr-defined]  # a StreamHandler
    try:
        yield Logged(stream)
    finally:
        handler.setStream(before)  # type: ignore[attr-defined]  # as above
