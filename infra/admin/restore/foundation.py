"""The part of the template that holds data, as a stack of its own: bucket and secrets made, the table imported.

It is taken from the template itself, so that the deployment that follows changes nothing of it but what is said here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from infra.admin.restore.plan import Plan

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

BUCKET: Final = "Bucket"
TABLE: Final = "Table"
_SECRET: Final = "AWS::SecretsManager::Secret"  # noqa: S105 - a type of resource
_PARAMETER: Final = re.compile(r"\$\{(\w+)}")
_OF_A_TABLE_THAT_RUNS: Final = (
    "StreamSpecification",
    "TimeToLiveSpecification",
    "PointInTimeRecoverySpecification",
    "DeletionProtectionEnabled",
)
"""What DynamoDB does not restore; the deployment sets it, and the stream begins with it."""
_CALLS_FOR_WORK: Final = "NotificationConfiguration"
_CHANGE_SET: Final = "restored-table"
_HOLDS: Final = {"OwnKey": False, "Suffixed": True}
"""Of the conditions that such a resource says, whether they hold for a restored stack."""


def secret_names(template: Mapping[str, Any], tenant: str, suffix: str) -> dict[str, str]:
    """The name of each secret of a stack, by logical id: ``rencai/acme-r1/esign``."""
    values = {"TenantId": tenant, "NameSuffix": suffix}
    return {
        name: _resolved(resource["Properties"]["Name"], values)
        for name, resource in template["Resources"].items()
        if resource["Type"] == _SECRET
    }


def foundation(template: Mapping[str, Any], plan: Plan, *, with_table: bool) -> dict[str, Any]:
    """Bucket and secrets, and the table as it was restored, with every parameter's value in its place.

    The bucket tells nobody of its objects yet: those that are put back are none to be read in.
    """
    defaults = {name: said.get("Default") for name, said in template["Parameters"].items()}
    values = {name: str(value) for name, value in defaults.items() if value is not None} | plan.parameters
    resources = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == _SECRET or name == BUCKET or (name == TABLE and with_table):
            left_out = (_CALLS_FOR_WORK, *_OF_A_TABLE_THAT_RUNS)
            properties = {key: said for key, said in resource["Properties"].items() if key not in left_out}
            kept = {key: resource[key] for key in ("Type", "DeletionPolicy", "UpdateReplacePolicy")}
            resources[name] = _resolved(kept | {"Properties": properties}, values)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Rencai, {plan.source.tenant}: restored as of {plan.at.isoformat()}, to be deployed over",
        "Resources": resources,
    }


def expiries(template: Mapping[str, Any], plan: Plan) -> dict[str, int]:
    """After how many days objects under a prefix are gone, as the bucket's lifecycle says."""
    bucket = foundation(template, plan, with_table=False)["Resources"][BUCKET]["Properties"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    return {rule["Prefix"]: int(rule["ExpirationInDays"]) for rule in rules if "ExpirationInDays" in rule}


def lay(cloudformation: CloudFormationClient, template: Mapping[str, Any], plan: Plan) -> None:
    """Make the stack with bucket and secrets, unless it is there."""
    if _resources(cloudformation, plan.stack):
        return
    body = json.dumps(foundation(template, plan, with_table=False))
    cloudformation.create_stack(StackName=plan.stack, TemplateBody=body, OnFailure="DELETE")
    cloudformation.get_waiter("stack_create_complete").wait(StackName=plan.stack, WaiterConfig=_PATIENT)


def take_in(cloudformation: CloudFormationClient, template: Mapping[str, Any], plan: Plan) -> None:
    """Import the restored table into the stack, unless it is there: from then on it is the stack's own."""
    if TABLE in _resources(cloudformation, plan.stack):
        return
    cloudformation.create_change_set(
        StackName=plan.stack,
        ChangeSetName=_CHANGE_SET,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(foundation(template, plan, with_table=True)),
        ResourcesToImport=[
            {
                "ResourceType": "AWS::DynamoDB::Table",
                "LogicalResourceId": TABLE,
                "ResourceIdentifier": {"TableName": plan.table},
            }
        ],
    )
    cloudformation.get_waiter("change_set_create_complete").wait(
        StackName=plan.stack, ChangeSetName=_CHANGE_SET, WaiterConfig=_PATIENT
    )
    cloudformation.execute_change_set(StackName=plan.stack, ChangeSetName=_CHANGE_SET)
    cloudformation.get_waiter("stack_import_complete").wait(StackName=plan.stack, WaiterConfig=_PATIENT)


_PATIENT: Final[Any] = {"Delay": 2, "MaxAttempts": 450}


def _resources(cloudformation: CloudFormationClient, stack: str) -> dict[str, str]:
    """Physical ids by logical id; empty when there is no such stack."""
    try:
        found = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return {}
        raise
    return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}


def _resolved(value: Any, values: Mapping[str, str]) -> Any:
    """With the parameters' values, and what the conditions come to."""
    if isinstance(value, list):
        return [_resolved(one, values) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"} and value["Ref"] in values:
        return values[value["Ref"]]
    if set(value) == {"Fn::If"} and value["Fn::If"][0] in _HOLDS:
        condition, yes, no = value["Fn::If"]
        return _resolved(yes if _HOLDS[condition] else no, values)
    if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
        text = _PARAMETER.sub(lambda found: values.get(found[1], found[0]), value["Fn::Sub"])
        return {"Fn::Sub": text} if "${" in text else text
    return {key: _resolved(one, values) for key, one in value.items()}
