"""From where to where, and as of when; kept in a file, for what is done in several commands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

_OUTPUTS: Final = {
    "table": "TableName",
    "bucket": "BucketName",
    "user_pool": "UserPoolId",
    "key_arn": "KeyArn",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What there is of the stack of before; a stack that was deleted has left table, bucket, key, pool and secrets.

    ``suffix`` is its NameSuffix, ``parameters`` what it was deployed with.
    """

    tenant: str
    suffix: str
    table: str
    bucket: str
    user_pool: str
    key_arn: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """``at``: as of when. ``suffix``: the NameSuffix of the new stack."""

    source: Source
    at: datetime
    suffix: str

    @property
    def stack(self) -> str:
        """The new stack's name."""
        return f"rencai-{self.source.tenant}{self.suffix}"

    @property
    def table(self) -> str:
        """The restored table's name, as the template has it for a stack with a suffix."""
        return f"{self.stack}-table"

    @property
    def parameters(self) -> dict[str, str]:
        """What the new stack is deployed with: as the old one was, under the same key."""
        own = {"TenantId": self.source.tenant, "NameSuffix": self.suffix, "KeyArn": self.source.key_arn}
        return {**self.source.parameters, **own}

    def write(self, file: Path) -> None:
        """It holds names, no secret and nobody's data."""
        said = asdict(self) | {"at": self.at.isoformat()}
        file.write_text(json.dumps(said, indent=2) + "\n")

    @classmethod
    def read(cls, file: Path) -> Plan:
        """Raises LookupError for a file that is none of ours."""
        try:
            said = json.loads(file.read_text())
            return cls(Source(**said["source"]), datetime.fromisoformat(said["at"]), said["suffix"])
        except (ValueError, TypeError, KeyError) as error:
            raise LookupError(f"{file} is no plan that `restore begin` wrote") from error


def source_of(cloudformation: CloudFormationClient, stack: str) -> dict[str, Any]:
    """What a stack says of itself, by the fields of ``Source``; one of an earlier release may not say all."""
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}
    found = {name: outputs[output] for name, output in _OUTPUTS.items() if output in outputs}
    return {
        "tenant": parameters.get("TenantId"),
        "suffix": parameters.get("NameSuffix", ""),
        "parameters": parameters,
        **found,
    }


def with_said(found: Mapping[str, Any], said: Mapping[str, str | None]) -> Source:
    """``found`` with what was said on the command line instead. Raises LookupError for what nobody says."""
    given = {name: value for name, value in {**found, **_said(said)}.items() if value is not None}
    missing = [name for name in ("tenant", *_OUTPUTS) if name not in given]
    if missing:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise LookupError(
            f"name the old stack with --stack, and what it does not say, or has left: {options}"
        )
    return Source(**{"suffix": "", **given})


def _said(said: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value is not None}
