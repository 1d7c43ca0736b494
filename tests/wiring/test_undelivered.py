"""What EventBridge could not deliver is delivered by an admin, to where it was to go."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner

from infra.admin.__main__ import app
from infra.admin.redrive import stack_queues
from infra.admin.undelivered import address
from tests.aws import by_wire

STACK: Final = "rencai-test"
REGION_AND_ACCOUNT: Final = "ap-southeast-1:123456789012"
EVENT: Final = json.dumps({"detail-type": "offer.signed", "detail": {"subject": "cand_1"}})


class FakeLambda:
    """Invoke, and whom it refuses."""

    def __init__(self) -> None:
        self.invoked: list[tuple[str, str, bytes]] = []
        self.refuses: set[str] = set()

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        if FunctionName in self.refuses:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
        self.invoked.append((FunctionName, InvocationType, Payload))
        return {"StatusCode": 202}


class Tenant:
    """A stack of a queue with dead letters, HR's topic, two functions, and what could not be delivered to them."""

    def __init__(self) -> None:
        self.sqs: Any = by_wire("sqs")
        self.sns: Any = by_wire("sns")
        self.lambda_ = FakeLambda()
        dead = self.sqs.create_queue(QueueName="undelivered-test-dead")["QueueUrl"]
        policy = json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": 40})
        self.checks = self.sqs.create_queue(
            QueueName="undelivered-test-checks", Attributes={"RedrivePolicy": policy}
        )["QueueUrl"]
        self.undelivered = self.sqs.create_queue(QueueName="undelivered-test")["QueueUrl"]
        self.hears = self.sqs.create_queue(QueueName="undelivered-test-hr")["QueueUrl"]
        self.hr = self.sns.create_topic(Name="undelivered-test-hr")["TopicArn"]
        self.sns.subscribe(
            TopicArn=self.hr,
            Protocol="sqs",
            Endpoint=self.arn(self.hears),
            Attributes={"RawMessageDelivery": "true"},
        )
        self._resources = [
            ("AWS::SQS::Queue", "DeadLetters", dead),
            ("AWS::SQS::Queue", "CheckQueue", self.checks),
            ("AWS::SQS::Queue", "Undelivered", self.undelivered),
            ("AWS::SNS::Topic", "HrNotices", self.hr),
            ("AWS::Lambda::Function", "RiskScan", "rencai-RiskScan-1"),
            ("AWS::Lambda::Function", "Watchdog", "rencai-Watchdog-1"),
        ]

    def arn(self, url: str) -> str:
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        return str(attributes["QueueArn"])

    def get_paginator(self, _: str) -> Any:
        named = [
            {"ResourceType": kind, "LogicalResourceId": name, "PhysicalResourceId": physical}
            for kind, name, physical in self._resources
        ]
        return SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": named}])

    def not_delivered(
        self, target: str, body: str, *, schedule: str = "", code: str = "NO_PERMISSIONS"
    ) -> None:
        """As EventBridge puts it aside: of a schedule the attributes of Scheduler, else those of a rule."""
        said = {
            "TARGET_ARN": target,
            "ERROR_CODE": code,
            "ERROR_MESSAGE": "…",
            "RETRY_ATTEMPTS": "0",
            **(
                {"SCHEDULE_ARN": schedule}
                if schedule
                else {"RULE_ARN": "arn:aws:events:…:rule/rencai-t/Rule"}
            ),
        }
        self.sqs.send_message(
            QueueUrl=self.undelivered,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in said.items()
            },
        )

    def bodies(self, url: str) -> list[str]:
        """What can be seen on a queue; it is taken from it."""
        found = []
        while got := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in got]
        return found


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with mock_aws():
        yield Tenant()


