"""Root and rooms joined into the one template: what is refused and where."""

import re

import pytest

from tests.stack.repository import ROOM, Repository


def test_a_logical_id_that_is_given_twice_is_refused_with_both_places(one: Repository) -> None:
    line = (one.folder / "template.yaml").read_text().split("\n").index(
        "  Table: {Type: AWS::DynamoDB::Table}"
    ) + 1
    one.writes("functions/tax/stack.yaml", "\n\nResources:\n  Table: {Type: AWS::DynamoDB::Table}\n")
    assert one.refused() == (
        f"functions/tax/stack.yaml:4: Table is already given at template.yaml:{line}: "
        "one of the two needs another name"
    )


def test_rooms_may_not_take_each_others_names_nor_a_parameters(one: Repository) -> None:
    one.writes("functions/tax/stack.yaml", "Resources:\n  PayQueue: {Type: AWS::SQS::Queue}\n")
    assert one.refused().startswith("functions/tax/stack.yaml:2: PayQueue is already given at functions/pay/")
    one.writes("functions/tax/stack.yaml", "Resources:\n  Hours: {Type: AWS::SQS::Queue}\n")
    assert "Hours is already given at template.yaml:3" in one.refused()
    one.writes("functions/tax/stack.yaml", "Outputs:\n  PayQueueUrl: {Value: 1}\n")
    assert "PayQueueUrl is already given at functions/pay/stack.yaml:31" in one.refused()


def test_a_key_that_is_said_twice_is_refused(one: Repository) -> None:
    line = one.has(ROOM, "      Timeout: 90\n", "      Timeout: 90\n      Timeout: 30\n")
    assert one.refused() == (
        f"{ROOM}:{line + 1}: Timeout is said twice, first at {ROOM}:{line}: keep one of them"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "!Ref PayQueue}",
            "!Ref PayQueu}",
            "there is no resource or parameter PayQueu: did you mean PayQueue?",
        ),
        ("!GetAtt Table.Arn", "!GetAtt Chair.Arn", "there is no resource or parameter Chair"),
        ("!GetAtt Table.Arn", "!GetAtt [Chair, Arn]", "there is no resource or parameter Chair"),
        ("!GetAtt Table.Arn", '{"Fn::GetAtt": [Chair, Arn]}', "there is no resource or parameter Chair"),
        ("!GetAtt Table.Arn", '!Sub "${Chair.Arn}/*"', "there is no resource or parameter Chair"),
        ("!GetAtt Table.Arn", '!Sub ["${A}${Chair}", {A: 1}]', "there is no resource or parameter Chair"),
        ("!GetAtt Table.Arn", '!Sub ["${A}", {A: !Ref Chair}]', "there is no resource or parameter Chair"),
        (
            "Type: AWS::SQS::Queue\n",
            "Type: AWS::SQS::Queue\n    DependsOn: Chair\n",
            "there is no resource or parameter Chair",
        ),
        (
            "Type: AWS::SQS::Queue\n",
            "Type: AWS::SQS::Queue\n    DependsOn: [Table, Chair]\n",
            "there is no resource or parameter Chair",
        ),
        ("Timeout: 90", "Timeout: !If [Gentel, 9, 90]", "there is no condition Gentel: did you mean Gentle?"),
        (
            "Type: AWS::SQS::Queue\n",
            "Type: AWS::SQS::Queue\n    Condition: Rough\n",
            "there is no condition Rough",
        ),
    ],
)
def test_what_names_something_that_is_not_there_is_refused(
    one: Repository, old: str, new: str, said: str
) -> None:
    line = one.has(ROOM, old, new) + new.count("\n", 0, -1)
    assert one.refused() == f"{ROOM}:{line}: {said}"


def test_what_names_something_of_cloudformations_or_its_own_is_fine(one: Repository) -> None:
    one.has(
        ROOM, "!GetAtt Table.Arn", '!Sub ["${AWS::Region}${A}${!NotOurs}${Hours}", {A: !Ref AWS::StackName}]'
    )
    one.resources()


@pytest.mark.parametrize("section", ["Parameters", "Resources"])
def test_an_event_that_makes_a_name_which_is_taken_is_refused(one: Repository, section: str) -> None:
    said = "{Type: String}" if section == "Parameters" else "{Type: AWS::SNS::Topic}"
    line = one.has("template.yaml", f"{section}:\n", f"{section}:\n  PayDaySchedule: {said}\n") + 1
    assert one.refused().endswith(
        "SAM makes PayDaySchedule of PayDay's event Schedule, and that name is given at "
        f"template.yaml:{line}: call the event otherwise"
    )


