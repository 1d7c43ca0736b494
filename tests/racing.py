"""A client of which another writer is ahead."""

from collections.abc import Callable
from typing import Any


class Racing:
    """A client behind whose back another writer acts just before each put that has one."""

    def __init__(self, target: Any, *acts: Callable[[], object]) -> None:
        self._target = target
        self._acts = list(acts)

    def put_item(self, **arguments: Any) -> Any:
        if self._acts:
            self._acts.pop(0)()
        return self._target.put_item(**arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)
