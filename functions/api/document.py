"""The OpenAPI document of the whole API: made from the code of the functions that answer."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rencai.kernel.errors import ENGLISH
from rencai.platform.addresses import LONGEST_CURSOR, LONGEST_ID, LONGEST_QUERY, TEXT
from rencai.platform.operations import EXTENSION, problems_of
from rencai.platform.problems import PROBLEM, problem_type, title
from rencai.platform.settings import settings
from rencai.wiring.routes import OAUTH, PUBLIC

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route

    from rencai.platform.api import Api

_DESCRIPTION: Final = (
    "From AI interview to onboarded employee (人才). Tokens: OAuth 2 client credentials at the tenant's token URL; "
    "scope `rencai/ingest` hands in interviews, scope `rencai/api` reads and decides. Errors are problem details "
    "(RFC 9457) in the language of `Accept-Language` (zh-CN or en); each operation lists the `type`s it may give. New "
    "fields may appear in answers."
)
_SCOPES: Final = {"rencai/ingest": "hand in interviews", "rencai/api": "read and decide"}
"""What each scope is for."""
_OWN: Final = "functions.api.docs"
_SERVES: Final = re.compile(r"^api = api_of\(", re.MULTILINE)
_TEXT: Final = {"type": "string"}
_PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457. Act on `status` and `type`; `detail` is for people.",
    "type": "object",
    "properties": {
        "type": {**_TEXT, "pattern": f"^{problem_type('')}[a-z0-9_]+$"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "minItems": 1,
            "maxItems": 21,
            "items": {
                "type": "object",
                "description": "What is wrong, and where; without `path`, how many more mistakes there are.",
                "properties": {"path": _TEXT, "message": _TEXT},
                "required": ["message"],
                "additionalProperties": False,
            },
        },
        "request_id": {**_TEXT, "description": "API Gateway's id of the call"},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
    "additionalProperties": False,
}


def served() -> Iterator[str]:
    """The modules of the functions that serve routes, but the documentation's: they end with ``api = api_of(...)``."""
    functions = Path(__file__).parents[1]
    for path in sorted(functions.rglob("*.py")):
        module = ".".join((functions.name, *path.relative_to(functions).with_suffix("").parts))
        if module != _OWN and _SERVES.search(path.read_text("utf-8")):
            yield module


@cache
def document() -> dict[str, Any]:
    """The document, without ``servers``; who may call is said by the routes."""
    from aws_lambda_powertools.event_handler.openapi.models import (
        OAuth2,
        OAuthFlowClientCredentials,
        OAuthFlows,
    )

    flow = OAuthFlowClientCredentials(tokenUrl=settings()["TOKEN_URL"], scopes=_SCOPES)
    tokens = OAuth2(flows=OAuthFlows(clientCredentials=flow))
    merged: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    for module in served():
        # The code of many functions: all of it at the start made this the slowest of all functions to start.
        api: Api = import_module(module).api
        part = json.loads(
            api.resolver.get_openapi_json_schema(
                title="Rencai", version="1.0.0", description=_DESCRIPTION, security_schemes={OAUTH: tokens}
            )
        )
        for route in api.routes:
            if route.include_in_schema:
                _finish(part["paths"][route.openapi_path][route.method.lower()], route)
        for name, schema in (part["components"].get("schemas") or {}).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two models are called {name}: one of them is {module}'s")
        merged = merged or {**part, "paths": {}}
        for path, operations in part["paths"].items():
            merged["paths"].setdefault(path, {}).update(operations)
    merged, schemas = _whole(merged), _whole(schemas)
    used = _referred(merged["paths"], schemas)
    merged["components"]["schemas"] = {name: schemas[name] for name in sorted(used)}
    return merged


def _whole(given: Any) -> Any:
    """With whole bounds as whole numbers: pydantic says 1.0, which a tool would take for a number with a fraction."""
    if isinstance(given, dict):
        return {name: _whole(one) for name, one in given.items()}
    if isinstance(given, list):
        return [_whole(one) for one in given]
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _referred(of: Any, schemas: dict[str, Any]) -> set[str]:
    """The schemas that are in use, by name: Powertools adds those of its own validation answer."""
    found: set[str] = set()
    waiting = [of]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def _finish(operation: dict[str, Any], route: "Route") -> None:
    """What no route says, since it is the same for all: the bounds of an address, and every problem it may answer."""
    operation.pop(EXTENSION, None)
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _bounded(parameter)
    # Powertools documents its own validation answer; ours is a 400.
    operation["responses"].pop("422", None)
    for status, codes in problems_of(route).items():
        operation["responses"][str(status)] = {
            "description": f"{title(status, ENGLISH)}: {', '.join(codes)}",
            "content": {PROBLEM: {"schema": _problem(status, codes)}},
        }
    if operation["security"] == PUBLIC:
        # The same, said as readers know it.
        operation["security"] = []


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    own = {"type": {"enum": [problem_type(code) for code in codes]}, "status": {"const": status}}
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": own}]}


def _bounded(parameter: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter as an address can hold it: there is no null in one, and a text is bounded."""
    schema: dict[str, Any] = parameter["schema"]
    kinds = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if "anyOf" in schema and len(kinds) == 1:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        schema = {**kinds[0], **rest} if "$ref" not in kinds[0] else {"allOf": kinds, **rest}
    if schema.get("type") == "string":
        in_path = parameter["in"] == "path"
        longest = (
            LONGEST_ID if in_path else LONGEST_CURSOR if parameter["name"] == "cursor" else LONGEST_QUERY
        )
        schema.setdefault("maxLength", longest)
        if in_path:
            schema.setdefault("minLength", 1)
        schema.setdefault("pattern", TEXT)
    return schema
