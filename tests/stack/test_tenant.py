"""The tenant's own template, root and rooms joined."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.assembly.api import api_body
from infra.assembly.reading import read
from infra.assembly.template import write
from tests.template import ROOT, resources, served, template

UNDELIVERED = {"Fn::GetAtt": "Undelivered.Arn"}


def test_every_room_is_in_the_template() -> None:
    rooms = sorted(ROOT.glob("functions/*/stack.yaml"))
    assert rooms
    for room in rooms:
        said = re.findall(r"^  (\w+):$", room.read_text(), re.MULTILINE)
        assert said
        assert {*said} <= {*template()["Resources"], *template()["Outputs"]}
    assert not {"Defaults", "EventDefaults", "TargetDefaults", "HrNotices"} & template().keys()


def test_a_functions_block_stands_beside_its_code() -> None:
    for room in ROOT.glob("functions/*/stack.yaml"):
        for handler in re.findall(r"Handler: (.*)", room.read_text()):
            assert handler.startswith(f"functions.{room.parent.name}.")


def test_the_apis_functions_may_each_be_called_once() -> None:
    permissions = resources("AWS::Lambda::Permission").values()
    called = sorted(permission["FunctionName"]["Ref"] for permission in permissions)
    assert called == sorted(f"{function}.Alias" for function in served())
    assert len(served()) == 12
    assert not [
        event
        for function in resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    ]


def test_one_role_invokes_what_has_a_schedule() -> None:
    role = resources("AWS::IAM::Role")["ScheduleRole"]
    scheduled = {
        name: event
        for name, function in resources("AWS::Serverless::Function").items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "ScheduleV2"
    }
    assert len(scheduled) == 8
    assert all(
        event["Properties"]["RoleArn"] == {"Fn::GetAtt": "ScheduleRole.Arn"} for event in scheduled.values()
    )
    invokes, puts_aside = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert invokes["Action"] == "lambda:InvokeFunction"
    assert invokes["Resource"] == [{"Fn::GetAtt": f"{name}.Arn"} for name in scheduled]
    assert (puts_aside["Action"], puts_aside["Resource"]) == ("sqs:SendMessage", UNDELIVERED)


def test_what_a_schedule_cannot_deliver_is_kept() -> None:
    for name, function in resources("AWS::Serverless::Function").items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "ScheduleV2":
                assert event["Properties"]["DeadLetterConfig"] == {"Arn": UNDELIVERED}, name


def test_two_tenants_of_a_region_have_schedules_of_the_same_names() -> None:
    """SAM names a schedule by its logical id, and names are taken by the group."""
    (group,) = resources("AWS::Scheduler::ScheduleGroup").values()
    assert group["Name"] == {"Fn::Sub": "rencai-${TenantId}${NameSuffix}"}
    for name, function in resources("AWS::Serverless::Function").items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "ScheduleV2":
                assert event["Properties"]["GroupName"] == {"Ref": "Schedules"}, name


def test_what_a_rule_cannot_deliver_is_kept_by_a_queue_that_lets_it() -> None:
    for name, rule in resources("AWS::Events::Rule").items():
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"] == {"Arn": UNDELIVERED}, name
    policy = resources("AWS::SQS::QueuePolicy")["ConsumerQueuePolicy"]
    assert {"Ref": "Undelivered"} in policy["Queues"]
    allowed = policy["PolicyDocument"]["Statement"][0]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Resource"] == "*"
    # The same rules that it lets send: on the tenant's own bus.
    told_by = allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert told_by.endswith(":rule/rencai-${TenantId}${NameSuffix}/*")
    assert resources("AWS::Events::EventBus")["Bus"]["Name"] == {"Fn::Sub": "rencai-${TenantId}${NameSuffix}"}
    # Nobody reads it, nor are its messages moved on.
    assert "RedrivePolicy" not in resources("AWS::SQS::Queue")["Undelivered"]


def test_hr_hears_of_these() -> None:
    assert set(resources("AWS::Events::Rule")["HrNoticesRule"]["EventPattern"]["detail-type"]) == {
        "identity.questioned",
        "journey.overdue",
        "offer.contested",
        "review.requested",
        "merge.questioned",
        "vendor.unreachable",
        "work.abandoned",
        "training.rating_asked",
        "training.warning_raised",
        "training.warning_returned",
        "alert.raised",
        "alert.changed",
        "notice.undeliverable",
    }


def test_no_secret_is_read_by_a_name_that_others_could_have() -> None:
    secrets = [*resources("AWS::SecretsManager::Secret")]
    assert len(secrets) == 12
    for name, function in resources("AWS::Serverless::Function").items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                if statement["Action"] == "secretsmanager:GetSecretValue":
                    asked = statement["Resource"]
                    for one in asked if isinstance(asked, list) else [asked]:
                        assert one["Fn::GetAtt"].removesuffix(".Id") in secrets, name


# --- a new version behind the API, and back


def test_what_serves_the_api_is_called_by_an_alias_that_codedeploy_shifts_and_an_alarm_takes_back() -> None:
    functions = resources("AWS::Serverless::Function")
    published = {name: said for name, said in functions.items() if "AutoPublishAlias" in said}
    assert published.keys() == served().keys()
    for said in published.values():
        assert said["AutoPublishAlias"] == "live"
        assert said["DeploymentPreference"] == {
            "Enabled": {"Ref": "GradualDeployment"},
            "Type": "Canary10Percent5Minutes",
            "Alarms": [{"Ref": "Api5xxAlarm"}],
        }
    # That the alarm rings for a failing API, by its name among the metrics, is for tests/stack/test_alarms.py.
    assert "Api5xxAlarm" in resources("AWS::CloudWatch::Alarm")


def test_the_api_calls_aliases_only() -> None:
    body = api_body(served())
    uris = [
        call["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        for methods in body["paths"].values()
        for call in methods.values()
    ]
    assert {values["Live"]["Ref"] for _, values in uris} == {f"{function}.Alias" for function in served()}


def test_a_version_is_published_for_whatever_a_function_would_do_otherwise() -> None:
    """SAM's own rule sees the code and the block's text alone: neither the layer, nor the value of a parameter."""
    (layer,) = resources("AWS::Serverless::LayerVersion").values()
    assert layer["PublishLambdaVersion"] is True
    for name in served():
        said = resources("AWS::Serverless::Function")[name]
        assert said["AutoPublishAliasAllProperties"] is True
        described = re.findall(r"\$\{(\w+)}", said["VersionDescription"]["Fn::Sub"])
        told = {**said, "Policies": [], "VersionDescription": "", "DeploymentPreference": {}}
        globally = template()["Globals"]["Function"]
        texts = [*_texts(told), *_texts(globally)]
        named = {text for path, text in texts if path[-1] == "Ref"}
        named |= {one for _, text in texts for one in re.findall(r"\$\{(\w+)}", text)}
        assert {*described} == named & template()["Parameters"].keys()
        assert {"TenantId", "Language", "Runtime"} <= {*described}
    assert (
        "InboxRetentionDays"
        in resources("AWS::Serverless::Function")["HrApi"]["VersionDescription"]["Fn::Sub"]
    )


def test_a_versions_description_has_room_for_what_it_is_told() -> None:
    """Lambda takes 256 characters. A parameter of any length would have to be found some other way."""
    longest = {"KeyArn": 90, "NameSuffix": 7, "TenantId": 20, "TimeZone": 32, "WebhookConcurrency": 5}
    longest |= {"PublicUrlPrefix": 58, "PublicUrlSuffix": 20, "TokenUrl": 68}
    for name, said in template()["Parameters"].items():
        if said["Type"] == "Number":
            longest[name] = len(str(said.get("MaxValue", 10**9)))
        elif "AllowedValues" in said:
            longest[name] = max(map(len, said["AllowedValues"]))
    for name in served():
        described = resources("AWS::Serverless::Function")[name]["VersionDescription"]["Fn::Sub"]
        assert sum(longest[one] + 1 for one in re.findall(r"\$\{(\w+)}", described)) <= 256, name


# --- the way back


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string of it, and where it stands."""
    if isinstance(value, str):
        yield path, value
        return
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from _texts(one, (*path, str(key)))


