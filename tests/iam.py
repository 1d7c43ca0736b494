"""IAM's answer to a request, as far as the template's policies go: written after AWS's description of the evaluation,
and apart from what makes the policies.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

ACCOUNT: Final = "111122223333"
REGION: Final = "ap-southeast-1"
KEY_ARN: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/of-the-tenant"
TABLE_ARN: Final = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/of-the-tenant"
BUCKET_ARN: Final = "arn:aws:s3:::of-the-tenant"
_NAMES: Final = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "TenantId": "tenant",
    "Table": "of-the-tenant",
    "Table.Arn": TABLE_ARN,
    "Key.Arn": KEY_ARN,
    "Bucket.Arn": BUCKET_ARN,
}

Context = Mapping[str, str | list[str]]


def resolved(value: Any) -> Any:
    """A template's value as CloudFormation would make it; what is not of these tests keeps its name."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)}:
            return _NAMES.get(name, name)
        case {"Fn::If": [_, said, _]}:
            return resolved(said)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: _NAMES.get(found[1], found[1]), text)
        case dict():
            return {key: resolved(one) for key, one in value.items()}
        case list():
            return [resolved(one) for one in value]
    return value


def statements(policies: Iterable[Any]) -> list[dict[str, Any]]:
    """Every statement of a function's ``Policies``."""
    return [resolved(statement) for policy in policies for statement in policy["Statement"]]


def allowed(policy: Iterable[Mapping[str, Any]], action: str, resource: str, context: Context) -> bool:
    """Whether some statement allows it and none denies it."""
    effects = {one["Effect"] for one in policy if _applies(one, action, resource, context)}
    return effects == {"Allow"}


def speaks_of(statement: Mapping[str, Any], action: str) -> bool:
    """Whether a statement is about an action, of whatever it may be."""
    return any(_like(action.lower(), one.lower()) for one in _listed(statement["Action"]))


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        speaks_of(statement, action)
        and any(_like(resource, one) for one in _listed(statement["Resource"]))
        and all(
            _holds(operator, context.get(key), _listed(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, actual: str | list[str] | None, values: list[str]) -> bool:
    """One line of a condition. A key that is not there satisfies ``ForAllValues`` and ``IfExists``, nothing else."""
    quantifier, _, plain = operator.rpartition(":")
    if plain.endswith("IfExists"):
        if actual is None:
            return True
        plain = plain.removesuffix("IfExists")
    matches = {"StringEquals": str.__eq__, "StringLike": _like, "ArnLike": _like}[plain]
    found = [any(matches(one, value) for value in values) for one in _listed(actual) if one is not None]
    match quantifier:
        case "ForAllValues":
            return all(found)
        case "ForAnyValue":
            return any(found)
        case "":
            # A key of several values is for the quantifiers.
            return actual is not None and not isinstance(actual, list) and all(found)
    raise ValueError(f"{operator} is not known here")


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
