"""The one table of the sandbox, as far as it is called."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

KEPT_FOR: Final = timedelta(days=30)
"""How long anything that callers brought is kept."""


class Table(Protocol):
    """The calls used of boto3's DynamoDB table."""

    def get_item(self, **request: Any) -> Mapping[str, Any]: ...
    def put_item(self, **request: Any) -> Mapping[str, Any]: ...
    def update_item(self, **request: Any) -> Mapping[str, Any]: ...
    def query(self, **request: Any) -> Mapping[str, Any]: ...


def condition_failed(error: ClientError) -> bool:
    """Whether a conditional write was refused for its condition, which is an answer, not an error."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
