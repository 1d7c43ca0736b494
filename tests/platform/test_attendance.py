"""The roll call: what has to run by itself and is gone, switched off, or did not run is named."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest
import time_machine
from botocore.exceptions import ClientError
from moto import mock_aws

from functions.watch import roll_call
from functions.watch.roll_call import NotAllThere, call_roll
from rencai.platform.attendance import Attendance, Expected, Missing
from rencai.wiring import Wired
from tests.aws import by_wire
from tests.logs import logged
from tests.wired import serves, wired_with

SET_UP: Final = datetime(2026, 11, 10, 4, tzinfo=UTC)
"""Noon in Shanghai."""
GROUP, BUS = "rencai-t", "rencai-t"
EXPECTED: Final = Expected.said(
    "WatchdogRun=watchdog RiskScanRun=scan SurveyInviteRun=invite",
    "OfferRule CheckRule",
    "EventRelayStream=6f0e",
    BUS,
)
EXPRESSIONS: Final = {
    "WatchdogRun": "rate(5 minutes)",
    "RiskScanRun": "cron(0 2 * * ? *)",
    "SurveyInviteRun": "cron(0 9 25 * ? *)",
}
TARGET: Final = {
    "Arn": "arn:aws:lambda:ap-southeast-1:123456789012:function:any",
    "RoleArn": "arn:aws:iam::123456789012:role/any",
}


class FakeLambda:
    """GetEventSourceMapping; None is none."""

    def __init__(self) -> None:
        self.state: str | None = "Enabled"

    def get_event_source_mapping(self, *, UUID: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert UUID == "6f0e"
        if self.state is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetEventSourceMapping")
        return {"UUID": UUID, "State": self.state}


class Tenant:
    """All of it as a stack sets it up, on the 10th of November at noon."""

    def __init__(self) -> None:
        self.scheduler, self.events, self.cloudwatch = map(by_wire, ("scheduler", "events", "cloudwatch"))
        self.lambda_ = FakeLambda()
        with time_machine.travel(SET_UP, tick=False):
            self.scheduler.create_schedule_group(Name=GROUP)
            for name in EXPRESSIONS:
                self.schedule(name, "create_schedule")
            self.events.create_event_bus(Name=BUS)
            for rule in EXPECTED.rules:
                self.events.put_rule(Name=rule, EventBusName=BUS, EventPattern='{"source": ["rencai"]}')

    def schedule(self, name: str, how: str = "update_schedule", **changed: Any) -> None:
        said = {
            "ScheduleExpression": EXPRESSIONS[name],
            "ScheduleExpressionTimezone": "Asia/Shanghai",
            "State": "ENABLED",
        }
        whole = {"Name": name, "GroupName": GROUP, "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": TARGET}
        getattr(self.scheduler, how)(**whole | said | changed)

    def client(self, service: str) -> Any:
        clients = {"scheduler": self.scheduler, "events": self.events, "cloudwatch": self.cloudwatch}
        return {**clients, "lambda": self.lambda_}[service]

    def ran(self, function: str, at: datetime, *, failed: bool = False) -> None:
        self.cloudwatch.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": metric,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                    "Timestamp": at,
                    "Value": value,
                }
                for metric, value in (("Invocations", 1), ("Errors", int(failed)))
            ],
        )

    def missing(self, now: datetime) -> list[Missing]:
        with time_machine.travel(now, tick=False):
            return Attendance(EXPECTED, GROUP, self.client).missing(now)


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with mock_aws():
        yield Tenant()


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


def all_ran(tenant: Tenant, now: datetime) -> None:
    """Everything but the survey, as it was due until now."""
    tenant.ran("watchdog", now - timedelta(minutes=4))
    at = shanghai(11, 2)
    while at < now:
        tenant.ran("scan", at + timedelta(seconds=20))
        at += timedelta(days=1)


def test_a_stack_that_was_just_set_up_lacks_nothing(tenant: Tenant) -> None:
    """Nothing has run, and nothing has been due yet."""
    assert tenant.missing(SET_UP + timedelta(minutes=30)) == []


def test_when_all_ran_as_it_was_due_nothing_is_missing(tenant: Tenant) -> None:
    now = shanghai(24, 12)
    all_ran(tenant, now)
    assert tenant.missing(now) == []


def test_a_night_without_a_scan_is_noticed_half_an_hour_later_until_somebody_scans(tenant: Tenant) -> None:
    tenant.ran("scan", shanghai(11, 2))
    for hour, minute in ((2, 29), (2, 30)):
        now = shanghai(12, hour, minute)
        tenant.ran("watchdog", now - timedelta(minutes=2))
        expected = [Missing("RiskScanRun", "did not run", shanghai(12, 2))] if minute == 30 else []
        assert tenant.missing(now) == expected
    now = shanghai(12, 10)
    tenant.ran("watchdog", now - timedelta(minutes=2))
    assert [one.what for one in tenant.missing(now)] == ["RiskScanRun"]
    # Begun by hand, at any time.
    tenant.ran("scan", shanghai(12, 10, 1))
    tenant.ran("watchdog", now + timedelta(minutes=2))
    assert tenant.missing(now + timedelta(minutes=3)) == []


def test_runs_that_failed_are_none(tenant: Tenant) -> None:
    now = shanghai(11, 3)
    tenant.ran("watchdog", now - timedelta(minutes=2))
    for minute in (0, 1, 3):
        tenant.ran("scan", shanghai(11, 2, minute), failed=True)
    assert tenant.missing(now) == [Missing("RiskScanRun", "did not run", shanghai(11, 2))]
    tenant.ran("scan", shanghai(11, 2, 30))
    assert tenant.missing(now) == []


def test_a_survey_that_did_not_begin_is_missed_for_a_fortnight(tenant: Tenant) -> None:
    due = shanghai(25, 9)
    for days in (1, 13):
        now = due + timedelta(days=days)
        all_ran(tenant, now)
        assert tenant.missing(now) == [Missing("SurveyInviteRun", "did not run", due)]
    # By then its last day is over, and CloudWatch forgets.
    now = due + timedelta(days=15)
    all_ran(tenant, now)
    assert tenant.missing(now) == []


def test_what_was_due_before_a_schedule_was_changed_is_not_missed(tenant: Tenant) -> None:
    with time_machine.travel(shanghai(25, 10), tick=False):
        tenant.schedule("SurveyInviteRun", ScheduleExpression="cron(0 9 24 * ? *)")
    now = shanghai(25, 12)
    all_ran(tenant, now)
    assert tenant.missing(now) == []


def test_a_schedule_of_minutes_is_missed_within_the_hour(tenant: Tenant) -> None:
    now = SET_UP + timedelta(hours=1)
    tenant.ran("watchdog", now - timedelta(minutes=36))
    assert tenant.missing(now) == [Missing("WatchdogRun", "did not run", now - timedelta(minutes=35))]


@pytest.mark.parametrize("zone", ["Europe/Berlin", None])
def test_it_is_due_in_the_zone_that_the_schedule_has(tenant: Tenant, zone: str | None) -> None:
    with time_machine.travel(SET_UP, tick=False):
        tenant.schedule("RiskScanRun", ScheduleExpressionTimezone=zone or "UTC")
    now = shanghai(11, 9, 31)
    tenant.ran("watchdog", now - timedelta(minutes=2))
    expected = {"Europe/Berlin": [Missing("RiskScanRun", "did not run", shanghai(11, 9))], None: []}
    assert tenant.missing(now) == expected[zone]


def test_what_is_switched_off_gone_or_unreadable_is_named(tenant: Tenant) -> None:
    now = SET_UP + timedelta(minutes=20)
    with time_machine.travel(SET_UP, tick=False):
        tenant.schedule("WatchdogRun", State="DISABLED")
        tenant.schedule("RiskScanRun", ScheduleExpression="every night")
        tenant.scheduler.delete_schedule(Name="SurveyInviteRun", GroupName=GROUP)
        tenant.events.disable_rule(Name="OfferRule", EventBusName=BUS)
        tenant.events.delete_rule(Name="CheckRule", EventBusName=BUS)
    tenant.lambda_.state = "Disabled"
    assert tenant.missing(now) == [
        Missing("WatchdogRun", "is switched off"),
        Missing("RiskScanRun", "has an expression that cannot be read"),
        Missing("SurveyInviteRun", "is gone"),
        Missing("OfferRule", "is switched off"),
        Missing("CheckRule", "is gone"),
        Missing("EventRelayStream", "is switched off"),
    ]
    tenant.lambda_.state = None
    assert tenant.missing(now)[-1] == Missing("EventRelayStream", "is gone")


@pytest.mark.parametrize("state", ["Enabled", "Enabling", "Creating", "Updating"])
def test_a_trigger_that_is_being_deployed_is_on(tenant: Tenant, state: str) -> None:
    tenant.lambda_.state = state
    assert tenant.missing(SET_UP) == []


def test_counts_come_in_pages(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[dict[str, Any]] = [
        {"MetricDataResults": [{"Id": "invocations", "Values": [1.0, 1.0]}]},
        {"MetricDataResults": [{"Id": "errors", "Values": [1.0]}], "NextToken": "more"},
    ]
    asked: list[dict[str, Any]] = []

    def get_metric_data(**what: Any) -> dict[str, Any]:
        asked.append(dict(what))
        return pages.pop()

    monkeypatch.setattr(tenant.cloudwatch, "get_metric_data", get_metric_data)
    attendance = Attendance(Expected.said("RiskScanRun=scan", "", "", BUS), GROUP, tenant.client)
    assert attendance.missing(shanghai(11, 12)) == []
    assert [page.get("NextToken") for page in asked] == [None, "more"]


def test_aws_that_will_not_say_is_an_error(tenant: Tenant) -> None:
    """Not everything is there that cannot be seen."""

    def refuses(**_: Any) -> dict[str, Any]:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetEventSourceMapping")

    tenant.lambda_.get_event_source_mapping = refuses  # type: ignore[method-assign]
    with pytest.raises(ClientError):
        tenant.missing(SET_UP)


@pytest.fixture
def wired(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Wired:
    settings = {
        "SCHEDULES": " ".join(f"{name}={function}" for name, function in EXPECTED.schedules.items()),
        "RULES": " ".join(EXPECTED.rules),
        "STREAMS": "EventRelayStream=6f0e",
        "BUS_NAME": BUS,
        "SCHEDULE_GROUP": GROUP,
    }
    made = wired_with(tenant.client, lambda: SET_UP + timedelta(minutes=20), settings)
    serves(monkeypatch, made)
    return made


CONTEXT: Final = SimpleNamespace(
    function_name="RollCall",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:ap-southeast-1:123456789012:function:RollCall",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)


def test_a_run_that_finds_all_ends_well(wired: Wired) -> None:
    with logged() as log:
        assert roll_call.handler({}, CONTEXT) is None
    assert log.lines() == [{"message": "all there"}]


def test_a_run_that_misses_something_fails_and_says_what(wired: Wired, tenant: Tenant) -> None:
    tenant.schedule("WatchdogRun", State="DISABLED")
    tenant.events.delete_rule(Name="CheckRule", EventBusName=BUS)
    with (
        logged() as log,
        pytest.raises(NotAllThere, match=r"^WatchdogRun is switched off, CheckRule is gone$"),
    ):
        roll_call.handler({}, CONTEXT)
    assert log.lines("what", "reason", "level") == [
        {"message": "not there", "what": "WatchdogRun", "reason": "is switched off", "level": "ERROR"},
        {"message": "not there", "what": "CheckRule", "reason": "is gone", "level": "ERROR"},
    ]


def test_when_it_was_due_is_in_the_log(tenant: Tenant) -> None:
    now = shanghai(11, 3)
    tenant.ran("watchdog", now - timedelta(minutes=2))
    with logged() as log, time_machine.travel(now, tick=False), pytest.raises(NotAllThere):
        call_roll(Attendance(EXPECTED, GROUP, tenant.client), now)
    assert log.lines("what", "due") == [
        {"message": "not there", "what": "RiskScanRun", "due": "2026-11-10T18:00:00+00:00"}
    ]
