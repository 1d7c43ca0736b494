"""What somebody switches off by hand, and what the roll call says of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.outsider import Outsider


def roll_call(outsider: Outsider) -> str:
    """Has the roll called; the error that the run ends with, which names what is missing, or "" when all is there."""
    answer = outsider.stack.session.client("lambda").invoke(
        FunctionName=outsider.resource("RollCall"), Payload=b"{}"
    )
    said = json.loads(answer["Payload"].read())
    return str(said["errorMessage"]) if "FunctionError" in answer else ""


@contextmanager
def schedule_off(outsider: Outsider, name: str) -> Iterator[None]:
    """A schedule of the tenant is switched off meanwhile."""
    scheduler = outsider.stack.session.client("scheduler")
    found = scheduler.get_schedule(Name=name, GroupName=outsider.stack.bus)
    taken = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    said: dict[str, Any] = {word: found[word] for word in taken}
    scheduler.update_schedule(**said, State="DISABLED")
    try:
        yield
    finally:
        scheduler.update_schedule(**said, State="ENABLED")


@contextmanager
def rule_off(outsider: Outsider, name: str) -> Iterator[None]:
    """A rule on the tenant's bus is switched off meanwhile."""
    events = outsider.stack.session.client("events")
    events.disable_rule(Name=name, EventBusName=outsider.stack.bus)
    try:
        yield
    finally:
        events.enable_rule(Name=name, EventBusName=outsider.stack.bus)
