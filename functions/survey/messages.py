"""The messages of the letters' queue: a shard of employees, and a part of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ShardToAsk:
    """A shard that is to be cut into parts. ``closes_on`` is the last day on which ``month``'s survey is answered."""

    month: str
    closes_on: date
    shard: int


@dataclass(frozen=True, slots=True)
class PartToAsk:
    """The ``number``-th part of a shard, from 0: employees who are to be written to."""

    month: str
    closes_on: date
    shard: int
    number: int
    employee_ids: Sequence[str]


def to_message(told: ShardToAsk | PartToAsk) -> dict[str, Any]:
    """What is to travel, as JSON values."""
    message = {"month": told.month, "closes_on": told.closes_on.isoformat(), "shard": told.shard}
    if isinstance(told, PartToAsk):
        message |= {"number": told.number, "employee_ids": list(told.employee_ids)}
    return message


def from_body(body: str) -> ShardToAsk | PartToAsk:
    """The message that ``to_message`` made, as it arrives."""
    message = json.loads(body)
    month, closes_on, shard = message["month"], date.fromisoformat(message["closes_on"]), message["shard"]
    if "number" not in message:
        return ShardToAsk(month, closes_on, shard)
    return PartToAsk(month, closes_on, shard, message["number"], message["employee_ids"])
