"""The document that tools are given: it is one, says where it was served, and its schemas are what the code takes."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.api.document import document
from rencai.kernel.errors import LANGUAGES
from rencai.platform.operations import EXTENSION, problems_of
from tests.api.instances import Instances
from tests.api.test_bounds import EVENT, Unreached, _apis
from tests.said import chinese_only, english_only

LOOSE: Final[Mapping[str, str]] = {
    # Each item is taken or refused by itself, and the answer says which.
    "POST /signals": ".items[]",
    # A value of a column is read as a cell is: a number is the text that people see of it.
    "POST /imports/{import_id}/columns": ".values",
}
"""Where the code takes more than the schema shows, on purpose."""
TIGHT: Final = ("位小数", "不能为空", "或同时给出")
"""What a schema cannot say: so many decimals (no binary fraction is a multiple of 0.0001), not only spaces,
and the one or the other."""


@cache
def _instances() -> Instances:
    return Instances(document()["components"]["schemas"])


def _operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": one
        for path, operations in document()["paths"].items()
        for method, one in operations.items()
    }


def _with_body() -> list[str]:
    return [name for name, one in _operations().items() if "requestBody" in one]


def _schema(operation: str) -> dict[str, Any]:
    body = _operations()[operation]["requestBody"]
    assert body["required"]
    (content,) = body["content"].items()
    assert content[0] == "application/json"
    schema: dict[str, Any] = content[1]["schema"]
    return schema


def _answer(operation: str, body: str, language: str = "zh-CN") -> tuple[int, dict[str, Any]]:
    """Nothing behind the edge is reached: whatever gets that far is a 500 here."""
    method, path = operation.split(" ")
    ids = {
        one["name"]: _instances().sample(one["schema"])
        for one in _operations()[operation].get("parameters", [])
        if one["in"] == "path"
    }
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    event = json.loads(json.dumps(EVENT)) | {
        "httpMethod": method,
        "path": path,
        "pathParameters": ids or None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "body": body,
    }
    event["headers"]["Accept-Language"] = language
    api = _apis()[operation]
    api.resolver.append_context(wired=Unreached())  # type: ignore[no-untyped-call]  # untyped in Powertools
    answer = api.handle(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def _cases(operation: str) -> Iterator[tuple[str, str, bool]]:
    """What it is, the body, and whether the schema takes it; each body once."""
    schema, made, seen = _schema(operation), _instances(), set()
    for whole in (True, False):
        sample = made.sample(schema, whole)
        for what, instance in (("as it is", sample), *made.broken(schema, sample)):
            body = json.dumps(instance)
            if body not in seen:
                seen.add(body)
                yield what, body, made.takes(schema, instance)


# --- the document -----------------------------------------------------------------------------------------------------


def test_it_is_an_openapi_document() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []
    assert document()["openapi"].startswith("3.1")
    assert EXTENSION not in json.dumps(document())
    ids = [one["operationId"] for one in _operations().values()]
    assert len(set(ids)) == len(ids)


def test_it_says_where_it_was_served_and_where_tokens_are() -> None:
    """As the stack's outputs ApiUrl and TokenUrl have it, whatever stands before the API."""
    from functions.api import docs

    event = json.loads(json.dumps(EVENT)) | {"httpMethod": "GET", "path": "/openapi.json", "body": None}
    event["requestContext"] |= {"apiId": "abc123", "stage": "v1"}
    served = json.loads(docs.api.handle(event, None)["body"])
    assert served["servers"] == [{"url": "https://abc123.execute-api.ap-southeast-1.amazonaws.com/v1"}]
    flow = served["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "https://login.example.com/oauth2/token"
    page = docs.api.handle(event | {"path": "/docs"}, None)["body"]
    assert "https://abc123.execute-api.ap-southeast-1.amazonaws.com/v1" in page


def test_every_operation_lists_every_status_with_its_types() -> None:
    for operation, one in _operations().items():
        method, path = operation.split(" ")
        (route,) = (
            route
            for route in _apis()[operation].routes
            if (route.method, route.openapi_path) == (method, path)
        )
        good = {int(status) for status in one["responses"] if status < "400"}
        assert good <= {200, 201, 202}
        assert good
        bad = {int(status): answer for status, answer in one["responses"].items() if status >= "400"}
        assert set(bad) == set(problems_of(route)) >= {400, 404, 429, 500, 504}
        assert ({401, 403} <= set(bad)) or not one["security"]
        for status, answer in bad.items():
            problem = answer["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]
            assert problem["status"] == {"const": status}
            assert problem["type"]["enum"] == [
                f"urn:rencai:problem:{code}" for code in problems_of(route)[status]
            ]


# --- schemas and code -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", _with_body())
def test_what_a_schema_takes_the_code_takes_and_the_other_way_round(operation: str) -> None:
    differs = []
    for what, body, takes in _cases(operation):
        status, answer = _answer(operation, body)
        taken = status != 400
        loose = LOOSE.get(operation, "nowhere")
        if (
            taken == takes
            or (taken and what.startswith(loose))
            or f"{loose.removesuffix('[]')} is [1]" in what
        ):
            continue
        if not taken and any(text in answer["detail"] for text in TIGHT):
            continue
        differs.append(
            f"{what}: the schema {'takes' if takes else 'refuses'} it, the code {status} {answer}"[:400]
        )
    assert differs == []


@pytest.mark.parametrize("operation", _with_body())
def test_a_field_that_is_none_is_refused_with_its_name(operation: str) -> None:
    """Misspelt, it would ask for something else. Only interviews keep what their contract does not know."""
    body = {**_instances().sample(_schema(operation)), "surely_not_a_field": 1}
    status, answer = _answer(operation, json.dumps(body))
    if operation == "POST /interviews":
        assert status != 400, answer
        return
    assert status == 400
    assert {"path": "surely_not_a_field", "message": "没有这个字段;请检查拼写或去掉它"} in answer["errors"]


@pytest.mark.parametrize("operation", _with_body())
def test_whatever_is_wrong_with_a_body_is_said_whole_and_names_its_place(operation: str) -> None:
    said = 0
    bodies = [body for _, body, takes in _cases(operation) if not takes]
    for body in [*bodies, "{", "", "nonsense", '{"a": NaN,}', "[1, 2", "3", "null", '"text"', '{"a": 1} x']:
        for language, whole in zip(LANGUAGES, (chinese_only, english_only), strict=True):
            status, answer = _answer(operation, body, language)
            if status != 400:
                continue
            said += 1
            whole(answer["title"])
            for error in answer["errors"]:
                assert error.get("path", "more") != ""
                whole(error["message"])
                assert not any(
                    text in error["message"] for text in ("^", "_mismatch", "_type", "Input", "\\d")
                )
                assert answer["detail"].startswith(answer["errors"][0].get("path", ""))
    assert said > 20
