"""moto without the wire between it and the client: nine tenths of a call's time are signing, routing and parsing what
botocore and moto say to each other within one process. ``tests/store`` and ``tests/journey`` hold it against the wire.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, Final

from botocore.validate import ParamValidator
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms.models import kms_backends

Params = dict[str, Any]
_VALIDATOR: Final = ParamValidator()
_QUERY: Final = signature(Table.query)


class _DynamoDB(DynamoHandler):
    """moto's own handler, told its region and its request rather than finding them in headers."""

    def __init__(self, region: str, params: Params) -> None:
        super().__init__()
        self._backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][region]
        self.body = self.params = params

    @property
    def dynamodb_backend(self) -> Any:
        return self._backend


def _dynamodb(action: Callable[[Any], ActionResult]) -> Callable[[str, Params], Any]:
    return lambda region, params: action(_DynamoDB(region, params)).result


def _encrypted(region: str, params: Params) -> Params:
    key_id, context = params["KeyId"], params.get("EncryptionContext", {})
    sealed, arn = kms_backends[DEFAULT_ACCOUNT_ID][region].encrypt(key_id, params["Plaintext"], context)
    return {"CiphertextBlob": sealed, "KeyId": arn}


def _decrypted(region: str, params: Params) -> Params:
    sealed, context = params["CiphertextBlob"], params.get("EncryptionContext", {})
    opened, arn = kms_backends[DEFAULT_ACCOUNT_ID][region].decrypt(sealed, context, params.get("KeyId"))
    return {"Plaintext": opened, "KeyId": arn}


_ACTIONS: Final[Mapping[str, Mapping[str, Callable[[str, Params], Any]]]] = {
    "dynamodb": {
        "GetItem": _dynamodb(DynamoHandler.get_item),
        "BatchGetItem": _dynamodb(DynamoHandler.batch_get_item),
        "Query": _dynamodb(DynamoHandler.query),
        "Scan": _dynamodb(DynamoHandler.scan),
        "PutItem": _dynamodb(DynamoHandler.put_item),
        "UpdateItem": _dynamodb(DynamoHandler.update_item),
        "DeleteItem": _dynamodb(DynamoHandler.delete_item),
        "TransactWriteItems": _dynamodb(DynamoHandler.transact_write_items),
    },
    "kms": {"Encrypt": _encrypted, "Decrypt": _decrypted},
}


class _Sorted(Table):
    """moto's table, which reads one partition for a query of one, and sorts by plain strings: both its keys are."""

    def query(self, *args: Any, **named: Any) -> Any:
        asked = _QUERY.bind(self, *args, **named).arguments
        if asked.get("index_name"):
            return super().query(*args, **named)
        partition = copy.copy(self)
        partition.items = defaultdict(dict, {asked["hash_key"]: self.items.get(asked["hash_key"], {})})
        return Table.query(partition, *args, **named)

    def all_items(self) -> list[Item]:
        found = [item for partition in self.items.values() for item in partition.values()]
        return sorted(found, key=lambda item: (item.hash_key.value, item.range_key.value))


def made_quick(table: Table) -> Table:
    """moto's ``table``, which has string keys, from now on without its sorting of all it holds at every query."""
    assert (table.hash_key_type, table.range_key_type) == ("S", "S")
    table.__class__ = _Sorted  # type: ignore[type-abstract]  # moto makes tables of it all the same
    return table


def _copied(value: Any) -> Any:
    """What moto keeps the caller cannot change, as if it had been sent. (What moto answers it has copied itself.)"""
    if isinstance(value, Mapping):
        return {name: _copied(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(member) for member in value]
    return bytes(value) if isinstance(value, bytearray) else value


def direct(client: Any) -> Any:
    """``client``, asking moto's backend itself where it can.

    Whatever is wrong - parameters, a condition that does not hold, a transaction that is undone - has changed nothing
    and goes the whole way again, so that the error is botocore's own.
    """
    whole_way, model, region = client._make_api_call, client.meta.service_model, client.meta.region_name
    actions = _ACTIONS.get(model.service_name, {})

    def call(operation: str, params: Params) -> Any:
        action = actions.get(operation)
        if action is None:
            return whole_way(operation, params)
        if _VALIDATOR.validate(params, model.operation_model(operation).input_shape).has_errors():
            return whole_way(operation, params)
        try:
            answer = action(region, _copied(params))
        except Exception:  # noqa: BLE001 - whatever it is, the whole way says it as botocore does
            return whole_way(operation, params)
        known = model.operation_model(operation).output_shape.members
        answered = {name: value for name, value in answer.items() if name in known and value is not None}
        return {**answered, "ResponseMetadata": {"HTTPStatusCode": 200}}

    client._make_api_call = call
    return client
