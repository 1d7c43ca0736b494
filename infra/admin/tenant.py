"""A tenant's table, bucket and key, as its stack's outputs name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import boto3

from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket
from rencai.store.sealed import Vault
from rencai.store.table import Table


class Unnamed(LookupError):
    """What is needed of the tenant is an output of its stack, and the stack was not named."""


@dataclass(frozen=True)
class Tenant:
    """``client`` makes AWS's clients. ``names``: the stack's outputs and parameters; none if it is not named."""

    client: Callable[[str], Any]
    table_name: str
    names: Mapping[str, str]

    @cached_property
    def table(self) -> Table:
        """The table."""
        return Table(self.client("dynamodb"), self.table_name)

    @cached_property
    def configurations(self) -> Configurations:
        """The documents."""
        return Configurations(self.table, lambda: datetime.now(UTC))

    @cached_property
    def bucket(self) -> Bucket:
        """The bucket; raises ``Unnamed``."""
        return Bucket(self.client("s3"), self._named("BucketName"))

    @cached_property
    def vault(self) -> Vault:
        """The tenant's key; raises ``Unnamed``."""
        return Vault(self.client("kms"), self._named("KeyArn"), self._named("TenantId"))

    def _named(self, name: str) -> str:
        try:
            return self.names[name]
        except KeyError:
            raise Unnamed(f"{name} is not known; say --stack and not only --table") from None


def names_of(cloudformation: Any, stack: str) -> dict[str, str]:
    """The outputs and parameters of a stack, by name."""
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}
    return parameters | {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def tenant_of(table: str | None, stack: str | None) -> Tenant:
    """The tenant of a stack, with ``table`` in place of its own; raises ``Unnamed`` where neither is said."""
    names = names_of(_client("cloudformation"), stack) if stack else {}
    name = table or names.get("TableName")
    if name is None:
        raise Unnamed("say which tenant: --stack or --table (or RENCAI_STACK, RENCAI_TABLE)")
    return Tenant(_client, name, names)


def _client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]  # of any service
