"""The messages of the scan's queue: some shards of a run."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Part:
    """Some shards of a run, scanned and counted as one."""

    scan_id: str
    run: int
    number: int
    shards: tuple[int, ...]


class PartsQueue:
    """Where the parts of a run wait to be scanned."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, part: Part) -> None:
        """Hand over a part."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(part)))
