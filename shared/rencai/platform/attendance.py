"""Whether what has to run by itself is there, switched on, and did run: schedules, rules, and the table's stream.

What is switched off makes no error, sends nothing anywhere and leaves no trace among the metrics, so it has to be asked
for by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from botocore.exceptions import ClientError

from rencai.kernel.due import last_due

_GRACE: Final = timedelta(minutes=30)
"""After it was due a run may still be handed over, or be under way: Lambda counts it when it is over."""
_LOOKS_BACK: Final = timedelta(days=14)
"""CloudWatch keeps counts by the minute for 15 days; what was due before has been asked for since it was."""
_PERIOD_SECONDS: Final = 60
_ON: Final = frozenset({"Enabled", "Enabling", "Creating", "Updating"})

Why = Literal["is gone", "is switched off", "did not run", "has an expression that cannot be read"]


@dataclass(frozen=True, slots=True)
class Missing:
    """``what`` by the name the template has for it."""

    what: str
    why: Why
    due: datetime | None = None
    """When it should have run, where it did not."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be there. ``schedules``: by name the function that each calls."""

    schedules: Mapping[str, str]
    rules: tuple[str, ...]
    streams: Mapping[str, str]
    """By name the id of the mapping that hands the stream over."""
    bus: str

    @classmethod
    def said(cls, schedules: str, rules: str, streams: str, bus: str) -> "Expected":
        """As a function is told it: ``<name>=<function>`` and ``<name>=<id>``, with spaces between, and names."""
        return cls(_pairs(schedules), tuple(rules.split()), _pairs(streams), bus)


class Attendance:
    """``client`` gives the client of a service by its name."""

    def __init__(self, expected: Expected, group: str, client: Callable[[str], Any]) -> None:
        self._expected = expected
        self._group = group
        self._client = client

    def missing(self, now: datetime) -> list[Missing]:
        """What is not there, or did not run though it was due. Raises ``ClientError`` when AWS will not say."""
        found = [self._schedule(name, function, now) for name, function in self._expected.schedules.items()]
        found += [self._rule(name) for name in self._expected.rules]
        found += [self._stream(name, mapping) for name, mapping in self._expected.streams.items()]
        return [one for one in found if one]

    def _schedule(self, name: str, function: str, now: datetime) -> Missing | None:
        said = _found(lambda: self._client("scheduler").get_schedule(Name=name, GroupName=self._group))
        if said is None:
            return Missing(name, "is gone")
        if said["State"] != "ENABLED":
            return Missing(name, "is switched off")
        # Changed since, it was due at other times before.
        since = max(said["LastModificationDate"], now - _LOOKS_BACK)
        try:
            zone = ZoneInfo(said.get("ScheduleExpressionTimezone") or "UTC")
            due = last_due(said["ScheduleExpression"], zone, since, now - _GRACE)
        except ValueError:
            return Missing(name, "has an expression that cannot be read")
        if due is None or self._succeeded(function, due, now):
            return None
        return Missing(name, "did not run", due)

    def _succeeded(self, function: str, since: datetime, until: datetime) -> bool:
        """Whether a run of a function that began since came to its end. Any will do, also one that a person began."""
        counted = {"Invocations": 0.0, "Errors": 0.0}
        asked: dict[str, Any] = {
            "MetricDataQueries": [_count(metric, function) for metric in counted],
            "StartTime": since.astimezone(UTC).replace(second=0, microsecond=0),
            "EndTime": until,
        }
        while True:
            answer = self._client("cloudwatch").get_metric_data(**asked)
            for series in answer["MetricDataResults"]:
                metric = series["Id"].capitalize()
                counted[metric] += sum(series["Values"])
            if not answer.get("NextToken"):
                return counted["Invocations"] > counted["Errors"]
            asked["NextToken"] = answer["NextToken"]

    def _rule(self, name: str) -> Missing | None:
        said = _found(
            lambda: self._client("events").describe_rule(Name=name, EventBusName=self._expected.bus)
        )
        if said is None:
            return Missing(name, "is gone")
        return None if said["State"].startswith("ENABLED") else Missing(name, "is switched off")

    def _stream(self, name: str, mapping: str) -> Missing | None:
        said = _found(lambda: self._client("lambda").get_event_source_mapping(UUID=mapping))
        if said is None:
            return Missing(name, "is gone")
        return None if said["State"] in _ON else Missing(name, "is switched off")


def _pairs(said: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in said.split())
    return {name: value for name, _, value in pairs}


def _found(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise


def _count(metric: str, function: str) -> dict[str, Any]:
    return {
        "Id": metric.lower(),
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Lambda",
                "MetricName": metric,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
            },
            "Period": _PERIOD_SECONDS,
            "Stat": "Sum",
        },
    }
