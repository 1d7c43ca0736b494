"""``admin restore`` as it is typed. CloudFormation is written by hand, since moto imports no resources: it makes bucket
and secrets, takes the table in, and refuses what CloudFormation refuses."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from infra.admin.__main__ import app
from infra.admin.restore import halting
from rencai.kernel.events import Event, EventName
from rencai.store.erasures import Erasure
from rencai.store.table import to_events
from tests.restore.before import AT, BUCKET, NOW, TABLE, Before, items_of

ACCOUNT = "123456789012-ap-southeast-1"


class CloudFormation:
    """The stacks of an account."""

    def __init__(self, old: Before) -> None:
        self.old = old
        outputs = {"TableName": TABLE, "BucketName": BUCKET, "UserPoolId": old.pool, "KeyArn": old.key_arn}
        self.outputs = {"rencai-acme": outputs}
        self.resources: dict[str, dict[str, str]] = {"rencai-acme": {}}
        self.change_set: dict[str, Any] | None = None
        self.calls: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's names, here and below
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs[StackName].items()]
        parameters = {
            "TenantId": "acme",
            "NameSuffix": "",
            "EsignUrl": "https://esign.example",
            "Language": "en",
        }
        said = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        return {"Stacks": [{"Outputs": outputs, "Parameters": said}]}

    def describe_stack_resources(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if StackName not in self.resources:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStackResources")
        found = self.resources[StackName].items()
        return {
            "StackResources": [{"LogicalResourceId": name, "PhysicalResourceId": one} for name, one in found]
        }

    def describe_stack_resource(self, StackName: str, LogicalResourceId: str) -> dict[str, Any]:  # noqa: N803
        return {"StackResourceDetail": {"PhysicalResourceId": self.resources[StackName][LogicalResourceId]}}

    def create_stack(self, StackName: str, TemplateBody: str, OnFailure: str) -> None:  # noqa: N803
        assert StackName not in self.resources
        assert OnFailure == "DELETE"
        self.calls.append("create")
        made = self.resources[StackName] = {}
        for name, resource in json.loads(TemplateBody)["Resources"].items():
            properties = resource["Properties"]
            if resource["Type"] == "AWS::S3::Bucket":
                bucket = properties["BucketName"]["Fn::Sub"].replace(
                    "${AWS::AccountId}-${AWS::Region}", ACCOUNT
                )
                made[name] = self.old.made_bucket(bucket)
            else:
                assert resource["Type"] == "AWS::SecretsManager::Secret"
                self.old.secretsmanager.create_secret(Name=properties["Name"], SecretString="new and wrong")
                made[name] = properties["Name"]

    def create_change_set(self, **asked: Any) -> None:
        assert asked["ChangeSetType"] == "IMPORT"
        (one,) = asked["ResourcesToImport"]
        template = json.loads(asked["TemplateBody"])["Resources"]
        assert template["Table"]["Properties"]["TableName"] == one["ResourceIdentifier"]["TableName"]
        assert template[one["LogicalResourceId"]]["DeletionPolicy"]
        # An import may change nothing that is there, nor bring anything else.
        assert template.keys() - self.resources[asked["StackName"]].keys() == {"Table"}
        assert one["ResourceIdentifier"]["TableName"] in self.old.dynamodb.list_tables()["TableNames"]
        self.change_set = asked

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803
        assert self.change_set
        assert (StackName, ChangeSetName) == (self.change_set["StackName"], self.change_set["ChangeSetName"])
        self.calls.append("import")
        (one,) = self.change_set["ResourcesToImport"]
        self.resources[StackName]["Table"] = one["ResourceIdentifier"]["TableName"]

    def get_waiter(self, _: str) -> Any:
        return SimpleNamespace(wait=lambda **_: None)

    def deployed(self, stack: str) -> None:
        """The whole template is deployed over what was laid."""
        self.outputs[stack] = {
            "BusName": stack,
            "TableName": self.resources[stack]["Table"],
            "UserPoolId": self.old.cognito.made(),
            "ApiUrl": "https://api.example/v1/",
            "TokenUrl": "https://login.example/token",
            "IngestClientId": "ingest-1",
            "HrClientId": "hr-1",
        }


class Events:
    """EventBridge."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.told += Entries
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


