"""What an address may hold: every id and every query parameter of every operation, sent too much or something odd, is
answered with what would be right. Nothing behind the edge is reached: ids are keys of a table that bounds them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

import pytest
from pydantic import TypeAdapter

from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.platform.addresses import LONGEST_CURSOR, LONGEST_ID
from rencai.platform.api import Api
from rencai.store.table import LISTS_INDEX, from_cursor, to_cursor
from rencai.survey.rules.survey import Invitation, signed
from tests.api.callers import CALLERS
from tests.builders import NOW
from tests.template import ROOT, served

EVENT: Final = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
PAGES: Final = (
    "GET /mentor/{token}",
    "POST /mentor/{token}",
    "GET /survey/{token}",
    "POST /survey/{token}",
)
"""For people: what goes wrong is a page."""
ODD: Final = {
    "a tab": "a\tb",
    "a line break": "a\n",
    "nul": "a\x00b",
    "of Latin-1": "a\x85b",
    "half a character": "a\ud800b",
}
IDS: Final = {
    "one too many": "x" * (LONGEST_ID + 1),
    "3,000": "x" * 3000,
    "3,000 Chinese": "人" * 3000,
    **ODD,
}
VALUES: Final = {"10,000": "x" * 10_000, "10,000 Chinese": "人" * 10_000, **ODD}
NAMES: Final = {"long name": "x" * 10_000, "odd name": "a\tb", "half a name": "a\ud800"}
NO_NUMBERS: Final = (
    "99999999999999999999",
    "9" * 4000,
    "-1",
    "0",
    "101",
    "1e3",
    "0x10",
    "1.5",
    "NaN",
    "١٢",
    "1,2",
    "null",
)


class Unreached:
    """The collaborators of a call that has to be refused before any is asked for."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


@cache
def _apis() -> Mapping[str, Api]:
    return {
        f"{route.method} {route.openapi_path}": api
        for api in (import_module(module).api for module in served().values())
        for route in api.routes
    }


def _parameters(operation: str) -> tuple[list[str], list[str]]:
    """The names in its path, and those it takes behind the question mark."""
    method, path = operation.split(" ")
    (route,) = (one for one in _apis()[operation].routes if (one.method, one.openapi_path) == (method, path))
    parts = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return parts, [str(parameter.alias) for parameter in route.dependant.query_params]


def _answer(
    operation: str,
    ids: Mapping[str, str] | None = None,
    query: Mapping[str, Sequence[str]] | None = None,
    language: str = "en",
    told: bool = True,
) -> tuple[int, str, str]:
    """Status, content type and body. ``told``: API Gateway says what stands where in the path, as it does."""
    method, path = operation.split(" ")
    given = dict.fromkeys(_parameters(operation)[0], "x") | dict(ids or {})
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", value)
    event = json.loads(json.dumps(EVENT)) | {
        "httpMethod": method,
        "path": path,
        "pathParameters": given if told and given else None,
        "queryStringParameters": {name: values[-1] for name, values in (query or {}).items()} or None,
        "multiValueQueryStringParameters": {name: list(values) for name, values in (query or {}).items()}
        or None,
        "body": "{}" if method in ("POST", "PUT", "PATCH") else None,
    }
    event["headers"]["Accept-Language"] = language
    api = _apis()[operation]
    api.resolver.append_context(wired=Unreached())  # type: ignore[no-untyped-call]  # untyped in Powertools
    answer = api.handle(event, None)
    answer["body"].encode()  # it can be sent
    return answer["statusCode"], answer["multiValueHeaders"]["Content-Type"][0], answer["body"]


def _refused(operation: str, name: str, answer: tuple[int, str, str]) -> None:
    """It names the parameter and says what is wrong, in little."""
    status, kind, body = answer
    if operation in PAGES:
        assert (status, kind) == (404, "text/html; charset=utf-8")
        return
    assert len(body) < 2000
    problem = json.loads(body)
    assert (status, kind) == (400, "application/problem+json"), body
    assert problem["type"] == "urn:rencai:problem:malformed"
    assert problem["request_id"] == EVENT["requestContext"]["requestId"]
    assert [error["path"] for error in problem["errors"]] == [name]
    assert problem["detail"].startswith(f"{name}: ")


