"""The HTTP edge, through a real API Gateway event: problem details, the caller's language, nothing that leaks."""

import json
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, ServiceError
from aws_lambda_powertools.event_handler.openapi.params import Body
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from rencai.hiring.rules.refusals import HiringRefusal
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import (
    CommonRefusal,
    Conflict,
    DomainError,
    IllegalTransition,
    LostRace,
    NotFound,
    Refusal,
)
from rencai.platform.api import Api, Cursor, Limit, caller_language, status_of
from tests.builders import result
from tests.logs import logged
from tests.refusals import REFUSALS
from tests.template import ROOT

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
REQUEST_ID = EVENT["requestContext"]["requestId"]
SECRET = "身份证110105194912310021"


class Told(BaseModel):
    language: str
    actor: str
    key: str | None
    request_key: str


def made(default_language: str = "zh-CN") -> Api:
    """An API of routes that go wrong in every way there is."""
    api = Api(default_language)
    app = api.resolver

    @app.post("/interviews")
    def post(interview: Annotated[Interview, Body()]) -> Response[dict[str, str]]:
        return Response(202, "application/json", {"id": interview.interview_id})

    @app.get("/me")
    def me() -> Told:
        context = app.context
        return Told(
            language=api.language,
            actor=context["actor"],
            key=context["idempotency_key"],
            request_key=context["request_key"],
        )

    @app.get("/list")
    def listed(limit: Limit = 25, cursor: Cursor = None) -> dict[str, Any]:
        return {"limit": limit, "cursor": cursor}

    @app.get("/missing")
    def missing() -> None:
        raise NotFound("candidate", "cand_1")

    @app.get("/illegal")
    def illegal() -> None:
        raise IllegalTransition("signed", "offer_declined")

    @app.get("/role")
    def role() -> None:
        raise DomainError(InterviewRefusal.UNKNOWN_ROLE, "position.role", role="chef", known="sales")

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    @app.get("/chained")
    def chained() -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error

    @app.get("/bad")
    def bad() -> None:
        raise BadRequestError("a framework's own words")

    @app.get("/teapot")
    def teapot() -> None:
        raise ServiceError(418, "a framework's own words")

    return api


def call(
    method: str = "GET",
    path: str = "/me",
    *,
    body: str | None = None,
    language: str | None = "en",
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    api: Api | None = None,
) -> tuple[int, str, Any]:
    """Status, content type and body of an answer."""
    event = json.loads(json.dumps(EVENT))
    event |= {"httpMethod": method, "path": path, "resource": path, "body": body}
    event["queryStringParameters"] = query
    event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
    event["headers"].pop("Accept-Language")
    if language is not None:
        event["headers"]["accept-LANGUAGE"] = language
    event["headers"] |= headers or {}
    answer = (api or made()).handle(event, object())
    return answer["statusCode"], answer["multiValueHeaders"]["Content-Type"][0], json.loads(answer["body"])


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> tuple[int, str, Any]:
    return (
        status,
        "application/problem+json",
        {
            "type": f"urn:rencai:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "request_id": REQUEST_ID,
            **more,
        },
    )


def test_what_routes_are_told_of_the_caller() -> None:
    key = EVENT["headers"]["Idempotency-Key"]
    assert call() == (
        200,
        "application/json",
        {
            "language": "en",
            "actor": "4k2mexampleclient",
            "key": key,
            "request_key": f"4k2mexampleclient#{key}",
        },
    )


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 129, "a\n"])
def test_a_key_that_is_none_is_left_out(key: str) -> None:
    _, _, told = call(headers={"Idempotency-Key": key})
    assert (told["key"], told["request_key"]) == (None, REQUEST_ID)


