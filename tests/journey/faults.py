"""Crashes at a chosen call: before it does anything, or after it has and before the caller hears of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

When = Literal["before", "after"]


class Crash(BaseException):
    """The process dies. Not an ``Exception``: no handler in the code may see it, as none sees a killed process."""


@dataclass
class Faults:
    """Counts every call to a store or vendor; crashes once, at the ``at``-th."""

    at: int | None = None
    when: When = "before"
    calls: list[str] = field(default_factory=list)
    crashed_at: str | None = None

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        """Make a call, or die around it."""
        self.calls.append(name)
        dies = len(self.calls) == self.at and self.crashed_at is None
        if dies and self.when == "before":
            self.crashed_at = name
            raise Crash(name)
        answer = call()
        if dies:
            self.crashed_at = name
            raise Crash(name)
        return answer


class Faulty:
    """An AWS client or a vendor whose every call may crash."""

    def __init__(self, name: str, target: Any, faults: Faults) -> None:
        self._name = name
        self._target = target
        self._faults = faults

    def __getattr__(self, operation: str) -> Any:
        method = getattr(self._target, operation)
        if not callable(method):
            return method

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._faults.through(f"{self._name}.{operation}", lambda: method(*args, **kwargs))

        return call
