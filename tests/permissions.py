"""What each function touches while the tests run, held against access.yaml.

The embedded stack would find a missing permission too, on the ways its tests take; these are all ways that all tests
take, the rare ones among them. Who calls moto is found on the stack, by the files of ``functions`` that stand there.
Where a test calls what several functions share, one of them must be allowed. Nothing is refused here: a test goes on,
and fails at its end.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from types import FrameType
from typing import Any, Final

from infra.assembly.access import OBJECT_ACTIONS, QUEUE_READERS, TABLE_ACTIONS, Access, read_access
from tests.template import ROOT, resources


@dataclass(frozen=True, order=True)
class Touch:
    """What a call needs: a word of the matrix, and the cell - a leading key, a field, an object's key - it is about."""

    kind: str
    """``table``, ``lists``, ``opens``, ``seals`` or ``objects``, as in access.yaml."""
    cell: str
    word: str = ""
    """Of TABLE_ACTIONS or OBJECT_ACTIONS; an action that has no word is itself."""


Permission = tuple[str, Touch]
"""A function, and a cell of its row."""

used: Final[set[Permission]] = set()
"""The cells of the matrix that some test needed so far."""
_missing: Final[set[str]] = set()
_by_nobody: Final[list[None]] = []


def missing() -> list[str]:
    """What functions did since it was asked last and access.yaml does not allow, a line each."""
    found = sorted(_missing)
    _missing.clear()
    return found


def told() -> list[list[str]]:
    """``used``, for another process."""
    return [[name, touch.kind, touch.cell, touch.word] for name, touch in sorted(used)]


def add(others: list[list[str]]) -> None:
    """What the tests of another process needed."""
    used.update((name, Touch(kind, cell, word)) for name, kind, cell, word in others)


def unneeded() -> list[str]:
    """The cells that no test needed, a line each. What is needed by a way that no test takes as that function - through
    a use case alone, or on the embedded stack - is among them, and what nobody needs any more.
    """
    return sorted(
        f"{name} {touch.kind} {touch.cell} {touch.word}".strip() for name, touch in granted() - used
    )


def watched(client: Any) -> Any:
    """``client``, with every call held against the matrix."""
    service, call, presign = (
        client.meta.service_model.service_name,
        client._make_api_call,
        client.generate_presigned_url,
    )

    def called(operation: str, params: dict[str, Any]) -> Any:
        _look_at(service, operation, params)
        return call(operation, params)

    def presigned(method: str, Params: dict[str, Any], **more: Any) -> Any:  # noqa: N803 - boto's name
        # A URL carries the permissions of who signs it.
        _look_at(service, client.meta.method_to_api_mapping[method], Params)
        return presign(method, Params=Params, **more)

    client._make_api_call, client.generate_presigned_url = called, presigned
    return client


def _look_at(service: str, operation: str, params: Mapping[str, Any]) -> None:
    touches = _TOUCHES.get(service)
    if touches is None:
        return
    acting = [] if _by_nobody else sorted(_acting(sys._getframe(2)))
    for touch in touches(operation, params) if acting else ():
        allowed = [
            (function, Touch(touch.kind, cell, touch.word))
            for function in acting
            for cell in _cells(function, touch.kind, touch.word)
            if fnmatchcase(touch.cell, cell)
        ]
        used.update(allowed)
        if not allowed:
            who = " or ".join(acting)
            _missing.add(f"access.yaml does not let {who} {touch.word} {touch.cell}: {touch.kind}")


@contextmanager
def by_nobody() -> Iterator[None]:
    """What is called within is the test's, however deep in a function it stands."""
    _by_nobody.append(None)
    try:
        yield
    finally:
        _by_nobody.pop()


@cache
def _cells(function: str, kind: str, word: str) -> tuple[str, ...]:
    return tuple(
        touch.cell for name, touch in granted() if (name, touch.kind, touch.word) == (function, kind, word)
    )


