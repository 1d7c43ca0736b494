"""``python -m infra.admin redrive`` of what the relay has parked: its handler, behind a Lambda that is not there."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import boto3
import pytest
from typer.testing import CliRunner

from functions.relay import relay
from infra.admin.__main__ import app
from infra.admin.redrive import Relayed, StackQueue, relay_again, stack_queues, stack_relay
from tests.relay.stream import CONTEXT, DONE, NAME, Relay, poison, refused, stream_record
from tests.template import resources
from tests.wired import serves

STACK: Final = "rencai-test"
AGED_OUT: Final = json.dumps({"DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": 1}})
"""What Lambda sends of a record that it gave up."""


class FakeLambda:
    """Invoke: the relay's handler, as JSON in and out. ``instead`` answers for it where it is given."""

    def __init__(self) -> None:
        self.invoked: list[str] = []
        self.instead: Callable[[], dict[str, Any]] | None = None

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.invoked.append(FunctionName)
        if self.instead:
            return self.instead()
        answer = relay.handler(json.loads(Payload), CONTEXT)
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}


class FakeCloudFormation:
    """A stack with the relay and its dead letters."""

    def __init__(self, url: str) -> None:
        self._resources = [
            {
                "LogicalResourceId": "RelayDeadLetters",
                "ResourceType": "AWS::SQS::Queue",
                "PhysicalResourceId": url,
            },
            {
                "LogicalResourceId": "EventRelay",
                "ResourceType": "AWS::Lambda::Function",
                "PhysicalResourceId": "rencai-EventRelay-1",
            },
        ]

    def get_paginator(self, _: str) -> Any:
        pages = [{"StackResourceSummaries": self._resources}]
        return SimpleNamespace(paginate=lambda **_: pages)

    def describe_stack_resource(self, **asked: str) -> dict[str, Any]:
        assert asked["StackName"] == STACK
        (found,) = (one for one in self._resources if one["LogicalResourceId"] == asked["LogicalResourceId"])
        return {"StackResourceDetail": found}


class Admin:
    """An admin of the tenant whose relay it is."""

    def __init__(self, tenant: Relay) -> None:
        self.tenant = tenant
        self.lambda_ = FakeLambda()
        self.cloudformation: Any = FakeCloudFormation(tenant.url)

    @property
    def queue(self) -> StackQueue:
        (found,) = stack_queues(self.cloudformation, self.tenant.aws_sqs, STACK)
        return found

    def redrive(self) -> Relayed:
        return relay_again(
            self.tenant.aws_sqs, self.queue, stack_relay(self.cloudformation, self.lambda_, STACK)
        )


@pytest.fixture
def one(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Relay:
    made = Relay(dynamodb)
    serves(monkeypatch, made.wired)
    return made


@pytest.fixture
def admin(one: Relay) -> Admin:
    return Admin(one)


def park(one: Relay, *records: dict[str, Any]) -> None:
    for record in records:
        one.wired.parked_records.park(record, "cannot be read")


def test_what_is_parked_is_relayed_in_the_streams_order_and_is_gone(one: Relay, admin: Admin) -> None:
    park(one, *(stream_record(number) for number in (10, 9, 2, 100, 1, 3, 4, 5, 6, 7, 8, 11)))
    assert admin.redrive() == Relayed(12)
    assert one.bus.published == [f"evt_{number}_0" for number in (*range(1, 12), 100)]
    assert one.timeline(stream_record(100)) == ["offer.signed"]
    assert one.letters() == []
    assert set(admin.lambda_.invoked) == {"rencai-EventRelay-1"}


def test_one_too_large_for_a_plain_message(one: Relay, admin: Admin) -> None:
    park(one, stream_record(1, filling={"S": "\x01" * 300_000}))
    assert admin.redrive() == Relayed(1)
    assert one.bus.published == ["evt_1_0"]


def test_what_still_cannot_be_relayed_stays_as_it_is_and_is_said(one: Relay, admin: Admin) -> None:
    assert one.handed(poison(0), poison(1), stream_record(2)) == DONE
    (reason,) = {letter.reason for letter in one.letters()}
    park(one, stream_record(3))
    before = {letter.body for letter in one.letters()}
    assert admin.redrive() == Relayed(1, {reason: 2})
    assert len(admin.lambda_.invoked) == 3, "each once, and nothing loops"
    letters = one.letters()
    assert [letter.record for letter in letters] == [poison(0), poison(1)]
    assert {letter.body for letter in letters} < before
    assert one.bus.published == ["evt_2_0", "evt_3_0"]


def test_what_lambda_gave_up_holds_no_record_and_is_left(one: Relay, admin: Admin) -> None:
    one.aws_sqs.send_message(QueueUrl=one.url, MessageBody=AGED_OUT)
    park(one, stream_record(1))
    assert admin.redrive() == Relayed(1, {}, 1)
    assert [letter.body for letter in one.letters()] == [AGED_OUT]
    assert len(admin.lambda_.invoked) == 1


def test_the_same_record_twice_is_the_same_event_twice(one: Relay, admin: Admin) -> None:
    park(one, stream_record(1), stream_record(1))
    assert admin.redrive() == Relayed(2)
    assert one.bus.published == ["evt_1_0", "evt_1_0"]
    assert one.timeline(stream_record(1)) == ["offer.signed"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        # a release that does not know what redrive asks; one that answers as if the stream had called
        ({"FunctionError": "Unhandled"}, "EventRelay failed; its log says why"),
        ({"Payload": io.BytesIO(b'{"batchItemFailures": []}')}, "unknown"),
    ],
)
def test_nothing_is_deleted_that_the_relay_does_not_say_it_relayed(
    one: Relay, admin: Admin, answer: dict[str, Any], reason: str
) -> None:
    park(one, stream_record(1))
    admin.lambda_.instead = lambda: answer
    assert admin.redrive() == Relayed(0, {reason: 1})
    assert [letter.record for letter in one.letters()] == [stream_record(1)]


