"""The table as of a point in time, and what may not come back with it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from infra.admin.restore.plan import Plan
from rencai.store.erasures import Erasure

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

SEGMENTS: Final = 8
"""Parts that a table is scanned in at once."""
_FORGET_AT: Final = "forget_at"
_ASKED: Final = "ASKED#"
_BATCH: Final = 25
_KEY: Final = ("pk", "sk")
_POLL_SECONDS: Final = 2.0

RawItem = Mapping[str, Any]
"""An item in DynamoDB's own form."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many items were taken out of the restored table: past their ``forget_at``; of who was erased since."""

    forgotten: int
    erased: int


def restore(client: DynamoDBClient, template: Mapping[str, Any], plan: Plan) -> bool:
    """Have DynamoDB restore the table under the new name, and wait for it; False when it was there already.

    Raises LookupError when the moment is outside what DynamoDB keeps.
    """
    if plan.table in _names(client):
        _wait(client, plan.table)
        return False
    encryption = template["Resources"]["Table"]["Properties"]["SSESpecification"]
    try:
        client.restore_table_to_point_in_time(
            SourceTableName=plan.source.table,
            TargetTableName=plan.table,
            RestoreDateTime=plan.at,
            BillingModeOverride="PAY_PER_REQUEST",
            **_encrypted(encryption, plan.source.key_arn),
        )
    except client.exceptions.InvalidRestoreTimeException as error:
        described = client.describe_continuous_backups(TableName=plan.source.table)[
            "ContinuousBackupsDescription"
        ]
        window = described["PointInTimeRecoveryDescription"]
        first, last = window["EarliestRestorableDateTime"], window["LatestRestorableDateTime"]
        raise LookupError(
            f"{plan.source.table} can be restored as of {first.isoformat()} to {last.isoformat()}, "
            f"not {plan.at.isoformat()}"
        ) from error
    _wait(client, plan.table)
    return True


def clean(client: DynamoDBClient, table: str, now: datetime, erasures: Iterable[Erasure]) -> Cleaned:
    """Delete what is past its time, and what was erased since. DynamoDB's own time to live is off in a restored table,
    and takes days where it is on; and nothing that is to be gone may be told of by the stream, which comes later.
    """
    erased = list(erasures)

    def why(item: RawItem) -> str | None:
        until = item.get(_FORGET_AT, {}).get("N")
        if until is not None and int(until) <= now.timestamp():
            return "forgotten"
        key = (item["pk"]["S"], item["sk"]["S"])
        return "erased" if any(one.covers(*key) for one in erased) else None

    counted = delete_where(client, table, why, _FORGET_AT)
    return Cleaned(counted["forgotten"], counted["erased"])


def carry_over_asked(client: DynamoDBClient, old: str, table: str, erasures: Iterable[Erasure]) -> int:
    """Put what vendors were asked for since into the restored table; how much it was.

    A vendor holds a request against the first one under its key. What was asked after that moment is asked again, and
    has to be asked in the same words (``rencai.vendors.asked``); only the table of before still has them.
    """
    erased = list(erasures)

    def of_segment(segment: int) -> int:
        count = 0
        for item in scan(client, old, segment):
            key = (item["pk"]["S"], item["sk"]["S"])
            if key[1].startswith(_ASKED) and not any(one.covers(*key) for one in erased):
                count += _put_unless_there(client, table, item)
        return count

    return sum(in_parallel(of_segment))


def _put_unless_there(client: DynamoDBClient, table: str, item: Mapping[str, Any]) -> bool:
    try:
        client.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def delete_where(
    client: DynamoDBClient, table: str, why: Callable[[RawItem], str | None], *attributes: str
) -> Counter[str]:
    """Delete the items for which ``why`` has an answer, of the whole table; how many for each answer."""

    def of_segment(segment: int) -> list[tuple[str, Any]]:
        found = ((why(item), item) for item in scan(client, table, segment, *_KEY, *attributes))
        return [(reason, {name: item[name] for name in _KEY}) for reason, item in found if reason is not None]

    doomed = [one for part in in_parallel(of_segment) for one in part]
    for first in range(0, len(doomed), _BATCH):
        _delete(client, table, [key for _, key in doomed[first : first + _BATCH]])
    return Counter(reason for reason, _ in doomed)


def in_parallel(of_segment: Callable[[int], Any]) -> list[Any]:
    """What is made of each part of a table, all parts at once."""
    with ThreadPoolExecutor(SEGMENTS) as pool:
        return list(pool.map(of_segment, range(SEGMENTS)))


def scan(client: DynamoDBClient, table: str, segment: int, *attributes: str) -> Iterator[dict[str, Any]]:
    """A part of the table, these attributes of each item (none: all), read consistently."""
    arguments: dict[str, Any] = {}
    if attributes:
        names = {f"#{number}": name for number, name in enumerate(attributes)}
        arguments = {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
    pages = client.get_paginator("scan").paginate(
        TableName=table, Segment=segment, TotalSegments=SEGMENTS, ConsistentRead=True, **arguments
    )
    for page in pages:
        yield from page["Items"]


def _delete(client: DynamoDBClient, table: str, keys: list[Any]) -> None:
    requests: list[Any] = [{"DeleteRequest": {"Key": key}} for key in keys]
    pause = 0.1
    while requests:
        answer = client.batch_write_item(RequestItems={table: requests})
        requests = list(answer.get("UnprocessedItems", {}).get(table, []))
        if requests:
            time.sleep(pause)
            pause = min(pause * 2, 10)


def _encrypted(encryption: Mapping[str, Any], key_arn: str) -> dict[str, Any]:
    """Restored under the tenant's key where the template keeps the table under it: else the deployment would have to
    encrypt it anew."""
    if "KMSMasterKeyId" not in encryption:
        return {}
    return {"SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key_arn}}


def _names(client: DynamoDBClient) -> set[str]:
    return {name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]}


def _wait(client: DynamoDBClient, table: str) -> None:
    """A restore takes from minutes to hours, whatever the size."""
    while True:
        described = client.describe_table(TableName=table)["Table"]
        if described["TableStatus"] == "ACTIVE" and not described.get("RestoreSummary", {}).get(
            "RestoreInProgress"
        ):
            return
        time.sleep(_POLL_SECONDS)
