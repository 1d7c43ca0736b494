"""The deployed pair of stacks, tenant and vendor sandbox: bring it up, describe it, take it down."""

from __future__ import annotations

import base64
import fcntl
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import yaml

from infra.local import server as ministack
from infra.local.build import Built, build_all
from infra.local.layout import ARCHITECTURE, LAMBDA_RUNTIME, LOCAL, REGION, Home, write_json
from infra.local.sam import run_sam
from infra.local.secrets import VENDORS, VendorSecret, vendor_secrets
from infra.local.server import Server
from infra.local.session import local_session

if TYPE_CHECKING:
    from rencai.kernel.ids import Ids

TENANT_ID = "demo"
TENANT_STACK = "rencai-demo"
SANDBOX_STACK = "rencai-sandbox"
SENDER_ADDRESS = "hr@example.com"
ARTIFACT_BUCKET = "rencai-local-artifacts"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Client:
    """A machine that may call the API (OAuth client credentials). ``scope`` is space-separated."""

    client_id: str
    client_secret: str
    scope: str


@dataclass(frozen=True)
class Stack:
    """What anyone needs to drive the stack from outside; the content of stack.json."""

    endpoint_url: str
    region: str
    api_url: str
    token_url: str
    clients: dict[str, Client]
    bucket: str
    table: str
    bus: str
    user_pool: str
    sandbox_url: str
    webhook_secrets: dict[str, str]
    stack_name: str
    sandbox_stack_name: str
    server_log: str

    @cached_property
    def session(self) -> boto3.Session:
        """boto3, pointed at this stack and blind to the profiles and credentials of whoever runs it."""
        return local_session(self.endpoint_url)

    @cached_property
    def ids(self) -> Ids:
        """The tenant's ids, made as it makes them: with its secret, which an admin may read."""
        from rencai.kernel.ids import Ids

        manager = self.session.client("secretsmanager")
        secret: str = manager.get_secret_value(SecretId=f"rencai/{TENANT_ID}/ids")["SecretString"]
        return Ids(secret.encode)

    def access_token(self, client: str = "hr") -> str:
        """A fresh token of one of :attr:`clients`, by OAuth client credentials."""
        who = self.clients[client]
        basic = base64.b64encode(f"{who.client_id}:{who.client_secret}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - the stack's own http address
            self.token_url,
            data=urllib.parse.urlencode({"grant_type": "client_credentials", "scope": who.scope}).encode(),
            headers={"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return str(json.load(answer)["access_token"])


def bring_up(
    name: str = "demo", *, port: int | None = None, fresh: bool = False, say: Say = lambda _: None
) -> Stack:
    """Build, start and deploy whatever of it is not there yet.

    Args:
        name: which stack; each has its own server, state and secrets under ``.local/<name>``.
        port: where the server listens; by default 4566 for the demo if it is free, else any free port.
        fresh: start from an empty server even if one runs.
        say: called with one line per step, for people who wait.

    Raises:
        LocalStackError: with the end of the log of what failed.
    """
    home = Home(name)
    with _one_at_a_time(home):
        if fresh:
            ministack.stop(home)
        server = ministack.start(home, port)
        # The server needs about as long to start as the builds take to notice that there is nothing to do.
        with ThreadPoolExecutor(1) as pool:
            healthy = pool.submit(ministack.wait_until_healthy, home, server)
            began = time.monotonic()
            tenant, sandbox = build_all()
            if tenant.fresh or sandbox.fresh:
                say(f"built the layer and the functions in {time.monotonic() - began:.0f} s")
            healthy.result()
        known = load(name)
        if known and _deployed(home) == _deployment(server, tenant, sandbox):
            say(f"the stack is up to date at {known.endpoint_url}")
            return known
        say(f"embedded AWS at {server.endpoint_url}")
        began = time.monotonic()
        stack = _deploy(home, server, tenant, sandbox)
        for file in home.stack_files:
            write_json(file, _as_json(stack))
        write_json(home.folder / "deployed.json", _deployment(server, tenant, sandbox))
        say(f"deployed tenant and sandbox in {time.monotonic() - began:.0f} s")
        return stack


def load(name: str = "demo") -> Stack | None:
    """The running stack of that name, or None."""
    home = Home(name)
    if ministack.find(home) is None:
        return None
    try:
        known = json.loads(home.stack_files[0].read_text())
        return Stack(**known | {"clients": {key: Client(**value) for key, value in known["clients"].items()}})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def stop(name: str = "demo") -> bool:
    """Stop it; its data go with it. False when it was not running."""
    return ministack.stop(Home(name))


def homes() -> list[Home]:
    """Every stack that was ever brought up here."""
    return [Home(path.parent.name) for path in sorted(LOCAL.glob("*/server.json"))]


def _deploy(home: Home, server: Server, tenant: Built, sandbox: Built) -> Stack:
    secrets = vendor_secrets(home)
    session = local_session(server.endpoint_url)
    _ensure_artifact_bucket(session)
    where = {
        "Runtime": LAMBDA_RUNTIME,
        "Architecture": ARCHITECTURE,
        "PublicUrlPrefix": f"{server.endpoint_url}/_aws/execute-api/",
        "PublicUrlSuffix": "",
    }
    sandbox_outputs = sam_deploy(
        home,
        server,
        SANDBOX_STACK,
        sandbox.template,
        where | {"VendorSecrets": json.dumps({vendor: vars(secret) for vendor, secret in secrets.items()})},
    )
    sandbox_url = sandbox_outputs["SandboxUrl"]
    outputs = sam_deploy(
        home,
        server,
        TENANT_STACK,
        tenant.template,
        where
        | {"TenantId": TENANT_ID, "SenderAddress": SENDER_ADDRESS, "RequireTls": "false", "Pace": "gentle"}
        # MiniStack serves the token endpoint on its own address, not on the pool's domain.
        | {"TokenUrl": f"{server.endpoint_url}/oauth2/token"}
        # MiniStack's CloudFormation refuses alarms on metric math.
        | {"SummedAlarms": "false"}
        | {
            "WatchdogSchedule": "rate(1 minute)",
            "PullSchedule": "rate(1 minute)",
            "TrainingDueSchedule": "rate(1 minute)",
        }
        | {f"{vendor.capitalize()}Url": f"{sandbox_url}/{vendor}" for vendor in VENDORS},
    )
    session.client("sesv2").create_email_identity(EmailIdentity=SENDER_ADDRESS)
    _store_vendor_secrets(session, secrets)
    return Stack(
        endpoint_url=server.endpoint_url,
        region=REGION,
        api_url=outputs["ApiUrl"].rstrip("/"),
        token_url=outputs["TokenUrl"],
        clients={
            "ingest": _client(session, outputs["UserPoolId"], outputs["IngestClientId"]),
            "hr": _client(session, outputs["UserPoolId"], outputs["HrClientId"]),
        },
        bucket=outputs["BucketName"],
        table=outputs["TableName"],
        bus=outputs["BusName"],
        user_pool=outputs["UserPoolId"],
        sandbox_url=sandbox_url,
        webhook_secrets={vendor: secret.webhook_secret for vendor, secret in secrets.items()},
        stack_name=TENANT_STACK,
        sandbox_stack_name=SANDBOX_STACK,
        server_log=str(home.server_log),
    )


def sam_deploy(
    home: Home, server: Server, stack_name: str, template: Path, parameters: dict[str, str]
) -> dict[str, str]:
    # By file: keeps secrets out of the process list, and JSON out of the hands of three levels of quoting.
    parameter_file = home.folder / f"{stack_name}.parameters.yaml"  # JSON is YAML; SAM wants the suffix
    declared = yaml.safe_load(template.read_text())["Parameters"]
    write_json(parameter_file, {name: value for name, value in parameters.items() if name in declared})
    run_sam(
        *("deploy", "--template-file", template, "--stack-name", stack_name, "--region", REGION),
        *("--s3-bucket", ARTIFACT_BUCKET, "--s3-prefix", stack_name, "--no-progressbar"),
        *("--parameter-overrides", f"file://{parameter_file}"),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset"),
        log=home.folder / f"{stack_name}.deploy.log",
        environment={"AWS_ENDPOINT_URL": server.endpoint_url},
    )
    described = (
        local_session(server.endpoint_url).client("cloudformation").describe_stacks(StackName=stack_name)
    )
    return {
        output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0].get("Outputs", [])
    }


def _ensure_artifact_bucket(session: boto3.Session) -> None:
    """What ``--resolve-s3`` makes by a stack of its own, which costs seconds and, here, gains nothing."""
    s3 = session.client("s3")
    if ARTIFACT_BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=ARTIFACT_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


def _store_vendor_secrets(session: boto3.Session, secrets: dict[str, VendorSecret]) -> None:
    """The template makes them with placeholders; an administrator puts the real values in, here as there."""
    manager = session.client("secretsmanager")
    for vendor, secret in secrets.items():
        manager.put_secret_value(
            SecretId=f"rencai/{TENANT_ID}/{vendor}",
            SecretString=json.dumps({"token": secret.token, "webhook_secrets": [secret.webhook_secret]}),
        )


def _client(session: boto3.Session, user_pool: str, client_id: str) -> Client:
    described = session.client("cognito-idp").describe_user_pool_client(
        UserPoolId=user_pool, ClientId=client_id
    )
    client = described["UserPoolClient"]
    return Client(client_id, client["ClientSecret"], " ".join(client.get("AllowedOAuthScopes", [])))


def _deployment(server: Server, tenant: Built, sandbox: Built) -> dict[str, str]:
    """What a deployment was made from: the same again means there is nothing to do."""
    return {
        "server": f"{server.pid} {server.started_at}",
        "tenant": tenant.fingerprint,
        "sandbox": sandbox.fingerprint,
    }


def _deployed(home: Home) -> object:
    try:
        return json.loads((home.folder / "deployed.json").read_text())
    except (OSError, ValueError):
        return None


def _as_json(stack: Stack) -> dict[str, object]:
    known = {key: value for key, value in vars(stack).items() if key != "session"}
    return known | {"clients": {name: vars(client) for name, client in stack.clients.items()}}


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    home.folder.mkdir(parents=True, exist_ok=True)
    with (home.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