def test_every_operation_is_looked_at() -> None:
    assert set(_apis()) == set(CALLERS)


@pytest.mark.parametrize("operation", CALLERS)
def test_no_id_is_too_long_or_too_odd_to_be_answered(operation: str) -> None:
    for name in _parameters(operation)[0]:
        for value in IDS.values():
            _refused(operation, name, _answer(operation, {name: value}))


@pytest.mark.parametrize("operation", [one for one in CALLERS if "{" in one])
def test_an_odd_id_that_api_gateway_does_not_tell_of_is_not_found(operation: str) -> None:
    """A control character ends no route's path, and is never dropped from one."""
    name = _parameters(operation)[0][-1]
    for value in ODD.values():
        status, _, _ = _answer(operation, {name: value}, told=False)
        assert status == 404


@pytest.mark.parametrize("operation", CALLERS)
def test_no_query_is_too_long_or_too_odd_to_be_answered(operation: str) -> None:
    for name in [*_parameters(operation)[1], "unknown"]:
        for value in VALUES.values():
            _refused(operation, name, _answer(operation, query={name: [value]}))
        _refused(operation, name, _answer(operation, query={name: ["25", "25"]}))
        _refused(operation, name, _answer(operation, query={name: ["", "25"]}))
    for name in NAMES.values():
        status, _, _ = _answer(operation, query={name: ["1"]})
        assert status == (404 if operation in PAGES else 400)


@pytest.mark.parametrize("operation", [one for one in CALLERS if one not in PAGES])
def test_a_parameter_that_a_call_does_not_know_is_refused_with_those_it_knows(operation: str) -> None:
    """`?name=` would have listed everybody: also empty, in other capitals, and beside ones that are known."""
    known = ", ".join(sorted(_parameters(operation)[1]))
    for query in (
        {"name": ["Zhou"]},
        {"name": [""]},
        {"Limit": ["1"]},
        {"limit ": ["1"]},
        {"stages[]": [""]},
    ):
        (name,) = query
        answer = _answer(operation, query=query)
        _refused(operation, name, answer)
        (error,) = json.loads(answer[2])["errors"]
        assert error["message"] == (
            f"is no parameter of this call; there are: {known}"
            if known
            else "is no parameter of this call, which takes none"
        )
        (error,) = json.loads(_answer(operation, query=query, language="zh-CN")[2])["errors"]
        assert error["message"] == (
            f"没有这个参数;可用的参数:“{known.replace(', ', '”、“')}”"
            if known
            else "没有这个参数;这个地址不带参数"
        )


def _with_limit() -> Iterator[str]:
    yield from (
        operation
        for operation in CALLERS
        if operation.startswith("GET ") and "limit" in _parameters(operation)[1]
    )


def test_a_limit_that_is_no_number_or_beyond_its_bounds() -> None:
    operations = list(_with_limit())
    assert len(operations) > 10
    for operation in operations:
        for value in NO_NUMBERS:
            _refused(operation, "limit", _answer(operation, query={"limit": [value]}))


LONG = "GET /candidates/{candidate_id}"
LIST = "GET /uploads"


