"""The administrator's commands: ``python -m infra.admin --help``.

They talk to AWS with the credentials and region of the environment; AWS_ENDPOINT_URL points them at an embedded stack.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import boto3
import typer

from infra.admin import (
    DEFAULTS,
    configuration,
    interviews,
    previews,
    reading,
    redrive,
    reindex,
    risk_policy,
    undelivered,
    work_calendar,
)
from infra.admin.configuration import Stored
from infra.admin.reporting import actor, reported
from infra.admin.restore import command as restore
from infra.admin.tenant import names_of, tenant_of
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket
from rencai.store.table import Table
from rencai.wiring.documents import KINDS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Configuration into a tenant, dead letters back to work. See `--help` of each command.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
documents = typer.Typer(no_args_is_help=True, help="Look at one document, or change it without a deploy.")
app.add_typer(documents, name="configuration")
app.add_typer(restore.app, name="restore")
app.add_typer(reading.app, name="reading")
interviews_app = typer.Typer(no_args_is_help=True, help="Look at interviews on record.")
app.add_typer(interviews_app, name="interviews")

_KINDS = ", ".join(sorted(KINDS))
StackName = Annotated[
    str | None, typer.Option("--stack", envvar="RENCAI_STACK", help="The tenant's CloudFormation stack.")
]
TableName = Annotated[
    str | None,
    typer.Option(
        "--table", envvar="RENCAI_TABLE", help="The tenant's table; by default the stack's output TableName."
    ),
]


def _kind(name: str) -> str:
    """A kind of document, which the command line names."""
    if name not in KINDS:
        raise typer.BadParameter(f"{name!r} is not one of {_KINDS}.")
    return name


@app.command("load-configuration")
def load_configuration(
    directory: Annotated[
        Path, typer.Option(help="Holds <kind>/<name>.yaml.", exists=True, file_okay=False)
    ] = DEFAULTS,
    table: TableName = None,
    stack: StackName = None,
) -> None:
    """Check every file, then store what has changed as new versions. One mistake, and nothing is stored."""
    with reported():
        stored = configuration.load(
            directory, _configurations(table, stack), datetime.now(UTC), actor=actor(), say=_say
        )
        changed = sum(one.changed for one in stored)
        typer.echo(f"{changed} stored, {len(stored) - changed} unchanged")


@documents.command("list")
def list_documents(table: TableName = None, stack: StackName = None) -> None:
    """Every document and its newest version."""
    with reported():
        configurations = _configurations(table, stack)
        for kind in KINDS.values():
            for name in configurations.names(kind):
                typer.echo(f"{kind}/{name} version {configurations.latest(kind, name).version}")


@documents.command()
def show(
    kind: Annotated[str, typer.Argument(parser=_kind, metavar="KIND", help=f"One of {_KINDS}.")],
    name: str,
    version: Annotated[int | None, typer.Option(help="By default the newest.")] = None,
    table: TableName = None,
    stack: StackName = None,
) -> None:
    """Print a document as the YAML that `put` takes back."""
    with reported():
        configurations = _configurations(table, stack)
        found = (
            configurations.of_version(KINDS[kind], version, name)
            if version
            else configurations.stored(KINDS[kind], name)
        )
        typer.echo(f"# {kind}/{name} version {found.version}")
        typer.echo(configuration.as_yaml(found.document), nl=False)


@documents.command()
def put(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    kind: Annotated[
        str | None, typer.Option(parser=_kind, metavar="KIND", help="By default the name of its folder.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="By default the name of the file.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Check it, show what it would come to, and store nothing.")
    ] = False,
    changes: Annotated[
        Path | None,
        typer.Option(
            help="Write everybody a risk policy flags otherwise, or every interview that changes, into this CSV file."
        ),
    ] = None,
    interviews: Annotated[
        int,
        typer.Option(min=1, help="Of a rule or a reader: over how many of the newest interviews or reviews."),
    ] = previews.MOST,
    table: TableName = None,
    stack: StackName = None,
) -> None:
    """Store a document as its next version; it counts everywhere within a minute. Old profiles keep theirs.

    Of a risk policy it is shown first what share of people each level would flag, over the last scan's cards, and who
    changes; where that is more than one in ten, whoever sits at a terminal is asked once more.

    Of what reads and scores words (competency_model, lexicon, classifier, scope_words, probation_policy) it is shown
    what it would have said over the newest stored interviews or mentors' reviews, and how HR's marks come out; whoever
    sits at a terminal is asked where anything changes. Ids only, nobody's words.
    """
    with reported():
        document = configuration.read(file.resolve(), kind, name)
        configurations = _configurations(table, stack)
        configuration.check(document, configurations)
        if document.kind is RISK_POLICY:
            found = risk_policy.preview(
                document, _table(table, stack), configurations, datetime.now(UTC).date()
            )
            for line in risk_policy.said(found):
                typer.echo(line)
            if changes:
                risk_policy.write_changes(found.preview.changes, changes)
            if not preview and not risk_policy.agreed(found, _asked()):
                raise typer.Exit(1)
        if note := risk_policy.sealed(document):
            typer.echo(note)
        if previews.words_of(document):
            shown = previews.preview(document, tenant_of(table, stack), interviews)
            for line in previews.said(shown):
                typer.echo(line)
            if changes:
                previews.write_changes(shown, changes)
            if not preview and not previews.agreed(shown, _asked()):
                raise typer.Exit(1)
        if preview:
            typer.echo("not stored: this was a preview")
            return
        _say(configuration.store(document, configurations, datetime.now(UTC), actor=actor()))


@interviews_app.command()
def recompute(
    vendor: Annotated[str, typer.Argument(help="The interview vendor, as its results name it.")],
    interview_id: str,
    table: TableName = None,
    stack: StackName = None,
    bucket: Annotated[
        str | None, typer.Option(help="The tenant's bucket; by default the stack's output BucketName.")
    ] = None,
) -> None:
    """Score an interview again by the model and the reader that made its profile, and say whether it comes out the
    same. Nothing is written, and no word of the interview is shown.
    """
    with reported():
        if bucket is None:
            if stack is None:
                raise typer.BadParameter("say which bucket: --stack or --bucket")
            bucket = names_of(boto3.client("cloudformation"), stack)["BucketName"]
        found = interviews.recomputing(
            _table(table, stack), Bucket(boto3.client("s3"), bucket), _configurations(table, stack)
        ).recompute(vendor, interview_id)
        for line in interviews.said(found):
            typer.echo(line)
        if not found.is_the_same:
            raise typer.Exit(1)


@app.command("work-calendar")
def fill_work_calendar(
    country: Annotated[str, typer.Option(help="Whose law: ISO 3166-1, like CN.")],
    years: Annotated[
        tuple[int, int] | None,
        typer.Option(metavar="FIRST LAST", help="By default this year and the next.", show_default=False),
    ] = None,
    subdivision: Annotated[
        str | None, typer.Option(help="Where its parts have holidays of their own, like BY in DE.")
    ] = None,
    keep_own: Annotated[
        bool,
        typer.Option(
            "--keep-own/--replace",
            help="Days that the tenant added itself stay; else the calendar holds the law's days of these years only.",
        ),
    ] = True,
    table: TableName = None,
    stack: StackName = None,
) -> None:
    """Store a work calendar with a country's days off, and the weekends it works instead, as its next version.

    Run it again when a year is announced and the library `holidays` has it: days are only added.
    """
    now = datetime.now(UTC)
    first, last = years or (now.year, now.year + 1)
    if first > last:
        raise typer.BadParameter(f"{first} is after {last}; say the first year first", param_hint="--years")
    with reported():
        law = work_calendar.public_holidays(country, range(first, last + 1), subdivision)
        configurations = _configurations(table, stack)
        done = work_calendar.filled(configurations.latest(WORK_CALENDAR).document, law, keep_own=keep_own)
        document = work_calendar.as_document(done.calendar)
        _say(configuration.store(document, configurations, now, actor=actor()))
        typer.echo(f"known until {done.calendar.known_until or 'nothing is announced'}")
        for year in done.unannounced:
            typer.echo(
                f"{year} is not announced, or not known to be: it has the days that the law itself names"
            )
        for year in done.left:
            typer.echo(f"{year} is not announced, or not known to be: it stays as it was")
        if done.own:
            typer.echo(f"kept, though the law does not say so: {', '.join(map(str, done.own))}")


@app.command("redrive")
def redrive_messages(
    queue: Annotated[str | None, typer.Argument(help="Name or logical id, as in OfferQueue.")] = None,
    all_queues: Annotated[bool, typer.Option("--all", help="The dead letters of every queue.")] = False,
    stack: StackName = None,
) -> None:
    """Send dead letters back to the queue they came from, those of the stream (RelayDeadLetters) back to the relay, and
    what EventBridge could not deliver (Undelivered) to where it was to go.

    See first, in the log, why they died.
    """
    if (queue is None) != all_queues:
        raise typer.BadParameter("name one queue, or say --all")
    if stack is None:
        raise typer.BadParameter("say which stack: --stack, or RENCAI_STACK")
    with reported():
        sqs, cloudformation = boto3.client("sqs"), boto3.client("cloudformation")
        queues = redrive.stack_queues(cloudformation, sqs, stack)
        others = [one for one in queues if one.of_a_stream or one.holds_undelivered]
        named = [one for one in others if queue in (None, one.name, one.logical_id)]
        if queue is None or not named:
            _say_redriven(redrive.redrive(sqs, queues, queue))
        for one in others:
            if one not in named or not (one.waiting or queue):
                if one.waiting:
                    typer.echo(f"{one.logical_id}: {one.waiting} failures wait there as well")
            elif one.of_a_stream:
                relay = redrive.stack_relay(cloudformation, boto3.client("lambda"), stack)
                _say_relayed(one.logical_id, redrive.relay_again(sqs, one, relay))
            else:
                targets = undelivered.stack_targets(
                    cloudformation, sqs, boto3.client("sns"), boto3.client("lambda"), stack
                )
                _say_delivered(one.logical_id, undelivered.deliver_again(sqs, one, targets))


@app.command("reindex")
def fill_index(
    old: Annotated[str, typer.Argument(help="The index whose keys the items have: gsi1.")],
    new: Annotated[str, typer.Argument(help="The one beside it: gsi2.")],
    table: TableName = None,
    stack: StackName = None,
) -> None:
    """Give items that were written before a second index the keys of it. See docs/operations.md, another index."""
    if table is None and stack is None:
        raise typer.BadParameter("say which tenant: --stack or --table (or RENCAI_STACK, RENCAI_TABLE)")
    with reported():
        filled = reindex.fill(boto3.client("dynamodb"), table or _table_of(str(stack)), old, new)
        typer.echo(f"{filled} filled in" + ("; run it again until it is none" if filled else ""))


def _say_redriven(done: redrive.Redriven) -> None:
    for name, count in done.moved.items():
        typer.echo(f"{name}: {count} sent back")
    for reason, count in done.reasons.items():
        typer.echo(f"  {count} had been parked: {reason}")
    if not done.moved:
        typer.echo("nothing to send back")
    if done.left:
        typer.echo(f"{done.left} left: they do not say which queue they came from")


def _say_relayed(name: str, done: redrive.Relayed) -> None:
    typer.echo(f"{name}: {done.relayed} relayed" if done.relayed else f"{name}: nothing relayed")
    for reason, count in done.refused.items():
        typer.echo(f"  {count} still parked: {reason}")
    if done.left:
        typer.echo(
            f"  {done.left} left: failures without their record; see docs/operations.md, relay, for how to find it"
        )


def _say_delivered(name: str, done: undelivered.Delivered) -> None:
    for target, count in done.delivered.items():
        typer.echo(f"{name}: {count} delivered to {target}")
    if not done.delivered:
        typer.echo(f"{name}: nothing delivered")
    for reason, count in done.reasons.items():
        typer.echo(f"  {count} had not been: {reason}")
    for reason, count in done.refused.items():
        typer.echo(f"  {count} still not delivered: {reason}")
    if done.left:
        typer.echo(f"  {done.left} left: they were for no queue, topic or function of this stack")


def _asked() -> Callable[[str], bool] | None:
    """Asks whoever sits there; None: nobody does."""
    return typer.confirm if sys.stdin.isatty() else None


def _configurations(table: str | None, stack: str | None) -> Configurations:
    return Configurations(_table(table, stack), lambda: datetime.now(UTC))


def _table(table: str | None, stack: str | None) -> Table:
    if table is None:
        if stack is None:
            raise typer.BadParameter("say which tenant: --stack or --table (or RENCAI_STACK, RENCAI_TABLE)")
        table = _table_of(stack)
    return Table(boto3.client("dynamodb"), table)


def _table_of(stack: str) -> str:
    return names_of(boto3.client("cloudformation"), stack)["TableName"]


def _say(stored: Stored) -> None:
    typer.echo(
        f"{'stored' if stored.changed else 'unchanged'}: {stored.kind}/{stored.name} version {stored.version}"
    )


if __name__ == "__main__":
    app()