@pytest.fixture
def redrive(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    clients: dict[str, Any] = {
        "sqs": tenant.sqs,
        "sns": tenant.sns,
        "lambda": tenant.lambda_,
        "cloudformation": tenant,
    }
    monkeypatch.setattr(boto3, "client", clients.__getitem__)

    def run(*arguments: str) -> list[str]:
        done = CliRunner().invoke(app, ["redrive", "--stack", STACK, *arguments])
        assert done.exit_code == 0, done.output
        return done.output.splitlines()

    return run


def schedule(name: str) -> str:
    return f"arn:aws:scheduler:{REGION_AND_ACCOUNT}:schedule/rencai-t/{name}"


def function(name: str) -> str:
    return f"arn:aws:lambda:{REGION_AND_ACCOUNT}:function:{name}"


@pytest.mark.parametrize("which", ["Undelivered", "undelivered-test", "--all"])
def test_an_event_goes_to_the_queue_and_the_topic_it_was_for(
    tenant: Tenant, redrive: Callable[..., list[str]], which: str
) -> None:
    tenant.not_delivered(tenant.arn(tenant.checks), EVENT)
    tenant.not_delivered(tenant.hr, EVENT, code="NO_RESOURCE")
    said = redrive(which)
    assert sorted(said[-4:]) == sorted(
        [
            "Undelivered: 1 delivered to CheckQueue",
            "Undelivered: 1 delivered to HrNotices",
            "  1 had not been: NO_PERMISSIONS",
            "  1 had not been: NO_RESOURCE",
        ]
    )
    assert said[:-4] == (["nothing to send back"] if which == "--all" else [])
    assert tenant.bodies(tenant.checks) == [EVENT]
    assert tenant.bodies(tenant.hears) == [EVENT]
    assert tenant.bodies(tenant.undelivered) == []


def test_a_function_is_called_once_however_many_calls_it_missed(
    tenant: Tenant, redrive: Callable[..., list[str]]
) -> None:
    for _ in range(3):
        tenant.not_delivered(function("rencai-Watchdog-1"), '{"n": 1}', schedule=schedule("Watchdog"))
    tenant.not_delivered(function("rencai-RiskScan-1"), "{}", schedule=schedule("RiskScan"))
    redrive("Undelivered")
    assert sorted(tenant.lambda_.invoked) == [
        ("rencai-RiskScan-1", "Event", b"{}"),
        ("rencai-Watchdog-1", "Event", b'{"n": 1}'),
    ]
    assert tenant.bodies(tenant.undelivered) == []


def test_what_is_still_refused_and_what_is_nobodys_stays_and_can_be_seen(
    tenant: Tenant, redrive: Callable[..., list[str]]
) -> None:
    tenant.lambda_.refuses = {"rencai-RiskScan-1"}
    tenant.not_delivered(function("rencai-RiskScan-1"), "scan", schedule=schedule("RiskScan"))
    tenant.not_delivered(f"arn:aws:sqs:{REGION_AND_ACCOUNT}:another-stacks", "stray")
    tenant.sqs.send_message(QueueUrl=tenant.undelivered, MessageBody="by hand")
    assert redrive("Undelivered") == [
        "Undelivered: nothing delivered",
        "  1 still not delivered: RiskScan: TooManyRequestsException",
        "  2 left: they were for no queue, topic or function of this stack",
    ]
    assert sorted(tenant.bodies(tenant.undelivered)) == ["by hand", "scan", "stray"]


def test_another_queue_leaves_them_alone_and_says_that_they_are_there(
    tenant: Tenant, redrive: Callable[..., list[str]]
) -> None:
    tenant.not_delivered(tenant.arn(tenant.checks), EVENT)
    assert redrive("CheckQueue") == ["nothing to send back", "Undelivered: 1 failures wait there as well"]
    assert tenant.bodies(tenant.checks) == []


def test_it_is_neither_a_queue_of_dead_letters_nor_a_streams(tenant: Tenant) -> None:
    (one,) = (queue for queue in stack_queues(tenant, tenant.sqs, STACK) if queue.logical_id == "Undelivered")  # type: ignore[arg-type]
    assert (one.holds_undelivered, one.holds_failures, one.of_a_stream) == (True, True, False)


@pytest.mark.parametrize(
    ("arn", "known_as"),
    [
        (f"arn:aws:sqs:{REGION_AND_ACCOUNT}:checks", "sqs:checks"),
        (f"arn:aws-cn:sns:{REGION_AND_ACCOUNT}:hr", "sns:hr"),
        (f"arn:aws:lambda:{REGION_AND_ACCOUNT}:function:scan", "lambda:scan"),
        (f"arn:aws:lambda:{REGION_AND_ACCOUNT}:function:scan:live", "lambda:scan"),
        ("", ""),
        ("scan", ""),
    ],
)
def test_a_targets_address(arn: str, known_as: str) -> None:
    assert address(arn) == known_as
