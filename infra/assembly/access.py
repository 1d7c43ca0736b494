"""Who may touch what of a tenant's data: access.yaml, the one matrix, and the statements of the functions' roles that
follow from it. A block says nothing of the table, the key or the bucket; what it says all the same is refused.

Conditions are per action: a request with several keys (BatchGetItem, a transaction) needs one statement that knows
them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.assembly.faults import AssemblyError, Fault
from infra.assembly.joining import FUNCTION, Joined
from infra.assembly.reading import place_of, read
from rencai.store.table import LISTS_INDEX

FILE: Final = "access.yaml"
TABLE_ACTIONS: Final[Mapping[str, str]] = {
    "get": "GetItem",
    "get_all": "BatchGetItem",
    "query": "Query",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
}
"""The words of access.yaml, which are ``rencai.store.table``'s. Each of these actions names its keys, so that it can be
held to them: ``ForAllValues`` lets by who names none (Scan, PartiQL). BatchWriteItem deletes as well as it puts.
"""
OBJECT_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "get": ("s3:GetObject",),
    "get_version": ("s3:GetObjectVersion",),
    "put": ("s3:PutObject",),
}
QUEUE_READERS: Final = "QueueReaders"
"""The row of what every function that reads a queue may touch besides its own."""
_WORDS: Final = ("table", "lists", "opens", "seals", "objects", "misses")


@dataclass(frozen=True)
class Access:
    """What one function may touch; what is not here it may not."""

    table: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By leading key, as IAM matches it (``CANDIDATE#*``), the words of TABLE_ACTIONS."""
    lists: frozenset[str] = frozenset()
    """Leading keys of the index, which can only be queried."""
    opens: frozenset[str] = frozenset()
    seals: frozenset[str] = frozenset()
    """Fields of what is sealed, as the encryption context has them (``rencai.store.sealed``)."""
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the key's pattern (``reports/*``), the words of OBJECT_ACTIONS."""
    misses: bool = False
    """Whether it has to tell an object that is not there from one it may not read: S3 asks for ListBucket for that."""

    def __or__(self, other: Access) -> Access:
        """Both."""
        return Access(
            _both(self.table, other.table),
            self.lists | other.lists,
            self.opens | other.opens,
            self.seals | other.seals,
            _both(self.objects, other.objects),
            self.misses or other.misses,
        )

    def keys_of(self, action: str) -> frozenset[str]:
        """The leading keys on which it may do ``action``, a word of TABLE_ACTIONS."""
        return frozenset(key for key, actions in self.table.items() if action in actions)


def read_access(root: Path) -> dict[str, Access]:
    """The matrix of the repository ``root``, by function; none where there is no access.yaml.

    Raises:
        AssemblyError: for words that are not known, each at its line.
    """
    file = root / FILE
    if not file.exists():
        return {}
    faults: list[Fault] = []
    rows: dict[str, Access] = {}
    said: dict[str, Any]
    for function, said in read(file, root).items():
        faults += [_unknown(word, word, _WORDS) for word in said if word not in _WORDS]
        table, objects = said.get("table") or {}, said.get("objects") or {}
        faults += [
            _unknown(word, one, known)
            for cells, known in ((table, TABLE_ACTIONS), (objects, OBJECT_ACTIONS))
            for word in cells.values()
            for one in str(word).split()
            if one not in known
        ]
        rows[function] = Access(
            table={str(key): frozenset(str(words).split()) for key, words in table.items()},
            lists=_names(said, "lists"),
            opens=_names(said, "opens"),
            seals=_names(said, "seals"),
            objects={str(key): frozenset(str(words).split()) for key, words in objects.items()},
            misses=said.get("misses", "false") in (True, "true"),
        )
    if faults:
        raise AssemblyError(*faults)
    return rows


def _both(
    one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in (*one, *other)}


def _names(said: Mapping[str, Any], word: str) -> frozenset[str]:
    return frozenset(str(one) for one in said.get(word) or ())


def _unknown(at: Any, word: str, known: Any) -> Fault:
    return Fault(place_of(at), f"{word} is no word here; there are {', '.join(known)}")


def grant(joined: Joined, root: Path) -> None:
    """Give every function's role what the matrix says. Raises AssemblyError for a row without a function, and for a
    block that speaks of the tenant's data itself.
    """
    matrix = read_access(root)
    functions = dict(joined.of_type(FUNCTION))
    for_readers = matrix.pop(QUEUE_READERS, Access())
    faults = [
        Fault(place_of(name), f"there is no function {name}: take this row out")
        for name in matrix
        if name not in functions
    ]
    faults += [fault for name, properties in functions.items() for fault in _said_in_block(name, properties)]
    if faults:
        raise AssemblyError(*faults)
    readers = {name for name, _ in joined.events("SQS")}
    for name, properties in functions.items():
        access = matrix.get(name, Access()) | (for_readers if name in readers else Access())
        statements = list(statements_of(access))
        if statements:
            policy_of(properties)["Statement"] += statements


