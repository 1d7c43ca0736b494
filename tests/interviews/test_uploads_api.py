"""``/uploads`` by who asks: who hands in sees their own files, HR sees everybody's and what was dropped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.api.hr import handler
from rencai.interviews.store.uploads import LineError, Upload
from tests.journey.world import START, World, world
from tests.template import ROOT
from tests.wired import serves

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
DROPPED = "interviews/裁员名单.jsonl"


class _Context:
    function_name = "hr_api"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:hr_api"
    aws_request_id = "request"


class Callers:
    """Clients of the tenant's, by their scopes."""

    def __init__(self, one: World) -> None:
        self.one = one
        self._requests = 0

    def call(
        self, who: str, method: str, path: str, scope: str = "rencai/ingest", body: Any = None, **query: str
    ) -> tuple[int, Any]:
        self._requests += 1
        event = json.loads(json.dumps(EVENT))
        event["requestContext"] |= {"requestId": f"request-{self._requests}"}
        event["requestContext"]["authorizer"]["claims"] |= {"sub": who, "client_id": who, "scope": scope}
        event |= {
            "httpMethod": method,
            "path": path,
            "body": json.dumps(body) if body else None,
            "isBase64Encoded": False,
            "headers": {"content-type": "application/json"},
            "pathParameters": {"upload_id": path.removeprefix("/uploads/")} if path != "/uploads" else None,
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": None,
        }
        answer = handler(event, _Context())
        return int(answer["statusCode"]), json.loads(answer["body"])

    def asks(self, who: str, filename: str, scope: str = "rencai/ingest") -> str:
        status, made = self.call(who, "POST", "/uploads", scope, {"kind": "interviews", "filename": filename})
        assert status == 201, made
        return str(made["upload_id"])

    def sees(self, who: str, scope: str = "rencai/ingest", **query: str) -> set[str]:
        """Every page's names; one of them at a time, so that what is hidden is between them."""
        found: set[str] = set()
        cursor: dict[str, str] = {}
        while True:
            status, page = self.call(who, "GET", "/uploads", scope, None, limit="1", **query, **cursor)
            assert status == 200, page
            found |= {item["filename"] for item in page["items"]}
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}


@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callers]:
    with world() as one:
        serves(monkeypatch, one.wired)
        one.wired.interviews.uploads.create(Upload("upl_DROPPED", DROPPED, DROPPED, START, "zh-CN"))
        yield Callers(one)


def test_who_hands_in_sees_their_own_files_and_none_that_was_dropped(callers: Callers) -> None:
    callers.asks("client-a", "a-1.jsonl")
    callers.asks("client-b", "b-1.jsonl")
    callers.asks("hr", "hr-1.jsonl", "rencai/api")
    callers.asks("client-a", "a-2.jsonl")
    assert callers.sees("client-a") == {"a-1.jsonl", "a-2.jsonl"}
    assert callers.sees("client-b") == {"b-1.jsonl"}
    assert callers.sees("client-c") == set()
    everything = {"a-1.jsonl", "a-2.jsonl", "b-1.jsonl", "hr-1.jsonl", DROPPED}
    assert callers.sees("hr", "rencai/api") == everything
    assert callers.sees("both", "rencai/ingest rencai/api") == everything


@pytest.mark.parametrize("scope", ["", "rencai/ingest", "openid rencai/ingest", "rencai/apis", "api"])
def test_whatever_else_a_token_carries_only_the_readers_scope_opens_others_files(
    callers: Callers, scope: str
) -> None:
    others = callers.asks("client-b", "b-1.jsonl")
    assert callers.sees("client-a", scope) == set()
    assert callers.call("client-a", "GET", f"/uploads/{others}", scope)[0] == 404


def test_anothers_file_is_as_if_it_was_not_there(callers: Callers) -> None:
    own, others = callers.asks("client-a", "a.jsonl"), callers.asks("client-b", "b.jsonl")
    assert callers.call("client-a", "GET", f"/uploads/{own}")[0] == 200
    answers = [
        callers.call("client-a", "GET", f"/uploads/{id_}") for id_ in (others, "upl_DROPPED", "upl_NOBODY")
    ]
    assert {status for status, _ in answers} == {404}
    # But for the id that was asked for, they cannot be told apart.
    assert len({answer["detail"].partition("upl_")[0] for _, answer in answers}) == 1
    assert callers.call("hr", "GET", f"/uploads/{others}", "rencai/api")[0] == 200
    assert callers.call("hr", "GET", "/uploads/upl_DROPPED", "rencai/api")[0] == 200


def test_nobody_hears_by_its_name_of_a_file_that_is_anothers(callers: Callers) -> None:
    """Neither in a list nor in whether the list goes on."""
    callers.asks("client-b", "b.jsonl")
    callers.asks("client-a", "a.jsonl")
    for name in ("b.jsonl", DROPPED):
        status, page = callers.call("client-a", "GET", "/uploads", filename=name)
        assert (status, page) == (200, {"items": [], "next": None})
    callers.asks("client-a", "b.jsonl")
    assert callers.sees("client-a", filename="b.jsonl") == {"b.jsonl"}
    assert len(callers.call("hr", "GET", "/uploads", "rencai/api", filename="b.jsonl")[1]["items"]) == 2


def test_anothers_cursor_leads_to_no_file_of_theirs(callers: Callers) -> None:
    for number in range(3):
        callers.asks("client-b", f"b-{number}.jsonl")
    callers.asks("client-a", "a.jsonl")
    cursors = [
        callers.call("hr", "GET", "/uploads", "rencai/api", limit="1")[1]["next"],
        callers.call("client-b", "GET", "/uploads", limit="1")[1]["next"],
    ]
    for cursor in cursors:
        status, page = callers.call("client-a", "GET", "/uploads", cursor=cursor)
        assert status == 400 or all(one["filename"] == "a.jsonl" for one in page["items"])


def test_a_report_is_its_clients(callers: Callers) -> None:
    upload_id = callers.asks("client-b", "b.jsonl")
    uploads = callers.one.wired.interviews.uploads
    uploads.started(upload_id, "v1")
    uploads.failed(upload_id, LineError(0, "", "空文件"), f"reports/{upload_id}.jsonl", START)
    status, theirs = callers.call("client-b", "GET", f"/uploads/{upload_id}")
    assert (status, bool(theirs["report_url"])) == (200, True)
    assert callers.call("client-a", "GET", f"/uploads/{upload_id}")[0] == 404
