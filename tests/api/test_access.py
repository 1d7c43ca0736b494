"""Who may call what: the body that API Gateway gets, the documentation, and the routes that are refused."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra.assembly.api import api_body, pool_scopes
from infra.assembly.faults import AssemblyError
from rencai.platform.api import Api
from rencai.wiring.routes import API, INGEST, PUBLIC, Routes, Security, UnsaidCallers, api_of
from tests.api.callers import ANYBODY, CALLERS
from tests.template import ROOT, served

HERE = "tests/api/test_access.py"


@cache
def _body() -> dict[str, Any]:
    return api_body(served())


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": one for path, methods in paths.items() for method, one in methods.items()
    }


# --- what API Gateway gets --------------------------------------------------------------------------------------------


def test_every_operation_may_be_called_by_whom_it_should_and_by_nobody_else() -> None:
    body = _body()
    required = {
        operation: _one(one["security"], "Tokens") for operation, one in _operations(body["paths"]).items()
    }
    assert required == CALLERS
    # What the requirements mean: tokens of the tenant's own pool. No scheme has the name that asks for none.
    assert body["components"]["securitySchemes"] == {
        "Tokens": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": [{"Fn::GetAtt": ["UserPool", "Arn"]}],
            },
        }
    }


def _one(security: list[dict[str, list[str]]], scheme: str) -> tuple[str, ...]:
    """The scopes of the one requirement that API Gateway understands."""
    (requirement,) = security
    if requirement == {"NONE": []}:
        return ANYBODY
    assert list(requirement) == [scheme]
    # A requirement of no scope would let in every token of the pool.
    assert requirement[scheme]
    return tuple(requirement[scheme])


def test_every_operation_goes_to_the_function_that_has_its_route() -> None:
    operations = _operations(_body()["paths"])
    for function, module in served().items():
        uri = [
            "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations",
            {"Live": {"Ref": f"{function}.Alias"}},
        ]
        its = {f"{route.method} {route.openapi_path}" for route in import_module(module).api.routes}
        assert its
        assert its == {
            operation
            for operation, one in operations.items()
            if one["x-amazon-apigateway-integration"]
            == {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": uri}}
        }


def test_no_route_is_forgotten() -> None:
    """Every router of the code is in an API that a function serves."""
    for module in served().values():
        import_module(module)
    files = [file for file in ROOT.glob("functions/**/*.py") if "= Routes()" in file.read_text()]
    assert len(files) > 10
    for file in files:
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        assert import_module(module).router.api_resolver is not None, module


def test_the_user_pool_has_the_scopes_that_the_routes_ask_for() -> None:
    assert pool_scopes() == {scope for scopes in CALLERS.values() for scope in scopes}


def test_the_body_is_made_in_an_empty_environment() -> None:
    """As a build does it: no tenant, no credentials, no network, no folder but the checkout's."""
    code = (
        "import json, os, sys; from infra.assembly.api import api_body; before = dict(os.environ); "
        "body = api_body(json.loads(sys.argv[1])); assert dict(os.environ) == before; print(json.dumps(body))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(served())],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == _body()


# --- what the documentation says --------------------------------------------------------------------------------------


def test_the_documentation_has_the_same_operations_and_the_same_callers() -> None:
    from functions.api.document import document

    documented = {
        operation: tuple(requirement["oauth"][0] for requirement in one["security"])
        for operation, one in _operations(document()["paths"]).items()
    }
    # Its own two, and the pages behind links, which are for people.
    apart = {
        "GET /openapi.json",
        "GET /docs",
        *(f"{method} /{page}/{{token}}" for method in ("GET", "POST") for page in ("mentor", "survey")),
    }
    assert documented == {name: scopes for name, scopes in CALLERS.items() if name not in apart}
    flow = document()["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == pool_scopes()


def test_the_documentation_reads_every_module_that_has_something_to_document() -> None:
    from functions.api import docs, document

    assert set(document.served()) == set(served().values()) - {docs.__name__}


# --- what is refused --------------------------------------------------------------------------------------------------


def _api(path: str, security: Security, method: str = "GET") -> tuple[Api, str]:
    """An API of one route, and the place where that begins."""
    router = Routes()

    def answer() -> None: ...

    router.route(path, method, security=security)(answer)
    return api_of(router), f"{HERE}:{answer.__code__.co_firstlineno}: {method} "


def _refused(monkeypatch: pytest.MonkeyPatch, **apis: object) -> tuple[str, ...]:
    for function, api in apis.items():
        module = ModuleType(f"made.{function}")
        module.api = api  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(AssemblyError) as refused:
        api_body({function: f"made.{function}" for function in apis}, {"rencai/api", "rencai/ingest"})
    return tuple(str(fault) for fault in refused.value.faults)


def test_a_route_that_does_not_say_who_may_call_it_is_refused_where_it_is_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    router = Routes()

    @router.get("/payroll")
    def payroll() -> None: ...

    place = f"{payroll.__code__.co_filename}:{payroll.__code__.co_firstlineno}"
    said = "GET /payroll does not say who may call it; add security=API, INGEST, INGEST_OR_API or PUBLIC"
    with pytest.raises(UnsaidCallers, match=said) as refused:
        api_of(router)
    assert str(refused.value).startswith(f"{place}: ")

    # And so it is in the build, which goes on to look at the others.
    (tmp_path / "made_payroll.py").write_text(
        "from rencai.wiring.routes import Routes, api_of\n\nrouter = Routes()\n\n\n"
        '@router.get("/payroll/<employee_id>")\ndef payroll(employee_id: str) -> None: ...\n\n\napi = api_of(router)\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AssemblyError) as build:
        api_body({"Payroll": "made_payroll", "Nothing": "tests.api.callers"})
    first, second = (str(fault) for fault in build.value.faults)
    assert first.startswith(
        f"{tmp_path / 'made_payroll.py'}:6: GET /payroll/{{employee_id}} does not say who may call it"
    )
    assert second.startswith(
        "tests/api/callers.py:1: Nothing serves routes, and tests.api.callers has no `api`"
    )


def test_a_route_of_another_making_that_says_nothing_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Api("en")

    @bare.resolver.get("/payroll")
    def payroll() -> None: ...

    (problem,) = _refused(monkeypatch, Bare=bare)
    assert problem.startswith(
        f"{HERE}:{payroll.__code__.co_firstlineno}: GET /payroll does not say who may call it"
    )


def test_a_scope_that_no_token_carries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    api, place = _api("/payroll", [*API, {"oauth": ["rencai/payroll"]}])
    assert _refused(monkeypatch, Payroll=api) == (
        (
            f"{place}/payroll asks for the scope rencai/payroll, which no token carries: the user pool's are "
            "rencai/api, rencai/ingest (Scopes in template.yaml)"
        ),
    )


@pytest.mark.parametrize(
    "security",
    [
        # A token if you have one; any token; a token with both; a token of somebody else's making.
        [{}, *API],
        [{"oauth": []}],
        [{"oauth": ["rencai/api", "rencai/ingest"]}],
        [{"oauth": ["rencai/api"], "key": []}],
        [{"key": []}],
    ],
    ids=["optional", "any token", "both scopes", "and a key", "a key"],
)
def test_what_api_gateway_cannot_hold_a_token_against_is_refused(
    monkeypatch: pytest.MonkeyPatch, security: Security
) -> None:
    api, place = _api("/payroll", security)
    (problem,) = _refused(monkeypatch, Payroll=api)
    assert problem.startswith(f"{place}/payroll has the requirement {{")
    assert problem.endswith('write PUBLIC, or one {"oauth": ["<scope>"]} for each scope that will do')


def test_two_functions_that_serve_one_operation_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    first, place = _api("/payroll", API)
    second, _ = _api("/payroll", INGEST)
    other, _ = _api("/payroll", API, "POST")
    (problem,) = _refused(monkeypatch, First=first, Second=second, Other=other)
    line = place.removesuffix(": GET ")
    assert problem == (
        f"{place}/payroll is served by Second, and by First at {line}: take its router out of one of them"
    )


def test_two_names_for_one_part_of_a_path_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """API Gateway would refuse them, in the middle of a deployment."""
    first, place = _api("/payroll/<employee_id>", API)
    second, _ = _api("/payroll/<person_id>/months", PUBLIC)
    # Behind another part it is another variable.
    third, _ = _api("/pay/<person_id>", API)
    (problem,) = _refused(monkeypatch, First=first, Second=second, Third=third)
    line = place.removesuffix(": GET ")
    assert problem == (
        f"{place}/payroll/{{person_id}}/months calls {{person_id}} what {line} calls {{employee_id}}: one name for it"
    )
