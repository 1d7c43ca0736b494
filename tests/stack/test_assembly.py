"""Root and rooms joined into the one template: what is added."""

import re
from collections.abc import Mapping
from typing import Any

from infra.assembly.reading import read
from infra.assembly.template import assemble, write
from tests.stack.repository import ROOM, Repository


def test_a_function_that_reads_a_queue_is_completed_from_the_queue(one: Repository) -> None:
    made = one.resources()
    assert made["Pay"] == {
        "Type": "AWS::Serverless::Function",
        "Metadata": {"BuildMethod": "makefile"},
        "Properties": {
            "Handler": "functions.pay.pay.handler",
            "Timeout": 90,
            "Environment": {
                "Variables": {
                    "HOURS": {"Ref": "Hours"},
                    "QUEUE_URL": {"Ref": "PayQueue"},
                    "DEAD_LETTER_URL": {"Ref": "DeadLetters"},
                }
            },
            "Policies": [
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "ssm:GetParameter",
                            "Resource": {"Fn::GetAtt": "Table.Arn"},
                        },
                        {
                            "Effect": "Allow",
                            "Action": "sqs:ChangeMessageVisibility",
                            "Resource": {"Fn::GetAtt": "PayQueue.Arn"},
                        },
                        {
                            "Effect": "Allow",
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": "DeadLetters.Arn"},
                        },
                    ],
                }
            ],
            "Events": {
                "Messages": {
                    "Type": "SQS",
                    "Properties": {
                        "Queue": {"Fn::GetAtt": "PayQueue.Arn"},
                        "BatchSize": 3,
                        "ScalingConfig": {"MaximumConcurrency": 2},
                    },
                }
            },
        },
    }
    assert made["PayQueue"]["Properties"] == {
        "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": "DeadLetters.Arn"}, "maxReceiveCount": 40},
        "VisibilityTimeout": 540,
    }
    assert made["DeadLetters"]["Properties"] == {}


def test_a_queue_hides_a_message_six_times_as_long_as_its_reader_may_take(one: Repository) -> None:
    one.has(ROOM, "      Timeout: 90\n", "")
    assert one.resources()["PayQueue"]["Properties"]["VisibilityTimeout"] == 180
    one.has("template.yaml", "Timeout: 30, ", "")
    assert one.resources()["PayQueue"]["Properties"]["VisibilityTimeout"] == 18
    one.has(
        ROOM, "Type: AWS::SQS::Queue\n", "Type: AWS::SQS::Queue\n    Properties: {VisibilityTimeout: 7}\n"
    )
    assert one.resources()["PayQueue"]["Properties"]["VisibilityTimeout"] == 7


def test_a_function_without_a_policy_gets_one_that_lets_it_read(one: Repository) -> None:
    one.has(
        ROOM,
        "      Policies:\n        - Statement:\n"
        "            - {Effect: Allow, Action: ssm:GetParameter, Resource: !GetAtt Table.Arn}\n",
        "",
    )
    (policy,) = one.resources()["Pay"]["Properties"]["Policies"]
    assert [statement["Action"] for statement in policy["Statement"]] == [
        "sqs:ChangeMessageVisibility",
        "sqs:SendMessage",
    ]


def test_a_resources_own_word_wins_over_the_defaults(one: Repository) -> None:
    one.has(ROOM, "detail-type: [hours.recorded]", "source: [payroll], detail-type: [hours.recorded]")
    rule = one.resources()["PayRule"]["Properties"]
    assert rule["EventBusName"] == {"Ref": "Bus"}
    assert rule["EventPattern"] == {"source": ["payroll"], "detail-type": ["hours.recorded"]}
    # A reference is one value: ours and the default's are not mixed.
    one.has(ROOM, "ScheduleExpression: rate(1 day)", "ScheduleExpression: rate(1 day), RoleArn: !Ref Hours")
    schedule = one.resources()["PayDay"]["Properties"]["Events"]["Schedule"]
    assert schedule["Properties"]["RoleArn"] == {"Ref": "Hours"}