def test_a_key_is_what_is_seen_of_it() -> None:
    _, _, told = call(headers={"Idempotency-Key": "\ufeffkey-1\u200b"})
    assert told["key"] == "key-1"


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        (
            "/missing",
            problem(404, "not_found", "不存在", "没有这个候选人:cand_1"),
            problem(404, "not_found", "Not found", "There is no candidate cand_1"),
        ),
        (
            "/illegal",
            problem(409, "illegal_transition", "与现状冲突", "候选人处于“已签署”阶段,不能执行“拒签录用通知”"),
            problem(
                409,
                "illegal_transition",
                "Conflict",
                "The candidate is at stage 'signed'; 'offer_declined' cannot happen there",
            ),
        ),
        (
            "/role",
            problem(
                422,
                "unknown_role",
                "不符合规则",
                "没有岗位“chef”的胜任力模型;已有:sales",
                errors=[{"path": "position.role", "message": "没有岗位“chef”的胜任力模型;已有:sales"}],
            ),
            problem(
                422,
                "unknown_role",
                "Against a rule",
                "No competency model for role 'chef'; there are: sales",
                errors=[
                    {
                        "path": "position.role",
                        "message": "No competency model for role 'chef'; there are: sales",
                    }
                ],
            ),
        ),
        (
            "/nowhere",
            problem(404, "not_found", "不存在", "没有这个地址:/nowhere"),
            problem(404, "not_found", "Not found", "There is no path /nowhere"),
        ),
        (
            "/bad",
            problem(400, "http", "请求格式不对", "请求格式不对"),
            problem(400, "http", "The request is malformed", "The request is malformed"),
        ),
        ("/teapot", problem(418, "http", "出错了", "出错了"), problem(418, "http", "An error", "An error")),
        (
            "/broken",
            problem(500, "internal", "系统内部错误", "系统内部错误"),
            problem(500, "internal", "Something went wrong on our side", "Something went wrong on our side"),
        ),
    ],
)
def test_problems_whole_in_both_languages(path: str, chinese: Any, english: Any) -> None:
    assert call(path=path, language="zh-CN,zh;q=0.9,en;q=0.8") == chinese
    assert call(path=path, language="en-GB") == english
    assert call(path=path, language=None) == chinese
    assert call(path=path, language="fr", api=made("en")) == english


def test_a_method_that_an_address_does_not_take_is_told_those_it_takes() -> None:
    status, kind, answer = call("DELETE", "/interviews", language="zh-CN")
    assert (status, kind, answer["type"]) == (
        405,
        "application/problem+json",
        "urn:rencai:problem:method_not_allowed",
    )
    assert answer["detail"] == "这个地址不支持 DELETE;可用的方法:POST"
    assert call("PUT", "/list")[2]["detail"] == "This address does not take PUT; it takes GET"
    event = EVENT | {"httpMethod": "PUT", "path": "/list", "body": None}
    assert made().handle(event, None)["multiValueHeaders"]["Allow"] == ["GET"]


@pytest.mark.parametrize("path", ["/broken", "/chained"])
def test_nothing_of_an_unknown_error_leaves_the_house(path: str) -> None:
    with logged() as log:
        status, _, body = call(path=path)
    assert status == 500
    for text in (json.dumps(body, ensure_ascii=False), log.text):
        assert SECRET not in text
        assert SECRET[3:] not in text
        assert "Traceback" not in text
    (line,) = log.lines("reason", "level")
    assert (line["message"], line["level"]) == ("failed", "ERROR")
    kind, _, place = line["reason"].partition(" at ")
    assert kind in ("builtins.RuntimeError", "builtins.KeyError")
    assert place.startswith("test_api.py:")


def test_every_wrong_field_of_a_body_is_named() -> None:
    document = result()
    del document["interview_id"]
    document["answers"][0]["topic"] = ""
    assert call("POST", "/interviews", body=json.dumps(document)) == problem(
        400,
        "malformed",
        "The request is malformed",
        "interview_id: is required; answers[0].topic: should not be empty",
        errors=[
            {"path": "interview_id", "message": "is required"},
            {"path": "answers[0].topic", "message": "should not be empty"},
        ],
    )


def test_a_whole_body_that_is_good() -> None:
    assert call("POST", "/interviews", body=json.dumps(result())) == (
        202,
        "application/json",
        {"id": "itv-1"},
    )