@cache
def granted() -> frozenset[Permission]:
    """Every cell of the matrix."""
    found: set[Permission] = set()
    matrix = read_access(ROOT)
    for_readers = matrix.pop(QUEUE_READERS)
    for function, properties in resources("AWS::Serverless::Function").items():
        reads = any(event["Type"] == "SQS" for event in properties.get("Events", {}).values())
        access = matrix.get(function, Access()) | (for_readers if reads else Access())
        for kind, cells in (("table", access.table), ("objects", access.objects)):
            found |= {(function, Touch(kind, cell, word)) for cell, words in cells.items() for word in words}
        for kind, names in (("lists", access.lists), ("opens", access.opens), ("seals", access.seals)):
            found |= {(function, Touch(kind, name)) for name in names}
    return frozenset(found)


# --- what a call touches ------------------------------------------------------------------------------------

_WORD_OF: Final = {action: word for word, action in TABLE_ACTIONS.items()}
_PARTS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _of_table(operation: str, params: Mapping[str, Any]) -> Iterator[Touch]:
    if operation == "TransactWriteItems":
        # Each action of a transaction is held to the keys of all of it (infra/local/conditions.py).
        parts = [(kind, written) for part in params["TransactItems"] for kind, written in part.items()]
        for kind in dict.fromkeys(kind for kind, _ in parts):
            for _, written in parts:
                yield from _of_table(_PARTS[kind], written)
        return
    word = _WORD_OF.get(operation, operation)
    if operation == "Query":
        key, index = params["ExpressionAttributeValues"][":pk"]["S"], params.get("IndexName")
        yield Touch("lists", key) if index else Touch("table", key, word)
    elif operation == "BatchGetItem":
        for asked in params["RequestItems"].values():
            yield from (Touch("table", key["pk"]["S"], word) for key in asked["Keys"])
    else:
        item = params.get("Item") or params.get("Key") or {"pk": {"S": "?"}}
        yield Touch("table", item["pk"]["S"], word)


def _of_key(operation: str, params: Mapping[str, Any]) -> Iterator[Touch]:
    kind = {"Decrypt": "opens", "Encrypt": "seals"}[operation]
    yield Touch(kind, params["EncryptionContext"]["field"])


def _of_bucket(operation: str, params: Mapping[str, Any]) -> Iterator[Touch]:
    action = "GetObject" if operation == "HeadObject" else operation
    action += "Version" if params.get("VersionId") else ""
    word = next((word for word, actions in OBJECT_ACTIONS.items() if f"s3:{action}" in actions), action)
    yield Touch("objects", params.get("Key", ""), word)


_TOUCHES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[Touch]]]] = {
    "dynamodb": _of_table,
    "kms": _of_key,
    "s3": _of_bucket,
}


# --- who is acting ------------------------------------------------------------------------------------------


def _acting(frame: FrameType | None) -> frozenset[str]:
    """The functions for which the call is made: those that have every file of ``functions`` between it and the test."""
    found: frozenset[str] | None = None
    inside = False
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("functions."):
            narrower = _having(module) if found is None else found & _having(module)
            if not narrower:
                break
            found = narrower
        # The tests' clients are what is called; further out, a test is who calls.
        if module.startswith(("rencai.", "functions.")):
            inside = True
        elif inside and module.startswith("tests."):
            break
        frame = frame.f_back
    return found or frozenset()


@cache
def _having(module: str) -> frozenset[str]:
    """The functions whose code a module of ``functions`` is part of."""
    return frozenset(name for name, modules in _code().items() if module in modules)


@cache
def _code() -> Mapping[str, frozenset[str]]:
    found = {}
    for name, properties in resources("AWS::Serverless::Function").items():
        modules: set[str] = set()
        _add_imported(properties["Handler"].rpartition(".")[0], modules)
        found[name] = frozenset(modules)
    return found


def _add_imported(module: str, seen: set[str]) -> None:
    file = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    if module in seen or not file.exists():
        return
    seen.add(module)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            parent = module.rsplit(".", node.level)[0] if node.level else ""
            source = ".".join(filter(None, (parent, node.module)))
            if source.partition(".")[0] == "functions":
                for one in (source, *(f"{source}.{alias.name}" for alias in node.names)):
                    _add_imported(one, seen)
