"""The functions' modules as they are written: read, never run."""

from __future__ import annotations

import ast
from pathlib import Path


def module_file(root: Path, module: str) -> Path:
    """Where ``functions.hiring.chase`` stands."""
    return root.joinpath(*module.split(".")).with_suffix(".py")


def defined(file: Path) -> set[str]:
    """Functions and variables of a module, without running it."""
    names = set()
    for statement in ast.parse(file.read_text()).body:
        if isinstance(statement, ast.FunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign):
            names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names.add(statement.target.id)
    return names
