"""The relay on the embedded stack: a record that it can never relay stands in nobody's way."""

import json
import uuid
from typing import Any

import pytest

from infra.admin.redrive import Relayed, relay_again, stack_queues, stack_relay
from rencai.platform.parked import ENCODING, record_in
from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e

_AT = "2026-03-02T01:20:00.000Z"


def _written(outsider: Outsider, told: str) -> str:
    """A write that tells of an event of this name, of a candidate nobody knows; the candidate's id."""
    candidate_id = f"cand_{uuid.uuid4().hex[:26].upper()}"
    event = [f"evt_{candidate_id}_1", _AT, [[told, {}, "e2e"]]]
    outsider.stack.session.client("dynamodb").put_item(
        TableName=outsider.stack.table,
        Item={
            "pk": {"S": f"CANDIDATE#{candidate_id}"},
            "sk": {"S": "E2E"},
            "name": {"S": "周小雨"},
            "events": {"S": json.dumps(event)},
        },
    )
    return candidate_id


def _parked(outsider: Outsider, candidate_id: str) -> dict[str, Any] | None:
    """The message on the relay's dead letters that holds a candidate's record; it stays there."""
    messages = (
        outsider.stack.session.client("sqs")
        .receive_message(
            QueueUrl=outsider.resource("RelayDeadLetters"),
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        .get("Messages", [])
    )
    found = [
        message
        for message in messages
        if candidate_id in json.dumps(record_in(message["Body"], _said(message, ENCODING)))
    ]
    return dict(found[0]) if found else None


def _said(message: Any, attribute: str) -> str:
    return str(message.get("MessageAttributes", {}).get(attribute, {}).get("StringValue"))


def test_an_event_of_a_newer_release_is_parked_whole_the_others_go_on_and_redrive_says_what_it_is(
    outsider: Outsider,
) -> None:
    # Nobody acts on a refusal.
    newer, known = _written(outsider, "transition.framed"), _written(outsider, "transition.refused")

    def published() -> list[str] | None:
        told = [one["detail-type"] for one in outsider.events() if one["detail"]["subject"]["id"] == known]
        return told or None

    assert eventually("the event after it", published) == ["transition.refused"]
    parked = eventually("the record", lambda: _parked(outsider, newer))
    record = record_in(parked["Body"], _said(parked, ENCODING))
    assert record is not None
    assert record["dynamodb"]["NewImage"]["pk"] == {"S": f"CANDIDATE#{newer}"}
    assert json.loads(record["dynamodb"]["NewImage"]["events"]["S"])[2] == [["transition.framed", {}, "e2e"]]
    assert _said(parked, "reason").startswith("cannot be read: builtins.ValueError")

    # No newer release comes here: it is asked for, found to be what it was, and stays.
    done = _redriven(outsider)
    assert (done.relayed, done.left, list(done.refused)) == (0, 0, [_said(parked, "reason")])
    after = eventually("the record once more", lambda: _parked(outsider, newer))
    assert after["Body"] == parked["Body"]
    outsider.stack.session.client("sqs").delete_message(
        QueueUrl=outsider.resource("RelayDeadLetters"), ReceiptHandle=after["ReceiptHandle"]
    )


def _redriven(outsider: Outsider) -> Relayed:
    """What ``admin redrive RelayDeadLetters`` does."""
    session, stack_name = outsider.stack.session, outsider.stack.stack_name
    cloudformation, sqs = session.client("cloudformation"), session.client("sqs")
    (queue,) = (
        one for one in stack_queues(cloudformation, sqs, stack_name) if one.logical_id == "RelayDeadLetters"
    )
    return relay_again(sqs, queue, stack_relay(cloudformation, session.client("lambda"), stack_name))
