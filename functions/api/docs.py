"""``GET /v1/openapi.json`` and ``GET /v1/docs``: made from the code of the functions that answer. No token needed."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_swagger_html

from rencai.platform.addresses import LONGEST_ID
from rencai.platform.api import Api, Problem
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.wiring.routes import OAUTH, PUBLIC, Routes, api_of

_DESCRIPTION: Final = (
    "From AI interview to onboarded employee (人才). Tokens: OAuth 2 client credentials at the tenant's token URL; "
    "scope `rencai/ingest` hands in interviews, scope `rencai/api` reads and decides. Errors are problem details "
    "(RFC 9457) in the language of `Accept-Language` (zh-CN or en)."
)
_SCOPES: Final = {"rencai/ingest": "hand in interviews", "rencai/api": "read and decide"}
"""What each scope is for."""

_SERVES: Final = re.compile(r"^api = api_of\(", re.MULTILINE)

router = Routes()


def served() -> Iterator[str]:
    """The modules of the functions that serve routes, this one apart: they end with ``api = api_of(...)``."""
    functions = Path(__file__).parents[1]
    for path in sorted(functions.rglob("*.py")):
        module = ".".join((functions.name, *path.relative_to(functions).with_suffix("").parts))
        if module != __name__ and _SERVES.search(path.read_text("utf-8")):
            yield module


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the whole API; who may call is said by the routes."""
    from aws_lambda_powertools.event_handler.openapi.models import (
        OAuth2,
        OAuthFlowClientCredentials,
        OAuthFlows,
    )

    flow = OAuthFlowClientCredentials(tokenUrl=settings()["TOKEN_URL"], scopes=_SCOPES)
    tokens = OAuth2(flows=OAuthFlows(clientCredentials=flow))
    merged: dict[str, Any] = {}
    for module in served():
        # The code of many functions: all of it at the start made this the slowest of all functions to start.
        part: Api = import_module(module).api
        schema = json.loads(
            part.resolver.get_openapi_json_schema(
                title="Rencai", version="1.0.0", description=_DESCRIPTION, security_schemes={OAUTH: tokens}
            )
        )
        if not merged:
            merged = schema
            continue
        merged["paths"] |= schema["paths"]
        merged["components"]["schemas"] |= schema["components"].get("schemas", {})
    merged["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for operations in merged["paths"].values():
        for operation in operations.values():
            _finish(operation)
    return merged


def _finish(operation: dict[str, Any]) -> None:
    """What no route says, since it is the same for all: how long an id may be, and that errors are problem details."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["schema"].setdefault("maxLength", LONGEST_ID)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    # Powertools documents its own validation answer; ours is a 400.
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"description": "Problem details", "content": problem}
    if operation["security"] == PUBLIC:
        # The same, said as readers know it.
        operation["security"] = []


@router.get("/openapi.json", security=PUBLIC, include_in_schema=False)
def get_openapi() -> Response[str]:
    """The OpenAPI document."""
    return Response(
        200, "application/json", json.dumps({**document(), "servers": [_server()]}, ensure_ascii=False)
    )


@router.get("/docs", security=PUBLIC, include_in_schema=False)
def get_docs() -> Response[str]:
    """Swagger UI, all in one page: nothing is fetched from elsewhere."""
    page = files("aws_lambda_powertools.event_handler.openapi.swagger_ui")
    script = page.joinpath("swagger-ui-bundle.min.js").read_text("utf-8")
    style = page.joinpath("swagger-ui.min.css").read_text("utf-8")
    text = json.dumps({**document(), "servers": [_server()]}).replace("</", "<\\/")
    return Response(200, "text/html; charset=utf-8", generate_swagger_html(text, script, style, "", None))


def _server() -> dict[str, str]:
    # The stage and whatever stands before it, as the caller wrote it, so that "try it out" calls this very API.
    path = router.event.request_context.path or router.event.path
    return {"url": path.removesuffix(router.event.path) or "/"}


api = api_of(router)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this. Nothing is wired: the documentation reaches nothing."""
    return api.handle(event, context)
