"""What was under way at that moment goes on: its events are told again.

A message that lay on a queue then is gone with the old queues, and so is what the relay had not read yet. Both are on
record as events: on the timeline, and on the item that told them. Telling one twice does no harm (docs/operations.md,
relay), so all of the last hours are told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from infra.admin.restore.table import in_parallel, scan
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.platform.bus import Bus
from rencai.store.table import from_events, from_instant

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TIMELINE: Final = "EVENT#"
_TOLD_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Riding:
    """Events that are on the item which told them, and perhaps on no timeline."""

    key: Mapping[str, Any]
    text: str
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Resumed:
    """``told``: events of timelines that were published. ``touched``: items whose events their own relay tells."""

    told: int
    touched: int


def resume(
    client: DynamoDBClient, table: str, bus: Bus, since: datetime, at: datetime, now: datetime
) -> Resumed:
    """Tell again what happened from ``since`` to ``at``, oldest first."""
    parts = in_parallel(lambda segment: _found(client, table, segment, since, at))
    told = sorted((one for timeline, _ in parts for one in timeline), key=lambda one: (one[1].at, one[1].id))
    for first in range(0, len(told), _TOLD_AT_ONCE):
        bus.publish(told[first : first + _TOLD_AT_ONCE])
    published = {event.id for _, event in told}
    left = [one for _, riding in parts for one in riding if not one.ids <= published]
    touched = sum(_touch(client, table, one, now) for one in left)
    return Resumed(len(told), touched)


def _found(
    client: DynamoDBClient, table: str, segment: int, since: datetime, at: datetime
) -> tuple[list[tuple[Subject, Event]], list[Riding]]:
    timeline, riding = [], []
    for item in scan(client, table, segment, "pk", "sk", "events", "type", "data", "actor"):
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if sk.startswith(_TIMELINE):
            moment, _, event_id = sk.removeprefix(_TIMELINE).partition("#")
            if since <= from_instant(moment) <= at:
                timeline.append((_subject(pk), _event(event_id, from_instant(moment), item)))
        elif "events" in item:
            events = from_events(item["events"]["S"])
            if events and since <= events[0].at <= at:
                ids = frozenset(event.id for event in events)
                riding.append(Riding({"pk": item["pk"], "sk": item["sk"]}, item["events"]["S"], ids))
    return timeline, riding


def _subject(pk: str) -> Subject:
    """Whose timeline a partition is: ``CANDIDATE#cand_01ABC``."""
    kind, _, subject_id = pk.partition("#")
    return Subject(kind=SubjectKind(kind.lower()), id=subject_id)


def _event(event_id: str, at: datetime, item: Mapping[str, Any]) -> Event:
    return Event(
        event_id, EventName(item["type"]["S"]), at, json.loads(item["data"]["S"]), item["actor"]["S"]
    )


def _touch(client: DynamoDBClient, table: str, one: Riding, now: datetime) -> bool:
    """A write that makes another record in the stream; False when the item has been written since."""
    try:
        client.update_item(
            TableName=table,
            Key=dict(one.key),
            UpdateExpression="SET relayed_again = :now",
            ConditionExpression="events = :events",
            ExpressionAttributeValues={":now": {"S": now.isoformat()}, ":events": {"S": one.text}},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
