"""The handlers as Lambda calls them, the template around them, and what their logs must not hold."""

import io
import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

import callback_sender.app
import vendor_api.app
from tests.sandbox.stage import (
    CALLBACK_URL,
    SECRETS,
    Stage,
    application,
    assessment,
    check,
    enrolment,
    envelope,
    rest_event,
    stage_change,
    template,
)
from vendor_contract.callback import Callback
from vendor_contract.secrets import read_vendor_secrets


@dataclass
class Context:
    function_name: str = "sandbox"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:sandbox"
    aws_request_id: str = "3f1c1c2e"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """What the stack would have made, and the environment it gives its functions."""
    properties = template()["Resources"]["SandboxTable"]["Properties"]
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        table = boto3.resource("dynamodb").create_table(
            TableName="sandbox",
            **{name: properties[name] for name in ("AttributeDefinitions", "KeySchema", "BillingMode")},
        )
        queue = boto3.resource("sqs").create_queue(QueueName="callbacks")
        document = {
            name: {"token": one.token, "webhook_secret": one.webhook_secret} for name, one in SECRETS.items()
        }
        boto3.client("secretsmanager").create_secret(
            Name="sandbox/vendors", SecretString=json.dumps(document)
        )
        for name, value in {
            "TABLE_NAME": "sandbox",
            "SECRET_NAME": "sandbox/vendors",
            "QUEUE_URL": queue.url,
            "CALLBACK_DELAY_SECONDS": "0",
            "PUBLIC_URL_PREFIX": "http://127.0.0.1:4566/_aws/execute-api/",
            "PUBLIC_URL_SUFFIX": "",
        }.items():
            monkeypatch.setenv(name, value)
        vendor_api.app._wired.cache_clear()
        callback_sender.app._wired.cache_clear()
        yield SimpleNamespace(table=table, queue=queue)
        vendor_api.app._wired.cache_clear()
        callback_sender.app._wired.cache_clear()


def ordered(path: str, body: Any) -> dict[str, Any]:
    vendor = path.split("/")[1]
    headers = {"Authorization": f"Bearer {SECRETS[vendor].token}", "Idempotency-Key": "k"}
    return rest_event("POST", path, headers=headers, body=json.dumps(body))


def test_the_api_as_deployed_on_the_embedded_stack(deployed: SimpleNamespace) -> None:
    order = envelope(
        callback_url="http://127.0.0.1:9/hook"
    )  # http is fine where the sandbox itself is on http
    made = json.loads(vendor_api.app.handler(ordered("/esign/envelopes", order), Context())["body"])  # type: ignore[arg-type]
    assert made["sign_url"].startswith("http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4e5/v1/esign/sign/")
    answer = vendor_api.app.handler(ordered("/background/checks", check()), Context())  # type: ignore[arg-type]
    assert answer["statusCode"] == 202
    (message,) = deployed.queue.receive_messages()
    assert json.loads(message.body)["type"] == "check.completed"


def test_two_tokens_are_never_alike(deployed: SimpleNamespace) -> None:
    for key in ("a", "b"):
        event = ordered("/esign/envelopes", envelope())
        event["headers"]["Idempotency-Key"] = key
        vendor_api.app.handler(event, Context())  # type: ignore[arg-type]
    secrets = {item["token_secret"] for item in deployed.table.scan()["Items"]}
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 43  # 256 bits


def test_the_sender_as_deployed(deployed: SimpleNamespace) -> None:
    unreadable = {
        "messageId": "m1",
        "eventSource": "aws:sqs",
        "body": "{}",
        "attributes": {},
        "receiptHandle": "h",
    }
    answer = callback_sender.app.handler({"Records": [unreadable]}, Context())  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def test_the_sender_knows_the_faults_and_the_api_the_tally(deployed: SimpleNamespace) -> None:
    headers = {"Authorization": f"Bearer {SECRETS['esign'].token}"}
    wrong = rest_event("PUT", "/faults/background", headers=headers, body='{"mode": "none", "silence": 1}')
    vendor_api.app.handler(wrong, Context())  # type: ignore[arg-type]
    # Nobody listens there.
    message = Callback("background", "msg_1", "http://127.0.0.1:9/hook", "check.completed", "now", {})
    deployed.queue.send_message(MessageBody=message.to_message())
    (received,) = deployed.queue.receive_messages()
    record = {
        "messageId": "m1",
        "eventSource": "aws:sqs",
        "body": received.body,
        "attributes": {"ApproximateReceiveCount": "2"},
        "receiptHandle": received.receipt_handle,
    }
    answer = callback_sender.app.handler({"Records": [record]}, Context())  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    vendor_api.app.handler(ordered("/background/checks", check()), Context())  # type: ignore[arg-type]
    summary = rest_event("GET", "/deliveries/summary", headers=headers)
    items = json.loads(vendor_api.app.handler(summary, Context())["body"])["items"]  # type: ignore[arg-type]
    assert (items[1]["vendor"], items[1]["retried"], items[1]["silenced"]) == ("background", 1, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"esign": {}}', '{"esign": {"token": "t0ps3cret"}}'])