@pytest.mark.parametrize(
    ("operation", "ids", "query", "chinese", "english"),
    [
        (
            LONG,
            {"candidate_id": "人" * 3000},
            {},
            "candidate_id: 最多 128 个字符",
            "candidate_id: should have at most 128 characters",
        ),
        (
            LONG,
            {"candidate_id": "a\x00"},
            {},
            "candidate_id: 不能含有控制字符(例如换行、制表符)",
            "candidate_id: should have no control characters, such as line breaks or tabs",
        ),
        (
            LIST,
            {},
            {"filename": ["人" * 342]},
            "filename: 最多 1024 字节(UTF-8)",
            "filename: should have at most 1024 bytes of UTF-8",
        ),
        (LIST, {}, {"limit": ["1", "2"]}, "limit: 只能出现一次", "limit: should be there once"),
        (
            LIST,
            {},
            {"cursor": ["x" * 4097]},
            "cursor: 最多 4096 字节(UTF-8)",
            "cursor: should have at most 4096 bytes of UTF-8",
        ),
        (
            LIST,
            {},
            {"filename": ["\udc80"]},
            "filename: 含有无法用 UTF-8 表示的字符",
            "filename: holds a character that UTF-8 cannot carry",
        ),
    ],
)
def test_what_would_be_right_is_said_in_the_callers_language(
    operation: str, ids: dict[str, str], query: dict[str, list[str]], chinese: str, english: str
) -> None:
    for language, said in (("zh-CN", chinese), ("en", english)):
        status, _, body = _answer(operation, ids, query, language)
        assert (status, json.loads(body)["detail"]) == (400, said)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    _, _, body = _answer(LONG, {"candidate_id": "x" * 129}, {"a": ["\t"], "b": ["1", "2"]})
    assert [error["path"] for error in json.loads(body)["errors"]] == ["candidate_id", "a", "b"]


@pytest.mark.parametrize("path", ["/" + "x" * 3000, "/" + "人" * 3000, "/a\tb", "/\ud800"])
def test_a_path_that_leads_nowhere_is_not_repeated_at_length(path: str) -> None:
    api = _apis()[LONG]
    answer = api.handle(EVENT | {"httpMethod": "GET", "path": path, "body": None}, None)
    answer["body"].encode()
    assert (answer["statusCode"], json.loads(answer["body"])["type"]) == (404, "urn:rencai:problem:not_found")
    assert len(answer["body"]) < 800


def test_what_is_ours_fits() -> None:
    """The longest cursor is that of a file's uploads: its name is a key, and JSON doubles quotation marks."""
    cursor = to_cursor({"pk": "FILE#" + '"' * 1024, "sk": "upl_" + "0" * 32})
    assert cursor is not None
    assert len(cursor) < LONGEST_CURSOR
    lists = to_cursor(
        {
            "list": "x" * 64,
            "key": dict.fromkeys(("pk", "sk", LISTS_INDEX.pk, LISTS_INDEX.sk), "人" * 64 + "x" * 128),
        }
    )
    assert lists is not None
    assert len(lists) < LONGEST_CURSOR
    token = signed(Invitation("emp_" + "0" * 32, "2026-11", NOW.date()), b"key")
    assert len(token) <= LONGEST_ID


def test_a_cursor_that_utf8_cannot_carry_is_not_ours() -> None:
    """The table would not understand it."""
    with pytest.raises(DomainError) as refused:
        from_cursor("eyJwayI6Ilx1ZDgwMCJ9")
    assert refused.value.code is CommonRefusal.BAD_CURSOR


def test_the_documentation_says_how_long_an_id_may_be() -> None:
    from functions.api.document import document

    found = 0
    for operations in document()["paths"].values():
        for one in operations.values():
            for parameter in one.get("parameters", []):
                if parameter["in"] == "path":
                    found += 1
                    assert parameter["schema"]["maxLength"] <= LONGEST_ID
    assert found > 30


# --- bodies -----------------------------------------------------------------------------------------------------------


def _unbounded(schema: Any, where: str) -> Iterator[str]:
    """Where a body may hold as many members as it likes, and each of them may be wrong."""
    if isinstance(schema, list):
        for one in schema:
            yield from _unbounded(one, where)
        return
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "array" and "maxItems" not in schema:
        yield where
    mapping = schema.get("additionalProperties")
    if isinstance(mapping, dict) and mapping.keys() - {"description"} and "maxProperties" not in schema:
        yield where
    for name, part in schema.items():
        yield from _unbounded(part, f"{where}.{name}")


@pytest.mark.parametrize("operation", sorted(_apis()))
def test_whatever_a_body_has_several_of_is_bounded(operation: str) -> None:
    method, path = operation.split(" ")
    (route,) = (one for one in _apis()[operation].routes if (one.method, one.openapi_path) == (method, path))
    for parameter in route.dependant.body_params:
        schema = TypeAdapter(cast("Any", parameter.field_info.annotation)).json_schema()
        assert list(_unbounded(schema, parameter.name)) == []
