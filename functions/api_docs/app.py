"""``GET /v1/openapi.json`` and ``GET /v1/docs``: made from the code of the functions that answer. No token needed."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_swagger_html

from rencai.platform.api import Api, Problem
from rencai.platform.observability import logger
from rencai.platform.settings import settings

_DESCRIPTION: Final = (
    "From AI interview to onboarded employee (人才). Tokens: OAuth 2 client credentials at the tenant's token URL; "
    "scope `rencai/ingest` hands in interviews, scope `rencai/api` reads and decides. Errors are problem details "
    "(RFC 9457) in the language of `Accept-Language` (zh-CN or en)."
)
_SCOPES: Final = {"/interviews": ["rencai/ingest"], "/uploads": ["rencai/ingest", "rencai/api"]}
_OPEN: Final = "/webhooks/"

api = Api(settings().language)
app = api.resolver


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the whole API."""
    # The code of many functions: all of it at the start made this the slowest of all functions to start.
    from employee_api.app import api as employee_api
    from hr_api.app import api as hr_api
    from import_api.app import api as import_api
    from interview_ingestion.app import api as interview_api
    from risk_api.app import api as risk_api
    from survey.results import api as survey_api
    from vendor_callbacks.app import api as webhook_api

    merged: dict[str, Any] = {}
    for part in (interview_api, hr_api, employee_api, import_api, risk_api, survey_api, webhook_api):
        schema = json.loads(
            part.resolver.get_openapi_json_schema(title="Rencai", version="1.0.0", description=_DESCRIPTION)
        )
        if not merged:
            merged = schema
            continue
        merged["paths"] |= schema["paths"]
        merged["components"]["schemas"] |= schema["components"]["schemas"]
    merged["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    merged["components"]["securitySchemes"] = {
        "oauth": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": settings()["TOKEN_URL"],
                    "scopes": {"rencai/ingest": "hand in interviews", "rencai/api": "read and decide"},
                }
            },
        }
    }
    for path, operations in merged["paths"].items():
        for operation in operations.values():
            _finish(path, operation)
    return merged


def _finish(path: str, operation: dict[str, Any]) -> None:
    """What the code of a route does not say: who may call it, and that its errors are problem details."""
    scopes = next((given for prefix, given in _SCOPES.items() if path.startswith(prefix)), ["rencai/api"])
    # Any one of the scopes will do, so each is a requirement of its own.
    operation["security"] = [] if path.startswith(_OPEN) else [{"oauth": [scope]} for scope in scopes]
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    # Powertools documents its own validation answer; ours is a 400.
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"description": "Problem details", "content": problem}


@app.get("/openapi.json", include_in_schema=False)
def get_openapi() -> Response[str]:
    """The OpenAPI document."""
    return Response(
        200, "application/json", json.dumps({**document(), "servers": [_server()]}, ensure_ascii=False)
    )


@app.get("/docs", include_in_schema=False)
def get_docs() -> Response[str]:
    """Swagger UI, all in one page: nothing is fetched from elsewhere."""
    page = files("aws_lambda_powertools.event_handler.openapi.swagger_ui")
    script = page.joinpath("swagger-ui-bundle.min.js").read_text("utf-8")
    style = page.joinpath("swagger-ui.min.css").read_text("utf-8")
    text = json.dumps({**document(), "servers": [_server()]}).replace("</", "<\\/")
    return Response(200, "text/html; charset=utf-8", generate_swagger_html(text, script, style, "", None))


def _server() -> dict[str, str]:
    # The stage and whatever stands before it, as the caller wrote it, so that "try it out" calls this very API.
    path = app.current_event.request_context.path or app.current_event.path
    return {"url": path.removesuffix(app.current_event.path) or "/"}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
