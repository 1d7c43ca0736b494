"""What makes no error is noticed: on the embedded stack, under the functions' own permissions."""

import json
import uuid

import pytest

from infra.admin.redrive import stack_queues
from infra.admin.undelivered import TARGET_ATTRIBUTE, deliver_again, stack_targets
from tests.e2e.outsider import Outsider, eventually
from tests.e2e.switches import roll_call, schedule_off

pytestmark = pytest.mark.e2e


def test_the_roll_call_finds_all_and_misses_a_schedule_that_was_switched_off(outsider: Outsider) -> None:
    assert roll_call(outsider) == ""
    # Nobody waits for this one before the 25th.
    with schedule_off(outsider, "SurveyInviteRun"):
        assert roll_call(outsider) == "SurveyInviteRun is switched off"
    assert roll_call(outsider) == ""


def test_what_could_not_be_delivered_is_delivered_by_an_admin(outsider: Outsider) -> None:
    session = outsider.stack.session
    sqs, sns, cloudformation = session.client("sqs"), session.client("sns"), session.client("cloudformation")
    heard = sqs.create_queue(QueueName=f"hr-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=heard, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    hr = outsider.resource("HrNotices")
    sns.subscribe(TopicArn=hr, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    event = json.dumps({"detail-type": "journey.overdue", "detail": {"subject": uuid.uuid4().hex}})
    # As EventBridge puts it aside; the embedded one drops it.
    sqs.send_message(
        QueueUrl=outsider.resource("Undelivered"),
        MessageBody=event,
        MessageAttributes={
            TARGET_ATTRIBUTE: {"DataType": "String", "StringValue": hr},
            "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
        },
    )
    (undelivered,) = (
        queue
        for queue in stack_queues(cloudformation, sqs, outsider.stack.stack_name)
        if queue.holds_undelivered
    )
    targets = stack_targets(cloudformation, sqs, sns, session.client("lambda"), outsider.stack.stack_name)
    done = deliver_again(sqs, undelivered, targets)
    assert (dict(done.delivered), done.left) == ({"HrNotices": 1}, 0)

    def told() -> bool:
        messages = sqs.receive_message(QueueUrl=heard, MaxNumberOfMessages=10).get("Messages", [])
        return any(message["Body"] == event for message in messages)

    eventually("the event on HR's topic", told)
    assert outsider.messages_on("Undelivered") == 0
