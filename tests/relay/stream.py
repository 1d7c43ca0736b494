"""The relay as Lambda runs it: its handler, on moto's table and queue, with a bus that refuses what it is told to."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

import botocore.session
from botocore.exceptions import ClientError

from functions.relay import relay
from rencai.platform.parked import record_in
from rencai.store.timeline import Timeline
from rencai.wiring import Wired
from tests.builders import NOW
from tests.keyed import IDS
from tests.wired import wired_with

REGION: Final = "ap-southeast-1"
DONE: Final[dict[str, Any]] = {"batchItemFailures": []}
NAME: Final = "周小雨"
"""On every item, and in no log line and no reason."""
_AT: Final = "2026-03-02T01:20:00.000Z"
CONTEXT: Final = SimpleNamespace(
    function_name="relay", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="request"
)


def stream_record(number: int, events: str | None = None, **image: Any) -> dict[str, Any]:
    """The ``number``-th record of a shard, telling one event of a candidate; or ``events``, and more of its image."""
    who = IDS.candidate_id("aiview", str(number))
    told = [f"evt_{number}", _AT, [["offer.signed", {"offer_id": f"off_{number}"}, "esign"]]]
    return {
        "eventID": f"{number:032x}",
        "eventName": "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": 1772414400.25,
            "Keys": {"pk": {"S": f"CANDIDATE#{who}"}, "sk": {"S": "JOURNEY"}},
            "NewImage": {
                "pk": {"S": f"CANDIDATE#{who}"},
                "sk": {"S": "JOURNEY"},
                "name": {"S": NAME},
                "events": {"S": events if events is not None else json.dumps(told)},
                **image,
            },
            "SequenceNumber": str(442158450000000001798590000 + number),
            "SizeBytes": 512,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:123456789012:table/rencai-test/stream/2026-03-01T00:00:00.000",
    }


def poison(number: int) -> dict[str, Any]:
    """A record of a newer release: its event has a name that this one does not know."""
    return stream_record(
        number, json.dumps([f"evt_{number}", _AT, [["offer.framed", {"why": NAME}, "rencai"]]])
    )


def sequence_number(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def failed_at(record: Mapping[str, Any]) -> dict[str, Any]:
    """The answer that has the stream come again from this record on."""
    return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)}]}


def refused(code: str, operation: str = "PutEvents", status: int = 400) -> ClientError:
    """What botocore raises when AWS refuses a call; its message quotes what was sent."""
    return ClientError(
        {"Error": {"Code": code, "Message": f"not {NAME}"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]  # what is read of it
        operation,
    )


class FakeEvents:
    """PutEvents. ``verdicts`` says of an event, by its id, the code its entry is refused with, or what the whole call
    raises that holds it; it is asked anew each time.
    """

    def __init__(self) -> None:
        self.verdicts: dict[str, str | Exception] = {}
        self.published: list[str] = []
        self.entries: dict[str, dict[str, Any]] = {}

    def put_events(self, *, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        told = [(json.loads(entry["Detail"])["event_id"], entry) for entry in Entries]
        for event_id, _ in told:
            verdict = self.verdicts.get(event_id)
            if isinstance(verdict, Exception):
                raise verdict
        answers: list[dict[str, Any]] = []
        for event_id, entry in told:
            if code := self.verdicts.get(event_id):
                answers.append({"ErrorCode": code, "ErrorMessage": NAME})
            else:
                self.published.append(event_id)
                self.entries[event_id] = entry
                answers.append({"EventId": "1"})
        return {"FailedEntryCount": sum("ErrorCode" in one for one in answers), "Entries": answers}

    def in_order(self) -> list[str]:
        """What was published, each where it was published first."""
        return list(dict.fromkeys(self.published))


@dataclass
class Failing:
    """An AWS client of which one operation raises while ``error`` stands; ``only`` for calls that it is true of."""

    client: Any
    operation: str
    error: Exception | None = None
    only: Callable[[dict[str, Any]], bool] = field(default=lambda _: True)

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.client, name)
        if name != self.operation:
            return call

        def failing(**arguments: Any) -> Any:
            if self.error and self.only(arguments):
                raise self.error
            return call(**arguments)

        return failing


@dataclass
class Letter:
    """A message on the relay's dead letters."""

    record: dict[str, Any] | None
    reason: str
    body: str
    encoding: str | None


@cache
def _sqs() -> Any:
    """One for all tests, since making it takes longer than they do; moto answers it where it is at work."""
    session: Any = botocore.session.get_session()
    return session.create_client("sqs", region_name=REGION)


class Relay:
    """The handler with its tenant."""

    def __init__(self, dynamodb: Any) -> None:
        self.bus = FakeEvents()
        self.table = Failing(dynamodb, "put_item")
        self.aws_sqs = _sqs()
        self.sqs = Failing(self.aws_sqs, "send_message")
        self.url = self.aws_sqs.create_queue(QueueName="relay-dead-letters")["QueueUrl"]
        clients = {"dynamodb": self.table, "sqs": self.sqs, "events": self.bus}
        self.wired: Wired = wired_with(clients.__getitem__, lambda: NOW, {"DEAD_LETTER_URL": self.url})

    def handed(self, *records: dict[str, Any]) -> dict[str, Any]:
        """What the handler answers the stream."""
        return dict(relay.handler({"Records": list(records)}, CONTEXT))

    def timeline(self, record: Mapping[str, Any]) -> list[str]:
        """The types on the timeline of whom a record is about."""
        (subject, _), *_ = relay.told_by(dict(record))
        return [item["type"] for item in Timeline(self.wired.table).since(subject, "")]

    def letters(self) -> list[Letter]:
        """What is parked, oldest first; it is looked at and stays."""
        found: list[Letter] = []
        handles: list[str] = []
        while messages := self.aws_sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=600, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                said = {
                    name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()
                }
                encoding = said.get("encoding")
                record = record_in(message["Body"], encoding)
                found.append(Letter(record, said.get("reason", ""), message["Body"], encoding))
                handles.append(message["ReceiptHandle"])
        for handle in handles:
            self.aws_sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0
            )
        return found
