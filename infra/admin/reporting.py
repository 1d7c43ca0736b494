"""What an administrator can do something about, as a message instead of a traceback."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import BotoCoreError, ClientError

from infra.admin.configuration import InvalidConfiguration
from rencai.kernel.errors import NotFound


@contextmanager
def reported() -> Iterator[None]:
    """Turns what an administrator can do something about into its message and exit code 1."""
    try:
        yield
    except InvalidConfiguration as invalid:
        for error in invalid.errors:
            typer.secho(error, err=True, fg=typer.colors.RED)
        typer.secho("nothing was stored", err=True)
        raise typer.Exit(1) from None
    except (NotFound, LookupError, BotoCoreError, ClientError) as error:
        typer.secho(
            str(error.args[0] if isinstance(error, LookupError) else error), err=True, fg=typer.colors.RED
        )
        raise typer.Exit(1) from None


def actor() -> str:
    """Who types, as it goes on record: ``admin:wang``."""
    try:
        return f"admin:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "admin"