def test_what_nothing_leaves_out_needs_nothing_in_its_place(one: Repository) -> None:
    line = one.has(
        "template.yaml",
        "  Table: {Type: AWS::DynamoDB::Table}\n",
        "  Table: {Type: AWS::DynamoDB::Table, Otherwise: {Arn: !Ref Hours}}\n",
    )
    assert one.refused() == (
        f"template.yaml:{line}: Table has Otherwise and no Condition: nothing ever leaves it out"
    )


@pytest.mark.parametrize(
    "said", ["!Ref Table", '!Sub "${Table.Arn}/x"', '!Sub "${Table}"', "!GetAtt Table.StreamArn"]
)
def test_what_a_condition_leaves_out_is_said_by_an_attribute_that_something_stands_for(
    one: Repository, said: str
) -> None:
    one.has(
        "template.yaml",
        "  Table: {Type: AWS::DynamoDB::Table}\n",
        "  Table: {Type: AWS::DynamoDB::Table, Condition: Gentle, Otherwise: {Arn: !Ref Hours}}\n",
    )
    line = one.has(ROOM, "!GetAtt Table.Arn", said)
    assert one.refused().startswith(
        f"{ROOM}:{line}: Table may be left out, and only its Arn has something in its place: say `!GetAtt Table.Arn`"
    )


def test_a_reference_of_the_defaults_is_refused_where_it_stands(one: Repository) -> None:
    line = one.has("template.yaml", "EventBusName: !Ref Bus", "EventBusName: !Ref Coach")
    assert f"template.yaml:{line}: there is no resource or parameter Coach" in one.refused()


def test_a_queue_that_a_rule_feeds_and_no_policy_admits_is_refused(one: Repository) -> None:
    """It has a policy of its own, which knows only S3: the bus's policy cannot take it in, a queue has one."""
    one.has(
        ROOM,
        "  PayRule:\n",
        """\
  PayQueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref PayQueue]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sqs:SendMessage, Resource: "*"}
  PayRule:
""",
    )
    line = one.has(ROOM, "Targets: [", "Targets: [")
    assert one.refused() == (
        f"{ROOM}:{line}: the rule PayRule sends to PayQueue, and no queue policy lets it: name PayQueue in the Queues "
        "of an AWS::SQS::QueuePolicy that allows events.amazonaws.com sqs:SendMessage"
    )
    one.has(ROOM, "s3.amazonaws.com", "events.amazonaws.com")
    one.resources()
    one.has(ROOM, 'Resource: "*"', "Resource: !GetAtt PayQueue.Arn")
    one.resources()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Effect: Allow, Principal", "Effect: Deny, Principal"),
        ("Action: sqs:SendMessage", "Action: sqs:ReceiveMessage"),
        ('Resource: "*"}', "Resource: !GetAtt DeadLetters.Arn}"),
    ],
)
def test_a_policy_that_allows_something_else_admits_nobody(one: Repository, old: str, new: str) -> None:
    one.has("template.yaml", old, new)
    assert "the rule PayRule sends to PayQueue, and no queue policy lets it" in one.refused()


def test_a_queue_that_a_bucket_tells_of_needs_a_policy_for_s3(one: Repository) -> None:
    one.writes(
        "functions/tax/stack.yaml",
        """\
        Resources:
          Files:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt PayQueue.Arn}
        """,
    )
    assert one.refused() == (
        "functions/tax/stack.yaml:7: the bucket Files sends to PayQueue, and no queue policy lets it: name PayQueue in "
        "the Queues of an AWS::SQS::QueuePolicy that allows s3.amazonaws.com sqs:SendMessage"
    )


def test_a_section_that_a_room_does_not_have_is_refused(one: Repository) -> None:
    one.writes("functions/tax/stack.yaml", "Resources:\nParameters:\n  Rate: {Type: Number}\n")
    assert one.refused() == (
        "functions/tax/stack.yaml:2: Parameters is no section here; there are Resources, Outputs, HrNotices, "
        "RoomAlarms"
    )
    (one.folder / "functions/tax/stack.yaml").unlink()
    one.has("template.yaml", "EventDefaults:", "EventDefault:")
    assert "template.yaml:15: EventDefault is no section here" in one.refused()


