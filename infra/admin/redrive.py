"""Dead letters back to the queue they came from, parked records of the stream back to the relay.

SQS's own StartMessageMoveTask is not used: it can send a message home only when the queue's redrive policy brought it
here, and our consumers also park by themselves what no retry can help; and the embedded AWS does not have it.

A stream takes nothing back, so the relay itself is called with each parked record: that needs no right but the admin's
own, to invoke it, and the answer says there and then what became of the record. A queue with a mapping to the relay
would need rights for the relay to read it, and would try by itself what only another release can do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from rencai.platform.parked import ENCODING, REDRIVEN, record_in

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

SOURCE_ATTRIBUTE: Final = "queue_url"
"""Message attribute of a parked message: the queue it was on (``rencai.platform.queues``)."""
_BOOKKEEPING: Final = frozenset({SOURCE_ATTRIBUTE, "reason"})
_BATCH: Final = 10
_HIDDEN_SECONDS: Final = 120
_HIDDEN_WHILE_RELAYED_SECONDS: Final = 900
_RELAY: Final = "EventRelay"
"""Logical id of the function whose dead letters are records of a stream."""

UNDELIVERED: Final = "Undelivered"
"""Logical id of the queue on which EventBridge puts what it could not deliver (``infra.admin.undelivered``)."""

Relay = Callable[[Mapping[str, Any]], str | None]
"""Relays a record of the stream; answers why it could not, or None when it is done."""


@dataclass(frozen=True, slots=True)
class StackQueue:
    """A queue of the stack. ``dead_letters_of`` names the queues whose dead letters it takes."""

    logical_id: str
    url: str
    arn: str
    waiting: int
    dead_letters_of: tuple[str, ...]
    has_dead_letters: bool

    @property
    def name(self) -> str:
        return self.arn.rpartition(":")[2]

    @property
    def holds_failures(self) -> bool:
        """True of dead-letter queues, and of what takes a stream's failures: nobody reads from either."""
        return bool(self.dead_letters_of) or not self.has_dead_letters

    @property
    def of_a_stream(self) -> bool:
        """True of what takes a stream's failures."""
        return self.holds_failures and not self.dead_letters_of and not self.holds_undelivered

    @property
    def holds_undelivered(self) -> bool:
        """True of what takes the events and calls that EventBridge could not deliver."""
        return self.logical_id == UNDELIVERED


@dataclass(frozen=True, slots=True)
class Redriven:
    """``moved``: messages by the queue they went back to. ``left``: those of no known queue, which a person must see;
    ``reasons``: why messages had been parked, with how often.
    """

    moved: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relayed:
    """``relayed``: records of the stream that have been published. ``refused``: why others still cannot be, with how
    often; they stay. ``left``: messages that hold no record, but its place in the stream; a person must see them.
    """

    relayed: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    left: int = 0


def stack_queues(cloudformation: CloudFormationClient, sqs: SQSClient, stack_name: str) -> list[StackQueue]:
    """The stack's queues, with how many messages wait on each."""
    found: list[tuple[str, str, dict[str, str]]] = []
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::SQS::Queue" and "PhysicalResourceId" in resource:
                url = resource["PhysicalResourceId"]
                attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
                found.append((resource["LogicalResourceId"], url, {str(k): v for k, v in attributes.items()}))
    targets = {
        attributes["QueueArn"]: json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
        for _, _, attributes in found
        if attributes.get("RedrivePolicy")
    }
    return [
        StackQueue(
            logical_id=logical_id,
            url=url,
            arn=attributes["QueueArn"],
            waiting=int(attributes.get("ApproximateNumberOfMessages", 0)),
            dead_letters_of=tuple(
                source for source, target in targets.items() if target == attributes["QueueArn"]
            ),
            has_dead_letters=attributes["QueueArn"] in targets,
        )
        for logical_id, url, attributes in found
    ]


def redrive(sqs: SQSClient, queues: list[StackQueue], only: str | None = None) -> Redriven:
    """Move dead letters back to their queues, or those of one queue (``only``: its name or logical id).

    Each is sent before it is deleted: a crash between the two delivers it twice, which the consumers ignore.
    Raises ``LookupError`` when there is no such queue.
    """
    homes = [queue for queue in queues if queue.has_dead_letters]
    if only is not None:
        homes = [queue for queue in homes if only in (queue.name, queue.logical_id)]
        if not homes:
            known = ", ".join(
                queue.logical_id
                for queue in queues
                if queue.has_dead_letters or queue.of_a_stream or queue.holds_undelivered
            )
            raise LookupError(f"the stack has no queue '{only}' with dead letters; there are {known}")
    moved: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    left = 0
    for dead_letters in queues:
        if not dead_letters.dead_letters_of:
            continue
        set_aside: list[str] = []
        # As many as there were, no more: what fails again at once must not keep us here.
        for message in received(sqs, dead_letters):
            handle = message["ReceiptHandle"]
            home = _home(message, homes)
            if home is None:
                left += only is None
                set_aside.append(handle)
                continue
            if reason := attribute(message, "reason"):
                reasons[reason] += 1
            kept = {
                name: value
                for name, value in message.get("MessageAttributes", {}).items()
                if name not in _BOOKKEEPING
            }
            sqs.send_message(QueueUrl=home.url, MessageBody=message["Body"], MessageAttributes=kept)
            sqs.delete_message(QueueUrl=dead_letters.url, ReceiptHandle=handle)
            moved[home.logical_id] += 1
        show_again(sqs, dead_letters, set_aside)
    return Redriven(dict(moved), left, dict(reasons))


