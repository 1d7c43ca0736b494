"""The queues of both stacks: what is still on its way, and what lies in the dead letters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from infra.admin.redrive import StackQueue, stack_queues
from infra.local.stack import Stack

_ON_ITS_WAY: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_LOOKED_AT_FOR_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """``event`` is None for what is no event of ours; ``reason`` None for what used up its deliveries."""

    queue: str
    came_from: str
    reason: str | None
    event: dict[str, Any] | None


class Queues:
    """Read only: dead letters stay where they are."""

    def __init__(self, stack: Stack) -> None:
        cloudformation = stack.session.client("cloudformation")
        self._sqs = stack.session.client("sqs")
        # Both stacks have a CallbackQueue.
        self._queues = {
            f"{whose}{queue.logical_id}": queue
            for whose, name in (("", stack.stack_name), ("sandbox's ", stack.sandbox_stack_name))
            for queue in stack_queues(cloudformation, self._sqs, name)
        }

    def moving(self) -> dict[str, int]:
        """Messages that are waiting, being worked at, or to come back later, by queue; none left out but zero."""
        counts = {
            name: self._count(queue) for name, queue in self._queues.items() if not queue.holds_failures
        }
        return {name: count for name, count in counts.items() if count}

    def dead_letters(self) -> list[DeadLetter]:
        """All of them, of both stacks."""
        return [
            letter
            for name, queue in self._queues.items()
            if queue.holds_failures
            for letter in self._dead_letters(name, queue)
        ]

    def _count(self, queue: StackQueue) -> int:
        found = self._sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])["Attributes"]
        counts = {str(name): value for name, value in found.items()}
        return sum(int(counts.get(name, 0)) for name in _ON_ITS_WAY)

    def _dead_letters(self, name: str, queue: StackQueue) -> Iterator[DeadLetter]:
        while True:
            messages = self._sqs.receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_LOOKED_AT_FOR_SECONDS,
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if not messages:
                return
            for message in messages:
                attributes = message.get("MessageAttributes", {})
                texts = {name: attribute.get("StringValue") for name, attribute in attributes.items()}
                yield DeadLetter(
                    queue=name,
                    came_from=(texts.get("queue_url") or "").rpartition("/")[2],
                    reason=texts.get("reason"),
                    event=_event(message["Body"]),
                )


def _event(body: str) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "detail-type" in found else None
