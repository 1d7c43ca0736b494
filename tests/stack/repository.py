"""A repository of one root and one room, to be assembled."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from infra.assembly.faults import AssemblyError
from infra.assembly.template import assemble

TENANT = """\
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Hours: {Type: String}
    Conditions:
      Gentle: !Equals [!Ref Hours, few]
    Globals:
      Function: {Timeout: 30, CodeUri: functions/}
    Defaults:
      AWS::Serverless::Function:
        Metadata: {BuildMethod: makefile}
      AWS::SQS::Queue:
        Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 40}}
      AWS::Events::Rule:
        Properties: {EventBusName: !Ref Bus, EventPattern: {source: [rencai]}}
    EventDefaults:
      SQS: {Properties: {BatchSize: 3, ScalingConfig: {MaximumConcurrency: !If [Gentle, 2, 10]}}}
      ScheduleV2: {Properties: {RoleArn: !GetAtt ScheduleRole.Arn}}
    TargetDefaults: {DeadLetterConfig: {Arn: !GetAtt Undelivered.Arn}}
    Resources:
      Table: {Type: AWS::DynamoDB::Table}
      Bus: {Type: AWS::Events::EventBus}
      DeadLetters:
        Type: AWS::SQS::Queue
        Properties: {RedrivePolicy: null}
      Undelivered:
        Type: AWS::SQS::Queue
        Properties: {RedrivePolicy: null}
      ScheduleRole:
        Type: AWS::IAM::Role
        Properties:
          Policies:
            - PolicyName: invoke
              PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction}]}
      BusPolicy:
        Type: AWS::SQS::QueuePolicy
        Properties:
          PolicyDocument:
            Statement:
              - {Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sqs:SendMessage, Resource: "*"}
      HrNotices: {Type: AWS::SNS::Topic}
      HrNoticesRule:
        Type: AWS::Events::Rule
        Properties:
          EventPattern: {detail-type: [vendor.unreachable]}
          Targets: [{Id: hr, Arn: !Ref HrNotices}]
      Api: {Type: AWS::Serverless::Api}
    """

PAY = """\
    HrNotices: [pay.missing]
    Resources:
      Pay:
        Type: AWS::Serverless::Function
        Properties:
          Handler: functions.pay.pay.handler
          Timeout: 90
          Environment: {Variables: {HOURS: !Ref Hours}}
          Policies:
            - Statement:
                - {Effect: Allow, Action: ssm:GetParameter, Resource: !GetAtt Table.Arn}
          Events:
            Messages: {Type: SQS, Properties: {Queue: !GetAtt PayQueue.Arn, ScalingConfig: {MaximumConcurrency: 2}}}
      PayQueue:
        Type: AWS::SQS::Queue
      PayRule:
        Type: AWS::Events::Rule
        Properties:
          EventPattern: {detail-type: [hours.recorded]}
          Targets: [{Id: queue, Arn: !GetAtt PayQueue.Arn}]
      PayDay:
        Type: AWS::Serverless::Function
        Properties:
          Handler: functions.pay.day.handler
          Events:
            Schedule: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
      PayApi:
        Type: AWS::Serverless::Function
        Properties: {Handler: functions.pay.calls.handler}
    Outputs:
      PayQueueUrl: {Value: !Ref PayQueue}
    """


class Repository:
    """A root, one room and its code; what a test does not change is as above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writes("template.yaml", TENANT)
        self.writes("functions/pay/stack.yaml", PAY)
        self.writes("functions/pay/pay.py", "handler = print\n")
        self.writes("functions/pay/day.py", "def handler(): ...\n")
        self.writes("functions/pay/calls.py", "api = print\nhandler = api\n")

    def writes(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))

    def has(self, file: str, old: str, new: str) -> int:
        """Changes a line of it, and answers with its number."""
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def resources(self) -> dict[str, Any]:
        made: dict[str, Any] = assemble(self.folder)["Resources"]
        return made

    def refused(self) -> str:
        with pytest.raises(AssemblyError) as refusal:
            assemble(self.folder)
        return str(refusal.value)


ROOM = "functions/pay/stack.yaml"
