"""One embedded stack for the whole suite: the real template, deployed by the SAM CLI, IAM enforced."""

import json
from collections.abc import Iterator

import pytest

from infra.local.defaults import load_defaults
from infra.local.stack import Stack, bring_up, stop
from tests.e2e.outsider import Outsider

_NAME = "e2e"
_EVENTS = "e2e-events"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    deployed = bring_up(_NAME, fresh=True, say=print)
    try:
        load_defaults(deployed)
        _keep_every_event(deployed)
        yield deployed
    finally:
        stop(_NAME)


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Outsider:
    return Outsider(stack, _EVENTS)


def _keep_every_event(stack: Stack) -> None:
    """A second listener on the tenant's bus, so that a test can read whatever was published."""
    sqs, events = stack.session.client("sqs"), stack.session.client("events")
    url = sqs.create_queue(QueueName=_EVENTS)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(allowed)})
    pattern = json.dumps({"source": ["rencai"]})
    events.put_rule(Name=_EVENTS, EventBusName=stack.bus, EventPattern=pattern)
    events.put_targets(Rule=_EVENTS, EventBusName=stack.bus, Targets=[{"Id": "kept", "Arn": arn}])
