"""The one table of the sandbox, as far as it is called."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

KEPT_FOR: Final = timedelta(days=30)
"""How long anything that callers brought is kept."""
MOST_AT_ONCE: Final = 100
"""Items that a transaction takes."""
_ATTEMPTS: Final = 5


class Table(Protocol):
    """The calls used of boto3's DynamoDB table."""

    @property
    def name(self) -> str: ...
    @property
    def meta(self) -> Any:
        """Holds the client, for what a table alone cannot do; it takes Python's values as the table does."""

    def get_item(self, **request: Any) -> Mapping[str, Any]: ...
    def put_item(self, **request: Any) -> Mapping[str, Any]: ...
    def update_item(self, **request: Any) -> Mapping[str, Any]: ...
    def query(self, **request: Any) -> Mapping[str, Any]: ...


def condition_failed(error: ClientError) -> bool:
    """Whether a conditional write was refused for its condition, which is an answer, not an error."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def put_new(table: Table, items: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """Writes new items, `MOST_AT_ONCE` at the most: all of them, or none.

    Gives the places (from 0) of those whose key is taken, because of which none was written; empty when all were.
    """
    puts = [
        {"TableName": table.name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        for item in items
    ]
    for attempt in range(_ATTEMPTS):
        try:
            table.meta.client.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except ClientError as error:
            codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            if taken := frozenset(n for n, code in enumerate(codes) if code == "ConditionalCheckFailed"):
                return taken
            # Another writer is at one of the keys this moment; whether it will be taken shows when that one is done.
            if "TransactionConflict" not in codes or attempt == _ATTEMPTS - 1:
                raise
        else:
            break
    return frozenset()