@pytest.fixture
def cloudformation(old: Before) -> CloudFormation:
    return CloudFormation(old)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def command(
    old: Before,
    cloudformation: CloudFormation,
    events: Events,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[..., str]:
    clients: dict[str, Any] = {
        "cloudformation": cloudformation,
        "dynamodb": old.dynamodb,
        "s3": old.s3,
        "secretsmanager": old.secretsmanager,
        "cognito-idp": old.cognito,
        "events": events,
    }
    monkeypatch.setattr(boto3, "client", clients.__getitem__)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0) -> str:
        with time_machine.travel(NOW, tick=False):
            done = CliRunner().invoke(app, ["restore", *arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    return run


BEGIN = ("begin", "--at", "2026-03-02T01:00:00Z", "--suffix", "-r1")
FROM_STACK = (*BEGIN, "--stack", "rencai-acme")


def filled(old: Before) -> None:
    recent = Event("evt_1_4_0", EventName.OFFER_SENT, AT - timedelta(minutes=1), {"offer_id": "off_1"})
    old.has(
        "CANDIDATE#cand_1",
        "JOURNEY",
        version=4,
        gsi1pk="STAGE#offer_sent",
        gsi1sk="x",
        events=to_events([recent]),
    )
    old.has("CANDIDATE#cand_2", "JOURNEY", version=1, gsi1pk="STAGE#qualified", gsi1sk="y")
    old.has("DELIVERY#dlv_1", "DELIVERY", forget_at=int(NOW.timestamp()))
    old.wrote("raw/1.json", "an interview", AT - timedelta(days=1))
    erasure = Erasure("ers_1", AT + timedelta(hours=1), ("CANDIDATE#cand_2",))
    old.wrote(erasure.key, erasure.body().decode(), erasure.at)
    old.cognito.admin_create_user(UserPoolId=old.pool, Username="li", UserAttributes=[])


def test_from_the_first_command_to_the_last(
    old: Before, cloudformation: CloudFormation, events: Events, command: Callable[..., str]
) -> None:
    filled(old)
    old.cognito.clients[old.pool]["talk"] = "1h57kf5cpq17m0eml12example"
    said = command(*FROM_STACK)
    assert "table      rencai-acme-r1-table: restored, as of 2026-03-02T01:00:00+00:00" in said
    assert "taken out: 1 items past their time, 1 erased since" in said
    assert "objects    2 copied, 0 there already, 0 past their time or erased" in said
    assert "'EsignUrl=https://esign.example'" in said
    assert f"'KeyArn={old.key_arn}' 'Language=en' 'NameSuffix=-r1' 'TenantId=acme'" in said
    assert cloudformation.calls == ["create", "import"]
    assert items_of(old.dynamodb, "rencai-acme-r1-table").keys() == {("CANDIDATE#cand_1", "JOURNEY")}
    secret = old.secretsmanager.get_secret_value(SecretId="rencai/acme-r1/ids")["SecretString"]
    assert secret == "of rencai/acme/ids"

    again = command(*FROM_STACK)
    assert "there already, as of" in again
    assert "0 copied, 2 there already" in again
    assert cloudformation.calls == ["create", "import"]

    plan = "rencai-acme-r1.plan.json"
    cloudformation.outputs["rencai-acme-r1"] = {}
    assert "the template is not deployed over rencai-acme-r1 yet" in command("finish", plan, code=1)
    cloudformation.deployed("rencai-acme-r1")
    cloudformation.outputs["rencai-acme-r1"]["TableName"] = "another"
    assert "rencai-acme-r1 has the table another, not the restored" in command("finish", plan, code=1)
    cloudformation.deployed("rencai-acme-r1")
    said = command("finish", plan)
    assert "resumed    0 events of the last 24 h told again, 1 items relayed again" in said
    assert "people     1 invited, 0 there already; groups: none" in said
    assert "hand out   API https://api.example/v1, tokens https://login.example/token" in said
    assert "client ingest: ingest-1" in said
    assert "client talk (1h57kf5cpq17m0eml12example): make it again, name its new id in interview_ve" in said
    assert "https://api.example/v1/webhooks/<vendor> to interview, esign" in said
    assert "differs    1 delivery, 1 journey: `admin restore compare rencai-acme-r1.plan.json`" in said
    assert command("compare", plan).splitlines() == [
        "delivery\tdlv_1\tthere\t-",
        "journey\tcand_2\tqualified (1)\t-",
    ]
    assert command("expire", plan) == "0 deleted\n"


def test_what_a_deleted_stack_has_left_is_named(
    old: Before, cloudformation: CloudFormation, command: Callable[..., str]
) -> None:
    filled(old)
    asked = command(*BEGIN, code=1)
    assert "what it does not say, or has left: --tenant, --table, --bucket, --user-pool, --key-arn" in asked
    left = ("--table", TABLE, "--bucket", BUCKET, "--user-pool", old.pool, "--key-arn", old.key_arn)
    said = command(*BEGIN, "--tenant", "acme", *left)
    assert "secrets    12 as they are now" in said
    assert cloudformation.calls == ["create", "import"]


def test_what_a_stack_of_an_earlier_release_does_not_say_is_named_beside_it(
    old: Before, cloudformation: CloudFormation, command: Callable[..., str]
) -> None:
    filled(old)
    del cloudformation.outputs["rencai-acme"]["KeyArn"]
    assert "or has left: --key-arn" in command(*FROM_STACK, code=1)
    assert "secrets    12 as they are now" in command(*FROM_STACK, "--key-arn", old.key_arn)


def test_a_secret_that_was_not_left_stops_it_before_any_is_copied(
    old: Before, command: Callable[..., str]
) -> None:
    """Made anew, the secret of the ids would make everybody somebody else."""
    old.secretsmanager.delete_secret(SecretId="rencai/acme/ids", ForceDeleteWithoutRecovery=True)
    said = command(*FROM_STACK, code=1)
    assert "there is no secret rencai/acme/ids" in said
    value = old.secretsmanager.get_secret_value(SecretId="rencai/acme-r1/esign")["SecretString"]
    assert value == "new and wrong"


def test_the_name_of_the_stack_of_before_is_no_name_for_the_new_one(command: Callable[..., str]) -> None:
    assert "choose another" in command(*FROM_STACK[:-4], "--suffix", "", "--stack", "rencai-acme", code=2)


def test_a_file_that_is_no_plan_is_refused(command: Callable[..., str]) -> None:
    Path("other.json").write_text("{}")
    assert "other.json is no plan" in command("finish", "other.json", code=1)


# --- a stack that stands still ---------------------------------------------------------------------------------------


class Lambda:
    """What runs, and in which order it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> None:  # noqa: N803
        self.told.append((UUID, Enabled))

    def put_function_concurrency(self, FunctionName: str, ReservedConcurrentExecutions: int) -> None:  # noqa: N803
        self.told.append((FunctionName, ReservedConcurrentExecutions))

    def delete_function_concurrency(self, FunctionName: str) -> None:  # noqa: N803
        self.told.append((FunctionName,))


def test_queues_are_left_before_functions_stop_and_the_other_way_round() -> None:
    """Messages that nobody may take would be counted as tried, and end among the dead letters."""
    summaries = [
        {"ResourceType": f"AWS::{kind}", "PhysicalResourceId": name}
        for kind, name in (
            ("Lambda::Function", "HrApi"),
            ("Lambda::EventSourceMapping", "mapping"),
            ("SQS::Queue", "queue"),
        )
    ]
    paginator = SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": summaries}])
    stacks: Any = SimpleNamespace(get_paginator=lambda _: paginator)
    functions = Lambda()
    assert halting.halt(stacks, functions, "rencai-acme") == (1, 1)
    assert halting.go_on(stacks, functions, "rencai-acme") == (1, 1)
    assert functions.told == [("mapping", False), ("HrApi", 0), ("HrApi",), ("mapping", True)]