def test_a_second_stack_of_a_tenant_finds_no_name_taken() -> None:
    """Names are the tenant's and the suffix; without it there are only these, which are nobody's name."""
    of_the_tenant_alone = {
        f"{path[0]}.{path[-2] if path[-1].startswith(('Fn::', 'Ref')) else path[-1]}"
        for section in ("Globals", "Resources", "Outputs")
        for path, text in _texts(template()[section])
        if "VersionDescription" not in path and path[-2:] != ("kms:EncryptionContext:tenant", "Ref")
        if "${TenantId}" in text.replace("${TenantId}${NameSuffix}", "")
        or (path[-1], text) == ("Ref", "TenantId")
    }
    assert of_the_tenant_alone == {
        # What values are sealed with, and logs are searched by, stays when the tenant moves.
        "Function.TENANT_ID",
        "Function.POWERTOOLS_SERVICE_NAME",
        "Key.Description",
        # A key that an admin made for the tenant; DocuSign knows its other half.
        "OfferSignature.kms:ResourceAliases",
        "Chase.kms:ResourceAliases",
    }
    named = {
        name: said
        for name, resource in template()["Resources"].items()
        for said in [
            resource.get("Properties", {}).get(word)
            for word in (
                "BucketName",
                "Domain",
                "LogGroupName",
                "Name",
                "TopicName",
                "UserPoolName",
                "TableName",
            )
        ]
        # These are known by the tenant's own pool and bus.
        if said is not None
        and resource["Type"] not in ("AWS::Cognito::UserPoolResourceServer", "AWS::Events::Rule")
    }
    assert len(named) == 26
    assert all("${TenantId}${NameSuffix}" in str(said) for said in named.values())


