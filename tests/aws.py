"""AWS as the tests have it, moto's: clients and a key made once a process, and what is there, saved and put back."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import local
from typing import Any, Final

import botocore.session
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.kms.models import Key, kms_backends
from moto.s3.models import FakeBucket, FakeKey, s3_backends

from tests.moto_direct import direct, made_quick
from tests.moto_table import TABLE
from tests.permissions import watched
from tests.template import table_definition

REGION: Final = "ap-southeast-1"


@cache
def client(service: str) -> Any:
    """A client of moto's, to be called within ``mock_aws``; what functions do with it is held against access.yaml.

    Made once, since making one takes longer than most tests.
    """
    return watched(direct(_session().create_client(service, region_name=REGION)))


@cache
def by_wire(service: str) -> Any:
    """A client that speaks HTTP to moto's stub, as botocore makes it."""
    return _session().create_client(service, region_name=REGION)


@cache
def _session() -> botocore.session.Session:
    session = botocore.session.get_session()
    session.set_credentials("testing", "testing")
    return session


@contextmanager
def fresh_table(name: str = TABLE) -> Iterator[Any]:
    """A table as the stack describes it, in an account where there is nothing else; a client of it."""
    with mock_aws():
        made = client("dynamodb")
        made.create_table(**table_definition(name))
        made_quick(dynamodb_backends[ACCOUNT_ID][REGION].tables[name])
        yield made


def key_id() -> str:
    """The tenant's key: where there is no other, one that was made before, since making it takes as long as a test."""
    key = _key()
    kms_backends[ACCOUNT_ID][REGION].keys[key.id] = key
    return key.id


@cache
def _key() -> Key:
    return kms_backends[ACCOUNT_ID][REGION].create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None)


# --- what is there, put back


class Saved:
    """What is in the tables, their streams and the buckets of an account, to be put back as often as it is wanted: who
    crashes at each call of a step need not take all the steps before it again.
    """

    def __init__(self) -> None:
        self._tables = {
            name: _copied(made, copy.deepcopy)
            for name, made in dynamodb_backends[ACCOUNT_ID][REGION].tables.items()
        }
        self._buckets = {
            name: _objects(bucket) for name, bucket in s3_backends[ACCOUNT_ID]["aws"].buckets.items()
        }

    def told(self, table: str) -> list[dict[str, Any]]:
        """What a table's stream carried: the kinds of change, keys and images."""
        shard = self._tables[table].stream_shard
        assert shard is not None
        passing = {"ApproximateCreationDateTime", "SizeBytes"}
        return [
            {"eventName": one.record["eventName"]}
            | {name: value for name, value in one.record["dynamodb"].items() if name not in passing}
            for one in shard.items
        ]

    def put_back(self) -> None:
        """In the account in which it was saved."""
        tables = {name: _copied(saved, copy.deepcopy) for name, saved in self._tables.items()}
        dynamodb_backends[ACCOUNT_ID][REGION].tables = tables
        for name, bucket in s3_backends[ACCOUNT_ID]["aws"].buckets.items():
            for versions in map(bucket.keys.getlist, list(bucket.keys)):
                for version in versions:
                    version.dispose()
            bucket.keys.clear()
            for key, versions in self._buckets[name].items():
                bucket.keys.setlist(key, [_object(version) for version in versions])


def objects(bucket: str) -> dict[str, bytes]:
    """What is in a bucket: the newest version of each object."""
    keys = s3_backends[ACCOUNT_ID]["aws"].buckets[bucket].keys
    return {name: newest.value for name, newest in keys.items() if isinstance(newest, FakeKey)}


def _copied(table: Table, item_copied: Callable[[Item], Item]) -> Table:
    """Another table with the same items and the same stream."""
    copied = copy.copy(table)
    copied.items = copy.copy(table.items)
    for hash_key, items in table.items.items():
        copied.items[hash_key] = {range_key: item_copied(item) for range_key, item in items.items()}
    if table.stream_shard is not None:
        copied.stream_shard = copy.copy(table.stream_shard)
        copied.stream_shard.items = list(table.stream_shard.items)
        copied.stream_shard.table = copied
    return copied


def _objects(bucket: FakeBucket) -> dict[str, list[dict[str, Any]]]:
    """The versions of each key, as moto pickles them: the end of ``mock_aws`` closes every object that there is."""
    return {key: [version.__getstate__() for version in bucket.keys.getlist(key)] for key in bucket.keys}


def _object(state: dict[str, Any]) -> FakeKey:
    made = object.__new__(FakeKey)
    made.__setstate__(state)
    return made


# --- transactions without a copy of everything


class _Copying:
    """``copy`` as moto's DynamoDB has it, but for a transaction's backup of the table.

    moto copies table and stream in depth for each item of a transaction, which comes to more than all the rest of a
    test. Puts and deletes do not change an item but replace it, so a copy of the mappings serves them as well.
    """

    def __init__(self) -> None:
        self._transaction = local()

    def deepcopy(self, value: Any) -> Any:
        replaces = getattr(self._transaction, "replaces", False)
        if not (replaces and isinstance(value, Table) and value.has_range_key):
            return copy.deepcopy(value)
        return _copied(value, lambda item: item)

    def transact(
        self, original: Callable[..., None], backend: DynamoDBBackend, transact_items: list[dict[str, Any]]
    ) -> None:
        self._transaction.replaces = not any("Update" in one for one in transact_items)
        try:
            original(backend, transact_items)
        finally:
            self._transaction.replaces = False


def _spare_copies() -> None:
    copying = _Copying()
    original = DynamoDBBackend.transact_write_items

    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copying.transact(original, self, transact_items)

    models.copy = copying  # type: ignore[attr-defined,assignment]  # the module's own
    DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]  # as above


_spare_copies()