def policy_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The policy of a function in which its statements stand."""
    policies: list[dict[str, Any]] = properties.setdefault("Policies", [])
    if not policies:
        policies.append({"Statement": []})
    return policies[0]


def _said_in_block(name: str, properties: Mapping[str, Any]) -> Iterator[Fault]:
    """IAM adds up what is allowed: whatever a block says of the data would undo the matrix."""
    for policy in properties.get("Policies", []):
        if not isinstance(policy, dict) or "Statement" not in policy:
            yield Fault(place_of(policy), f"{name} has a policy of somebody else's: write its statements out")
            continue
        for statement in policy["Statement"]:
            for action in _listed(statement.get("Action", "*")):
                service = str(action).partition(":")[0].lower()
                if (
                    service in ("dynamodb", "s3")
                    or "*" in str(action)
                    or (service == "kms" and action != "kms:Sign")
                ):
                    yield Fault(
                        place_of(statement), f"{name} is given {action} here: {FILE} says who may touch what"
                    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements_of(access: Access) -> Iterator[dict[str, Any]]:
    """The statements of a role, in the order of the matrix's words."""
    yield from _of_table(access)
    if access.lists:
        yield _allowed(
            ["dynamodb:Query"],
            {"Fn::Sub": f"${{Table.Arn}}/index/{LISTS_INDEX.name}"},
            _leading(access.lists),
        )
    if access.table or access.lists:
        # DynamoDB opens the table's own key in the caller's name; what is sealed within is another context's.
        yield _allowed(
            ["kms:Decrypt"],
            _KEY,
            {
                "StringLike": {"kms:ViaService": {"Fn::Sub": "dynamodb.${AWS::Region}.amazonaws.com*"}},
                "StringEquals": {"kms:EncryptionContext:aws:dynamodb:tableName": {"Ref": "Table"}},
            },
        )
    for action, fields in (("kms:Decrypt", access.opens), ("kms:Encrypt", access.seals)):
        if fields:
            context = {
                "kms:EncryptionContext:tenant": {"Ref": "TenantId"},
                "kms:EncryptionContext:field": sorted(fields),
            }
            yield _allowed([action], _KEY, {"StringEquals": context})
    yield from _of_bucket(access)


_KEY: Final = {"Fn::GetAtt": "Key.Arn"}


def _of_table(access: Access) -> Iterator[dict[str, Any]]:
    by_keys: dict[frozenset[str], list[str]] = defaultdict(list)
    for word, action in TABLE_ACTIONS.items():
        if keys := access.keys_of(word):
            by_keys[keys].append(f"dynamodb:{action}")
    for keys, actions in by_keys.items():
        yield _allowed(actions, {"Fn::GetAtt": "Table.Arn"}, _leading(keys))


def _leading(keys: frozenset[str]) -> dict[str, Any]:
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": sorted(keys)}}


def _of_bucket(access: Access) -> Iterator[dict[str, Any]]:
    by_actions: dict[frozenset[str], list[str]] = defaultdict(list)
    for pattern, words in access.objects.items():
        by_actions[words].append(pattern)
    for words, patterns in by_actions.items():
        actions = [action for word in OBJECT_ACTIONS if word in words for action in OBJECT_ACTIONS[word]]
        yield _allowed(
            actions, [{"Fn::Sub": f"${{Bucket.Arn}}/{pattern}"} for pattern in sorted(patterns)], None
        )
    if access.misses:
        yield _allowed(["s3:ListBucket"], {"Fn::GetAtt": "Bucket.Arn"}, None)
    words = frozenset().union(*access.objects.values())
    # S3 encrypts what is put with a data key of the bucket's, and opens that for who reads.
    uses = [
        *(["kms:Decrypt"] if words & {"get", "get_version"} else []),
        *(["kms:GenerateDataKey"] if "put" in words else []),
    ]
    if uses:
        yield _allowed(
            uses,
            _KEY,
            {
                "StringLike": {
                    "kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.amazonaws.com*"},
                    "kms:EncryptionContext:aws:s3:arn": [
                        {"Fn::GetAtt": "Bucket.Arn"},
                        {"Fn::Sub": "${Bucket.Arn}/*"},
                    ],
                }
            },
        )


def _allowed(actions: list[str], resource: Any, condition: dict[str, Any] | None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})