def test_a_handler_that_is_not_there_is_refused(one: Repository) -> None:
    line = one.has(ROOM, "functions.pay.day.handler", "functions.pay.night.handler")
    assert one.refused() == (
        f"{ROOM}:{line}: the handler's module functions.pay.night does not exist: there is no functions/pay/night.py"
    )
    one.writes("functions/pay/night.py", "def act(): ...\nother, handling = 1, 2\n")
    assert one.refused().startswith(f"{ROOM}:{line}: functions/pay/night.py defines no handler")
    one.has(ROOM, "Handler: functions.pay.night.handler", "MemorySize: 512")
    assert one.refused().startswith(f"{ROOM}:{line - 3}: PayDay has no handler: say `Handler: functions.")


def test_a_queue_that_is_read_and_keeps_no_dead_letters_is_refused(one: Repository) -> None:
    one.has(ROOM, "Type: AWS::SQS::Queue\n", "Type: AWS::SQS::Queue\n    Properties: {RedrivePolicy: null}\n")
    line = one.has(ROOM, "Queue: !GetAtt PayQueue.Arn", "Queue: !GetAtt PayQueue.Arn")
    assert one.refused() == (
        f"{ROOM}:{line}: Pay reads PayQueue, which keeps no dead letters: give the queue a RedrivePolicy with "
        "`deadLetterTargetArn: !GetAtt DeadLetters.Arn`"
    )


def test_a_function_reads_queues_of_the_template(one: Repository) -> None:
    line = one.has(ROOM, "Queue: !GetAtt PayQueue.Arn", "Queue: arn:aws:sqs:eu-west-1:1:elsewhere")
    assert one.refused() == (
        f"{ROOM}:{line}: Pay reads no queue of this template: say `Queue: !GetAtt <queue>.Arn`"
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_files(one: Repository) -> None:
    first = one.has(ROOM, "!GetAtt Table.Arn", "!GetAtt Chair.Arn")
    second = one.has(ROOM, "functions.pay.day.handler", "functions.pay.night.handler")
    third = one.has("template.yaml", "!Ref HrNotices", "!Ref HrNotes")
    assert [line.split(": ")[0] for line in one.refused().split("\n")] == [
        f"{ROOM}:{first}",
        f"{ROOM}:{second}",
        f"template.yaml:{third}",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (ROOM, "[pay.missing]", "[vendor.unreachable]", "HR is told of vendor.unreachable already"),
        (ROOM, "  PayDay:\n    Type: AWS::Serverless::Function\n", "  PayDay:\n", "PayDay has no Type"),
        (
            ROOM,
            "Timeout: 90",
            "Timeout: !Ref Hours",
            "Pay reads PayQueue and needs a Timeout that is a number",
        ),
        (ROOM, "  PayDay:", "  PayApiPermission:", "the assembler makes PayApiPermission itself"),
        ("template.yaml", "  HrNoticesRule:", "  OtherRule:", "there is no HrNoticesRule in template.yaml"),
        ("template.yaml", "AWS::Events::Rule:", "AWS::Event::Rule:", "nothing is of type AWS::Event::Rule"),
        ("template.yaml", "  SQS: {Prop", "  SNS: {Prop", "nothing is of type SNS"),
        (ROOM, "Targets: [{Id: queue, Arn: !GetAtt PayQueue.Arn}]", "Targets: {Id: queue}", "are no list"),
        (ROOM, "EventPattern: {detail", "Name: pay\n      EventPattern: {detail", "PayRule is named by"),
        (ROOM, "HrNotices: [pay.missing]", "HrNotices: [pay", "this is not YAML"),
        (ROOM, "HrNotices: [pay.missing]", "Resources: {}", "Resources is said twice"),
    ],
)
def test_the_rest_is_refused_too(one: Repository, file: str, old: str, new: str, said: str) -> None:
    one.has(file, old, new)
    refusal = one.refused()
    assert said in refusal
    assert re.match(r"[a-z/]+\.yaml:[1-9]\d*: ", refusal)


def test_an_empty_room_is_refused(one: Repository) -> None:
    one.writes("functions/tax/stack.yaml", "# to come\n")
    assert one.refused() == (
        "functions/tax/stack.yaml:1: a template is a mapping that starts with `Resources:`"
    )