def test_a_broken_secret_is_told_without_telling_it(text: str) -> None:
    client = SimpleNamespace(get_secret_value=lambda **_: {"SecretString": text})
    if text == "[]":
        assert read_vendor_secrets(client, "s") == {}
        return
    with pytest.raises(ValueError, match="secret s is not") as caught:
        read_vendor_secrets(client, "s")
    assert caught.value.__cause__ is None
    assert "t0ps3cret" not in str(caught.value)


def test_a_secret_has_no_repr() -> None:
    assert "token-of-esign" not in repr(SECRETS)


def test_logs_hold_nothing_personal(stage: Stage) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(vendor_api.app.logger.registered_formatter)
    log_of_the_api = logging.getLogger(vendor_api.app.logger.name)
    log_of_the_api.addHandler(handler)
    try:
        stage.post("/background/checks", check())
        stage.post(
            "/background/checks", {**check(), "person": {"name": "李四", "national_id": 110101199003071234}}
        )
        stage.queue_is_down = True
        stage.post("/background/checks", check("王五"), key="fails")
        stage.post("/ats/applications/app-1/stage", stage_change(occurred_at="薪资谈妥"))
        made = stage.post("/esign/envelopes", envelope()).json
        page = made["sign_url"].split("/v1")[1]
        stage.raw("POST", page, body='{"action": "decline", "reason": "薪资谈妥", "x": 1}')
        stage.raw("POST", page, body='{"action": "decline", "reason": "薪资谈妥"}')
        stage.post("/psychometric/assessments", assessment(candidate={"name": "王五"}))
        stage.post("/psychometric/assessments", assessment(candidate={"name": "王五", "email": None}))
        stage.test("/ats/applications", application(callback_url="薪资谈妥"))
        stage.test("/ats/applications", application(callback_url=CALLBACK_URL))
        enrolled = stage.post("/lms/enrolments", enrolment()).json["enrolment_id"]
        for review in ("薪资谈妥", 110101199003071234):
            report = {"completion_percent": 1, "mentor_review": review, "callback_url": CALLBACK_URL}
            stage.test(f"/lms/enrolments/{enrolled}/progress", report)
        stage.test(f"/esign/envelopes/{made['envelope_id']}/void", {"reason": "薪资谈妥"})
    finally:
        log_of_the_api.removeHandler(handler)
    log = written.getvalue()
    lines = [json.loads(line)["message"] for line in log.splitlines()]
    assert Counter(lines) == {"failed": 5, "refused": 7}
    personal = (
        "赵敏",
        "zhao@",
        "13800000000",
        "11010119900307123X",
        "沟通能力强",
        "李四",
        "王五",
        "张三",
        "110101199003071234",
        "薪资谈妥",
        "zhang@",
        "unguessable",
        "token-of",
    )
    assert not [text for text in personal if text in log.encode().decode("unicode_escape") or text in log]


def test_each_function_may_do_what_it_does_and_no_more() -> None:
    resources = template()["Resources"]

    def actions(role: str) -> set[str]:
        (policy,) = resources[role]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        assert all(one["Resource"] != "*" for one in statements)
        allowed = (one["Action"] for one in statements)
        return {action for some in allowed for action in ([some] if isinstance(some, str) else some)}

    common = {"secretsmanager:GetSecretValue", "logs:CreateLogStream", "logs:PutLogEvents"}
    assert actions("VendorApiRole") - common == {
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:Query",
        "sqs:SendMessage",
    }
    assert actions("CallbackSenderRole") - common == {
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
    }


def test_the_template_fits_the_code() -> None:
    resources = template()["Resources"]
    assert resources["SandboxTable"]["Properties"]["TimeToLiveSpecification"]["AttributeName"] == "forget_at"
    for function, module in (("VendorApi", vendor_api.app), ("CallbackSender", callback_sender.app)):
        assert resources[function]["Properties"]["Handler"] == f"{module.__name__}.handler"
    # A batch of receivers that all take their whole time, also over a forgery, still ends before the function does.
    sender = resources["CallbackSender"]["Properties"]
    batch = sender["Events"]["Callbacks"]["Properties"]
    assert 2 * batch["BatchSize"] * callback_sender.app.ANSWER_WITHIN_SECONDS < sender["Timeout"]
    assert batch["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert resources["CallbackQueue"]["Properties"]["VisibilityTimeout"] >= 6 * sender["Timeout"]


def test_the_functions_need_neither_the_suite_nor_its_layer() -> None:
    program = "import sys, vendor_api.app, callback_sender.app; print('rencai' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=vendor_api.app.__file__.rsplit("/vendor_api", 1)[0],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"