def relay_again(sqs: SQSClient, queue: StackQueue, relay: Relay) -> Relayed:
    """Have what is parked on a stream's queue relayed, in the stream's order as far as it is known.

    Each is relayed before it is deleted: a crash between the two tells its events twice, which the consumers ignore.
    What fails again stays, and is not tried a second time here.
    """
    parked: list[tuple[MessageTypeDef, dict[str, Any]]] = []
    left: list[MessageTypeDef] = []
    for message in received(sqs, queue, _HIDDEN_WHILE_RELAYED_SECONDS):
        record = record_in(message["Body"], attribute(message, ENCODING))
        if record is None:
            left.append(message)
        else:
            parked.append((message, record))
    parked.sort(key=lambda one: _place(one[1]))
    here = {message["ReceiptHandle"] for message, _ in parked} | {one["ReceiptHandle"] for one in left}
    refused: Counter[str] = Counter()
    relayed = 0
    try:
        for message, record in parked:
            if reason := relay(record):
                refused[reason] += 1
                continue
            sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
            here.discard(message["ReceiptHandle"])
            relayed += 1
    finally:
        # Also of what nobody came to: the alarm counts only what can be seen.
        show_again(sqs, queue, sorted(here))
    return Relayed(relayed, dict(refused), len(left))


def stack_relay(cloudformation: CloudFormationClient, lambda_: Any, stack_name: str) -> Relay:
    """The stack's relay, called with a record at a time: a call takes 6 MB, and one may have 2 as JSON."""
    resource = cloudformation.describe_stack_resource(StackName=stack_name, LogicalResourceId=_RELAY)
    name = resource["StackResourceDetail"]["PhysicalResourceId"]

    def relay(record: Mapping[str, Any]) -> str | None:
        answer = lambda_.invoke(FunctionName=name, Payload=json.dumps({REDRIVEN: record}).encode())
        if "FunctionError" in answer:
            return f"{_RELAY} failed; its log says why"
        said = json.loads(answer["Payload"].read())
        return None if said.get("relayed") is True else str(said.get("reason") or "unknown")

    return relay


def _place(record: Mapping[str, Any]) -> int:
    """Where in the stream a record was: later ones of an item have greater numbers."""
    return int(record.get("dynamodb", {}).get("SequenceNumber", 0))


def received(
    sqs: SQSClient, queue: StackQueue, hidden_seconds: int = _HIDDEN_SECONDS
) -> list[MessageTypeDef]:
    """The messages that waited on the queue when it was looked at, no more, hidden for so long."""
    messages: list[MessageTypeDef] = []
    while len(messages) < queue.waiting:
        answer = sqs.receive_message(
            QueueUrl=queue.url,
            MaxNumberOfMessages=min(_BATCH, queue.waiting - len(messages)),
            VisibilityTimeout=hidden_seconds,
            WaitTimeSeconds=2,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        if not answer.get("Messages"):
            break
        messages += answer["Messages"]
    return messages


def show_again(sqs: SQSClient, queue: StackQueue, handles: Iterable[str]) -> None:
    """Messages that were received and stay on the queue can be seen at once."""
    for handle in handles:
        # One that has been hidden for its whole time can be seen again by itself, and says that its handle is old.
        with suppress(ClientError):
            sqs.change_message_visibility(QueueUrl=queue.url, ReceiptHandle=handle, VisibilityTimeout=0)


def _home(message: MessageTypeDef, homes: list[StackQueue]) -> StackQueue | None:
    source = message.get("Attributes", {}).get("DeadLetterQueueSourceArn", "")
    parked = attribute(message, SOURCE_ATTRIBUTE) or ""
    names = {source.rpartition(":")[2], parked.rpartition("/")[2]}
    return next((queue for queue in homes if queue.name in names), None)


def attribute(message: MessageTypeDef, name: str) -> str | None:
    """A message attribute's text, or None."""
    found = message.get("MessageAttributes", {}).get(name)
    return found.get("StringValue") if found else None
