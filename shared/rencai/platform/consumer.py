"""Queue consumers: one event at a time, partial batch failures, backoff through visibility, DLQ at once when hopeless.

An outage of hours is ridden out by the queue: a failed message becomes visible again after 5, 10, 20 ... seconds, up
to 15 minutes, or when the vendor said, if that is later; until the queue's maxReceiveCount sends it to the dead-letter
queue. Nothing loops in a function.

A process that dies - of memory, of time - puts nothing back, and would die forty times. So receipts that never ended
are counted (``Attempts``), and after three of them what the message is about is given up with a reason, and parked.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from rencai.kernel import ids
from rencai.kernel.errors import (
    CommonRefusal,
    DomainError,
    IllegalTransition,
    VendorRefusal,
    VendorUnavailable,
)
from rencai.kernel.events import Envelope, EventName

from .observability import described, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

DEATHS: Final = 3
"""Receipts of a message that came to no end, after which it is given up."""
MAX_RECEIVES: Final = 40
"""What template.yaml says for every queue: after so many receipts SQS moves a message to the dead letters by itself."""
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


def event_in(body: str) -> BusEvent | None:
    """The event of a message; None: it holds none, or none that can be read."""
    try:
        return BusEvent.model_validate(json.loads(body))
    except (ValueError, RecursionError):
        return None


class Queue(Protocol):
    """What a consumer may do to its own queue and the dead-letter queue behind it."""

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Hide a message for ``seconds``."""

    def park(self, body: str, reason: str) -> None:
        """Put a message on the dead-letter queue, for a person to look at."""


class Attempts(Protocol):
    """What is counted of messages that were received more than once."""

    def begun(self, message_id: str) -> int:
        """A message is begun again; how many of its receipts came to no end."""

    def ended(self, message_id: str) -> None:
        """A receipt has come to an end, well or with a back-off."""


GiveUp = Callable[[dict[str, Any], DomainError], None]
"""Has what a message (an SQS record) is about fail, with the reason that whoever waits for it is shown. It does as
little as it can: what it does not do itself may be what the process died of. It may be called again.
"""


def backoff_seconds(receive_count: int) -> int:
    """Seconds until the next try after the ``receive_count``-th: 5 doubling to 900.

    >>> [backoff_seconds(count) for count in (1, 2, 3, 9, 40)]
    [5, 10, 20, 900, 900]
    """
    return min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS << min(receive_count - 1, 16))


def consume(
    event: dict[str, Any],
    _: "LambdaContext",
    queue: Queue,
    attempts: Attempts,
    act: Callable[[str], object],
    give_up: GiveUp,
    *,
    in_the_end: bool = False,
) -> dict[str, Any]:
    """Hand each message's body to ``act``; what fails comes back later, what is hopeless is parked. A message that
    whoever had it died with three times is handed to ``give_up``, and parked; ``in_the_end``: and so is one that fails
    at its last receipt.

    Answers with the messages to be tried again. A batch that fails whole is an ordinary outage, not a crash.
    Powertools' batch processor would do the same, but imports asyncio and every event type there is: a sixth of a
    cold start.
    """

    def handle(record: dict[str, Any]) -> None:
        receive_count = int(record["attributes"].get("ApproximateReceiveCount") or "1")
        try:
            deaths = attempts.begun(record["messageId"]) if receive_count > 1 else 0
            if deaths >= DEATHS:
                broken_off = DomainError(CommonRefusal.BROKEN_OFF, times=DEATHS)
                # Once giving up is what it dies of, a person has to look.
                _give_up(record, broken_off, queue, give_up if deaths < 2 * DEATHS else None)
                return
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
            if in_the_end and receive_count >= MAX_RECEIVES:
                logger.error("failed at last", extra={"reason": reason, "message_id": record["messageId"]})
                _give_up(record, DomainError(CommonRefusal.IN_VAIN, times=MAX_RECEIVES), queue, give_up)
                return
            logger.warning(
                "will be tried again",
                extra={
                    "reason": reason,
                    "message_id": record["messageId"],
                    "tries": receive_count,
                    "seconds": seconds,
                },
            )
            _ended(record, attempts)
            queue.delay(record["receiptHandle"], seconds)
            raise
        else:
            logger.info("done", extra={"message_id": record["messageId"], "tries": receive_count})
        if receive_count > 1:
            # Whoever shares the batch may yet die, and this message come again for it.
            _ended(record, attempts)

    failed = []
    for record in event["Records"]:
        try:
            handle(record)
        except Exception:  # noqa: BLE001 - logged above; the others of the batch must not wait for this one
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _give_up(record: dict[str, Any], reason: DomainError, queue: Queue, give_up: GiveUp | None) -> None:
    logger.error("given up", extra={"reason": str(reason), "message_id": record["messageId"]})
    if give_up:
        give_up(record, reason)
    queue.park(record["body"], str(reason))


def _ended(record: dict[str, Any], attempts: Attempts) -> None:
    try:
        attempts.ended(record["messageId"])
    except Exception as error:  # noqa: BLE001 - uncounted, it looks like a death: one of three, and the table is down
        logger.warning("not counted", extra={"reason": described(error), "message_id": record["messageId"]})


def consume_events(
    event: dict[str, Any],
    context: "LambdaContext",
    queue: Queue,
    attempts: Attempts,
    act: Callable[[BusEvent], object],
    give_up: GiveUp,
) -> dict[str, Any]:
    """``consume`` for queues behind a bus rule."""

    def parsed(body: str) -> None:
        # What cannot be read must not be logged as the message before it.
        logger.remove_keys(["event_id", "subject"])
        told = BusEvent.model_validate(json.loads(body))
        # Until the next message's: whatever is logged of this one, its failure included, says whose it was.
        logger.append_keys(event_id=told.detail.event_id, subject=told.detail.subject.id)
        act(told)

    return consume(event, context, queue, attempts, parsed, give_up)
