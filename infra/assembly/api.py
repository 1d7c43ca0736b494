"""The API as API Gateway gets it: every method and path, which function answers it, and who may call.

All of it is said beside the routes in the code; here it is only put into API Gateway's words. Nothing is called: the
modules are imported, and what they serve is looked at.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from infra.admin import ROOT
from infra.assembly.faults import AssemblyError, Fault, Place
from infra.assembly.reading import read
from rencai import wiring
from rencai.platform.api import Api
from rencai.platform.settings import settings
from rencai.wiring.routes import OAUTH, PUBLIC, UNSAID, UnsaidCallers, place_of

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route

_AUTHORIZER: Final = "Tokens"
# SAM's name for no authorizer; API Gateway knows no scheme of this name, and so asks for nothing.
_NOBODY: Final = "NONE"
_POOL: Final = "UserPool"
_INVOKE: Final = (
    "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations"  # a Fn::Sub
)


def api_body(served: Mapping[str, str], scopes: Collection[str] | None = None) -> dict[str, Any]:
    """The OpenAPI body of the API.

    Args:
        served: the logical id of each function that serves routes, and the module that has its ``api``.
        scopes: what a token may carry (``rencai/api``); by default the scopes of the user pool in template.yaml.

    Raises:
        AssemblyError: with everything that is wrong, each at its route.
    """
    faults: list[Fault] = []
    apis: dict[str, Api] = {}
    with _importable():
        for function, module in served.items():
            try:
                api = getattr(import_module(module), "api", None)
            except UnsaidCallers as error:
                faults.append(Fault(_place(error.place), error.text))
                continue
            if isinstance(api, Api):
                apis[function] = api
            else:
                file = f"{module.replace('.', '/')}.py"
                faults.append(
                    Fault(
                        Place(file, 1),
                        f"{function} serves routes, and {module} has no `api`; "
                        "end it with api = api_of(router, ...) and handler = serve(api)",
                    )
                )
    return _body(apis, pool_scopes() if scopes is None else scopes, faults)


def pool_scopes() -> frozenset[str]:
    """The scopes that tokens of template.yaml's user pool may carry: ``rencai/api``."""
    servers = (
        resource["Properties"]
        for resource in read(ROOT / "template.yaml", ROOT)["Resources"].values()
        if resource["Type"] == "AWS::Cognito::UserPoolResourceServer"
    )
    return frozenset(
        f"{server['Identifier']}/{scope['ScopeName']}" for server in servers for scope in server["Scopes"]
    )


def _body(apis: Mapping[str, Api], scopes: Collection[str], faults: list[Fault]) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    taken: dict[str, tuple[str, Route]] = {}
    named: dict[str, tuple[str, Route]] = {}
    for function, api in apis.items():
        for route in api.routes:
            operation = f"{route.method} {route.openapi_path}"
            if operation in taken:
                wrong = [_served_twice(function, *taken[operation])]
            else:
                taken[operation] = (function, route)
                wrong = [*_wrong_names(route, named), *_wrong_security(route, scopes)]
            faults += [Fault(_place(place_of(route)), f"{operation} {text}") for text in wrong]
            paths[route.openapi_path][route.method.lower()] = {
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    # By its alias: what is published, and what CodeDeploy shifts calls to.
                    "uri": {"Fn::Sub": [_INVOKE, {"Live": {"Ref": f"{function}.Alias"}}]},
                },
                "security": [_requirement(route)],
                "responses": {},
            }
    if faults:
        raise AssemblyError(*faults)
    return {
        "openapi": "3.0.1",
        "info": {"title": {"Ref": "AWS::StackName"}, "version": "1.0"},
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {
                _AUTHORIZER: {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": [{"Fn::GetAtt": [_POOL, "Arn"]}],
                    },
                }
            }
        },
    }


def _requirement(route: "Route") -> dict[str, list[str]]:
    """The route's requirements as API Gateway says them: one authorizer, and any one of its scopes will do."""
    if route.security == PUBLIC:
        return {_NOBODY: []}
    return {_AUTHORIZER: [scope for one in route.security or [] for asked in one.values() for scope in asked]}


def _served_twice(function: str, other: str, first: "Route") -> str:
    return f"is served by {function}, and by {other} at {_place(place_of(first))}: take its router out of one of them"


def _wrong_security(route: "Route", scopes: Collection[str]) -> Iterator[str]:
    if not route.security:
        yield UNSAID
        return
    if route.security == PUBLIC:
        return
    for one in route.security:
        if list(one) != [OAUTH] or len(one[OAUTH]) != 1:
            yield (
                f"has the requirement {one}, which API Gateway cannot hold a token against; "
                f'write PUBLIC, or one {{"{OAUTH}": ["<scope>"]}} for each scope that will do'
            )
        elif one[OAUTH][0] not in scopes:
            yield (
                f"asks for the scope {one[OAUTH][0]}, which no token carries: the user pool's are "
                f"{', '.join(sorted(scopes))} (Scopes in template.yaml)"
            )


def _wrong_names(route: "Route", named: dict[str, tuple[str, "Route"]]) -> Iterator[str]:
    """API Gateway keeps paths as a tree, in which a variable has one name whatever follows it."""
    before = ""
    for part in route.openapi_path.split("/"):
        if part.startswith("{"):
            name, first = named.setdefault(before, (part, route))
            if name != part:
                yield f"calls {part} what {_place(place_of(first))} calls {name}: one name for it"
        before += f"{part}/"


def _place(place: tuple[str, int]) -> Place:
    file, line = place
    return Place(file.removeprefix(f"{ROOT}{os.sep}"), line)


@contextmanager
def _importable() -> Iterator[None]:
    """What modules of the API ask for while they are imported, and no AWS client made; afterwards all is as before."""
    given = {name: value for name, value in {"TENANT_LANGUAGE": "en"}.items() if name not in os.environ}
    container = wiring.container
    os.environ.update(given)
    settings.cache_clear()
    wiring.container = lambda: None  # type: ignore[assignment]  # wired for calls, and none comes
    try:
        yield
    finally:
        wiring.container = container
        settings.cache_clear()
        for name in given:
            del os.environ[name]
