"""SQS: a consumer's own queue, and queues that work is handed over to."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.literals import QueueAttributeNameType


class SqsQueue:
    """A consumer's own queue and the dead-letter queue it shares with the others."""

    def __init__(self, client: "SQSClient", url: str, dead_letter_url: str) -> None:
        self._client = client
        self._url = url
        self._dead_letter_url = dead_letter_url

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Hide a message for ``seconds`` (at most 12 hours)."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )

    def park(self, body: str, reason: str) -> None:
        """Put a message on the dead-letter queue with why it is there and where it belongs."""
        self._client.send_message(
            QueueUrl=self._dead_letter_url,
            MessageBody=body,
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason[:250] or "unknown"},
                "queue_url": {"DataType": "String", "StringValue": self._url},
            },
        )


class Outbox:
    """A queue that work is handed over to, a message at a time."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        """Hand over a message; it travels as JSON, and comes after ``delay_seconds`` (at most 900) at the earliest."""
        late: dict[str, Any] = {"DelaySeconds": delay_seconds} if delay_seconds else {}
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), **late)


class Backlog:
    """What waits on a queue of another function."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def waiting(self) -> int:
        """Messages that are not done: those to be received, those held back, and those that somebody works on. About
        so many, by SQS's own count.
        """
        counts: list[QueueAttributeNameType] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesNotVisible",
        ]
        found = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=counts)["Attributes"]
        return sum(int(found[name]) for name in counts)