def test_what_holds_data_outlives_its_stack_and_refuses_to_be_deleted() -> None:
    kept = {
        name
        for name, resource in template()["Resources"].items()
        if (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
        == ("RetainExceptOnCreate", "Retain")
    }
    assert kept == {"Table", "Bucket", "Key", "UserPool", *resources("AWS::SecretsManager::Secret")}
    (table,) = resources("AWS::DynamoDB::Table").values()
    (pool,) = resources("AWS::Cognito::UserPool").values()
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}
    assert pool["DeletionProtection"] == {"Fn::If": ["IsProtected", "ACTIVE", "INACTIVE"]}
    assert template()["Parameters"]["Protected"]["Default"] == "true"


def test_a_stack_that_was_given_the_tenants_key_makes_none_and_uses_that_one() -> None:
    assert template()["Resources"]["Key"]["Condition"] == "OwnKey"
    said = [path for path, text in _texts(template()) if text == "Key.Arn"]
    assert len(said) > 50
    assert {path[-3:] for path in said} == {("Fn::If", "1", "Fn::GetAtt")}


def test_the_written_template_holds_what_was_assembled(tmp_path: Path) -> None:
    write(template(), ROOT, tmp_path / "template.yaml")

    again = read(tmp_path / "template.yaml", tmp_path)
    layer = again["Resources"]["SharedLayer"]["Properties"]
    assert (tmp_path / layer["ContentUri"]).resolve() == ROOT / "shared"
    assert (tmp_path / again["Globals"]["Function"]["CodeUri"]).resolve() == ROOT / "functions"
    layer["ContentUri"], again["Globals"]["Function"]["CodeUri"] = "shared/", "functions/"
    assert again == template()
