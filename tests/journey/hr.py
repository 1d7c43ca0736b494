"""What HR asks of the API, on a whole tenant in one process."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rencai.wiring.consumers import Handler
from tests.journey.world import World
from tests.template import ROOT
from tests.wired import serves

EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
Ask = Callable[..., tuple[int, Any]]
"""Method, path, body, Idempotency-Key and language -> status and body."""


class _Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


def asking(one: World, monkeypatch: pytest.MonkeyPatch, handler: Handler) -> Ask:
    """``handler`` over this tenant."""
    serves(monkeypatch, one.wired)

    def ask(
        method: str, path: str, body: Any = None, key: str | None = None, language: str = "zh-CN"
    ) -> tuple[int, Any]:
        event = json.loads(json.dumps(EVENT))
        path, _, query = path.partition("?")
        given = dict(part.split("=") for part in query.split("&") if part)
        event |= {
            "httpMethod": method,
            "path": path,
            "resource": path,
            "body": json.dumps(body) if body is not None else None,
            "queryStringParameters": given or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in given.items()} or None,
        }
        one.requests += 1
        event["requestContext"]["requestId"] = f"request-{one.requests}"
        for headers in (event["headers"], event["multiValueHeaders"]):
            headers.pop("Idempotency-Key", None)
        more = {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
        event["headers"] |= more
        event["multiValueHeaders"] |= {name: [value] for name, value in more.items()}
        answer = handler(event, _Context())
        return answer["statusCode"], json.loads(answer["body"])

    return ask
