"""Every line that every function logged, the sandbox's included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from infra.local.stack import Stack

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

_PAGE: Final = 10_000


def every_line(stack: Stack, since: int = 0) -> Iterator[str]:
    """Group by group, oldest first; ``since``: milliseconds since 1970."""
    client = stack.session.client("logs")
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            yield from _lines(client, group["logGroupName"], since)


def _lines(client: CloudWatchLogsClient, group: str, since: int) -> Iterator[str]:
    """MiniStack ends an answer at 10,000 lines and gives no token to go on with, so a page begins at the last one's
    last millisecond, whose lines were held back.
    """
    while True:
        events = client.filter_log_events(logGroupName=group, startTime=since, limit=_PAGE)["events"]
        last = events[-1]["timestamp"] if len(events) == _PAGE else None
        yield from (event["message"] for event in events if event["timestamp"] != last)
        if last is None:
            return
        since = last
