"""The keys of a second index, for items that were written before anybody wrote them.

An index with another projection over the same keys needs none of this: DynamoDB fills it by itself. One with keys of
its own does: the release that begins to write them is deployed first, then this runs, then lists are read from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.admin.restore.table import in_parallel, scan

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def fill(client: DynamoDBClient, table: str, old: str, new: str) -> int:
    """Give every item that is in the index ``old`` and not in ``new`` the same place there; how many it were. Again
    until it says none: what was written meanwhile by a function of the release before has only the old keys.

    Where the new keys are other values, this is the place to make them.
    """
    return sum(in_parallel(lambda segment: _fill_segment(client, table, segment, old, new)))


def _fill_segment(client: DynamoDBClient, table: str, segment: int, old: str, new: str) -> int:
    count = 0
    for item in scan(client, table, segment, "pk", "sk", f"{old}pk", f"{old}sk", f"{new}pk"):
        if f"{old}pk" in item and f"{new}pk" not in item:
            count += _filled(client, table, item, old, new)
    return count


def _filled(client: DynamoDBClient, table: str, item: dict[str, Any], old: str, new: str) -> bool:
    """False when the item has been written since, or lost: another run sees it as it is then.

    Its events go, as with every write that tells none: they were told by the write that brought them, and the relay has
    that image from the stream.
    """
    try:
        client.update_item(
            TableName=table,
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression=f"SET {new}pk = :pk, {new}sk = :sk REMOVE events",
            ConditionExpression=f"{old}pk = :pk AND {old}sk = :sk AND attribute_not_exists({new}pk)",
            ExpressionAttributeValues={":pk": item[f"{old}pk"], ":sk": item[f"{old}sk"]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