def test_a_call_that_fails_leaves_what_is_not_done_with_to_be_seen(one: Relay, admin: Admin) -> None:
    """At once, and not when its time is over: the alarm counts what can be seen."""
    park(one, *(stream_record(number) for number in range(5)))

    def throttled() -> dict[str, Any]:
        if len(admin.lambda_.invoked) == 3:
            raise refused("TooManyRequestsException", "Invoke")
        return {"Payload": io.BytesIO(b'{"relayed": true}')}

    admin.lambda_.instead = throttled
    with pytest.raises(Exception, match="TooManyRequestsException"):
        admin.redrive()
    assert [letter.record for letter in one.letters()] == [stream_record(number) for number in (2, 3, 4)]


def test_the_template_has_what_redrive_asks_for_by_name() -> None:
    events = resources("AWS::Serverless::Function")["EventRelay"]["Events"]
    assert events["Stream"]["Properties"]["DestinationConfig"]["OnFailure"]["Destination"] == {
        "Fn::GetAtt": "RelayDeadLetters.Arn"
    }


# --- at the command line -------------------------------------------------------------------------------------------


@pytest.fixture
def command(one: Relay, admin: Admin, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    clients: dict[str, Any] = {
        "sqs": one.aws_sqs,
        "cloudformation": admin.cloudformation,
        "lambda": admin.lambda_,
    }
    monkeypatch.setattr(boto3, "client", clients.__getitem__)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["redrive", "--stack", STACK, *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    return run


@pytest.mark.parametrize("which", ["--all", "RelayDeadLetters", "relay-dead-letters"])
def test_the_admin_is_told_what_became_of_each(one: Relay, command: Callable[..., str], which: str) -> None:
    one.aws_sqs.send_message(QueueUrl=one.url, MessageBody=AGED_OUT)
    assert one.handed(poison(0)) == DONE
    park(one, stream_record(1))
    said = command(which).splitlines()
    relayed, still, left = said[-3:]
    assert relayed == "RelayDeadLetters: 1 relayed"
    assert still.startswith("  1 still parked: cannot be read: builtins.ValueError at ")
    assert left.startswith("  1 left: failures without their record; see docs/operations.md, relay")
    assert said[:-3] == (["nothing to send back"] if which == "--all" else [])
    assert NAME not in "".join(said)


def test_nothing_relayed_is_said_where_it_was_asked_for(command: Callable[..., str]) -> None:
    assert command("RelayDeadLetters") == "RelayDeadLetters: nothing relayed\n"
    assert command("--all") == "nothing to send back\n"


def test_another_queue_leaves_them_alone_and_says_that_they_are_there(
    one: Relay, admin: Admin, command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    park(one, stream_record(1))
    found = stack_queues(admin.cloudformation, one.aws_sqs, STACK)
    offers = StackQueue(
        "OfferQueue", "https://sqs/offers", "arn:aws:sqs:::offers", 0, (), has_dead_letters=True
    )
    monkeypatch.setattr("infra.admin.redrive.stack_queues", lambda *_: [offers, *found])
    assert command("OfferQueue") == "nothing to send back\nRelayDeadLetters: 1 failures wait there as well\n"
    assert admin.lambda_.invoked == []
