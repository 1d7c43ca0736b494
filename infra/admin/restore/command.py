"""``admin restore``: what an administrator types, in this order; docs/operations.md has the drill."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import boto3
import typer

from infra.admin import ROOT
from infra.admin.reporting import reported
from infra.admin.restore import foundation, halting, objects, people, resuming, secrets, table
from infra.admin.restore.comparing import differences
from infra.admin.restore.plan import Plan, source_of, with_said
from infra.assembly.template import assemble
from rencai.platform.bus import Bus

app = typer.Typer(no_args_is_help=True, help="A new stack of the tenant with the data of an earlier moment.")

PlanFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `begin` wrote.")]
StackName = Annotated[str, typer.Option("--stack", envvar="RENCAI_STACK", help="The stack of before.")]
_CLIENTS: Final = {"ingest": "IngestClientId", "hr": "HrClientId"}
_VENDORS: Final = ("interview", "esign", "background", "psychometric", "ats", "lms")


@app.command()
def halt(stack: StackName) -> None:
    """Let the old stack stand still: no queue is read, no function runs, webhooks are refused and sent again."""
    with reported():
        mappings, functions = halting.halt(boto3.client("cloudformation"), boto3.client("lambda"), stack)
        typer.echo(
            f"{stack} stands still: {mappings} queues and streams are not read, {functions} functions do not run"
        )


@app.command("go-on")
def go_on(stack: StackName) -> None:
    """Let a stack that stands still go on."""
    with reported():
        mappings, functions = halting.go_on(boto3.client("cloudformation"), boto3.client("lambda"), stack)
        typer.echo(f"{stack} goes on: {functions} functions, {mappings} queues and streams")


@app.command()
def begin(
    at: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="As of when, UTC: 2026-03-02T01:00:00Z.")
    ],
    suffix: Annotated[str, typer.Option(help="NameSuffix of the new stack: -r1.")],
    stack: Annotated[
        str | None,
        typer.Option("--stack", envvar="RENCAI_STACK", help="The stack of before, if it is there."),
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="TenantId, where the stack is gone.")] = None,
    from_suffix: Annotated[str | None, typer.Option(help="NameSuffix of the stack that is gone.")] = None,
    from_table: Annotated[str | None, typer.Option("--table", help="The table that it left.")] = None,
    bucket: Annotated[str | None, typer.Option(help="The bucket that it left.")] = None,
    user_pool: Annotated[str | None, typer.Option(help="The user pool that it left.")] = None,
    key_arn: Annotated[str | None, typer.Option(help="The key that it left.")] = None,
) -> None:
    """Bring table, secrets and objects of that moment into a stack of their own. Broken off, it goes on."""
    with reported():
        cloudformation, dynamodb = boto3.client("cloudformation"), boto3.client("dynamodb")
        s3 = boto3.client("s3")
        said = {"tenant": tenant, "suffix": from_suffix, "table": from_table}
        said |= {"bucket": bucket, "user_pool": user_pool, "key_arn": key_arn}
        source = with_said(source_of(cloudformation, stack) if stack else {}, said)
        plan = Plan(source, at.replace(tzinfo=UTC), suffix)
        if plan.suffix == source.suffix:
            raise typer.BadParameter(
                "the names of the stack of before are taken: choose another", param_hint="--suffix"
            )
        template, now = assemble(ROOT), datetime.now(UTC)

        new = table.restore(dynamodb, template, plan)
        typer.echo(
            f"table      {plan.table}: {'restored' if new else 'there already'}, as of {plan.at.isoformat()}"
        )
        erasures = objects.erasures_since(s3, source.bucket, plan.at)
        cleaned = table.clean(dynamodb, plan.table, now, erasures)
        typer.echo(
            f"           taken out: {cleaned.forgotten} items past their time, {cleaned.erased} erased since"
        )
        asked = table.carry_over_asked(dynamodb, source.table, plan.table, erasures)
        typer.echo(
            f"           brought along: {asked} requests that vendors got since, to be asked in the same words"
        )
        foundation.lay(cloudformation, template, plan)
        names = [
            foundation.secret_names(template, source.tenant, one) for one in (source.suffix, plan.suffix)
        ]
        copied = secrets.copy_secrets(boto3.client("secretsmanager"), *names)
        typer.echo(f"secrets    {copied} as they are now")
        target = _physical(cloudformation, plan.stack, foundation.BUCKET)
        done = objects.copy_objects(s3, plan, target, foundation.expiries(template, plan), erasures, now)
        typer.echo(
            f"objects    {done.copied} copied, {done.there} there already, {done.left} past their time or erased"
        )
        foundation.take_in(cloudformation, template, plan)
        typer.echo(
            f"stack      {plan.stack} has them; deploy the template over it, then `admin restore finish`:"
        )
        file = Path(f"{plan.stack}.plan.json")
        plan.write(file)
        parameters = " ".join(f"'{name}={value}'" for name, value in sorted(plan.parameters.items()) if value)
        typer.echo(
            f"\nsam deploy --stack-name {plan.stack} --resolve-s3 --capabilities CAPABILITY_IAM "
            f"--parameter-overrides {parameters}\nadmin restore finish {file}"
        )


@app.command()
def finish(
    plan_file: PlanFile,
    hours: Annotated[
        float, typer.Option(help="Events of so many hours before that moment are told again.")
    ] = 24,
    invite: Annotated[bool, typer.Option(help="Whether Cognito writes to each person now.")] = True,
) -> None:
    """What was under way goes on, people are invited, and what is to be handed out is listed."""
    with reported():
        plan = Plan.read(plan_file)
        cloudformation, dynamodb = boto3.client("cloudformation"), boto3.client("dynamodb")
        outputs = _outputs(cloudformation, plan.stack)
        if "BusName" not in outputs:
            raise LookupError(f"the template is not deployed over {plan.stack} yet")
        if outputs["TableName"] != plan.table:
            raise LookupError(
                f"{plan.stack} has the table {outputs['TableName']}, not the restored {plan.table}"
            )
        now = datetime.now(UTC)
        bus = Bus(boto3.client("events"), outputs["BusName"], plan.source.tenant)
        told = resuming.resume(dynamodb, plan.table, bus, plan.at - timedelta(hours=hours), plan.at, now)
        typer.echo(
            f"resumed    {told.told} events of the last {hours:g} h told again, {told.touched} items relayed again"
        )
        cognito = boto3.client("cognito-idp")
        moved = people.move_people(cognito, plan.source.user_pool, outputs["UserPoolId"], invite=invite)
        verb = "invited" if invite else "made, invited by nobody yet"
        groups = ", ".join(moved.groups) or "none"
        typer.echo(f"people     {len(moved.invited)} {verb}, {moved.there} there already; groups: {groups}")
        _say_what_to_hand_out(outputs)
        by_hand = people.clients_made_by_hand(cognito, plan.source.user_pool, outputs["UserPoolId"])
        for name, client_id in by_hand.items():
            typer.echo(
                f"           client {name} ({client_id}): make it again, name its new id in interview_vendors"
            )
        found = Counter(one.kind for one in differences(dynamodb, plan.source.table, plan.table))
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items())) or "nothing"
        typer.echo(f"differs    {counts}: `admin restore compare {plan_file}` lists them for HR")


@app.command()
def compare(plan_file: PlanFile) -> None:
    """What stands otherwise in the table of before: kind, id, how it stood, how it is restored; tab-separated."""
    with reported():
        plan = Plan.read(plan_file)
        for one in differences(boto3.client("dynamodb"), plan.source.table, plan.table):
            typer.echo(one.line())


@app.command()
def expire(plan_file: PlanFile) -> None:
    """Delete copied objects whose time is over by now: the lifecycle counts from the day they were copied."""
    with reported():
        plan = Plan.read(plan_file)
        target = _physical(boto3.client("cloudformation"), plan.stack, foundation.BUCKET)
        days = foundation.expiries(assemble(ROOT), plan)
        typer.echo(f"{objects.expire(boto3.client('s3'), target, days, datetime.now(UTC))} deleted")


def _say_what_to_hand_out(outputs: dict[str, str]) -> None:
    api = outputs["ApiUrl"].rstrip("/")
    typer.echo(f"hand out   API {api}, tokens {outputs['TokenUrl']}")
    for name, output in _CLIENTS.items():
        typer.echo(
            f"           client {name}: {outputs[output]}, and its secret: aws cognito-idp describe-user-pool-client "
            f"--user-pool-id {outputs['UserPoolId']} --client-id {outputs[output]} "
            "--query UserPoolClient.ClientSecret --output text"
        )
    typer.echo(f"           webhooks, secrets as before: {api}/webhooks/<vendor> to {', '.join(_VENDORS)}")


def _outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def _physical(cloudformation: Any, stack: str, logical_id: str) -> str:
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])
