"""MiniStack, which evaluates IAM's conditions, told the keys that the functions' roles are held to and that it does not
know: ``dynamodb:LeadingKeys`` and ``kms:EncryptionContext:*``.

As AWS has them: the partition keys a request names, of the index where it queries one; the pairs of the encryption
context. A transaction's are held against the action of each of its items, so all of them have to be allowed for each:
nothing passes here that AWS would refuse. Runs in MiniStack's environment, which has no other file of ours.
"""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

HashKey = Callable[[str, str], str]
_EQUALS: Final = re.compile(r"([#\w.]+)\s*=\s*(:\w+)")


def teach() -> None:
    """From now on requests carry these keys when they are held against policies."""
    actions: Any = import_module("ministack.core.iam_actions")
    of_dynamodb, of_any = actions.dynamodb_service_context, actions.request_tag_context

    def dynamodb_context(body: bytes) -> dict[str, Any]:
        keys = sorted({*leading_keys(_asked(body), _hash_key)})
        return {**of_dynamodb(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}

    def any_context(service: str, action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = of_any(service, action, body, params)
        return {**context, **encryption_context(_asked(body))} if service == "kms" else context

    actions.dynamodb_service_context, actions.request_tag_context = dynamodb_context, any_context


def _asked(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def encryption_context(asked: dict[str, Any]) -> dict[str, Any]:
    """``kms:EncryptionContext:<name>`` for each pair of a request's context."""
    pairs: dict[str, Any] = asked.get("EncryptionContext") or {}
    return {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}


def leading_keys(asked: dict[str, Any], hash_key: HashKey) -> Iterator[str]:
    """Every partition key that a request to DynamoDB names; ``hash_key`` gives the name of a table's, or an index's."""
    table, index = asked.get("TableName", ""), asked.get("IndexName", "")
    for name in ("Key", "Item"):
        yield from _key_of(asked.get(name), hash_key(table, ""))
    for of_table, requests in (asked.get("RequestItems") or {}).items():
        for request in requests.get("Keys", []) if isinstance(requests, dict) else requests:
            written = [one for kind in request.values() if isinstance(kind, dict) for one in kind.values()]
            for item in (request, *written):
                yield from _key_of(item, hash_key(of_table, ""))
    for part in asked.get("TransactItems") or []:
        for action in part.values():
            yield from leading_keys(action, hash_key)
    names, values = asked.get("ExpressionAttributeNames") or {}, asked.get("ExpressionAttributeValues") or {}
    for name, placeholder in _EQUALS.findall(asked.get("KeyConditionExpression") or ""):
        if names.get(name, name) == hash_key(table, index):
            yield from _text(values.get(placeholder))


def _key_of(item: Any, hash_key: str) -> Iterator[str]:
    if isinstance(item, dict):
        yield from _text(item.get(hash_key))


def _text(attribute: Any) -> Iterator[str]:
    if isinstance(attribute, dict):
        yield from (str(value) for kind, value in attribute.items() if kind in ("S", "N", "B"))


def _hash_key(table: str, index: str) -> str:
    known: Any = import_module("ministack.services.dynamodb")._tables.get(table.rpartition("/")[2]) or {}
    indexes = [*known.get("GlobalSecondaryIndexes", []), *known.get("LocalSecondaryIndexes", [])]
    schemas = [one for one in indexes if one["IndexName"] == index] if index else [known]
    parts = [part for one in schemas for part in one.get("KeySchema", []) if part["KeyType"] == "HASH"]
    return next((part["AttributeName"] for part in parts), "")
