"""What every room is watched for is said once, and the assembler makes the alarms."""

from typing import Any

import pytest

from infra.assembly.template import assemble
from tests.stack.repository import ROOM, Repository

WATCHED = """\
RoomAlarms:
  Backlog:
    Of: AWS::SQS::Queue
    Says: A message waits
    Expression: MAX(METRICS())
    Condition: Gentle
    Properties:
      {Namespace: AWS/SQS, MetricName: ApproximateAgeOfOldestMessage, Statistic: Maximum, Period: 300, Threshold: 60}
  Errors:
    Of: AWS::Serverless::Function
    Says: A function died
    Expression: SUM(METRICS())
    Condition: Gentle
    Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Period: 3600, Threshold: 0}
  LostEvents:
    Of: AWS::Events::Rule
    Says: An event is lost
    Expression: SUM(METRICS())
    Condition: Gentle
    Properties:
      {Namespace: AWS/Events, MetricName: InvocationsFailedToBeSentToDlq, Statistic: Sum, Period: 300, Threshold: 0}
Resources:
  Table:"""


@pytest.fixture
def watched(one: Repository) -> Repository:
    one.has("template.yaml", "Resources:\n  Table:", WATCHED)
    return one


def alarms(repository: Repository) -> dict[str, dict[str, Any]]:
    return {
        name: resource
        for name, resource in repository.resources().items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def test_each_room_has_one_over_all_it_has(watched: Repository) -> None:
    made = alarms(watched)
    assert sorted(made) == [
        "PayBacklogAlarm",
        "PayErrorsAlarm",
        "PayLostEventsAlarm",
        "TenantBacklogAlarm",
        "TenantLostEventsAlarm",
    ]
    died = made["PayErrorsAlarm"]
    assert died["Condition"] == "Gentle"
    assert died["Properties"] == {
        "AlarmDescription": "A function died (pay): Pay, PayDay, PayApi; see docs/operations.md, alarms",
        "Threshold": 0,
        "Metrics": [
            {"Id": "all", "Expression": "SUM(METRICS())", "Label": "A function died", "ReturnData": True},
            *(
                {
                    "Id": name[0].lower() + name[1:],
                    "Label": name,
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/Lambda",
                            "MetricName": "Errors",
                            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": name}}],
                        },
                        "Period": 3600,
                        "Stat": "Sum",
                    },
                    "ReturnData": False,
                }
                for name in ("Pay", "PayDay", "PayApi")
            ),
        ],
    }


def test_one_metric_needs_no_expression_and_a_rule_is_called_by_its_name(watched: Repository) -> None:
    lost = alarms(watched)["PayLostEventsAlarm"]
    assert "Condition" not in lost
    assert lost["Properties"] == {
        "AlarmDescription": "An event is lost (pay): PayRule; see docs/operations.md, alarms",
        "Namespace": "AWS/Events",
        "MetricName": "InvocationsFailedToBeSentToDlq",
        "Dimensions": [
            {"Name": "EventBusName", "Value": {"Ref": "Bus"}},
            {"Name": "RuleName", "Value": "PayRule"},
        ],
        "Statistic": "Sum",
        "Period": 300,
        "Threshold": 0,
    }
    assert watched.resources()["PayRule"]["Properties"]["Name"] == "PayRule"


def test_what_has_an_alarm_of_its_own_is_not_in_it(watched: Repository) -> None:
    watched.has(
        ROOM,
        "Outputs:\n",
        "  PayDayAlarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"
        "      {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref PayDay}]}\n"
        # Of another metric, or of a metric that does not exist, it has none.
        "  PayAlarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"
        "      {Namespace: AWS/Lambda, MetricName: Throttles, Dimensions: [{Name: FunctionName, Value: !Ref Pay}]}\n"
        "  PayApiAlarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"
        "      {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: Function, Value: !Ref PayApi}]}\n"
        "Outputs:\n",
    )
    assert "(pay): Pay, PayApi;" in alarms(watched)["PayErrorsAlarm"]["Properties"]["AlarmDescription"]


def test_a_room_may_have_values_of_its_own(watched: Repository) -> None:
    watched.has(
        ROOM, "HrNotices: [pay.missing]", "HrNotices: [pay.missing]\nRoomAlarms: {Backlog: {Threshold: 900}}"
    )
    made = alarms(watched)
    assert made["PayBacklogAlarm"]["Properties"]["Threshold"] == 900
    assert made["TenantBacklogAlarm"]["Properties"]["Threshold"] == 60


def test_more_than_cloudwatch_takes_in_one_are_more_alarms(watched: Repository) -> None:
    queues = "".join(f"  Tax{number}Queue: {{Type: AWS::SQS::Queue}}\n" for number in range(21))
    watched.writes("functions/tax/stack.yaml", f"Resources:\n{queues}")
    made = alarms(watched)
    of_each = {
        name: len(made[name]["Properties"].get("Metrics", [])) - 1 for name in made if name.startswith("Tax")
    }
    assert of_each == {"TaxBacklogAlarm": 10, "TaxBacklog2Alarm": 10, "TaxBacklog3Alarm": -1}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("template.yaml", "    Says: A message waits\n", "", "Backlog says Condition, Expression, Of,"),
        ("template.yaml", "Of: AWS::SQS::Queue", "Of: AWS::SQS::Que", "Backlog says"),
        (ROOM, "HrNotices: [pay.missing]", "RoomAlarms: {Backlogs: {Threshold: 1}}", "no alarms Backlogs in pay"),
        (ROOM, "  PayDay:", "  PayErrorsAlarm:", "the assembler makes PayErrorsAlarm itself"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(watched: Repository, file: str, old: str, new: str, said: str) -> None:
    line = watched.has(file, old, new)
    refusal = watched.refused()
    assert said in refusal
    assert refusal.startswith(f"{file}:")
    assert line


def test_the_apis_title_is_its_name_which_its_metrics_have(one: Repository) -> None:
    one.has(
        "template.yaml",
        "Api: {Type: AWS::Serverless::Api}",
        "Api: {Type: AWS::Serverless::Api, Properties: {Name: pay}}",
    )
    made = assemble(one.folder, lambda _: {"openapi": "3.0.1", "info": {"title": "Stack", "version": "1"}})
    assert made["Resources"]["Api"]["Properties"]["DefinitionBody"]["info"] == {
        "title": "pay",
        "version": "1",
    }
