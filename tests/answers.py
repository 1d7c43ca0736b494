"""Every problem that a route of ours answers in a test is held against what the documentation lists for it."""

import sys
from collections.abc import Sequence
from functools import wraps
from typing import Any

_unlisted: set[str] = set()


def watch() -> None:
    """From now on it is looked at, once what answers has been imported."""
    edge: Any = sys.modules.get("rencai.platform.api")
    if edge is None or hasattr(edge.Api.problem, "__wrapped__"):
        return
    answered = edge.Api.problem

    @wraps(answered)
    def problem(self: Any, status: int, code: str, detail: str, errors: Sequence[Any] = ()) -> Any:
        route = self.resolver.context.get("_route")
        if route is not None and route.func.__module__.startswith("functions."):
            from rencai.platform.operations import problems_of

            if code not in problems_of(route).get(int(status), ()):
                _unlisted.add(
                    f"{route.method} {route.openapi_path} answered {int(status)} {code}, which it does not list: "
                    f"say it beside the route, openapi_extensions=refuses({{{int(status)}: [...]}})"
                )
        return answered(self, status, code, detail, errors)

    edge.Api.problem = problem


def unlisted() -> list[str]:
    """What was answered and is not listed, since it was asked last."""
    found = sorted(_unlisted)
    _unlisted.clear()
    return found
