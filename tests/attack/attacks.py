"""What an attack is, and all there are."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import tests.attack
from infra.local.layout import ROOT
from tests.e2e.outsider import Outsider

_ALL: Final[list[Attack]] = []
# A hundred tests at once are slower than the slowest attack, and nothing in them waits for anybody.
_LONGEST: Final = 900


@dataclass(frozen=True)
class Attack:
    """Something tried: ``run`` gives the answer, and raises ``AssertionError`` where it got through."""

    kind: str
    what: str
    run: Callable[[Outsider], str]


def attack(what: str) -> Callable[[Callable[[Outsider], str]], Callable[[Outsider], str]]:
    """Marks a function as an attack; ``what`` says in a sentence what is tried."""

    def marked(run: Callable[[Outsider], str]) -> Callable[[Outsider], str]:
        _ALL.append(Attack(_kind(run.__module__), what, run))
        return run

    return marked


def shown_by(what: str, *tests: str) -> Attack:
    """An attack that only tests can try: files or node ids, run when its turn comes."""
    kind = _kind(sys._getframe(1).f_globals["__name__"])
    shown = Attack(kind, what, lambda _: _tried(*tests))
    _ALL.append(shown)
    return shown


def all_attacks() -> list[Attack]:
    """Every attack of every module here, by kind and in the order in which they stand."""
    for module in pkgutil.iter_modules(tests.attack.__path__):
        if module.name not in ("__main__", "attacks"):
            importlib.import_module(f"tests.attack.{module.name}")
    return sorted(_ALL, key=lambda one: one.kind)


def _kind(module: str) -> str:
    return module.rpartition(".")[2].replace("_", " ")


def _tried(*named: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--no-header", "-x", *named]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_LONGEST, check=False)
    last = run.stdout.strip().splitlines()[-1:] or [run.stderr.strip()[-300:]]
    assert run.returncode == 0, f"{' '.join(named)}: {run.stdout[-1500:]}"
    return f"{', '.join(named)}: {last[0].strip('= ')}"
