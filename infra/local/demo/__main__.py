"""The command: ``python -m infra.local.demo``; see the package."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.text import Text

from infra.admin.configuration import InvalidConfiguration
from infra.local import Stack, bring_up
from infra.local.defaults import load_defaults
from infra.local.demo.api import Api, DemoFailed
from infra.local.demo.handing_in import hand_in
from infra.local.demo.people import Cast, Show
from infra.local.demo.summary import print_summary
from infra.local.demo.watching import watch
from infra.local.layout import LocalStackError


def run(name: str, count: int, seed: int, console: Console) -> None:
    """The whole demo. Raises ``DemoFailed`` or ``LocalStackError``."""
    began = time.monotonic()

    def say(line: str) -> None:
        console.print(line, soft_wrap=True)

    stack = bring_up(name, say=lambda line: say(f"[dim]{line}[/dim]"))
    now = datetime.now(UTC)
    loaded = load_defaults(stack)
    say(f"configuration: {len(loaded)} documents, {sum(one.changed for one in loaded)} of them new")
    say(
        "interview vendors: here `ingest`, and a file in the bucket, may speak for any; a deployed tenant lists them"
    )

    this_run = f"{now:%Y%m%d%H%M%S}"
    ingest, hr = Api(stack, "ingest"), Api(stack, "hr")
    people, filename, broken = hand_in(stack, ingest, count, seed, this_run, say)
    show = Show(people)
    with httpx.Client(timeout=30, trust_env=False) as sandbox:
        cast = Cast(hr, sandbox)
        try:
            watch(stack, hr, cast, show, filename, broken, console)
        finally:
            cast.close()
    took = show.elapsed
    print_summary(stack, hr, show, console)
    total = time.monotonic() - began
    say(f"\n[bold green]Done[/bold green] in {total:.0f} s; the candidates took {took:.0f} s of it.")
    _how_to_go_on(stack, name, console)


def _how_to_go_on(stack: Stack, name: str, console: Console) -> None:
    about = (
        ("API", stack.api_url),
        ("documentation", f"{stack.api_url}/docs"),
        ("embedded AWS", stack.endpoint_url),
        ("to drive it", str(Path(".local") / ("stack.json" if name == "demo" else f"{name}/stack.json"))),
        ("log", stack.server_log),
        ("again", "make demo"),
        ("stop", "make down"),
    )
    for title, where in about:
        console.print(f"  {title:<14} {where}", highlight=False, soft_wrap=True)


def main(
    name: Annotated[str, typer.Option(help="Which embedded stack.")] = "demo",
    interviews: Annotated[int, typer.Option(help="How many to invent.", min=2)] = 44,
    seed: Annotated[int, typer.Option(help="Other seeds, other people.")] = 2026,
) -> None:
    """Build, start, deploy, and watch candidates go from interview to onboarded."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110
    try:
        run(name, interviews, seed, console)
    except (DemoFailed, LocalStackError, InvalidConfiguration) as error:
        Console(stderr=True).print(Text(f"\nThe demo failed: {error}", style="red"), soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print(
            "\nStopped watching. The stack still runs: `make demo` goes on with it, `make down` stops it."
        )
        sys.exit(130)


if __name__ == "__main__":
    typer.run(main)
