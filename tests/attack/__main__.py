"""The command: ``python -m tests.attack [part of a kind or of a sentence ...]``; see the package."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from infra.local.layout import LOCAL, LocalStackError
from infra.local.stack import stop
from tests.attack.attacks import Attack, all_attacks
from tests.e2e.deployment import deployed_afresh, every_event
from tests.e2e.outsider import Outsider

STACK: Final = "attack"
REPORT: Final = LOCAL / "attack.md"
# They wait more than they work, for one stack.
_AT_ONCE: Final = 3


@dataclass(frozen=True)
class Outcome:
    """What came of an attack. ``held``: it got nothing it should not have."""

    attack: Attack
    held: bool
    answer: str
    seconds: float


def main() -> int:
    """Attack, print the table, keep it in ``.local/attack.md``; 1 when anything got through."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("only", nargs="*", help="those whose kind or sentence has one of these in it")
    parser.add_argument("--keep", action="store_true", help="leave the stack running, to look into it")
    arguments = parser.parse_args()
    attacks = [one for one in all_attacks() if _named(one, arguments.only)]
    if not attacks:
        parser.error(f"no attack has {' or '.join(arguments.only)} in it")
    console = Console(soft_wrap=True, highlight=False)
    try:
        outsider = Outsider(stack := deployed_afresh(STACK), every_event(stack))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            outcomes = list(pool.map(lambda one: _tried(one, outsider), attacks))
    finally:
        if not arguments.keep:
            stop(STACK)
    console.print(_table(outcomes))
    REPORT.write_text(_markdown(outcomes))
    through = [one for one in outcomes if not one.held]
    console.print(f"written to {REPORT.name}: {len(outcomes) - len(through)} of {len(outcomes)} held")
    return 1 if through else 0


def _named(one: Attack, only: list[str]) -> bool:
    return not only or any(part in one.kind or part in one.what for part in only)


def _tried(one: Attack, outsider: Outsider) -> Outcome:
    began = time.monotonic()
    try:
        held, answer = True, one.run(outsider)
    except Exception as error:  # noqa: BLE001 - whatever it is, this one is not held, and the others go on
        traceback.print_exc()
        held, answer = False, f"{type(error).__name__}: {str(error)[:300]}"
    return Outcome(one, held, answer, time.monotonic() - began)


def _table(outcomes: list[Outcome]) -> Table:
    table = Table("kind", "attack", "", "answer", "s", show_lines=True)
    for one in outcomes:
        said = "[green]held[/green]" if one.held else "[red]got through[/red]"
        table.add_row(one.attack.kind, one.attack.what, said, one.answer, f"{one.seconds:.1f}")
    return table


def _markdown(outcomes: list[Outcome]) -> str:
    rows = ["| kind | attack | | answer |", "|---|---|---|---|"]
    for one in outcomes:
        answer = " ".join(one.answer.split()).replace("|", "\\|")
        rows.append(
            f"| {one.attack.kind} | {one.attack.what} | {'held' if one.held else '**got through**'} | {answer} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LocalStackError as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        sys.exit(1)
