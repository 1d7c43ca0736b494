"""What EventBridge could not deliver, delivered: events to the queues and topics they were for, calls to the functions.

EventBridge itself sends nothing again. Each message says in its attributes where it was to go: of a rule RULE_ARN and
TARGET_ARN, and the body is the event as the target would have got it (no rule of ours changes it); of a schedule
SCHEDULE_ARN and TARGET_ARN, and the body is what the function would have been called with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from infra.admin.redrive import StackQueue, attribute, received, show_again, stack_queues

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_sqs import SQSClient

TARGET_ATTRIBUTE: Final = "TARGET_ARN"
_REASON_ATTRIBUTE: Final = "ERROR_CODE"
_ARN_PARTS: Final = 6
_SCHEDULE_ATTRIBUTE: Final = "SCHEDULE_ARN"

Deliver = Callable[[str], None]
"""Hands a body to a target. Raises ``ClientError`` when it is still refused."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """``delivered``: messages by the logical id of the target that has them now. ``refused``: why others still cannot
    be delivered, with how often; they stay. ``left``: messages for no target of the stack, which a person must see.
    ``reasons``: why those that are delivered now were not in the first place, with how often.
    """

    delivered: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


def stack_targets(
    cloudformation: CloudFormationClient,
    sqs: SQSClient,
    sns: Any,
    functions: Any,
    stack_name: str,
) -> dict[str, tuple[str, Deliver]]:
    """Everything of the stack that a rule or a schedule may have as its target: by address (:func:`address`) its
    logical id, and how it is handed something. ``functions`` is Lambda's client.
    """
    queues = stack_queues(cloudformation, sqs, stack_name)
    targets = {address(queue.arn): (queue.logical_id, _to_queue(sqs, queue.url)) for queue in queues}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name):
        for resource in page["StackResourceSummaries"]:
            kind, physical = resource["ResourceType"], resource.get("PhysicalResourceId", "")
            if kind == "AWS::SNS::Topic" and physical:
                targets[address(physical)] = resource["LogicalResourceId"], _to_topic(sns, physical)
            elif kind == "AWS::Lambda::Function" and physical:
                targets[f"lambda:{physical}"] = (
                    resource["LogicalResourceId"],
                    _to_function(functions, physical),
                )
    return targets


def address(arn: str) -> str:
    """``sqs:<name>`` of a queue's ARN, ``sns:<name>`` of a topic's, ``lambda:<name>`` of a function's or its alias'."""
    parts = arn.split(":")
    if len(parts) < _ARN_PARTS:
        return ""
    service, name = parts[2], parts[6] if parts[5] == "function" and len(parts) > _ARN_PARTS else parts[5]
    return f"{service}:{name}"


def deliver_again(
    sqs: SQSClient, undelivered: StackQueue, targets: Mapping[str, tuple[str, Deliver]]
) -> Delivered:
    """Deliver what waits on the queue. What is still refused stays, and is not tried a second time here.

    Each is delivered before it is deleted: a crash between the two delivers it twice, which all targets bear. A
    function is called once, however many of its schedule's calls it missed: a run does whatever is due.
    """
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    called: set[str] = set()
    left = 0
    held: list[str] = []
    for message in received(sqs, undelivered):
        to, handle = address(attribute(message, TARGET_ATTRIBUTE) or ""), message["ReceiptHandle"]
        if to not in targets:
            left += 1
            held.append(handle)
            continue
        name, deliver = targets[to]
        try:
            if to not in called:
                deliver(message["Body"])
        except ClientError as error:
            refused[f"{name}: {error.response.get('Error', {}).get('Code', 'unknown')}"] += 1
            held.append(handle)
            continue
        if attribute(message, _SCHEDULE_ATTRIBUTE):
            called.add(to)
        sqs.delete_message(QueueUrl=undelivered.url, ReceiptHandle=handle)
        done[name] += 1
        reasons[attribute(message, _REASON_ATTRIBUTE) or "no reason given"] += 1
    show_again(sqs, undelivered, held)
    return Delivered(dict(done), dict(refused), left, dict(reasons))


def _to_queue(sqs: Any, url: str) -> Deliver:
    def deliver(body: str) -> None:
        sqs.send_message(QueueUrl=url, MessageBody=body)

    return deliver


def _to_topic(sns: Any, arn: str) -> Deliver:
    def deliver(body: str) -> None:
        sns.publish(TopicArn=arn, Message=body)

    return deliver


def _to_function(functions: Any, name: str) -> Deliver:
    def deliver(body: str) -> None:
        functions.invoke(FunctionName=name, InvocationType="Event", Payload=body.encode())

    return deliver
