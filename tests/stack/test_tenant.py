"""The tenant's own template, root and rooms joined."""

import re
from pathlib import Path

from infra.assembly.reading import read
from infra.assembly.template import write
from tests.template import ROOT, resources, served, template


def test_every_room_is_in_the_template() -> None:
    rooms = sorted(ROOT.glob("functions/*/stack.yaml"))
    assert rooms
    for room in rooms:
        said = re.findall(r"^  (\w+):$", room.read_text(), re.MULTILINE)
        assert said
        assert {*said} <= {*template()["Resources"], *template()["Outputs"]}
    assert not {"Defaults", "EventDefaults", "HrNotices"} & template().keys()


def test_a_functions_block_stands_beside_its_code() -> None:
    for room in ROOT.glob("functions/*/stack.yaml"):
        for handler in re.findall(r"Handler: (.*)", room.read_text()):
            assert handler.startswith(f"functions.{room.parent.name}.")


def test_the_apis_functions_may_each_be_called_once() -> None:
    permissions = resources("AWS::Lambda::Permission").values()
    assert sorted(permission["FunctionName"]["Ref"] for permission in permissions) == sorted(served())
    assert len(served()) == 9
    assert not [
        event
        for function in resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    ]


def test_one_role_invokes_what_has_a_schedule() -> None:
    (role,) = resources("AWS::IAM::Role").values()
    scheduled = {
        name: event
        for name, function in resources("AWS::Serverless::Function").items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "ScheduleV2"
    }
    assert len(scheduled) == 6
    assert all(
        event["Properties"]["RoleArn"] == {"Fn::GetAtt": "ScheduleRole.Arn"} for event in scheduled.values()
    )
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Resource"] == [{"Fn::GetAtt": f"{name}.Arn"} for name in scheduled]


def test_hr_hears_of_these() -> None:
    assert set(resources("AWS::Events::Rule")["HrNoticesRule"]["EventPattern"]["detail-type"]) == {
        "journey.overdue",
        "review.requested",
        "merge.questioned",
        "vendor.unreachable",
        "training.warning_raised",
        "training.warning_returned",
        "alert.raised",
        "alert.changed",
    }


def test_no_secret_is_read_by_a_name_that_others_could_have() -> None:
    secrets = [*resources("AWS::SecretsManager::Secret")]
    assert len(secrets) == 10
    for name, function in resources("AWS::Serverless::Function").items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                if statement["Action"] == "secretsmanager:GetSecretValue":
                    asked = statement["Resource"]
                    for one in asked if isinstance(asked, list) else [asked]:
                        assert one["Fn::GetAtt"].removesuffix(".Id") in secrets, name


def test_the_written_template_holds_what_was_assembled(tmp_path: Path) -> None:
    write(template(), ROOT, tmp_path / "template.yaml")

    again = read(tmp_path / "template.yaml", tmp_path)
    layer = again["Resources"]["SharedLayer"]["Properties"]
    assert (tmp_path / layer["ContentUri"]).resolve() == ROOT / "shared"
    assert (tmp_path / again["Globals"]["Function"]["CodeUri"]).resolve() == ROOT / "functions"
    layer["ContentUri"], again["Globals"]["Function"]["CodeUri"] = "shared/", "functions/"
    assert again == template()