NO_JSON = {
    "cut": "{",
    "empty": "",
    "words": "nonsense",
    "quotes": "{'a': 1}",
    "comma": '{"a": NaN,}',
    "deep": '{"a":' * 5000,
    "long": '{"a": ' + "1" * 5000 + "}",
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON.keys())
def test_a_body_that_is_no_json_is_malformed_as_a_whole(body: str) -> None:
    status, kind, answer = call("POST", "/interviews", body=body, language="zh-CN")
    assert (status, kind, answer["type"]) == (400, "application/problem+json", "urn:rencai:problem:malformed")
    assert [error["path"] for error in answer["errors"]] == ["body"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json-patch+json",
    ],
)
@pytest.mark.parametrize("body", ["a=1", json.dumps(result())], ids=["no JSON", "JSON"])
def test_a_body_of_another_kind_is_malformed(kind: str, body: str) -> None:
    status, _, answer = call("POST", "/interviews", body=body, headers={"content-type": kind})
    assert (status, answer["type"]) == (400, "urn:rencai:problem:malformed")
    assert answer["detail"] == "Content-Type should be application/json"


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", " application/json"])
def test_a_body_that_says_it_is_json(kind: str) -> None:
    assert call("POST", "/interviews", body=json.dumps(result()), headers={"content-type": kind})[0] == 202


@pytest.mark.parametrize("body", ["[]", "null", "3", '"text"'])
def test_json_that_is_no_object_is_malformed(body: str) -> None:
    status, _, answer = call("POST", "/interviews", body=body)
    assert (status, answer["type"]) == (400, "urn:rencai:problem:malformed")


def test_a_refused_body_is_not_quoted() -> None:
    document = result()
    document["candidate"]["phone"] = SECRET
    document["candidate"]["name"] = "\ud800"
    with logged() as log:
        status, _, answer = call("POST", "/interviews", body=json.dumps(document))
    assert status == 400
    assert SECRET not in json.dumps(answer, ensure_ascii=False) + log.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": "0"}, "should be at least 1"),
        ({"limit": "101"}, "should be at most 100"),
        ({"limit": "many"}, "should be a whole number"),
    ],
)
def test_a_wrong_limit(query: dict[str, str], message: str) -> None:
    assert call(path="/list", query=query) == problem(
        400,
        "malformed",
        "The request is malformed",
        f"limit: {message}",
        errors=[{"path": "limit", "message": message}],
    )


def test_pages() -> None:
    assert call(path="/list")[2] == {"limit": 25, "cursor": None}
    assert call(path="/list", query={"limit": "100", "cursor": "abc"})[2] == {"limit": 100, "cursor": "abc"}


def test_one_callers_language_does_not_stay_for_the_next() -> None:
    api = made()
    assert call(path="/missing", language="en", api=api)[2]["title"] == "Not found"
    assert call(path="/missing", language=None, api=api)[2]["title"] == "不存在"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("fr, en;q=0.8, zh;q=0.5", "en"),
        ("fr;q=1.0,zh;q=0.9", "zh-CN"),
        ("english", "zh-CN"),
        (" en ;q=0.1", "en"),
        (";;,,", "zh-CN"),
    ],
)
def test_the_callers_language(header: str | None, language: str) -> None:
    assert caller_language(header, "zh-CN") == language


@given(st.text())
def test_no_language_header_is_too_odd(header: str) -> None:
    assert caller_language(header, "en") in ("en", "zh-CN")


STATUSES = {
    CommonRefusal.NOT_FOUND: 422,  # by its class below: 404
    CommonRefusal.ILLEGAL_TRANSITION: 422,  # by its class below: 409
    HiringRefusal.NOTHING_TO_REVIEW: 422,
    InterviewRefusal.INTERVIEW_CHANGED: 422,
    InterviewRefusal.UNKNOWN_ROLE: 422,
    CommonRefusal.BAD_CURSOR: 400,
    CommonRefusal.KEY_REUSED: 422,
    CommonRefusal.CONFLICT: 422,
    CommonRefusal.NOT_JSON: 400,
    CommonRefusal.NOT_UTF8: 400,
    CommonRefusal.NOT_AUTHENTIC: 401,
    CommonRefusal.NOT_IN_CONTRACT: 400,
    CommonRefusal.BODY_TOO_LARGE: 413,
}


