"""What a stack has left: its table, its bucket with versions, its secrets, its pool: moto's, the pool ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import time_machine
from moto import mock_aws

from infra.admin.restore.foundation import secret_names
from rencai.store.table import to_item
from tests.aws import REGION, by_wire, client, key_id
from tests.template import table_definition, template

AT: Final = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""The moment that is gone back to."""
NOW: Final = AT + timedelta(days=2)
TABLE: Final = "rencai-acme-Table-1"
BUCKET: Final = "rencai-acme-123456789012-ap-southeast-1"


class Pools:
    """Cognito's part in this, for moto's needs a library that nothing else here does; the arguments are AWS's. It
    refuses what Cognito refuses: a name that is taken, attributes of its own, somebody or a group that is not there.
    """

    class exceptions:  # noqa: N801 - botocore's name
        class UsernameExistsException(Exception): ...

        class GroupExistsException(Exception): ...

    def __init__(self) -> None:
        self.users: dict[str, dict[str, dict[str, Any]]] = {}
        self.groups: dict[str, dict[str, dict[str, Any]]] = {}
        self.clients: dict[str, dict[str, str]] = {}
        self.made_by: list[dict[str, Any]] = []

    def made(self) -> str:
        pool = f"{REGION}_{len(self.users)}"
        self.users[pool], self.groups[pool] = {}, {}
        self.clients[pool] = {name: f"{name} of {pool}" for name in ("hr", "ingest")}
        return pool

    def admin_create_user(self, **asked: Any) -> None:
        users = self.users[asked["UserPoolId"]]
        if asked["Username"] in users:
            raise self.exceptions.UsernameExistsException
        assert not {one["Name"] for one in asked["UserAttributes"]} & {"sub", "identities"}, "not mutable"
        self.made_by.append(asked)
        users[asked["Username"]] = {
            "Username": asked["Username"],
            "Attributes": [
                *asked["UserAttributes"],
                {"Name": "sub", "Value": f"sub of {asked['UserPoolId']}"},
            ],
            "Enabled": True,
            "UserStatus": "FORCE_CHANGE_PASSWORD",
        }

    def admin_disable_user(self, UserPoolId: str, Username: str) -> None:  # noqa: N803 - AWS's names
        self.users[UserPoolId][Username]["Enabled"] = False

    def create_group(self, UserPoolId: str, GroupName: str, **said: Any) -> None:  # noqa: N803
        if GroupName in self.groups[UserPoolId]:
            raise self.exceptions.GroupExistsException
        self.groups[UserPoolId][GroupName] = {"GroupName": GroupName, **said, "members": []}

    def admin_add_user_to_group(self, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self.groups[UserPoolId][GroupName]["members"].append(self.users[UserPoolId][Username])

    def get_paginator(self, operation: str) -> Any:
        def paginate(UserPoolId: str, GroupName: str = "") -> list[dict[str, Any]]:  # noqa: N803
            groups = self.groups[UserPoolId]
            match operation:
                case "list_users":
                    return [{"Users": [one]} for one in self.users[UserPoolId].values()]
                case "list_user_pool_clients":
                    named = self.clients[UserPoolId].items()
                    return [
                        {"UserPoolClients": [{"ClientName": name, "ClientId": one}]} for name, one in named
                    ]
                case "list_groups":
                    return [{"Groups": [one]} for one in groups.values()]
                case "list_users_in_group":
                    return [{"Users": groups[GroupName]["members"]}]
            raise AssertionError(operation)

        return SimpleNamespace(paginate=paginate)


class Before:
    """The old stack's data."""

    def __init__(self) -> None:
        self.table, self.bucket = TABLE, BUCKET
        self.dynamodb, self.s3 = client("dynamodb"), by_wire("s3")
        self.secretsmanager, self.cognito = by_wire("secretsmanager"), Pools()
        self.dynamodb.create_table(**table_definition(TABLE))
        self.made_bucket(BUCKET)
        for secret in secret_names(template(), "acme", "").values():
            self.secretsmanager.create_secret(Name=secret, SecretString=f"of {secret}")
        self.pool = self.cognito.made()
        self.key_arn = f"arn:aws:kms:{REGION}:123456789012:key/{key_id()}"

    def made_bucket(self, name: str) -> str:
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def has(self, pk: str, sk: str, **attributes: Any) -> None:
        self.dynamodb.put_item(TableName=TABLE, Item=to_item({"pk": pk, "sk": sk, **attributes}))

    def wrote(self, key: str, content: str, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            self.s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())

    def deleted(self, key: str, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            self.s3.delete_object(Bucket=BUCKET, Key=key)


@contextmanager
def before() -> Iterator[Before]:
    """In an account where there is nothing else."""
    with mock_aws():
        yield Before()


def items_of(dynamodb: Any, table: str) -> dict[tuple[str, str], dict[str, Any]]:
    """A table's items, by key."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}
