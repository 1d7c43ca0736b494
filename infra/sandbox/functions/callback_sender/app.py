"""Queue in, signed webhook out. A receiver that does not answer 2xx hears of it again, later and later.

What a vendor's faults make of a delivery is decided in `attempt`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Protocol, cast

import boto3
import urllib3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from standardwebhooks import Webhook

from vendor_contract.callback import Callback
from vendor_contract.faults import FaultBook
from vendor_contract.secrets import VendorSecret, read_vendor_secrets
from vendor_contract.table import Table
from vendor_contract.tally import Outcome, Tally

from .attempt import Delivery, counted, deliveries, taken

ANSWER_WITHIN_SECONDS: Final = 10.0
LONGEST_PAUSE_SECONDS: Final = 900

logger = Logger()


class NotTakenError(Exception):
    """The receiver did not answer 2xx, or not at all."""


class QueueClient(Protocol):
    """The one call used of the SQS client."""

    def change_message_visibility(
        self,
        *,
        QueueUrl: str,  # noqa: N803  boto3's own spelling, here and below
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> Any: ...


Post = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body with headers to a URL; gives the status, or raises urllib3's HTTPError when none comes."""


def pause_after(attempt: int) -> int:
    """Seconds until the next attempt: 2, 4, 8 ... at most 900. `attempt` counts from 1."""
    return min(1 << max(attempt, 1), LONGEST_PAUSE_SECONDS)


def post_once(pool: urllib3.PoolManager) -> Post:
    """One POST: no redirects (a signed delivery goes where it was asked), no retries (the queue's job)."""

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        answer = pool.request(
            "POST",
            url,
            body=body,
            headers=dict(headers),
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(total=ANSWER_WITHIN_SECONDS),
            # A receiver's answer is its status; an endless body must not hold the function.
            preload_content=False,
        )
        answer.close()
        return answer.status

    return post


@dataclass(frozen=True, slots=True)
class CallbackSender:
    """Delivers one record of the queue at a time."""

    secrets: Mapping[str, VendorSecret]
    faults: FaultBook
    tally: Tally
    queue: QueueClient
    queue_url: str
    post: Post
    now: Callable[[], datetime]

    def deliver(self, record: SQSRecord) -> None:
        """Raises NotTakenError for anything but a 2xx, after telling the queue how long to wait."""
        callback = Callback.from_message(record.body)
        attempt = int(record.attributes.approximate_receive_count)
        # As they are now, not when the event happened: once a fault is over, what is on the queue gets through.
        fault = self.faults.read(callback.vendor, callback.said())
        secret = self.secrets[callback.vendor].webhook_secret
        outcomes = [Outcome.RETRIED] if attempt > 1 else []
        has_arrived = False
        for delivery in deliveries(callback, attempt, fault, secret, self.now()):
            status = self._send(delivery, callback.vendor, attempt)
            has_arrived = has_arrived or taken(delivery, status)
            if outcome := counted(delivery, status):
                outcomes.append(outcome)
        self.tally.add(callback.vendor, outcomes)
        if has_arrived:
            return
        pause = pause_after(attempt)
        self.queue.change_message_visibility(
            QueueUrl=self.queue_url, ReceiptHandle=record.receipt_handle, VisibilityTimeout=pause
        )
        logger.warning(
            "callback not taken",
            vendor=callback.vendor,
            webhook_id=callback.webhook_id,
            attempt=attempt,
            next_in_seconds=pause,
        )
        raise NotTakenError

    def _send(self, delivery: Delivery, vendor: str, attempt: int) -> int | None:
        """The status of the answer; None when there was none."""
        signature = Webhook(delivery.secret).sign(delivery.webhook_id, delivery.signed_at, delivery.body)
        headers = {
            "content-type": "application/json",
            "user-agent": "rencai-sandbox/1",
            "webhook-id": delivery.webhook_id,
            "webhook-timestamp": str(int(delivery.signed_at.timestamp())),
            "webhook-signature": signature,
        }
        status: int | None = None
        try:
            status = self.post(delivery.url, delivery.body.encode(), headers)
        except urllib3.exceptions.HTTPError as error:
            # The name only: the message repeats the address, which is the receiver's to keep to itself.
            answer = type(error).__name__
        else:
            answer = str(status)
        logger.info(
            "callback sent",
            vendor=vendor,
            webhook_id=delivery.webhook_id,
            kind=delivery.kind,
            attempt=attempt,
            answer=answer,
        )
        return status


@cache
def _wired() -> CallbackSender:
    """The real collaborators, once per container: so the secrets are read once."""
    table = cast(Table, boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"]))
    return CallbackSender(
        secrets=read_vendor_secrets(cast(Any, boto3.client("secretsmanager")), os.environ["SECRET_NAME"]),
        faults=FaultBook(table),
        tally=Tally(table),
        queue=cast(QueueClient, boto3.client("sqs")),
        queue_url=os.environ["QUEUE_URL"],
        post=post_once(urllib3.PoolManager()),
        now=lambda: datetime.now(UTC),
    )


def respond(
    event: dict[str, Any], context: LambdaContext, sender: CallbackSender
) -> PartialItemFailureResponse:
    """Delivers a batch; names the messages to be delivered again."""
    # A deaf receiver is no error of this function, even when the whole batch is addressed to it.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(
        event=event, record_handler=sender.deliver, processor=processor, context=context
    )


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """SQS trigger."""
    return respond(event, context, _wired())
