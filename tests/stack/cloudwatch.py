"""CloudWatch as far as the tenant's alarms ask for it: what the services publish, and what an alarm makes of it.

The embedded AWS publishes next to nothing and passes over dimensions and missing data when it looks at an alarm, so the
alarms are made to ring here. What is published comes with the dimensions that the services' manuals say (``EMITTED``)
and no others: an alarm on another name or dimension sees nothing, as it would on AWS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

EMITTED: Final[Mapping[tuple[str, str], tuple[frozenset[str], ...]]] = {
    # Lambda, "Types of metrics" and "Viewing metrics": by function, by its version or alias, and of all functions.
    **{
        ("AWS/Lambda", metric): (
            frozenset(),
            frozenset({"FunctionName"}),
            frozenset({"FunctionName", "Resource"}),
        )
        for metric in ("Invocations", "Errors", "Throttles", "IteratorAge")
    },
    # SQS, "Available CloudWatch metrics": "the only dimension that SQS sends is QueueName".
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): (frozenset({"QueueName"}),),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): (frozenset({"QueueName"}),),
    # EventBridge, "Monitoring": RuleName alone is the default bus; of a custom bus both are said.
    ("AWS/Events", "InvocationsFailedToBeSentToDlq"): (frozenset({"EventBusName", "RuleName"}),),
    # Scheduler, "Monitoring with CloudWatch".
    ("AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount"): (
        frozenset(),
        frozenset({"ScheduleGroup"}),
    ),
    # API Gateway, "Dimensions and metrics" of REST APIs; by method only where detailed metrics are on.
    ("AWS/ApiGateway", "5XXError"): (frozenset({"ApiName"}), frozenset({"ApiName", "Stage"})),
    # DynamoDB, "Metrics and dimensions".
    ("AWS/DynamoDB", "ReadThrottleEvents"): (
        frozenset({"TableName"}),
        frozenset({"TableName", "GlobalSecondaryIndexName"}),
    ),
    ("AWS/DynamoDB", "WriteThrottleEvents"): (
        frozenset({"TableName"}),
        frozenset({"TableName", "GlobalSecondaryIndexName"}),
    ),
    ("AWS/DynamoDB", "SystemErrors"): (frozenset({"TableName", "Operation"}),),
    # SNS, "Monitoring topics using CloudWatch": the others are of text messages and mobile applications.
    ("AWS/SNS", "NumberOfNotificationsFailed"): (frozenset({"TopicName"}),),
    # SES, "Creating reputation monitoring alarms": of the account, without dimensions.
    ("AWS/SES", "Reputation.BounceRate"): (frozenset(), frozenset({"ses:configuration-set"})),
    ("AWS/SES", "Reputation.ComplaintRate"): (frozenset(), frozenset({"ses:configuration-set"})),
}
"""Namespace and metric: the sets of dimensions under which it can be asked for."""

Dimensions = frozenset[tuple[str, str]]
_COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_STATISTICS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
}
_EXPRESSIONS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "SUM(METRICS())": sum,
    "MAX(METRICS())": max,
}


@dataclass
class CloudWatch:
    """What was published, by the minute. ``under`` was published before, and is left as it is."""

    under: CloudWatch | None = None
    published: dict[tuple[str, str, Dimensions], dict[int, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def publish(self, namespace: str, metric: str, minute: int, value: float, **of: str) -> None:
        """One value of a metric, under each set of dimensions that the service sends and ``of`` has.

        ``:`` and ``-`` of a dimension's name are written ``_`` here.
        """
        for names in EMITTED[namespace, metric]:
            if names <= of.keys():
                key = (namespace, metric, frozenset((name, of[name]) for name in names))
                self.published[key][minute].append(value)

    def values(self, key: tuple[str, str, Dimensions], since: int, until: int) -> list[float]:
        """Of the minutes after ``since`` up to ``until``."""
        series = self.published.get(key)
        before = self.under.values(key, since, until) if self.under else []
        if series is None:
            return before
        return before + [value for minute in range(since + 1, until + 1) for value in series.get(minute, ())]


@dataclass(frozen=True)
class Alarm:
    """An alarm of the template, with the dimensions' values as CloudFormation would fill them in."""

    name: str
    properties: Mapping[str, Any]
    resolve: Callable[[Any], str]

    @property
    def metrics(self) -> list[tuple[tuple[str, str, Dimensions], str, int]]:
        """Namespace, name and dimensions; statistic; period in seconds."""
        said = self.properties
        if "Metrics" not in said:
            return [(self._key(said), said["Statistic"], said["Period"])]
        return [
            (self._key(stat["Metric"]), stat["Stat"], stat["Period"])
            for one in said["Metrics"]
            if (stat := one.get("MetricStat"))
        ]

    def _key(self, said: Mapping[str, Any]) -> tuple[str, str, Dimensions]:
        dimensions = frozenset(
            (one["Name"], self.resolve(one["Value"])) for one in said.get("Dimensions", [])
        )
        return said["Namespace"], said["MetricName"], dimensions

    def state(self, seen: CloudWatch, minute: int, *, looks_back: int = 0, before: str = "OK") -> str:
        """ALARM, OK or INSUFFICIENT_DATA at a minute.

        CloudWatch asks for more periods than it evaluates, and takes the newest that have data where there are enough;
        how many more it does not say, so both none and some have to come to the same (``looks_back``).
        """
        said = self.properties
        evaluated = said.get("EvaluationPeriods", 1)
        points = [self._point(seen, minute, back) for back in range(evaluated + looks_back)]
        real = [point for point in points if point is not None][:evaluated]
        treated = said["TreatMissingData"]
        if not real and treated in ("ignore", "missing"):
            return before if treated == "ignore" else "INSUFFICIENT_DATA"
        compared = _COMPARED[said["ComparisonOperator"]]
        breaching = sum(compared(point, said["Threshold"]) for point in real)
        if treated == "breaching":
            breaching += evaluated - len(real)
        return "ALARM" if breaching >= said.get("DatapointsToAlarm", evaluated) else "OK"

    def _point(self, seen: CloudWatch, minute: int, back: int) -> float | None:
        found = []
        for key, statistic, period in self.metrics:
            minutes = period // 60
            until = minute - back * minutes
            if values := seen.values(key, until - minutes, until):
                found.append(_STATISTICS[statistic](values))
        if not found:
            return None
        expression = next(
            (one["Expression"] for one in self.properties.get("Metrics", []) if "Expression" in one), ""
        )
        return _EXPRESSIONS[expression](found) if expression else found[0]


def ringing(
    alarms: Iterable[Alarm], seen: CloudWatch, minutes: Iterable[int], *, looks_back: int = 0
) -> dict[str, int]:
    """Which alarms ring at any of these minutes, and when first."""
    rang: dict[str, int] = {}
    states: dict[str, str] = {}
    for minute in minutes:
        for alarm in alarms:
            state = alarm.state(seen, minute, looks_back=looks_back, before=states.get(alarm.name, "OK"))
            states[alarm.name] = state
            if state == "ALARM":
                rang.setdefault(alarm.name, minute)
    return rang
