"""Queue consumers: one event at a time, partial batch failures, backoff through visibility, DLQ at once when hopeless.

An outage of hours is ridden out by the queue: a failed message becomes visible again after 5, 10, 20 ... seconds, up
to 15 minutes, or when the vendor said, if that is later; until the queue's maxReceiveCount sends it to the dead-letter
queue. Nothing loops in a function.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from rencai.kernel import ids
from rencai.kernel.errors import IllegalTransition, VendorRefusal, VendorUnavailable
from rencai.kernel.events import Envelope, EventName

from .observability import described, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

FIRST_BACKOFF_SECONDS: Final = 5
LONGEST_BACKOFF_SECONDS: Final = 900


class Retry(Exception):
    """It cannot be done now and may be later. The text is safe to log."""


class BusEvent(BaseModel):
    """An event as a rule puts it on a queue."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    name: EventName = Field(alias="detail-type")
    detail: Envelope

    @property
    def since(self) -> int | None:
        """The version of the subject whose write carried the event, for ``Table.get_since``; None where another item of
        the subject's did, or a test made the event up.
        """
        return ids.version_told(self.detail.event_id, self.detail.subject.id)


class Queue(Protocol):
    """What a consumer may do to its own queue and the dead-letter queue behind it."""

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Hide a message for ``seconds``."""

    def park(self, body: str, reason: str) -> None:
        """Put a message on the dead-letter queue, for a person to look at."""


def backoff_seconds(receive_count: int) -> int:
    """Seconds until the next try after the ``receive_count``-th: 5 doubling to 900.

    >>> [backoff_seconds(count) for count in (1, 2, 3, 9, 40)]
    [5, 10, 20, 900, 900]
    """
    return min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS << min(receive_count - 1, 16))


def consume(
    event: dict[str, Any], _: "LambdaContext", queue: Queue, act: Callable[[str], object]
) -> dict[str, Any]:
    """Hand each message's body to ``act``; what fails comes back later, what is hopeless is parked.

    Answers with the messages to be tried again. A batch that fails whole is an ordinary outage, not a crash.
    Powertools' batch processor would do the same, but imports asyncio and every event type there is: a sixth of a
    cold start.
    """

    def handle(record: dict[str, Any]) -> None:
        receive_count = int(record["attributes"].get("ApproximateReceiveCount") or "1")
        try:
            act(record["body"])
        except VendorRefusal as error:
            reason = f"{error.vendor}: {error.reason}"
            logger.error("parked", extra={"reason": reason, "message_id": record["messageId"]})
            queue.park(record["body"], reason)
        except IllegalTransition as error:
            # The journey has moved elsewhere; the refusal is on the timeline, and trying again cannot change it.
            logger.warning("refused", extra={"fact": error.fact, "stage": error.stage})
        except Exception as error:
            seconds = backoff_seconds(receive_count)
            if isinstance(error, VendorUnavailable) and error.retry_after_seconds is not None:
                # Never sooner than the vendor asks; nor than the backoff, or the tries would be used up in an outage.
                seconds = max(seconds, error.retry_after_seconds)
            reason = str(error) if isinstance(error, Retry | VendorUnavailable) else described(error)
            logger.warning(
                "will be tried again",
                extra={
                    "reason": reason,
                    "message_id": record["messageId"],
                    "tries": receive_count,
                    "seconds": seconds,
                },
            )
            queue.delay(record["receiptHandle"], seconds)
            raise
        else:
            logger.info("done", extra={"message_id": record["messageId"], "tries": receive_count})

    failed = []
    for record in event["Records"]:
        try:
            handle(record)
        except Exception:  # noqa: BLE001 - logged above; the others of the batch must not wait for this one
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def consume_events(
    event: dict[str, Any], context: "LambdaContext", queue: Queue, act: Callable[[BusEvent], object]
) -> dict[str, Any]:
    """``consume`` for queues behind a bus rule."""

    def parsed(body: str) -> None:
        # What cannot be read must not be logged as the message before it.
        logger.remove_keys(["event_id", "subject"])
        told = BusEvent.model_validate(json.loads(body))
        # Until the next message's: whatever is logged of this one, its failure included, says whose it was.
        logger.append_keys(event_id=told.detail.event_id, subject=told.detail.subject.id)
        act(told)

    return consume(event, context, queue, parsed)
