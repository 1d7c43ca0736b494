"""Records of the table's stream that no retry can help: on a queue, whole, until an admin has them relayed again."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from .bus import PublishFailed

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

REDRIVEN: Final = "redriven"
"""The one member of the event with which ``redrive`` hands the relay a record: that record."""
ENCODING: Final = "encoding"
"""Message attribute: how the record is written in the body. Lambda's own messages on the queue have none."""
PLAIN: Final = "json"
PACKED: Final = "gzip+base64"
_PLAIN_BYTES: Final = 1_000_000
"""A message of SQS's holds 1 MiB, its attributes included. An item is of 400 KB at most, and may be several times that
as the JSON of its image; packed it is below 1 MiB again, whatever it holds.
"""
_LEVEL: Final = 6
"""Python's own choice, 9, takes sixteen times as long over some items (2 s), for a twentieth of the size."""
_FOR_GOOD: Final = frozenset({"ValidationException", "SerializationException"})
_TOO_LARGE: Final = 413


def refused_for_good(error: Exception) -> bool:
    """Whether AWS has refused a write for what was to be written, so that the same write is refused for ever.

    It says so by these codes, by the status 413, and for an event by ``PublishFailed.for_good``. A denied permission is
    not for good, nor a resource that is not there: an admin mends both. Nor is whatever is not known here.
    """
    match error:
        case PublishFailed():
            return error.for_good
        case ClientError():
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            return error.response.get("Error", {}).get("Code") in _FOR_GOOD or status == _TOO_LARGE
    return False


class ParkedRecords:
    """The queue that takes what the relay cannot relay."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def park(self, record: Mapping[str, Any], reason: str) -> None:
        """Put a record there as it was delivered, with why; ``record_in`` reads it again.

        It holds what its item does, personal data included: ``reason`` must not.
        """
        # Plain ASCII: what SQS takes for text has no control characters, and an item's strings may have them.
        body, encoding = json.dumps(record, separators=(",", ":")), PLAIN
        if len(body) > _PLAIN_BYTES:
            body, encoding = base64.b64encode(gzip.compress(body.encode(), _LEVEL, mtime=0)).decode(), PACKED
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": reason[:250]},
                ENCODING: {"DataType": "String", "StringValue": encoding},
            },
        )


def record_in(body: str, encoding: str | None) -> dict[str, Any] | None:
    """The record of a message that ``park`` has sent; None for a message of anybody else."""
    if encoding not in (PLAIN, PACKED):
        return None
    text = gzip.decompress(base64.b64decode(body)).decode() if encoding == PACKED else body
    found: dict[str, Any] = json.loads(text)
    return found