def test_every_target_of_a_rule_gets_the_targets_defaults_and_its_own_word_wins(one: Repository) -> None:
    made = one.resources()
    kept = {"DeadLetterConfig": {"Arn": {"Fn::GetAtt": "Undelivered.Arn"}}}
    assert made["PayRule"]["Properties"]["Targets"] == [
        {"Id": "queue", "Arn": {"Fn::GetAtt": "PayQueue.Arn"}} | kept
    ]
    assert made["HrNoticesRule"]["Properties"]["Targets"] == [
        {"Id": "hr", "Arn": {"Ref": "HrNotices"}} | kept
    ]
    one.has(
        ROOM,
        "Arn: !GetAtt PayQueue.Arn}]",
        "Arn: !GetAtt PayQueue.Arn, DeadLetterConfig: {Arn: !GetAtt DeadLetters.Arn}},"
        " {Id: hr, Arn: !Ref HrNotices, DeadLetterConfig: null}]",
    )
    made = one.resources()
    assert [target.get("DeadLetterConfig") for target in made["PayRule"]["Properties"]["Targets"]] == [
        {"Arn": {"Fn::GetAtt": "DeadLetters.Arn"}},
        None,
    ]
    # And the bus may send to what it keeps, too.
    assert {"Ref": "DeadLetters"} in made["BusPolicy"]["Properties"]["Queues"]


def test_lists_of_members_are_made_of_the_rooms(one: Repository) -> None:
    made = one.resources()
    assert made["BusPolicy"]["Properties"]["Queues"] == [{"Ref": "Undelivered"}, {"Ref": "PayQueue"}]
    assert made["HrNoticesRule"]["Properties"]["EventPattern"]["detail-type"] == [
        "vendor.unreachable",
        "pay.missing",
    ]
    (policy,) = made["ScheduleRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [{"Fn::GetAtt": "PayDay.Arn"}]}
    ]


def test_a_function_whose_module_has_an_api_serves_it(one: Repository) -> None:
    asked: list[Mapping[str, str]] = []

    def body(functions: Mapping[str, str]) -> dict[str, Any]:
        asked.append(functions)
        return {"openapi": "3.0.1"}

    made = assemble(one.folder, body)["Resources"]
    assert asked == [{"PayApi": "functions.pay.calls"}]
    assert made["Api"]["Properties"]["DefinitionBody"] == {"openapi": "3.0.1"}
    assert made["PayApiPermission"] == {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": {"Ref": "PayApi.Alias"},
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {
                "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
            },
        },
    }
    assert not [name for name in made if name.endswith("Permission") and name != "PayApiPermission"]


def test_a_function_that_serves_the_api_has_defaults_of_its_own_and_says_what_it_is_told(
    one: Repository,
) -> None:
    one.writes(
        "template.yaml",
        (one.folder / "template.yaml").read_text()
        + "ApiDefaults: {Properties: {AutoPublishAlias: live, Timeout: 9, Tracing: Active}}\n",
    )
    one.has(
        ROOM,
        "    Properties: {Handler: functions.pay.calls.handler}\n",
        "    Properties:\n      Handler: functions.pay.calls.handler\n      Timeout: 5\n      Tracing: null\n"
        "      Environment: {Variables: {H: !Sub '${Hours} of ${Bus}', K: !GetAtt Bus.Arn}}\n",
    )
    made = one.resources()
    assert made["PayApi"]["Properties"] == {
        "Handler": "functions.pay.calls.handler",
        "Timeout": 5,
        "Environment": {
            "Variables": {"H": {"Fn::Sub": "${Hours} of ${Bus}"}, "K": {"Fn::GetAtt": "Bus.Arn"}}
        },
        "AutoPublishAlias": "live",
        "VersionDescription": {"Fn::Sub": "${Hours}"},
    }
    assert "AutoPublishAlias" not in made["Pay"]["Properties"]


def test_a_parameter_stands_for_what_a_condition_leaves_out(one: Repository) -> None:
    one.has(
        "template.yaml",
        "  Table: {Type: AWS::DynamoDB::Table}\n",
        "  Table: {Type: AWS::DynamoDB::Table, Condition: Gentle, Otherwise: {Arn: !Ref Hours}}\n",
    )
    made = one.resources()
    assert made["Table"] == {"Type": "AWS::DynamoDB::Table", "Condition": "Gentle"}
    assert made["Pay"]["Properties"]["Policies"][0]["Statement"][0]["Resource"] == {
        "Fn::If": ["Gentle", {"Fn::GetAtt": "Table.Arn"}, {"Ref": "Hours"}]
    }


def test_what_is_written_is_read_again_as_it_was(one: Repository) -> None:
    """Short forms, dates that are versions, and paths that are told from the file's own folder."""
    made = assemble(one.folder)
    write(made, one.folder, one.folder / ".local" / "template.yaml")
    text = (one.folder / ".local" / "template.yaml").read_text()
    assert "CodeUri: ../functions" in text
    assert "Version: '2012-10-17'" in text
    assert "!GetAtt 'PayQueue.Arn'" in text
    # No anchors: CloudFormation does not know them.
    assert not re.search(r"[&*]id\d", text)
    again = read(one.folder / ".local" / "template.yaml", one.folder)
    again["Globals"]["Function"]["CodeUri"] = "functions/"
    assert again == made
