"""``admin reading``: how readers do on what HR has marked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.admin import configuration, judging, previews
from infra.admin.configuration import Document
from infra.admin.offered import Documents
from infra.admin.reporting import actor, reported
from infra.admin.tenant import tenant_of
from rencai.reading.rules.marks import MarkKind
from rencai.store.timeline import Timeline

app = typer.Typer(no_args_is_help=True, help="How readers do on what HR has marked.")
StackName = Annotated[
    str | None, typer.Option("--stack", envvar="RENCAI_STACK", help="The tenant's CloudFormation stack.")
]


File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, show_default=False)]


@app.command()
def judge(
    kind: Annotated[
        MarkKind, typer.Option(help="Claims in interviews, or mentors' reviews.")
    ] = MarkKind.COMPETENCY,
    lexicon: File = None,
    classifier: File = None,
    scope_words: File = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print the words of those that do not come out right.")
    ] = False,
    stack: StackName = None,
) -> None:
    """How many of the readings that HR has marked come out right, by claim: by the newest documents and, where files
    are offered, by those instead. It opens the marks, which is on KMS's record; whose words are printed has that on the
    timeline.
    """
    with reported():
        named = {"lexicon": (lexicon, kind.value), "classifier": (classifier, kind.value)}
        named["scope_words"] = (scope_words, "default")
        offered: list[Document] = [
            configuration.read(file.resolve(), of, name) for of, (file, name) in named.items() if file
        ]
        tenant = tenant_of(None, stack)
        judgement = previews.judged(
            kind, tenant, Documents(tenant.configurations), Documents(tenant.configurations, *offered)
        )
        if show:
            previews.on_record(judgement, Timeline(tenant.table), actor(), datetime.now(UTC))
        for line in judging.said(judgement, kind, offered=bool(offered), show=show):
            typer.echo(line)
