"""Every alarm rings for what it is there for, and for nothing that happens on an ordinary day."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import pytest

from tests.iam import ACCOUNT, REGION, allowed, statements
from tests.stack.cloudwatch import EMITTED, Alarm, CloudWatch, ringing
from tests.template import ROOT, resources, template

sys.path.insert(0, str(ROOT / "shared"))

import prune_botocore

DAY: Final = 24 * 60
BEGINS: Final = DAY
"""The minute at which something goes wrong: a day has gone well before."""
ENDS: Final = BEGINS + 8 * 60
LOOKS_BACK: Final = (0, 2)
BUS: Final = "rencai-t"
SCHEDULED: Final = {
    "Watchdog": 5,
    "AtsPull": 15,
    "TrainingPull": 15,
    "TrainingDue": 60,
    "SurveyClosing": 60,
    "RollCall": 60,
}
"""By function, the minutes between two runs, as template.yaml has them."""

FUNCTIONS: Final = resources("AWS::Serverless::Function")
QUEUES: Final = resources("AWS::SQS::Queue")
RULES: Final = resources("AWS::Events::Rule")
DEAD_LETTER_QUEUES: Final = sorted(name for name, queue in QUEUES.items() if "RedrivePolicy" not in queue)
(TABLE,) = resources("AWS::DynamoDB::Table").values()
INDEXES: Final = [index["IndexName"] for index in TABLE["GlobalSecondaryIndexes"]]
OPERATIONS: Final = sorted(prune_botocore.OPERATIONS["dynamodb"] - {"DescribeEndpoints"})


def resolved(value: Any) -> str:
    """What CloudFormation fills in; a resource's physical name is its logical id here, the tenant's is ``t``."""
    if isinstance(value, str):
        return value
    ((how, said),) = value.items()
    if how == "Fn::Sub":
        return str(said).replace("${TenantId}${NameSuffix}", "t")
    if how == "Fn::GetAtt":
        name, _, attribute = said.partition(".")
        kind = template()["Resources"][name]["Type"]
        assert (kind, attribute) in (("AWS::SQS::Queue", "QueueName"), ("AWS::SNS::Topic", "TopicName"))
        return str(name)
    assert how == "Ref"
    kind = template()["Resources"][said]["Type"]
    if kind == "AWS::Events::EventBus":
        return resolved(template()["Resources"][said]["Properties"]["Name"])
    # Of these !Ref is the name that the metrics have.
    assert kind in ("AWS::Serverless::Function", "AWS::DynamoDB::Table")
    return str(said)


ALARMS: Final = {
    name: Alarm(name, properties, resolved)
    for name, properties in resources("AWS::CloudWatch::Alarm").items()
}


# --- what happens --------------------------------------------------------------------------------------------------


def ran(seen: CloudWatch, function: str, minute: int, *, died: bool = False) -> None:
    """A call of a function: Lambda publishes a count of each, with nothing between two calls."""
    seen.publish("AWS/Lambda", "Invocations", minute, 1, FunctionName=function)
    seen.publish("AWS/Lambda", "Errors", minute, int(died), FunctionName=function)
    seen.publish("AWS/Lambda", "Throttles", minute, 0, FunctionName=function)


def throttled(seen: CloudWatch, function: str, minute: int) -> None:
    seen.publish("AWS/Lambda", "Throttles", minute, 20, FunctionName=function)


def waits(seen: CloudWatch, queue: str, minute: int, *, seconds: float, visible: int = 1) -> None:
    seen.publish("AWS/SQS", "ApproximateAgeOfOldestMessage", minute, seconds, QueueName=queue)
    seen.publish("AWS/SQS", "ApproximateNumberOfMessagesVisible", minute, visible, QueueName=queue)


@cache
def _ordinary(silent: str) -> CloudWatch:
    seen = CloudWatch()
    for function, every in SCHEDULED.items():
        # Scheduler is late by up to a minute.
        for number, minute in enumerate(range(0, ENDS, every)):
            if function != silent or minute < BEGINS:
                ran(seen, function, minute + number % 2)
    for function in FUNCTIONS.keys() - SCHEDULED.keys():
        for minute in range(7, ENDS, 97):
            ran(seen, function, minute)
        # One burst of five minutes.
        throttled(seen, function, 300)
    for minute in range(0, ENDS, 5):
        seen.publish("AWS/Lambda", "IteratorAge", minute, 4_000, FunctionName="EventRelay")
        for queue in QUEUES:
            if queue in DEAD_LETTER_QUEUES:
                waits(seen, queue, minute, seconds=0, visible=0)
            else:
                # A heap, once a day, is worked off in forty minutes.
                waits(seen, queue, minute, seconds=max(0, 2_400 - abs(minute % DAY - 600) * 60))
        for metric, value in (("Reputation.BounceRate", 0.01), ("Reputation.ComplaintRate", 0.0002)):
            if minute % 60 == 0:
                seen.publish("AWS/SES", metric, minute, value)
        seen.publish("AWS/ApiGateway", "5XXError", minute, minute % 600 == 0, ApiName=BUS, Stage="v1")
    # A burst on the table, and a fault of DynamoDB's own, both over at once.
    seen.publish("AWS/DynamoDB", "WriteThrottleEvents", 400, 30, TableName="Table")
    seen.publish("AWS/DynamoDB", "SystemErrors", 500, 2, TableName="Table", Operation="PutItem")
    return seen


def ordinary(silent: str = "") -> CloudWatch:
    """A day and a third in which all is well, but that a function is not called from ``BEGINS`` on."""
    return CloudWatch(under=_ordinary(silent))


def after(minutes: int, every: int = 1) -> range:
    return range(BEGINS, BEGINS + minutes, every)


@pytest.mark.parametrize("looks_back", LOOKS_BACK)
def test_an_ordinary_day_rings_none(looks_back: int) -> None:
    assert ringing(ALARMS.values(), ordinary(), range(DAY // 4, ENDS, 13), looks_back=looks_back) == {}


# --- what goes wrong, and which alarm it is --------------------------------------------------------------------------

Fault = Callable[[CloudWatch], None]


def _alarm_on(namespace: str, metric: str, **dimensions: str) -> str:
    """The one alarm that looks at a metric."""
    key = (namespace, metric, frozenset(dimensions.items()))
    found = [name for name, alarm in ALARMS.items() if any(key == one for one, _, _ in alarm.metrics)]
    assert len(found) == 1, (key, found)
    return found[0]


def _faults() -> Iterator[tuple[str, str, Fault]]:
    """Alarm, what goes wrong, and how it shows."""
    for name in FUNCTIONS:

        def dies(seen: CloudWatch, name: str = name) -> None:
            ran(seen, name, BEGINS + 3, died=True)
            ran(seen, name, BEGINS + 9, died=True)

        yield _alarm_on("AWS/Lambda", "Errors", FunctionName=name), f"{name} dies", dies

        def is_throttled(seen: CloudWatch, name: str = name) -> None:
            for minute in after(30, 4):
                throttled(seen, name, minute)

        yield _alarm_on("AWS/Lambda", "Throttles", FunctionName=name), f"{name} is throttled", is_throttled
    for name in sorted(QUEUES.keys() - {*DEAD_LETTER_QUEUES}):

        def is_not_read(seen: CloudWatch, name: str = name) -> None:
            for minute in after(8 * 60):
                waits(seen, name, minute, seconds=60 * (minute - BEGINS))

        alarm = _alarm_on("AWS/SQS", "ApproximateAgeOfOldestMessage", QueueName=name)
        yield alarm, f"nobody reads {name}", is_not_read
    for name in DEAD_LETTER_QUEUES:

        def has_one(seen: CloudWatch, name: str = name) -> None:
            for minute in after(60, 5):
                waits(seen, name, minute, seconds=60)

        alarm = _alarm_on("AWS/SQS", "ApproximateNumberOfMessagesVisible", QueueName=name)
        yield alarm, f"there is one on {name}", has_one

        def has_an_old_one(seen: CloudWatch, name: str = name) -> None:
            # None can be seen, so that the other alarm says nothing.
            for minute in after(60, 5):
                waits(seen, name, minute, seconds=11 * 86_400, visible=0)

        alarm = _alarm_on("AWS/SQS", "ApproximateAgeOfOldestMessage", QueueName=name)
        yield alarm, f"one on {name} is old", has_an_old_one
    for name in RULES:

        def loses(seen: CloudWatch, name: str = name) -> None:
            seen.publish(
                "AWS/Events", "InvocationsFailedToBeSentToDlq", BEGINS, 1, EventBusName=BUS, RuleName=name
            )

        alarm = _alarm_on("AWS/Events", "InvocationsFailedToBeSentToDlq", EventBusName=BUS, RuleName=name)
        yield alarm, f"{name} loses an event", loses

    def call_is_lost(seen: CloudWatch) -> None:
        metric = "InvocationsFailedToBeSentToDeadLetterCount"
        seen.publish("AWS/Scheduler", metric, BEGINS, 1, ScheduleGroup=BUS)

    yield "LostRunsAlarm", "a schedule's call is lost", call_is_lost

    # Of the alarms' own topic an alarm would tell nobody.
    for name in sorted(resources("AWS::SNS::Topic").keys() - {"Alarms"}):

        def is_not_heard(seen: CloudWatch, name: str = name) -> None:
            seen.publish("AWS/SNS", "NumberOfNotificationsFailed", BEGINS, 1, TopicName=name)

        alarm = _alarm_on("AWS/SNS", "NumberOfNotificationsFailed", TopicName=name)
        yield alarm, f"who has subscribed to {name} refuses", is_not_heard

    def api_fails(seen: CloudWatch) -> None:
        for minute in after(3):
            seen.publish("AWS/ApiGateway", "5XXError", minute, 1, ApiName=BUS, Stage="v1")

    yield "Api5xxAlarm", "the API answers 500", api_fails

    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        for index in ("", *INDEXES):

            def slowed(seen: CloudWatch, metric: str = metric, index: str = index) -> None:
                of = {"TableName": "Table", **({"GlobalSecondaryIndexName": index} if index else {})}
                for minute in after(20, 4):
                    for names in EMITTED["AWS/DynamoDB", metric]:
                        if names == of.keys():  # an index' are not the table's
                            key = ("AWS/DynamoDB", metric, frozenset(of.items()))
                            seen.published[key][minute].append(5)

            yield "TableThrottledAlarm", f"{metric} {index or 'table'}", slowed
    for operation in (*OPERATIONS, "GetRecords"):

        def fails(seen: CloudWatch, operation: str = operation) -> None:
            for minute in after(20, 4):
                seen.publish(
                    "AWS/DynamoDB", "SystemErrors", minute, 1, TableName="Table", Operation=operation
                )

        yield "TableErrorsAlarm", f"DynamoDB fails at {operation}", fails

    def relay_is_behind(seen: CloudWatch) -> None:
        for minute in after(20):
            seen.publish("AWS/Lambda", "IteratorAge", minute, 400_000, FunctionName="EventRelay")

    yield "RelayLateAlarm", "the relay is behind", relay_is_behind

    for alarm, metric, rate in (
        ("MailBouncesAlarm", "Reputation.BounceRate", 0.05),
        ("MailComplaintsAlarm", "Reputation.ComplaintRate", 0.001),
    ):

        def complained_of(seen: CloudWatch, metric: str = metric, rate: float = rate) -> None:
            for minute in (BEGINS, BEGINS + 60):
                seen.publish("AWS/SES", metric, minute, 2 * rate)

        yield alarm, metric, complained_of


FAULTS: Final = {f"{alarm}: {what}": (alarm, fault) for alarm, what, fault in _faults()}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_rings_its_alarm_and_no_other(what: str) -> None:
    alarm, fault = FAULTS[what]
    seen = ordinary()
    fault(seen)
    # The others look at nothing but the ordinary day.
    looking = [one for one in ALARMS.values() if any(key in seen.published for key, _, _ in one.metrics)]
    for looks_back in LOOKS_BACK:
        minutes = [*range(BEGINS, BEGINS + 90, 10), *range(BEGINS + 90, ENDS, 60)]
        rang = ringing(looking, seen, minutes, looks_back=looks_back)
        assert rang.keys() == {alarm}


@pytest.mark.parametrize("function", sorted(SCHEDULED))
def test_a_schedule_that_no_longer_fires_rings(function: str) -> None:
    seen = ordinary(silent=function)
    for looks_back in LOOKS_BACK:
        rang = ringing(ALARMS.values(), seen, range(BEGINS, ENDS, 10), looks_back=looks_back)
        assert rang.keys() == {f"{function}SilentAlarm"}
        # After two hours; where CloudWatch looks at older ones first, after as many more.
        assert BEGINS + 60 < rang[f"{function}SilentAlarm"] <= BEGINS + (2 + looks_back) * 60 + 10


def test_every_alarm_was_made_to_ring() -> None:
    rang = {alarm for alarm, _ in FAULTS.values()} | {f"{function}SilentAlarm" for function in SCHEDULED}
    assert rang == ALARMS.keys()


# --- how they are said -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_is_one_that_cloudwatch_takes(name: str) -> None:
    said = ALARMS[name].properties
    assert said["AlarmActions"] == said["OKActions"] == [{"Ref": "Alarms"}]
    assert said["TreatMissingData"] in ("breaching", "notBreaching", "ignore")
    assert len(said["AlarmDescription"]) <= 1024
    metrics = ALARMS[name].metrics
    (period,) = {period for _, _, period in metrics}
    assert period % 60 == 0
    assert period * said["EvaluationPeriods"] <= (86_400 if period < 3_600 else 7 * 86_400)
    for (namespace, metric, dimensions), _, _ in metrics:
        assert frozenset(key for key, _ in dimensions) in EMITTED[namespace, metric]
    if "Metrics" in said:
        assert 2 <= len(metrics) <= 10
        assert not said.keys() & {"Namespace", "MetricName", "Dimensions", "Statistic", "Period"}
        assert [one["Id"] for one in said["Metrics"] if one["ReturnData"]] == [said["Metrics"][0]["Id"]]
        ids = Counter(one["Id"] for one in said["Metrics"])
        assert all(re.fullmatch(r"[a-z]\w*", one) and count == 1 for one, count in ids.items())
        # The embedded AWS knows none.
        assert template()["Resources"][name]["Condition"] == "AlarmsOnSums"


def test_names_among_the_metrics_are_those_that_the_resources_have() -> None:
    apis = resources("AWS::Serverless::Api").values()
    assert [(resolved(api["Name"]), api["StageName"]) for api in apis] == [(BUS, "v1")]
    (group,) = resources("AWS::Scheduler::ScheduleGroup").values()
    assert resolved(group["Name"]) == BUS
    assert {name: rule["Name"] for name, rule in RULES.items()} == {name: name for name in RULES}
    assert all(rule["EventBusName"] == {"Ref": "Bus"} for rule in RULES.values())


def test_what_makes_the_table_throttle_and_fail_is_all_looked_at() -> None:
    assert {
        (metric, dict(key).get("GlobalSecondaryIndexName"))
        for (_, metric, key), _, _ in ALARMS["TableThrottledAlarm"].metrics
    } == {
        (metric, index)
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents")
        for index in (None, *INDEXES)
    }
    asked = {dict(key)["Operation"] for (_, _, key), _, _ in ALARMS["TableErrorsAlarm"].metrics}
    # GetRecords is asked by Lambda, for the relay.
    assert asked == {*OPERATIONS, "GetRecords"}


@pytest.mark.parametrize("parameter", ["WatchdogSchedule", "PullSchedule", "TrainingDueSchedule"])
def test_what_is_watched_by_the_hour_runs_at_least_once_an_hour(parameter: str) -> None:
    said = template()["Parameters"][parameter]
    allowed = re.compile(said["AllowedPattern"])
    assert allowed.search(said["Default"])
    for fine in ("rate(1 minute)", "rate(2 minutes)", "rate(59 minutes)", "rate(60 minutes)", "rate(1 hour)"):
        assert allowed.search(fine), fine
    for wrong in (
        "rate(61 minutes)",
        "rate(90 minutes)",
        "rate(100 minutes)",
        "rate(2 hours)",
        "rate(1 day)",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "cron(0 2 * * ? *)",
        "rate(5 minutes) ",
        "",
    ):
        assert not allowed.search(wrong), wrong


def test_every_schedule_is_watched_by_the_roll_call_and_that_by_cloudwatch() -> None:
    scheduled = {
        f"{name}{event}": name
        for name, function in FUNCTIONS.items()
        for event, about in function.get("Events", {}).items()
        if about["Type"] == "ScheduleV2"
    }
    told = FUNCTIONS["RollCall"]["Environment"]["Variables"]
    called = dict(one.split("=") for one in told["SCHEDULES"]["Fn::Sub"].split())
    assert called == {
        schedule: f"${{{function}}}" for schedule, function in scheduled.items() if function != "RollCall"
    }
    assert scheduled.keys() - called.keys() == {"RollCallRun"}
    may_ask = statements(FUNCTIONS["RollCall"]["Policies"])
    # The tenant's group, and the one that the embedded AWS takes every schedule for.
    for group in ("Schedules", "default"):
        arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}"
        refused = [one for one in called if not allowed(may_ask, "scheduler:GetSchedule", f"{arn}/{one}", {})]
        assert refused == []
    assert "RollCallSilentAlarm" in ALARMS
    assert told["RULES"].split() == list(RULES)
    # Its trigger is a resource that SAM makes, named so.
    assert told["STREAMS"] == {"Fn::Sub": "EventRelayStream=${EventRelayStream}"}
    assert "Stream" in FUNCTIONS["EventRelay"]["Events"]
