"""The command: ``python -m tests.bench``; see the package."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.table import Table

from infra.local.layout import LocalStackError
from tests.bench.figures import FILE, Figures, keep


def _score() -> Figures:
    from tests.bench import scoring

    return scoring.measure()


def _init() -> Figures:
    from tests.bench import cold_start

    return cold_start.measure()


def _reading() -> Figures:
    from tests.bench import reading

    return reading.measure()


def _become(function: str) -> None:
    """The functions' modules read their environment when they are imported."""
    from tests.bench.cold_start import function_environment

    os.environ.update(function_environment(function) | {"POWERTOOLS_LOG_LEVEL": "WARNING"})


def _units() -> Figures:
    _become("HrApi")
    from tests.bench import request_units

    return request_units.measure()


def _sync_units() -> Figures:
    _become("TrainingPull")
    from tests.bench import sync_units

    return sync_units.measure()


def _sync() -> Figures:
    _become("TrainingPull")
    from tests.bench import learning_sync

    return learning_sync.measure()


def _scan() -> Figures:
    _become("RiskScanPart")
    from tests.bench import night

    return night.measure()


def _import() -> Figures:
    _become("ImportPart")
    from tests.bench import migration

    return migration.measure()


def _journey() -> Figures:
    from tests.bench import journeys

    return journeys.measure()


PARTS: Final[dict[str, Callable[[], Figures]]] = {
    "reading": _reading,
    "score": _score,
    "init": _init,
    "units": _units,
    "sync_units": _sync_units,
    "sync": _sync,
    "scan": _scan,
    "import": _import,
    "journey": _journey,
}


def main() -> int:
    """Measure, print one table, keep the figures. A missed target is shown and is no failure: machines differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure what things cost.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="only these; all by default")
    parser.add_argument("--imports", action="store_true", help="only the heaviest function's import costs")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True)
    if arguments.imports:
        _print_imports(console)
        return 0
    all_figures: list[Figures] = []
    for name in arguments.parts or PARTS:
        began = time.monotonic()
        console.print(f"[dim]{name} ...[/dim]", end="")
        all_figures.append(PARTS[name]())
        console.print(f"[dim] {time.monotonic() - began:.0f} s[/dim]")
        keep(all_figures[-1].values)
    console.print(_table(all_figures))
    console.print(f"written to {FILE}")
    missed = [row.name for figures in all_figures for row in figures.rows if not row.met]
    if missed:
        console.print(f"[red]target missed: {', '.join(missed)}[/red]")
    return 0


def _table(all_figures: list[Figures]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("figure", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("target", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for figures in all_figures:
        for row in figures.rows:
            target = f"≤ {row.target:g}" if row.target is not None else ""
            target = f"≥ {row.floor:g}" if row.floor is not None else target
            colour = "" if not target else "green" if row.met else "red"
            table.add_row(row.name, f"[{colour}]{row.value}[/]" if colour else row.value, target, row.note)
        table.add_section()
    return table


def _print_imports(console: Console) -> None:
    from tests.bench import cold_start

    for title, rows in cold_start.import_costs():
        table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
        table.add_column("name", no_wrap=True)
        table.add_column("own ms", justify="right")
        table.add_column("with imports ms", justify="right")
        for name, own, whole in rows:
            table.add_row(name, f"{own:.1f}", f"{whole:.1f}")
        console.print(table)
        console.print()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except LocalStackError as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        raise SystemExit(1) from None
