"""A cold start imports what every call of a function needs; the rest comes with the call that needs it.

What a start imports is found in the source: whatever stands outside of functions.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.template import ROOT, resources, served

_READ_IMPORTS: Final = frozenset({"ImportSplit", "ImportPart"})
_LETTERS: Final = frozenset(
    {"CandidateNotices", "Chase", "OfferSignature", "Onboarding", "SurveyLetters", "TrainingMentoring"}
)
_INTERVIEWS: Final = frozenset(
    {"InterviewDelivery", "InterviewIngestion", "InterviewPart", "InterviewUpload"}
)
_SCORES: Final = frozenset({"InterviewDelivery", "InterviewIngestion", "InterviewPart"})

MAY_START_WITH: Final[Mapping[str, frozenset[str]]] = {
    # Files of other systems: to show how far one has come, or to take it back, no cell is read.
    "rencai.migration.rules.files": frozenset({"ImportSplit"}),
    "rencai.migration.rules.finding": frozenset({"ImportSplit"}),
    # What a file is written in is looked at where it is not UTF-8.
    "chardet": frozenset(),
    "rencai.migration.rules.rows": _READ_IMPORTS,
    "rencai.migration.rules.row_reader": _READ_IMPORTS,
    "rencai.migration.rules.cells": _READ_IMPORTS,
    "rencai.migration.rules.columns": _READ_IMPORTS,
    "rencai.employees.rules.records": _READ_IMPORTS,
    "rencai.migration.targets": frozenset({"ImportPart"}),
    "rencai.migration.desk": frozenset({"ImportApi"}),
    # Names that come close are found; a resident's id is checked.
    "difflib": frozenset(),
    "stdnum": frozenset(),
    # An interview is words. Elsewhere few calls read any: a card is made anew of a week's hours far more often than of
    # an answer.
    "rencai.reading.readers": _SCORES,
    "rencai.reading.rules.clauses": _SCORES,
    "rencai.reading.rules.lexicon": _SCORES,
    "rencai.reading.rules.classifier": _SCORES,
    "rencai.reading.rules.reader": _SCORES,
    # Letters are written with it.
    "jinja2": _LETTERS,
    "rencai.interviews.rules.interview": _INTERVIEWS,
    # Routes are answered with it.
    "aws_lambda_powertools.event_handler": frozenset(served()),
    "rencai.platform.api": frozenset(served()),
}
"""What costs a start, and the functions that may have it."""


def test_a_function_starts_with_nothing_that_only_some_of_its_calls_need() -> None:
    started = {
        name: _imported(properties["Handler"].rpartition(".")[0])
        for name, properties in resources("AWS::Serverless::Function").items()
    }
    assert not {name for may in MAY_START_WITH.values() for name in may} - started.keys()
    found = {
        module: {name for name, imported in started.items() if module in imported}
        for module in MAY_START_WITH
    }
    needless = {module: sorted(found[module] - may) for module, may in MAY_START_WITH.items()}
    assert needless == {module: [] for module in MAY_START_WITH}
    assert found["rencai.migration.rules.columns"] == _READ_IMPORTS, "it is found where it is"


def _imported(handler: str) -> frozenset[str]:
    """All modules that importing one imports, ours all the way."""
    found: set[str] = set()
    left = [handler]
    while left:
        for module in _with_packages(left.pop()):
            if module not in found:
                found.add(module)
                left += _imports(module)
    return frozenset(found)


def _with_packages(module: str) -> Iterator[str]:
    while module:
        yield module
        module = module.rpartition(".")[0]


@cache
def _imports(module: str) -> tuple[str, ...]:
    path = _path(module)
    if path is None:
        return ()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    named: list[str] = []
    for node in _executed(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(filter(None, (above, node.module)))
            inner = [f"{source}.{alias.name}" for alias in node.names]
            named += [source, *(one for one in inner if _path(one))]
    return tuple(named)


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda) or _is_for_types(node):
            continue
        yield node
        yield from _executed(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def _path(module: str) -> Path | None:
    """Where a module of ours is; None: it is somebody else's, or none at all."""
    folder = {"rencai": ROOT / "shared", "functions": ROOT}.get(module.partition(".")[0])
    if folder is None:
        return None
    path = folder.joinpath(*module.split("."))
    return next((one for one in (path / "__init__.py", path.with_suffix(".py")) if one.exists()), None)
