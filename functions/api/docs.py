"""``GET /v1/openapi.json`` and ``GET /v1/docs``: the OpenAPI document, for programs and for people. No token needed."""

import json
from importlib.resources import files
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_swagger_html

from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.wiring.routes import PUBLIC, Routes, api_of

from .document import document

router = Routes()


@router.get("/openapi.json", security=PUBLIC, include_in_schema=False)
def get_openapi() -> Response[str]:
    """The OpenAPI document."""
    return Response(200, "application/json", json.dumps(_served_here(), ensure_ascii=False))


@router.get("/docs", security=PUBLIC, include_in_schema=False)
def get_docs() -> Response[str]:
    """Swagger UI, all in one page: nothing is fetched from elsewhere."""
    page = files("aws_lambda_powertools.event_handler.openapi.swagger_ui")
    script = page.joinpath("swagger-ui-bundle.min.js").read_text("utf-8")
    style = page.joinpath("swagger-ui.min.css").read_text("utf-8")
    text = json.dumps(_served_here()).replace("</", "<\\/")
    return Response(200, "text/html; charset=utf-8", generate_swagger_html(text, script, style, "", None))


def _served_here() -> dict[str, Any]:
    """The document, with this very API's address as the stack's output ApiUrl has it: so tools call what served it."""
    known, called = settings(), router.event.request_context
    base = f"{known['API_URL_PREFIX']}{called.api_id}{known['API_URL_SUFFIX']}/{called.stage}"
    return {**document(), "servers": [{"url": base}]}


api = api_of(router)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this. Nothing is wired: the documentation reaches nothing."""
    return api.handle(event, context)