@pytest.mark.parametrize("code", REFUSALS)
def test_the_one_table_from_refusal_to_status(code: Refusal) -> None:
    assert status_of(DomainError(code, **dict.fromkeys(PARTS, "x"))) == STATUSES.get(code, 422)
    assert status_of(Conflict(code, **dict.fromkeys(PARTS, "x"))) == 409


PARTS = {
    name
    for refusal in REFUSALS
    for text in (refusal.chinese, refusal.english)
    for _, name, _, _ in Formatter().parse(text)
    if name
}


def test_errors_of_a_class_have_its_status() -> None:
    assert [
        status_of(error) for error in (NotFound("offer", "x"), LostRace(), IllegalTransition("a", "b"))
    ] == [
        404,
        409,
        409,
    ]


@pytest.mark.parametrize(
    ("language", "more"), [("en", "and 680 more, not listed"), ("zh-CN", "还有 680 处错误未列出")]
)
def test_of_a_thousand_mistakes_twenty_are_told_and_how_many_more(language: str, more: str) -> None:
    document = result()
    document["answers"] = [
        dict.fromkeys(("question_id", "topic", "question", "transcript", "duration_seconds"), ())
    ] * 100
    document["answers"][0]["signals"] = {"pause_seconds": ["x"] * 10_000, "frown_count": "x"}
    status, _, told = call("POST", "/interviews", body=json.dumps(document), language=language)
    assert status == 400
    assert len(told["errors"]) == 21
    assert told["errors"][-1] == {"message": more}
    assert len(json.dumps(told)) < 5000


# --- AWS has too much to do


def said_by_aws(code: str, *reasons: str) -> tuple[int, list[str], Any]:
    """Status, ``Retry-After`` and body of the answer when a service of AWS's refused."""
    api = made()

    @api.resolver.get("/refused")
    def refused() -> None:
        response: Any = {
            "Error": {"Code": code, "Message": SECRET},
            "CancellationReasons": [{"Code": reason} for reason in reasons],
        }
        raise ClientError(response, "TransactWriteItems")

    event = json.loads(json.dumps(EVENT))
    event |= {"httpMethod": "GET", "path": "/refused", "resource": "/refused", "body": None}
    event["headers"]["Accept-Language"] = "en"
    answer = api.handle(event, object())
    return (
        answer["statusCode"],
        answer["multiValueHeaders"].get("Retry-After", []),
        json.loads(answer["body"]),
    )


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("ThrottlingException", ()),  # the table, the key, the secrets
        ("ProvisionedThroughputExceededException", ()),
        ("RequestLimitExceeded", ()),
        ("SlowDown", ()),  # the bucket
        ("TransactionCanceledException", ("None", "ThrottlingError")),
        ("TransactionCanceledException", ("ProvisionedThroughputExceeded", "None")),
    ],
)
def test_whoever_asks_too_much_at_once_is_told_when_to_come_again(
    code: str, reasons: tuple[str, ...]
) -> None:
    with logged() as log:
        status, after, body = said_by_aws(code, *reasons)
    assert (status, after, body["type"]) == (429, ["5"], "urn:rencai:problem:throttled")
    assert log.lines("level") == [{"message": "throttled", "level": "WARNING"}]
    assert SECRET not in json.dumps(body, ensure_ascii=False) + log.text


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("AccessDeniedException", ()),
        ("ValidationException", ()),
        ("ResourceNotFoundException", ()),
        ("TransactionCanceledException", ("None", "ValidationError")),
    ],
)
def test_what_waiting_does_not_help_is_a_fault_of_ours(code: str, reasons: tuple[str, ...]) -> None:
    status, after, body = said_by_aws(code, *reasons)
    assert (status, after, body["type"]) == (500, [], "urn:rencai:problem:internal")
