"""A stack stands still: nothing runs, and what waits is not lost. Two of a tenant would write letters twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

LambdaClient = Any
"""boto3's; there are no stubs of it among the tools."""


def halt(cloudformation: CloudFormationClient, functions: LambdaClient, stack: str) -> tuple[int, int]:
    """No queue and no stream is read, then no function may run; how many of each.

    In that order: messages that nobody may take would be counted as tried.
    """
    mappings, names = _parts(cloudformation, stack)
    for mapping in mappings:
        functions.update_event_source_mapping(UUID=mapping, Enabled=False)
    for name in names:
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return len(mappings), len(names)


def go_on(cloudformation: CloudFormationClient, functions: LambdaClient, stack: str) -> tuple[int, int]:
    """The reverse. Concurrency that was reserved by the template comes with the next deployment that changes it."""
    mappings, names = _parts(cloudformation, stack)
    for name in names:
        functions.delete_function_concurrency(FunctionName=name)
    for mapping in mappings:
        functions.update_event_source_mapping(UUID=mapping, Enabled=True)
    return len(mappings), len(names)


def _parts(cloudformation: CloudFormationClient, stack: str) -> tuple[list[str], list[str]]:
    found: dict[str, list[str]] = {"AWS::Lambda::EventSourceMapping": [], "AWS::Lambda::Function": []}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] in found and "PhysicalResourceId" in resource:
                found[resource["ResourceType"]].append(resource["PhysicalResourceId"])
    return found["AWS::Lambda::EventSourceMapping"], found["AWS::Lambda::Function"]
