"""What stands before the API, and what is written down of who came."""

import json
import re
from typing import Any, Final

import pytest

from tests.template import resources, template

LOGGED: Final = {
    "request_id": "$context.requestId",
    "at": "$context.requestTime",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "client": "$context.authorizer.claims.client_id",
    "latency_ms": "$context.responseLatency",
    "function_ms": "$context.integrationLatency",
    "function_status": "$context.integrationStatus",
    "bytes": "$context.responseLength",
    "refused": "$context.error.responseType",
    "waf": "$context.wafResponseCode",
}
"""Each is a number, a name of ours, or API Gateway's; none is the caller's own word."""
PERSONAL: Final = re.compile(
    r"identity\.|sourceIp|userAgent|\.path\b|error\.message|claims\.(sub|username|email)|requestOverride|queryString"
)


def api() -> dict[str, Any]:
    (found,) = resources("AWS::Serverless::Api").values()
    return found


def test_every_call_is_logged_by_its_route_and_nothing_that_is_a_persons() -> None:
    condition, setting, _ = api()["AccessLogSetting"]["Fn::If"]
    assert condition == "AccessLogged"
    assert json.loads(setting["Format"]) == LOGGED
    assert not PERSONAL.search(setting["Format"])
    assert setting["DestinationArn"] == {"Fn::GetAtt": "AccessLogs.Arn"}
    logs = template()["Resources"]["AccessLogs"]
    assert (logs["Condition"], logs["Properties"]["RetentionInDays"]) == ("AccessLogged", 90)


@pytest.mark.parametrize(
    "told",
    [
        "$context.identity.sourceIp",
        "$context.identity.userAgent",
        "$context.path",
        "$context.authorizer.claims.sub",
        "$context.error.message",
    ],
)
def test_what_would_be_a_persons_is_seen_to_be(told: str) -> None:
    """Without this the test above could not fail."""
    assert PERSONAL.search(told)


def test_a_web_acl_stands_before_the_stage_where_a_tenant_has_one() -> None:
    fence = template()["Resources"]["ApiFence"]
    assert (fence["Type"], fence["Condition"]) == ("AWS::WAFv2::WebACLAssociation", "Fenced")
    assert fence["Properties"] == {
        "WebACLArn": {"Ref": "WebAclArn"},
        "ResourceArn": {
            "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Api.Stage}"
        },
    }
    assert template()["Parameters"]["WebAclArn"]["Default"] == ""
    assert template()["Conditions"]["Fenced"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebAclArn"}, ""]}]}


@pytest.mark.parametrize(
    ("function", "parameter", "condition"),
    [
        ("VendorCallbacks", "WebhookConcurrency", "WebhooksReserved"),
        ("EventRelay", "RelayConcurrency", "RelayReserved"),
    ],
)
def test_concurrency_is_set_aside_where_a_tenant_says_how_much(
    function: str, parameter: str, condition: str
) -> None:
    reserved = resources("AWS::Serverless::Function")[function]["ReservedConcurrentExecutions"]
    assert reserved == {"Fn::If": [condition, {"Ref": parameter}, {"Ref": "AWS::NoValue"}]}
    said = template()["Parameters"][parameter]
    assert said["Default"] == ""
    allowed = re.compile(said["AllowedPattern"])
    assert [bool(allowed.fullmatch(one)) for one in ("", "1", "1000", "0", "-1", "x")] == [True] * 3 + [
        False
    ] * 3


TYPES: Final = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
    "EXPIRED_TOKEN": 401,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 401,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
"""Every type of gateway response that API Gateway has."""


def test_what_api_gateway_answers_by_itself_is_a_problem_in_the_tenants_language() -> None:
    responses = api()["GatewayResponses"]
    assert {kind: one["StatusCode"] for kind, one in responses.items()} == TYPES
    assert template()["Conditions"]["InChinese"] == {"Fn::Equals": [{"Ref": "Language"}, "zh-CN"]}
    for kind, one in responses.items():
        assert one["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
        ((condition, *texts),) = (said["Fn::If"] for said in one["ResponseTemplates"].values())
        assert condition == "InChinese"
        chinese, english = map(json.loads, texts)
        for problem in (chinese, english):
            assert list(problem) == ["type", "title", "status", "detail", "request_id"]
            assert (problem["status"], problem["request_id"]) == (TYPES[kind], "$context.requestId")
            assert problem["type"].startswith("urn:rencai:problem:")
        assert chinese["type"] == english["type"]
        for name in ("title", "detail"):
            assert re.search("[一-鿿]", chinese[name])
            assert english[name].isascii()


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [("THROTTLED", "'1'"), ("QUOTA_EXCEEDED", "'1'"), ("DEFAULT_5XX", "'5'"), ("INTEGRATION_TIMEOUT", "'5'")],
)
def test_whoever_is_told_to_come_again_is_told_when(refusal: str, seconds: str) -> None:
    """Too many at once; and a function that has no concurrency left."""
    headers = api()["GatewayResponses"][refusal]["ResponseParameters"]["Headers"]
    assert headers["Retry-After"] == seconds


@pytest.mark.parametrize(
    ("arn", "good"),
    [
        ("", True),
        ("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/rencai/6f1c", True),
        ("arn:aws-cn:wafv2:cn-north-1:123456789012:regional/webacl/rencai/6f1c", True),
        ("arn:aws:wafv2:us-east-1:123456789012:global/webacl/rencai/6f1c", False),
        ("rencai", False),
    ],
)
def test_a_web_acl_is_one_of_the_region(arn: str, good: bool) -> None:
    assert bool(re.fullmatch(template()["Parameters"]["WebAclArn"]["AllowedPattern"], arn)) is good
