"""What a route of ours answers in a test is held against what the documentation says of it: a problem against those it
lists, anything else against its status and its schema, in which nothing may be that is not declared.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import wraps
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

_FORMATS: Final = FormatChecker(["date", "date-time", "email", "time"])
_unlisted: set[str] = set()
_validators: dict[tuple[str, int], Draft202012Validator] = {}
"""By operation and status, made once a process."""


def watch() -> None:
    """From now on it is looked at, once what answers has been imported."""
    edge: Any = sys.modules.get("rencai.platform.api")
    if edge is None or hasattr(edge.Api.problem, "__wrapped__"):
        return
    answered, handled = edge.Api.problem, edge.Api.handle

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

    @wraps(handled)
    def handle(self: Any, event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = handled(self, event, context)
        if answer["statusCode"] < 400:
            _look_at(self, event, answer)
        return answer

    edge.Api.problem = problem
    edge.Api.handle = handle


def unlisted() -> list[str]:
    """What was answered and is not listed, since it was asked last."""
    found = sorted(_unlisted)
    _unlisted.clear()
    return found


def _look_at(api: Any, event: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    for route in api.routes:
        if (
            route.method == event["httpMethod"]
            and route.rule.match(event["path"])
            and route.func.__module__.startswith("functions.")
            and route.include_in_schema
        ):
            _unlisted.update(_faults(f"{route.method} {route.openapi_path}", answer))
            return


def _faults(operation: str, answer: Mapping[str, Any]) -> list[str]:
    status = answer["statusCode"]
    if (operation, status) not in _validators:
        made = _validator(operation, status)
        if made is None:
            return [
                f"{operation} answered {status}, which it does not list: say it beside the route, responses="
            ]
        _validators[operation, status] = made
    kind = answer["multiValueHeaders"]["Content-Type"][0]
    if kind != "application/json":
        return [f"{operation} answered {kind}"]
    return [
        # Never the value: what a test is answered may be somebody's.
        f"{operation} answered {status} with {'.'.join(map(str, error.absolute_path)) or 'all'}: its schema says "
        f"{error.validator} {json.dumps(error.validator_value, ensure_ascii=False)[:200]}"
        for error in _validators[operation, status].iter_errors(json.loads(answer["body"]))
    ]


def _validator(operation: str, status: int) -> Draft202012Validator | None:
    from functions.api.document import document

    method, path = operation.split(" ")
    whole = document()
    listed = whole["paths"][path][method.lower()]["responses"].get(str(status))
    if listed is None:
        return None
    schema = {**listed["content"]["application/json"]["schema"], "components": whole["components"]}
    return Draft202012Validator(_closed(schema), format_checker=_FORMATS)


def _closed(schema: Any) -> Any:
    """Without room for a field that is not declared: tools that read the document would not know it."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        closed.setdefault("additionalProperties", False)
    return closed
