"""The functions' own roles, assumed: what whoever has taken over a function could do, and what they could not."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from infra.local.session import local_session
from infra.local.stack import Stack
from rencai.store.table import LISTS_INDEX

_DENIED: Final = ("AccessDenied", "AccessDeniedException")
NEVER: Final = "attribute_exists(pk) AND attribute_not_exists(pk)"
"""A condition on a write that is only to be tried: whoever may write is told that it does not hold."""


def denied(call: Callable[[], object]) -> bool:
    """Whether IAM refuses it; whatever else is wrong with it, IAM has let it by."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] in _DENIED
    return False


class Role:
    """One function's role on the stack. Nothing that is tried with it changes anything."""

    def __init__(self, stack: Stack, function: str) -> None:
        self._stack = stack
        self._function = function

    @cached_property
    def _session(self) -> boto3.Session:
        resource = self._stack.session.client("cloudformation").describe_stack_resource(
            StackName=self._stack.stack_name, LogicalResourceId=f"{self._function}Role"
        )
        name = resource["StackResourceDetail"]["PhysicalResourceId"]
        arn = self._stack.session.client("iam").get_role(RoleName=name)["Role"]["Arn"]
        assumed = self._stack.session.client("sts").assume_role(RoleArn=arn, RoleSessionName="outsider")
        keys = assumed["Credentials"]
        return local_session(
            self._stack.endpoint_url, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
        )

    @cache  # noqa: B019 - a role lives as long as its test
    def client(self, service: str) -> Any:
        """A client that calls with the role."""
        return self._session.client(service)  # type: ignore[call-overload]  # any service

    @cached_property
    def table(self) -> Any:
        """The client of DynamoDB."""
        return self.client("dynamodb")

    def may(self, word: str, pk: str) -> bool:
        """Whether it may ``word``, of access.yaml, an item of a partition."""
        key, table = {"pk": {"S": pk}, "sk": {"S": "nobody"}}, self._stack.table
        ways: dict[str, Callable[[], object]] = {
            "get": lambda: self.table.get_item(TableName=table, Key=key),
            "get_all": lambda: self.table.batch_get_item(RequestItems={table: {"Keys": [key]}}),
            "query": lambda: self._query(pk, "pk"),
            "put": lambda: self.table.put_item(TableName=table, Item=key, ConditionExpression=NEVER),
            "update": lambda: self.table.update_item(
                TableName=table, Key=key, UpdateExpression="REMOVE x", ConditionExpression=NEVER
            ),
            "delete": lambda: self.table.delete_item(TableName=table, Key=key, ConditionExpression=NEVER),
            "transact": lambda: self.table.transact_write_items(
                TransactItems=[{"Put": {"TableName": table, "Item": key, "ConditionExpression": NEVER}}]
            ),
            # Nothing is there to be deleted.
            "batch_write": lambda: self.table.batch_write_item(
                RequestItems={table: [{"DeleteRequest": {"Key": key}}]}
            ),
            "scan": lambda: self.table.scan(TableName=table, Limit=1),
        }
        return not denied(ways[word])

    def may_list(self, pk: str) -> bool:
        """Whether it may query a partition of the index."""
        return not denied(lambda: self._query(pk, LISTS_INDEX.pk, IndexName=LISTS_INDEX.name))

    def _query(self, pk: str, name: str, **more: Any) -> object:
        return self.table.query(
            TableName=self._stack.table,
            KeyConditionExpression=f"{name} = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            Limit=1,
            **more,
        )


class Sealing:
    """The tenant's key: what the functions seal with it, and what a role makes of that."""

    def __init__(self, stack: Stack) -> None:
        resource = stack.session.client("cloudformation").describe_stack_resource(
            StackName=stack.stack_name, LogicalResourceId="Key"
        )
        self._key_id = resource["StackResourceDetail"]["PhysicalResourceId"]
        self._kms = stack.session.client("kms")

    def context(self, field: str, tenant: str = "demo") -> dict[str, str]:
        """As ``rencai.store.sealed`` makes it."""
        return {"tenant": tenant, "owner": "cand_nobody", "field": field}

    def sealed(self, context: dict[str, str]) -> bytes:
        """Something sealed so, by the tenant's admin."""
        answer = self._kms.encrypt(KeyId=self._key_id, Plaintext=b"secret", EncryptionContext=context)
        return answer["CiphertextBlob"]

    def opened_by(self, role: Role, context: dict[str, str]) -> bool:
        """Whether a role opens it, context and all."""
        sealed = self.sealed(context)
        kms = role.client("kms")
        return not denied(lambda: kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context))

    def sealed_by(self, role: Role, context: dict[str, str]) -> bool:
        """Whether a role seals so."""
        kms = role.client("kms")
        return not denied(lambda: kms.encrypt(KeyId=self._key_id, Plaintext=b"x", EncryptionContext=context))
