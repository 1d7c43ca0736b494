"""The commands behind the Makefile: ``python -m infra.local up``."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from infra.local import server
from infra.local.build import build_all, validate_all
from infra.local.defaults import load_defaults
from infra.local.layout import Home, LocalStackError
from infra.local.stack import bring_up, homes, load
from infra.local.stack import stop as stop_stack

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The embedded stack.", pretty_exceptions_enable=False
)

Name = Annotated[str, typer.Option(help="Which stack: demo, e2e, bench, or any other name.")]
Port = Annotated[int | None, typer.Option(help="Where to listen; the default is a free port.")]


@app.command()
def build() -> None:
    """Build the layer and the functions of both stacks."""
    began = time.monotonic()
    for built in build_all():
        typer.echo(f"{'built' if built.fresh else 'unchanged'}: {built.template.parent}")
    typer.echo(f"{time.monotonic() - began:.1f} s")


@app.command()
def validate() -> None:
    """Assemble the tenant's template, count its resources, and lint both templates."""
    typer.echo(validate_all())
    typer.echo("both templates are valid")


@app.command()
def up(name: Name = "demo", port: Port = None, fresh: bool = False) -> None:
    """Build, start the embedded AWS and deploy both stacks; whatever is already there stays."""
    stack = bring_up(name, port=port, fresh=fresh, say=typer.echo)
    loaded = load_defaults(stack)
    typer.echo(f"configuration: {len(loaded)} documents, {sum(one.changed for one in loaded)} of them new")
    typer.echo(f"API      {stack.api_url}\nsandbox  {stack.sandbox_url}")


@app.command()
def deploy(name: Name = "demo") -> None:
    """Deploy what has changed to the running stack (the same as up)."""
    bring_up(name, say=typer.echo)


@app.command()
def down(
    name: Annotated[str | None, typer.Option(help="Which stack; by default all of them.")] = None,
) -> None:
    """Stop the embedded AWS. Its data go with it."""
    stopped = [home.name for home in ([Home(name)] if name else homes()) if stop_stack(home.name)]
    typer.echo(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")


@app.command()
def status() -> None:
    """What runs, and where."""
    running = [(home, found) for home in homes() if (found := server.find(home))]
    for home, found in running:
        stack = load(home.name)
        typer.echo(f"{home.name}: {found.endpoint_url}, pid {found.pid}, log {home.server_log}")
        typer.echo(f"  API {stack.api_url}" if stack else "  not deployed")
    if not running:
        typer.echo("nothing is running")


if __name__ == "__main__":
    try:
        app()
    except LocalStackError as error:
        typer.secho(str(error), err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None
