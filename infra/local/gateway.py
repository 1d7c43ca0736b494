"""MiniStack, told to take gateway responses out of an API's definition, as API Gateway does when it imports one.

Runs in MiniStack's environment, which has no other file of ours.
"""

from importlib import import_module
from typing import Any, Final

_EXTENSION: Final = "x-amazon-apigateway-gateway-responses"


def teach() -> None:
    """From now on an API answers by itself what its definition says."""
    apis: Any = import_module("ministack.services.apigateway_v1")
    imported = apis._import_rest_api

    def with_responses(spec: dict[str, Any], base_data: Any = None) -> Any:
        api_id = imported(spec, base_data)
        for kind, said in (spec.get(_EXTENSION) or {}).items():
            status, _, body = apis._put_gateway_response(api_id, kind, said)
            if status != 201:
                raise ValueError(f"{kind} is no gateway response: {body!r}")
        return api_id

    apis._import_rest_api = with_responses
