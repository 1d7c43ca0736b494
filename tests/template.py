"""The tenant's template as data, for tests that hold the code against it: root and rooms joined, as it is built."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from infra.assembly.template import assemble

ROOT = Path(__file__).parents[1]


@cache
def template() -> dict[str, Any]:
    """The tenant's template; its API has no paths, since those would import every function."""
    return assemble(ROOT)


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template()["Resources"].items()
        if resource["Type"] == kind
    }


@cache
def served() -> Mapping[str, str]:
    """The functions that the API calls, by logical id, and the module that has the routes of each."""
    found: dict[str, str] = {}

    def body(functions: Mapping[str, str]) -> dict[str, Any]:
        found.update(functions)
        return {}

    assemble(ROOT, body)
    return found


@cache
def routes(function: str | None = None) -> frozenset[str]:
    """Every call of the API, or those that one function answers: ``GET /candidates``."""
    from infra.assembly.api import api_body

    answered = {function: served()[function]} if function else served()
    paths = api_body(answered)["paths"]
    return frozenset(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


def table_definition(name: str) -> dict[str, Any]:
    """``CreateTable``'s arguments for the template's table: a change of key or index cannot pass unnoticed."""
    (properties,) = resources("AWS::DynamoDB::Table").values()
    taken = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    stream = {"StreamEnabled": True, **properties["StreamSpecification"]}
    return {"TableName": name, **{key: properties[key] for key in taken}, "StreamSpecification": stream}
