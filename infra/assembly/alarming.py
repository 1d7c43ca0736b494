"""Alarms of a whole room: what every queue, function or rule is watched for.

The root says it once, under ``RoomAlarms:``, by the last word of the alarm's name::

    Backlog:
      Of: AWS::SQS::Queue
      Says: A message waits longer than it should
      Expression: MAX(METRICS())
      Properties: {Namespace: AWS/SQS, MetricName: ApproximateAgeOfOldestMessage, ...}

and each room gets ``HiringBacklogAlarm`` over all it has of that type, one metric each: CloudWatch takes ten in an
expression, so a larger room gets ``HiringBacklog2Alarm`` besides. What has an alarm of its own on the same metric is
left out. A room may give other values, ``RoomAlarms: {Backlog: {Threshold: 21600}}``. A room with one metric needs no
expression, and gets an alarm without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infra.assembly.faults import AssemblyError, Fault
from infra.assembly.joining import FUNCTION, QUEUE, RULE, Joined
from infra.assembly.reading import place_of

ALARM: Final = "AWS::CloudWatch::Alarm"
MOST_METRICS: Final = 10
"""What CloudWatch takes in an alarm's expression."""
_SHARED: Final = "tenant"
"""The room of what stands in template.yaml itself."""
_OF_A_METRIC: Final = ("Namespace", "MetricName", "Statistic", "Period")
_SAID: Final = {"Of", "Says", "Expression", "Condition", "Properties"}


def rooms_watched(joined: Joined) -> dict[str, dict[str, Any]]:
    """The alarms of every room, by logical id. Raises AssemblyError for a ``RoomAlarms`` that says too little."""
    for kind, about in joined.room_alarms.items():
        if about.keys() != _SAID or about.get("Of") not in (QUEUE, FUNCTION, RULE):
            text = f"{kind} says {', '.join(sorted(_SAID))}, and is Of one of {QUEUE}, {FUNCTION}, {RULE}"
            raise AssemblyError(Fault(place_of(kind), text))
    for room, changed in joined.rooms_alarms.items():
        for kind in changed:
            if kind not in joined.room_alarms:
                known = ", ".join(joined.room_alarms)
                raise AssemblyError(
                    Fault(place_of(kind), f"there are no alarms {kind} in {room}: there are {known}")
                )
    made = {}
    for kind, about in joined.room_alarms.items():
        watched = _unwatched(joined, about["Of"], about["Properties"])
        for room in sorted({room for room, _ in watched}):
            names = [name for its, name in watched if its == room]
            own = joined.rooms_alarms.get(room, {}).get(kind, {})
            for start in range(0, len(names), MOST_METRICS):
                part = names[start : start + MOST_METRICS]
                name = f"{room.capitalize()}{kind}{start // MOST_METRICS + 1 if start else ''}Alarm"
                made[name] = _alarm(joined, room, about, own, part)
    return made


def _unwatched(joined: Joined, kind: str, properties: dict[str, Any]) -> list[tuple[str, str]]:
    """Room and logical id of every resource of the type that has no alarm of its own on the metric."""
    metric = (properties["Namespace"], properties["MetricName"])
    watched = [
        dimensions
        for _, about in joined.of_type(ALARM)
        for namespace, name, dimensions in _metrics(about)
        if (namespace, name) == metric
    ]
    return [
        (_room(name), name)
        for name, about in joined.of_type(kind)
        if _dimensions(kind, name, about) not in watched
    ]


def _metrics(alarm: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Namespace, name and dimensions of what an alarm looks at."""
    if "Metrics" not in alarm:
        yield alarm.get("Namespace", ""), alarm.get("MetricName", ""), alarm.get("Dimensions", [])
    for one in alarm.get("Metrics", []):
        if metric := one.get("MetricStat", {}).get("Metric"):
            yield metric["Namespace"], metric["MetricName"], metric.get("Dimensions", [])


def _room(name: str) -> str:
    folder, _, rest = place_of(name).file.partition("/")
    return rest.partition("/")[0] if folder == "functions" else _SHARED


def _dimensions(kind: str, name: str, about: dict[str, Any]) -> list[dict[str, Any]]:
    """As the service says them: a metric of other dimensions is another metric, and there is none."""
    if kind == QUEUE:
        return [{"Name": "QueueName", "Value": {"Fn::GetAtt": f"{name}.QueueName"}}]
    if kind == FUNCTION:
        return [{"Name": "FunctionName", "Value": {"Ref": name}}]
    # Not !Ref: of a rule on a bus of one's own that is `<bus>|<rule>`.
    return [
        {"Name": "EventBusName", "Value": about["EventBusName"]},
        {"Name": "RuleName", "Value": about["Name"]},
    ]


def _alarm(
    joined: Joined, room: str, about: dict[str, Any], own: dict[str, Any], names: list[str]
) -> dict[str, Any]:
    defaults = joined.defaults.get(ALARM, {}).get("Properties", {})
    properties = {**defaults, **about["Properties"], **own}
    properties["AlarmDescription"] = (
        f"{about['Says']} ({room}): {', '.join(names)}; see docs/operations.md, alarms"
    )
    metrics = [_dimensions(about["Of"], name, joined.resources[name]["Properties"]) for name in names]
    if len(metrics) == 1:
        return {"Type": ALARM, "Properties": properties | {"Dimensions": metrics[0]}}
    of_each = {word: properties.pop(word) for word in _OF_A_METRIC}
    properties["Metrics"] = [
        {"Id": "all", "Expression": about["Expression"], "Label": about["Says"], "ReturnData": True},
        *(_query(name, dimensions, of_each) for name, dimensions in zip(names, metrics, strict=True)),
    ]
    return {"Type": ALARM, "Condition": about["Condition"], "Properties": properties}


def _query(name: str, dimensions: list[dict[str, Any]], of_each: dict[str, Any]) -> dict[str, Any]:
    metric = {
        "Namespace": of_each["Namespace"],
        "MetricName": of_each["MetricName"],
        "Dimensions": dimensions,
    }
    return {
        "Id": name[0].lower() + name[1:],
        "Label": name,
        "MetricStat": {"Metric": metric, "Period": of_each["Period"], "Stat": of_each["Statistic"]},
        "ReturnData": False,
    }
