"""Cuts Powertools' packages down to what the functions ask of them; run by the layer's build on the installed copy.

    python prune_powertools.py <layer's python folder> <folder of our code>...

Two of its packages import all they have when anything of them is: routing imports resolvers for AppSync, Bedrock and
VPC Lattice (and asyncio for them), and ``data_classes`` the events of forty services. Their ``__init__`` keeps the
lines whose names are asked for, by our code or by what our code leads to. Nothing else is changed, and nothing is
taken away: what is not imported any more can still be, by its own module.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

LIBRARY: Final = "aws_lambda_powertools"
CUT: Final = (f"{LIBRARY}.event_handler", f"{LIBRARY}.utilities.data_classes")
"""Packages whose ``__init__`` only hands on what its modules have."""


class _Library:
    """What leads to what, by reading."""

    def __init__(self, layer: Path) -> None:
        self._layer = layer
        self.asked: dict[str, set[str]] = {package: set() for package in CUT}
        self._seen: set[str] = set()

    def file(self, module: str) -> Path | None:
        """Where a module of the library stands; None for a name that is no module."""
        path = self._layer.joinpath(*module.split("."))
        found = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        return found if found.is_file() else None

    def lead(self, text: str, package: str = "") -> None:
        """Follow everything that a module's text imports of the library; ``package`` is where it stands."""
        for module, names in _imports(ast.parse(text), package):
            if module in self.asked:
                self.asked[module] |= names
                handed_on = self._handed_on(module)
                for name in names:
                    self._follow(handed_on.get(name, f"{module}.{name}"))
            else:
                self._follow(module)
                for name in names:
                    self._follow(f"{module}.{name}")

    def cut(self) -> None:
        """Write the packages' ``__init__`` with the lines that are asked for."""
        for package, asked in self.asked.items():
            path = self._layer.joinpath(*package.split("."), "__init__.py")
            tree = ast.parse(path.read_text())
            kept = [
                statement
                for statement in tree.body
                if not isinstance(statement, ast.ImportFrom)
                or asked & {alias.name for alias in statement.names}
            ]
            left = {
                alias.asname or alias.name
                for statement in kept
                if isinstance(statement, ast.ImportFrom)
                for alias in statement.names
            }
            if missing := asked - left - {child.stem for child in path.parent.iterdir()}:
                raise SystemExit(f"{package} has no {', '.join(sorted(missing))}")
            path.write_text("\n".join(_without_all(kept)) + "\n")

    def _handed_on(self, package: str) -> dict[str, str]:
        """Which module each name of a package comes from."""
        path = self._layer.joinpath(*package.split("."), "__init__.py")
        return {
            name: module for module, names in _imports(ast.parse(path.read_text()), package) for name in names
        }

    def _follow(self, module: str) -> None:
        path = self.file(module)
        if path is None or module in self._seen or module in self.asked:
            return
        self._seen.add(module)
        self.lead(path.read_text(), module if path.name == "__init__.py" else module.rpartition(".")[0])


def _without_all(statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        # A list of names that are not there would break ``import *``, which nobody does.
        if not (isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"):
            yield ast.unparse(statement)


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[str, set[str]]]:
    """Modules of the library that are imported when a module runs or one of its functions does, and what of them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield from _imports(ast.Module([other], []), package)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names if alias.name.startswith(LIBRARY))
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            module = ".".join(part for part in (above if node.level else "", node.module or "") if part)
            if module.startswith(LIBRARY):
                yield module, {alias.name for alias in node.names}
        else:
            yield from _imports(node, package)


def main(layer: Path, ours: Iterable[Path]) -> None:
    """Read our code, follow it through the library, cut."""
    library = _Library(layer)
    for folder in ours:
        for path in sorted(folder.rglob("*.py")):
            library.lead(path.read_text())
    library.cut()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
