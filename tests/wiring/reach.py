"""What a handler asks its wiring for, found in the source: nothing of it is run.

A chain like ``router.wired.people.merging.same(...)`` is followed from what is wired for as long as it leads through
the wiring; what comes then is a collaborator, and its own business.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from rencai.wiring import Wired
from tests.template import ROOT

_WIRING: Final = "rencai.wiring"
Step = str | tuple[Any, ...]
"""An attribute; or, as a tuple, the literals that something is called or indexed with."""
Chain = tuple[Step, ...]


def chains(module: str) -> frozenset[Chain]:
    """Every chain of the module of a handler, of what it imports of ``functions``, and of what makes it a handler."""
    found: set[Chain] = set()
    for tree in _trees(module, set()):
        found |= _Scan().of(tree)
    return frozenset(found)


def follow(wired: Wired, chain: Chain) -> tuple[str, Any]:
    """What a chain asks for, its name (``people.merging``) and the thing; raises what building it raises."""
    name = ""
    found: Any = wired
    for step in chain:
        if isinstance(step, tuple):
            found = found(*step) if callable(found) else found[step[0]]
            name += f"({', '.join(map(str, step))})"
        elif _is_wiring(found):
            found = getattr(found, step)
            name = f"{name}.{step}".lstrip(".")
        else:
            break
    return name, found


def _is_wiring(found: object) -> bool:
    return type(found).__module__.startswith(_WIRING)


def _path(module: str) -> Path:
    folder = ROOT / "shared" if module.startswith("rencai.") else ROOT
    path = folder / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _parsed(module: str) -> ast.Module:
    return ast.parse(_path(module).read_text())


def _trees(module: str, seen: set[str]) -> Iterator[ast.AST]:
    if module in seen:
        return
    seen.add(module)
    tree = _parsed(module)
    yield tree
    for node in _run(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        source = (
            f"{module.rpartition('.')[0]}.{node.module or ''}".rstrip(".")
            if node.level
            else node.module or ""
        )
        names = [alias.name for alias in node.names]
        if source.partition(".")[0] == "functions":
            inner = [f"{source}.{name}" for name in names]
            for one in [source, *(one for one in inner if _path(one).exists())]:
                yield from _trees(one, seen)
        elif source.startswith(f"{_WIRING}."):
            yield from (one for one in _parsed(source).body if getattr(one, "name", "") in names)


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but what only the type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


@dataclass
class _Scan:
    """One module, or one function of the wiring."""

    names: dict[str, set[Chain]] = field(default_factory=dict)
    """What a name may stand for, wherever in the module it does."""

    def of(self, tree: ast.AST) -> set[Chain]:
        nodes = list(_run(tree))
        for node in nodes:
            if (
                isinstance(node, ast.arg)
                and isinstance(node.annotation, ast.Name)
                and node.annotation.id == "Wired"
            ):
                self.names.setdefault(node.arg, set()).add(())
        known = -1
        while known != sum(map(len, self.names.values())):
            known = sum(map(len, self.names.values()))
            for node in nodes:
                if isinstance(node, ast.Assign):
                    self._assigned(node.targets[0], node.value)
        return {
            chain for node in nodes if isinstance(node, ast.expr) for chain in self._chains(node) if chain
        }

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=True):
                self._assigned(one, its)
        elif isinstance(target, ast.Name):
            # A name given to itself, further on in the chain, stands for no more than it did.
            longer = {chain for chain in self._chains(value) if target.id not in _named(value)}
            if longer:
                self.names.setdefault(target.id, set()).update(longer)

    def _chains(self, node: ast.expr) -> set[Chain]:
        match node:
            case ast.Attribute(attr="wired"):
                return {()}
            case ast.Call(func=ast.Attribute(attr="container")):
                return {()}
            case ast.Call(func=ast.Name(id="settings")):
                return {("settings",)}
            case ast.Name(id=name):
                return self.names.get(name, set())
            case ast.Attribute(value=value, attr=name):
                return {(*chain, name) for chain in self._chains(value)}
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                return {(*chain, (name,)) for chain in self._chains(value)}
            case ast.Call(func=func, args=args, keywords=[]) if all(
                isinstance(one, ast.Constant) for one in args
            ):
                literals = tuple(one.value for one in args if isinstance(one, ast.Constant))
                return {(*chain, literals) for chain in self._chains(func)}
        return set()


def _named(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
